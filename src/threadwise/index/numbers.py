"""Which passage numbers there are, without a set of Python's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


class Numbers:
    """Which numbers there are, a byte for each that ever was: a set of Python's takes a hundred."""

    def __init__(self) -> None:
        self.there: NDArray[np.bool_] = np.zeros(1024, dtype=np.bool_)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        there = self.there
        return 0 <= number < len(there) and bool(there[number])

    def known(self, numbers: Ids) -> NDArray[np.bool_]:
        """Which of some numbers are there."""
        there = self.there
        inside = (numbers >= 0) & (numbers < len(there))
        return inside & there[np.where(inside, numbers, 0)]

    def add(self, numbers: Ids) -> None:
        """Note numbers that are not there yet."""
        highest = int(numbers.max(initial=0))
        if highest >= len(self.there):
            grown = np.zeros(max(2 * len(self.there), highest + 1), dtype=np.bool_)
            grown[: len(self.there)] = self.there
            self.there = grown
        self.there[numbers] = True
        self._count += len(numbers)

    def remove(self, numbers: Ids) -> None:
        """Forget numbers that are there."""
        self.there[numbers] = False
        self._count -= len(numbers)
