"""Bring the index level with the corpus, and search it: the one place where passages, vectors and words meet.

Order of a batch: vectors into the cache, words, catalog, then memory. The catalog's commit is the moment at which the
batch counts; a crash before it leaves words that no catalog row knows, which the next level removes, and vectors in
the cache, which it finds there. The vectors in memory are a saved snapshot plus what the catalog says came and went
since, so that one new thread never rewrites a large file.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from threading import RLock

import numpy as np

from threadwise.config import Settings
from threadwise.corpus.store import Change, Store
from threadwise.domain import Hit, Part, Passage, Thread, content_hash
from threadwise.errors import DimensionError, IndexFault
from threadwise.index.audit import Audit, Parts, audit
from threadwise.index.catalog import Catalog, Maker, Row, State
from threadwise.index.encoder import Encoder, Floats
from threadwise.index.encoding import Encoding
from threadwise.index.files import bringing_level
from threadwise.index.filtering import Found, best
from threadwise.index.lexical import Document, LexicalIndex
from threadwise.index.matches import Asked, Matches, gather
from threadwise.index.memory import VectorMemory
from threadwise.index.passages import context, cut
from threadwise.index.vectors import VectorIndex

Progress = Callable[[int, int], None]

FIRST_BATCH = 16
"""Threads of the first batch; each has twice as many as the one before, so that whoever waits soon sees a rate."""

BATCH_THREADS = 500
"""Threads a batch: enough that commits cost little, few enough to see the index grow during an import."""

_TRIES = 10
"""How often a question looks again at threads that are written while it reads them."""


@dataclass(frozen=True, slots=True)
class LevelReport:
    """What levelling did; `encoded` counts the passages whose vectors were not in the cache."""

    threads: int
    passages: int
    encoded: int
    seconds: float


class Index:
    """The index of one home. Many threads may search while one brings it level."""

    def __init__(self, settings: Settings, store: Store, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self._store = store
        self._encoding = Encoding(settings, encoder)
        self._catalog = Catalog.open(settings.index_folder / "catalog.db")
        self._lexical = LexicalIndex.open(settings.index_folder / "words")
        self._vectors = VectorMemory(
            settings, self._catalog, self._encoding.cache, lambda: self._encoding.encoder().dim
        )
        self._leveling = RLock()  # one thread levels; questions go on meanwhile

    @classmethod
    def open(cls, settings: Settings, store: Store, encoder: Encoder | None = None, *, anew: bool = False) -> Index:
        """Open the index of a home; a damaged one is made anew from the corpus at the next `level`.

        Args:
            settings: Whose home.
            store: Its corpus.
            encoder: Instead of the model that the settings name.
            anew: Whether `rebuild` comes next, so that it does not matter which model it was made with.

        Raises:
            DimensionError: It was made with another model than the settings name.
        """
        try:
            index = cls(settings, store, encoder)
        except IndexFault:
            _discard(settings)
            index = cls(settings, store, encoder)
        made_with = index._state.model
        if made_with and made_with != settings.model and not anew:
            index.close()
            raise DimensionError(
                f"The index in {settings.index_folder} was made with the model {made_with!r}, the settings name "
                f"{settings.model!r}. Set THREADWISE_MODEL back, or make the index anew: `threadwise index --rebuild`."
            )
        return index

    def close(self) -> None:
        """Let go of files; the Index is of no use after."""
        self._vectors.close()
        with self._leveling:
            self._lexical.close()
            self._catalog.close()
            self._encoding.close()

    def __len__(self) -> int:
        return self._catalog.state().count

    @property
    def generation(self) -> int:
        """The corpus generation that is indexed; -1 where vectors of it were lost."""
        return -1 if self._vectors.missing else self._state.generation

    @property
    def behind(self) -> bool:
        """Whether the corpus has changes that nobody has indexed, neither this process nor another."""
        return bool(self._vectors.missing) or self._catalog.state().generation != self._store.generation

    # Search

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit float32 rows, shape (len(texts), dim)."""
        return self._encoding.encoder().encode(texts)

    def nearest(
        self, queries: Floats, k: int, *, part: Part | None = None, threads: Collection[str] | None = None
    ) -> list[list[Hit[Passage]]]:
        """The passages nearest to each query by cosine, best first; ties in the order of ids.

        Args:
            queries: Unit float32 rows, shape (n, dim).
            k: Most passages for each query.
            part: Only what was asked, or only what was said.
            threads: Only these threads, searched exactly.
        """
        self.refresh()
        return [self._nearest(query[None, :], k, [part] if part else list(Part), threads) for query in queries]

    def _nearest(
        self, query: Floats, k: int, parts: Sequence[Part], threads: Collection[str] | None
    ) -> list[Hit[Passage]]:
        found: Found = []
        for part in parts:
            search = partial(_nearest_rows, self._vectors.part(part), query)
            found += best(search, k, self._catalog, threads, part)
        return self._hits(found, k)

    def words(
        self, query: str, k: int, *, part: Part | None = None, threads: Collection[str] | None = None
    ) -> list[Hit[Passage]]:
        """The passages with the highest BM25 for a text, best first; ties in the order of ids."""
        return self._by_words(partial(self._lexical.search, query), k, part, threads)

    def phrase(
        self, words: str, k: int, *, part: Part | None = None, threads: Collection[str] | None = None
    ) -> list[Hit[Passage]]:
        """The passages in which words stand together in this order, best first."""
        return self._by_words(partial(self._lexical.phrase, words), k, part, threads)

    def _by_words(
        self, lexical: Callable[..., Found], k: int, part: Part | None, threads: Collection[str] | None
    ) -> list[Hit[Passage]]:
        self.refresh()

        def search(most: int, within: Sequence[int] | None) -> Found:
            return lexical(most, part=part, within=within)

        return self._hits(best(search, k, self._catalog, threads, part), k)

    def matches(self, query: Floats, words: str, threads: Collection[str], most_bm25: float | None = None) -> Matches:
        """How every passage of these threads matches a question.

        Args:
            query: One unit vector, shape (dim,).
            words: The question's words.
            threads: The threads to look at.
            most_bm25: The highest BM25 that any passage has for these words; None: it is looked up.
        """
        self.refresh()
        if most_bm25 is None:
            most_bm25 = max((score for _, score in self._lexical.search(words, 1)), default=0.0)
        asked = Asked(query, words, most_bm25)
        for _ in range(_TRIES):
            parts = {part: self._vectors.part(part) for part in Part}
            try:
                return gather(self._catalog, parts, self._lexical, asked, threads, self._vectors.common())
            except IndexFault:  # a thread was written between listing its passages and reading their vectors
                self._replay()  # waits for whoever is bringing the vectors forward
        raise IndexFault("These threads are being written again and again; ask again in a moment.")

    def passages_at(self, numbers: Collection[int]) -> dict[int, Passage]:
        """The passages of these numbers; those that are gone are left out."""
        return self._catalog.passages(numbers)

    def passages_of(self, thread_ids: Collection[str]) -> list[Passage]:
        """The passages of these threads."""
        return [row.passage for row in self._catalog.rows_of(thread_ids)]

    def terms(self, text: str) -> list[str]:
        """The stems that a text is searched by."""
        return self._lexical.terms(text)

    def frequency(self, term: str) -> int:
        """How many passages have a stem."""
        return self._lexical.frequency(term)

    def stems(self, prefix: str) -> list[tuple[str, int]]:
        """Every stem that begins like this, with the number of passages that have it."""
        return self._lexical.stems(prefix)

    def holding(self, stem: str, k: int) -> list[Passage]:
        """Passages that have a stem (their own or in the title), most of it first; ties in the order of ids."""

        def search(most: int, _: Sequence[int] | None) -> Found:
            return self._lexical.holding(stem, most)

        return [hit.item for hit in self._hits(best(search, k, self._catalog, None, None), k)]

    def is_word(self, word: str) -> bool:
        """Whether the model's own vocabulary has a word whole, in lower case: then it is no misspelling."""
        return word in self._encoding.encoder().vocabulary()

    def refresh(self) -> None:
        """See what another process indexed; costs microseconds when nothing changed.

        Who comes while somebody else is at it does not wait, and searches what was known before.
        """
        if not self._vectors.loaded:
            self._replay()
        elif self._catalog.state() != self._state and self._vectors.lock.acquire(blocking=False):
            try:
                self._replay()
            finally:
                self._vectors.lock.release()

    # Level

    def prepare(self, threads: Sequence[Thread], progress: Progress | None = None) -> int:
        """Encode what is new in threads that are about to be written, so that the next `level` finds it in the cache.

        Needs no lock: an import encodes here, and holds the writing lock only for what takes moments.

        Args:
            threads: As they will be written.
            progress: Called with passages done and passages in all.

        Returns:
            How many passages were encoded.
        """
        texts = [context(thread, passage) for thread in threads for passage in cut(thread)]
        return self._encoding.prepare(texts, progress)

    def level(self, progress: Progress | None = None) -> LevelReport:
        """Bring the index level with the corpus. The caller holds the writing lock.

        Args:
            progress: Called with passages done and (estimated) passages in all.

        Raises:
            DimensionError: The model's vectors have another name or length than those of the index.
            StoreError: The disk did not take it; what is not done is done next time.
        """
        started = time.perf_counter()
        with self._changing():
            self._replay()
            since, target = self._state.generation, self._store.generation
            if self.generation == target:
                return LevelReport(0, 0, 0, 0.0)
            self._check_encoder()
            self._lexical.remove_from(self._state.next_number)
            total = sum(1 for _ in self._store.changes(since)) + len(self._vectors.missing)
            done = passages = encoded = 0
            for batch in _batches(self._changed(since)):
                last = done + len(batch) >= total
                rows, fresh = self._take(batch, target if last else batch[-1].generation - 1)
                done, passages, encoded = done + len(batch), passages + rows, encoded + fresh
                if progress:
                    progress(passages, max(passages, round(passages * total / done)))
            if self._state.generation != target:
                self._commit([], [], target)
            self._vectors.missing.clear()
            self._vectors.snapshot()
            self._vectors.lay_out()
        return LevelReport(done, passages, encoded, time.perf_counter() - started)

    def rebuild(self, progress: Progress | None = None) -> LevelReport:
        """Make the index anew from the corpus; vectors that are in the cache are not encoded again."""
        with self._changing():
            self._catalog.clear()  # first: from here on, whoever is killed leaves an index that knows it is behind
            self._lexical.remove_from(0)
            self._lexical.commit()
            self._vectors.forget()
            self._vectors.missing.clear()
            return self.level(progress)

    def settle(self) -> None:
        """Return when the vectors are laid out as their number asks for; the caller holds no writing lock.

        Without it that happens in a thread of its own after `level`, and is put off where the process ends before.
        """
        self._vectors.settle()

    def audit(self, progress: Callable[[int], None] | None = None) -> Audit:
        """Compare every part of the index with the corpus; the caller holds the writing lock and has brought it level.

        Args:
            progress: Called with the number of threads looked at.
        """
        with self._leveling:
            self.refresh()
            parts = {part: self._vectors.part(part) for part in Part}
            whole = Parts(self._catalog, self._lexical, parts, self._encoding.cache(), self._encoding.encoder())
            return audit(whole, self._store, progress)

    def remake(self, audited: Audit, progress: Progress | None = None) -> LevelReport:
        """Make the index anew without the vectors that an audit found wrong; those are encoded again."""
        with self._leveling:
            if audited.cache_damaged:
                self._encoding.cache().start_anew("SQLite finds faults in it")
            else:
                self._encoding.cache().drop(audited.wrong_vectors)
            return self.rebuild(progress)

    def purge(self) -> None:
        """Make the index anew so that nothing of what was deleted is left on the disk: words, vectors, passages."""
        with self._changing():
            self.rebuild()
            self._catalog.compact()
            self.trim_cache()

    def trim_cache(self) -> int:
        """Drop cached vectors of text that is not indexed any more; returns how many. The index must be level."""
        with self._leveling, bringing_level(self.settings.cache_folder):
            return self._encoding.cache().keep_only(self._catalog.vector_keys())

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One thread at a time; what was begun and cannot be ended keeps no other process out."""
        with self._leveling, bringing_level(self.settings.index_folder):
            try:
                yield
            except BaseException:
                self._lexical.rollback()
                raise

    def _changed(self, since: int) -> Iterator[Change]:
        for thread_id in sorted(self._vectors.missing):
            yield Change(thread_id, since + 1, thread_id not in self._store)
        yield from self._store.changes(since)

    def _take(self, batch: Sequence[Change], generation: int) -> tuple[int, int]:
        """Index the threads of a batch; how many passages they have, and how many of those were encoded."""
        threads = self._store.get_many([change.thread_id for change in batch if not change.deleted])
        passages = [(thread, passage) for thread in threads.values() for passage in cut(thread)]
        texts = [context(thread, passage) for thread, passage in passages]
        keys = [content_hash(text) for text in texts]
        encoded = self._encoding.encode_missing(keys, texts)
        numbers = range(self._state.next_number, self._state.next_number + len(passages))
        removed = self._catalog.numbers_of([change.thread_id for change in batch])
        self._lexical.remove(removed)
        self._lexical.add(
            Document(n, passage.part, thread.heading, passage.text)
            for n, (thread, passage) in zip(numbers, passages, strict=True)
        )
        rows = [Row(n, passage, key) for n, (_, passage), key in zip(numbers, passages, keys, strict=True)]
        self._commit(removed, rows, generation)
        return len(passages), encoded

    def _commit(self, removed: Sequence[int], rows: Sequence[Row], generation: int) -> None:
        self._lexical.commit()
        encoder = self._encoding.encoder()
        made_by = Maker(self.settings.model, encoder.name, encoder.dim)
        self._catalog.apply(removed, rows, generation, made_by)
        self._replay()

    def _check_encoder(self) -> None:
        made_with, name = self._state.encoder, self._encoding.encoder().name
        if made_with and made_with != name:
            raise DimensionError(
                f"The index was made with {made_with!r}, the model of the settings is {name!r}. "
                "`threadwise index --rebuild` makes it anew with that one."
            )

    # Parts

    @property
    def _state(self) -> State:
        return self._vectors.state

    def _replay(self) -> None:
        self._vectors.replay()
        self._lexical.refresh()

    def _hits(self, found: Sequence[tuple[int, float]], k: int) -> list[Hit[Passage]]:
        passages = self._catalog.passages([number for number, _ in found])
        hits = [Hit(passages[number], round(score, 6)) for number, score in found if number in passages]
        hits.sort(key=lambda hit: (-hit.score, hit.item.thread_id, hit.item.post_id, hit.item.start))
        return hits[:k]


def _nearest_rows(vectors: VectorIndex, query: Floats, most: int, within: Sequence[int] | None) -> Found:
    numbers = None if within is None else np.asarray(within, dtype=np.int64)
    return vectors.search(query, most, within=numbers)[0]


def _batches(changes: Iterator[Change]) -> Iterator[list[Change]]:
    size = FIRST_BATCH
    while batch := list(islice(changes, size)):
        yield batch
        size = min(2 * size, BATCH_THREADS)


def _discard(settings: Settings) -> None:
    """Remove what cannot be read; the next `level` makes it anew, with vectors from the cache."""
    Catalog.remove(settings.index_folder / "catalog.db")
    LexicalIndex.clear(settings.index_folder / "words")
    shutil.rmtree(settings.index_folder / "vectors", ignore_errors=True)
