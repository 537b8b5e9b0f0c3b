"""One writer at a time, across processes and threads.

The lock is the operating system's, so a process that dies lets go of it by dying. Readers need no lock.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from threadwise.config import Settings
from threadwise.errors import BusyError, StoreError

_PID_WIDTH = 20  # the file keeps one length, so that a shorter number leaves nothing of a longer one


@contextmanager
def writing(settings: Settings) -> Iterator[None]:
    """Hold the corpus of this home for writing; again inside itself, in the same thread, is fine.

    Raises:
        BusyError: Another process or thread still held it after `lock_timeout` seconds.
        StoreError: The home cannot be written.
    """
    path = settings.corpus_folder / "writing.lock"
    try:
        settings.corpus_folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(str(path.resolve()), os.getpid())
        lock.acquire(timeout=settings.lock_timeout)
    except Timeout as error:
        raise BusyError(
            f"{_holder(path)} has been writing to {settings.home} for more than {settings.lock_timeout:g} s. "
            "Try again when it is done, or wait longer with THREADWISE_LOCK_TIMEOUT=SECONDS. Nothing was changed."
        ) from error
    except OSError as error:
        raise StoreError(
            f"{settings.corpus_folder} cannot be written ({error.strerror}), so nothing can be added or changed. "
            "Allow writing there, or choose another folder with --home or THREADWISE_HOME."
        ) from error
    try:
        yield
    finally:
        lock.release()


@cache
def _lock(path: str, _process: int) -> FileLock:
    """One lock object a file and process: it knows which thread holds it. A forked child needs its own."""
    return FileLock(path, poll_interval=0.02, on_acquired=_sign)


def _sign(descriptor: int) -> None:
    os.pwrite(descriptor, str(os.getpid()).ljust(_PID_WIDTH).encode(), 0)


def _holder(path: Path) -> str:
    try:
        process = path.read_text().strip()
    except OSError:
        process = ""
    if process == str(os.getpid()):
        return "Another task of this process"
    return f"Another Threadwise process ({process})" if process.isdigit() else "Another Threadwise process"
