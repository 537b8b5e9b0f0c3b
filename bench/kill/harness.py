"""The harness: starts writers, kills them, and looks at what is left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.kill.fronts import answer_of, open_assistant
from bench.kill.journal import Journal
from bench.kill.threads import TITLES, id_of
from bench.kill.trouble import NoTrouble, Trouble
from threadwise.config import Settings
from threadwise.corpus.backup import check
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store

TROUBLED = 0.6
"""How often the disk is in trouble when a writer is killed, if there is trouble at all."""

EXACT_LIMIT = 60
"""Vectors of a part above which they lie in trained lists: few, so that making and saving a layout is interrupted."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Figures:
    """What a run did; the promises that it checked held, or it would have raised AssertionError."""

    kills: int = 0
    in_a_call: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    troubles: int = 0
    threads: int = 0
    generation: int = 0
    answers_verified: int = 0
    citations_verified: int = 0
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}


class Harness:
    """Writers on one home, each with a journal outside it."""

    def __init__(
        self, home: Path, journals: Path, trouble: Trouble, *, writers: int, seed: int, fronts: Sequence[str]
    ) -> None:
        self.home, self.figures = home, Figures()
        self.settings = Settings(home=home, exact_limit=EXACT_LIMIT)
        self._choose = random.Random(seed)
        self._fronts = {f"writer{i}": fronts[i % len(fronts)] for i in range(writers)}
        self._journals = {name: Journal(journals / f"{name}.journal") for name in self._fronts}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started = 0
        self.trouble = trouble

    def start_all(self) -> None:
        """Start every writer that does not run."""
        for name in self._fronts:
            if name not in self._running:
                self._start(name)

    def kill_one(self) -> None:
        """Kill a writer a moment after it has begun something, and look at what it left."""
        name = self._choose.choice(list(self._running))
        process, journal = self._running.pop(name), self._journals[name]
        self._wait_for_work(process, journal.path)
        if self._choose.random() < TROUBLED:
            self.trouble.begin()
            self._wait_for_work(process, journal.path)
        time.sleep(self._choose.choice((0.0, 0.01, 0.05, 0.2, 0.5)) * self._choose.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.trouble.end()
        self.figures.kills += 1
        self.figures.troubles = self.trouble.met()
        with Store.open(self.settings) as store:
            if journal.read().settle(store):
                self.figures.in_a_call[journal.call] += 1
        self.look()

    def look(self) -> None:
        """What the next start finds: an index that is level and whole, an answer whose quotes stand in the corpus."""
        with writing(self.settings), open_assistant(self.settings) as assistant:
            assistant.level()
            assert assistant.index.generation == assistant.store.generation, "the index is not level after the start"
            found = assistant.index.audit()
            assert not found.faults, found.faults
            answer = answer_of(assistant, f"{self._choose.choice(TITLES)}, what helps?")
            wrong = assistant.verify(answer)
            assert not wrong, wrong
            citations = answer["citations"]
            assert isinstance(citations, list)
            self.figures.answers_verified += 1
            self.figures.citations_verified += len(citations)

    def stop(self) -> None:
        """Kill every writer."""
        for process in self._running.values():
            process.kill()
            process.wait()
        self._running.clear()

    def finish(self) -> None:
        """With every writer dead: the corpus is exactly what was acknowledged, and `threadwise check` finds nothing."""
        with Store.open(self.settings) as store:
            for journal in self._journals.values():
                journal.read().settle(store)
                self.figures.calls.update(journal.calls)
                self.figures.refused += journal.refusals
            alive = [who for journal in self._journals.values() for who, n in journal.done.items() if n is not None]
            places = {id_of(store, who) for who in alive}
            assert len(places) == len(alive), "two authors share a thread"
            assert {thread.id for thread in store.threads()} == places, "the corpus is not what was acknowledged"
            self.figures.threads, self.figures.generation = len(alive), store.generation
        faults = check(self.settings).faults
        assert not faults, faults
        self.look()

    def _start(self, name: str) -> None:
        self._started += 1
        command = [sys.executable, "-m", "bench.kill.writer", str(self.home), str(self._journals[name].path)]
        command += [str(self._started), self._fronts[name]]
        environment = os.environ | {"THREADWISE_EXACT_LIMIT": str(EXACT_LIMIT)} | self.trouble.environment
        self._running[name] = subprocess.Popen(command, cwd=ROOT, env=environment)

    @staticmethod
    def _wait_for_work(process: subprocess.Popen[bytes], journal: Path) -> None:
        """Until a writer has begun something since now."""
        size, deadline = _size(journal), time.monotonic() + 120
        while _size(journal) <= size and time.monotonic() < deadline:
            assert process.poll() is None, "a writer died by itself"
            time.sleep(0.002)
        assert time.monotonic() < deadline, "a writer has done nothing for two minutes"


def run(
    home: Path,
    kills: int,
    *,
    writers: int = 3,
    seed: int = 1,
    fronts: Sequence[str],
    say: Callable[[str], None],
    trouble: Trouble | None = None,
) -> Figures:
    """The whole harness. AssertionError where a promise is broken."""
    journals = home.with_name(home.name + "-journals")
    journals.mkdir(parents=True, exist_ok=True)
    harness = Harness(home, journals, trouble or NoTrouble(), writers=writers, seed=seed, fronts=fronts)
    began = time.monotonic()
    try:
        for kill in range(1, kills + 1):
            harness.start_all()
            harness.kill_one()
            if kill % 20 == 0:
                in_a_call = sum(harness.figures.in_a_call.values())
                say(f"{kill} kills, {in_a_call} in a call, {time.monotonic() - began:.0f} s")
    finally:
        harness.stop()
        harness.trouble.end()
    harness.finish()
    harness.figures.seconds = round(time.monotonic() - began, 1)
    return harness.figures


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
