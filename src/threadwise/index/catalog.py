"""What is indexed: one row a passage, and how far the index is.

The vector and word indexes know passages by number only; this is where a number becomes a span of a post again. Rows
are written and removed in one transaction with the generation they bring the index to. `stamp` counts those
transactions, so that another process can ask what happened since the one it knows.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from threadwise.corpus.folders import writable
from threadwise.domain import Part, Passage
from threadwise.errors import BusyError, IndexFault, StoreError
from threadwise.index import schema
from threadwise.index.connections import Connections
from threadwise.index.files import bringing_level
from threadwise.index.rows import Maker, Outline, Place, Row, State

_PATIENCE = 30.0  # seconds

NO_TITLES: Mapping[str, str | None] = {}


class Catalog:
    """The rows of one index folder. One writer at a time; readers of any thread or process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = Connections(partial(_connect, path))

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open or make the catalog.

        Raises:
            IndexFault: The file is damaged, or of another version.
            StoreError: It cannot be made or opened: no rights, a full disk.
        """
        catalog = cls(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with bringing_level(path.parent), catalog._connections.borrowed() as connection:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version not in (0, schema.FORMAT):
                    raise IndexFault(
                        f"{path} is of another version ({version}); `threadwise index --rebuild` makes it anew."
                    )
            if version == 0:
                with bringing_level(path.parent), catalog._writing() as connection:
                    schema.make(connection)
        except StoreError:
            catalog.close()
            raise
        except (sqlite3.Error, OSError) as error:
            catalog.close()
            raise IndexFault(f"{path} cannot be read ({error}); `threadwise index --rebuild` makes it anew.") from error
        return catalog

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    # How far

    def state(self) -> State:
        """How far the index is."""
        with self._borrowed() as connection:
            values = dict(connection.execute("SELECT name, value FROM meta"))
        return State(
            values.get("epoch", ""),
            int(values.get("stamp", 0)),
            int(values.get("generation", 0)),
            int(values.get("next_number", 1)),
            values.get("model", ""),
            values.get("encoder", ""),
            int(values.get("dim", 0)),
            int(values.get("count", 0)),
        )

    # Write

    def clear(self) -> None:
        """Forget every passage; the index is at generation 0."""
        with self._writing() as connection:
            schema.empty(connection)

    def touch(self) -> None:
        """Let other processes see that something beside the rows changed."""
        with self._writing() as connection:
            schema.note(connection, stamp=self.state().stamp + 1)

    def compact(self) -> None:
        """Rewrite the file and empty its log, so that neither holds what was removed.

        Raises:
            BusyError: A reader kept the log in use.
        """
        with self._borrowed() as connection:
            connection.execute("VACUUM")
            deadline = time.monotonic() + _PATIENCE
            while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # a reader still needs the log
                if time.monotonic() > deadline:
                    raise BusyError(f"The log of {self._path} is in use and holds deleted text. Try again in a moment.")
                time.sleep(0.05)

    def apply(
        self,
        removed: Sequence[int],
        added: Sequence[Row],
        generation: int,
        made_by: Maker,
        titles: Mapping[str, str | None] = NO_TITLES,
    ) -> None:
        """Remove and add rows and note the generation, all or nothing.

        Args:
            removed: Numbers of passages.
            added: New rows.
            generation: Of the corpus, that this brings the index to.
            made_by: What made the vectors.
            titles: The key of the title's vector for each thread that was written; None for one that is gone.
        """
        state = self.state()
        stamp = state.stamp + 1
        with self._writing() as connection:
            gone = _remove(connection, removed, stamp)
            connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (r.number, p.thread_id, p.post_id, p.start, p.end, p.part.value, p.text, r.vector, stamp)
                    for r in added
                    for p in (r.passage,)
                ],
            )
            connection.executemany("DELETE FROM titles WHERE thread_id = ?", ((thread_id,) for thread_id in titles))
            connection.executemany(
                "INSERT INTO titles VALUES (?, ?)", ((name, key) for name, key in titles.items() if key is not None)
            )
            last = max((row.number for row in added), default=state.next_number - 1)
            schema.note(
                connection,
                stamp=stamp,
                generation=generation,
                next_number=max(state.next_number, last + 1),
                count=state.count - gone + len(added),
                **asdict(made_by),
            )

    # Read

    def vector_keys_at(self, numbers: Collection[int]) -> dict[int, str]:
        """The vector keys of these passages; those that are gone are left out."""
        with self._borrowed() as connection:
            return dict(
                connection.execute(
                    "SELECT number, vector FROM passages WHERE number IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(numbers)),),
                )
            )

    def threads_at(self, numbers: Collection[int]) -> dict[int, str]:
        """The thread of each of these passages; those that are gone are left out."""
        with self._borrowed() as connection:
            return dict(
                connection.execute(
                    "SELECT number, thread_id FROM passages WHERE number IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(numbers)),),
                )
            )

    def sample(self, part: Part, share: float) -> list[str]:
        """About this share of a part's vector keys. Keys are hashes, so the first of them are from all over, and the
        same ones in whatever order the threads came."""
        highest = f"{min(int(share * 16**8), 16**8 - 1):08x}g"  # g comes after every digit of a key
        with self._borrowed() as connection:
            wanted = "SELECT DISTINCT vector FROM passages WHERE part = ? AND vector < ?"
            return [row[0] for row in connection.execute(wanted, (part.value, highest))]

    def lowest(self, k: int) -> list[tuple[int, Part]]:
        """Number and part of the k passages with the lowest vector keys, in their order: a sample from all over, the
        same one in whatever order the threads came."""
        with self._borrowed() as connection:
            for some in ("WHERE vector < '1'", ""):  # one in sixteen, which has an index; all where those are too few
                wanted = f"SELECT number, part FROM passages {some} ORDER BY vector LIMIT ?"  # noqa: S608 - from above
                rows = connection.execute(wanted, (k,)).fetchall()
                if len(rows) == k:
                    break
        return [(number, Part(part)) for number, part in rows]

    def places(self, numbers: Collection[int]) -> dict[int, Place]:
        """Where the passages of these numbers are; those that are gone are left out."""
        with self._borrowed() as connection:
            found = connection.execute(
                "SELECT number, thread_id, post_id, start FROM passages "
                "WHERE number IN (SELECT value FROM json_each(?))",
                (json.dumps(list(numbers)),),
            )
            return {row[0]: Place(*row[1:]) for row in found}

    def passages(self, numbers: Collection[int]) -> dict[int, Passage]:
        """The passages of these numbers; those that are gone are left out."""
        with self._borrowed() as connection:
            found = connection.execute(
                "SELECT number, thread_id, post_id, start, stop, text, part FROM passages "
                "WHERE number IN (SELECT value FROM json_each(?))",
                (json.dumps(list(numbers)),),
            )
            return {row[0]: _passage(row) for row in found}

    def rows_of(self, thread_ids: Collection[str]) -> list[Row]:
        """The rows of these threads, in the order of the posts."""
        with self._borrowed() as connection:
            found = connection.execute(
                "SELECT number, thread_id, post_id, start, stop, text, part, vector FROM passages "
                "WHERE thread_id IN (SELECT value FROM json_each(?)) ORDER BY number",
                (json.dumps(list(thread_ids)),),
            )
            return [Row(row[0], _passage(row), row[7]) for row in found]

    def outline_of(self, thread_ids: Collection[str]) -> list[Outline]:
        """The passages of these threads, by thread id and in the order of the posts, without their text."""
        with self._borrowed() as connection:
            found = connection.execute(
                "SELECT number, thread_id, post_id, stop - start, part = ? FROM passages "
                "WHERE thread_id IN (SELECT value FROM json_each(?)) ORDER BY thread_id, number",
                (Part.QUESTION.value, json.dumps(list(thread_ids))),
            )
            return list(map(Outline._make, found))

    def numbers_of(self, thread_ids: Collection[str], part: Part | None = None) -> list[int]:
        """The numbers of these threads' passages."""
        with self._borrowed() as connection:
            found = connection.execute(
                "SELECT number FROM passages WHERE thread_id IN (SELECT value FROM json_each(?)) "
                "AND (? IS NULL OR part = ?)",
                (json.dumps(list(thread_ids)), part and part.value, part and part.value),
            )
            return [row[0] for row in found]

    def added_since(self, stamp: int, part: Part) -> Iterator[tuple[int, str]]:
        """(number, vector key) of the rows of a part that came after a stamp and are still there, streaming."""
        with self._borrowed() as connection:
            cursor = connection.execute(
                "SELECT number, vector FROM passages WHERE stamp > ? AND part = ?", (stamp, part.value)
            )
            while rows := cursor.fetchmany(2_000):
                yield from rows

    def numbers(self) -> list[int]:
        """The number of every row."""
        with self._borrowed() as connection:
            return [row[0] for row in connection.execute("SELECT number FROM passages")]

    def vector_keys(self) -> Iterator[str]:
        """The vector key of every passage and every title, streaming."""
        with self._borrowed() as connection:
            for row in connection.execute("SELECT vector FROM passages UNION ALL SELECT vector FROM titles"):
                yield row[0]

    def titles_of(self, thread_ids: Collection[str]) -> dict[str, str]:
        """The key of the title's vector for each of these threads that is indexed."""
        with self._borrowed() as connection:
            return dict(
                connection.execute(
                    "SELECT thread_id, vector FROM titles WHERE thread_id IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(thread_ids)),),
                )
            )

    def removed_since(self, stamp: int, part: Part) -> list[int]:
        """The numbers of a part that went after a stamp."""
        with self._borrowed() as connection:
            found = connection.execute("SELECT number FROM removed WHERE stamp > ? AND part = ?", (stamp, part.value))
            return [row[0] for row in found]

    def changes_since(self, stamp: int, part: Part) -> int:
        """How many rows of a part came or went after a stamp."""
        with self._borrowed() as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table} WHERE stamp > ? AND part = ?", (stamp, part.value))  # noqa: S608
                for table in ("passages", "removed")
            ]
            return sum(int(count.fetchone()[0]) for count in counts)

    def threads_of(self, numbers: Collection[int]) -> set[str]:
        """The threads that these passages belong to."""
        return set(self.threads_at(numbers).values())

    # Connections

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        """A connection whose complaints about a damaged file come in our words."""
        try:
            with self._connections.borrowed() as connection:
                yield connection
        except sqlite3.OperationalError:  # full, read-only, locked: nothing is wrong with the file
            raise
        except sqlite3.DatabaseError as error:
            raise IndexFault(
                f"{self._path} is damaged ({error}); `threadwise index --rebuild` makes it anew. "
                "Nothing that was stored is lost."
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._borrowed() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")  # on a full disk this raises, and leaves the transaction open
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


_CANNOT_WRITE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)


def _remove(connection: sqlite3.Connection, removed: Sequence[int], stamp: int) -> int:
    """Remove rows and note it, for those who follow; how many there were."""
    numbers = json.dumps(list(removed))
    gone = connection.execute(
        "INSERT INTO removed SELECT number, part, ? FROM passages WHERE number IN (SELECT value FROM json_each(?))",
        (stamp, numbers),
    ).rowcount
    connection.execute("DELETE FROM passages WHERE number IN (SELECT value FROM json_each(?))", (numbers,))
    return gone


def _passage(row: Sequence[Any]) -> Passage:
    """The passage of a row that starts with number, thread, post, start, stop, text, part."""
    _, thread_id, post_id, start, stop, text, part, *_ = row
    return Passage(thread_id, post_id, start, stop, text, Part(part))


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        if not path.exists() or error.sqlite_errorcode & 0xFF not in _CANNOT_WRITE or writable(path.parent):
            raise
        # A folder that cannot be written has no room for SQLite's shared memory; nobody writes there either.
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
    return connection
