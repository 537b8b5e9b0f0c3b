"""Is what answers quote what readers wanted quoted? 470 questions over five forums, judged sentence by sentence.

    python -m bench.quoting

`tests/labels/quotable.jsonl` names for each question, asked of a thread in other words, the sentences of its replies
that a reader would want quoted first (`best`) and those that may be quoted as well (`good`), as spans; posts that are
not among `judged` were not read. Where an answer quotes from that thread: does its first point hold a best sentence,
are two fifths of it quotable at all, is any best sentence shown, and how many of its points are quotable. Forums other
than the demo stand in `../shared`; each is indexed anew, which takes some minutes in all.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.domain import Answer, Citation
from threadwise.importing import ImportOptions, run_import

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels" / "quotable.jsonl"
SHARED = ROOT.parent / "shared"

ENOUGH = 0.4
"""Part of a point that is quotable, from which the point is."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A point from the judged thread: whether it holds a best sentence, and whether it is quotable."""

    best: bool
    good: bool


def main() -> None:
    cases: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines()):
        cases[row["corpus"]].append(row)
    print(
        f"{'':38} {'asked':>5} {'silent':>6} {'quoted':>6} {'first best':>10} {'good':>5} {'best shown':>10}"
        f" {'good points':>11}"
    )
    for corpus, rows in cases.items():
        if not _path(corpus).exists():
            print(f"{corpus:38} is not beside this checkout")
            continue
        with _forum(corpus) as assistant:
            _show(corpus, [(assistant.ask(row["question"]), row) for row in rows])


def _show(corpus: str, answers: list[tuple[Answer, dict[str, Any]]]) -> None:
    points = [found for answer, row in answers if (found := list(_quoted(answer, row)))]
    count = Counter[str]()
    for found in points:
        count["first best"] += found[0].best
        count["first good"] += found[0].good
        count["shown"] += any(one.best for one in found)
        count["points"] += len(found)
        count["good points"] += sum(one.good for one in found)
    number = len(points) or 1
    silent = sum(not answer.points for answer, _ in answers)
    print(
        f"{corpus:38} {len(answers):5} {silent:6} {len(points):6} {count['first best'] / number:10.3f}"
        f" {count['first good'] / number:5.3f} {count['shown'] / number:10.3f}"
        f" {count['good points'] / (count['points'] or 1):11.3f}"
    )


def _quoted(answer: Answer, row: dict[str, Any]) -> Iterator[Quoted]:
    """What the answer's points quote from the judged posts, in order."""
    numbers = {citation.n: citation for citation in answer.citations}
    for point in answer.points:
        citation = numbers[point.citations[0]]
        if citation.thread_id == row["thread"] and citation.post_id in row["judged"]:
            best = [_shared(citation, span) for span in row["best"]]
            good = [_shared(citation, span) for span in row["good"]]
            held = any(
                2 * shared >= end - start for shared, (_, start, end) in zip(best, row["best"], strict=True) if shared
            )
            yield Quoted(held, sum(best + good) >= ENOUGH * (citation.end - citation.start))


def _shared(citation: Citation, span: tuple[str, int, int]) -> int:
    post, start, end = span
    return max(0, min(end, citation.end) - max(start, citation.start)) if post == citation.post_id else 0


def _path(corpus: str) -> Path:
    return ROOT / "corpus" / "demo" if corpus == "demo" else SHARED / f"{corpus}.jsonl.gz"


@contextmanager
def _forum(corpus: str) -> Iterator[Assistant]:
    with tempfile.TemporaryDirectory() as home, Assistant.open(Settings(home=Path(home))) as assistant:
        run_import(assistant, [_path(corpus)], ImportOptions())
        yield assistant


if __name__ == "__main__":
    main()
