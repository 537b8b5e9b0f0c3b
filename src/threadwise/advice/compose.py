"""Compose an answer from evidence: choose the statements that advise and match, group them, count, cite.

Nothing is written here that a post does not say: a point is a span of somebody's post, character for character, and
the words around it only count people and name them. Where nothing matches well enough, the answer says so, shows the
nearest threads as such and cites nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from threadwise.advice.answerability import calibration
from threadwise.advice.answerability.draft import draft
from threadwise.advice.answerability.judge import Judge, Judgement
from threadwise.advice.answerability.premise import ahead, warnings
from threadwise.advice.choice import Chosen, choose, safely_led
from threadwise.advice.citing import Numbering
from threadwise.advice.disagreement import clashes
from threadwise.advice.gather import advice
from threadwise.advice.hints import ENCODER, hinted_topics
from threadwise.advice.instead import (
    A_PERSON,
    ANOTHER_MATTER,
    ASKED_SINCE,
    NOTHING_ASKED,
    STILL_THERE,
    THANKED,
    thanks,
)
from threadwise.advice.points import Group
from threadwise.advice.render import answer_text, nothing_text
from threadwise.advice.safety import Assessment, Governor, Talk
from threadwise.advice.stages import Stop, growing
from threadwise.advice.urgent import NOTHING_ELSE, only_help
from threadwise.config import Settings
from threadwise.domain import Answer, Notice, NoticeKind, SimilarThread, Status, Thread
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

NEAREST = 5
"""Threads shown beside an answer, or instead of one."""


class Composer(Protocol):
    """Who writes the answer; either way every sentence of it rests on a citation."""

    def compose(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int) -> Answer:
        """The last of the stages."""

    def stages(
        self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int, stop: Stop = None
    ) -> Generator[Answer, None, None]:
        """Answer a question with at most k points from the evidence, in growing stages; the last is the answer.

        Args:
            query: What was asked, standing alone.
            evidence: What retrieval found, best first.
            threads: The threads of the evidence as the corpus has them now; what is not here is not cited.
            k: Most points; fewer come where fewer are good.
            stop: Once it is set, the answer is brought to its end at once, with what is there.
        """


def make_composer(settings: Settings) -> Composer:
    """The composer that the settings name.

    Raises:
        SettingsError: `generator` names no composer.
    """
    governor = Governor.load(settings)
    judge = Judge(settings.index_folder / calibration.FILE)
    quoting = ExtractiveComposer(governor, judge, hears=settings.model == ENCODER)
    if settings.generator == "extract":
        return quoting
    from threadwise.advice.generating.composer import RestatingComposer  # who wants quotes alone needs none of it
    from threadwise.advice.generating.writers import Limits, make_writer

    limits = Limits(first=settings.generator_first_timeout, total=settings.generator_timeout)
    return RestatingComposer(quoting, governor, make_writer(settings), limits)


class ExtractiveComposer:
    """Answers in the posters' own words."""

    def __init__(self, governor: Governor, judge: Judge | None = None, *, hears: bool = True) -> None:
        """Prepare to answer.

        Args:
            governor: The safety rules.
            judge: Says whether the threads answer.
            hears: Whether questions are encoded by the encoder that `hints` knows.
        """
        self._governor = governor
        self._judge = judge or Judge()
        self._hears = hears

    def stages(
        self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int, stop: Stop = None
    ) -> Generator[Answer, None, None]:
        """See `Composer`."""
        answer = self.compose(query, evidence, threads, k=k)
        yield from growing(answer, stop)

    def compose(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int) -> Answer:
        """See `Composer`."""
        talk = self._governor.listen(query.text, query.earlier)
        if to_a_person := self._to_a_person(query, talk):
            return Answer(query.text, Status.UNANSWERED, to_a_person, notices=talk.whole.notices)
        raised = talk.whole
        if self._hears:
            raised = self._governor.hinted(raised, hinted_topics(query.text, evidence.query_vector))
        if query.idle and not talk.alone.notices and raised == talk.whole:
            return _nothing_asked(query, raised)
        at_once = raised.urgent and talk.alone.urgent
        judged = self._judge.judge(query, evidence, threads)
        if query.strange and judged.status is Status.ANSWERED:  # its subject is answered, and not what it asks now
            judged = replace(judged, status=Status.PARTIAL)
        groups = self._groups(query, evidence, threads, judged.status, raised, at_once=at_once)
        shown = self._shown(query, groups, raised, k, at_once=at_once)
        if query.topic and not shown.points:  # what is asked now may not be quoted first; what its subject has, may
            groups = self._groups(replace(query, topic=""), evidence, threads, judged.status, raised, at_once=at_once)
            shown = self._shown(query, groups, raised, k, at_once=at_once)
        posted = None if raised.urgent or raised.crisis else draft(query)
        similar = _similar(evidence, threads)
        if not shown.points:
            missing = replace(judged, status=Status.UNANSWERED).missing
            text = NOTHING_ELSE if at_once else nothing_text(missing, similar)
            answer = Answer(query.text, Status.UNANSWERED, text, similar=similar, notices=raised.notices)
            return replace(answer, missing=missing, draft=posted)
        since = [Notice(NoticeKind.INFO, ASKED_SINCE)] if talk.whole.crisis else []
        notices = _ordered([*raised.notices, *shown.notices, *since])
        answer = _cited(query.text, judged, groups, shown, similar, notices)
        answer = replace(answer, draft=posted if judged.status is Status.PARTIAL else None)
        return replace(answer, text=answer_text(answer))

    def _to_a_person(self, query: Query, talk: Talk) -> str:
        """What is said where somebody may be in danger, and nothing beside it; empty where advice may be.

        What was asked just before counts as now, unless somebody says to ask about something else; pills and poisons
        are nothing else. A short question after it may well be about it, or not: it is told how to ask about another.
        """
        if not talk.about_means and not (talk.alone if query.changed else talk.latest).crisis:
            return ""
        if talk.about_means or self._governor.consider(query.own).crisis:
            return A_PERSON
        if query.idle:
            return STILL_THERE if thanks(query.text) else A_PERSON
        return ANOTHER_MATTER

    def _shown(self, query: Query, groups: Sequence[Group], raised: Assessment, k: int, *, at_once: bool) -> Chosen:
        """What the answer shows of the advice: what speaks against the question's premise comes first."""
        against = () if at_once else clashes(groups)
        shown = choose(groups, against, self._governor, raised.topics, k)
        if raised.urgent or raised.crisis:  # what is only hinted at, too, is no place for a quarrel about salt
            shown = replace(shown, clashes=())
        plain = [one for one in groups if not one.best.statement.leans]
        against_it = choose(warnings(query.text, plain), (), self._governor, raised.topics, k)
        return ahead(against_it, shown, k)

    def _groups(
        self,
        query: Query,
        evidence: Evidence,
        threads: Mapping[str, Thread],
        status: Status,
        assessment: Assessment,
        *,
        at_once: bool,
    ) -> list[Group]:
        """All advice that the answer may draw on; who must act at once reads only where there is help."""
        if status is Status.UNANSWERED:
            return []
        found = advice(query, evidence, threads, urgent=assessment.urgent, answered=status is Status.ANSWERED)
        return only_help(found) if at_once else [safely_led(one, self._governor, assessment.topics) for one in found]


