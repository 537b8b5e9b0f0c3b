"""Find the advice that a report is about: who is named, what is replied to, which words come again.

Pure: scores earlier posts of the thread for one clause; higher is better.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from threadwise.advice.reporting.features import Scene, mentions, same_person
from threadwise.advice.words import stems
from threadwise.domain import Post, Thread

NAMED, NAMED_NEAR, NAMED_IN_POST = 3.0, 2.0, 0.7
REPLIED, REPLIED_CHAIN = 1.1, 0.5
MEANT = 0.8
LEAST = 0.35
"""Chosen on five fields of the demo corpus; below LEAST a report is about nothing in the thread that can be told."""


@dataclass(frozen=True, slots=True)
class Advice:
    """An earlier post by somebody else, with its words weighed by how rare they are in the thread."""

    post: Post
    words: Mapping[str, float]


def earlier(thread: Thread, post: Post) -> list[Advice]:
    """The posts before one that could have advised its author."""
    place = next(i for i, other in enumerate(thread.posts) if other is post)
    bags = [set(stems(other.text)) for other in thread.posts]
    seen = Counter(word for bag in bags for word in bag)
    return [
        Advice(other, {word: math.log(1 + len(bags) / seen[word]) for word in bags[i]})
        for i, other in enumerate(thread.posts[:place])
        if not other.is_asker and not same_person(other, post)
    ]


def about(scene: Scene, advice: Sequence[Advice], thread: Thread, meant: Mapping[str, float]) -> tuple[str | None, float]:
    """The id of the post that a clause most likely reports on, and how likely; None where nothing points anywhere.

    Args:
        scene: The clause.
        advice: What `earlier` gave for its post.
        thread: The thread.
        meant: Posts that the same person said they would follow, with a weight each.
    """
    if not advice:
        return None, 0.0
    text, clause = scene.post.text, scene.clause
    own = text[clause.start : clause.end]
    sentence = text[clause.sentence[0] : clause.sentence[1]]
    before = text[max(0, clause.sentence[0] - 160) : clause.sentence[0]]
    scored = [(_score(one, scene, own, sentence, before, thread) + meant.get(one.post.id, 0.0), i, one) for i, one in enumerate(advice)]
    best = max(scored, key=lambda item: (item[0], item[1]))
    return (best[2].post.id, best[0]) if best[0] >= LEAST else (None, best[0])


def _score(one: Advice, scene: Scene, own: str, sentence: str, before: str, thread: Thread) -> float:
    score = _shared(own, one) + 0.6 * _shared(sentence, one) + 0.35 * _shared(before, one)
    author = one.post.author
    if mentions(own, author):
        score += NAMED
    elif mentions(sentence, author) or mentions(before, author):
        score += NAMED_NEAR
    elif mentions(scene.post.text, author):
        score += NAMED_IN_POST
    if scene.post.reply_to == one.post.id:
        score += REPLIED
    elif scene.post.reply_to and (target := thread.post(scene.post.reply_to)) and target.reply_to == one.post.id:
        score += REPLIED_CHAIN
    score += 0.15 * one.post.accepted
    return score - (0.3 if one.post.text.lstrip().startswith(">") else 0.0)


def _shared(text: str, one: Advice) -> float:
    """Weight of the words that come again, one to about two for a telling word."""
    return min(2.5, sum(one.words.get(word, 0.0) for word in set(stems(text))) * 0.45)
