"""What evidence a near miss has in this corpus: measured on its own questions, each put to all the other threads.

Forums differ in how near their threads are to one another, so the same evidence means less in one than in another. A
thread's own question without that thread is a near miss of this very corpus, and needs nobody to label it. Kept beside
the index; safe to delete, and made anew when the corpus has grown or shrunk by a quarter.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from threadwise.advice.answerability.model import Model, shipped
from threadwise.advice.answerability.reading import read
from threadwise.advice.words import stems
from threadwise.domain import Thread
from threadwise.index.files import write_whole
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Retriever

FILE = "answerability.json"

FORMAT = 1

ENOUGH = 30
"""Threads below which a corpus says nothing about itself, and the shipped figure stands."""

ASKED = 60
"""Questions that are put to the corpus; the median of so many is within a tenth of that of all."""

CHANGED = 0.25
"""Part by which a corpus grows or shrinks before it is measured again."""

TELLING = 3
"""Words with a subject that a title needs to be a question by itself."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The median evidence of this corpus's own near misses, and how many threads it had then."""

    usual: float
    threads: int
    format: int = FORMAT
    weights: str = ""


def load(path: Path) -> Calibration | None:
    """What was measured with the model as it is now; None where there is nothing that can be read."""
    try:
        calibration = Calibration(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    known = calibration.format == FORMAT and calibration.weights == _fingerprint(shipped())
    return calibration if known else None


def is_due(path: Path, threads: int) -> bool:
    """Whether a corpus of so many threads has to be measured."""
    known = load(path)
    if known is None:
        return threads >= ENOUGH
    return abs(threads - known.threads) > CHANGED * known.threads


def measure(retriever: Retriever, some: Sequence[Thread], threads: int) -> Calibration:
    """Put the questions of some threads to all the others; below `ENOUGH` threads the shipped figure stands.

    Args:
        retriever: Searches the corpus.
        some: The threads whose questions are put.
        threads: How many the corpus has.
    """
    model = shipped()
    asked = some if threads >= ENOUGH else ()
    evidence = [found for thread in asked for found in _missed(retriever, model, thread)]
    usual = statistics.median(evidence) if evidence else model.usual
    return Calibration(usual, threads, FORMAT, _fingerprint(model))


def save(path: Path, calibration: Calibration) -> None:
    """Keep it beside the index."""
    write_whole(path, json.dumps(asdict(calibration)).encode())


def sample(ids: Sequence[str]) -> list[str]:
    """Up to `ASKED` of these threads, always the same ones: those whose ids hash lowest."""
    return sorted(ids, key=lambda thread_id: sha256(thread_id.encode()).digest())[:ASKED]


def question_of(thread: Thread) -> str:
    """What a thread asks, short as people ask: its title where that says enough, else its opening words."""
    title = thread.title.strip()
    if len(stems(title)) >= TELLING:
        return title
    return f"{title} {' '.join(thread.question.text.split()[:30])}".strip()


def _missed(retriever: Retriever, model: Model, thread: Thread) -> Iterator[float]:
    """The evidence for a thread's question in the nearest other thread, where there is one."""
    question = question_of(thread)
    if not question:
        return
    evidence = retriever.search(Query(question), 5, without=thread.id)
    near = evidence.nearness
    if near is not None and near.thread_id in evidence.known:
        yield model.evidence(read(question, evidence.known[near.thread_id], near))


def _fingerprint(model: Model) -> str:
    return sha256(repr((model.trees, model.bias)).encode()).hexdigest()[:12]
