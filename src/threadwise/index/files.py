"""Write files whole or not at all, and tell one file from another."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threadwise.errors import StoreError


@contextmanager
def bringing_level(folder: Path) -> Iterator[None]:
    """Say in our words that the disk did not take something of the index; the corpus is safe by then.

    Raises:
        StoreError: The disk is full, failing or read-only.
    """
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(
            f"The index in {folder} cannot be written ({error}). Is the disk full, failing or read-only? What was "
            "stored is safe: the next question brings the index level, or `threadwise index`."
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside a path, to be written by its name, that takes its place; durable when the block is left.

    Readers see the old file or the new one, whatever happens meanwhile; a block that raises changes nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if os.name == "posix":
        _flush(path.parent)


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that readers see the old one or the new one, whatever happens meanwhile; durable on return."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _flush(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
