"""Train the model that judges whether a thread answers a question, and write its weights.

    python tools/train_answerability.py

What it learns from: `tools/answerability/`, threads of many fields written for it, four of a kind together, each with
questions that it answers in other words (`q`) and near misses (`n`); every question is also put to the three threads
beside its own and to three of other fields, and every title, whole and told again, to its own thread. And the judged
questions of a real forum and of FAQ pages (`../shared/eval`: semeval-b-train2, every second question of stackfaq).
Measured on what it did not see: other fields, semeval-b-dev, the other half of stackfaq. No question about the demo
corpus is learnt from; the lines between answered and unanswered are drawn on those (`python -m bench.silence --lines`).
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from threadwise.advice.answerability.reading import Reading, read
from threadwise.config import load_settings
from threadwise.domain import Part, Post, Thread, with_roles
from threadwise.index.encoder import Encoder, load_encoder
from threadwise.index.passages import context, cut
from threadwise.retrieval.retriever import Nearness

ROOT = Path(__file__).resolve().parents[1]
EVAL = ROOT.parent / "shared" / "eval"
TARGET = ROOT / "src" / "threadwise" / "advice" / "answerability" / "weights.json"

WEIGHT = {
    "answered": 1.0,
    "near": 1.0,
    "title": 0.3,
    "own words": 0.3,
    "beside": 0.34,
    "elsewhere": 0.34,
    "judged": 0.3,
}
"""What an example counts: there are three threads beside each, and three elsewhere."""

MONOTONE = {"title": 1, "asked": 1, "reply": 1, "replies": 1, "lacks": -1}
"""Nearer in meaning never counts less; a rarer word that is lacking never counts more."""

LONGEST_ASKED, LONGEST_REPLY, MOST_REPLIES = 70, 60, 3
"""Words, words and posts of a real thread that are read."""

BEFORE = ("", "", "", "how do i stop", "what to do about", "help with", "why", "my")
AFTER = ("", "", "", "what helps", "any advice", "what can i do", "how do i fix it", "what now")
"""What is put before and after a title told again."""

TREES = 100


@dataclass
class Item:
    """A thread of `tools/answerability/` and the questions about it."""

    title: str
    reply: str = ""
    questions: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)

    @property
    def thread(self) -> Thread:
        """As the product sees it."""
        return _thread(self.title, [self.title, self.reply])


@dataclass(frozen=True)
class Example:
    """A question, a thread, whether it answers, what kind of example it is, and what must stay together."""

    question: str
    thread: Thread
    answers: bool
    kind: str
    group: str


def main() -> None:
    """Train, measure, write."""
    encoder = load_encoder(load_settings())
    written, judged = list(_written()), list(_judged())
    examples = [*written, *(one for one in judged if _learnt(one))]
    kept = [one for one in judged if not _learnt(one)]
    rows, kept_rows = _rows(examples, encoder), _rows(kept, encoder)
    _measure_written(examples, rows)
    model = _fitted(examples, rows)
    for name in ("semeval-b-dev", "stackfaq"):
        at = [i for i, one in enumerate(kept) if one.group.startswith(name)]
        score = model.decision_function(kept_rows[at])
        print(f"{name:16} {len(at):5} pairs  AUC {roc_auc_score([kept[i].answers for i in at], score):.3f}")
    _write(model)


def _written() -> Iterator[Example]:
    rng = random.Random(1)
    groups = [
        (name, items)
        for path in sorted((ROOT / "tools" / "answerability").glob("*.txt"))
        for name, items in _items(path)
    ]
    every = [(name, question) for name, items in groups for item in items for question in item.questions]
    for name, items in groups:
        for item in items:
            thread = item.thread
            yield from (Example(question, thread, True, "answered", name) for question in item.questions)
            yield from (Example(question, thread, False, "near", name) for question in item.near)
            yield Example(item.title, thread, True, "title", name)
            yield from (Example(_retold(item.title, rng), thread, True, "own words", name) for _ in range(2))
            beside = [question for other in items if other is not item for question in other.questions]
            yield from (Example(question, thread, False, "beside", name) for question in beside)
            elsewhere = [question for other, question in rng.sample(every, 3) if other != name]
            yield from (Example(question, thread, False, "elsewhere", name) for question in elsewhere)


def _retold(title: str, rng: random.Random) -> str:
    """A title as somebody types it who uses the same words: some are left out, and it is asked what helps."""
    words = [word for word in title.lower().split() if rng.random() < 0.7] or title.lower().split()
    return " ".join([*rng.choice(BEFORE).split(), *words, *rng.choice(AFTER).split()])


def _items(path: Path) -> Iterator[tuple[str, list[Item]]]:
    items: list[Item] = []
    name = ""
    for line in path.read_text("utf-8").splitlines():
        mark, _, text = line.partition(" ")
        if mark == "==":
            if items:
                yield name, items
            name, items = text, []
        elif mark == "T":
            items.append(Item(text))
        elif mark == "R":
            items[-1].reply = text
        else:
            {"q": items[-1].questions, "n": items[-1].near}[mark].append(text)
    yield name, items


def _judged() -> Iterator[Example]:
    for name in ("semeval-b-train2", "semeval-b-dev"):
        threads, queries, relevant = _set(name)
        with (EVAL / name / "pool.tsv").open(encoding="utf-8", newline="") as stream:
            for row in list(csv.reader(stream, delimiter="\t"))[1:]:
                query, thread_id = row[0], row[1]
                answers = thread_id in relevant.get(query, set())
                yield Example(queries[query], threads[thread_id], answers, "judged", f"{name}/{query}")
    threads, queries, relevant = _set("stackfaq")
    of_post = {post.id: thread.id for thread in threads.values() for post in thread.posts}
    for query in sorted(queries)[:: max(1, len(queries) // 220)]:
        good = {of_post.get(one, one) for one in relevant.get(query, set())}
        shared = sorted(threads, key=lambda one: (-_alike(queries[query], threads[one].title), one))
        wrong = [one for one in shared if one not in good][:1]
        for thread_id in [*sorted(good)[:1], *wrong]:
            yield Example(queries[query], threads[thread_id], thread_id in good, "judged", f"stackfaq/{query}")


def _set(name: str) -> tuple[dict[str, Thread], dict[str, str], dict[str, set[str]]]:
    with gzip.open(EVAL / name / "threads.jsonl.gz", "rt", encoding="utf-8") as stream:
        found = [json.loads(line) for line in stream]
    lines = (EVAL / name / "queries.jsonl").read_text("utf-8").splitlines()
    queries = {}
    for one in map(json.loads, lines):
        text = _words(one["text"], LONGEST_REPLY)
        queries[one["_id"]] = f"{one['title']} {text}" if one.get("title") else text
    relevant: dict[str, set[str]] = {}
    for row in (EVAL / name / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, thing, grade = row.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(thing)
    return {one["id"]: _short(one) for one in found}, queries, relevant


def _short(data: dict[str, Any]) -> Thread:
    first, *others = data["posts"]
    replies = [post for post in others if not post.get("is_op") and post["text"].strip()][:MOST_REPLIES]
    posts = [Post(first["id"], _words(first["text"], LONGEST_ASKED), "asker")]
    posts += [Post(post["id"], _words(post["text"], LONGEST_REPLY), f"replier{n}") for n, post in enumerate(replies)]
    return Thread(data["id"], data["title"] or "", with_roles(tuple(posts)))


def _thread(title: str, texts: Sequence[str]) -> Thread:
    posts = tuple(Post(str(n), text, "asker" if n == 0 else f"replier{n}") for n, text in enumerate(texts))
    return Thread(sha256(title.encode()).hexdigest()[:12], title, with_roles(posts))


def _words(text: str, most: int) -> str:
    return " ".join(text.split()[:most]) or "?"


def _alike(one: str, other: str) -> float:
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first & second) / max(1, len(second)) ** 0.5


def _learnt(example: Example) -> bool:
    if example.group.startswith("stackfaq"):
        return sha256(example.group.encode()).digest()[0] % 2 == 0
    return not example.group.startswith("semeval-b-dev")


def _rows(examples: Sequence[Example], encoder: Encoder) -> NDArray[np.float64]:
    """One reading an example; shape (n_examples, n_numbers)."""
    threads = {id(one.thread): one.thread for one in examples}
    passages = {key: cut(thread) for key, thread in threads.items()}
    texts = {one.question for one in examples} | {thread.heading for thread in threads.values()}
    texts |= {context(threads[key], passage) for key, cuts in passages.items() for passage in cuts}
    ordered = sorted(texts)
    vectors = dict(zip(ordered, encoder.encode(ordered), strict=True))
    rows = []
    for one in examples:
        asked = vectors[one.question]
        near: dict[Part, list[float]] = {Part.QUESTION: [0.0], Part.REPLY: [0.0]}
        for passage in passages[id(one.thread)]:
            near[passage.part].append(float(vectors[context(one.thread, passage)] @ asked))
        best = sorted(near[Part.REPLY][1:], reverse=True)[:3] or [0.0]
        title = float(vectors[one.thread.heading] @ asked)
        found = Nearness(one.thread.id, title, max(near[Part.QUESTION]), best[0], sum(best) / len(best))
        rows.append(read(one.question, one.thread, found).values)
    return np.asarray(rows)


def _fitted(examples: Sequence[Example], rows: NDArray[np.float64]) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=0.06,
        max_depth=3,
        min_samples_leaf=25,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
        monotonic_cst=[MONOTONE.get(one.name, 0) for one in fields(Reading)],
    )
    weights = [WEIGHT[one.kind] for one in examples]
    return model.fit(rows, [one.answers for one in examples], sample_weight=weights)


def _measure_written(examples: Sequence[Example], rows: NDArray[np.float64]) -> None:
    """By cross-validation over fields: five parts, each judged by a model that saw none of its fields."""
    fold = np.array([sha256(one.group.encode()).digest()[1] % 5 for one in examples])
    score = np.zeros(len(examples))
    for part in range(5):
        model = _fitted([one for one, at in zip(examples, fold, strict=True) if at != part], rows[fold != part])
        score[fold == part] = model.decision_function(rows[fold == part])
    kinds = np.array([one.kind for one in examples])
    pairs = [("answered", kind) for kind in ("near", "beside", "elsewhere")]
    for good, bad in [*pairs, ("title", "near"), ("own words", "near")]:
        at = (kinds == good) | (kinds == bad)
        print(f"{good} against {bad:10} {at.sum():5} pairs  AUC {roc_auc_score(kinds[at] == good, score[at]):.3f}")


def _write(model: HistGradientBoostingClassifier) -> None:
    trees = []
    for (predictor,) in model._predictors:  # the trees have no public form
        trees.append([_node(node) for node in predictor.nodes])
    old = json.loads(TARGET.read_text("utf-8")) if TARGET.exists() else {}
    data = {
        "numbers": [one.name for one in fields(Reading)],
        "bias": float(np.ravel(model._baseline_prediction)[0]),
        **{name: old.get(name, 0.0) for name in ("silent", "sure", "usual")},
        "trees": trees,
    }
    TARGET.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")
    print(f"wrote {TARGET.stat().st_size} bytes; draw the lines anew: python -m bench.silence --lines")


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [-1, 0, 0, 0, round(float(node["value"]), 5)]
    most = round(float(node["num_threshold"]), 5)
    return [int(node["feature_idx"]), most, int(node["left"]), int(node["right"]), 0]


if __name__ == "__main__":
    sys.exit(main())
