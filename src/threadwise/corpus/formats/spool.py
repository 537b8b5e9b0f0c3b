"""Pieces of threads that lie far apart in their files, brought together on the disk so that memory stays flat."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from threadwise.errors import FormatError


class Spool:
    """JSON values under keys, given back key by key."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE piece (key TEXT, value BLOB); BEGIN;"
        )

    def put(self, key: str, value: Any) -> None:
        """Keep one JSON value."""
        self._db.execute("INSERT INTO piece VALUES (?, ?)", (key, orjson.dumps(value)))

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Each key with its values in the order in which they came, by key."""
        self._db.execute("CREATE INDEX piece_key ON piece (key)")
        rows = self._db.execute("SELECT key, value FROM piece ORDER BY key, rowid")
        for key, pieces in groupby(rows, key=lambda row: row[0]):
            yield key, [orjson.loads(value) for _, value in pieces]


@contextmanager
def spooled(where: str) -> Iterator[Spool]:
    """A spool in a temporary file, gone after the block.

    Args:
        where: What is being read, for the message.

    Raises:
        FormatError: The temporary file cannot be written.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix="threadwise-spool-") as room,
            closing(sqlite3.connect(Path(room) / "spool.db", isolation_level=None)) as db,
        ):
            yield Spool(db)
    except sqlite3.Error as error:
        raise FormatError(
            f"{where} could not be sorted in {tempfile.gettempdir()} ({error}). "
            "Is the disk full? TMPDIR names another place."
        ) from error
