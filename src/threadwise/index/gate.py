"""Let many read or one write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock


class Gate:
    """Many readers or one writer; a waiting writer goes before new readers."""

    def __init__(self) -> None:
        self._changed = Condition(Lock())
        self._readers = 0
        self._writers = 0
        self._busy = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read beside other readers."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writers)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write alone."""
        with self._changed:
            self._writers += 1
            self._changed.wait_for(lambda: not self._readers and not self._busy)
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._writers -= 1
                self._busy = False
                self._changed.notify_all()
