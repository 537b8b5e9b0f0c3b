"""Hear what is only hinted at, a crisis or an emergency, where the rules find no word of it.

"I'd rather nobody had to look after me" and "mum pours the milk beside the cup since lunch" have no word that a rule
could know. Two ears compare the question's vector with those of some thousand sentences that were written for it,
dangerous and ordinary ones; `tools/train_hints.py` makes them for the packaged encoder. They are less sure than a
rule, so they say whom to turn to and let the answer stand below; in a crisis it is screened as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

CRISIS = "hinted"
EMERGENCY = "hinted-emergency"
"""The topics in `rules/` whose notice is shown; a forum's owner can change or switch them off there."""

ENCODER = "all-MiniLM-L6-v2"
"""The encoder that the weights belong to (`Settings.model`)."""

NARROWNESS = 2.0
"""How fast a sentence loses its say with distance: exp(-NARROWNESS * squared distance), as the ears were trained."""

LEAST_WORDS = 5
"""Words below which a question is left to the rules: "hey you" and "my name is Anna" say too little to hint at it."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Sentences to compare with, unit rows of shape (n, dim), and what each of them says in each ear."""

    sentences: NDArray[np.float32]
    says: Mapping[str, tuple[NDArray[np.float32], float]]
    """By topic: the weight of each sentence, shape (n,), and the bias."""

    def scores(self, vectors: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
        """By topic, how surely unit rows of shape (n, dim) are heard; above zero they are."""
        near = np.exp(2 * NARROWNESS * (np.asarray(vectors, dtype=np.float32) @ self.sentences.T - 1))
        return {name: near @ weights + bias for name, (weights, bias) in self.says.items()}


def hinted_topics(text: str, vector: NDArray[Any]) -> tuple[str, ...]:
    """What a question may come from, or be about: `CRISIS`, `EMERGENCY`, both or neither.

    Args:
        text: The question.
        vector: The same, encoded by `ENCODER`; a vector of another length or a zero vector hints at nothing.
    """
    ears = packaged_ears()
    if len(text.split()) < LEAST_WORDS or vector.shape != ears.sentences.shape[1:] or not vector.any():
        return ()
    return tuple(name for name, [score] in ears.scores(vector[None]).items() if score > 0)


@cache
def packaged_ears() -> Ears:
    """The ears that ship, read once."""
    with resources.files("threadwise.advice").joinpath("hints.npz").open("rb") as file, np.load(file) as data:
        rows = data["sentences"].astype(np.float32)  # whole numbers up to 127: a quarter of the space, and as good
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return Ears(rows, {name: (data[name][:-1], float(data[name][-1])) for name in (CRISIS, EMERGENCY)})
