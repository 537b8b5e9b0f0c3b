"""Hear what is only hinted at, a crisis or an emergency, where the rules find no word of it.

"I'd rather nobody had to look after me" and "mum pours the milk beside the cup since lunch" have no word that a rule
could know. Two ears compare the question's vector with those of some thousand sentences that were written for it,
dangerous and ordinary ones, and weigh its words and pairs of words: a vector knows what a question is about, its words
tell a belt from a belt sander. `tools/train_hints.py` makes them for the packaged encoder. They are less sure than a
rule, so they say whom to turn to and let the answer stand below; in a crisis it is screened as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

CRISIS = "hinted"
EMERGENCY = "hinted-emergency"
"""The topics in `rules/` whose notice is shown; a forum's owner can change or switch them off there."""

ENCODER = "all-MiniLM-L6-v2"
"""The encoder that the weights belong to (`Settings.model`)."""

NARROWNESS = 1.5
"""How fast a sentence loses its say with distance: exp(-NARROWNESS * squared distance), as the ears were trained."""

LEAST_WORDS = 5
"""Words below which a question is left to the rules: "hey you" and "my name is Anna" say too little to hint at it."""


_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Says:
    """What one ear has learnt: the weight of each sentence, shape (n,), of each phrase, shape (m,), and the bias."""

    sentences: NDArray[np.float32]
    phrases: NDArray[np.float32]
    bias: float


@dataclass(frozen=True, slots=True)
class Ears:
    """Sentences to compare with, unit rows of shape (n, dim), the places of m known phrases, and what they mean."""

    sentences: NDArray[np.float32]
    phrases: Mapping[str, int]
    says: Mapping[str, Says]

    def scores(self, texts: Sequence[str], vectors: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
        """By topic, how surely texts, with unit rows of shape (n, dim) for them, are heard; above zero they are."""
        near = np.exp(2 * NARROWNESS * (np.asarray(vectors, dtype=np.float32) @ self.sentences.T - 1))
        known = [[self.phrases[one] for one in phrases(text) if one in self.phrases] for text in texts]
        return {
            name: near @ says.sentences + says.bias + np.array([_told(says.phrases[places]) for places in known])
            for name, says in self.says.items()
        }


def phrases(text: str) -> Set[str]:
    """The words of a text and the pairs of neighbouring ones, without case and apostrophes."""
    words = _WORD.findall(text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    return {*words, *map(" ".join, pairwise(words))}


def _told(weights: NDArray[np.float32]) -> float:
    """The say of known phrases: the share of a unit vector with equal entries for each of them; none say nothing."""
    return float(weights.sum() / np.sqrt(max(1, len(weights))))


def hinted_topics(text: str, vector: NDArray[Any]) -> tuple[str, ...]:
    """What a question may come from, or be about: `CRISIS`, `EMERGENCY`, both or neither.

    Args:
        text: The question.
        vector: The same, encoded by `ENCODER`; a vector of another length or a zero vector hints at nothing.
    """
    ears = packaged_ears()
    if len(text.split()) < LEAST_WORDS or vector.shape != ears.sentences.shape[1:] or not vector.any():
        return ()
    return tuple(name for name, [score] in ears.scores([text], vector[None]).items() if score > 0)


@cache
def packaged_ears() -> Ears:
    """The ears that ship, read once."""
    with resources.files("threadwise.advice").joinpath("hints.npz").open("rb") as file, np.load(file) as data:
        rows = data["sentences"].astype(np.float32)  # small whole numbers: a sixth of the space, and as good
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        known = {phrase: place for place, phrase in enumerate(data["phrases"].item().decode().split("\n"))}
        return Ears(rows, known, {name: _says(data, name) for name in (CRISIS, EMERGENCY)})


def _says(data: Mapping[str, NDArray[Any]], name: str) -> Says:
    sentences, phrases_, bias = (data[f"{name} {part}"].astype(np.float32) for part in ("sentences", "phrases", "bias"))
    return Says(sentences, phrases_, float(bias))
