"""How well reports are found and linked, on the demo corpus.

    python bench/outcomes.py [--errors]

Two halves: `tuned` holds the fields that the rules were written on, `kept` the others. The model is trained without
the field that it is measured on (`tuned`), and on the tuned half alone (`kept`); the last two tables are
cross-validated over all ten fields, as the shipped weights are trained on all of them.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from train_outcomes import bare, fields, labels, threads, train

from threadwise.advice.outcomes import Report, reports
from threadwise.advice.reporting.model import Weights
from threadwise.domain import Post, Thread, with_roles

INTENTIONS = Path(__file__).resolve().parents[1] / "tests/labels/intentions.jsonl"
TALK = INTENTIONS.with_name("talk.jsonl")

TUNED = ["bikes", "budgeting", "houseplants", "puppies", "sleep"]
NAMES = ["intends", "helped", "no_change", "worse"]
Found = dict[str, dict[str, list[Report]]]


def main() -> None:
    kept = [field for field in fields() if field not in TUNED]
    tuned: Found = {}
    for field in TUNED:
        tuned |= _read([field], train([other for other in TUNED if other != field]))
    crossed: Found = {}
    pasted: Found = {}
    for field in fields():
        weights = train([other for other in fields() if other != field])
        crossed |= _read([field], weights)
        pasted[field] = {thread.id: reports(bare(thread), weights) for thread in threads(field)}
    _table("tuned half, each field by a model trained on the other four", tuned)
    _table("kept half, by a model trained on the tuned half", _read(kept, train(TUNED)))
    _table("all fields, each by a model trained on the other nine", crossed)
    _table("the same without dates and without what a post answers, as pasted threads are", pasted)
    _intentions()
    _timing()
    _talk()


def _intentions() -> None:
    """Sentences written for it, each as the last post of one thread: intentions, and results that look like them."""
    rows = [json.loads(line) for line in INTENTIONS.read_text(encoding="utf-8").splitlines()]
    print("\nintentions, and results that sound like them, by the shipped model")
    for who in ("ann", "kat"):
        for when, date in (("nobody knows when", None), ("a day later", "2024-03-02"), ("weeks later", "2024-03-24")):
            counts: Counter[str] = Counter()
            for row in rows:
                said = {str(one.label) for one in reports(_door(row["text"], who, date))} - {"intends"}
                if row["label"] == "intends":
                    counts["taken"] += bool(said)
                else:
                    counts["right"] += said == {row["label"]}
                    counts["wrong"] += bool(said - {row["label"]})
            meant = sum(row["label"] == "intends" for row in rows)
            print(
                f"{'the asker' if who == 'ann' else 'another':10} {when:18} intentions taken for results "
                f"{counts['taken']} of {meant}; results right {counts['right']}, wrong {counts['wrong']} "
                f"of {len(rows) - meant}"
            )


def _talk() -> None:
    """Threads written for it in which people answer, compare and chat: whatever is read as a result there is none."""
    rows = [json.loads(line) for line in TALK.read_text(encoding="utf-8").splitlines()]
    some = [Thread(row["id"], row["title"], with_roles(tuple(Post(**post) for post in row["posts"]))) for row in rows]
    for name, versions in (("as they are", some), ("without dates and replies", [bare(thread) for thread in some])):
        false = [(thread, one) for thread in versions for one in reports(thread) if one.label != "intends"]
        posts = sum(len(thread.posts) for thread in versions)
        print(f"talk in which nobody reports, {name}: {len(false)} results read in {posts} posts, by the shipped model")
        for thread, one in false if "--errors" in sys.argv else []:
            print("talk  ", thread.id, str(one.label), repr(one.quote))


def _door(text: str, who: str, date: str | None) -> Thread:
    said = [
        ("ann", "My door sticks in its frame since the wet winter. What can I do?"),
        ("tom", "Plane the upper edge, a millimetre at a time."),
        ("hilde", "Rub a candle along the edge, wax makes it slide."),
        (who, text),
    ]
    days = ["2024-03-01"] * 3 + [date] if date else [None] * 4
    posts = [
        Post(str(n), words, author, day) for n, ((author, words), day) in enumerate(zip(said, days, strict=True), 1)
    ]
    return Thread("door", "The door sticks", with_roles(tuple(posts)))


def _read(chosen: Iterable[str], weights: Weights) -> Found:
    return {field: {thread.id: reports(thread, weights) for thread in threads(field)} for field in chosen}


def _table(title: str, found: Found) -> None:
    said = {(t, r.post_id, str(r.label)) for by_id in found.values() for t, rs in by_id.items() for r in rs}
    linked = {
        (t, r.post_id, str(r.label), r.about_post) for by_id in found.values() for t, rs in by_id.items() for r in rs
    }
    true = [line for field in found for line in labels(field)]
    gold = {(line["thread_id"], line["post_id"], line["label"]) for line in true}
    gold_linked = {(line["thread_id"], line["post_id"], line["label"], line["about_post"]) for line in true}
    print(f"\n{title}")
    print(f"{'':10} {'n':>4} {'P':>6} {'R':>6} {'F1':>6}   {'with the advice: P':>18} {'R':>6} {'F1':>6}")
    sums = [0.0, 0.0]
    for name in NAMES:
        row = []
        for i, (some, all_) in enumerate(((said, gold), (linked, gold_linked))):
            p, r, f = _prf({k for k in some if k[2] == name}, {k for k in all_ if k[2] == name})
            row += [p, r, f]
            sums[i] += f / len(NAMES)
        n = sum(k[2] == name for k in gold)
        print(f"{name:10} {n:4} {row[0]:6.3f} {row[1]:6.3f} {row[2]:6.3f}   {row[3]:18.3f} {row[4]:6.3f} {row[5]:6.3f}")
    print(f"{'macro':10} {'':4} {'':6} {'':6} {sums[0]:6.3f}   {'':18} {'':6} {sums[1]:6.3f}")
    print(f"intentions taken for a result: {len(_mistaken(found))} of {sum(k[2] == 'intends' for k in gold)}")
    if "--errors" in sys.argv:
        _errors(found, said, gold, linked, gold_linked)


def _prf(said: set[tuple[str | None, ...]], gold: set[tuple[str | None, ...]]) -> tuple[float, float, float]:
    right = len(said & gold)
    p, r = right / max(1, len(said)), right / max(1, len(gold))
    return p, r, 2 * p * r / max(1e-9, p + r)


def _mistaken(found: Found) -> list[tuple[str, Report]]:
    """Results whose quote shares characters with a quote labelled as an intention."""
    wrong = []
    for field, by_id in found.items():
        meant = [line for line in labels(field) if line["label"] == "intends"]
        texts = {thread.id: thread for thread in threads(field)}
        for thread_id, some in by_id.items():
            for report in (one for one in some if one.label != "intends"):
                for line in meant:
                    if (line["thread_id"], line["post_id"]) == (thread_id, report.post_id):
                        post = texts[thread_id].post(report.post_id)
                        start = post.text.find(line["quote"] or "") if post else -1
                        if start < report.end and start + len(line["quote"] or "") > report.start:
                            wrong.append((thread_id, report))
    return wrong


def _errors(found: Found, said: set, gold: set, linked: set, gold_linked: set) -> None:  # type: ignore[type-arg]
    quotes = {(t, r.post_id, str(r.label)): r.quote for by_id in found.values() for t, rs in by_id.items() for r in rs}
    true = {(x["thread_id"], x["post_id"], x["label"]): x["quote"] for field in found for x in labels(field)}
    for key in sorted(gold - said):
        print("missed", key, repr(true[key]))
    for key in sorted(said - gold):
        print("false ", key, repr(quotes[key]))
    for key in sorted(linked - gold_linked, key=str):
        if key[:3] in gold:
            print(
                "linked",
                key,
                "instead of",
                sorted(str(g[3]) for g in gold_linked if g[:3] == key[:3]),
                repr(quotes[key[:3]]),
            )
    for thread_id, report in _mistaken(found):
        print("MISTAKEN", thread_id, report)


def _timing() -> None:
    every: Sequence = [thread for field in fields() for thread in threads(field)]
    started = time.perf_counter()
    for thread in every:
        reports(thread)
    print(f"\n{(time.perf_counter() - started) / len(every) * 1000:.2f} ms a thread ({len(every)} threads)")


if __name__ == "__main__":
    main()
