"""Pieces of threads that lie far apart in their files, brought together on the disk so that memory stays flat."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from threadwise.corpus.formats.progress import Gauges
from threadwise.corpus.formats.source import Source
from threadwise.errors import FormatError


class Spool:
    """JSON values under keys, given back key by key."""

    def __init__(self, db: sqlite3.Connection, gauges: Gauges, sorting: ExitStack) -> None:
        self._db, self._gauges, self._sorting = db, gauges, sorting
        db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE piece (key TEXT, value BLOB); BEGIN;"
        )

    def put(self, key: str, value: Any) -> None:
        """Keep one JSON value."""
        self._db.execute("INSERT INTO piece VALUES (?, ?)", (key, orjson.dumps(value)))

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Each key with its values in the order in which they came, by key; nothing is put any more."""
        self._sorting.close()
        self._db.execute("CREATE INDEX piece_key ON piece (key)")
        [keys] = self._db.execute("SELECT COUNT(DISTINCT key) FROM piece").fetchone()
        rows = self._db.execute("SELECT key, value FROM piece ORDER BY key, rowid")
        for key, pieces in self._gauges.taking.each(groupby(rows, key=lambda row: row[0]), keys):
            yield key, [orjson.loads(value) for _, value in pieces]


@contextmanager
def spooled(source: Source) -> Iterator[Spool]:
    """A spool in a temporary file for what is read from a source, gone after the block.

    Raises:
        FormatError: The temporary file cannot be written.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix="threadwise-spool-") as room,
            closing(sqlite3.connect(Path(room) / "spool.db", isolation_level=None)) as db,
            ExitStack() as sorting,
        ):
            sorting.enter_context(source.gauges.sorting())
            yield Spool(db, source.gauges, sorting)
    except sqlite3.Error as error:
        raise FormatError(
            f"{source.name} could not be sorted in {tempfile.gettempdir()} ({error}). "
            "Is the disk full? TMPDIR names another place."
        ) from error
