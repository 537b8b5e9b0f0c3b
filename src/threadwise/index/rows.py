"""What the catalog says of passages, and of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from threadwise.domain import Passage


@dataclass(frozen=True, slots=True)
class State:
    """How far the index is. `epoch` changes when it is made anew; `count` is the number of passages."""

    epoch: str
    stamp: int
    generation: int
    next_number: int
    model: str
    encoder: str
    dim: int
    count: int


@dataclass(frozen=True, slots=True)
class Maker:
    """What made the vectors: the model as the settings name it, the encoder's own name, the length of a vector."""

    model: str
    encoder: str
    dim: int


@dataclass(frozen=True, slots=True)
class Row:
    """A passage in the catalog; `vector` is the key of its vector in the cache."""

    number: int
    passage: Passage
    vector: str


class Outline(NamedTuple):
    """A passage without its text; `length` counts its characters, `asked` says whether it is of a question."""

    number: int
    thread_id: str
    post_id: str
    length: int
    asked: bool


class Place(NamedTuple):
    """Where a passage is: what tells which thread it belongs to, and orders equals."""

    thread_id: str
    post_id: str
    start: int
