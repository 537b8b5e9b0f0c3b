"""Judge whether the threads found answer a question, and say what they leave open.

Three ways out: answered; partial, where something like it is answered and a condition of the question is not; and
unanswered. Where the lines lie depends on the corpus (`calibration`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from threadwise.advice.answerability import calibration
from threadwise.advice.answerability.model import Model, shipped
from threadwise.advice.answerability.phrases import named, phrases
from threadwise.advice.answerability.reading import lacking, read
from threadwise.advice.answerability.things import Thing
from threadwise.domain import Status, Thread
from threadwise.retrieval.nearness import ASKS_THE_SAME, Nearness
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

NAMED = 3
"""Phrases that are named as missing; the rarest say enough."""

COMMONPLACE, COMMONPLACE_NAME = 0.5, 0.3
"""Part of the other threads found that speak of a thing, or of a name, from which on the forum is about it."""

FEW = 4
"""Other threads below which nothing is known of what is common."""

FOLLOWED = 0.25
"""How far the lines move with a corpus's own near misses (docs/decisions/0014-answerability.md)."""


_OTHERWISE = "The nearest thread has these words, but seems to ask something else."


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a question is answered.

    `open` are the asker's phrases that the nearest threads say nothing about; `unreplied` is the heading of a thread
    that asks this and has no reply; `nothing` was found at all where it says so; a single `letter` asks nothing;
    `evidence` is on the model's scale, after calibration; `several` threads were read, not the nearest alone;
    `heading` is that of the thread which answers, or answers something like it.
    """

    status: Status
    evidence: float = 0.0
    open: tuple[str, ...] = ()
    unreplied: str = ""
    nothing: bool = False
    letter: bool = False
    several: bool = False
    heading: str = ""

    @property
    def missing(self) -> str | None:
        """What is missing, as a sentence; None where nothing is."""
        if self.status is Status.ANSWERED:
            return None
        if self.letter:
            return "One letter does not say what you want to know; ask in a few words."
        if self.nothing:
            return "No thread was found that has anything to do with it."
        if self.unreplied:
            return f"Somebody has asked something like this, “{self.unreplied}”, and nobody has replied."
        if self.status is Status.UNANSWERED and self.heading:  # it was judged to answer, and then nothing was quoted
            asked = f"Somebody has asked something like this, “{self.heading}”"
            return f"{asked}, but nothing in its replies can be quoted as an answer."
        like = "What follows is about something like it"
        if not self.open:
            return f"{like}, perhaps not about exactly this." if self.status is Status.PARTIAL else _OTHERWISE
        whose = "nearest threads say" if self.several else "nearest thread says"
        silent = f"{whose} nothing about {named(self.open)}."
        return f"{like}: the {silent}" if self.status is Status.PARTIAL else f"The {silent}"


class Judge:
    """Judges for one corpus; what its near misses are like is read from a file beside the index, when that changes."""

    def __init__(self, file: Path | None = None, model: Model | None = None) -> None:
        self._file = file
        self._model = model or shipped()
        self._stamp = -1
        self._shift = 0.0

    def judge(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread]) -> Judgement:
        """How far the evidence answers a question.

        Args:
            query: What was asked, standing alone.
            evidence: What retrieval found.
            threads: Its threads as the corpus has them now.
        """
        if is_one_letter(query.text):
            return Judgement(Status.UNANSWERED, letter=True)
        near = evidence.nearness
        thread = threads.get(near.thread_id) if near else None
        if near is None or thread is None:
            return Judgement(Status.UNANSWERED, nothing=True)
        same = [one for one, cosine in evidence.alike.items() if cosine >= ASKS_THE_SAME and one != thread.id]
        drawn_on = [thread, *filter(None, map(threads.get, same))]
        others = [f"{one.heading} {one.question.text}".lower() for one in threads.values() if one not in drawn_on]
        lacks = [one for one in lacking(query.text, drawn_on) if not _commonplace(one, others)]
        missing = tuple(phrases(query.text, [one.stem for one in lacks])[:NAMED])
        found = self._evidence(query, thread, near)
        if not near.replied:
            asks_it = self._evidence(query, thread, _as_if_replied(near)) >= self._between
            return Judgement(Status.UNANSWERED, found, missing, unreplied=thread.heading if asks_it else "")
        if found < self._model.silent:
            return Judgement(Status.UNANSWERED, found, missing, several=len(drawn_on) > 1)
        whole = found >= self._model.sure and not any(one.strong for one in lacks)
        status = Status.ANSWERED if whole else Status.PARTIAL
        return Judgement(status, found, missing, several=len(drawn_on) > 1, heading=thread.heading)

    def _evidence(self, query: Query, thread: Thread, near: Nearness) -> float:
        return self._model.evidence(read(query.text, thread, near)) - self._moved()

    @property
    def _between(self) -> float:
        """Halfway from what is left unanswered to what is answered whole."""
        return (self._model.silent + self._model.sure) / 2

    def _moved(self) -> float:
        """How much more evidence near misses have here than where the lines were drawn."""
        if self._file is not None:
            try:
                stamp = self._file.stat().st_mtime_ns
            except OSError:
                stamp = 0
            if stamp != self._stamp:
                known = calibration.load(self._file)
                self._shift = FOLLOWED * (known.usual - self._model.usual) if known else 0.0
                self._stamp = stamp
        return self._shift


def _as_if_replied(near: Nearness) -> Nearness:
    """What the evidence would be if the replies that are missing were as near as what was asked."""
    return replace(near, reply=near.asked, replies=near.asked, own_replies=near.own_asked)


def is_one_letter(question: str) -> bool:
    """Whether a question is no more than a letter or a digit; in scripts without case, a sign may be a word."""
    signs = [sign for sign in question if sign.isalnum()]
    return len(signs) == 1 and (signs[0].isdigit() or signs[0].lower() != signs[0].upper())


def _commonplace(one: Thing, others: Sequence[str]) -> bool:
    """Whether a good part of the other threads found ask about it: in a forum on Doha each thread means it."""
    begins = re.compile(rf"\b{re.escape(one.stem)}")
    part = COMMONPLACE_NAME if one.strong else COMMONPLACE
    return len(others) >= FEW and sum(bool(begins.search(other)) for other in others) >= part * len(others)
