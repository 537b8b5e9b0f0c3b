"""Kill writers with SIGKILL at random moments and check that nothing acknowledged is lost and nothing half is seen.

    python -m bench.kill --kills 200 --writers 3 --seed 1

Several processes put, edit and delete threads through the store under the writing lock, all making ids from the same
titles. Each says in a journal of its own what it is about to do and, when the call has returned, that it is done. After
each kill the corpus must have every thread of that writer as last acknowledged; the one call that was under way is done
wholly or not at all. `--through module:factory` drives another front, such as the Assistant: a factory takes Settings
and returns an object with the four methods of `StoreFront`.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from threadwise.config import Settings
from threadwise.corpus.backup import check
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.domain import Post, Thread
from threadwise.errors import BusyError

_TITLES = ("Sore back", "Leaves turn yellow", "Puppy bites")


class Front(Protocol):
    """What the harness drives; each call returns when the write is durable."""

    def new_ids(self, title: str, number: int) -> list[str]:
        """Ids that nothing has yet; asked for and used inside `writing`."""

    def put(self, threads: Sequence[Thread]) -> None:
        """Add or replace all of them together."""

    def delete(self, thread_id: str) -> None:
        """Remove one."""


class StoreFront:
    """The store itself."""

    def __init__(self, settings: Settings) -> None:
        self._store = Store.open(settings)

    def new_ids(self, title: str, number: int) -> list[str]:
        """One for each title made from this one; each is checked to be free."""
        return [self._store.new_id(f"{title} part {i}" if i else title) for i in range(number)]

    def put(self, threads: Sequence[Thread]) -> None:
        """One transaction."""
        self._store.put(threads)

    def delete(self, thread_id: str) -> None:
        """One transaction."""
        self._store.delete(thread_id)


def make(thread_id: str, version: int, posts: int) -> Thread:
    """A thread in which every post, and the title, carries the version: a mixture shows."""
    text = f"version {version} of {thread_id}, " + "as written " * 20
    return Thread(thread_id, f"v{version}", tuple(Post(str(i), text, author=f"a{i}") for i in range(posts)))


def version_of(thread: Thread | None) -> int | None:
    """The version that all of a thread shows; None for no thread.

    Raises:
        AssertionError: Its parts are of different versions.
    """
    if thread is None:
        return None
    versions = {int(post.text.split()[1]) for post in thread.posts} | {int(thread.title[1:])}
    assert len(versions) == 1, f"{thread.id} is half-written: versions {sorted(versions)}"
    return versions.pop()


@dataclass
class Journal:
    """What a writer acknowledged, and the one thing it may have been doing: id -> version, None where deleted."""

    path: Path
    done: dict[str, int | None] = field(default_factory=dict)
    doing: dict[str, int | None] | None = None

    def read(self) -> Journal:
        """From the file; a last line that is cut off was never said."""
        self.done, self.doing = {}, None
        for line in self.path.read_text().splitlines(keepends=True) if self.path.exists() else ():
            if not line.endswith("\n"):
                break
            entry = json.loads(line)
            if entry["say"] == "doing":
                self.doing = entry["what"]
            else:
                if entry["say"] == "done":
                    self.done |= self.doing or {}
                self.doing = None
        return self

    def say(self, word: str, what: dict[str, int | None] | None = None) -> None:
        """Append one line in one call."""
        line = json.dumps({"say": word, "what": what}).encode() + b"\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(descriptor, line)
        os.close(descriptor)


def work(home: Path, name: str, seed: int, through: str) -> None:
    """A writer: put, edit and delete its own threads until it is killed."""
    settings, choose = Settings(home=home), random.Random(seed)
    module, _, factory = through.partition(":")
    front: Front = getattr(importlib.import_module(module), factory)(settings)
    journal = Journal(home / f"{name}.journal").read()
    while True:
        mine = [i for i, version in journal.done.items() if version is not None]
        what: dict[str, int | None]
        with writing(settings):
            if len(mine) < 5 or choose.random() < 0.4:
                what = dict.fromkeys(front.new_ids(choose.choice(_TITLES), choose.choice((1, 1, 8))), 1)
            elif choose.random() < 0.3:
                what = {choose.choice(mine): None}
            else:
                what = {i: (journal.done[i] or 0) + 1 for i in choose.sample(mine, choose.randint(1, 5))}
            journal.say("doing", what)
            if None in what.values():
                front.delete(next(iter(what)))
            else:
                front.put([make(i, version or 0, choose.randint(1, 12)) for i, version in what.items()])
            journal.say("done")
        journal.done |= what


def start(home: Path, name: str, seed: int, through: str) -> subprocess.Popen[bytes]:
    """A writer as a process of its own."""
    command = [sys.executable, "-m", "bench.kill", "--work", name, "--home", str(home), "--seed", str(seed)]
    return subprocess.Popen([*command, "--through", through], cwd=Path(__file__).resolve().parents[1])


def claimed(path: Path) -> set[str]:
    """Every id that a writer, which may be alive, ever began to write."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    entries = [json.loads(line) for line in lines if line.endswith("\n")]
    return {i for entry in entries if entry["what"] for i in entry["what"]}


