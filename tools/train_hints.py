"""Train the ears for what is only hinted at, crises and emergencies, and write their weights.

    python tools/train_hints.py

Learns from tools/hints (questions behind which somebody may be in danger, ordinary ones in the same words, and what
people type to a program that they try: "hello", "I have a question"), the labelled safety questions and the labelled
questions about the demo corpus; all written for it. Prints how many of each are heard when each is left out of the
training (ten parts, every tenth line), and of those in hints-kept.jsonl and emergencies-kept.jsonl, which were written
last and are never learnt from. Crises marked as plain are left out: they are for the rules, and would teach an ear
their words. Needs scikit-learn; the package does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from threadwise.advice.hints import CRISIS, EMERGENCY
from threadwise.config import load_settings
from threadwise.index.encoder import load_encoder

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"
WEIGHTS = ROOT / "src" / "threadwise" / "advice" / "hints.npz"
REGULARISATION = 8.0
ALARMS = {CRISIS: 0.01, EMERGENCY: 0.015}
"""Part of ordinary questions that each ear may hear; with the rules they stay below 3 %."""

SMALL_TALK = 0.1
"""What a line of small talk weighs beside the others. At 1 none of 97 left out are heard, but of 255 in danger 137
instead of 156; at .1 it is 9 and 154, without small talk 22 and 156."""

PARTS = 10


def main() -> None:
    labelled = list(_rows("safety-questions.jsonl"))
    crises = [row["question"] for row in labelled if row["kind"] == "crisis" and not row.get("plain")]
    urgent = [row["question"] for row in labelled if row["kind"] == "urgent"]
    calm = [row["question"] for row in labelled if row["kind"] not in ("crisis", "urgent")]
    forum = list(_forum())
    ears = {
        CRISIS: _train(
            CRISIS,
            [*_lines("danger"), *crises],
            _lines("safe"),
            [*urgent, *calm, *forum],
            "hints-kept.jsonl",
            _lines("small-talk"),
        ),
        EMERGENCY: _train(
            EMERGENCY,
            [*_lines("emergency"), *urgent],
            [*_lines("calm"), *_lines("safe")],
            [*calm, *forum],
            "emergencies-kept.jsonl",
        ),
    }
    np.savez(WEIGHTS, **{name: weights.astype(np.float32) for name, weights in ears.items()})
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes")


def _train(
    name: str, danger: list[str], near: list[str], ordinary: list[str], kept: str, small_talk: list[str] | None = None
) -> NDArray[np.float64]:
    """Weights and, last, the bias of one ear; prints what it hears of what it did not learn from."""
    print(f"{name}:")
    small_talk = small_talk or []
    texts = [*danger, *near, *small_talk, *ordinary]
    encoder = load_encoder(load_settings())
    vectors = np.asarray(encoder.encode(texts), dtype=np.float64)
    groups = np.repeat(np.arange(4), [len(danger), len(near), len(small_talk), len(ordinary)])
    truth, weight = groups == 0, np.where(groups == 2, SMALL_TALK, 1.0)
    weight *= (
        np.where(truth, 1 / truth.sum(), 1 / np.isin(groups, (1, 3)).sum()) * len(texts) / 2
    )  # both sides weigh alike
    scores = np.zeros(len(texts))
    for part in range(PARTS):
        out = np.arange(len(texts)) % PARTS == part
        weights, bias = _fit(vectors[~out], truth[~out], weight[~out])
        scores[out] = vectors[out] @ weights + bias
    line = float(np.quantile(scores[groups == 3], 1 - ALARMS[name]))
    for group, what in enumerate(("danger", "ordinary in the same words", "small talk", "ordinary")):
        print(f"  {what}: {(scores[groups == group] > line).sum()} of {(groups == group).sum()} heard")
    weights, bias = _fit(vectors, truth, weight)
    rows = list(_rows(kept))
    heard = np.asarray(encoder.encode([row["question"] for row in rows])) @ weights + bias > line
    truth = np.array([bool(row["danger"]) for row in rows])
    print(f"  kept, danger: {heard[truth].sum()} of {truth.sum()} heard")
    print(f"  kept, ordinary: {heard[~truth].sum()} of {(~truth).sum()} heard")
    return np.append(weights, bias - line)


def _fit(
    vectors: NDArray[np.float64], truth: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    model = LogisticRegression(C=REGULARISATION, max_iter=5000).fit(vectors, truth, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def _lines(name: str) -> list[str]:
    return (ROOT / "tools" / "hints" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def _rows(name: str) -> Iterable[dict[str, str]]:
    return map(json.loads, (LABELS / name).read_text(encoding="utf-8").splitlines())


def _forum() -> Iterable[str]:
    for path in sorted(LABELS.glob("questions-*.jsonl")):
        yield from (row["question"] for row in _rows(path.name))
    yield from (row["question"] for row in _rows("beer-coffee-questions.jsonl"))


if __name__ == "__main__":
    main()
