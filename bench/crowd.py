"""Many people at once: `python -m bench.crowd [PEOPLE] [FILE...]`; 32 people over the demo forum where none are named.

One asker asks the questions one after the other; then as many people as that ask them at the same time, each over a
page and a conversation of their own. The server is a process of its own; errors end the run.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.reference import seconds
from bench.startup import QUESTION
from bench.visiting import Visitor, first_page, serving
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
            alone = [seconds(lambda v=v, n=n: v.ask(_question(n))) for n, v in enumerate(visitors)]  # type: ignore[misc]
            started = time.perf_counter()
            with ThreadPoolExecutor(people) as pool:
                at_once = sorted(pool.map(lambda n: seconds(lambda: visitors[n].ask(_question(n))), range(people)))
            took = time.perf_counter() - started
            after = _memory_mb(process.pid)
    print(f"passages {passages}, people {people}, cores {os.cpu_count()}, no error")
    print(
        f"one asker: answers a second, p50 s                {people / sum(alone):.1f}  {statistics.median(alone):.3f}"
    )
    print(f"all at once: answers a second                     {people / took:.1f}")
    print(f"all at once / one asker                           {sum(alone) / took:.2f}")
    p95 = at_once[int(len(at_once) * 0.95)]
    print(f"all at once: p50 s, p95 s                         {statistics.median(at_once):.3f}  {p95:.3f}")
    print(f"server's memory before and after the crowd, MB    {before:.0f}  {after:.0f}")


def _question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)]


def _memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
