"""What a write does to the tables, inside a transaction that the store opens.

Every write takes the next generation for the whole transaction, and only if something really changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, delete, insert, select, update

from threadwise.corpus.fingerprint import bands, question_text
from threadwise.corpus.rows import Row, post_rows, thread_hash, thread_row
from threadwise.corpus.schema import answers, counters, deletions, fingerprints, links, posts, tags, threads
from threadwise.domain import Thread
from threadwise.errors import ConflictError

CHUNK = 500
"""Most threads in one statement; well under SQLite's 32,766 variables."""


def counter(connection: Connection, name: str) -> int:
    """The value of a counter; in a writing transaction nobody else moves it."""
    value = connection.scalar(select(counters.c.value).where(counters.c.name == name).with_for_update())
    return int(value or 0)


def set_counter(connection: Connection, name: str, value: int) -> None:
    """Give a counter its next value."""
    connection.execute(update(counters).where(counters.c.name == name).values(value=value))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns.

    Goes past SQLAlchemy's handling of each row, which took half of the time of a large import.
    """
    if not rows:
        return
    statement = insert(table).compile(dialect=connection.dialect)
    names = table.c.keys()
    values = list(rows) if statement.positional else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(statement.string, values)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A thread that is about to be written."""

    key: int
    thread: Thread
    posts: list[Row]
    content: str


class Putting:
    """One `put`: threads in chunks, then `finish`."""

    def __init__(self, connection: Connection, *, replace: bool, dry: bool = False) -> None:
        self.added: dict[str, None] = {}  # dicts for their order
        self.updated: dict[str, None] = {}
        self.unchanged: dict[str, None] = {}
        self.posts = 0
        self._connection = connection
        self._replace = replace
        self._dry = dry
        self._before = counter(connection, "generation")
        self._next_key = counter(connection, "thread_key")

    @property
    def generation(self) -> int:
        """The generation after this put."""
        return self._before + bool(self.added or self.updated)

    def put(self, chunk: Sequence[Thread]) -> None:
        """Write threads with ids that differ from each other."""
        ids = [thread.id for thread in chunk]
        wanted = select(threads.c.id, threads.c.key, threads.c.source, threads.c.hash).where(threads.c.id.in_(ids))
        known = {row.id: row for row in self._connection.execute(wanted)}
        drafts: list[_Draft] = []
        for thread in chunk:
            rows = post_rows(thread)
            content = thread_hash(thread, rows)
            old = known.get(thread.id)
            if old is None or self._differs(thread, content, old):
                drafts.append(_Draft(self._key(thread.id, old), thread, rows, content))
        if self._dry:
            self.posts += sum(len(draft.thread.posts) for draft in drafts)
        else:
            self._write(drafts, [row.key for row in known.values()])

    def finish(self) -> None:
        """Move the counters, if anything changed."""
        if self.generation > self._before:
            set_counter(self._connection, "generation", self.generation)
            set_counter(self._connection, "thread_key", self._next_key)

    def _differs(self, thread: Thread, content: str, old: Any) -> bool:
        if thread.source != old.source:
            raise ConflictError(
                f"The id {thread.id!r} is taken by a thread of {_named(old.source)}; this one is of "
                f"{_named(thread.source)}. `--source NAME` keeps them apart. Nothing was changed."
            )
        if content == old.hash:
            if thread.id not in self.added and thread.id not in self.updated:
                self.unchanged[thread.id] = None
            return False
        if not self._replace:
            raise ConflictError(
                f"The id {thread.id!r} is taken by a thread with other content. `threadwise edit {thread.id} FILE` "
                "changes that one. Nothing was changed."
            )
        return True

    def _key(self, thread_id: str, old: Any) -> int:
        if old is None:
            self._next_key += 1
            self.added[thread_id] = None
            return self._next_key
        if thread_id not in self.added:
            self.unchanged.pop(thread_id, None)
            self.updated[thread_id] = None
        return int(old.key)

    def _write(self, drafts: list[_Draft], known: Iterable[int]) -> None:
        if not drafts:
            return
        run, keys = self._connection.execute, {draft.key for draft in drafts}
        if replaced := keys & set(known):
            run(delete(threads).where(threads.c.key.in_(replaced)))  # what hangs on them goes too
        run(delete(deletions).where(deletions.c.thread_id.in_([draft.thread.id for draft in drafts])))
        rows: dict[Table, list[Row]] = {table: [] for table in (threads, posts, tags, links, fingerprints)}
        filed = bands([question_text(draft.thread) for draft in drafts])
        for draft, own in zip(drafts, filed, strict=True):
            key, thread = draft.key, draft.thread
            rows[threads].append(thread_row(key, thread, draft.content, self.generation))
            rows[posts] += [(key, i, *values) for i, values in enumerate(draft.posts)]
            rows[tags] += [(key, i, tag) for i, tag in enumerate(thread.tags)]
            rows[links] += [(key, i, other) for i, other in enumerate(thread.duplicate_of)]
            rows[fingerprints] += [(band, key) for band in own]
        for table, values in rows.items():
            insert_rows(self._connection, table, values)
        self.posts += len(rows[posts])


def put_all(connection: Connection, items: Iterable[Thread], *, replace: bool, dry: bool = False) -> Putting:
    """Write all threads, in order, in one transaction; `dry` only finds out what that would do."""
    putting = Putting(connection, replace=replace, dry=dry)
    for chunk in _chunks(items):
        putting.put(chunk)
    if not dry:
        putting.finish()
    return putting


def delete_all(connection: Connection, ids: Sequence[str], generation: int) -> int:
    """Remove threads and remember, under a generation, that they went; how many there were."""
    gone = [i for chunk in pieces(ids) for i in connection.scalars(select(threads.c.id).where(threads.c.id.in_(chunk)))]
    for chunk in pieces(gone):
        connection.execute(delete(threads).where(threads.c.id.in_(chunk)))  # the rest cascades
    insert_rows(connection, deletions, [(thread_id, generation) for thread_id in gone])
    return len(gone)


def drop_answers_naming(connection: Connection, ids: Collection[str], besides: Collection[str] = ()) -> int:
    """Drop kept answers whose document names one of these threads, and those of the ids `besides`; how many."""
    names = {write(thread_id) for thread_id in ids for write in (json.dumps, lambda i: orjson.dumps(i).decode())}
    rows = connection.execute(select(answers.c.id, answers.c.document)) if names or besides else ()
    gone = [row.id for row in rows if row.id in besides or any(name in row.document for name in names)]
    for chunk in pieces(gone):
        connection.execute(delete(answers).where(answers.c.id.in_(chunk)))
    return len(gone)


def pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids in portions that fit into one statement."""
    return (ids[i : i + CHUNK] for i in range(0, len(ids), CHUNK))


def _chunks(items: Iterable[Thread]) -> Iterator[list[Thread]]:
    """Cut before an id comes twice, so that the later thread meets the earlier one in the table."""
    chunk: dict[str, Thread] = {}
    for thread in items:
        if thread.id in chunk or len(chunk) == CHUNK:
            yield list(chunk.values())
            chunk = {}
        chunk[thread.id] = thread
    if chunk:
        yield list(chunk.values())


def _named(source: str | None) -> str:
    return f"source {source!r}" if source else "no source"
