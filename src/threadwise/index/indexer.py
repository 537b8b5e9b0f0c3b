"""The index of a home as one thing: what is searched, and what brings it level with the corpus (`leveling`).

The one place where passages, vectors and words meet. Leaves to others: how each is kept.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import RLock
from typing import TypeVar

import numpy as np

from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.domain import Hit, Part, Passage, Thread
from threadwise.errors import BusyError, DimensionError, IndexFault, StoreError
from threadwise.index import schema
from threadwise.index.audit import Audit, Parts, audit
from threadwise.index.catalog import Catalog
from threadwise.index.encoder import Encoder, Floats
from threadwise.index.encoding import Encoding
from threadwise.index.files import bringing_level
from threadwise.index.filtering import Found, best
from threadwise.index.leveling import Embedded, Leveling, LevelReport, Progress
from threadwise.index.lexical import LexicalIndex
from threadwise.index.matches import Asked, Matches, gather
from threadwise.index.memory import VectorMemory
from threadwise.index.rows import Place, State
from threadwise.index.vectors import VectorIndex

S = TypeVar("S", Passage, Place)

_TRIES = 10
"""How often a question looks again at threads that are written while it reads them."""


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
        parts = self._catalog, self._lexical, self._vectors
        self._level = Leveling(settings, store, self._encoding, *parts)
        self._beside = ThreadPoolExecutor(thread_name_prefix="words")
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
            StoreError: It cannot be read, and the disk does not let it be made anew.
        """
        try:
            index = cls(settings, store, encoder)
        except IndexFault as fault:
            index = cls._made_anew(settings, store, encoder, fault)
        made_with = index._state.model
        if made_with and made_with != settings.model and not anew:
            index.close()
            raise DimensionError(
                f"The index in {settings.index_folder} was made with the model {made_with!r}, the settings name "
                f"{settings.model!r}. Set THREADWISE_MODEL back, or make the index anew: `threadwise index --rebuild`."
            )
        return index

    @classmethod
    def _made_anew(cls, settings: Settings, store: Store, encoder: Encoder | None, fault: IndexFault) -> Index:
        try:
            with writing(settings):  # whoever else found the fault would discard what is made here
                try:
                    return cls(settings, store, encoder)
                except IndexFault:
                    _discard(settings)
                    return cls(settings, store, encoder)
        except BusyError:
            raise
        except StoreError as error:
            raise StoreError(f"{fault} {error}") from error

    def close(self) -> None:
        """Let go of files; the Index is of no use after."""
        self._vectors.close()
        self._beside.shutdown()
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

    def title(self, thread: Thread) -> Floats:
        """The unit vector of a thread's title, shape (dim,); encoded now only where it is not kept."""
        return self._encoding.vector(thread.heading)

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
        parts = [part] if part else list(Part)
        return [self._hits(self._near(query, k, parts, threads), k, self._catalog.passages) for query in queries]

    def nearest_places(self, query: Floats, k: int, *, threads: Collection[str] | None = None) -> list[Hit[Place]]:
        """What `nearest` finds for one query, shape (dim,), without reading the passages."""
        self.refresh()
        return self._hits(self._near(query, k, list(Part), threads), k, self._catalog.places)

    def _near(self, query: Floats, k: int, parts: Sequence[Part], threads: Collection[str] | None) -> Found:
        found: Found = []
        for part in parts:
            search = partial(_nearest_rows, self._vectors.part(part), query[None, :])
            found += best(search, k, self._catalog, threads, part)
        return found

    def words(
        self, query: str, k: int, *, part: Part | None = None, threads: Collection[str] | None = None
    ) -> list[Hit[Passage]]:
        """The passages with the highest BM25 for a text, best first; ties in the order of ids."""
        found = self._by_words(partial(self._lexical.search, query), k, part, threads)
        return self._hits(found, k, self._catalog.passages)

    def word_places(self, query: str, k: int, *, threads: Collection[str] | None = None) -> list[Hit[Place]]:
        """What `words` finds, without reading the passages."""
        found = self._by_words(partial(self._lexical.search, query), k, None, threads)
        return self._hits(found, k, self._catalog.places)

    def soon_word_places(
        self, query: str, k: int, *, threads: Collection[str] | None = None
    ) -> Future[list[Hit[Place]]]:
        """What `word_places` finds, while the caller does something else, such as encoding the question."""
        return self._beside.submit(self.word_places, query, k, threads=threads)

    def phrase(
        self, words: str, k: int, *, part: Part | None = None, threads: Collection[str] | None = None
    ) -> list[Hit[Passage]]:
        """The passages in which words stand together in this order, best first."""
        found = self._by_words(partial(self._lexical.phrase, words), k, part, threads)
        return self._hits(found, k, self._catalog.passages)

    def _by_words(
        self, lexical: Callable[..., Found], k: int, part: Part | None, threads: Collection[str] | None
    ) -> Found:
        self.refresh()

        def search(most: int, within: Sequence[int] | None) -> Found:
            return lexical(most, part=part, within=within)

        return best(search, k, self._catalog, threads, part)

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

        found = best(search, k, self._catalog, None, None)
        return [hit.item for hit in self._hits(found, k, self._catalog.passages)]

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
            progress: Called with passages done and passages in all, those of the same text counted once.

        Returns:
            How many passages were encoded.
        """
        embedded = Embedded(threads)
        encoded = self._encoding.prepare(embedded.texts, progress, len(set(embedded.keys)))
        return len(encoded.intersection(embedded.keys))

    def level(self, progress: Progress | None = None) -> LevelReport:
        """Bring the index level with the corpus. The caller holds the writing lock.

        Args:
            progress: Called with passages done and (estimated) passages in all.

        Raises:
            DimensionError: The model's vectors have another name or length than those of the index.
            StoreError: The disk did not take it; what is not done is done next time.
        """
        with self._changing():
            return self._level.level(progress)

    def take_turn(self, progress: Progress | None = None) -> bool:
        """Level as who only asks may: not where the home is read-only or somebody else is at it; whether it was done.

        Where nothing is indexed yet, as after an upgrade, what they index first is waited for, up to `lock_timeout`.
        """
        until = time.monotonic() + self.settings.lock_timeout
        while True:
            try:
                with writing(self.settings.model_copy(update={"lock_timeout": 0.0})):
                    self.level(progress)
                    return True
            except StoreError as error:
                if not isinstance(error, BusyError) or self.generation > 0 or time.monotonic() > until:
                    return False
            time.sleep(0.05)
            self.refresh()

    def rebuild(self, progress: Progress | None = None) -> LevelReport:
        """Make the index anew from the corpus; vectors that are in the cache are not encoded again."""
        with self._changing():
            self._level.empty()
            return self._level.level(progress)

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

    # Parts

    @property
    def _state(self) -> State:
        return self._vectors.state

    def _replay(self) -> None:
        self._vectors.replay()
        self._lexical.refresh()

    @staticmethod
    def _hits(found: Found, k: int, read: Callable[[Collection[int]], Mapping[int, S]]) -> list[Hit[S]]:
        there = read([number for number, _ in found])
        hits = [Hit(there[number], round(score, 6)) for number, score in found if number in there]
        hits.sort(key=lambda hit: (-hit.score, hit.item.thread_id, hit.item.post_id, hit.item.start))
        return hits[:k]


def _nearest_rows(vectors: VectorIndex, query: Floats, most: int, within: Sequence[int] | None) -> Found:
    numbers = None if within is None else np.asarray(within, dtype=np.int64)
    return vectors.search(query, most, within=numbers)[0]


def _discard(settings: Settings) -> None:
    """Remove what cannot be read; the next `level` makes it anew, with vectors from the cache.

    The catalog last, with words to open: until it is renewed, whoever opens the index finds the same fault.
    """
    words = settings.index_folder / "words"
    LexicalIndex.clear(words)
    LexicalIndex.open(words).close()
    shutil.rmtree(settings.index_folder / "vectors", ignore_errors=True)
    with bringing_level(settings.index_folder):
        schema.renew(settings.index_folder / "catalog.db")
