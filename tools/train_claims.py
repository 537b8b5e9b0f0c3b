"""Train the claim checker's judge from tests/labels/claims-*.jsonl and write its weights.

    python tools/train_claims.py            # development and matched: cross-validated figures, nothing is written
    python tools/train_claims.py --held-out # trained on these two, measured on held-out: once, at the end
    python tools/train_claims.py --kept     # trained on all but matched-kept, measured on it: once, at the end
    python tools/train_claims.py --write    # trained on all but matched-kept, written to claims/weights.json
    python tools/train_claims.py --words    # claims/words.npz, the vectors of common words, from the packaged encoder

Threads and sources are not shared between these parts, nor between folds of the cross-validation. Needs scikit-learn.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from claim_rules import DISTORTED, FAITHFUL
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from train_outcomes import fields, threads

from threadwise.advice.claims.aligned import align
from threadwise.advice.claims.judge import is_clean
from threadwise.advice.claims.signs import signs
from threadwise.advice.claims.text import normal
from threadwise.advice.claims.wording import is_wording
from threadwise.advice.verify import is_quotation, torn
from threadwise.index.spans import sentence_spans

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"
CLAIMS = ROOT / "src/threadwise/advice/claims"
CATCH = 0.95
"""Share of distortions to be refused, of the matched ones and of the others, by which the threshold is set in
cross-validation."""

RULED, RULED_WEIGHT = 60, 0.3
"""Claims of each rule that are trained with, and what one weighs against a claim written by hand."""

SPLITS = 5
"""Cross-validations from which the threshold is taken: one alone moves it by as much as .1."""

COMMON, COMPONENTS = 14_000, 64


def main(arguments: Sequence[str]) -> None:
    if "--words" in arguments:
        write_words()
        return
    development, held_out, matched = labels("development"), labels("held-out"), labels("matched")
    if "--held-out" in arguments:
        measure(development + matched, held_out)
    elif "--kept" in arguments:
        measure(development + held_out + matched, labels("matched-kept"))
    elif "--write" in arguments:
        write(*trained(development + held_out + matched))
    else:
        both, first = development + matched, len(development)
        every = [cross_validated(both, split) for split in range(SPLITS)]
        limit = threshold(both, every)
        report(development * SPLITS, np.concatenate([scores[:first] for scores in every]), limit)
        report(matched * SPLITS, np.concatenate([scores[first:] for scores in every]), limit)


def measure(rows: Sequence[dict[str, Any]], kept: Sequence[dict[str, Any]]) -> None:
    """Figures for claims kept apart from those that are trained with."""
    model, limit = trained(rows)
    report(kept, scored(model, kept), limit)


def labels(part: str) -> list[dict[str, Any]]:
    """The labelled claims of a part."""
    return [json.loads(line) for line in (LABELS / f"claims-{part}.jsonl").read_text(encoding="utf-8").splitlines()]


def table(rows: Sequence[dict[str, Any]]) -> tuple[Any, Any, list[str]]:
    """Signs (claims, signs), labels, and the names of the signs."""
    found = [_signs(row["claim"], row["source"]) for row in rows]
    names = list(found[0])
    return (
        np.array([[one[name] for name in names] for one in found]),
        np.array([row["supported"] for row in rows]),
        names,
    )


@cache
def _signs(claim: str, source: str) -> dict[str, float]:
    return signs(align(claim, source))


def new_model() -> GradientBoostingClassifier:
    """Chosen in cross-validation over development among depths 2 and 3."""
    return GradientBoostingClassifier(
        n_estimators=150,
        max_depth=3,
        learning_rate=0.08,
        subsample=0.6,
        min_samples_leaf=10,
        max_features=0.4,
        random_state=0,
    )


def ruled(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claims made by rule in the threads of these rows, `RULED` of each rule; they only help to train."""
    wanted = {row.get("thread_id") for row in rows}
    sentences = [
        (thread.id, post.text[a:b])
        for field in fields()
        for thread in threads(field)
        if thread.id in wanted
        for post in thread.posts[1:]
        for a, b in sentence_spans(post.text)
        if 6 <= len(post.text[a:b].split()) <= 30
    ]
    made = []
    for supported, rules in ((True, FAITHFUL), (False, DISTORTED)):
        for kind, rule in rules.items():
            pairs = ((rule(text, sentences[i - 40][1]), text, thread) for i, (thread, text) in enumerate(sentences))
            fitting = [(claim, text, thread) for claim, text, thread in pairs if claim and claim != text]
            made += [
                {"source": text, "claim": claim, "supported": supported, "kind": kind, "thread_id": thread}
                for claim, text, thread in fitting[:: max(1, len(fitting) // RULED)][:RULED]
                if "verbatim" not in kind
            ]
    return made


def fitted(rows: Sequence[dict[str, Any]]) -> GradientBoostingClassifier:
    """A model of labelled rows and, with less weight, of claims made by rule in their threads."""
    made = ruled(rows)
    x, y, _ = table([*rows, *made])
    return new_model().fit(x, y, sample_weight=[1.0] * len(rows) + [RULED_WEIGHT] * len(made))


def scored(model: GradientBoostingClassifier, rows: Sequence[dict[str, Any]]) -> Any:
    """The model's scores; what is the source's own wording passes whatever it says, what is torn from it never."""
    x, _, _ = table(rows)
    own = [
        is_quotation(row["claim"], row["source"])
        or is_wording(row["claim"], row["source"])
        or is_clean(align(row["claim"], row["source"]), _signs(row["claim"], row["source"]))
        for row in rows
    ]
    out_of_context = [bool(torn(normal(row["claim"]), normal(row["source"]))) for row in rows]
    return np.where(own, 99.0, np.where(out_of_context, -99.0, model.decision_function(x)))


def cross_validated(rows: Sequence[dict[str, Any]], split: int) -> Any:
    """A score for each claim from a model that saw none of its thread or, where it has none, of its source."""
    x, y, _ = table(rows)
    scores = np.zeros(len(y))
    for fit, test in GroupKFold(5, shuffle=True, random_state=split).split(
        x, y, [row.get("thread_id", row["source"]) for row in rows]
    ):
        scores[test] = scored(fitted([rows[i] for i in fit]), [rows[i] for i in test])
    return scores


def threshold(rows: Sequence[dict[str, Any]], every: Sequence[Any]) -> float:
    """The least score that refuses `CATCH` of the matched distortions and of the others, over all cross-validations."""
    distorted = np.array([not row["supported"] for row in rows])
    matched = np.array(["pair" in row for row in rows])
    sorts = (distorted & matched, distorted & ~matched)
    return max(float(np.quantile([scores[sort] for scores in every], CATCH)) for sort in sorts)


def trained(rows: Sequence[dict[str, Any]]) -> tuple[GradientBoostingClassifier, float]:
    """A model of all rows, with the threshold from their cross-validation."""
    return fitted(rows), threshold(rows, [cross_validated(rows, split) for split in range(SPLITS)])


def report(rows: Sequence[dict[str, Any]], scores: Any, limit: float) -> None:
    """How well scores tell the claims apart, and the shares right by kind at a threshold, with their means."""
    print(f"\n{len(rows)} claims, area under the ROC {roc_auc_score([row['supported'] for row in rows], scores):.3f}")
    if "pair" in rows[0]:
        print(f"the faithful one of a pair scores higher {in_pairs(rows, scores):.3f}")
    passed = scores >= limit
    for supported, title in ((True, "paraphrases passed"), (False, "distortions refused")):
        shares = []
        print(f"\n{title}")
        for kind in sorted({row["kind"] for row in rows if row["supported"] is supported}):
            right = [
                bool(p) is supported
                for row, p in zip(rows, passed, strict=True)
                if row["kind"] == kind and row["supported"] is supported
            ]
            shares.append(np.mean(right))
            print(f"  {kind:16} {len(right):5} {shares[-1]:.3f}")
        every = [bool(p) is supported for row, p in zip(rows, passed, strict=True) if row["supported"] is supported]
        print(
            f"  {'mean over kinds':16} {len(shares):5} {np.mean(shares):.3f}\n"
            f"  {'all':16} {len(every):5} {np.mean(every):.3f}"
        )


def in_pairs(rows: Sequence[dict[str, Any]], scores: Any) -> float:
    """The share of pairs whose faithful claim scores higher than its distortion, next in line; a tie counts half."""
    found = [
        (one > other) + 0.5 * (one == other)
        for row, next_row, one, other in zip(rows[::2], rows[1::2], scores[::2], scores[1::2], strict=True)
        if row["supported"] and row["pair"] == next_row["pair"]
    ]
    return float(np.mean(found))


def write(model: GradientBoostingClassifier, limit: float) -> None:
    _, _, names = table(labels("development")[:1])
    trees = []
    for (estimator,) in model.estimators_:
        t, rate = estimator.tree_, model.learning_rate
        trees.append([
            [int(f) if f >= 0 else -1, round(float(c), 5), int(a), int(b), round(float(v[0][0]) * rate, 5)]
            for f, c, a, b, v in zip(t.feature, t.threshold, t.children_left, t.children_right, t.value, strict=True)
        ])  # fmt: skip
    share = float(model.init_.class_prior_[1])
    written = {"signs": names, "prior": float(np.log(share / (1 - share))), "threshold": round(limit, 4)}
    text = (
        json.dumps(written)[:-1]
        + ', "trees": [\n'
        + ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
        + "\n]}\n"
    )
    (CLAIMS / "weights.json").write_text(text, encoding="utf-8")


def write_words() -> None:
    """The commonest whole words of the encoder's vocabulary (which is in order of frequency), and their vectors."""
    from tokenizers import Tokenizer

    from threadwise.config import Settings
    from threadwise.index.encoder import find_model, load_encoder

    settings = Settings()
    tokenizer = Tokenizer.from_file(str(find_model(settings.model).folder / "tokenizer.json"))
    ranked = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    words = [word for word, _ in ranked if word.isascii() and word.isalpha() and word.islower() and len(word) > 1][
        :COMMON
    ]
    rows = load_encoder(settings).encode(words)
    rows = rows - rows.mean(axis=0)
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    kept = rows @ axes[:COMPONENTS].T
    kept = np.round(kept / np.abs(kept).max(axis=1, keepdims=True) * 127).astype(np.int8)
    np.savez_compressed(
        CLAIMS / "words.npz", words=np.frombuffer(" ".join(words).encode(), dtype=np.uint8), vectors=kept
    )


if __name__ == "__main__":
    main(sys.argv[1:])
