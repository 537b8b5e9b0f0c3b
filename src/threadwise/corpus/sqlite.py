"""The only code that knows SQLite: its files, settings and errors. The rest is written for any database."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from threadwise.config import Settings
from threadwise.corpus.folders import writable
from threadwise.errors import BusyError, SettingsError, StoreError

POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 128}
"""Connections that stay open, and how many more there may be at once: one for each thread that reads."""


def sqlite_path(settings: Settings) -> Path | None:
    """The corpus file, or None where the corpus is in another database than SQLite.

    Raises:
        SettingsError: The URL is none, or names a database in memory, which would keep nothing.
    """
    if not settings.database:  # built by hand: a home may have ? or % in its name
        return settings.corpus_folder / "threadwise.db"
    try:
        url = make_url(settings.database)
    except ArgumentError as error:
        raise SettingsError(
            f"THREADWISE_DATABASE is not a database URL such as sqlite:////path/to/file: {error}."
        ) from error
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:" or url.query:
        raise SettingsError("THREADWISE_DATABASE must name a file: sqlite:////path/to/file, without options.")
    return Path(url.database)


def sqlite_engine(path: Path, timeout: float, *, read_only: bool) -> Engine:
    """An engine on a corpus file, which is made, with its folder, unless it is only read."""
    if read_only and not path.is_file():
        raise StoreError(f"There is no corpus at {path}. `threadwise import` makes one.")
    if not read_only:
        _make_folder(path.parent)
    engine = create_engine(
        _read_only_url(path) if read_only else URL.create("sqlite", database=str(path)),
        connect_args={"timeout": timeout},
        **POOL,
    )

    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `begun` does
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a commit returns after its fsync
        connection.execute("PRAGMA cache_size = -16000")  # 16 MB a connection

    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("threadwise_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    if not read_only:
        _use_wal(path, timeout)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be made ({error.strerror}). Choose another with --home or THREADWISE_HOME."
        ) from error


def _read_only_url(path: Path) -> URL:
    return URL.create(
        "sqlite", database="file:" + quote(str(path.absolute())), query={**_read_only(path), "uri": "true"}
    )


def _read_only(path: Path) -> dict[str, str]:
    """WAL writes beside the database; where that is impossible, and only there, SQLite is told that nobody writes."""
    log = path.with_name(path.name + "-wal")
    unused = not (log.exists() and log.stat().st_size) and not writable(path.parent)
    return {"mode": "ro", "immutable": "1"} if unused else {"mode": "ro"}


def _use_wal(path: Path, timeout: float) -> None:
    """Turn on the write-ahead log once; it stays on. The switch ignores the busy timeout, so it is retried here."""
    deadline = time.monotonic() + timeout
    with closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as connection:
        while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def vacuum(path: Path, timeout: float) -> None:
    """Rewrite the file without what was deleted, and empty its log.

    Raises:
        BusyError: A reader kept the log in use.
    """
    deadline = time.monotonic() + timeout
    with closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # a reader still needs the log
            if time.monotonic() > deadline:
                raise BusyError(f"The log of {path} is in use, so it still holds deleted text. Try again in a moment.")
            time.sleep(0.05)


@contextmanager
def raw(path: Path, timeout: float, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection past SQLAlchemy, for what only SQLite can do; its errors come in our words."""
    try:
        target = f"file:{quote(str(path.absolute()))}?{urlencode(_read_only(path) if read_only else {'mode': 'rw'})}"
        with closing(sqlite3.connect(target, timeout=timeout, isolation_level=None, uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise explain(error, str(path)) from error


def copy_into(source: sqlite3.Connection, target: sqlite3.Connection, timeout: float) -> None:
    """Copy one database over another, as one transaction of each: SQLite's online backup.

    Raises:
        BusyError: One of them stayed locked; the driver itself would try for ever.
    """
    deadline = time.monotonic() + timeout

    def waited(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise BusyError("Another process is writing to the corpus. Try again in a moment; nothing was changed.")

    source.backup(target, pages=-1, progress=waited, sleep=0.05)


def single_file(path: Path) -> None:
    """Turn the log off and make the file durable, so that it can be moved or taken away alone."""
    with raw(path, 0) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def faults(path: Path, timeout: float) -> list[str]:
    """What SQLite itself finds wrong with a file; empty: nothing.

    Raises:
        StoreError: The file is no database at all, or cannot be opened.
    """
    with raw(path, timeout, read_only=True) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
        strays = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    lost = [f"row {row} of {table} belongs to no row of {parent}" for table, row, parent, _ in strays]
    return [fault for fault in found if fault != "ok"] + lost


_RESTORE = "`threadwise check --repair` saves what can be read; `threadwise restore BACKUP` brings a backup back."
_WORDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (BusyError, "Another process is writing to it. Try again in a moment"),
    sqlite3.SQLITE_LOCKED: (BusyError, "Another process is writing to it. Try again in a moment"),
    sqlite3.SQLITE_FULL: (StoreError, "The disk is full. Free some space and try again; what was stored is safe"),
    sqlite3.SQLITE_IOERR: (StoreError, "The disk does not take or give the data. Is it full or failing"),
    sqlite3.SQLITE_READONLY: (StoreError, "It cannot be written. Allow it, or choose another --home"),
    sqlite3.SQLITE_PERM: (StoreError, "It may not be opened. Allow it, or choose another --home"),
    sqlite3.SQLITE_CANTOPEN: (StoreError, "It cannot be opened. Do the folder and the rights to it exist"),
    sqlite3.SQLITE_CORRUPT: (StoreError, f"It is damaged. {_RESTORE}"),
    sqlite3.SQLITE_NOTADB: (StoreError, f"It is not a database, or damaged. {_RESTORE}"),
}


def explain(error: BaseException | None, where: str) -> StoreError:
    """A database error in our words, with what to do next."""
    code = getattr(error, "sqlite_errorcode", None)
    kind, words = _WORDS.get(code & 0xFF, (StoreError, "")) if isinstance(code, int) else (StoreError, "")
    return kind(f"The corpus {where}: {words} ({error})." if words else f"The corpus {where} cannot be used: {error}.")
