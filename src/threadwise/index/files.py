"""Write files whole or not at all, and tell one file from another."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that readers see the old one or the new one, whatever happens meanwhile; durable on return."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
