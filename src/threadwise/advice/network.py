"""A small convolution over the words of sentences, taught by a large model which of them advise.

Two layers that look at three words each, over vectors of their own and those of `claims/words.npz`; then the strongest
sign, their sum and what opens the sentence. numpy alone, all sentences of a call in one pass;
docs/decisions/0005-advice-sentences.md says how it was taught.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from threadwise.advice.claims.likeness import common_words

LONGEST = 54
"""Tokens of a sentence that are read; what follows them counts for nothing."""

PAUSE, OPENS, CLOSES, NUMBER, OTHER = 0, 1, 2, 3, 8
ENDINGS = (("ing", 4), ("ed", 5), ("ly", 7), ("s", 6))
KINDS = 9
"""Places of the table that stand for no word: none at all, the ends of a sentence, and kinds of unknown words."""


@dataclass(frozen=True, slots=True)
class Network:
    """Its weights: `places` and `table` give words vectors of its own, beside those of `common` and `vectors`.

    `first` (width of both vectors, 3 times width) and `second` (width, 3 times width) are the layers: what a word says
    of the word after it, of itself and of the word before it; `top` weighs strongest, sum and opening.
    """

    places: Mapping[str, int]
    table: NDArray[np.float32]
    common: Mapping[str, int]
    vectors: NDArray[np.float32]
    first: NDArray[np.float32]
    first_bias: NDArray[np.float32]
    second: NDArray[np.float32]
    second_bias: NDArray[np.float32]
    top: NDArray[np.float32]
    bias: float

    def logits(self, sentences: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """The logit that a sentence advises, for each sentence, given as tokens of `mood.tokens`."""
        if not sentences:
            return np.zeros(0, dtype=np.float32)
        rows = [tuple(tokens[:LONGEST]) for tokens in sentences]
        known: dict[str, int] = {}
        places = [PAUSE]
        starts = []
        for row in rows:
            starts.append(len(places))
            places += [OPENS, *(KINDS + known.setdefault(token, len(known)) for token in row), CLOSES, PAUSE]
        at = np.array(places)
        words = at != PAUSE
        seen = _joined((self._vectors(list(known)) @ self.first)[at], self.first_bias, words)
        seen = seen + _joined(seen @ self.second, self.second_bias, words)
        sizes = np.array([len(row) + 2 for row in rows])
        first = np.array(starts)
        edges = np.stack([first, first + sizes], axis=1).ravel()
        strongest = np.maximum.reduceat(seen, edges)[::2]
        total = np.add.reduceat(seen, edges)[::2] / (2 * np.sqrt(sizes, dtype=np.float32))[:, None]
        return np.asarray(np.concatenate([strongest, total, seen[first + 1]], axis=1) @ self.top + self.bias)

    def _vectors(self, words: list[str]) -> NDArray[np.float32]:
        """Vectors of what may stand in a place: the kinds, then `words`."""
        own = [*range(KINDS), *(self.places.get(word) or kind_of(word) for word in words)]
        common = [0] * KINDS + [self.common.get(word, -1) + 1 for word in words]
        return np.concatenate([self.table[own], self.vectors[common]], axis=1)


def _joined(sides: NDArray[np.float32], bias: NDArray[np.float32], words: NDArray[np.bool_]) -> NDArray[np.float32]:
    """What neighbours say of the word between them; between sentences nothing stands."""
    onward, here, back = np.split(sides, 3, axis=1)
    seen = here + bias
    seen[1:] += onward[:-1]
    seen[:-1] += back[1:]
    return np.asarray(np.maximum(seen, 0, out=seen) * words[:, None])


def kind_of(word: str) -> int:
    """The place of an unknown word in the table, by its ending."""
    if word.isdigit():
        return NUMBER
    return next((place for end, place in ENDINGS if word.endswith(end) and len(word) > len(end) + 1), OTHER)


def spread(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors of common words about their mean, at a spread of a half, after a row of zeros for any other word."""
    apart = vectors - vectors.mean(axis=0)
    return np.vstack([np.zeros_like(apart[:1]), apart * (0.5 / apart.std())])


@cache
def shipped_network() -> Network:
    """The one that comes with Threadwise."""
    common, vectors = common_words()
    with resources.files("threadwise.advice").joinpath("network.npz").open("rb") as file, np.load(file) as data:
        words = data["words"].tobytes().decode().split("\n")
        layers = {name: data[name].astype(np.float32) for name in ("first", "second", "top")}
        return Network(
            places={word: place for place, word in enumerate(words, KINDS)},
            table=data["table"].astype(np.float32) * data["scales"].astype(np.float32)[:, None],
            common=common,
            vectors=spread(vectors),
            first_bias=data["first_bias"],
            second_bias=data["second_bias"],
            bias=float(data["bias"]),
            **layers,
        )
