"""From evidence to the advice in it: threads that have this problem, what people advise there, and what came of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from threadwise.advice.outcomes import Report, reports
from threadwise.advice.points import Group, Told, group, joined, with_outcomes
from threadwise.advice.relevance import Candidate, candidates, sources
from threadwise.advice.words import stems, weigh
from threadwise.domain import OutcomeLabel, Thread
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

PLAINLY = 0.7
"""Probability of advising from which a sentence beside a report is advice of its own, not part of the story."""


ELSEWHERE = 0.3
"""How much it counts that advice helped somebody whose problem is only like the one asked about.

"Ring the landlord" helped who could not pay the rent; it must not open an answer on money that never lasts.
"""

FOLLOWS = 1.0
"""What a statement gains that has all words of a follow-up's own; those of the subject, most statements have.

Source: 107 follow-ups of tests/labels/conversations-FIELD.jsonl (docs/decisions/0009-conversation.md).
"""

TELLING = 7.0
"""What the words of a follow-up have to say together (`words.weigh`) for all of that: one rare word does."""

_WHAT_HELPED = re.compile(
    r"\b(?:what|which|anything|something|whatever|who|anyone|anybody|how)\b[^.!?\n]{0,60}\b"
    r"(?:help(?:s|ed)?|work(?:s|ed)|fixed|cured|solved|sorted|(?:did|does|do)\s+the\s+trick|made\s+(?:a|the)\s+difference"
    r"|rid\s+of\s+it)\b",
    re.IGNORECASE,
)


def advice(
    query: Query,
    evidence: Evidence,
    threads: Mapping[str, Thread],
    *,
    urgent: bool = False,
    answered: bool = True,
) -> list[Group]:
    """All advice that an answer may draw on, grouped, with what came of it.

    Args:
        query: What was asked, standing alone.
        evidence: What retrieval found, best first.
        threads: The threads of the evidence as the corpus has them now.
        urgent: Whether the question is one for a doctor, a vet or an emergency line right now.
        answered: Whether the best thread was judged to answer the question as it stands, not one like it.
    """
    chosen = sources(evidence, threads)
    every = (Told(source.thread, report) for source in chosen for report in _reports(source.thread))
    told = [one for one in every if one.follows]
    found = candidates(query, evidence, chosen, urgent=urgent)
    found = [_for_the_turn(query, one) for one in found if query.filters.admits(one.statement.post)]
    groups = group(_without_stories(found, told))
    lift = 1.0 if answered or _WHAT_HELPED.search(query.text) else ELSEWHERE
    return with_outcomes(groups if urgent else joined(groups), told, lift)  # who must act now reads what, not why


def _for_the_turn(query: Query, one: Candidate) -> Candidate:
    """A candidate, worth more where it has what a follow-up asks now; the words of the subject all of them have."""
    own = frozenset(stems(query.own)) if query.topic else frozenset()
    if not own:
        return one
    gain = FOLLOWS * weigh(own & one.statement.says) / max(weigh(own), TELLING)
    return replace(one, match=one.match + gain, worth=one.worth + gain)


@lru_cache(maxsize=512)
def _reports(thread: Thread) -> tuple[Report, ...]:
    return tuple(reports(thread))


def _without_stories(found: Iterable[Candidate], told: Sequence[Told]) -> list[Candidate]:
    """Candidates without those that only tell what came of somebody else's advice."""
    reported: dict[tuple[str, str], list[Report]] = defaultdict(list)
    for one in told:
        if one.report.about_post != one.report.post_id:
            reported[one.thread.id, one.report.post_id].append(one.report)

    def tells(candidate: Candidate) -> bool:
        statement = candidate.statement
        about = reported.get((statement.thread.id, statement.post.id), ())
        inside = any(one.start < statement.end and statement.start < one.end for one in about)
        return inside or (statement.advice < PLAINLY and any(one.label is not OutcomeLabel.INTENDS for one in about))

    return [candidate for candidate in found if not tells(candidate)]
