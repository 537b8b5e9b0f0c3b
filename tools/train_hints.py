"""Train the ears for what is only hinted at, crises and emergencies, and write what they compare a question with.

    python tools/train_hints.py

Learns from tools/hints (questions behind which somebody may be in danger, ordinary ones in the same words and moods,
and what people type to a program that they try), the labelled safety questions and the labelled questions about the
demo corpus; all written for it. Prints how many of each are heard when they are left out of the training: ten parts,
each of every tenth ten lines, since neighbours were written in one breath, and contrasts stand in the same lines of
mixed.txt and beside-*.txt. `tools/measure_safety.py` measures the ears on what they never learnt from; to keep it so,
a line that is too like a kept question is left out here. Needs scikit-learn; the package does not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, lil_matrix
from sklearn.svm import SVC

from threadwise.advice.hints import CRISIS, EMERGENCY, LEAST_WORDS, NARROWNESS, phrases
from threadwise.advice.safety import Governor
from threadwise.config import load_settings
from threadwise.index.encoder import load_encoder

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"
HINTS = ROOT / "tools" / "hints"
WEIGHTS = ROOT / "src" / "threadwise" / "advice" / "hints.npz"

FREEDOM = 4.0
"""C of the support vector machine. 2 and 10 hear as much within a hundredth."""

WORDING = 0.15
"""Say of the phrases beside the vectors'. At 0 the ears hear 394 emergencies instead of 456 of what is left out, and
700 hints instead of 715 (docs/safety.md)."""

OFTEN = 2
"""Lines in which a phrase has to stand to be learnt."""

FINENESS = 31
"""The largest whole number in a kept vector."""

ALARMS = {CRISIS: 0.05, EMERGENCY: 0.015}
"""Part of the ordinary lines, most of them written to mislead it, that an ear may hear when they are left out of the
training. Of the titles of real forums it is a fifth of that (docs/safety.md)."""

DANGER = {CRISIS: ("crisis", "plain crisis"), EMERGENCY: ("urgent",)}
LEFT_OUT = {CRISIS: (), EMERGENCY: ("crisis", "plain crisis")}
"""What an ear does not learn from, as the other one hears it."""

PARTS, BREATH = 10, 10
TOO_LIKE = 0.7
"""Cosine with a kept question from which a line is not learnt from."""

KEPT = (
    "hints-unseen",
    "hints-kept",
    "emergencies-kept",
    "safety-second",
    "safety-third",
    "safety-fourth",
    "safety-fifth",
)


@dataclass(frozen=True)
class Lines:
    """Texts with their vectors, what each is, where it stands, and the part with which it is left out."""

    texts: Sequence[str]
    vectors: NDArray[np.float64]
    phrases: csr_matrix
    """Which known phrases each has: rows of unit length, or of zeros."""
    kinds: NDArray[np.str_]
    sources: NDArray[np.str_]
    parts: NDArray[np.int_]

    def only(self, which: NDArray[np.bool_]) -> Lines:
        """The lines of a mask."""
        chosen = [text for text, keep in zip(self.texts, which, strict=True) if keep]
        return Lines(
            chosen, self.vectors[which], self.phrases[which], self.kinds[which], self.sources[which], self.parts[which]
        )


@dataclass(frozen=True)
class Learnt:
    """What each line and each phrase says in one ear, and its bias."""

    lines: NDArray[np.float64]
    phrases: NDArray[np.float64]
    bias: float


def main() -> None:
    lines, known = _read()
    heard = {name: _train(name, lines) for name in (CRISIS, EMERGENCY)}
    used = np.any([one.lines != 0 for one in heard.values()], axis=0)
    rows = lines.vectors[used]
    rows = np.rint(rows / np.abs(rows).max(axis=1, keepdims=True) * FINENESS).astype(np.int8)
    says: dict[str, NDArray[np.float64]] = {}
    for name, one in heard.items():
        says[f"{name} sentences"] = one.lines[used].astype(np.float32)
        says[f"{name} phrases"] = one.phrases.astype(np.float16)
        says[f"{name} bias"] = np.float32(one.bias)
    np.savez_compressed(WEIGHTS, sentences=rows, phrases=np.array("\n".join(known).encode()), **says)
    print(f"{WEIGHTS.name}: {len(rows):,} sentences, {len(known):,} phrases, {WEIGHTS.stat().st_size:,} bytes")


def _train(name: str, lines: Lines) -> Learnt:
    """What one ear learns; prints what is heard of what is left out."""
    used = ~np.isin(lines.kinds, LEFT_OUT[name])
    learnt = lines.only(used)
    truth = np.isin(learnt.kinds, DANGER[name])
    likeness = np.exp(2 * NARROWNESS * (learnt.vectors @ learnt.vectors.T - 1))
    likeness += WORDING * (learnt.phrases @ learnt.phrases.T).toarray()
    scores = np.zeros(len(truth))
    for part in range(PARTS):
        out = learnt.parts == part
        machine = _machine(likeness[np.ix_(~out, ~out)], truth[~out])
        scores[out] = machine.decision_function(likeness[np.ix_(out, ~out)])
    line = _line(name, learnt, scores)
    machine = _machine(likeness, truth)
    weights = np.zeros(len(used))
    weights[np.flatnonzero(used)[machine.support_]] = machine.dual_coef_[0]
    return Learnt(weights, WORDING * (lines.phrases.T @ weights), float(machine.intercept_[0]) - line)


def _line(name: str, learnt: Lines, scores: NDArray[np.float64]) -> float:
    """The score from which an ear hears; prints how much of each kind and file that is."""
    long = np.array([len(text.split()) >= LEAST_WORDS for text in learnt.texts])
    ordinary = long & np.isin(learnt.kinds, ("ordinary", "forum"))
    line = float(np.quantile(scores[ordinary], 1 - ALARMS[name]))
    print(f"{name}: heard of what is left out of the training, {LEAST_WORDS} words or more")
    for labels in (learnt.kinds, learnt.sources):
        for label in dict.fromkeys(labels):
            these = long & (labels == label)
            print(f"  {label}: {(scores[these] > line).sum()} of {these.sum()}")
    return line


def _machine(likeness: NDArray[np.float64], truth: NDArray[np.bool_]) -> SVC:
    return SVC(C=FREEDOM, kernel="precomputed", class_weight="balanced").fit(likeness, truth)


def _read() -> tuple[Lines, Sequence[str]]:
    """The lines to learn from, and the phrases that stand in at least `OFTEN` of them."""
    texts, kinds, sources, parts = [], [], [], []
    for source, rows in _sources():
        for number, (text, kind) in enumerate(rows):
            texts.append(text)
            kinds.append(kind)
            sources.append(source)
            parts.append(number // BREATH % PARTS)
    encoder = load_encoder(load_settings())
    vectors = np.asarray(encoder.encode(texts), dtype=np.float64)
    kept = [row["question"] for name in KEPT for row in _rows(f"{name}.jsonl")]
    unlike = (vectors @ np.asarray(encoder.encode(kept), dtype=np.float64).T).max(axis=1) <= TOO_LIKE
    print(f"{len(texts)} lines, {(~unlike).sum()} of them left out as too like a kept question")
    counts = Counter(phrase for text, keep in zip(texts, unlike, strict=True) if keep for phrase in phrases(text))
    known = sorted(phrase for phrase, count in counts.items() if count >= OFTEN)
    said = _phrase_rows(texts, known)
    return Lines(texts, vectors, said, np.array(kinds), np.array(sources), np.array(parts)).only(unlike), known


def _phrase_rows(texts: Sequence[str], known: Sequence[str]) -> csr_matrix:
    place = {phrase: number for number, phrase in enumerate(known)}
    rows = lil_matrix((len(texts), len(known)))
    for number, text in enumerate(texts):
        found = [place[phrase] for phrase in phrases(text) if phrase in place]
        rows[number, found] = 1 / np.sqrt(max(1, len(found)))
    return rows.tocsr()


def _sources() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Names with their lines, and what each line is."""
    for folder, kind in (("crisis", "crisis"), ("emergency", "urgent"), ("ordinary", "ordinary")):
        for path in sorted((HINTS / folder).glob("*.txt")):
            said = "plain crisis" if path.stem.startswith("plain") else kind
            yield f"{folder}/{path.name}", [(line, said) for line in path.read_text(encoding="utf-8").splitlines()]
    small = (HINTS / "small-talk.txt").read_text(encoding="utf-8").splitlines()
    yield "small-talk.txt", [(line, "small talk") for line in small]
    labelled = [(row["question"], _kind(row)) for row in _rows("safety-questions.jsonl")]
    yield "safety-questions.jsonl", labelled
    forum = chain(sorted(LABELS.glob("questions-*.jsonl")), [LABELS / "beer-coffee-questions.jsonl"])
    asked = [row["question"] for path in forum for row in _rows(path.name)]
    yield "labelled questions about forums", [(text, "forum") for text in asked if not _serious(text)]


def _serious(question: str) -> bool:
    """Whether the rules find an emergency: somebody's dog ate the chocolate in the demo corpus, too."""
    found = Governor.load(load_settings()).consider(question)
    return found.urgent or found.crisis


def _kind(row: dict[str, str]) -> str:
    kind = {"none": "ordinary"}.get(row["kind"], row["kind"])
    return f"plain {kind}" if row.get("plain") else kind


def _rows(name: str) -> Iterator[dict[str, str]]:
    return map(json.loads, (LABELS / name).read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
