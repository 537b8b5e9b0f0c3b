"""Train the advice model and write src/threadwise/advice/weights.npz and network.npz.

    python tools/train_advice.py FOLDER     # reads ../shared, tests/labels and FOLDER, prints the figures

FOLDER holds what the tuned encoders of `tools/advice_teacher.py` judged; where it is empty that is done first, an hour
on a free core that is made for bfloat16. The rest takes five minutes.

Data: ../shared/eval/advice-sentences/train.jsonl.gz, sentences of replies on two advice forums (Govindarajan et al.,
EMNLP 2020); tests/labels/advice-demo-fit.jsonl, sentences of the demo forum labelled for this project, and
tests/labels/advice-written.jsonl, sentences written and labelled for it; for the network also sentences of replies in
../shared that nobody labelled, with the chances that the encoders give them. No text goes into the weights: the linear
model holds words and n-grams of up to three tokens seen in at least three sentences, the network common words, each
with numbers. The dev part and tests/labels/advice-demo.jsonl are only measured on. Needs scikit-learn and torch;
running needs neither.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import advice_network
import advice_teacher
import numpy as np
from advice_network import Lesson
from advice_teacher import LABELS, ROOT, SHARED, Rows, read
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.special import expit
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from threadwise.advice.mood import features, natural, tokens
from threadwise.advice.network import Network, shipped_network
from threadwise.advice.sentences import IN_A_REPLY, blended, measure, shipped
from threadwise.advice.words import stems
from threadwise.corpus.formats.markdown import parse as read_thread

ADVICE = ROOT / "src" / "threadwise" / "advice"
LINEAR, NETWORK = ADVICE / "weights.npz", ADVICE / "network.npz"

LEAST_SEEN = 3
OURS_COUNT = 4.0  # one sentence labelled for this project counts as four of the others: 3,100 beside 14,849
TAUGHT = 0.5  # how far the network learns a sentence of train as an encoder judges it, unseen, not as it is labelled
RARE_STEMS = 5000
C = 0.05
C_OF_RATIOS = 0.1
LARGEST_RATIO = 3.0


@dataclass(frozen=True, slots=True)
class Material:
    """Labelled sentences: those of train, of the demo forum, and written ones, in this order.

    `folds` says which encoder has seen none of a sentence's thread; -1 for written ones, which are always learned from.
    `own` are the logits that this encoder gives the sentences of train, NaN for the others.
    `matrix` has a row of features `names` for each, `sentences` their tokens. `others` are sentences without a label,
    `judged` the logits that each encoder gives them, shape (encoders, sentences), NaN where it gave none.
    """

    texts: list[str]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]
    own: NDArray[np.float64]
    in_train: NDArray[np.bool_]
    matrix: csr_matrix
    names: NDArray[np.str_]
    sentences: list[list[str]]
    others: list[list[str]]
    judged: NDArray[np.float32]


def main(folder: Path) -> None:
    """Train, measure, write."""
    if not (folder / "judged.jsonl.gz").exists():
        advice_teacher.main(folder)
    material = _material(folder)
    places = advice_network.commonest(material.sentences, material.others)
    threshold = _thresholds(material, places)
    every = np.ones(len(material.texts), dtype=bool)
    linear = _fit(material, every)
    advice_network.write(_teach(material, every, np.nanmean(material.judged, axis=0), places), NETWORK)
    names, weights = _pruned(material.names, linear[:-1])
    stems_, rarities = _rarities()
    np.savez_compressed(
        LINEAR,
        names=_packed(names, "\n"),
        coefficients=weights.astype(np.float16),
        offset=np.array([linear[-1], threshold]),
        stems=_packed(stems_, " "),
        weights=np.array(rarities, dtype=np.float16),
    )
    size = sum(path.stat().st_size for path in (LINEAR, NETWORK))
    print(f"{len(names)} features, {len(places)} words and {len(stems_)} stems in {size / 1e6:.2f} MB")
    _measure()


def _material(folder: Path) -> Material:
    parts = [
        read(SHARED / "eval" / "advice-sentences" / "train.jsonl.gz"),
        read(LABELS / "advice-demo-fit.jsonl"),
        read(LABELS / "advice-written.jsonl"),
    ]
    rows = [row for part in parts for row in part]
    unseen = {row["group"]: row["copy"] for row in read(folder / "labelled.jsonl.gz")}
    own = {(row["group"], row["text"]): row["logit"] for row in read(folder / "labelled.jsonl.gz")}
    groups = [advice_teacher.group_of(row) for row in rows]
    others = read(folder / "judged.jsonl.gz")
    counted = [features(row["text"]) for row in rows]
    in_train = np.arange(len(rows)) < len(parts[0])
    seen = Counter(name for row in counted[: len(parts[0])] for name in row)
    vectorizer = DictVectorizer(dtype=np.float64)
    matrix = vectorizer.fit_transform(
        [{name: value for name, value in row.items() if seen[name] >= LEAST_SEEN} for row in counted]
    )
    return Material(
        texts=[row["text"] for row in rows],
        labels=np.array([row["advice"] for row in rows]),
        folds=np.array([unseen.get(group, -1) for group in groups]),
        own=np.array(
            [
                own.get((group, natural(row["text"])), np.nan) if trained else np.nan
                for group, row, trained in zip(groups, rows, in_train, strict=True)
            ]
        ),
        in_train=in_train,
        matrix=matrix.tocsr(),
        names=vectorizer.get_feature_names_out(),
        sentences=[tokens(row["text"]) for row in rows],
        others=[tokens(row["text"]) for row in others],
        judged=np.array([[np.nan if one is None else one for one in row["logits"]] for row in others]).T,
    )


def _thresholds(material: Material, places: dict[str, int]) -> float:
    """The best threshold for any sentence by cross-validation on train; prints it and that for a replier's.

    What is left out of a fold was seen neither by the models nor by the encoder that judged the others for them; those
    that judged the sentences of train had seen it.
    """
    held = np.zeros(len(material.texts))
    for fold, judged in enumerate(material.judged):
        left, learned = material.folds == fold, material.folds != fold
        read_ = [material.sentences[at] for at in np.flatnonzero(left)]
        linear = _fit(material, learned)
        said = _teach(material, learned, judged, places).logits(read_)
        held[left] = expit(blended(material.matrix[left] @ linear[:-1] + linear[-1], said.astype(float)))
    train, fit = material.in_train, ~material.in_train & (material.folds >= 0)
    threshold, score = _best(held[train], material.labels[train])
    print(f"any sentence: threshold {threshold:.2f} by cross-validation on train, F1 {score:.3f}")
    asked = np.array([_asks(text) for text in material.texts])
    replies, score = _best(np.where(asked, 0.0, held)[fit], material.labels[fit])
    print(f"a replier's that asks nothing: {replies:.2f} by cross-validation on advice-demo-fit, F1 {score:.3f}")
    return threshold


def _teach(
    material: Material, learned: NDArray[np.bool_], judged: NDArray[np.float32], places: dict[str, int]
) -> Network:
    """A network taught by the labels of what is `learned` and by what was `judged` of the others."""
    known, other = np.flatnonzero(learned), np.flatnonzero(~np.isnan(judged))
    labels, own = material.labels[known], material.own[known]
    said = np.where(np.isnan(own), labels, (1 - TAUGHT) * labels + TAUGHT * expit(own))
    lesson = Lesson(
        [material.sentences[at] for at in known] + [material.others[at] for at in other],
        np.r_[said, expit(judged[other])].astype(np.float32),
        np.r_[np.where(material.in_train[known], 1.0, OURS_COUNT), np.ones(len(other))].astype(np.float32),
    )
    return advice_network.teach(lesson, places)


def _fit(material: Material, learned: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights and, last, the offset: the mean of two logistic regressions, one over features weighed by how much
    commoner they are in advice (Wang and Manning, ACL 2012), as both are linear.
    """
    matrix, labels = material.matrix[learned], material.labels[learned]
    weight = np.where(material.in_train[learned], 1.0, OURS_COUNT)
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
    shipped_network.cache_clear()
    model = shipped()
    dev = read(SHARED / "eval" / "advice-sentences" / "dev.jsonl.gz")
    demo = read(LABELS / "advice-demo.jsonl")
    for name, rows in (("dev", dev), ("demo", demo)):
        print(f"{name}: F1 {measure((row['text'], bool(row['advice'])) for row in rows).f1:.3f}")
    chances = np.array(model.chances([row["text"] for row in demo]))
    composed = np.where(_left_out(demo), 0.0, chances)
    score = _f1(composed, np.array([row["advice"] for row in demo]), IN_A_REPLY)
    print(f"demo as answers are composed, threshold {IN_A_REPLY}: F1 {score:.3f}")


def _best(chances: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    score, threshold = max((_f1(chances, labels, at), at) for at in np.arange(0.2, 0.6, 0.01))
    return float(threshold), score


def _asks(text: str) -> bool:
    return text.rstrip("\"'”’)»*_ ").endswith("?")


def _left_out(rows: Rows) -> NDArray[np.bool_]:
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
    for row in read(SHARED / "eval" / "advice-sentences" / "train.jsonl.gz"):
        yield natural(row["text"])
    for path in sorted([*SHARED.glob("corpora/*.gz"), *SHARED.glob("eval/*/threads.jsonl.gz")]):
        for thread in read(path):
            yield from (post["text"][:600] for post in thread["posts"] if len(post["text"] or "") >= 40)


def _packed(names: list[str], separator: str) -> NDArray[np.uint8]:
    return np.frombuffer(separator.join(names).encode(), dtype=np.uint8)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
