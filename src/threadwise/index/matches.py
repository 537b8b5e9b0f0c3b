"""How every passage of some threads matches one question: the numbers that ranking works on.

Rows of arrays instead of passages: a question looks at hundreds of passages and shows a handful, so their text is read
for those alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threadwise.domain import Part
from threadwise.index.catalog import Catalog
from threadwise.index.lexical import LexicalIndex
from threadwise.index.vectors import Floats, Ids, VectorIndex

SHRINK = 100
"""A corpus's mean vector is drawn to zero as if it held this many more passages of everything: the mean of a handful is
those passages themselves, and taking it away would leave nothing."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Matches:
    """Row i of each array is one passage; rows are in the order of thread ids, then of posts as they stand.

    `thread` counts into `thread_ids`, `post` into `post_ids` (pairs of thread and post id). `cosine` is between the
    vectors as they are; `centred` is the same after the corpus's mean was taken from both, and `rows` are the passages'
    unit vectors after that. `bm25` is 0 where no word is shared.
    """

    thread_ids: tuple[str, ...]
    post_ids: tuple[tuple[str, str], ...]
    number: Ids
    thread: Ids
    post: Ids
    length: Ids
    asked: Bools
    rows: Floats
    cosine: Floats
    centred: Floats
    bm25: Floats


def gather(
    catalog: Catalog,
    vectors: Mapping[Part, VectorIndex],
    lexical: LexicalIndex,
    query: Floats,
    words: str,
    threads: Collection[str],
) -> Matches:
    """Compare the passages of these threads with a question.

    Args:
        catalog: Where the passages are listed.
        vectors: Their vectors.
        lexical: Their words.
        query: One unit vector, shape (dim,).
        words: The question's words.
        threads: The threads to look at.
    """
    outline = catalog.outline_of(threads)
    listed = [row for row in outline if row.number in vectors[row.part]]  # what was not read yet is seen next time
    number = np.fromiter((row.number for row in listed), dtype=np.int64, count=len(listed))
    asked = np.fromiter((row.part is Part.QUESTION for row in listed), dtype=np.bool_, count=len(listed))
    found = np.empty((len(listed), len(query)), dtype=np.float32)
    for part, mask in ((Part.QUESTION, asked), (Part.REPLY, ~asked)):
        found[mask] = vectors[part].vectors(number[mask].tolist())
    thread_ids = tuple(dict.fromkeys(row.thread_id for row in listed))
    post_ids = tuple(dict.fromkeys((row.thread_id, row.post_id) for row in listed))
    place = {thread_id: i for i, thread_id in enumerate(thread_ids)}
    post_place = {key: i for i, key in enumerate(post_ids)}
    mean = centre(vectors)
    rows_centred = _unit(found - mean)
    score = dict(lexical.search(words, len(listed), within=number.tolist()))
    return Matches(
        thread_ids,
        post_ids,
        number,
        np.fromiter((place[row.thread_id] for row in listed), dtype=np.int64, count=len(listed)),
        np.fromiter((post_place[row.thread_id, row.post_id] for row in listed), dtype=np.int64, count=len(listed)),
        np.fromiter((row.length for row in listed), dtype=np.int64, count=len(listed)),
        asked,
        rows_centred,
        found @ query,
        rows_centred @ _unit(query - mean),
        np.fromiter((score.get(row.number, 0.0) for row in listed), dtype=np.float32, count=len(listed)),
    )


def centre(vectors: Mapping[Part, VectorIndex]) -> Floats:
    """The mean of all vectors, drawn to zero in a small corpus (`SHRINK`); shape (dim,)."""
    total = sum(index.total for index in vectors.values())
    count = sum(len(index) for index in vectors.values())
    return np.asarray(total / (count + SHRINK), dtype=np.float32)


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-9), dtype=np.float32)
