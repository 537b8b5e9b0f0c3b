"""The database under the store: one engine, transactions that read or write, and its errors in our words.

The lower half, marked, is the only code that knows SQLite; another database needs an entry there at most.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from threadwise.config import Settings
from threadwise.errors import BusyError, SettingsError, StoreError

_POOLED, _MOST_CONNECTIONS = 8, 128


class Database:
    """An engine whose transactions raise our errors. Thread-safe."""

    def __init__(self, settings: Settings, *, read_only: bool = False) -> None:
        self.path = sqlite_path(settings)
        self._timeout = settings.lock_timeout
        self.where = str(self.path or make_url(settings.database).render_as_string(hide_password=True))
        with self._explained():
            self._engine = (
                _sqlite_engine(self.path, settings.lock_timeout, read_only) if self.path else _engine(settings.database)
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the corpus throughout."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other write interleaves with; durable when the block ends, undone when it raises."""
        with (
            self._explained(),
            self._engine.connect().execution_options(threadwise_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def compact(self) -> None:
        """Give back the space of what was deleted, and leave nothing of it in the file or its log."""
        if self.path is not None:
            with self._explained():
                _vacuum(self.path, self._timeout)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise explain(error.orig, self.where) from error
        except sqlite3.Error as error:
            raise explain(error, self.where) from error


def _engine(url: str) -> Engine:
    try:
        return create_engine(url, pool_size=_POOLED, max_overflow=_MOST_CONNECTIONS)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise SettingsError(f"THREADWISE_DATABASE: {error}. Is the driver for that database installed?") from error


# --- What only SQLite needs -------------------------------------------------------------------------------------


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


def _sqlite_engine(path: Path, timeout: float, read_only: bool) -> Engine:
    if read_only and not path.is_file():
        raise StoreError(f"There is no corpus at {path}. `threadwise import` makes one.")
    if not read_only:
        _make_folder(path.parent)
    engine = create_engine(
        _read_only_url(path) if read_only else URL.create("sqlite", database=str(path)),
        connect_args={"timeout": timeout},
        pool_size=_POOLED,
        max_overflow=_MOST_CONNECTIONS,
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
    """WAL writes beside the database; where that is impossible, and only there, SQLite is told that nobody writes."""
    query = {"mode": "ro", "uri": "true"}
    log = path.with_name(path.name + "-wal")
    if not (log.exists() and log.stat().st_size) and not _writable(path.parent):
        query["immutable"] = "1"
    return URL.create("sqlite", database="file:" + quote(str(path.absolute())), query=query)


def _writable(folder: Path) -> bool:
    probe = folder / f".writable-{time.monotonic_ns()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


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


def _vacuum(path: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    with closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # a reader still needs the log
            if time.monotonic() > deadline:
                raise BusyError(f"The log of {path} is in use, so it still holds deleted text. Try again in a moment.")
            time.sleep(0.05)


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
