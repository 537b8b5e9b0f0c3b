"""The vectors of questions and replies as they are in memory: a saved snapshot, brought forward by the catalog.

What the catalog says came and went since the snapshot is done to it again, with rows from the vector cache
(docs/decisions/0001). When a part has outgrown its layout, a new one is made in a thread of its own while questions and
writes go on with the old one; then the two are exchanged.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Event, RLock, Thread

import numpy as np

from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.domain import Part
from threadwise.errors import ThreadwiseError
from threadwise.index.cache import VectorCache
from threadwise.index.catalog import Catalog
from threadwise.index.common import SAMPLE, Common, in_common
from threadwise.index.encoder import Floats
from threadwise.index.layout import EXACT, SAMPLED, Layout, wanted
from threadwise.index.manifest import Manifest
from threadwise.index.rows import State
from threadwise.index.vectors import VectorIndex

SNAPSHOT_ROWS = 1_000
"""Rows that may differ from the saved vectors before they are saved again (or a tenth of all, if that is more)."""

_AT_ONCE = 5_000
_SAVE_PATIENCE = 2.0
"""Seconds to wait for the writing lock with a new layout; whoever holds it saves it when it is done."""

_log = logging.getLogger(__name__)


class VectorMemory:
    """Both parts' vectors. Many threads may search them while one brings them forward."""

    def __init__(
        self, settings: Settings, catalog: Catalog, cache: Callable[[], VectorCache], dim: Callable[[], int]
    ) -> None:
        """Nothing is loaded yet.

        Args:
            settings: Where snapshots lie, and how many rows are compared one by one.
            catalog: What is indexed.
            cache: Opens the cache of the encoder's vectors.
            dim: How long they are; asked only where nothing is indexed yet.
        """
        self._settings = settings
        self._catalog = catalog
        self._cache = cache
        self._dim = dim
        self._parts: dict[Part, VectorIndex] = {}
        self._saved: dict[Part, int] = {}
        self._unsaved: set[Part] = set()  # parts whose layout is newer than the saved one
        self.state: State = catalog.state()
        self.missing: set[str] = set()
        self.lock = RLock()  # held for moments
        self._common: tuple[State, Common] | None = None
        self._builder: Thread | None = None
        self._closed = Event()

    @property
    def loaded(self) -> bool:
        """Whether there is something to search."""
        return bool(self._parts)

    def part(self, part: Part) -> VectorIndex:
        """The vectors of a part, loaded if they are not yet."""
        known = self._parts.get(part)  # looked up once: an index that is made anew drops them all
        if known is None:
            with self.lock:
                self.replay()
                known = self._parts[part]
        return known

    def common(self) -> Common:
        """What all passages have in common; found anew when the index changed."""
        state, known = self.state, self._common
        if known is None or known[0] != state:
            known = self._common = state, in_common([self.part(part) for part in Part], self._sample())
        return known[1]

    def _sample(self) -> Floats:
        """Rows from all over, the same ones in whatever order the threads came."""
        listed = self._catalog.lowest(SAMPLE)
        rows = np.empty((len(listed), self.part(Part.QUESTION).dim), dtype=np.float32)
        there = np.zeros(len(listed), dtype=np.bool_)
        for part in Part:
            places = np.asarray([i for i, (_, of) in enumerate(listed) if of is part], dtype=np.int64)
            numbers = np.asarray([number for number, of in listed if of is part], dtype=np.int64)
            known = self.part(part).holds(numbers)
            there[places] = known
            rows[places[known]] = self.part(part).vectors(numbers[known].tolist())
        return rows[there]

    def close(self) -> None:
        """Stop what is being made; it is made again when it is next due."""
        self._closed.set()
        if self._builder is not None:
            self._builder.join()

    def replay(self) -> None:
        """Bring the vectors to the catalog's state."""
        with self.lock:
            state = self._catalog.state()
            if state.epoch != self.state.epoch:
                self._parts.clear()
            for part in Part:
                known = self._parts.get(part)
                if known is None or self._laid_out_elsewhere(part, known, state):
                    self._parts[part] = self._load(part, state)
                else:
                    self._catch_up(part, known, self.state.stamp)
            self.state = state

    def snapshot(self) -> None:
        """Save what differs much from what is saved. The caller holds the writing lock."""
        with self.lock:
            for part, vectors in self._parts.items():
                changed = self._catalog.changes_since(self._saved[part], part)
                if part in self._unsaved or changed > max(SNAPSHOT_ROWS, len(vectors) // 10):
                    self._save(part, vectors)

    def forget(self) -> None:
        """Remove the snapshots from the disk."""
        for part in Part:
            shutil.rmtree(self._folder(part), ignore_errors=True)

    # The layout

    def lay_out(self) -> None:
        """Begin to make the layouts that are due, in a thread of its own."""
        with self.lock:
            busy = self._builder is not None and self._builder.is_alive()
            if busy or self._closed.is_set() or not self._due():
                return
            self._builder = Thread(target=self._build, name="lay-out", daemon=True)
            self._builder.start()

    def settle(self) -> None:
        """Return when every part has the layout it should have. The caller does not hold the writing lock."""
        for _ in Part:
            self.lay_out()
            builder = self._builder
            if builder is not None:
                builder.join()

    def _due(self) -> dict[Part, Layout]:
        plans = {part: self._wanted(vectors) for part, vectors in self._parts.items()}
        return {part: plan for part, plan in plans.items() if plan != self._parts[part].layout}

    def _wanted(self, vectors: VectorIndex) -> Layout:
        return wanted(len(vectors), self._settings.exact_limit, vectors.layout)

    def _build(self) -> None:
        with self.lock:
            due = self._due()
        for part, plan in due.items():
            try:
                self._lay_out(part, plan)
            except Exception:  # noqa: BLE001 - a full disk, say: what is there still serves, and this is tried again
                _log.exception("The %s vectors keep their layout for now.", part.value)

    def _lay_out(self, part: Part, plan: Layout) -> None:
        state, old = self._catalog.state(), self._parts[part]
        fresh = self._empty(part, plan)
        if fresh is None or not self._fill(part, fresh, 0, old):
            return
        with self.lock:
            if self.state.epoch != state.epoch or self._parts.get(part) is not old:
                return
            self._catch_up(part, fresh, state.stamp)
            self._parts[part] = fresh
            self._unsaved.add(part)
        try:
            with writing(self._settings.model_copy(update={"lock_timeout": _SAVE_PATIENCE})), self.lock:
                self.replay()
                if part in self._unsaved:
                    self._save(part, fresh)
                    self._catalog.touch()  # other processes look for the new layout
        except ThreadwiseError as error:
            _log.info("The new layout is saved later: %s", error)

    def _empty(self, part: Part, plan: Layout) -> VectorIndex | None:
        if plan == EXACT:
            return VectorIndex(self._parts[part].dim, originals=self._originals)
        share = plan.lists * SAMPLED / max(1, plan.trained_at)
        known = self._cache().get(self._catalog.sample(part, share))
        sample = np.stack([known[key] for key in sorted(known)]) if known else np.empty((0, 1), dtype=np.float32)
        if not len(sample):
            return None
        return VectorIndex.trained(sample, plan, self._originals, self._closed.is_set)

    def _fill(self, part: Part, fresh: VectorIndex, stamp: int, old: VectorIndex) -> bool:
        """Add the rows that came after a stamp; False where it was stopped."""
        rows = self._catalog.added_since(stamp, part)
        while batch := list(islice(rows, _AT_ONCE)):
            if self._closed.is_set():
                return False
            known = self._cache().get([key for _, key in batch])
            there = [(number, known[key]) for number, key in batch if key in known]
            lost = [number for number, key in batch if key not in known and number in old]
            numbers = [number for number, _ in there] + lost
            if numbers:
                fresh.add(numbers, np.concatenate([*[row[None, :] for _, row in there], old.vectors(lost)]))
        return True

    # Snapshot and replay

    def _load(self, part: Part, state: State) -> VectorIndex:
        saved = VectorIndex.load(
            self._folder(part),
            model=state.model or self._settings.model,
            epoch=state.epoch,
            originals=self._originals,
        )
        vectors, stamp = saved or (VectorIndex(state.dim or self._dim(), originals=self._originals), 0)
        self._saved[part] = stamp
        self._unsaved.discard(part)
        self._catch_up(part, vectors, stamp)
        return vectors

    def _catch_up(self, part: Part, vectors: VectorIndex, stamp: int) -> None:
        vectors.remove(self._catalog.removed_since(stamp, part))
        rows = self._catalog.added_since(stamp, part)
        while batch := list(islice(rows, _AT_ONCE)):
            fresh = [(number, key) for number, key in batch if number not in vectors]
            known = self._cache().get([key for _, key in fresh]) if fresh else {}
            there = [(number, key) for number, key in fresh if key in known]
            if there:
                vectors.add([number for number, _ in there], np.stack([known[key] for _, key in there]))
            self.missing |= self._catalog.threads_of([number for number, key in fresh if key not in known])

    def _laid_out_elsewhere(self, part: Part, vectors: VectorIndex, state: State) -> bool:
        """Whether another process saved the layout that these vectors should have."""
        if part in self._unsaved or self._wanted(vectors) == vectors.layout:
            return False
        saved = Manifest.read(self._folder(part))
        return saved is not None and saved.epoch == state.epoch and saved.layout != vectors.layout

    def _save(self, part: Part, vectors: VectorIndex) -> None:
        state = self.state
        vectors.save(
            self._folder(part), model=state.model, generation=state.generation, epoch=state.epoch, stamp=state.stamp
        )
        self._saved[part] = state.stamp
        self._unsaved.discard(part)

    def _originals(self, numbers: Sequence[int]) -> Mapping[int, Floats]:
        keys = self._catalog.vector_keys_at(numbers)
        known = self._cache().get(list(set(keys.values())))
        return {number: known[key] for number, key in keys.items() if key in known}

    def _folder(self, part: Part) -> Path:
        return self._settings.index_folder / "vectors" / part.value
