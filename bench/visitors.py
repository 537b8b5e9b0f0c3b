"""Many people at once: `python -m bench.visitors [PEOPLE] [FILE...]`; 32 over the demo forum where nothing is named.

One asker asks the questions one after the other; then as many people as there are questions ask them at the same time,
each over a page and a conversation of their own. Both in turn, three times. The server is a process of its own; an
error ends the run. On a machine that others use, processor time says more than the clock.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.reference import seconds
from bench.startup import QUESTION
from bench.visiting import Visitor, first_page, processor_seconds, serving
from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.importing import ImportOptions, run_import

QUESTIONS = (
    QUESTION,
    "how do I get rid of fungus gnats in my pots?",
    "puppy bites my hands all evening",
    "cannot fall asleep before two in the morning",
    "chain of my bike skips under load",
    "what to cook when I am too tired to cook",
    "how do people stick to a budget",
    "our floorboards squeak, what can I do without lifting them?",
)


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 32
    with tempfile.TemporaryDirectory() as folder:
        home, cache = Path(folder), Settings().cache_folder
        with Assistant.open(Settings(home=home, cache=cache)) as assistant:
            run_import(assistant, [demo_folder(), *map(Path, sys.argv[2:])], ImportOptions())
            passages = len(assistant.index)
        with serving(home, cache) as (address, process):
            first_page(address)
            visitors = [Visitor(address) for _ in range(people)]
            Visitor(address).ask(QUESTION)  # what is loaded once is loaded
            before = _memory_mb(process.pid)
            rounds = [(_alone(visitors, process.pid), _at_once(visitors, process.pid)) for _ in range(3)]
            after = _memory_mb(process.pid)
    alone, crowd = [[pair[which] for pair in rounds] for which in (0, 1)]
    print(f"passages {passages}, people {people}, cores {os.cpu_count()}, no error")
    for name, runs in (("one asker", alone), ("all at once", crowd)):
        waits = sorted(wait for run in runs for wait in run.waits)
        print(
            f"{name:12} answers a second {statistics.median(people / run.took for run in runs):5.1f}, wait p50 "
            f"{statistics.median(waits):.3f} s, p95 {waits[int(len(waits) * 0.95)]:.3f} s, processor time an answer "
            f"{statistics.median(run.processor / people for run in runs) * 1000:.0f} ms"
        )
    ratios = [one.took / many.took for one, many in rounds]
    print(f"all at once / one asker, answers a second         {statistics.median(ratios):.2f}")
    print(f"server's memory before and after the crowd, MB    {before:.0f}  {after:.0f}")


@dataclass(frozen=True)
class Run:
    """Seconds that each question waited, that all took, and that the server's processor worked for them."""

    waits: list[float]
    took: float
    processor: float


def _alone(visitors: list[Visitor], pid: int) -> Run:
    return _measured(pid, lambda: [_wait(visitor, number) for number, visitor in enumerate(visitors)])


def _at_once(visitors: list[Visitor], pid: int) -> Run:
    with ThreadPoolExecutor(len(visitors)) as pool:
        return _measured(pid, lambda: list(pool.map(_wait, visitors, range(len(visitors)))))


def _measured(pid: int, ask_all: Callable[[], list[float]]) -> Run:
    worked, started = processor_seconds(pid), time.perf_counter()
    waits = ask_all()
    return Run(waits, time.perf_counter() - started, processor_seconds(pid) - worked)


def _wait(visitor: Visitor, number: int) -> float:
    return seconds(lambda: visitor.ask(_question(number)))


def _question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)]


def _memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
