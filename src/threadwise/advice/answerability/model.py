"""How likely a thread answers a question: small trees over a `Reading`, added up; nearer in meaning never counts less.

Trained by `tools/train_answerability.py` on questions of many fields, each against the thread that answers it, against
threads about something like it, and against the thread that it nearly fits, and on judged questions of a real forum;
docs/decisions/0014-answerability.md has the figures. Plain lists: a question needs no library for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from threadwise.advice import trees
from threadwise.advice.answerability.reading import Reading

WEIGHTS = "weights.json"


@dataclass(frozen=True, slots=True)
class Model:
    """Trees over the numbers of a reading, and where the lines between answered, partial and unanswered lie.

    `silent` and `sure` are the evidence below which nothing is answered and from which an answer is taken to be whole,
    where near misses have the evidence `usual` (`calibration`).
    """

    trees: trees.Trees
    bias: float
    silent: float
    sure: float
    usual: float

    def evidence(self, reading: Reading) -> float:
        """Log-odds that the thread answers."""
        return self.bias + trees.total(self.trees, reading.values)


@cache
def shipped() -> Model:
    """The model that comes with Threadwise."""
    text = resources.files("threadwise.advice.answerability").joinpath(WEIGHTS).read_text(encoding="utf-8")
    return parsed(json.loads(text))


def parsed(data: Mapping[str, Any]) -> Model:
    """A model from its JSON.

    Raises:
        ValueError: It was trained on other numbers than those of a `Reading`.
    """
    names = [field.name for field in fields(Reading)]
    if data["numbers"] != names:
        raise ValueError(f"The model reads {data['numbers']}, a reading has {names}: train it anew.")
    return Model(trees.parsed(data["trees"]), data["bias"], data["silent"], data["sure"], data["usual"])
