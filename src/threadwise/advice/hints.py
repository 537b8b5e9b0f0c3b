"""Hear what is only hinted at, a crisis or an emergency, where the rules find no word of it.

Two linear ears on the question's vector, made by `tools/train_hints.py` for the packaged encoder: "I'd rather nobody
had to look after me" and "mum pours the milk beside the cup since lunch" have no word that a rule could know. They are
less sure than a rule, so they say whom to turn to and let the answer stand below; in a crisis it is screened as such.
"""

from __future__ import annotations

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


LEAST_WORDS = 5
"""Words below which a question is left to the rules: "hey you" and "my name is Anna" say too little to hint at it."""


def hinted_topics(text: str, vector: NDArray[Any]) -> tuple[str, ...]:
    """What a question may come from, or be about: `CRISIS`, `EMERGENCY`, both or neither.

    Args:
        text: The question.
        vector: The same, encoded by `ENCODER`; a vector of another length or a zero vector hints at nothing.
    """
    if len(text.split()) < LEAST_WORDS:
        return ()
    return tuple(name for name, (weights, bias) in _ears().items() if _hears(vector, weights, bias))


def _hears(vector: NDArray[Any], weights: NDArray[np.float32], bias: float) -> bool:
    return vector.shape == weights.shape and bool(vector.any()) and float(vector @ weights) + bias > 0


@cache
def _ears() -> dict[str, tuple[NDArray[np.float32], float]]:
    with resources.files("threadwise.advice").joinpath("hints.npz").open("rb") as file, np.load(file) as data:
        return {name: (data[name][:-1], float(data[name][-1])) for name in (CRISIS, EMERGENCY)}
