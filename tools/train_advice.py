"""Train the advice model and write src/threadwise/advice/weights.npz.

    python tools/train_advice.py            # reads ../shared and tests/labels, writes the weights, prints the figures

Data: ../shared/eval/advice-sentences/train.jsonl.gz, sentences of replies on two advice forums (Govindarajan et al.,
EMNLP 2020), and tests/labels/advice-demo-fit.jsonl, sentences of the demo forum labelled for this project. No text of
the first goes into the weights: they hold words and n-grams of up to three tokens seen in at least three sentences,
each with a number. The dev part and tests/labels/advice-demo.jsonl are only measured on. Needs scikit-learn; running
does not.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from threadwise.advice.mood import features, natural
from threadwise.advice.words import stems

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
LABELS = ROOT / "tests" / "labels"
TARGET = ROOT / "src" / "threadwise" / "advice" / "weights.npz"

LEAST_SEEN = 3
DEMO_WEIGHT = 4.0  # one sentence of the demo forum counts as four of the others: 284 beside 14,849
RARE_STEMS = 5000
C = 0.1


def main() -> None:
    """Train, measure, write."""
    train, dev = (_read(SHARED / "eval" / "advice-sentences" / f"{part}.jsonl.gz") for part in ("train", "dev"))
    fit, test = (_read(LABELS / f"advice-demo{part}.jsonl") for part in ("-fit", ""))
    rows = [features(row["text"]) for row in train]
    seen = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer(dtype=np.float64)
    known = vectorizer.fit_transform(
        [{name: value for name, value in row.items() if seen[name] >= LEAST_SEEN} for row in rows]
    )
    matrices = [known, *(vectorizer.transform([features(row["text"]) for row in part]) for part in (dev, fit, test))]
    labels = [np.array([row["advice"] for row in part]) for part in (train, dev, fit, test)]
    held = cross_val_predict(
        LogisticRegression(C=C, max_iter=2000),
        known,
        labels[0],
        groups=[row["submission"] for row in train],
        cv=GroupKFold(5),
        method="predict_proba",
    )[:, 1]
    threshold = max(np.arange(0.2, 0.5, 0.01), key=lambda at: _f1(held, labels[0], at))
    model = _fit(vstack([known, matrices[2]]), np.r_[labels[0], labels[2]], len(train))
    print(f"threshold {threshold:.2f} by cross-validation on train, F1 there {_f1(held, labels[0], threshold):.3f}")
    for name, matrix, truth in zip(("dev", "demo"), (matrices[1], matrices[3]), (labels[1], labels[3]), strict=True):
        print(f"{name}: F1 {_f1(model.predict_proba(matrix)[:, 1], truth, threshold):.3f}")
    names, weights = _pruned(vectorizer.get_feature_names_out(), model.coef_[0])
    stems_, rarities = _rarities()
    np.savez_compressed(
        TARGET,
        names=_packed(names, "\n"),
        coefficients=weights.astype(np.float16),
        offset=np.array([model.intercept_[0], threshold]),
        stems=_packed(stems_, " "),
        weights=np.array(rarities, dtype=np.float16),
    )
    print(f"{len(names)} features and {len(stems_)} stems in {TARGET.stat().st_size / 1e6:.2f} MB")


def _fit(matrix: csr_matrix, labels: NDArray[np.int64], others: int) -> LogisticRegression:
    weight = np.where(np.arange(len(labels)) < others, 1.0, DEMO_WEIGHT)
    return LogisticRegression(C=C, max_iter=2000).fit(matrix, labels, sample_weight=weight)


def _f1(chances: NDArray[np.float64], labels: NDArray[np.int64], threshold: float) -> float:
    said = chances >= threshold
    return float(2 * (said & (labels == 1)).sum() / (said.sum() + labels.sum()))


def _pruned(names: NDArray[np.str_], weights: NDArray[np.float64]) -> tuple[list[str], NDArray[np.float64]]:
    """Without what hardly counts."""
    kept = np.abs(weights) >= 0.02
    return names[kept].tolist(), weights[kept]


def _rarities() -> tuple[list[str], list[float]]:
    """How rare the commonest stems are, over posts of the development corpora."""
    found: Counter[str] = Counter()
    texts = set(_posts())
    for text in texts:
        found.update(set(stems(text)))
    common = sorted(
        (pair for pair in found.items() if pair[0].isascii() and len(pair[0]) < 16),
        key=lambda pair: (-pair[1], pair[0]),
    )
    return [name for name, _ in common[:RARE_STEMS]], [math.log(len(texts) / count) for _, count in common[:RARE_STEMS]]


def _posts() -> Iterator[str]:
    for row in _read(SHARED / "eval" / "advice-sentences" / "train.jsonl.gz"):
        yield natural(row["text"])
    for path in sorted([*SHARED.glob("corpora/*.gz"), *SHARED.glob("eval/*/threads.jsonl.gz")]):
        for thread in _read(path):
            yield from (post["text"][:600] for post in thread["posts"] if len(post["text"] or "") >= 40)


def _read(path: Path) -> list[dict]:  # type: ignore[type-arg]
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _packed(names: list[str], separator: str) -> NDArray[np.uint8]:
    return np.frombuffer(separator.join(names).encode(), dtype=np.uint8)


if __name__ == "__main__":
    main()
