"""What the harness drives: the command line, the Assistant and the store alone.

Vectors are made of words instead of by the model, which takes seconds to load; everything else is the program's own.
Batches and snapshots are small, so that a kill falls between two of them.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np

from threadwise import importing
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.backup import backup
from threadwise.corpus.formats import jsonl
from threadwise.corpus.lock import writing
from threadwise.corpus.people import forget
from threadwise.corpus.store import Store
from threadwise.domain import Thread
from threadwise.errors import ThreadwiseError
from threadwise.importing import ImportOptions, run_import
from threadwise.index import encoding, indexer, memory
from threadwise.index.encoder import Floats


class WordVectors:
    """Words as directions, 64 of them."""

    name = "words-of-the-kill-harness"
    dim = 64

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit float32 rows, shape (len(texts), 64)."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 1e-3
            for word in text.lower().split():
                row[int.from_bytes(sha256(word.encode()).digest()[:4], "big") % self.dim] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def vocabulary(self) -> frozenset[str]:
        """No words of its own."""
        return frozenset()


class Front(Protocol):
    """Each call returns when the write is durable."""

    def add(self, thread: Thread) -> None:
        """Add a thread whose id was made from its title."""

    def edit(self, thread: Thread) -> None:
        """Replace the thread of this id."""

    def take(self, threads: Sequence[Thread]) -> None:
        """Import threads."""

    def delete(self, thread_id: str) -> None:
        """Remove one."""

    def forget(self, author: str) -> None:
        """Remove a person; rewrites the corpus file and the index."""

    def rebuild(self) -> None:
        """Make the index anew."""

    def copy(self, path: Path) -> None:
        """Take a backup."""


class StoreFront:
    """The store itself, without an index."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._store = settings, Store.open(settings)

    def add(self, thread: Thread) -> None:
        with writing(self._settings):
            self._store.put([replace(thread, id=self._store.new_id(thread.title))])

    def edit(self, thread: Thread) -> None:
        self.take([thread])

    def take(self, threads: Sequence[Thread]) -> None:
        with writing(self._settings):
            self._store.put(threads)

    def delete(self, thread_id: str) -> None:
        with writing(self._settings):
            self._store.delete(thread_id)

    def forget(self, author: str) -> None:
        forget(self._settings, self._store, author)

    def rebuild(self) -> None:
        self._store.compact()

    def copy(self, path: Path) -> None:
        backup(self._settings, path)


class AssistantFront:
    """The Assistant: what the web app and every command talk to."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._assistant = settings, open_assistant(settings)

    def add(self, thread: Thread) -> None:
        self._assistant.add(thread)

    def edit(self, thread: Thread) -> None:
        self._assistant.edit(thread.id, thread)

    def take(self, threads: Sequence[Thread]) -> None:
        with _file(threads) as path:
            run_import(self._assistant, [path], ImportOptions())

    def delete(self, thread_id: str) -> None:
        self._assistant.delete(thread_id)

    def forget(self, author: str) -> None:
        self._assistant.forget(author)

    def rebuild(self) -> None:
        self._assistant.level(rebuild=True)

    def copy(self, path: Path) -> None:
        backup(self._settings, path)


class CommandFront:
    """The commands, each with a corpus and index opened afresh, as a process of its own would."""

    def __init__(self, settings: Settings) -> None:
        self._home = str(settings.home)

    def add(self, thread: Thread) -> None:
        with _file([thread]) as path:
            self._run("add", str(path))

    def edit(self, thread: Thread) -> None:
        with _file([thread]) as path:
            self._run("edit", thread.id, str(path))

    def take(self, threads: Sequence[Thread]) -> None:
        with _file(threads) as path:
            self._run("import", str(path))

    def delete(self, thread_id: str) -> None:
        self._run("delete", thread_id)

    def forget(self, author: str) -> None:
        self._run("forget", author)

    def rebuild(self) -> None:
        self._run("index", "--rebuild")

    def copy(self, path: Path) -> None:
        self._run("backup", str(path))

    def _run(self, *arguments: str) -> None:
        from threadwise.cli import main

        out, err, code = io.StringIO(), io.StringIO(), 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(["--home", self._home, "--quiet", *arguments])
            except SystemExit as end:
                code = int(end.code or 0)
        said = err.getvalue().strip()
        assert code in (0, 1), f"{arguments[0]} ended with {code}: {said}"
        assert "Traceback" not in said, said
        assert "went wrong that should not" not in said, said
        if code:
            raise ThreadwiseError(said)


FRONTS = {"store": StoreFront, "assistant": AssistantFront, "command": CommandFront}


def open_assistant(settings: Settings) -> Assistant:
    """An Assistant whose vectors are words."""
    store = Store.open(settings)
    return Assistant(settings, store, indexer.Index.open(settings, store, WordVectors()), make_composer(settings))


def make_small() -> None:
    """For this process: word vectors for every Assistant, and batches and snapshots of a few rows."""
    encoding.load_encoder = lambda _settings: WordVectors()
    importing.BATCH_POSTS = 12
    memory.SNAPSHOT_ROWS = 10


@contextlib.contextmanager
def _file(threads: Sequence[Thread]):  # type: ignore[no-untyped-def]
    """Threads as a file to read."""
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl" if len(threads) > 1 else ".json") as file:
        for thread in threads:
            file.write(jsonl.write(thread))
        file.flush()
        yield Path(file.name)


def answer_of(assistant: Assistant, question: str) -> dict[str, object]:
    """An answer as `ask --json` prints it."""
    from threadwise.cli.session import plain

    return dict(json.loads(json.dumps(plain(assistant.ask(question)))))
