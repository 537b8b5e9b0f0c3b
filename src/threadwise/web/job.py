"""An import that runs behind a page, and how far it is: what is done, how fast, and how long it will take."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from threadwise.assistant import Assistant
from threadwise.importing import ImportOptions, ImportResult, run_import

_FIRST_RATE = 1.0
"""Seconds that a step must have run before its rate is told; before, it says nothing about the rest."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is. `rate` is units a second and `left` seconds, both None where they are not known yet."""

    what: str
    done: int = 0
    total: int = 0
    unit: str = "bytes"
    rate: float | None = None
    left: float | None = None


def progressed(what: str, done: int, total: int, unit: str, seconds: float) -> Progress:
    """How far a step is that has run for so many seconds."""
    if seconds < _FIRST_RATE or done <= 0:
        return Progress(what, done, total, unit)
    rate = done / seconds
    return Progress(what, done, total, unit, rate, (total - done) / rate if total >= done else None)


class Job:
    """An import that runs in a thread of its own; it goes on when the page that began it is closed."""

    def __init__(self, assistant: Assistant, path: Path, finished: Callable[[], None]) -> None:
        """Begin.

        Args:
            assistant: The corpus to import into.
            path: What to read.
            finished: Called at the end, however it came.
        """
        self.result = ImportResult()
        self.error: Exception | None = None
        self.progress = Progress("Reading the file")
        self._step, self._done = "", 0
        self._began = self._reported = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(assistant, path, finished), name="threadwise-import")
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end at most this long; whether it came."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self, assistant: Assistant, path: Path, finished: Callable[[], None]) -> None:
        try:
            self.result = run_import(
                assistant, [path], ImportOptions(), reading=self._note("Reading the file", "bytes"),
                indexing=self._note("Making it searchable", "passages"),
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 - shown by the one who waits
            self.error = error
        finally:
            finished()

    def _note(self, what: str, unit: str) -> Callable[[int, int], None]:
        def step(done: int, total: int) -> None:
            if what != self._step or done < self._done:  # another step, or its next round: it began when that ended
                self._step, self._began = what, self._reported
            self._done, self._reported = done, time.monotonic()
            self.progress = progressed(what, done, total, unit, self._reported - self._began)
            if unit == "bytes" and done >= total:  # all is read; what was read last is yet to be kept and indexed
                self.progress = Progress("Making it searchable", unit="passages")

        return step