def examine(store: Store, journal: Journal) -> bool:
    """Compare the corpus with what a dead writer said; whether a call had been under way.

    An id that this writer deleted is free: another writer may have been given it since, and says so in its journal
    before it writes. Journals are read after the corpus, so that every claim on what was found is seen.
    """
    journal.read()
    doing = journal.doing or {}
    found = {i: version_of(thread) for i, thread in store.get_many({**journal.done, **doing}).items()}
    others = [path for path in journal.path.parent.glob("*.journal") if path != journal.path]
    elsewhere = set().union(*(claimed(path) for path in others))
    for thread_id, version in journal.done.items():
        if thread_id not in doing and not (version is None and thread_id in elsewhere):
            assert found.get(thread_id) == version, f"{thread_id}: acknowledged {version}, found {found.get(thread_id)}"
    if not journal.doing:
        return False
    for thread_id, version in doing.items():
        if version is None and thread_id in elsewhere:  # deleted, and given to another writer
            found.pop(thread_id, None)
    after = all(found.get(i) == version for i, version in doing.items())
    before = all(found.get(i) == journal.done.get(i) for i in doing)
    assert after or before, f"a call is half done: {doing}, found {found}"
    journal.say("done" if after else "undone")
    return True


def run(home: Path, kills: int, writers: int, seed: int, through: str, say: Callable[[str], None]) -> dict[str, Any]:
    """The whole harness; figures of the run. AssertionError where a promise is broken."""
    choose, settings = random.Random(seed), Settings(home=home)
    store = Store.open(settings)
    names = [f"writer{i}" for i in range(writers)]
    journals = {name: Journal(home / f"{name}.journal") for name in names}
    running = {name: start(home, name, seed * 1000 + i, through) for i, name in enumerate(names)}
    caught, began = 0, time.monotonic()
    try:
        for kill in range(1, kills + 1):
            name = choose.choice(names)
            _wait_for_work(running[name], journals[name].path, choose.uniform(0, 0.3))
            running[name].send_signal(signal.SIGKILL)
            running[name].wait()
            caught += examine(store, journals[name])
            running[name] = start(home, name, seed * 1000 + kill * writers, through)
            if kill % 20 == 0:
                say(f"{kill} kills, {caught} in the middle of a call, {time.monotonic() - began:.0f} s")
    finally:
        for process in running.values():
            process.kill()
            process.wait()
    for journal in journals.values():
        caught += examine(store, journal)
    alive = [i for journal in journals.values() for i, version in journal.read().done.items() if version is not None]
    assert len(alive) == len(set(alive)), "two writers have a thread of the same id"
    assert {thread.id for thread in store.threads()} == set(alive), "the corpus is not what was acknowledged"
    faults = check(settings).faults
    assert not faults, faults
    return {"kills": kills, "in a call": caught, "threads": len(alive), "generation": store.generation}


def _wait_for_work(process: subprocess.Popen[bytes], journal: Path, pause: float) -> None:
    """Until a writer has begun something since it started, then a moment more."""
    size, deadline = journal.stat().st_size if journal.exists() else 0, time.monotonic() + 60
    while (journal.stat().st_size if journal.exists() else 0) <= size and time.monotonic() < deadline:
        assert process.poll() is None, "a writer died by itself"
        time.sleep(0.002)
    time.sleep(pause)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--through", default="bench.kill:StoreFront")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        while True:
            with contextlib.suppress(BusyError):
                work(chosen.home, chosen.work, chosen.seed, chosen.through)
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or Path(folder)
        figures = run(home, chosen.kills, chosen.writers, chosen.seed, chosen.through, print)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
