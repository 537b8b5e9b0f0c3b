"""Nearest passages by cosine similarity: with `shortlist` the only place that knows FAISS.

Rows are unit vectors, so the inner product is the cosine. They carry the catalog's passage numbers. Few rows are
compared exactly; many lie in lists (`layout`), in 8 bits a component, and what the lists name is compared again with
the original rows, which somebody else keeps. Leaves to others: when to lay out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from threadwise.errors import DimensionError, IndexFault
from threadwise.index.encoder import Floats
from threadwise.index.files import replacing
from threadwise.index.gate import Gate
from threadwise.index.layout import EXACT, ROUNDS, Layout, probes
from threadwise.index.manifest import FORMAT, Manifest
from threadwise.index.numbers import Ids, Numbers
from threadwise.index.shortlist import LONGER, Shortlist

Found: TypeAlias = list[tuple[int, float]]
Originals: TypeAlias = Callable[[Sequence[int]], Mapping[int, Floats]]
"""The original rows of some numbers, as far as they are kept."""

FILE = "vectors.faiss"

_AT_ONCE = 2_000
"""Rows that are written or read in one go, so that questions wait for a moment only."""


class VectorIndex:
    """Unit float32 rows by number. Many threads may search while one adds or removes."""

    def __init__(
        self,
        dim: int,
        index: Any = None,
        total: Sequence[float] | None = None,
        layout: Layout = EXACT,
        originals: Originals | None = None,
    ) -> None:
        self.dim = dim
        self.layout = layout
        self._index: Any = index if index is not None else faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        self._originals = originals or (lambda _: {})
        self._gate = Gate()
        self._numbers = Numbers()
        self._shortlist: Shortlist | None = None
        self._asked = False
        self._total: NDArray[np.float64] = np.zeros(dim) if total is None else np.asarray(total, dtype=np.float64)
        for _, ids in self._held():
            self._numbers.add(ids)
            if total is None:
                for some in _pieces(ids):
                    self._total += self.vectors(some).sum(axis=0, dtype=np.float64)

    @classmethod
    def trained(
        cls,
        sample: Floats,
        layout: Layout,
        originals: Originals | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> VectorIndex | None:
        """An empty index with lists around the middles of a sample; None where it was stopped.

        One thread trains it, so that others have the rest of the processor.

        Args:
            sample: Unit float32 rows, shape (n, dim), from all over; fewer than lists make fewer lists.
            layout: How many lists.
            originals: Where the original rows are kept.
            stopped: Asked between rounds.
        """
        dim = sample.shape[1]
        lists = max(1, min(layout.lists, len(sample)))
        middles: Any = None
        for _ in range(ROUNDS):
            if stopped():
                return None
            # One round at a time, so that a process that ends does not wait for all.
            rounds = faiss.Kmeans(dim, lists, niter=1, spherical=True, min_points_per_centroid=1, seed=1)
            with _one_thread():
                rounds.train(sample, init_centroids=middles)
            middles = rounds.centroids
        quantizer = faiss.IndexFlatIP(dim)
        quantizer.add(middles)
        index = faiss.IndexIVFScalarQuantizer(
            quantizer, dim, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        with _one_thread():
            index.train(sample)  # the range of each component; the lists are there already
        return cls(dim, index, np.zeros(dim).tolist(), Layout(lists, layout.trained_at), originals)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, number: int) -> bool:
        return number in self._numbers

    def holds(self, numbers: Ids) -> NDArray[np.bool_]:
        """Which of some numbers are there, shape (len(numbers),)."""
        return self._numbers.known(numbers)

    def numbers(self) -> set[int]:
        """The number of every row."""
        return set(np.flatnonzero(self._numbers.there).tolist())

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
        rows, numbers = self._checked(vectors), np.asarray(ids, dtype=np.int64)
        if len(rows) != len(numbers):
            raise DimensionError(f"{len(numbers)} passages came with {len(rows)} vectors; nothing was added.")
        if len(np.unique(numbers)) != len(numbers) or self._numbers.known(numbers).any():
            raise IndexFault("A passage would be in the index twice; `threadwise index --rebuild` makes it anew.")
        for start in range(0, len(numbers), _AT_ONCE):
            self._add(numbers[start : start + _AT_ONCE], rows[start : start + _AT_ONCE])

    def _add(self, numbers: Ids, rows: Floats) -> None:
        """Add rows that were checked; finding their lists takes long and keeps nobody waiting."""
        nearest = None
        if self.layout.lists:
            with _one_thread():
                nearest = self._index.quantizer.assign(rows, 1).ravel()
        with self._gate.writing():
            if self._shortlist:
                self._shortlist.add(numbers, rows)
            if nearest is None:
                self._index.add_with_ids(rows, numbers)
            else:
                pointers = (faiss.swig_ptr(values) for values in (rows, numbers, nearest))
                self._index.add_core(len(rows), *pointers)
            self._numbers.add(numbers)
            self._total = self._total + rows.sum(axis=0, dtype=np.float64)

    def remove(self, ids: Sequence[int]) -> None:
        """Remove rows; numbers that are not there are passed over."""
        numbers = np.unique(np.asarray(ids, dtype=np.int64))
        for gone in _pieces(numbers[self._numbers.known(numbers)]):
            rows = self.vectors(gone.tolist())
            with self._gate.writing():
                self._index.remove_ids(gone)
                if self._shortlist:
                    self._shortlist.remove(gone)
                self._numbers.remove(gone)
                self._total = self._total - rows.sum(axis=0, dtype=np.float64)

    def search(self, queries: Floats, k: int, *, within: Ids | None = None) -> list[Found]:
        """The k rows nearest to each query, best first, as (number, cosine).

        Args:
            queries: Unit float32 rows, shape (n, dim).
            k: Most rows for each; fewer come back from a smaller index.
            within: Search these numbers alone.

        Raises:
            DimensionError: The queries come from another encoder than the index.
        """
        rows = self._checked(queries)
        k = min(k, len(self))
        if k < 1 or not len(rows) or (within is not None and not len(within)):
            return [[] for _ in rows]
        if not self.layout.lists and within is not None:
            return self._search(rows, k, faiss.SearchParameters(sel=_selector(within)))  # type: ignore[call-arg]
        if not self.layout.lists:
            return [self._exact(row, k) for row in rows]
        options = faiss.IVFSearchParameters(  # type: ignore[call-arg]
            nprobe=probes(self.layout, len(self), None if within is None else len(within)),
            sel=None if within is None else _selector(within),
        )
        # Eight bits put a few of the nearest in a slightly wrong order: twice as many are compared again.
        near = self._search(rows, min(2 * k, len(self)), options)
        return [self._again(row, found, k) for row, found in zip(rows, near, strict=True)]

    def _exact(self, query: Floats, k: int) -> Found:
        """The k nearest, proven by a shortlist; by comparing all where that would be long."""
        most = LONGER * k
        while most * LONGER <= len(self) and (shortlist := self._with_shortlist()):
            with self._gate.reading(), _one_thread():
                numbers, others = shortlist.nearest(query, most)
                cosines = np.vecdot(self._index.reconstruct_batch(numbers), query)
            best = np.argsort(-cosines, kind="stable")[:k]
            if len(numbers) < most or cosines[best[-1]] >= others:
                return list(zip(numbers[best].tolist(), cosines[best].tolist(), strict=True))
            most *= LONGER
        return self._search(query[None, :], k, None)[0]

    def _with_shortlist(self) -> Shortlist | None:
        """The shortlist; none for the first question, since making it takes as long as fifty questions without it."""
        if self._shortlist is None and self._asked:
            with self._gate.writing():
                if self._shortlist is None:  # else another question made it meanwhile; a second one would go stale
                    made = Shortlist(self.dim)
                    for _, ids in self._held():
                        for some in _pieces(ids):
                            made.add(some, self._index.reconstruct_batch(some))
                    self._shortlist = made
        self._asked = True
        return self._shortlist

    def _search(self, rows: Floats, k: int, options: Any) -> list[Found]:
        with self._gate.reading(), _one_thread():
            scores, ids = self._index.search(rows, k, params=options)
        # FAISS pads with -1 when it finds fewer than k rows.
        return [
            [(int(i), float(s)) for i, s in zip(found, cosines, strict=True) if i >= 0]
            for found, cosines in zip(ids, scores, strict=True)
        ]

    def _again(self, query: Floats, found: Found, k: int) -> Found:
        """What the lists named, by cosine with the original rows; a row that is lost keeps its 8-bit score."""
        known = self._originals([number for number, _ in found])
        exact = {number: float(row @ query) for number, row in known.items()}
        return sorted(((i, exact.get(i, score)) for i, score in found), key=lambda pair: (-pair[1], pair[0]))[:k]

    def vectors(self, ids: Sequence[int] | Ids) -> Floats:
        """The rows under these numbers, in their order, shape (len(ids), dim). IndexFault where one is not there."""
        numbers = np.asarray(ids, dtype=np.int64)
        with self._gate.reading():  # within one gate: a row that is there now may be removed a moment later
            missing = numbers[~self._numbers.known(numbers)]
            if len(missing):
                raise _not_there(missing[0])
            if not self.layout.lists and len(numbers):
                rows: Floats = self._index.reconstruct_batch(numbers)
                return rows
        return self._kept(numbers) if len(numbers) else np.empty((0, self.dim), dtype=np.float32)

    def _kept(self, numbers: Ids) -> Floats:
        """Original rows; those that are lost are made from their 8 bits."""
        rows = dict(self._originals(numbers.tolist()))
        lost = [i for i in numbers.tolist() if i not in rows]
        if lost:
            rows |= self._remade(np.unique(np.asarray(lost, dtype=np.int64)))
        gone = [i for i in lost if i not in rows]
        if gone:
            raise _not_there(gone[0])
        return np.stack([rows[i] for i in numbers.tolist()])

    def _remade(self, numbers: Ids) -> dict[int, Floats]:
        """Rows made from their 8 bits; each list is looked through for them."""
        wanted = _mask(numbers, len(self._numbers.there))
        found: dict[int, Floats] = {}
        with self._gate.reading():
            for place, ids in self._held():
                for offset in np.flatnonzero(wanted[ids]).tolist():
                    row = np.empty(self.dim, dtype=np.float32)
                    self._index.reconstruct_from_offset(place, offset, faiss.swig_ptr(row))
                    found[int(ids[offset])] = row
        return found

    def save(self, folder: Path, *, model: str, generation: int, epoch: str, stamp: int) -> None:
        """Write the index so that a reader sees the old one or the new one, whatever happens meanwhile."""
        name = f"{epoch}-{stamp}-{self.layout.trained_at}-{FILE}"
        with self._gate.reading():
            with replacing(folder / name) as path:
                faiss.write_index(self._index, str(path))
            count, total = len(self), self._total.tolist()
        manifest = Manifest(
            FORMAT, model, self.dim, generation, count, epoch, stamp, name, total,
            self.layout.lists, self.layout.trained_at,
        )  # fmt: skip
        manifest.write(folder)
        for old in folder.glob(f"*-{FILE}"):
            if old.name != name:
                old.unlink(missing_ok=True)

    @classmethod
    def load(
        cls, folder: Path, *, model: str, epoch: str, originals: Originals | None = None
    ) -> tuple[VectorIndex, int] | None:
        """The saved index and the catalog's stamp it holds; None where there is none of this epoch, or it is damaged.

        Raises:
            DimensionError: It was made with another model.
        """
        manifest = Manifest.read(folder)
        if manifest is None:
            return None
        if manifest.model != model:
            raise DimensionError(
                f"The vectors in {folder} were made with the model {manifest.model!r}, the settings name {model!r}. "
                "Set THREADWISE_MODEL back, or make the index anew with `threadwise index --rebuild`."
            )
        if manifest.epoch != epoch or manifest.format != FORMAT:
            return None
        try:
            index = faiss.read_index(str(folder / manifest.file))
        except RuntimeError:
            return None
        kind = faiss.IndexIVFScalarQuantizer if manifest.lists else faiss.IndexIDMap2
        if not isinstance(index, kind) or index.d != manifest.dim or index.ntotal != manifest.count:
            return None
        return cls(manifest.dim, index, manifest.total, manifest.layout, originals), manifest.stamp

    def _held(self) -> Iterator[tuple[int, Ids]]:
        """Each list's place and the numbers that it holds; one list where rows are compared one by one."""
        if not self.layout.lists:
            yield 0, faiss.vector_to_array(self._index.id_map)
            return
        lists = self._index.invlists
        for place in range(self.layout.lists):
            if size := lists.list_size(place):
                yield place, faiss.rev_swig_ptr(lists.get_ids(place), size)  # the list's own memory

    def _checked(self, vectors: Floats) -> Floats:
        if vectors.ndim != 2 or vectors.shape[1] != self.dim or vectors.dtype != np.float32:
            raise DimensionError(
                f"Vectors are {vectors.dtype} of shape {vectors.shape}, the index needs float32 (rows, {self.dim}). "
                "Was it built with another encoder? `threadwise index --rebuild` makes it anew."
            )
        return np.ascontiguousarray(vectors)


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS computes on the thread that asks, for as long as this lasts.

    One question gains nothing from more (3 ms for 50,000 rows either way), and where others want the processor too,
    threads that wait for each other took 60 ms and seven times the processor time. The setting is this thread's own.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _not_there(number: int) -> IndexFault:
    return IndexFault(f"Passage {number} is not in the index; `threadwise index --rebuild` makes it anew.")


def _selector(numbers: Ids) -> Any:
    """One bit for each number up to the highest: asked for every row that is looked at."""
    return faiss.IDSelectorBitmap(np.packbits(_mask(numbers, int(numbers.max()) + 1), bitorder="little"))  # type: ignore[call-arg,arg-type]


def _mask(numbers: Ids, length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, dtype=np.bool_)
    mask[numbers] = True
    return mask


def _pieces(numbers: Ids) -> Iterator[Ids]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