def _nothing_asked(query: Query, raised: Assessment) -> Answer:
    """To thanks or to words that ask nothing."""
    text = A_PERSON if raised.crisis else NOTHING_ASKED
    if query.earlier and thanks(query.text):
        text = STILL_THERE if raised.crisis or raised.urgent else THANKED
    return Answer(query.text, Status.UNANSWERED, text, notices=raised.notices, missing=text)


def _cited(
    question: str,
    judged: Judgement,
    groups: Sequence[Group],
    shown: Chosen,
    similar: tuple[SimilarThread, ...],
    notices: tuple[Notice, ...],
) -> Answer:
    """What was chosen, with its citations numbered in the order in which they are read; its text is still missing."""
    numbering = Numbering(question)
    points = tuple(map(numbering.point, shown.points))
    against = tuple(numbering.disagreement(one.about, (groups[one.one], groups[one.other])) for one in shown.clashes)
    return Answer(
        question=question,
        status=judged.status,
        text="",
        points=points,
        citations=numbering.citations,
        similar=similar,
        notices=notices,
        disagreements=against,
        missing=judged.missing,
    )


def _similar(evidence: Evidence, threads: Mapping[str, Thread]) -> tuple[SimilarThread, ...]:
    found = [(threads[hit.item], hit.score) for hit in evidence.threads if hit.item in threads]
    return tuple(SimilarThread(thread.id, thread.heading, score, thread.url) for thread, score in found[:NEAREST])


def _ordered(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Each notice once, most serious first."""
    serious = list(NoticeKind)
    return tuple(sorted(dict.fromkeys(notices), key=lambda notice: serious.index(notice.kind)))
