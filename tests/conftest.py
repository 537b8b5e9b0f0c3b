"""What many tests start from: a home of their own, a small encoder made by hand, the folder of shared data."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from threadwise.config import Settings
from threadwise.corpus.store import Store
from threadwise.domain import Post, Thread, with_roles
from threadwise.index.encoder import Floats
from threadwise.retrieval.nearness import Nearness

os.environ.setdefault("HF_HUB_OFFLINE", "1")
for name in [name for name in os.environ if name.startswith("THREADWISE_")]:
    del os.environ[name]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell; processes of tests inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).resolve().parents[2] / "shared"


class WordEncoder:
    """Words as directions: texts are near each other as far as they share words. Geometry without a model."""

    name = "words@1"
    dim = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.encoded += texts
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[int.from_bytes(sha256(word.strip(".,?!").encode()).digest()[:4], "big") % self.dim] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def vocabulary(self) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True)
class Outcome:
    """What a command printed where, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Outcome]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command on a home in this process, with words for vectors."""
    from threadwise.cli import program

    monkeypatch.setattr("threadwise.index.encoding.load_encoder", lambda settings: WordEncoder())

    def run(home: Path, *arguments: str) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            program.run(["--home", str(home), *arguments])
        printed = capsys.readouterr()
        return Outcome(int(end.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty home."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The corpus of that home."""
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def encoder() -> WordEncoder:
    """An encoder that remembers what it was asked to encode."""
    return WordEncoder()


def as_near(thread_id: str, cosine: float) -> Nearness:
    """A thread as near as this in every way, and ahead of the others by a quarter of it."""
    return Nearness(thread_id, *[cosine] * 8, lead=cosine / 4, above=cosine / 3)


def make_thread(thread_id: str, *texts: str, title: str = "", **fields: object) -> Thread:
    """A thread of these posts, numbered from 1, by the asker and then by one replier each."""
    posts = tuple(
        Post(str(n), text, author="asker" if n == 1 else f"replier{n}", created=f"2024-01-{n:02d}T10:00:00")
        for n, text in enumerate(texts, 1)
    )
    return Thread(thread_id, title or thread_id.replace("-", " "), with_roles(posts), **fields)  # type: ignore[arg-type]
