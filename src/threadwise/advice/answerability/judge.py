"""Judge whether the threads found answer a question, and say what they leave open.

Status comes from the evidence of retrieval; the words for what is missing are the asker's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from threadwise.domain import Status
from threadwise.retrieval.retriever import Evidence

FAR, NEAR = 0.33, 0.41
"""Cosine of the nearest passage below which nothing is answered, and from which an answer is taken to be whole.

Source: of the 80 answerable questions in tests/labels none lies below .33 and a tenth below .41; of 12 about other
subjects none lies above .31. It says nothing about near misses (docs/decisions/0008-silence.md).
"""

NAMED = 3
"""Words that are named as missing; the rarest say enough."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a question is answered, and the asker's words that the nearest thread says nothing about."""

    status: Status
    open: tuple[str, ...] = ()

    @property
    def missing(self) -> str | None:
        """What is missing, as a sentence; None where nothing is."""
        if self.status is Status.ANSWERED:
            return None
        if self.status is Status.PARTIAL:
            return f"These threads say nothing about {named(self.open)}." if self.open else None
        if self.open:
            return f"Nobody in these threads has answered this: the nearest says nothing about {named(self.open)}."
        return "Nobody in these threads has answered this."


def judge(evidence: Evidence) -> Judgement:
    """How far the evidence answers its question."""
    status = Status.ANSWERED
    if evidence.best_cosine < NEAR:
        status = Status.PARTIAL if evidence.best_cosine >= FAR else Status.UNANSWERED
    return Judgement(status, evidence.signals.missing[:NAMED])


def named(words: Sequence[str]) -> str:
    """Words in quotation marks: “a”, “b” or “c”."""
    quoted = [f"“{word}”" for word in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
