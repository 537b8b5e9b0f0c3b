"""What all passages of a corpus have in common, to be taken away before they are compared with a question.

The vectors of one encoder and one forum lie in a narrow cone: they share a mean, and one direction in which they differ
more than in any other. Both say what the forum is about and not what a post is about. What it gains is in
docs/decisions/0003-ranking.md. Source: Mu and Viswanath, "All-but-the-Top", ICLR 2018; with one direction here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from threadwise.index.encoder import Floats
from threadwise.index.vectors import VectorIndex

SHRINK = 100
"""The mean is drawn to zero as if the corpus held this many more passages of everything: the mean of a handful is those
passages themselves, and taking it away would leave nothing."""

DIRECTION_SHRINK = 2_000
"""The same for the direction: in a small forum it is the largest topic rather than what all have in common. Measured:
1,000 to 4,000 are alike, 100 loses on a forum of 900 passages (docs/decisions/0003-ranking.md)."""

SAMPLE = 2_000
"""Passages that the direction is found from; a few hundred find nearly the same (docs/decisions/0003-ranking.md)."""


@dataclass(frozen=True, slots=True)
class Common:
    """`mean` and unit `direction` have shape (dim,); `share` of what lies along the direction is taken away."""

    mean: Floats
    direction: Floats
    share: float

    def without(self, rows: Floats) -> Floats:
        """The rows without what is common, at unit length; shape as given, (n, dim) or (dim,)."""
        own = rows - self.mean
        own -= (self.share * (own @ self.direction))[..., None] * self.direction
        own /= np.maximum(np.sqrt(np.vecdot(own, own)), 1e-9)[..., None]
        return np.asarray(own, dtype=np.float32)


def in_common(vectors: Iterable[VectorIndex], sample: Floats) -> Common:
    """What the passages of a corpus have in common.

    Args:
        vectors: All of them.
        sample: Rows from all over, shape (n, dim), the same ones in the same order whenever the corpus is the same.
    """
    parts = list(vectors)
    count = sum(len(part) for part in parts)
    mean = sum((part.total for part in parts), np.zeros(parts[0].dim)) / (count + SHRINK)
    own = sample.astype(np.float64) - mean
    _, directions = np.linalg.eigh(own.T @ own)
    share = count / (count + DIRECTION_SHRINK)
    return Common(np.asarray(mean, dtype=np.float32), np.asarray(directions[:, -1], dtype=np.float32), share)
