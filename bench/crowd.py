"""Sixteen threads ask while two processes import: `python -m bench.crowd [--posts 3000] [--threads 16]`.

Each process imports an export of its own and then the same one grown: every thread has got further replies. Every
answer is proved against the corpus at once; a post is never changed, so each quote must stand where it says whenever
it is looked up. When both are done, what came last must be found within two seconds. Prints one JSON line; exit code 1
where an import failed, a question raised an error or a citation was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.kill.fronts import answer_of
from threadwise.assistant import Assistant
from threadwise.config import Settings

THEMES = {
    "back": "My back is sore after running. You should stretch your hips every morning before you run.",
    "leaves": "The leaves of my fig turn yellow. I would water it less and move it nearer to the window.",
    "puppy": "Our puppy bites hands. Try to turn away at once and give her a toy to chew instead.",
    "bread": "My bread comes out flat. You should let the dough rise overnight in the fridge.",
}
SIGN = "quokkasaurus"
"""A word of the last reply that is imported, and of no other."""


@dataclass
class Seen:
    """What the asking threads met."""

    asked: int = 0
    citations: int = 0
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def export(path: Path, name: str, threads: int, replies: int, *, sign: str = "") -> Path:
    """A threads.jsonl of one forum; with more replies it is the same export, grown."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(threads):
            theme = list(THEMES)[number % len(THEMES)]
            chance = random.Random(f"{name}{number}")
            texts = [f"Case {number} of {name}: {theme}? What helped you?"]
            texts += [f"{THEMES[theme]} It took {chance.randint(2, 90)} days, reply {i}." for i in range(replies)]
            if sign and number == threads - 1:
                texts.append(f"A {sign} helped me: you should get a {sign} for the {theme}.")
            posts = [{"id": str(i), "author": f"{name}{number}-{i}", "text": text} for i, text in enumerate(texts)]
            out.write(json.dumps({"id": f"{name}-{number}", "title": f"{theme} {number}", "posts": posts}) + "\n")
    return path


def ask(assistant: Assistant, stop: threading.Event, seen: Seen, lock: threading.Lock, seed: int) -> None:
    """One of many: asks, proves the answer, asks again."""
    chance = random.Random(seed)
    while not stop.is_set():
        question = f"{chance.choice(list(THEMES.values())).split('.')[0]}, what helps?"
        started = time.perf_counter()
        try:
            answer = answer_of(assistant, question)
            wrong = [f"{d.where}: {d.why}" for d in assistant.verify(answer)]
            citations = answer["citations"]
            assert isinstance(citations, list)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            with lock:
                seen.errors.append(f"{type(error).__name__}: {error}")
            continue
        with lock:
            seen.asked += 1
            seen.citations += len(citations)
            seen.wrong += wrong
            seen.milliseconds.append((time.perf_counter() - started) * 1000)


def run(
    assistant: Assistant, folder: Path, command: Sequence[str], *, threads: int, asking: int, replies: tuple[int, int]
) -> tuple[Seen, dict[str, Any]]:
    """Ask while two processes import; what was met, and what the imports did.

    Args:
        assistant: Of the home that is imported into.
        folder: For the exports.
        command: What starts `threadwise`, to which arguments are added.
        threads: Threads of each export.
        asking: Threads that ask.
        replies: Of each thread, in the first export and in the grown one.
    """
    seen, stop, lock = Seen(), threading.Event(), threading.Lock()
    crowd = [threading.Thread(target=ask, args=(assistant, stop, seen, lock, n)) for n in range(asking)]
    importers = [_Importer(folder, command, name, assistant.settings.home, threads, replies) for name in ("one", "two")]
    for each in [*crowd, *importers]:
        each.start()
    for each in importers:
        each.join()
    found_after = _seconds_until(lambda: bool(assistant.index.words(SIGN, 5)))
    stop.set()
    for each in crowd:
        each.join()
    done = {
        "imports": [each.ended for each in importers],
        "found_after_seconds": found_after,
        "threads": assistant.status().threads,
        "level": assistant.index.generation == assistant.store.generation,
    }
    return seen, done


class _Importer(threading.Thread):
    """Imports an export and then the same one grown, each in a process of its own; `ended` are their exit codes."""

    def __init__(
        self, folder: Path, command: Sequence[str], name: str, home: Path, threads: int, replies: tuple[int, int]
    ) -> None:
        super().__init__()
        self._command, self._home = [*command, "--home", str(home), "import"], home
        signs = ("", SIGN if name == "two" else "")
        self._paths = [
            export(folder / f"{name}-{place}.jsonl", name, threads, replies[place], sign=signs[place])
            for place in (0, 1)
        ]
        self.ended: list[int] = []

    def run(self) -> None:
        for path in self._paths:
            done = subprocess.run([*self._command, str(path)], capture_output=True, text=True, check=False)
            self.ended.append(done.returncode)
            if done.returncode:
                print(done.stderr, file=sys.stderr)


def _seconds_until(true: Callable[[], bool], patience: float = 20.0) -> float:
    started = time.monotonic()
    while not true() and time.monotonic() - started < patience:
        time.sleep(0.02)
    return round(time.monotonic() - started, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=3_000, help="of both exports together, grown")
    parser.add_argument("--threads", type=int, default=16)
    given = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as room, Assistant.open(Settings(home=Path(room) / "home")) as assistant:
        command = [sys.executable, "-m", "threadwise", "--quiet"]
        seen, done = run(
            assistant, Path(room), command, threads=given.posts // 10, asking=given.threads, replies=(2, 4)
        )
    times = sorted(seen.milliseconds) or [0.0]
    print(json.dumps({
        "asked": seen.asked, "citations": seen.citations, "errors": len(seen.errors), "wrong": len(seen.wrong),
        "ask_p50_ms": round(statistics.median(times)), "ask_p95_ms": round(times[int(len(times) * 0.95)]), **done,
    }))  # fmt: skip
    for line in [*seen.errors, *seen.wrong][:10]:
        print(line, file=sys.stderr)
    if seen.errors or seen.wrong or any(code for codes in done["imports"] for code in codes):
        sys.exit(1)


if __name__ == "__main__":
    main()
