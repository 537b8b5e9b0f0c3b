"""Weigh the features of a clause: multinomial logistic regression over named features, in plain Python.

The weights are made by `tools/train_outcomes.py` from the labelled demo corpus and shipped as JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from threadwise.domain import OutcomeLabel

NONE = "none"


@dataclass(frozen=True, slots=True)
class Weights:
    """For each feature one number a class, and one a class to begin with; for each fact of `links` one number."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    features: Mapping[str, tuple[float, ...]]
    links: Mapping[str, float]

    def chances(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each class; they sum to one."""
        rows = [self.bias, *filter(None, map(self.features.get, features))]
        totals = [math.fsum(column) for column in zip(*rows, strict=True)]
        highest = max(totals)
        powers = [math.exp(total - highest) for total in totals]
        return {name: power / sum(powers) for name, power in zip(self.classes, powers, strict=True)}


def parse(document: str) -> Weights:
    """Weights from their JSON form."""
    raw = json.loads(document)
    classes = tuple(raw["classes"])
    if set(classes) != {NONE, *(label.value for label in OutcomeLabel if label is not OutcomeLabel.UNKNOWN)}:
        raise ValueError(f"The outcome weights are for {classes}.")
    features = {name: tuple(row) for name, row in raw["features"].items()}
    return Weights(classes, tuple(raw["bias"]), features, dict(raw["links"]))


@cache
def shipped() -> Weights:
    """The weights in the package."""
    return parse(resources.files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
