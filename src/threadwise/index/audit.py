"""Whether the index is what the corpus says: passages with their offsets, words, vectors, and the cache of vectors.

Reads everything once, a page of threads at a time, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from threadwise.corpus.store import Store
from threadwise.corpus.upkeep import Fault
from threadwise.domain import Part, Thread, content_hash
from threadwise.index.cache import VectorCache
from threadwise.index.catalog import Catalog
from threadwise.index.encoder import Encoder, Floats
from threadwise.index.lexical import LexicalIndex
from threadwise.index.passages import context, cut
from threadwise.index.rows import Row
from threadwise.index.vectors import VectorIndex

SAME = 0.99
"""Least cosine between two vectors of one text: quantised storage and another count of threads leave more than that."""

ENCODED_AGAIN = 32
"""Passages, the first of as many pages of threads, whose kept vectors are compared with what the encoder says today."""

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Parts:
    """What an index is made of."""

    catalog: Catalog
    words: LexicalIndex
    vectors: Mapping[Part, VectorIndex]
    cache: VectorCache
    encoder: Encoder


@dataclass
class Audit:
    """What was looked at and found. `wrong_vectors` are keys of the cache whose vectors cannot be right, and
    `cache_damaged` says that its file itself is not sound.
    """

    threads: int = 0
    passages: int = 0
    faults: list[Fault] = field(default_factory=list)
    wrong_vectors: list[str] = field(default_factory=list)
    cache_damaged: bool = False

    def found(self, where: str, what: str) -> None:
        """Note something that is not as it must be."""
        self.faults.append(Fault(where, what))


def audit(parts: Parts, store: Store, progress: Callable[[int], None] | None = None) -> Audit:
    """Compare an index with its corpus; nobody may write meanwhile.

    Args:
        parts: The index, level with the corpus.
        store: The corpus.
        progress: Called with the number of threads looked at.
    """
    found = Audit()
    for fault in parts.cache.faults():
        found.found("cache", fault)
        found.cache_damaged = True
    numbers: set[int] = set()
    for page in _pages(store.threads()):
        rows = parts.catalog.rows_of([thread.id for thread in page])
        numbers.update(row.number for row in rows)
        found.threads += len(page)
        found.passages += len(rows)
        _check_passages(found, page, rows)
        _check_titles(found, parts, page)
        _check_vectors(found, parts, page, rows, encode=found.threads <= _PAGE * ENCODED_AGAIN)
        if progress is not None:
            progress(found.threads)
    _check_numbers(found, parts, numbers)
    return found


def _check_passages(found: Audit, page: Sequence[Thread], rows: Sequence[Row]) -> None:
    """Every passage is where the thread of today is cut, and its text is the post's own between its offsets."""
    filed: dict[str, list[Row]] = {thread.id: [] for thread in page}
    for row in rows:
        filed[row.passage.thread_id].append(row)
    for thread in page:
        where = f"index, thread {thread.id}"
        for row in filed[thread.id]:
            passage, post = row.passage, thread.post(row.passage.post_id)
            if post is None or post.text[passage.start : passage.end] != passage.text:
                found.found(
                    where, f"post {passage.post_id} does not have the passage at [{passage.start}, {passage.end})"
                )
        expected = {passage: content_hash(context(thread, passage)) for passage in cut(thread)}
        if expected != {row.passage: row.vector for row in filed[thread.id]} or len(expected) != len(filed[thread.id]):
            found.found(where, "its passages are not those of its posts")


def _check_vectors(found: Audit, parts: Parts, page: Sequence[Thread], rows: Sequence[Row], *, encode: bool) -> None:
    """Every vector is kept, of length one, and the one that is searched; the first of a page is also made again."""
    kept = parts.cache.get([row.vector for row in rows])
    for row in rows:
        where = f"index, thread {row.passage.thread_id}"
        vector, searched = kept.get(row.vector), parts.vectors[row.passage.part]
        if row.number not in searched:
            found.found(where, f"a passage of post {row.passage.post_id} has no vector in the index")
        if vector is None:
            found.found("cache", f"a vector of thread {row.passage.thread_id} is not there")
        elif not _unit(vector):
            found.found("cache", f"a vector of thread {row.passage.thread_id} is not of length one")
            found.wrong_vectors.append(row.vector)
        elif row.number in searched and not _same(searched.vectors([row.number])[0], vector):
            found.found(where, f"a passage of post {row.passage.post_id} is searched under another vector than its own")
            found.wrong_vectors.append(row.vector)
    if encode and rows and rows[0].vector in kept:
        thread = next(thread for thread in page if thread.id == rows[0].passage.thread_id)
        today = parts.encoder.encode([context(thread, rows[0].passage)])[0]
        if not _same(today, kept[rows[0].vector]):
            found.found("cache", f"a vector of thread {thread.id} is not the one that its text has")
            found.wrong_vectors.append(rows[0].vector)


def _check_titles(found: Audit, parts: Parts, page: Sequence[Thread]) -> None:
    """The vector of every thread's title is kept, of length one."""
    keys = parts.catalog.titles_of([thread.id for thread in page])
    kept = parts.cache.get(list(keys.values()))
    for thread in page:
        key = content_hash(thread.heading)
        if keys.get(thread.id) != key:
            found.found(f"index, thread {thread.id}", "its title is not the one that is indexed")
        elif key not in kept:
            found.found("cache", f"the vector of the title of thread {thread.id} is not there")
        elif not _unit(kept[key]):
            found.found("cache", f"the vector of the title of thread {thread.id} is not of length one")
            found.wrong_vectors.append(key)


def _check_numbers(found: Audit, parts: Parts, numbers: set[int]) -> None:
    """Catalog, words and vectors know the same passages and no others."""
    for where, others in (
        ("index, catalog", set(parts.catalog.numbers())),
        ("index, words", parts.words.numbers()),
        ("index, vectors", set().union(*(vectors.numbers() for vectors in parts.vectors.values()))),
    ):
        if missing := len(numbers - others):
            found.found(where, f"{missing:,} passages of the corpus are not there")
        if strays := len(others - numbers):
            found.found(where, f"{strays:,} passages belong to no thread of the corpus")


def _unit(vector: Floats) -> bool:
    return abs(float(np.linalg.norm(vector)) - 1) < 1 - SAME


def _same(one: Floats, other: Floats) -> bool:
    return float(one @ other) >= SAME


def _pages(threads: Iterator[Thread]) -> Iterator[list[Thread]]:
    while page := list(islice(threads, _PAGE)):
        yield page
