"""What a write does to the tables, inside a transaction that the store opens.

Every write takes the next generation for the whole transaction, and only if something really changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from threadwise.corpus.rows import Row, post_rows, thread_row
from threadwise.corpus.schema import counters, deletions, links, posts, tags, threads
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
    """Insert rows that all have every column, as plain values of the driver's types.

    Goes past SQLAlchemy's handling of each row, which took half of the time of a large import.
    """
    if not rows:
        return
    statement = insert(table).compile(dialect=connection.dialect)
    names = getattr(statement, "positiontup", None)
    values = [tuple(map(row.__getitem__, names)) for row in rows] if names else list(rows)
    connection.exec_driver_sql(statement.string, values)


class Putting:
    """One `put`: threads in chunks, then `finish`."""

    def __init__(self, connection: Connection, *, replace: bool) -> None:
        self.added: dict[str, None] = {}  # dicts for their order
        self.updated: dict[str, None] = {}
        self.unchanged: dict[str, None] = {}
        self.posts = 0
        self._connection = connection
        self._replace = replace
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
        fresh: list[tuple[int, Thread, Row, list[Row]]] = []
        changed: list[tuple[int, Thread, Row, list[Row]]] = []
        for thread in chunk:
            rows = post_rows(thread)
            row = thread_row(thread, rows)
            old = known.get(thread.id)
            if old is None:
                self._next_key += 1
                fresh.append((self._next_key, thread, row, rows))
                self.added[thread.id] = None
                continue
            self._check_source(thread, old.source)
            if old.hash == row["hash"]:
                if thread.id not in self.added and thread.id not in self.updated:
                    self.unchanged[thread.id] = None
                continue
            self._check_replace(thread)
            changed.append((old.key, thread, row, rows))
            if thread.id not in self.added:
                self.unchanged.pop(thread.id, None)
                self.updated[thread.id] = None
        self._write(fresh, changed)

    def finish(self) -> None:
        """Move the counters, if anything changed."""
        if self.generation > self._before:
            set_counter(self._connection, "generation", self.generation)
            set_counter(self._connection, "thread_key", self._next_key)

    def _check_source(self, thread: Thread, source: str | None) -> None:
        if thread.source != source:
            raise ConflictError(
                f"The id {thread.id!r} is taken by a thread of {_named(source)}; this one is of "
                f"{_named(thread.source)}. `--source NAME` keeps them apart. Nothing was changed."
            )

    def _check_replace(self, thread: Thread) -> None:
        if not self._replace:
            raise ConflictError(
                f"The id {thread.id!r} is taken by a thread with other content. `threadwise edit {thread.id} FILE` "
                "changes that one. Nothing was changed."
            )

    def _write(
        self, fresh: list[tuple[int, Thread, Row, list[Row]]], changed: list[tuple[int, Thread, Row, list[Row]]]
    ) -> None:
        run = self._connection.execute
        generation = self.generation
        if changed:
            keys = [key for key, *_ in changed]
            for table in (posts, tags, links):
                run(delete(table).where(table.c.thread_key.in_(keys)))
            for key, _, row, _ in changed:
                run(update(threads).where(threads.c.key == key).values(**row, generation=generation))
        if fresh:
            insert_rows(
                self._connection, threads, [{"key": key, "generation": generation} | row for key, _, row, _ in fresh]
            )
            run(delete(deletions).where(deletions.c.thread_id.in_([thread.id for _, thread, _, _ in fresh])))
        children: dict[Any, list[Row]] = defaultdict(list)
        for key, thread, _, rows in fresh + changed:
            for row in rows:
                row["thread_key"] = key
            children[posts] += rows
            children[tags] += [{"thread_key": key, "position": i, "tag": tag} for i, tag in enumerate(thread.tags)]
            children[links] += [
                {"thread_key": key, "position": i, "duplicate_of": other} for i, other in enumerate(thread.duplicate_of)
            ]
            self.posts += len(rows)
        for table, rows in children.items():
            insert_rows(self._connection, table, rows)


def put_all(connection: Connection, items: Iterable[Thread], *, replace: bool) -> Putting:
    """Write all threads, in order, in one transaction."""
    putting = Putting(connection, replace=replace)
    for chunk in _chunks(items):
        putting.put(chunk)
    putting.finish()
    return putting


def delete_thread(connection: Connection, thread_id: str) -> int | None:
    """Remove a thread and remember that it went; the new generation, or None where there is no such thread."""
    gone = connection.execute(delete(threads).where(threads.c.id == thread_id)).rowcount  # the rest cascades
    if not gone:
        return None
    generation = counter(connection, "generation") + 1
    set_counter(connection, "generation", generation)
    connection.execute(insert(deletions), {"thread_id": thread_id, "generation": generation})
    return generation


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
