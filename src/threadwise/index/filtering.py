"""The best passages of all, or of some threads alone, with all that equal the last of them.

Ids decide between equals later, not the order of import. A filter that leaves few threads has their passages looked up
and searched alone; one that leaves many is applied to what a search of everything finds, since looking a million
passages up takes a second and the best of them are soon found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from threadwise.domain import Part
from threadwise.index.catalog import Catalog

Found: TypeAlias = list[tuple[int, float]]
"""Numbers of passages with their scores, best first."""

Search: TypeAlias = Callable[[int, Sequence[int] | None], Found]
"""At most so many of the best passages, of all or of these numbers alone."""

MANY_THREADS = 4_000
"""Threads from which a filter is applied to what is found. Looking up so many takes about 10 ms of processor time, and
searching their passages alone 25 ms by meaning and 25 ms by words (50,000 passages)."""

_SIFTED = 8_000
"""Most passages that are sifted; where they hold too few of the threads, those are looked up after all."""

_SAME = 1e-6


def best(search: Search, k: int, catalog: Catalog, threads: Collection[str] | None, part: Part | None) -> Found:
    """The k best passages and all that equal the last of them.

    Args:
        search: By meaning or by words.
        k: How many are wanted.
        catalog: Knows which thread has which passages.
        threads: Only these threads; None for all.
        part: The part that is searched; None for both.
    """
    if threads is None:
        return _with_equals(search, k, None)
    if len(threads) > MANY_THREADS:
        sifted = _sifted(search, k, catalog, frozenset(threads))
        if sifted is not None:
            return sifted
    return _with_equals(search, k, catalog.numbers_of(threads, part))


def _with_equals(search: Search, k: int, within: Sequence[int] | None) -> Found:
    wanted = k + 8
    while True:
        found = search(wanted, within)
        if len(found) < wanted or found[-1][1] < found[k - 1][1] - _SAME:
            return found
        wanted *= 4


def _sifted(search: Search, k: int, catalog: Catalog, threads: frozenset[str]) -> Found | None:
    """The passages of these threads among what a search of everything finds; None where that takes too long."""
    wanted = 4 * k
    while wanted <= _SIFTED:
        found = search(wanted, None)
        owner = catalog.threads_at([number for number, _ in found])
        kept = [(number, score) for number, score in found if owner.get(number) in threads]
        # What comes after the last that was found scores no more than it.
        if len(found) < wanted or (len(kept) >= k and found[-1][1] < kept[k - 1][1] - _SAME):
            return kept
        wanted *= 4
    return None
