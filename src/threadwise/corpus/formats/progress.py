"""How far the reading of files is: what is being done, and how much of it of how much.

Each part of reading is a `Gauge` that readers, and what stands before them, move; whoever shows it gets a `Step` at
every move. Formats whose threads lie scattered over their files are sorted first: the bytes that they take then are
told as such, and afterwards the threads that are handed on, so that neither part stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

UNPACKING, LOOKING, SORTING, READING, TAKING = "Unpacking", "Looking at the files", "Sorting", "Reading", "Taking in"
"""What is done, in this order: archives are unpacked, files told apart, then read. A format that has to be sorted is
taken in afterwards, thread by thread; any other is taken in while it is read."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one part is: `done` of the `total` that is known by now, in `unit` (`bytes`, `files` or `threads`)."""

    what: str
    unit: str
    done: int
    total: int


Told = Callable[[Step], None]


def _nobody(_: Step) -> None:
    """Nobody wants to know."""


@dataclass
class Gauge:
    """One part of the reading. `guess` is what may come on top of what is expected for sure."""

    what: str
    unit: str
    told: Told = _nobody
    done: int = 0
    total: int = 0
    guess: int = 0

    def expect(self, size: int) -> None:
        """So much more is to be done."""
        self.total += size

    def advance(self, size: int) -> None:
        """So much more is done."""
        self.done += size
        self.told(Step(self.what, self.unit, self.done, self.total + self.guess))

    def each(self, things: Iterable[T], number: int) -> Iterator[T]:
        """These things, of which there are so many; each counts as done when the next one is wanted."""
        self.expect(number)
        for thing in things:
            yield thing
            self.advance(1)


@dataclass
class Gauges:
    """All parts of one import, over all that is read in it."""

    told: Told = _nobody
    unpacking: Gauge = field(init=False)
    looking: Gauge = field(init=False)
    reading: Gauge = field(init=False)
    taking: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self.unpacking = Gauge(UNPACKING, "bytes", self.told)
        self.looking = Gauge(LOOKING, "files", self.told)
        self.reading = Gauge(READING, "bytes", self.told)
        self.taking = Gauge(TAKING, "threads", self.told)

    @contextmanager
    def sorting(self) -> Iterator[None]:
        """What is read inside gives no threads yet."""
        self.reading.what = SORTING
        try:
            yield
        finally:
            self.reading.what = READING
