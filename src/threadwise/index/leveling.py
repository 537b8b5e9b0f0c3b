"""Bring the index level with the corpus: encode, store and remove what changed, a batch of threads at a time.

Order of a batch: vectors into the cache, words, catalog, then memory. The catalog's commit is the moment at which the
batch counts; a crash before it leaves words that no catalog row knows, which the next level removes, and vectors in
the cache, which it finds there. The vectors in memory are a saved snapshot plus what the catalog says came and went
since, so that one new thread never rewrites a large file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from threadwise.config import Settings
from threadwise.corpus.reads import Change
from threadwise.corpus.store import Store
from threadwise.domain import Passage, Thread, content_hash
from threadwise.errors import DimensionError
from threadwise.index.catalog import Catalog
from threadwise.index.encoding import Encoding
from threadwise.index.lexical import Document, LexicalIndex
from threadwise.index.memory import VectorMemory
from threadwise.index.passages import context, cut
from threadwise.index.rows import Maker, Row, State

Progress = Callable[[int, int], None]

FIRST_BATCH = 16
"""Threads of the first batch; each has twice as many as the one before, so that whoever waits soon sees a rate."""

BATCH_THREADS = 500
"""Threads a batch: enough that commits cost little, few enough to see the index grow during an import."""


@dataclass(frozen=True, slots=True)
class LevelReport:
    """What levelling did; `encoded` counts the passages whose vectors were not in the cache."""

    threads: int
    passages: int
    encoded: int
    seconds: float


class Embedded:
    """What is embedded of some threads: each passage after its title, and each title alone."""

    def __init__(self, threads: Sequence[Thread]) -> None:
        self.passages: list[tuple[Thread, Passage]] = [(thread, one) for thread in threads for one in cut(thread)]
        texts = [context(thread, passage) for thread, passage in self.passages]
        self.keys = [content_hash(text) for text in texts]
        self.titles = {thread.id: content_hash(thread.heading) for thread in threads}
        self.texts = dict(zip(self.keys, texts, strict=True)) | {
            content_hash(one.heading): one.heading for one in threads
        }


class Leveling:
    """Writes the parts of one index. One thread at a time; whoever searches goes on meanwhile."""

    def __init__(
        self, settings: Settings, store: Store, encoding: Encoding, catalog: Catalog, words: LexicalIndex,
        vectors: VectorMemory,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._store = store
        self._encoding = encoding
        self._catalog = catalog
        self._words = words
        self._vectors = vectors

    def level(self, progress: Progress | None = None) -> LevelReport:
        """Bring the index level with the corpus. The caller holds the writing lock.

        Args:
            progress: Called with passages done and (estimated) passages in all.

        Raises:
            DimensionError: The model's vectors have another name or length than those of the index.
            StoreError: The disk did not take it; what is not done is done next time.
        """
        started = time.perf_counter()
        self._replay()
        since, target = self._state.generation, self._store.generation
        if since == target and not self._vectors.missing:
            return LevelReport(0, 0, 0, 0.0)
        self._check_encoder()
        self._words.remove_from(self._state.next_number)
        total = sum(1 for _ in self._store.changes(since)) + len(self._vectors.missing)
        done = passages = encoded = 0
        for batch in _batches(self._changed(since)):
            last = done + len(batch) >= total
            rows, fresh = self._take(batch, target if last else batch[-1].generation - 1)
            done, passages, encoded = done + len(batch), passages + rows, encoded + fresh
            if progress:
                progress(passages, max(passages, round(passages * total / done)))
        if self._state.generation != target:
            self._commit([], [], {}, target)
        self._vectors.missing.clear()
        self._vectors.snapshot()
        self._vectors.lay_out()
        return LevelReport(done, passages, encoded, time.perf_counter() - started)

    def empty(self) -> None:
        """Forget every passage, so that the next `level` makes all anew."""
        self._catalog.clear()  # first: from here on, whoever is killed leaves an index that knows it is behind
        self._words.remove_from(0)
        self._words.commit()
        self._vectors.forget()
        self._vectors.missing.clear()

    def _changed(self, since: int) -> Iterator[Change]:
        for thread_id in sorted(self._vectors.missing):
            yield Change(thread_id, since + 1, thread_id not in self._store)
        yield from self._store.changes(since)

    def _take(self, batch: Sequence[Change], generation: int) -> tuple[int, int]:
        """Index the threads of a batch; how many passages they have, and how many of those were encoded."""
        threads = self._store.get_many([change.thread_id for change in batch if not change.deleted])
        embedded = Embedded(list(threads.values()))
        encoded = self._encoding.encode_missing(embedded.texts)
        passages, keys = embedded.passages, embedded.keys
        numbers = range(self._state.next_number, self._state.next_number + len(passages))
        removed = self._catalog.numbers_of([change.thread_id for change in batch])
        self._words.remove(removed)
        self._words.add(
            Document(n, thread.id, passage.part, thread.heading, passage.text)
            for n, (thread, passage) in zip(numbers, passages, strict=True)
        )
        rows = [Row(n, passage, key) for n, (_, passage), key in zip(numbers, passages, keys, strict=True)]
        titles = {change.thread_id: embedded.titles.get(change.thread_id) for change in batch}
        self._commit(removed, rows, titles, generation)
        return len(passages), len(encoded.intersection(keys))

    def _commit(
        self, removed: Sequence[int], rows: Sequence[Row], titles: dict[str, str | None], generation: int
    ) -> None:
        self._words.commit()
        encoder = self._encoding.encoder()
        made_by = Maker(self._settings.model, encoder.name, encoder.dim)
        self._catalog.apply(removed, rows, generation, made_by, titles)
        self._replay()

    def _check_encoder(self) -> None:
        made_with, name = self._state.encoder, self._encoding.encoder().name
        if made_with and made_with != name:
            raise DimensionError(
                f"The index was made with {made_with!r}, the model of the settings is {name!r}. "
                "`threadwise index --rebuild` makes it anew with that one."
            )

    @property
    def _state(self) -> State:
        return self._vectors.state

    def _replay(self) -> None:
        self._vectors.replay()
        self._words.refresh()


def _batches(changes: Iterator[Change]) -> Iterator[list[Change]]:
    size = FIRST_BATCH
    while batch := list(islice(changes, size)):
        yield batch
        size = min(2 * size, BATCH_THREADS)
