"""Vectors by (encoder, content hash of the embedded text): the expensive part of the index, made once.

Safe to delete, at the price of encoding again. A damaged cache is put aside and started anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

_ASKED_AT_ONCE = 5_000


class VectorCache:
    """The vectors of one encoder. Many threads and processes may use it at once."""

    def __init__(self, path: Path, dim: int) -> None:
        self._dim = dim
        self._lock = Lock()
        try:
            self._connection = _connect(path)
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + suffix).replace(path.with_name(path.name + suffix + ".damaged"))
            self._connection = _connect(path)

    @classmethod
    def open(cls, folder: Path, encoder_name: str, dim: int) -> VectorCache:
        """Open or make the cache of an encoder."""
        folder.mkdir(parents=True, exist_ok=True)
        readable = "".join(c if c.isalnum() or c in "-_." else "-" for c in encoder_name)[:80]
        return cls(folder / f"vectors-{readable}-{sha256(encoder_name.encode()).hexdigest()[:8]}.db", dim)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are known of these keys."""
        found: dict[str, NDArray[np.float32]] = {}
        with self._lock:
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                rows = self._connection.execute(
                    "SELECT key, vector FROM vectors WHERE key IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(keys[start : start + _ASKED_AT_ONCE])),),
                )
                found.update((key, np.frombuffer(data, dtype=np.float32)) for key, data in rows)
        return {key: vector for key, vector in found.items() if len(vector) == self._dim}

    def put(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, rows of shape (len(keys), dim), in one transaction."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, keys: Iterable[str]) -> int:
        """Drop every vector whose key is not among these, and its traces in the file; returns how many went."""
        with self._lock:
            connection = self._connection
            with connection:
                connection.execute("CREATE TEMP TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID")
                connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
                gone = connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)").rowcount
                connection.execute("DROP TABLE kept")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(gone)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
        )
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
