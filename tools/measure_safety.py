"""Measure what rules and ears together say to questions that none of them was made from.

    python tools/measure_safety.py [--shared ../shared] [--show]

First the kept files (hints-unseen.jsonl, hints-kept.jsonl, emergencies-kept.jsonl): how many crises and emergencies get
their notice, and how many ordinary questions get one by mistake. Then, where there is a folder of real forums, the
titles, first posts and questions there: their subject is seldom a danger, so that every notice but a caution is taken
for a false alarm. With --show the questions themselves; whoever mends after reading them has used the file up.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from threadwise.advice.hints import hinted_topics
from threadwise.advice.safety import Governor
from threadwise.config import load_settings
from threadwise.index.encoder import load_encoder

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"
KEPT = {
    "hints-unseen": "",
    "hints-kept": "crisis",
    "emergencies-kept": "urgent",
    "safety-second": "",
    "safety-third": "",
    "safety-fourth": "",
    "safety-fifth": "",
}
"""Files written to measure, and what a danger in them is where a line does not say it itself."""

FIRST_POSTS = 500
"""First posts read of each forum: they are long, and whoever asks seldom pastes one."""

NOTICES = ("crisis", "urgent", "caution", "none")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder with eval/ and corpora/")
    parser.add_argument("--show", action="store_true", help="print what was missed and what was heard by mistake")
    asked = parser.parse_args()
    for name, kind in KEPT.items():
        rows = [json.loads(line) for line in (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        _kept(name, rows, kind, show=asked.show)
    for name, titles in [("demo corpus", list(_demo())), *_shared(asked.shared)]:
        alone, both = _heard(titles)
        print(f"{name} ({len(titles)}): rules alone {_counts(alone)}; with the ears {_counts(both)}")
        if asked.show:
            print(*(f"    {b} {t}" for t, b in zip(titles, both, strict=True) if b in NOTICES[:2]), sep="\n")


def _kept(name: str, rows: Sequence[dict[str, str]], danger: str, *, show: bool) -> None:
    labels = [row.get("kind") or (danger if row["danger"] else "none") for row in rows]
    labels = [f"plain {label}" if row.get("plain") else label for label, row in zip(labels, rows, strict=True)]
    alone, both = _heard([row["question"] for row in rows])
    print(f"{name}:")
    for label in dict.fromkeys(labels):
        chosen = [number for number, one in enumerate(labels) if one == label]
        found = [_counts([heard[number] for number in chosen]) for heard in (alone, both)]
        print(f"  {label} ({len(chosen)}): rules alone {found[0]}; with the ears {found[1]}")
        if show:
            wrong = [number for number in chosen if (both[number] in NOTICES[:2]) == (label == "none")]
            print(*(f"    {both[number]} {rows[number]['question']}" for number in wrong), sep="\n")


def _heard(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The most serious notice that each text gets from the rules alone, and with the ears."""
    governor = Governor.load(load_settings())
    vectors = load_encoder(load_settings()).encode(list(texts))
    alone, both = [], []
    for text, vector in zip(texts, vectors, strict=True):
        found = governor.consider(text)
        with_ears = governor.hinted(found, hinted_topics(text, vector))
        for heard, one in ((alone, found), (both, with_ears)):
            heard.append(one.notices[0].kind.value if one.notices else "none")
    return alone, both


def _counts(heard: Sequence[str]) -> str:
    counts = Counter(heard)
    return ", ".join(f"{counts[kind]} {kind}" for kind in NOTICES if counts[kind])


def _demo() -> Iterator[str]:
    for path in sorted((ROOT / "corpus" / "demo").rglob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("title: "):
                yield line.removeprefix("title: ")


def _shared(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Titles of threads, first posts and judged questions, none of them twice."""
    seen: set[str] = set()
    for path in sorted([*folder.glob("corpora/*.jsonl.gz"), *folder.glob("eval/*/threads.jsonl.gz")]):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            threads = [json.loads(line) for line in lines]
        where = path.parent.name if path.parent.name != "corpora" else path.name
        yield f"{where}, titles", _new([thread.get("title") or "" for thread in threads], seen)
        yield f"{where}, first posts", _new([thread["posts"][0]["text"] for thread in threads[:FIRST_POSTS]], seen)
        questions = path.with_name("queries.jsonl")
        if questions.is_file():
            rows = map(json.loads, questions.read_text(encoding="utf-8").splitlines())
            yield f"{where}, questions", _new([row["text"] for row in rows], seen)


def _new(texts: Sequence[str], seen: set[str]) -> list[str]:
    new = [text for text in dict.fromkeys(" ".join(text.split()) for text in texts) if text and text not in seen]
    seen.update(new)
    return new


if __name__ == "__main__":
    main()
