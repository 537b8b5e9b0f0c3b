"""Work on a file that runs behind a page, and how far it is: what is done, how fast, and how long it will take."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from threadwise.corpus.formats.progress import Step, Told

T = TypeVar("T")
Indexing = Callable[[int, int], None]

_FIRST_RATE = 1.0
"""Seconds that a step must have run before its rate is told; before, it says nothing about the rest."""

_WINDOW = 60.0
"""Seconds whose pace tells the time left: what an import finds unchanged goes a hundred times faster than what it has
to encode, so the pace since the beginning would be wrong where one goes on that was stopped."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is. `rate` is units a second and `left` seconds, both None where they are not known yet.

    `passages` were made searchable so far, whatever the step counts in.
    """

    what: str
    done: int = 0
    total: int = 0
    unit: str = "bytes"
    rate: float | None = None
    left: float | None = None
    passages: int = 0


def progressed(step: Step, seconds: float, before: int = 0) -> Progress:
    """How far a step is that stood at `before` so many seconds ago."""
    gone = step.done - before
    if seconds < _FIRST_RATE or gone <= 0:
        return Progress(step.what, step.done, step.total, step.unit)
    rate = gone / seconds
    left = (step.total - step.done) / rate if step.total >= step.done else None
    return Progress(step.what, step.done, step.total, step.unit, rate, left)


class Job(Generic[T]):
    """Work that runs in a thread of its own; it goes on when the page that began it is closed."""

    def __init__(self, work: Callable[[Told, Indexing], T], finished: Callable[[], None] = lambda: None) -> None:
        """Begin.

        Args:
            work: What is to be done; it tells how far the reading is, and how many passages are encoded.
            finished: Called at the end, however it came.
        """
        self.result: T | None = None
        self.error: Exception | None = None
        self._step: Step | None = None
        self._passages = 0
        self._seen: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, args=(work, finished), name="threadwise-job")
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end at most this long; whether it came."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def progress(self) -> Progress:
        """How far it is at this moment."""
        with self._lock:
            step, passages = self._step, self._passages
            began, before = self._seen[0] if self._seen else (0.0, 0)
        if step is None:
            return Progress("Reading the file")
        told = progressed(step, time.monotonic() - began, before)
        return Progress(told.what, told.done, told.total, told.unit, told.rate, told.left, passages)

    def _run(self, work: Callable[[Told, Indexing], T], finished: Callable[[], None]) -> None:
        try:
            self.result = work(self._told, self._indexed)
        except Exception as error:  # noqa: BLE001 - shown by the one who waits
            self.error = error
        finally:
            finished()

    def _told(self, step: Step) -> None:
        now = time.monotonic()
        with self._lock:
            if self._step is None or step.what != self._step.what:  # it began when that ended
                self._seen.clear()
            if not self._seen or now - self._seen[-1][0] > 1:
                self._seen.append((now, step.done))
            while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW:
                self._seen.popleft()
            self._step = step

    def _indexed(self, done: int, _total: int) -> None:
        with self._lock:
            self._passages = done
