"""Small decision trees whose leaves are added up. Plain tuples: what was trained with a library is read without one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Node: TypeAlias = tuple[int, float, int, int, float]
"""Which number is asked (-1: none, a leaf), at most what, where to go if so, where if not, and the value of a leaf."""

Trees: TypeAlias = tuple[tuple[Node, ...], ...]


def parsed(written: Iterable[Iterable[Sequence[float]]]) -> Trees:
    """Trees from their JSON: for each a list of nodes, the root first."""
    return tuple(
        tuple((int(n), most, int(yes), int(no), value) for n, most, yes, no, value in tree) for tree in written
    )


def total(trees: Trees, values: Sequence[float]) -> float:
    """The leaves that these numbers lead to, added up."""
    return sum(_leaf(tree, values) for tree in trees)


def _leaf(tree: Sequence[Node], values: Sequence[float]) -> float:
    number, most, yes, no, value = tree[0]
    while number >= 0:
        number, most, yes, no, value = tree[yes if values[number] <= most else no]
    return value
