"""What every screen, command and test talks to: ask, similar, add, edit, delete, import, verify.

An Assistant ties the rooms together and decides the order of things: a write is durable in the corpus before it is
acknowledged, and the index is level with it before the call returns. Reads never wait for a writer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from threadwise.advice import kept
from threadwise.advice.answerability import calibration
from threadwise.advice.compose import Composer, make_composer
from threadwise.advice.instead import introduced, introduction, who_wrote
from threadwise.advice.kept import Kept
from threadwise.advice.outcomes import told
from threadwise.advice.proof import Difference, differences, revise
from threadwise.advice.stages import Stop
from threadwise.config import Settings
from threadwise.corpus.backup import clear_drafts
from threadwise.corpus.duplicates import Elsewhere, elsewhere, near_duplicates
from threadwise.corpus.formats.values import slug
from threadwise.corpus.lock import writing
from threadwise.corpus.people import Forgotten, People, forget, names_of
from threadwise.corpus.store import Store
from threadwise.corpus.traces import files_with, pieces_of, without_those_of_others
from threadwise.domain import Answer, Post, SimilarThread, Thread, known_name
from threadwise.errors import ConflictError, InputError, ThreadwiseError
from threadwise.index.cores import multiply_on_one_core
from threadwise.index.indexer import Index
from threadwise.retrieval.checking import check_question, whole
from threadwise.retrieval.query import understand
from threadwise.retrieval.retriever import Retriever
from threadwise.retrieval.syntax import NO_FILTERS

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Added:
    """A thread that is durable in the corpus; `searchable_ms` is None where the index could not be brought level."""

    thread_id: str
    title: str
    posts: int
    searchable_ms: float | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a paste was understood as, and threads that are nearly the same."""

    thread: Thread
    duplicates: tuple[SimilarThread, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """How much there is, and how far the index is."""

    threads: int
    posts: int
    authors: int
    passages: int
    generation: int
    indexed_generation: int
    model: str
    home: str


class Assistant:
    """One corpus, its index, and what can be done with them. Safe to use from many threads."""

    def __init__(self, settings: Settings, store: Store, index: Index, composer: Composer) -> None:
        self.settings = settings
        self.store = store
        self.index = index
        self.retriever = Retriever(index, store, told)
        self.composer = composer

    @classmethod
    def open(cls, settings: Settings, *, anew: bool = False) -> Assistant:
        """Open the corpus of a home; a new or empty home is an empty corpus. `anew`: the index is rebuilt next."""
        multiply_on_one_core()
        composer = make_composer(settings)  # first: settings that are wrong make no home
        store = Store.open(settings)
        try:
            return cls(settings, store, Index.open(settings, store, anew=anew), composer)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Let go of files; the Assistant is of no use after."""
        self.index.close()
        self.store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Ask and browse

    def ask(self, question: str, history: Sequence[str] = (), *, k: int = 5) -> Answer:
        """Answer a question from the threads.

        Args:
            question: As typed, as people ask.
            history: The earlier questions of this conversation, oldest first.
            k: Most points in the answer.

        Raises:
            InputError: Nothing that could be searched for, or longer than `max_question`.
        """
        *_, answer = self.ask_stream(question, history, k=k)
        return answer

    def ask_stream(
        self, question: str, history: Sequence[str] = (), *, k: int = 5, stop: Stop = None
    ) -> Generator[Answer, None, None]:
        """Answer a question while it is being written: each answer that comes says more, and the last is whole.

        What surrounds the advice comes first (notices, similar threads), then point by point, in order; numbers of
        citations never change on the way. Every sentence of every stage has been checked. Closing the generator, or
        `stop` from another thread, also stops a language model that is writing.

        Args:
            question: As typed, as people ask.
            history: The earlier questions of this conversation, oldest first.
            k: Most points in the answer.
            stop: An event; once it is set, the whole answer comes next, with what is there.

        Raises:
            InputError: Nothing that could be searched for, or longer than `max_question`; at once, not while reading.
        """
        started = time.perf_counter()
        check_question(question, self.settings.max_question)
        question, history = whole(question), [whole(earlier) for earlier in history]
        self.catch_up()
        query = replace(understand(question, history, self._author, self._is_word), earlier=tuple(history))
        understood = time.perf_counter()
        evidence = self.retriever.search(query, k=max(10, k))
        retrieved = time.perf_counter()
        stages = self.composer.stages(query, evidence, evidence.known, k=k, stop=stop)
        signed = partial(replace, question=question, generation=self.index.generation)
        if query.about_this:
            stages = introduced(stages, introduction(self.store.counts().threads))
        elif query.person and (wrote := self.store.wrote(query.person)):
            stages = introduced(stages, who_wrote(wrote.author, wrote.posts, wrote.threads))

        def answers() -> Generator[Answer, None, None]:
            with closing(stages):
                for answer in stages:
                    yield signed(answer, timings_ms=_timings(started, understood, retrieved))

        return answers()

    def _author(self, name: str) -> str:
        """The name under which somebody has posted, as it is written there; empty where nobody has."""
        wrote = self.store.wrote(name) if known_name(name) else None
        return wrote.author if wrote else ""

    def _is_word(self, word: str) -> bool:
        """Whether the corpus or the encoder knows a word."""
        return self.index.is_word(word) or any(map(self.index.frequency, self.index.terms(word)))

    def similar(self, thread_id: str | None = None, *, text: str | None = None, k: int = 10) -> list[SimilarThread]:
        """The threads most like a thread of the corpus, or like a text, best first, each with why.

        Raises:
            UnknownThreadError: No thread has this id.
            InputError: Neither or both were given, or the text is empty.
        """
        if (thread_id is None) == (text is None):
            raise InputError("Give a thread id or a text to compare with: one of the two.")
        self.catch_up()
        if thread_id is not None:
            return self.retriever.similar(self.store.get(thread_id), k=k)
        check_question(text or "", self.settings.max_question)
        return self.retriever.similar(whole(text or ""), k=k)

    def show(self, thread_id: str) -> Thread:
        """One thread. UnknownThreadError where there is none."""
        return self.store.get(thread_id)

    def status(self) -> Corpus:
        """How much there is, and how far the index is."""
        counts = self.store.counts()
        return Corpus(
            threads=counts.threads,
            posts=counts.posts,
            authors=counts.authors,
            passages=len(self.index),
            generation=self.store.generation,
            indexed_generation=self.index.generation,
            model=self.settings.model,
            home=str(self.settings.home),
        )

    def verify(self, answer: Mapping[str, Any]) -> list[Difference]:
        """What in an exported answer no longer equals the corpus; empty where every quote does."""
        return differences(answer, self.store)

    # Kept answers

    def keep(self, answer: Answer) -> Kept:
        """Keep an answer, to look at it again and be told what changed since.

        Raises:
            InputError: It advises nothing.
        """
        with writing(self.settings):
            return kept.keep(self.store, answer)

    def kept_answers(self, newest: int | None = None) -> list[Kept]:
        """The answers kept, newest first, at most so many."""
        return kept.kept_answers(self.store, newest)

    def kept_answer(self, answer_id: str) -> Kept:
        """One kept answer; InputError where none has this id."""
        return kept.kept_answer(self.store, answer_id)

    def drop_kept(self, answer_id: str) -> None:
        """Keep an answer no longer; InputError where none has this id."""
        with writing(self.settings):
            kept.kept_answer(self.store, answer_id)
            self.store.drop_answers([answer_id])

    # Write

    def read(self, data: bytes, name: str) -> Thread:
        """Read one thread from a file's bytes, in any known format, without keeping it.

        Raises:
            FormatError: It is empty, binary, in no known encoding, or not one thread.
        """
        from threadwise.corpus.formats.encoding import decode

        return self.preview(decode(data, name)).thread

    def preview(self, text: str) -> Preview:
        """Read a pasted thread without keeping it, and look for threads that are nearly the same.

        Raises:
            FormatError: The text cannot be read as a thread.
        """
        from threadwise.corpus.formats.files import limits_of  # the readers of all formats: a question needs none
        from threadwise.corpus.formats.registry import read_text

        thread = read_text(text, limits_of(self.settings))
        return Preview(thread, self.duplicates(thread))

    def duplicates(self, thread: Thread) -> tuple[SimilarThread, ...]:
        """Threads of the corpus that ask nearly the same, most alike first."""
        found = near_duplicates(self.store, thread)
        known = self.store.get_many([i for i, _ in found])
        return tuple(SimilarThread(i, known[i].heading, score, known[i].url) for i, score in found if i in known)

    def elsewhere(self, thread: Thread, posts: Sequence[Post] | None = None) -> dict[str, tuple[Elsewhere, ...]]:
        """Posts of a thread, or of some posts of it, that their authors also put into other threads."""
        return elsewhere(self.store, thread, posts)

    def add(self, thread: Thread) -> Added:
        """Keep a thread and make it searchable; one that is there already, field for field, stays as it is.

        An id that was made from the title is changed until nothing else has it.

        Raises:
            ConflictError: The id came with the thread and is taken by another one.
        """
        self._check_posts(thread)
        started = time.perf_counter()
        self._encode_ahead(thread)
        with writing(self.settings):
            thread = self._allowed(thread)
            if thread.id in self.store and self.store.get(thread.id) != thread:
                if thread.id != slug(thread.heading):
                    raise ConflictError(
                        f"The id {thread.id!r} is taken by another thread; nothing was changed. "
                        f"`threadwise edit {thread.id} FILE` replaces that thread, another id adds this one beside it."
                    )
                thread = replace(thread, id=self.store.new_id(thread.heading))
            self.store.put([thread])
            level = self._level_after_write()
        took = (time.perf_counter() - started) * 1000
        return Added(thread.id, thread.heading, len(thread.posts), round(took, 1) if level else None)

    def edit(self, thread_id: str, thread: Thread) -> Added:
        """Replace a thread's title and posts; what the new text does not say (source, address, tags) stays.

        Raises:
            UnknownThreadError: No thread has this id.
        """
        self._check_posts(thread)
        started = time.perf_counter()
        self._encode_ahead(thread)
        with writing(self.settings):
            old = self.store.get(thread_id)
            kept = {name: getattr(thread, name) or getattr(old, name) for name in ("url", "licence", "created", "tags")}
            new = self._allowed(replace(thread, id=thread_id, source=old.source, **kept))
            self.store.put([new])
            revise(self.store, [thread_id])
            level = self._level_after_write()
        took = (time.perf_counter() - started) * 1000
        return Added(thread_id, new.heading, len(new.posts), round(took, 1) if level else None)

    def delete(self, thread_id: str) -> None:
        """Remove a thread from all that is kept and searched; UnknownThreadError if it is not there."""
        with writing(self.settings):
            self.store.delete(thread_id)
            revise(self.store, [thread_id])
            self._level_after_write()

    def forget(self, author: str) -> Forgotten:
        """Remove a person's posts, quotations and mentions from corpus, index, cache and kept answers.

        Raises:
            InputError: Nobody of this name has posted.
        """
        with writing(self.settings):
            names = names_of(self.settings, author)
            texts = [post.text for name in sorted(names) for _, post in self.store.posts_of(name)]
            forgotten = forget(self.settings, self.store, author)
            self.index.purge()
            clear_drafts(self.settings.corpus_folder)
            pieces = without_those_of_others(pieces_of(names, texts), self.store)
            return replace(forgotten, files=files_with(self.settings, pieces))

    # The index

    def level(self, progress: Progress | None = None, *, rebuild: bool = False) -> None:
        """Bring the index level with the corpus; `rebuild` starts it anew (vectors come from the cache)."""
        with writing(self.settings):
            if rebuild:
                self.index.rebuild(progress)
            else:
                self.index.level(progress)
        self.index.settle()
        self.calibrate()

    def calibrate(self) -> None:
        """Measure what near misses look like in this corpus, if it was never done or the corpus has changed much."""
        file, threads = self.settings.index_folder / calibration.FILE, self.store.counts().threads
        if calibration.is_due(file, threads):
            some = self.store.get_many(calibration.sample(self.store.matching_ids(NO_FILTERS)))
            with suppress(OSError):  # a read-only home keeps the figure that it has
                calibration.save(file, calibration.measure(self.retriever, list(some.values()), threads))

    def catch_up(self, progress: Progress | None = None) -> None:
        """See what other processes wrote; where nobody is indexing it (after a crash), do it now."""
        self.index.refresh()
        if self.index.behind and self.index.take_turn(progress):
            self.calibrate()

    def _encode_ahead(self, thread: Thread) -> None:
        """Others who write do not wait for the encoding of a long thread; without it, it is done under the lock."""
        if not self.store.read_only:
            with suppress(ThreadwiseError):
                self.index.prepare([thread])

    def _level_after_write(self) -> bool:
        try:
            self.index.level()
        except (ThreadwiseError, OSError):
            return False  # the write is durable; the next question or start brings the index level
        return True

    def _allowed(self, thread: Thread) -> Thread:
        """The thread without what people asked to have forgotten."""
        clean = People(self.settings, self.store).clean(thread)
        if clean is None:
            raise InputError("Only people who asked to be forgotten wrote this thread; it was not kept.")
        return clean

    def _check_posts(self, thread: Thread) -> None:
        for post in thread.posts:
            if len(post.text) > self.settings.max_post:
                raise InputError(
                    f"Post {post.id!r} has {len(post.text):,} characters; the limit is {self.settings.max_post:,} "
                    "(THREADWISE_MAX_POST). Nothing was changed."
                )


def _timings(started: float, understood: float, retrieved: float) -> dict[str, float]:
    """Milliseconds that each step took; composing lasts until now."""
    now = time.perf_counter()
    steps = {"understand": (started, understood), "retrieve": (understood, retrieved), "compose": (retrieved, now)}
    return {name: round((end - start) * 1000, 2) for name, (start, end) in (steps | {"total": (started, now)}).items()}
