"""Train the model that judges whether a thread answers a question, and write its weights.

    python tools/train_answerability.py            # figures by cross-validation, then the weights; some six minutes
    python tools/train_answerability.py --measure  # the figures alone

What it learns from, in `tools/answerability/`, is all written for it:
- `told-again.jsonl`: what threads of real forums (`../shared`, named by corpus and id) ask, in other words, three ways.
  Each question is put to its forum as it is, and once more as if its thread were not there: the same question with an
  answer and without one, so that its style says nothing.
- `siblings-*.txt` and `contrasts.jsonl`: invented threads of many fields, four of a kind side by side, each with
  questions that it answers and near misses; a near miss of `contrasts.jsonl` is its question with one detail changed.
- The invented threads' titles, whole and told again in their own words: who asks so is to be answered.

Retrieval measures them all, as it does when somebody asks. Folds of the cross-validation share no thread. No question
about the demo corpus or about beer and coffee is learnt from; the lines between answered, partial and unanswered are
drawn on the demo corpus's (`python -m bench.silence --lines`).
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from threadwise.advice.answerability.reading import Reading, read
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.importing import ImportOptions, run_import
from threadwise.retrieval.query import Query

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
WRITTEN = ROOT / "tools" / "answerability"
TARGET = ROOT / "src" / "threadwise" / "advice" / "answerability" / "weights.json"

WEIGHT = {"told again": 0.4, "answered": 1.0, "near": 1.0, "without": 0.3, "title": 0.3, "own words": 0.3}
"""What an example counts. More weight for real forums gains there and loses on near misses
(docs/decisions/0014-answerability.md)."""

NEARER = "title asked reply replies own_asked own_replies own_middle lead above".split()

MONOTONE = {**dict.fromkeys(NEARER, 1), "lacks": -1}
"""Nearer in meaning never counts less; a rarer word that is lacking never counts more."""

BEFORE = ("", "", "", "how do i stop", "what to do about", "help with", "why", "my")
AFTER = ("", "", "", "what helps", "any advice", "what can i do", "how do i fix it", "what now")
"""What is put before and after a title told again in its own words."""

NUMBERS = [one.name for one in fields(Reading)]

TREES = 150
FOLDS = 5


@dataclass(frozen=True)
class Asked:
    """A question put to a corpus: the thread it is about, whether that answers it, and whether the thread is there."""

    question: str
    thread: str
    answers: bool
    kind: str
    group: str
    hidden: bool = False


@dataclass(frozen=True)
class Example:
    """What retrieval found for a question, and whether it answers; examples of one group stay together."""

    values: tuple[float, ...]
    answers: bool
    kind: str
    group: str


def main() -> None:
    """Measure, train, write."""
    _make_readable()
    examples = [*_told_again(), *_invented()]
    rows = np.asarray([one.values for one in examples])
    _measure(examples, rows)
    if "--measure" not in sys.argv:
        _write(_fitted(examples, rows))


def _told_again() -> Iterator[Example]:
    lines = [json.loads(line) for line in (WRITTEN / "told-again.jsonl").read_text("utf-8").splitlines()]
    for corpus, rows in groupby(lines, key=lambda line: str(line["corpus"])):
        asked = [
            Asked(question, row["thread"], not hidden, "told again", f"{corpus}/{row['thread']}", hidden)
            for row in rows
            for question in row["questions"]
            for hidden in (False, True)
        ]
        yield from _examples(SHARED / f"{corpus}.jsonl.gz", asked)


def _invented() -> Iterator[Example]:
    rng = random.Random(1)
    threads: list[dict[str, Any]] = []
    asked: list[Asked] = []
    for field, title, opening, reply, good, near in [*_siblings(), *_contrasts()]:
        name = f"t{len(threads)}"
        said = (("q", f"asker {name}", opening), ("r", f"replier {name}", reply))
        posts = [{"id": one, "author": author, "text": text} for one, author, text in said]
        threads.append({"id": name, "title": title, "posts": posts})
        asked += [Asked(question, name, True, "answered", field) for question in good]
        asked += [Asked(question, name, False, "without", field, hidden=True) for question in good]
        asked += [Asked(question, name, False, "near", field) for question in near]
        asked += [Asked(title, name, True, "title", field)]
        asked += [Asked(_retold(title, rng), name, True, "own words", field) for _ in range(2)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "threads.jsonl"
        path.write_text("\n".join(map(json.dumps, threads)), "utf-8")
        yield from _examples(path, asked)


def _siblings() -> Iterator[tuple[str, str, str, str, list[str], list[str]]]:
    """Field, title, opening, reply, questions that are answered, and near misses."""
    for path in sorted(WRITTEN.glob("siblings-*.txt")):
        field, title, reply, good, near = "", "", "", list[str](), list[str]()
        for line in [*path.read_text("utf-8").splitlines(), "T "]:
            mark, _, text = line.partition(" ")
            if mark in ("T", "==") and title:
                yield field, title, title, reply, good, near
                title, good, near = "", [], []
            if mark == "==":
                field = text
            elif mark == "T":
                title = text
            elif mark == "R":
                reply = text
            else:
                (good if mark == "q" else near).append(text)


def _contrasts() -> Iterator[tuple[str, str, str, str, list[str], list[str]]]:
    """The same as `_siblings` has."""
    for line in (WRITTEN / "contrasts.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        good, near = ([pair[side] for pair in row["pairs"]] for side in ("answered", "near"))
        yield row["field"], row["title"], row["opening"], row["reply"], good, near


def _retold(title: str, rng: random.Random) -> str:
    """A title as somebody types it who uses the same words: some are left out, and it is asked what helps."""
    words = [word for word in title.lower().split() if rng.random() < 0.7] or title.lower().split()
    return " ".join([*rng.choice(BEFORE).split(), *words, *rng.choice(AFTER).split()])


def _examples(path: Path, asked: Sequence[Asked]) -> Iterator[Example]:
    """What retrieval finds for each; a question that should be answered and finds another thread teaches nothing."""
    with _corpus(path) as assistant:
        for one in asked:
            evidence = assistant.retriever.search(Query(one.question), without=one.thread if one.hidden else "")
            near = evidence.nearness
            if near is None or near.thread_id not in evidence.known or (one.answers and near.thread_id != one.thread):
                continue
            values = read(one.question, evidence.known[near.thread_id], near).values
            yield Example(values, one.answers, one.kind, one.group)


@contextmanager
def _corpus(path: Path) -> Iterator[Assistant]:
    with tempfile.TemporaryDirectory() as home, Assistant.open(Settings(home=Path(home))) as assistant:
        run_import(assistant, [path], ImportOptions())
        yield assistant


def _fitted(examples: Sequence[Example], rows: NDArray[np.float64]) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=0.05,
        max_depth=3,
        min_samples_leaf=30,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
        monotonic_cst=[MONOTONE.get(name, 0) for name in NUMBERS],
    )
    weights = [WEIGHT[one.kind] for one in examples]
    return model.fit(rows, [one.answers for one in examples], sample_weight=weights)


def _measure(examples: Sequence[Example], rows: NDArray[np.float64]) -> None:
    """By cross-validation: each part is judged by a model that saw none of its threads and fields."""
    fold = np.array([sha256(one.group.encode()).digest()[1] % FOLDS for one in examples])
    score = np.zeros(len(examples))
    for part in range(FOLDS):
        model = _fitted([one for one, at in zip(examples, fold, strict=True) if at != part], rows[fold != part])
        score[fold == part] = model.decision_function(rows[fold == part])
    kinds = np.array([one.kind for one in examples])
    good = np.array([one.answers for one in examples])
    pairs = [("told again", "told again"), *((one, "near") for one in ("answered", "title", "own words"))]
    for one, other in [*pairs, ("answered", "without")]:
        at = ((kinds == one) & good) | ((kinds == other) & ~good)
        print(f"{one:10} against {other:10} {at.sum():5} examples  AUC {roc_auc_score(good[at], score[at]):.3f}")


def _make_readable() -> None:
    """Where a reading has got other numbers, put a model in place that judges nothing: an import loads it."""
    if json.loads(TARGET.read_text("utf-8"))["numbers"] != NUMBERS:
        _save(0.0, [])


def _write(model: HistGradientBoostingClassifier) -> None:
    trees = []
    for (predictor,) in model._predictors:  # the trees have no public form
        trees.append([_node(node) for node in predictor.nodes])
    _save(float(np.ravel(model._baseline_prediction)[0]), trees)
    print(f"wrote {TARGET.stat().st_size} bytes; draw the lines anew: python -m bench.silence --lines")


def _save(bias: float, trees: list[list[list[float]]]) -> None:
    old = json.loads(TARGET.read_text("utf-8"))
    lines = {name: old[name] for name in ("silent", "sure", "usual")}
    data = {"numbers": NUMBERS, "bias": bias, **lines, "trees": trees}
    TARGET.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [-1, 0, 0, 0, round(float(node["value"]), 5)]
    most = round(float(node["num_threshold"]), 5)
    return [int(node["feature_idx"]), most, int(node["left"]), int(node["right"]), 0]


if __name__ == "__main__":
    sys.exit(main())
