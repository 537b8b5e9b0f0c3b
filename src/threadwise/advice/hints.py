"""Hear a crisis that is only hinted at, where the rules find no word of it.

A linear ear on the question's vector, made by `tools/train_hints.py` for the packaged encoder: "I'd rather nobody had
to look after me" has no word that a rule could know. It is less sure than a rule, so it says whom to turn to and lets
the answer stand below, screened as in a crisis.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOPIC = "hinted"
"""The topic in `rules/` whose notice is shown; a forum's owner can change or switch it off there."""

ENCODER = "all-MiniLM-L6-v2"
"""The encoder that the weights belong to (`Settings.model`)."""


def hints_at_danger(vector: NDArray[Any]) -> bool:
    """Whether a question may come from, or be about, somebody in danger.

    Args:
        vector: The question, encoded by `ENCODER`; a vector of another length or a zero vector hints at nothing.
    """
    weights, bias = _ear()
    return vector.shape == weights.shape and bool(vector.any()) and float(vector @ weights) + bias > 0


@cache
def _ear() -> tuple[NDArray[np.float32], float]:
    with resources.files("threadwise.advice").joinpath("hints.npz").open("rb") as file, np.load(file) as data:
        return data["weights"], float(data["bias"])
