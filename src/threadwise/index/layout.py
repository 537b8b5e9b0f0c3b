"""How the vectors of a part are laid out in memory, by how many there are: the one place that decides.

Up to `exact_limit` every row is compared with the question. Above it rows lie in lists around trained middles, with 8
bits a component, and a question looks into the lists nearest to it. How many lists and how many are looked into was
measured: docs/decisions/0010-index-at-size.md.
"""

from __future__ import annotations

from dataclasses import dataclass

GROWTH = 4
"""Rows may grow this many times before the lists are trained anew."""

PROBED = 384
"""Lists that a question looks into: recall@10 was .952 with 64 at 1,000,000 random rows in clusters, .985 with 256."""

SAMPLED = 40
"""Rows a list that its middle is trained on."""

ROUNDS = 6
"""Rounds of k-means; further ones move the middles very little."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`lists` is 0 where every row is compared; `trained_at` is the number of rows for which the lists were made."""

    lists: int = 0
    trained_at: int = 0


EXACT = Layout()


def wanted(rows: int, exact_limit: int, now: Layout = EXACT) -> Layout:
    """The layout for so many rows; the one there is as long as it will do.

    Args:
        rows: How many there are.
        exact_limit: Most that are compared one by one.
        now: The layout there is.
    """
    if not now.lists:
        return _lists(rows) if rows > exact_limit else now
    if rows <= exact_limit // 2:  # not at the limit itself, so that one row more or less does not change it each time
        return EXACT
    return _lists(rows) if rows > GROWTH * now.trained_at else now


def probes(layout: Layout, rows: int, selected: int | None = None) -> int:
    """How many lists to look into.

    A filter leaves fewer rows in each list, so that as many more lists are looked into; where it leaves few rows, that
    is all lists, and the few are compared one by one.

    Args:
        layout: Of the index.
        rows: How many there are.
        selected: How many of them may be found; None for all.
    """
    if selected is None:
        return min(PROBED, layout.lists)
    return min(layout.lists, -(-PROBED * rows // max(selected, 1)))


def _lists(rows: int) -> Layout:
    """About twice the square root of the rows, a power of two; few rows are not spread over more lists than fill."""
    root = 2 * max(rows, 1) ** 0.5
    lists = 1
    while lists * 1.41 < root:
        lists *= 2
    return Layout(lists, rows)
