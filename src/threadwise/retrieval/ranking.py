"""How matches of passages become scores of threads and posts: pure arithmetic, no index, no text.

Two lists are fused, by meaning (cosine) and by words (BM25). Then the thread counts: what was asked and what was said
support each other, and a post stands on its own match and on its thread's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from threadwise.domain import Part, Passage, Post

BY_MEANING = 0.7
"""Share of the cosine in a passage's score; the rest is BM25 over the best BM25 of the question. Measured on the sets
of ../shared/eval in docs/decisions/0003-ranking.md."""

PostKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of a thread's score: its best passage, its question, and the mean of its three best passages."""

    best: float = 0.5
    question: float = 0.3
    support: float = 0.2
    thread_in_post: float = 0.3
    """How much a post's score is its thread's."""
    accepted: float = 0.03
    votes: float = 0.02
    """Most that a post with many votes gains; half of it at four votes."""


def fuse(cosines: Mapping[Passage, float], words: Mapping[Passage, float]) -> dict[Passage, float]:
    """One score a passage.

    Args:
        cosines: Cosine of every passage found, by meaning or by words.
        words: BM25 of those found by words; 0 for the others.
    """
    top = max(words.values(), default=0.0) or 1.0
    return {
        passage: BY_MEANING * cosine + (1 - BY_MEANING) * words.get(passage, 0.0) / top
        for passage, cosine in cosines.items()
    }


def threads(scores: Mapping[Passage, float], weights: Weights = Weights()) -> dict[str, float]:
    """One score a thread, from the scores of its passages."""
    by_thread: dict[str, list[float]] = defaultdict(list)
    asked: dict[str, float] = {}
    for passage, score in scores.items():
        by_thread[passage.thread_id].append(score)
        if passage.part is Part.QUESTION:
            asked[passage.thread_id] = max(asked.get(passage.thread_id, score), score)
    result = {}
    for thread_id, found in by_thread.items():
        top = sorted(found, reverse=True)[:3]
        question = asked.get(thread_id, min(top))
        support = sum(top) / len(top)
        result[thread_id] = weights.best * top[0] + weights.question * question + weights.support * support
    return result


def posts(
    scores: Mapping[Passage, float],
    by_thread: Mapping[str, float],
    known: Mapping[PostKey, Post],
    weights: Weights = Weights(),
) -> dict[PostKey, float]:
    """One score a post: its best passage, its thread, and a little for acceptance and votes."""
    best: dict[PostKey, float] = {}
    for passage, score in scores.items():
        key = (passage.thread_id, passage.post_id)
        best[key] = max(best.get(key, score), score)
    own = 1 - weights.thread_in_post
    return {
        key: own * score + weights.thread_in_post * by_thread[key[0]] + _esteem(known.get(key), weights)
        for key, score in best.items()
    }


def _esteem(post: Post | None, weights: Weights) -> float:
    if post is None:
        return 0.0
    votes = max(0, post.score or 0)
    return weights.accepted * post.accepted + weights.votes * votes / (votes + 4)
