"""How every passage of some threads matches one question: the numbers that ranking works on.

Rows of arrays instead of passages: a question looks at hundreds of passages and shows a handful, so their text is read
for those alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from threadwise.domain import Part
from threadwise.index.catalog import Catalog
from threadwise.index.common import Common
from threadwise.index.encoder import Floats
from threadwise.index.lexical import LexicalIndex
from threadwise.index.numbers import Ids
from threadwise.index.vectors import VectorIndex

Bools = NDArray[np.bool_]

K = TypeVar("K", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as passages are compared with it.

    `vector` is a unit vector, shape (dim,); `most_bm25` is the highest BM25 that any passage of the index has for the
    `words`, looked at or not, so that a thread's score does not hang on what it is looked at together with.
    """

    vector: Floats
    words: str
    most_bm25: float


@dataclass(frozen=True, slots=True)
class Matches:
    """Row i of each array is one passage; rows are in the order of thread ids, then of posts as they stand.

    `thread` counts into `thread_ids`, `post` into `post_ids` (pairs of thread and post id). `cosine` is between the
    vectors as they are; `centred` is the same after what all passages have in common was taken from both, and `rows`
    are the passages' unit vectors after that. `bm25` is 0 where no word is shared; `most_bm25` is what was asked with.
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
    most_bm25: float


def gather(
    catalog: Catalog,
    vectors: Mapping[Part, VectorIndex],
    lexical: LexicalIndex,
    asked: Asked,
    threads: Collection[str],
    common: Common,
) -> Matches:
    """Compare the passages of these threads with a question.

    Args:
        catalog: Where the passages are listed.
        vectors: Their vectors.
        lexical: Their words.
        asked: The question.
        threads: The threads to look at.
        common: What all passages have in common.
    """
    listed = catalog.outline_of(threads)
    number = np.asarray([row.number for row in listed], dtype=np.int64)
    question = np.asarray([row.asked for row in listed], dtype=np.bool_)
    there = np.where(question, vectors[Part.QUESTION].holds(number), vectors[Part.REPLY].holds(number))
    if not there.all():  # what was not read yet is seen next time
        listed = [listed[i] for i in np.flatnonzero(there).tolist()]
        number, question = number[there], question[there]
    found = np.empty((len(listed), len(asked.vector)), dtype=np.float32)
    for part, mask in ((Part.QUESTION, question), (Part.REPLY, ~question)):
        found[mask] = vectors[part].vectors(number[mask])
    thread_ids, thread = _places([row.thread_id for row in listed])
    post_ids, post = _places([(row.thread_id, row.post_id) for row in listed])
    rows = common.without(found)
    score = lexical.of_threads(asked.words, thread_ids, len(listed))
    return Matches(
        thread_ids,
        post_ids,
        number,
        thread,
        post,
        np.asarray([row.length for row in listed], dtype=np.int64),
        question,
        rows,
        found @ asked.vector,
        rows @ common.without(asked.vector),
        np.asarray([score.get(i, 0.0) for i in number.tolist()], dtype=np.float32),
        asked.most_bm25,
    )


def _places(keys: Sequence[K]) -> tuple[tuple[K, ...], Ids]:
    """The different keys in the order in which they come, and each one's place among them, shape (len(keys),)."""
    known: dict[K, int] = {}
    places = [known.setdefault(key, len(known)) for key in keys]
    return tuple(known), np.asarray(places, dtype=np.int64)
