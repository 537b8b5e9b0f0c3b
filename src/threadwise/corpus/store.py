"""The corpus: every thread that somebody gave us, kept exactly, in a database.

A write is one transaction and is durable when the call returns; a call that raises has changed nothing. Readers see
one state and never wait for a writer. `generation` counts the transactions that changed threads, so that whoever
derives something (the index) can ask for `changes` since it last looked. Statements are in `reads` and `writes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, delete, insert, select, update

from threadwise.config import Settings
from threadwise.corpus import reads, upkeep, writes
from threadwise.corpus.database import Database
from threadwise.corpus.filters import Filters
from threadwise.corpus.formats.values import slug
from threadwise.corpus.reads import Change, Counts, PlacedPost, Wrote
from threadwise.corpus.schema import STEPS, answers, counters, forgotten, migrate, notes, threads, unwritten, version
from threadwise.corpus.summaries import ThreadSummary
from threadwise.corpus.upkeep import Contents, Fault
from threadwise.domain import Post, Thread
from threadwise.errors import StoreError, UnknownThreadError

_PAGE = 200  # threads that are in memory at once while all are read
_CHANGES_PAGE = 5000


@dataclass(frozen=True, slots=True)
class PutResult:
    """What a put did to each thread id, in the order given; `posts` counts the posts written."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    posts: int
    generation: int


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it was given, a JSON document, and the generation that it was given from."""

    id: str
    document: str
    generation: int


class Store:
    """The corpus of one home. Open one a process and share it between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, settings: Settings, *, read_only: bool = False, file: Path | None = None) -> Self:
        """Open the corpus; make or migrate it first where that is needed.

        Args:
            settings: Whose corpus.
            read_only: Whether writing is refused, as it is where the disk does not allow it.
            file: Another SQLite file than the settings name, such as a backup.

        Raises:
            SchemaError: It was written by a newer Threadwise.
            StoreError: It cannot be read or made: no rights, a full disk, a damaged file, another program's file.
        """
        database = Database(settings, read_only=read_only, file=file)
        try:
            with database.reading() as connection:
                current = version(connection)
            if current < len(STEPS):
                if database.read_only:
                    raise StoreError(unwritten(database.where, current))
                with database.writing() as connection:
                    migrate(connection)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Close the database; calls that are under way finish."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written: it was asked for, or the disk says so."""
        return self._database.read_only

    @property
    def file(self) -> Path | None:
        """The SQLite file; None where the corpus is in another database."""
        return self._database.path

    @property
    def generation(self) -> int:
        """How many transactions have changed threads; 0 for a new corpus."""
        with self._database.reading() as connection:
            return connection.scalar(select(counters.c.value).where(counters.c.name == "generation")) or 0

    # Writing

    def put(self, threads: Iterable[Thread], *, replace: bool = True) -> PutResult:
        """Add threads, and replace those whose id is there with other content, all in one transaction.

        Threads that are there already, field for field, are left alone; if that is all of them, the generation stays.
        An id given twice counts as given one after the other.

        Args:
            threads: Any number; they are written as they come, some hundreds at a time.
            replace: Whether a thread that is there may be replaced.

        Raises:
            ConflictError: An id belongs to a thread of another source, or `replace` is false and it is taken.
            InputError: A number is too large for the database.
            StoreError: The database did not take it.
        """
        with self._database.writing() as connection:
            done = writes.put_all(connection, threads, replace=replace)
        return PutResult(tuple(done.added), tuple(done.updated), tuple(done.unchanged), done.posts, done.generation)

    def compare(self, threads: Iterable[Thread]) -> PutResult:
        """What `put` would do with these threads, without doing it; raises what it would raise."""
        with self._database.reading() as connection:
            done = writes.put_all(connection, threads, replace=True, dry=True)
        return PutResult(tuple(done.added), tuple(done.updated), tuple(done.unchanged), done.posts, done.generation)

    def delete(self, thread_id: str) -> int:
        """Remove a thread; the new generation.

        Raises:
            UnknownThreadError: There is no such thread.
        """
        with self._database.writing() as connection:
            generation = writes.counter(connection, "generation") + 1
            if not writes.delete_all(connection, [thread_id], generation):
                raise _unknown(connection, thread_id)
            writes.set_counter(connection, "generation", generation)
            return generation

    def forget(
        self, digests: Iterable[str], *, changed: Iterable[Thread], gone: Sequence[str], answers: Iterable[str] = ()
    ) -> int:
        """Take people out, all in one transaction: put the threads without them, delete those of nobody else, drop
        every kept answer that names one of these threads, and these `answers`, and remember the digests of their names.

        Returns:
            The number of answers dropped. `compact` afterwards removes the old text from the file itself.
        """
        with self._database.writing() as connection:
            put = writes.put_all(connection, changed, replace=True)
            generation = put.generation if put.added or put.updated else put.generation + 1
            if writes.delete_all(connection, gone, generation):
                writes.set_counter(connection, "generation", generation)
            known = set(connection.scalars(select(forgotten.c.digest)))
            writes.insert_rows(connection, forgotten, [(digest,) for digest in sorted(set(digests) - known)])
            return writes.drop_answers_naming(connection, {*put.updated, *gone}, set(answers))

    def forgotten(self) -> frozenset[str]:
        """The digests of the names of people who asked to be forgotten."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(forgotten.c.digest)))

    def compact(self) -> None:
        """Rewrite the file without what was deleted, and empty its log; it needs as much free space as the corpus."""
        self._database.compact()

    def contents(self) -> Contents:
        """The ids, hashes and generations of everything there is."""
        with self._database.reading() as connection:
            return upkeep.contents(connection)

    def supersede(self, old: Contents) -> int:
        """Number this corpus so that it can take the place of an old one, as if that had been edited into it.

        Returns:
            The generation of everything that differs.
        """
        with self._database.writing() as connection:
            return upkeep.supersede(connection, old)

    def faults(self) -> Iterator[Fault]:
        """What does not agree with itself: counters, deletions, and each thread with its checksum; streaming."""
        with self._database.reading() as connection:
            found = upkeep.faults_of_tables(connection)
        after: str | None = ""
        while after is not None:
            yield from found
            with self._database.reading() as connection:
                found, after = upkeep.faults_of_threads(connection, after)

    def repair(self) -> None:
        """Put right what `faults` finds in counters and deletions."""
        with self._database.writing() as connection:
            upkeep.repair_tables(connection)

    # Reading

    def get(self, thread_id: str) -> Thread:
        """The thread, exactly as it was put.

        Raises:
            UnknownThreadError: There is no such thread; the message names ids that look like it.
        """
        with self._database.reading() as connection:
            found = reads.load_ids(connection, [thread_id])
            if not found:
                raise _unknown(connection, thread_id)
            return found[0]

    def get_many(self, ids: Iterable[str]) -> dict[str, Thread]:
        """The threads of these ids in the order asked for; ids that are not there are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Thread] = {}
        with self._database.reading() as connection:
            for i in range(0, len(wanted), writes.CHUNK):
                found |= {thread.id: thread for thread in reads.load_ids(connection, wanted[i : i + writes.CHUNK])}
        return {thread_id: found[thread_id] for thread_id in wanted if thread_id in found}

    def marks(self, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
        """The content hash and the generation of each of these threads that is there."""
        found: dict[str, tuple[str, int]] = {}
        with self._database.reading() as connection:
            for piece in writes.pieces(list(ids)):
                wanted = select(threads.c.id, threads.c.hash, threads.c.generation).where(threads.c.id.in_(piece))
                found |= {row.id: (row.hash, row.generation) for row in connection.execute(wanted)}
        return found

    def __contains__(self, thread_id: object) -> bool:
        with self._database.reading() as connection:
            return connection.scalar(select(threads.c.key).where(threads.c.id == thread_id)) is not None

    def threads(self, *, after: str | None = None) -> Iterator[Thread]:
        """Every thread, by id, from the one after `after`; a page at a time, so that writers are not held up."""
        while True:
            wanted = select(threads).order_by(threads.c.id).limit(_PAGE)
            if after is not None:
                wanted = wanted.where(threads.c.id > after)
            with self._database.reading() as connection:
                page = reads.load(connection, connection.execute(wanted).mappings().all())
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].id

    def changes(self, since: int) -> Iterator[Change]:
        """What happened to threads after a generation: the latest of each, oldest first.

        Streams in pages. A thread that is written meanwhile comes (again) at its new place, further on.
        """
        place: tuple[int, str | None] = (since, None)
        while True:
            with self._database.reading() as connection:
                page = reads.changes_after(connection, *place, limit=_CHANGES_PAGE)
            yield from page
            if len(page) < _CHANGES_PAGE:
                return
            place = (page[-1].generation, page[-1].thread_id)

    def summaries(
        self, *, text: str = "", tag: str | None = None, order: str = "newest", limit: int = 20, offset: int = 0
    ) -> list[ThreadSummary]:
        """One page of a list of threads.

        Args:
            text: Words, or beginnings of words, that the title must all contain, in any case.
            tag: Only threads with this tag.
            order: newest, oldest, title or posts (most first).
            limit: Most threads.
            offset: How many to pass over first.

        Raises:
            InputError: There is no such order.
        """
        with self._database.reading() as connection:
            return reads.summaries(connection, text=text, tag=tag, order=order, limit=limit, offset=offset)

    def matching_ids(self, filters: Filters) -> list[str]:
        """Ids of the threads that pass the filters, in their order."""
        with self._database.reading() as connection:
            return reads.matching_ids(connection, filters)

    def counts(self) -> Counts:
        """How many threads, posts and authors there are."""
        with self._database.reading() as connection:
            return reads.counts(connection)

    def tags(self) -> list[tuple[str, int]]:
        """Each tag with the number of its threads, most used first."""
        with self._database.reading() as connection:
            return reads.tag_counts(connection)

    def sharing_bands(self, bands: Sequence[int], *, limit: int = 100) -> list[str]:
        """Ids of threads whose question is filed under any of these `fingerprint.bands`, most shared bands first."""
        with self._database.reading() as connection:
            return reads.sharing_bands(connection, bands, limit)

    def oldest_sharing_bands(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """For each of these threads the older threads that were filed first under any of its bands."""
        found: dict[str, list[str]] = {}
        with self._database.reading() as connection:
            for piece in writes.pieces(ids):
                found |= reads.oldest_sharing_bands(connection, piece)
        return found

    def posts_of(self, author: str) -> list[tuple[str, Post]]:
        """Every post under this name with the id of its thread, by thread and place."""
        with self._database.reading() as connection:
            return reads.posts_of(connection, author)

    def wrote(self, name: str) -> Wrote | None:
        """How much stands under a name, as it is typed, in lower case or with capitals; None where nothing does."""
        with self._database.reading() as connection:
            return reads.wrote(connection, name)

    def posts_elsewhere(self, authors: Sequence[str], thread_id: str, *, limit: int) -> dict[str, list[PlacedPost]]:
        """Each author's posts in other threads than this one, oldest first, at most `limit` of each."""
        with self._database.reading() as connection:
            return reads.posts_elsewhere(connection, authors, thread_id, limit)

    def new_id(self, title: str) -> str:
        """A readable id for a thread of this title that no thread has yet: its slug, then slug-2, slug-3, …

        Another process may take it before it is put; hold `lock.writing` across both.
        """
        base = slug(title)
        with self._database.reading() as connection:
            wanted = select(threads.c.id).where(threads.c.id.startswith(base, autoescape=True))
            taken = set(connection.scalars(wanted))
        number = 1
        while (chosen := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        return chosen

    # Notes and answers: kept beside the threads, they do not change the generation

    def remember(self, key: str, value: str | None) -> None:
        """Keep a small note under a key; None forgets it."""
        with self._database.writing() as connection:
            connection.execute(delete(notes).where(notes.c.key == key))
            if value is not None:
                connection.execute(insert(notes), {"key": key, "value": value})

    def recall(self, key: str) -> str | None:
        """The note under a key."""
        with self._database.reading() as connection:
            return connection.scalar(select(notes.c.value).where(notes.c.key == key))

    def save_answer(self, answer: SavedAnswer) -> None:
        """Keep an answer, or replace the one of the same id, so that it can be looked at again when threads change."""
        values = {"document": answer.document, "generation": answer.generation}
        with self._database.writing() as connection:
            if connection.execute(update(answers).where(answers.c.id == answer.id).values(values)).rowcount:
                return
            key = writes.counter(connection, "answer_key") + 1
            writes.set_counter(connection, "answer_key", key)
            connection.execute(insert(answers), {"key": key, "id": answer.id} | values)

    def saved_answers(self) -> Iterator[SavedAnswer]:
        """The answers kept, in the order of their first saving, streaming."""
        after = 0
        while True:
            wanted = select(answers).where(answers.c.key > after).order_by(answers.c.key).limit(_PAGE)
            with self._database.reading() as connection:
                page = connection.execute(wanted).all()
            for row in page:
                yield SavedAnswer(row.id, row.document, row.generation)
            if len(page) < _PAGE:
                return
            after = page[-1].key

    def drop_answers(self, ids: Iterable[str]) -> None:
        """Forget kept answers; ids that are not there are passed over."""
        with self._database.writing() as connection:
            for answer_id in ids:
                connection.execute(delete(answers).where(answers.c.id == answer_id))


def _unknown(connection: Connection, thread_id: str) -> UnknownThreadError:
    close = reads.close_ids(connection, thread_id)
    hint = f"Did you mean {', '.join(close)}?" if close else "`threadwise similar --text WORDS` finds threads."
    return UnknownThreadError(f"There is no thread {thread_id[:80]!r}. {hint}")
