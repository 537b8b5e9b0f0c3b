"""Nearest passages by cosine similarity: the only place that knows FAISS.

Rows are unit vectors, so the inner product is the cosine. Search is exact. Rows carry the catalog's passage numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Condition, Lock
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from threadwise.errors import DimensionError, IndexFault
from threadwise.index.files import write_whole

Floats: TypeAlias = NDArray[np.float32]
Ids: TypeAlias = NDArray[np.int64]

FORMAT = 1
FILE = "vectors.faiss"
MANIFEST = "manifest.json"

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a saved index says of itself; `epoch` and `stamp` are the catalog's state that it holds."""

    format: int
    model: str
    dim: int
    generation: int
    count: int
    epoch: str
    stamp: int
    file: str
    total: list[float] | None = None


class VectorIndex:
    """Unit float32 rows by number. Many threads may search while one adds or removes."""

    def __init__(self, dim: int, index: Any = None, total: Sequence[float] | None = None) -> None:
        self.dim = dim
        self._index: Any = index if index is not None else faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        self._ids: set[int] = set(faiss.vector_to_array(self._index.id_map).tolist())
        self._gate = _Gate()
        self._total: NDArray[np.float64] = np.zeros(dim) if total is None else np.asarray(total, dtype=np.float64)
        if total is None:
            ids = list(self._ids)
            for start in range(0, len(ids), _AT_ONCE):
                self._total += self.vectors(ids[start : start + _AT_ONCE]).sum(axis=0, dtype=np.float64)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, number: object) -> bool:
        return number in self._ids

    @property
    def total(self) -> NDArray[np.float64]:
        """The sum of all rows, shape (dim,)."""
        return self._total

    def add(self, ids: Sequence[int], vectors: Floats) -> None:
        """Add rows under new numbers.

        Args:
            ids: One number a row, none of them there yet.
            vectors: Unit float32 rows, shape (len(ids), dim).

        Raises:
            DimensionError: Another shape or type. FAISS would take float64 and other lengths without a word.
            IndexFault: A number is there already, or twice.
        """
        rows = self._checked(vectors)
        if len(rows) != len(ids):
            raise DimensionError(f"{len(ids)} passages came with {len(rows)} vectors; nothing was added.")
        fresh = set(ids)
        if len(fresh) != len(ids) or fresh & self._ids:
            raise IndexFault("A passage would be in the index twice; `threadwise index --rebuild` makes it anew.")
        if not fresh:
            return
        with self._gate.writing():
            self._index.add_with_ids(rows, np.asarray(ids, dtype=np.int64))
            self._ids |= fresh
            self._total = self._total + rows.sum(axis=0, dtype=np.float64)

    def remove(self, ids: Sequence[int]) -> None:
        """Remove rows; numbers that are not there are passed over."""
        gone = self._ids.intersection(ids)
        if not gone:
            return
        rows = self.vectors(list(gone))
        with self._gate.writing():
            self._index.remove_ids(np.fromiter(gone, dtype=np.int64, count=len(gone)))
            self._ids -= gone
            self._total = self._total - rows.sum(axis=0, dtype=np.float64)

    def search(self, queries: Floats, k: int, *, within: Ids | None = None) -> list[list[tuple[int, float]]]:
        """The k rows nearest to each query, best first, as (number, cosine).

        Args:
            queries: Unit float32 rows, shape (n, dim).
            k: Most rows for each; fewer come back from a smaller index.
            within: Search these numbers alone.

        Raises:
            DimensionError: The queries come from another encoder than the index.
        """
        rows = self._checked(queries)
        k = min(k, len(self._ids))
        if k < 1 or not len(rows) or (within is not None and not len(within)):
            return [[] for _ in rows]
        options = None
        if within is not None:
            options = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.ascontiguousarray(within, dtype=np.int64)))  # type: ignore[call-arg]
        with self._gate.reading():
            scores, ids = self._index.search(rows, k, params=options)
        # FAISS pads with -1 when it finds fewer than k rows.
        return [
            [(int(i), float(s)) for i, s in zip(found, cosines, strict=True) if i >= 0]
            for found, cosines in zip(ids, scores, strict=True)
        ]

    def vectors(self, ids: Sequence[int]) -> Floats:
        """The rows under these numbers, in their order, shape (len(ids), dim). IndexFault where one is not there."""
        missing = [i for i in ids if i not in self._ids]
        if missing:
            raise IndexFault(f"Passage {missing[0]} is not in the index; `threadwise index --rebuild` makes it anew.")
        if not ids:
            return np.empty((0, self.dim), dtype=np.float32)
        with self._gate.reading():
            rows: Floats = self._index.reconstruct_batch(np.asarray(ids, dtype=np.int64))
        return rows

    def save(self, folder: Path, *, model: str, generation: int, epoch: str, stamp: int) -> None:
        """Write the index so that a reader sees the old one or the new one, whatever happens meanwhile."""
        with self._gate.reading():
            data = faiss.serialize_index(self._index)
            count, total = len(self._ids), self._total.tolist()
        name = f"{epoch}-{stamp}-{FILE}"
        write_whole(folder / name, data.data)
        manifest = Manifest(FORMAT, model, self.dim, generation, count, epoch, stamp, name, total)
        write_whole(folder / MANIFEST, json.dumps(asdict(manifest), indent=2).encode())
        for old in folder.glob(f"*-{FILE}"):
            if old.name != name:
                old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, *, model: str, epoch: str) -> tuple[VectorIndex, int] | None:
        """The saved index and the catalog's stamp it holds; None where there is none of this epoch, or it is damaged.

        Raises:
            DimensionError: It was made with another model.
        """
        try:
            manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        if manifest.model != model:
            raise DimensionError(
                f"The vectors in {folder} were made with the model {manifest.model!r}, the settings name {model!r}. "
                "Set THREADWISE_MODEL back, or make the index anew with `threadwise index --rebuild`."
            )
        if manifest.epoch != epoch or manifest.format != FORMAT:
            return None
        try:
            index = faiss.deserialize_index(np.fromfile(folder / manifest.file, dtype=np.uint8))
        except (OSError, RuntimeError):
            return None
        if index.d != manifest.dim or index.ntotal != manifest.count:
            return None
        return cls(manifest.dim, index, manifest.total), manifest.stamp

    def _checked(self, vectors: Floats) -> Floats:
        if vectors.ndim != 2 or vectors.shape[1] != self.dim or vectors.dtype != np.float32:
            raise DimensionError(
                f"Vectors are {vectors.dtype} of shape {vectors.shape}, the index needs float32 (rows, {self.dim}). "
                "Was it built with another encoder? `threadwise index --rebuild` makes it anew."
            )
        return np.ascontiguousarray(vectors)


class _Gate:
    """Many readers or one writer; a waiting writer goes before new readers."""

    def __init__(self) -> None:
        self._changed = Condition(Lock())
        self._readers = 0
        self._writers = 0
        self._busy = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._writers)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._changed:
            self._writers += 1
            self._changed.wait_for(lambda: not self._readers and not self._busy)
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._writers -= 1
                self._busy = False
                self._changed.notify_all()
