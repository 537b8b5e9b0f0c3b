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
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from threadwise.advice.mood import features, natural
from threadwise.advice.sentences import IN_A_REPLY, measure, shipped
from threadwise.advice.words import stems
from threadwise.corpus.formats.markdown import parse as read_thread

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
LABELS = ROOT / "tests" / "labels"
TARGET = ROOT / "src" / "threadwise" / "advice" / "weights.npz"

LEAST_SEEN = 3
DEMO_WEIGHT = 8.0  # one sentence of the demo forum counts as eight of the others: 1,780 beside 14,849
RARE_STEMS = 5000
C = 0.05
C_OF_RATIOS = 0.1
LARGEST_RATIO = 3.0


def main() -> None:
    """Train, measure, write."""
    train = _read(SHARED / "eval" / "advice-sentences" / "train.jsonl.gz")
    fit = _read(LABELS / "advice-demo-fit.jsonl")
    rows = [features(row["text"]) for row in train]
    seen = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer(dtype=np.float64)
    known = vectorizer.fit_transform(
        [{name: value for name, value in row.items() if seen[name] >= LEAST_SEEN} for row in rows]
    )
    demo = vectorizer.transform([features(row["text"]) for row in fit])
    labels = [np.array([row["advice"] for row in part]) for part in (train, fit)]
    everything = vstack([known, demo]).tocsr()
    truth = np.r_[labels[0], labels[1]]
    groups = [row["submission"] for row in train] + [row["thread_id"] for row in fit]
    held = np.zeros(len(truth))
    for learned, left in GroupKFold(5).split(truth, groups=groups):
        held[left] = _chances(_fit(everything[learned], truth[learned], learned >= len(train)), everything[left])
    threshold = _best(held[: len(train)], labels[0])
    print(f"any sentence: threshold {threshold:.2f} by cross-validation on train")
    replies = _best(np.where([_asks(row["text"]) for row in fit], 0.0, held[len(train) :]), labels[1])
    print(f"a replier's sentence that asks nothing: threshold {replies:.2f} by cross-validation on advice-demo-fit")
    model = _fit(everything, truth, np.arange(len(truth)) >= len(train))
    names, weights = _pruned(vectorizer.get_feature_names_out(), model[:-1])
    stems_, rarities = _rarities()
    np.savez_compressed(
        TARGET,
        names=_packed(names, "\n"),
        coefficients=weights.astype(np.float16),
        offset=np.array([model[-1], threshold]),
        stems=_packed(stems_, " "),
        weights=np.array(rarities, dtype=np.float16),
    )
    print(f"{len(names)} features and {len(stems_)} stems in {TARGET.stat().st_size / 1e6:.2f} MB")
    _measure()


def _fit(matrix: csr_matrix, labels: NDArray[np.int64], demo: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights and, last, the offset: the mean of two logistic regressions, one over features weighed by how much
    commoner they are in advice (Wang and Manning, ACL 2012), as both are linear.
    """
    weight = np.where(demo, DEMO_WEIGHT, 1.0)
    counts = [np.asarray(matrix[labels == value].sum(axis=0)).ravel() + 1 for value in (1, 0)]
    ratios = np.log(counts[0] / counts[0].sum()) - np.log(counts[1] / counts[1].sum())
    ratios = np.clip(ratios, -LARGEST_RATIO, LARGEST_RATIO)
    plain = LogisticRegression(C=C, max_iter=2000).fit(matrix, labels, sample_weight=weight)
    weighed = LogisticRegression(C=C_OF_RATIOS, max_iter=2000).fit(matrix @ diags(ratios), labels, sample_weight=weight)
    offset = (plain.intercept_[0] + weighed.intercept_[0]) / 2
    return np.r_[(plain.coef_[0] + weighed.coef_[0] * ratios) / 2, offset]


def _measure() -> None:
    """Print how good the written model is."""
    shipped.cache_clear()
    model = shipped()
    dev = _read(SHARED / "eval" / "advice-sentences" / "dev.jsonl.gz")
    demo = _read(LABELS / "advice-demo.jsonl")
    for name, rows in (("dev", dev), ("demo", demo)):
        print(f"{name}: F1 {measure((row['text'], bool(row['advice'])) for row in rows).f1:.3f}")
    chances = np.array([model.chance(row["text"]) for row in demo])
    composed = np.where(_left_out(demo), 0.0, chances)
    score = _f1(composed, np.array([row["advice"] for row in demo]), IN_A_REPLY)
    print(f"demo as answers are composed, threshold {IN_A_REPLY}: F1 {score:.3f}")


def _chances(model: NDArray[np.float64], matrix: csr_matrix) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(matrix @ model[:-1] + model[-1]))))


def _best(chances: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    return float(max(np.arange(0.2, 0.6, 0.01), key=lambda at: _f1(chances, labels, at)))


def _asks(text: str) -> bool:
    return text.rstrip("\"'”’)»*_ ").endswith("?")


def _left_out(rows: list[dict]) -> NDArray[np.bool_]:  # type: ignore[type-arg]
    """Which sentences of the demo forum no answer takes: the asker's, and questions."""
    threads = {path.stem: path for path in (ROOT / "corpus" / "demo").glob("*/*.md")}
    posts = {
        (name, post.id): post
        for name in {row["thread_id"] for row in rows}
        for post in read_thread(threads[name].read_text(encoding="utf-8")).posts
    }
    return np.array([_asks(row["text"]) or posts[row["thread_id"], row["post_id"]].is_asker for row in rows])


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
