"""Find where people contradict each other, so that both sides can stand with their counts.

Two pieces of advice are against each other where somebody answers one with "please don't", or where they say the same
words and one of them denies what the other asks for. Nothing is averaged: both sides are shown in their own words, each
with the condition that it states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from threadwise.advice.people import about_posts, objects
from threadwise.advice.points import NAMED, Group, opposed, speaker
from threadwise.advice.statements import Statement
from threadwise.advice.subject import subject
from threadwise.advice.words import stems, tokens, weigh

ENOUGH_SHARED = 12.0
"""Least weight, in nats, of the words that one side denies and the other asks for; about two rare words."""

_OPENING = 12  # words in which an objection says what it objects to, if it says so


@dataclass(frozen=True, slots=True)
class Clash:
    """Two groups of advice against each other, by their place in the list, and what it is about, if it has a name."""

    one: int
    other: int
    about: str


def clashes(groups: Sequence[Group]) -> list[Clash]:
    """Pairs of groups that contradict each other, in the order of the groups."""
    found: dict[tuple[int, int], Clash] = {}
    for one, other, about in (*_answered(groups), *_denied(groups)):
        pair = (min(one, other), max(one, other))
        if one != other and not _same_people(groups[one], groups[other]):
            found.setdefault(pair, Clash(*pair, about))
    return sorted(found.values(), key=lambda clash: (clash.one, clash.other))


def _answered(groups: Sequence[Group]) -> Iterator[tuple[int, int, str]]:
    """Advice that opens by objecting to the post it answers."""
    for at, one in enumerate(groups):
        statement = one.best.statement
        if not objects(statement.text):
            continue
        targets = about_posts(statement.thread, statement.post, statement.text)
        opening = frozenset(stems(" ".join(tokens(statement.text)[:_OPENING])))
        against = [
            (weigh(opening & member.statement.words), -place)
            for place, group in enumerate(groups)
            for member in group.members
            if place != at
            and member.statement.alone
            and member.statement.post.id in targets
            and member.statement.thread.id == statement.thread.id
        ]
        shared, place = max(against, default=(0.0, 0))
        if shared >= NAMED or len({place for _, place in against}) == 1:
            yield -place, at, subject(groups[-place].best.statement.text, statement.text)


def _denied(groups: Sequence[Group]) -> Iterator[tuple[int, int, str]]:
    """Advice of which one side denies what the other asks for, and opens by saying so."""
    for at, one in enumerate(groups):
        for place in range(at):
            first, second = groups[place].best.statement, one.best.statement
            shared = first.words & second.words
            loud = _against(first, second) or _against(second, first)
            if loud and weigh(shared) >= ENOUGH_SHARED and weigh(opposed(first, second) & shared) >= ENOUGH_SHARED / 2:
                yield place, at, subject(first.text, second.text)


def _against(one: Statement, other: Statement) -> bool:
    """Whether a statement opens by objecting, and to nobody else than who made the other."""
    if not objects(one.text):
        return False
    targets = about_posts(one.thread, one.post, one.text)
    return not targets or one.thread.id != other.thread.id or other.post.id in targets


def _same_people(one: Group, other: Group) -> bool:
    """Whether it is one person correcting themselves."""
    return speaker(one.best.statement) == speaker(other.best.statement)
