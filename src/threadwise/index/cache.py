"""Vectors by (encoder, content hash of the embedded text): the expensive part of the index, made once.

Safe to delete, at the price of encoding again. A damaged cache is put aside with a notice and started anew, whether
that shows when it is opened or later.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from threadwise.index.connections import Connections

_ASKED_AT_ONCE = 5_000

_log = logging.getLogger(__name__)

T = TypeVar("T")


class VectorCache:
    """The vectors of one encoder. Many threads and processes may use it at once."""

    def __init__(self, path: Path, dim: int) -> None:
        self._path = path
        self._dim = dim
        self._lock = Lock()
        self._connections = Connections(partial(_connect, path))
        try:
            with self._connections.borrowed():
                pass
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or not to be opened: not damaged
                raise
            self._begin_anew(self._connections, error)

    @classmethod
    def open(cls, folder: Path, encoder_name: str, dim: int) -> VectorCache:
        """Open or make the cache of an encoder."""
        folder.mkdir(parents=True, exist_ok=True)
        readable = "".join(c if c.isalnum() or c in "-_." else "-" for c in encoder_name)[:80]
        return cls(folder / f"vectors-{readable}-{sha256(encoder_name.encode()).hexdigest()[:8]}.db", dim)

    def close(self) -> None:
        """Let go of the file."""
        self._connections.close()

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are known of these keys."""

        def rows(connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
            return [
                row
                for start in range(0, len(keys), _ASKED_AT_ONCE)
                for row in connection.execute(
                    "SELECT key, vector FROM vectors WHERE key IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(keys[start : start + _ASKED_AT_ONCE])),),
                )
            ]

        vectors = ((key, np.frombuffer(data, dtype=np.float32)) for key, data in self._run(rows))
        return {key: vector for key, vector in vectors if len(vector) == self._dim}

    def put(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, rows of shape (len(keys), dim), in one transaction."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]

        def insert(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

        self._run(insert)

    def drop(self, keys: Sequence[str]) -> None:
        """Forget vectors, so that they are made again; keys that are not there are passed over."""

        def delete(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("DELETE FROM vectors WHERE key = ?", ((key,) for key in keys))

        self._run(delete)

    def start_anew(self, why: str) -> None:
        """Put the file aside, with a notice that says why, and begin an empty one."""
        self._begin_anew(self._connections, sqlite3.DatabaseError(why))

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file; empty: nothing."""
        try:
            with self._connections.borrowed() as connection:
                found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return [fault for fault in found if fault != "ok"]

    def keep_only(self, keys: Iterable[str]) -> int:
        """Drop every vector whose key is not among these, and its traces in the file; returns how many went."""

        def trim(connection: sqlite3.Connection) -> int:
            with connection:
                # One that failed before leaves the table behind, emptied with the rest of its transaction.
                connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY) WITHOUT ROWID")
                connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
                gone = connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)").rowcount
                connection.execute("DROP TABLE kept")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return int(gone)

        return self._run(trim)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the database; once more with a new one if this one turns out to be damaged."""
        connections = self._connections
        try:
            with connections.borrowed() as connection:
                return work(connection)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            self._begin_anew(connections, error)
        with self._connections.borrowed() as connection:
            return work(connection)

    def _begin_anew(self, damaged: Connections, error: sqlite3.DatabaseError) -> None:
        """Put a damaged file aside; whoever finds the same damage a moment later leaves the new one alone."""
        with self._lock:
            if self._connections is not damaged:
                return
            damaged.close()
            _log.warning(
                "The vector cache %s is damaged (%s). It was put aside; what is needed is encoded again.",
                self._path,
                error,
            )
            for suffix in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    self._path.with_name(self._path.name + suffix).replace(f"{self._path}{suffix}.damaged")
            self._connections = Connections(partial(_connect, self._path))
            with self._connections.borrowed():
                pass


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # Vectors are appended and only their keys are kept in order: random places in a large file are slow to write.
        connection.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")
        connection.execute("SELECT 1 FROM vectors LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if not path.exists() or os.access(path.parent, os.W_OK):
            raise
        # A folder that cannot be written has no room for SQLite's shared memory; nobody writes there either.
        return sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
