"""Answers whose points a language model may say again in other words.

What is advised, by whom, in which order and beside which warnings is decided before the model is asked, and never by
it: it gets the spans of the points, and each point is shown in the model's words where they pass the check, else in
its author's. A model that is slow, broken or obeys a post changes no more than that (docs/decisions/0012).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Protocol

from threadwise.advice.generating.draft import Draft
from threadwise.advice.generating.prompt import messages
from threadwise.advice.generating.reading import Reader
from threadwise.advice.generating.writers import Limits, Writer, pieces
from threadwise.advice.safety import Assessment, Governor, Verdict
from threadwise.advice.stages import Stop, beginning
from threadwise.domain import Answer, Notice, NoticeKind, Thread
from threadwise.errors import GeneratorError
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

_ITEM = re.compile(r"^[ \t]*(?:[-*+•–—]|\(?(?:\d{1,2}|[a-z])[.)])\s", re.MULTILINE)

FAILED = "The language model did not answer: {why}. This is what people wrote, in their own words."
BROKE_OFF = "The language model did not finish: {why}. What it left is in people's own words."
UNPROVED = (
    "What the language model wrote could not be proved from the posts. This is what people wrote, in their own words."
)


class Quoting(Protocol):
    """Decides on an answer and writes it in quotes."""

    def compose(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int) -> Answer:
        """The whole answer."""


class RestatingComposer:
    """Takes an answer of quotes and lets a writer restate its points."""

    def __init__(self, quoting: Quoting, governor: Governor, writer: Writer, limits: Limits) -> None:
        self._quoting = quoting
        self._governor = governor
        self._writer = writer
        self._limits = limits

    def compose(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int) -> Answer:
        """See `Composer`."""
        *_, answer = self.stages(query, evidence, threads, k=k)
        return answer

    def stages(
        self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int, stop: Stop = None
    ) -> Generator[Answer, None, None]:
        """See `Composer`."""
        answer = self._quoting.compose(query, evidence, threads, k=k)
        draft = self._draft(answer, self._governor.consider(query.text, query.earlier))
        if not draft.excerpts:
            yield answer
            return
        yield beginning(answer, ())
        why = ""
        try:
            yield from self._restate(query, draft, stop)
        except GeneratorError as error:
            why = str(error)
            draft.settle()
        yield draft.whole(*_remark(why, draft.restated, stopped=stop is not None and stop.is_set()))

    def _draft(self, answer: Answer, asked: Assessment) -> Draft:
        """The answer with the points that may be restated: those that may be cited freely, as anybody's advice.

        A risky sentence appears as its author's own report alone, no model speaks to somebody in a crisis, and a list
        reads best as the list that it is.
        """

        def allowed(text: str) -> bool:
            return self._governor.screen(text, asked.topics).verdict is Verdict.ALLOW

        crisis = asked.crisis or any(notice.kind is NoticeKind.CRISIS for notice in answer.notices)
        places = [
            place
            for place, point in enumerate(answer.points)
            if not crisis and len(_ITEM.findall(point.text)) < 2 and allowed(point.text)
        ]
        return Draft(answer, places, allowed)

    def _restate(self, query: Query, draft: Draft, stop: Stop) -> Generator[Answer, None, None]:
        """Read what the writer writes; whenever another point is settled there is a stage to show."""
        reader = Reader(draft.excerpts)
        with closing(pieces(self._writer, messages(query.text, draft.excerpts), self._limits, stop)) as written:
            for piece in written:
                for one in reader.feed(piece):
                    if draft.hear(one):
                        yield draft.stage()
        if stop is None or not stop.is_set():  # a line that was cut off is no sentence
            for one in reader.end():
                draft.hear(one)
        draft.settle()


def _remark(why: str, restated: int, *, stopped: bool) -> list[Notice]:
    """What the reader should know about how the answer came to be written."""
    if why:
        text = (BROKE_OFF if restated else FAILED).format(why=why)
    elif restated or stopped:
        return []
    else:
        text = UNPROVED
    return [Notice(NoticeKind.INFO, text)]
