"""The database under the store: one engine, transactions that read or write, and its errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from threadwise.config import Settings
from threadwise.corpus.folders import writable
from threadwise.corpus.sqlite import POOL, explain, sqlite_engine, sqlite_path, vacuum
from threadwise.errors import InputError, SettingsError


class Database:
    """An engine whose transactions raise our errors. Thread-safe."""

    def __init__(self, settings: Settings, *, read_only: bool = False, file: Path | None = None) -> None:
        self.path = file or sqlite_path(settings)
        if self.path is not None and self.path.is_file() and not writable(self.path.parent):
            read_only = True  # what is there can be read; a write is refused in clear words
        self.read_only = read_only
        self._timeout = settings.lock_timeout
        self.where = str(self.path or make_url(settings.database).render_as_string(hide_password=True))
        with self._explained():
            self._engine = (
                sqlite_engine(self.path, settings.lock_timeout, read_only=read_only)
                if self.path
                else _engine(settings.database)
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
                vacuum(self.path, self._timeout)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except UnicodeEncodeError as error:
            raise InputError(
                f"{error.object[:60]!r} has half a surrogate pair in it; is it written in UTF-8?"
            ) from error
        except DBAPIError as error:
            raise explain(error.orig, self.where) from error
        except sqlite3.Error as error:
            raise explain(error, self.where) from error


def _engine(url: str) -> Engine:
    try:
        return create_engine(url, **POOL)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise SettingsError(f"THREADWISE_DATABASE: {error}. Is the driver for that database installed?") from error
