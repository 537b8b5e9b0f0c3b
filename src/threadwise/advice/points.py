"""Put sentences that give the same advice together, and count the people who gave it.

Pure: the same people are one person, in however many posts and threads they say it; the asker of a thread advises
nobody in it. Votes and acceptance never enter the count.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from threadwise.advice.sentences import Sentence
from threadwise.advice.words import stems

SAME_ADVICE = 0.5
"""Weighted overlap from which two sentences are one point."""

_UNKNOWN = frozenset({"", "[deleted]", "deleted", "[removed]", "anonymous", "guest", "unknown"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that advises, with how well it answers the question; higher is better."""

    sentence: Sentence
    match: float


@dataclass(frozen=True, slots=True)
class Group:
    """One piece of advice: its best sentence first, then the others, best first."""

    members: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The sentence whose words are shown."""
        return self.members[0]

    @property
    def people(self) -> int:
        """How many different people gave this advice."""
        return len({person(member.sentence) for member in self.members})

    @property
    def threads(self) -> int:
        """In how many threads it was given."""
        return len({member.sentence.thread.id for member in self.members})


def person(sentence: Sentence) -> tuple[str, ...]:
    """Who speaks: an author across threads; unknown and deleted authors are somebody else in each post."""
    name = (sentence.post.author or "").strip()
    return (name,) if name.lower() not in _UNKNOWN else (sentence.thread.id, sentence.post.id)


def group(candidates: Sequence[Candidate]) -> list[Group]:
    """Groups of the same advice, each best first, in the order of their best sentence.

    A sentence joins the first group whose shown sentence it repeats, so that a chain of half-alike sentences never
    becomes one point.
    """
    ordered = sorted(candidates, key=_rank)
    bags = [Counter(stems(candidate.sentence.text)) for candidate in ordered]
    weight = _rarity(bags)
    groups: list[tuple[Counter[str], list[Candidate]]] = []
    for candidate, bag in zip(ordered, bags, strict=True):
        for head, members in groups:
            if overlap(head, bag, weight) >= SAME_ADVICE:
                members.append(candidate)
                break
        else:
            groups.append((bag, [candidate]))
    return [Group(tuple(members)) for _, members in groups]


def overlap(one: Counter[str], other: Counter[str], weight: dict[str, float]) -> float:
    """Shared weight over the weight of the shorter sentence, 0 to 1."""
    lighter = min(sum(weight[word] for word in one), sum(weight[word] for word in other))
    return sum(weight[word] for word in one.keys() & other.keys()) / lighter if lighter else 0.0


def _rarity(bags: Iterable[Counter[str]]) -> dict[str, float]:
    bags = list(bags)
    seen = Counter(word for bag in bags for word in bag)
    return {word: 1 + math.log((1 + len(bags)) / (1 + count)) for word, count in seen.items()}


def _rank(candidate: Candidate) -> tuple[float, str, str, int]:
    sentence = candidate.sentence
    return -candidate.match, sentence.thread.id, sentence.post.id, sentence.start
