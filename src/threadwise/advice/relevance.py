"""Choose what an answer may draw on: the threads that have this problem, and how well each statement in them fits.

Retrieval says which threads and posts are near the question. An answer draws on the best thread and on those that ask
the same thing; a thread that merely shares words with the question has other people's solutions to other problems.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from threadwise.advice.facts import answering
from threadwise.advice.statements import Statement, of_thread
from threadwise.advice.words import rarity, stems, weigh
from threadwise.domain import Post, Thread
from threadwise.retrieval.nearness import ASKS_THE_SAME
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

SAME_WORDS = 0.16
"""Likeness of the weighted words of two opening posts (`same_words`) from which they ask the same, where no vectors are
known; where they are, `ASKS_THE_SAME` decides."""

NEAR_THE_BEST = 0.4
"""A further thread needs this part of the best thread's score."""

MOST_SOURCES = 4

URGENT_FIRST = 2.5
"""What a statement that sends people to a doctor or a vet gains where something in the question is urgent.

More than votes, acceptance and reports make together: exercises for a sore back must neither come before "that is no
case for stretching, go now" nor stand beside it.
"""

OPENS = 0.25
"""What a stretch that opens its post gains over the others in it: who answers a question of fact says it first."""

LEANS = 1.0
"""What a statement loses that can only be followed by who has read what it answers."""

_LONGEST_READ = 4000  # characters of an opening post that are compared

_NOW = (
    r"(?:doctors?|doc|gp|a&e|emergency|hospital|vets?|ambulance|poison|(?:get|call|fetch)\s+(?:\w+\s+)?help)\b|"
    r"(?:get|have|needs?)\s+(?:it|him|her|them|that|this|you)?\s*(?:checked|looked\s+at|seen)\b"
)
_WHO = rf"(?:{_NOW}|physio\w*|dentist|specialist|pharmacist)"
_URGES = re.compile(rf"\b(?:{_NOW})", re.IGNORECASE)
_HELP = re.compile(rf"\b{_WHO}", re.IGNORECASE)
_WARNS = re.compile(rf"\b(?:if|when|unless|should\s+(?:it|he|she|they)|in\s+case|ever)\b[^.!?]*\b{_WHO}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A thread that an answer may draw on, and how near it is to the question: 1 for the best one."""

    thread: Thread
    nearness: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement with how well it answers the question, and whether it only says when to get help.

    `worth` is what it has of its own, whatever else is found: its forum's votes, the question's words, plain advice.
    """

    statement: Statement
    match: float
    warns: bool = False
    worth: float = 0.0


def sources(evidence: Evidence, threads: Mapping[str, Thread]) -> list[Source]:
    """The threads that ask what is asked, nearest first."""
    found = [(threads[hit.item], hit.score) for hit in evidence.threads if hit.item in threads]
    if not found:
        return []
    best, highest = found[0]
    chosen = [Source(best, 1.0)]
    for thread, score in found:
        near = min(1.0, score / highest) if highest > 0 else 0.0
        if thread is not best and near >= NEAR_THE_BEST and _same_problem(best, thread, evidence):
            chosen.append(Source(thread, near))
    return chosen[:MOST_SOURCES]


def _same_problem(best: Thread, other: Thread, evidence: Evidence) -> bool:
    if other.id in evidence.alike:
        return evidence.alike[other.id] >= ASKS_THE_SAME
    return same_words(best, other) >= SAME_WORDS


def same_words(one: Thread, other: Thread) -> float:
    """How alike two opening posts are in words, titles included: cosine, 0 to 1."""
    first, second = _asked(one), _asked(other)
    shared = sum(rarity(word) ** 2 for word in first & second)
    return shared / math.sqrt(_square(first) * _square(second)) if shared else 0.0


def candidates(query: Query, evidence: Evidence, chosen: Sequence[Source], *, urgent: bool = False) -> list[Candidate]:
    """What the chosen threads advise, scored for this question, in the order of the threads.

    "If it ever goes numb, see a doctor" is for another day unless the question is `urgent`; then it comes first.
    """
    asked = frozenset(stems(query.text))
    near = {hit.item: hit.score for hit in evidence.posts}
    highest = max(near.values(), default=0.0) or 1.0
    found: list[Candidate] = []
    for source in chosen:
        thread, liked, place = source.thread, most_liked(source.thread), Counter[str]()
        for statement in of_thread(thread) if urgent else answering(thread):
            post = statement.post
            worth = 0.35 * _standing(post, liked) - 0.4 * _aside(thread, post) - LEANS * statement.leans
            worth += 0.8 * _covered(asked, statement.says) + 0.3 * statement.advice - 0.03 * min(place[post.id], 5)
            worth += URGENT_FIRST * (urgent and bool(_URGES.search(statement.text)))
            place[post.id] += 1
            fit = source.nearness + 0.6 * near.get((thread.id, post.id), 0.0) / highest + worth
            found.append(Candidate(statement, fit, not urgent and warns([statement.text]), worth))
    return _one_fact_each(found)


def _opened(one: Candidate) -> float:
    statement = one.statement
    return one.match + OPENS * (not statement.post.text[: statement.start].strip())


def _one_fact_each(found: Sequence[Candidate]) -> list[Candidate]:
    """Of what a post states the stretch that fits best; the rest of an essay is what the link is for."""
    best: dict[tuple[str, str], Candidate] = {}
    for one in found:
        post = one.statement.thread.id, one.statement.post.id
        if one.statement.states and (post not in best or _opened(one) > _opened(best[post])):
            best[post] = one
    return [
        one for one in found if not one.statement.states or one is best[one.statement.thread.id, one.statement.post.id]
    ]


def warns(texts: Sequence[str]) -> bool:
    """Whether advice only says in which case to see a doctor, a vet or somebody else who can help."""
    return all(map(_HELP.search, texts)) and any(map(_WARNS.search, texts))


@lru_cache(maxsize=4096)
def _asked(thread: Thread) -> Set[str]:
    return frozenset(stems(f"{thread.title} {thread.question.text[:_LONGEST_READ]}"))


def _square(words: Set[str]) -> float:
    return sum(rarity(word) ** 2 for word in words)


def _covered(asked: Set[str], says: Set[str]) -> float:
    """How much of the question's weight a statement's words cover, 0 to 1."""
    return weigh(asked & says) / weigh(asked) if asked else 0.0


def most_liked(thread: Thread) -> int:
    """The most votes that a reply has; 0 where none is known."""
    return max((post.score or 0 for post in thread.posts if not post.is_asker), default=0)


def _standing(post: Post, most: int) -> float:
    """What the forum thinks of a post: -1 (voted down) to 1.5 (accepted, most votes of its thread)."""
    score = post.score or 0
    voted = max(-1.0, score / 3) if score < 0 else math.log1p(score) / math.log1p(most) if most > 0 else 0.0
    return voted + (0.5 if post.accepted else 0.0)


def _aside(thread: Thread, post: Post) -> bool:
    """Whether a post answers somebody's side question instead of the asker."""
    to = thread.post(post.reply_to) if post.reply_to else None
    return to is not None and not to.is_asker and "?" in to.text
