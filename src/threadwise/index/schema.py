"""The tables of the catalog: made, emptied, and made anew over those of an earlier version."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

FORMAT = 4
"""Of the tables, and of what stands in the words beside them; an index of another is made anew."""

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passages (
    number INTEGER PRIMARY KEY, thread_id TEXT NOT NULL, post_id TEXT NOT NULL, start INTEGER NOT NULL,
    stop INTEGER NOT NULL, part TEXT NOT NULL, text TEXT NOT NULL, vector TEXT NOT NULL, stamp INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS passages_outline ON passages (thread_id, number, post_id, start, stop, part);
CREATE INDEX IF NOT EXISTS passages_stamp ON passages (stamp, part);
CREATE INDEX IF NOT EXISTS passages_sampled ON passages (vector) WHERE vector < '1';
CREATE TABLE IF NOT EXISTS titles (thread_id TEXT PRIMARY KEY, vector TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS removed (number INTEGER NOT NULL, part TEXT NOT NULL, stamp INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS removed_stamp ON removed (stamp, part);
"""


def make(connection: sqlite3.Connection) -> None:
    """Make the tables, unless somebody else has made them meanwhile; within a transaction."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
        for statement in _TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        empty(connection)


def empty(connection: sqlite3.Connection) -> None:
    """Forget every passage; within a transaction."""
    for table in ("passages", "titles", "removed", "meta"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
    note(connection, epoch=secrets.token_hex(8), stamp=0, generation=0, next_number=1, count=0)


def note(connection: sqlite3.Connection, **values: object) -> None:
    """Set values by name; within a transaction."""
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [(name, str(value)) for name, value in values.items()],
    )


def renew(path: Path) -> None:
    """Replace the tables of another version, in the file: others may have it open, and a file that they took for theirs
    must not go. A file that is no database is deleted.
    """
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            tables = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            for (table,) in tables:
                connection.execute(f'DROP TABLE "{table}"')
            connection.execute("PRAGMA user_version = 0")
            make(connection)
            connection.execute("COMMIT")
    except sqlite3.OperationalError:  # locked, full, read-only: not damaged
        raise
    except sqlite3.DatabaseError:
        for suffix in ("-wal", "-shm", ""):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
