"""Do answers cite what deserves it? Precision and recall of their citations on 100 labelled questions.

    python -m bench.answers [--kept] [--errors] [HOME]

HOME is a folder that holds the demo forum already; without it one is made, which takes half a minute.

`tests/labels/citations.jsonl` names for each question over the demo forum the posts that an answer must cite, and those
that it may (docs/decisions/0015-which-posts-deserve-to-be-cited.md). A post that reports what came of one of these
deserves it too. Precision: of the posts that its points cite, how many deserve it; the side that a disagreement shows
against a point is none of its points. Recall: of the posts that it must cite, how many it does. The half called kept
was not looked at while answers were worked on.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.domain import Answer
from threadwise.importing import ImportOptions, run_import

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the posts that its answer must cite, and all that deserve to be cited."""

    question: str
    half: str
    must: frozenset[str]
    deserve: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
    """Which posts an answer cited for a case, and from how many threads its points come."""

    case: Case
    cited: frozenset[str]
    first: str

    @property
    def wrong(self) -> frozenset[str]:
        """Cited without deserving it."""
        return self.cited - self.case.deserve

    @property
    def missed(self) -> frozenset[str]:
        """Not cited although an answer is wanting without it."""
        return self.case.must - self.cited


def cases() -> list[Case]:
    """The labelled questions, with the labelled reports of what came of the posts that deserve to be cited."""
    told: dict[str, set[str]] = {}
    for path in sorted(LABELS.glob("outcomes-*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            thread = row["thread_id"]
            told.setdefault(f"{thread}/{row['about_post']}", set()).add(f"{thread}/{row['post_id']}")
    found = []
    for row in map(json.loads, (LABELS / "citations.jsonl").read_text(encoding="utf-8").splitlines()):
        good = {*row["must"], *row["good"]}
        reports = {report for post in good for report in told.get(post, ())}
        found.append(Case(row["question"], row["half"], frozenset(row["must"]), frozenset(good | reports)))
    return found


def main() -> None:
    half = "kept" if "--kept" in sys.argv else "development"
    homes = [one for one in sys.argv[1:] if not one.startswith("--")]
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(home=Path(*homes or [folder]))) as assistant:
        if not homes:
            run_import(assistant, [ROOT / "corpus" / "demo"], ImportOptions())
        results = [_result(case, assistant.ask(case.question)) for case in cases() if case.half == half]
    _show(half, results)
    if "--errors" in sys.argv:
        for result in results:
            if result.wrong or result.missed:
                print(f"\n{result.case.question}\n  wrong  {sorted(result.wrong)}\n  missed {sorted(result.missed)}")


def _result(case: Case, answer: Answer) -> Result:
    names = {citation.n: f"{citation.thread_id}/{citation.post_id}" for citation in answer.citations}
    numbers = [n for point in answer.points for n in (*point.citations, *(one.n for one in point.outcomes))]
    return Result(case, frozenset(names[n] for n in numbers), names[numbers[0]] if numbers else "")


def _show(half: str, results: Sequence[Result]) -> None:
    right_thread = [one for one in results if one.first.rpartition("/")[0] in {_thread(p) for p in one.case.deserve}]
    print(f"{half}: {len(results)} questions, {sum(not one.cited for one in results)} without an answer")
    for name, some in (("all", results), ("whose first point comes from a right thread", right_thread)):
        wrong = sum(len(one.wrong) for one in some)
        cited = sum(len(one.cited) for one in some)
        missed = sum(len(one.missed) for one in some)
        must = sum(len(one.case.must) for one in some)
        precision, recall = 1 - wrong / max(1, cited), 1 - missed / max(1, must)
        print(f"  {name} ({len(some)}): precision {precision:.3f}, recall {recall:.3f}")
    first = sum(one.first in one.case.deserve for one in results)
    print(f"  first citation deserves it: {first / max(1, len(results)):.3f}")


def _thread(post: str) -> str:
    return post.rpartition("/")[0]


if __name__ == "__main__":
    main()
