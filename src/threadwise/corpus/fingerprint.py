"""How alike two texts are, word for word, and the keys by which nearly equal ones meet in a table.

Pure. Texts are compared by their shingles (runs of three words; Broder, On the resemblance and containment of
documents, 1997). MinHash estimates the Jaccard similarity of shingle sets; its minima are grouped into bands, and texts
that agree in a whole band are candidates (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4).
With 10 bands of 3, a pair of Jaccard 0.5 meets with probability 0.74, of 0.7 with 0.985, of 0.9 with 0.999998.

The minima equal those of datasketch 2 (scheme affine32, seed 1), which a test checks. They are computed here because
the keys are stored and must not follow a library's version, and because many texts at once are four times as fast.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from threadwise.domain import Thread

BANDS, ROWS = 10, 3

Words32 = npt.NDArray[np.uint32]

_LONGEST = 50_000  # characters; the beginning of a very long text is enough to know it by
_RUN = 3  # words
_WORD = re.compile(r"\w+")
_WEIGHTS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)  # odd primes of xxHash32 (Y. Collet), one for each place of a run


def question_text(thread: Thread) -> str:
    """What a thread is known by: two threads are nearly the same if the same is asked, whoever replied since."""
    return f"{thread.title}\n{thread.question.text}"


def shingles(text: str) -> frozenset[int]:
    """The runs of three words of a text as 32-bit numbers, without case and punctuation.

    A text of one or two words is one run; one without words has none.
    """
    return frozenset(_runs([_words(text)]).tolist())


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of all shingles that both have, 0 to 1; 0 where there are none."""
    return len(one & other) / len(one | other) if one or other else 0.0


def bands(texts: Sequence[str]) -> list[list[int]]:
    """The keys under which each text is filed: ten signed 64-bit numbers, none for a text without words."""
    words = [_words(text) for text in texts]
    filed = [i for i, found in enumerate(words) if found]
    keys: list[list[int]] = [[] for _ in texts]
    if filed:
        lengths = np.array([len(words[i]) - _RUN + 1 for i in filed])
        minima = minhash(_runs(words), np.cumsum(lengths) - lengths)
        for i, row in zip(filed, _keys(minima).tolist(), strict=True):
            keys[i] = row
    return keys


def minhash(runs: Words32, starts: npt.NDArray[np.int64]) -> Words32:
    """The minima of 30 permutations over each group of shingles.

    Args:
        runs: The shingles of all groups, one after the other.
        starts: Where each group begins; no group is empty.

    Returns:
        Shape (groups, 30).
    """
    mixed = _mix32(runs)
    columns = [np.minimum.reduceat(mixed * a + b, starts) for a, b in zip(*_PERMUTATIONS, strict=True)]
    return np.stack(columns, axis=1)


def _words(text: str) -> list[str]:
    words = _WORD.findall(text[:_LONGEST].casefold())
    return words + [""] * (_RUN - len(words)) if words else []


def _runs(texts: Sequence[list[str]]) -> Words32:
    """The shingles of each text, one after the other; a shingle does not reach from one text into the next."""
    every = np.fromiter((zlib.crc32(word.encode()) for word in chain.from_iterable(texts)), dtype=np.uint32)
    if not len(every):
        return every
    first, second, third = (every[place : len(every) - _RUN + 1 + place] for place in range(_RUN))
    runs = first * np.uint32(_WEIGHTS[0]) + second * np.uint32(_WEIGHTS[1]) + third * np.uint32(_WEIGHTS[2])
    whole = np.ones(len(every), dtype=bool)
    ends = np.cumsum([len(words) for words in texts if words])
    whole[ends - 1] = whole[ends - 2] = False
    kept: Words32 = runs[whole[: len(runs)]]
    return kept


def _keys(minima: Words32) -> npt.NDArray[np.int64]:
    """One number for each band of minima, different for equal minima in different bands."""
    first, second, third = (minima[:, row::ROWS].astype(np.uint64) for row in range(ROWS))
    number = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed: npt.NDArray[np.int64] = _mix64(_mix64((first << np.uint64(32) | second) ^ number) ^ third).view(np.int64)
    return mixed


def _mix32(values: Words32) -> Words32:
    """The finalizer of MurmurHash3, 32 bits (A. Appleby): neighbours go far apart, nothing collides."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


def _mix64(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The same for 64 bits."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def _permutations() -> tuple[Words32, Words32]:
    """h -> a h + b modulo 2^32 with odd a; NumPy promises that this generator never changes."""
    random = np.random.RandomState(1)
    a = random.randint(0, 1 << 31, BANDS * ROWS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, random.randint(0, 1 << 32, BANDS * ROWS, dtype=np.uint32)


_PERMUTATIONS = _permutations()
