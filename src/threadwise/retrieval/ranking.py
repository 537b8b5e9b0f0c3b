"""How matches of passages become scores of threads, posts and passages: pure arithmetic on arrays.

A thread is what was asked and what was said. Its score joins how well its question matches, how well its three best
replies match, how near the middle of all its passages is, and how its passages match by words. A post stands on its
own match and on its thread's: a good answer seldom repeats the question. What this form gains and loses, and how the
weights were chosen, is in docs/decisions/0003-ranking.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadwise.domain import Post
from threadwise.index.matches import Matches

Scores = NDArray[Any]
"""Float64 numbers, one a thread, post or passage."""

PostKey = tuple[str, str]
"""Thread id and post id."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much; chosen on the judged sets that docs/decisions/0003-ranking.md reports."""

    question_half: float = 165.0
    """Characters (about 30 words) of a question that make it count as much as the replies: a mere title says little."""
    middle: float = 0.5
    """Share of the middle of a thread's passages; the rest is its question and its best replies."""
    words: float = 0.125
    """What the best match by words adds, on the scale of a cosine."""
    own: float = 0.5
    """What a post's own match adds to its thread's score."""
    asker: float = 0.2
    """What a post of the asker loses: it asks, thanks or tells what came of it, and seldom answers."""
    accepted: float = 0.03
    votes: float = 0.02
    """Most that a post with many votes gains; half of it at four votes."""


WEIGHTS = Weights()

BEST_REPLIES = 3

_SOFTNESS = 4
"""Passages that match by words are joined as (sum of BM25^4)^(1/4): a maximum to which further ones add a little."""


def threads(matches: Matches, weights: Weights = WEIGHTS) -> Scores:
    """One score a thread, in the order of `matches.thread_ids`; shape (n_threads,)."""
    count = len(matches.thread_ids)
    question = _most(matches.centred, matches.thread, matches.asked, count)
    replies = _best_mean(matches.centred, matches.thread, ~matches.asked, count)
    asked = np.bincount(matches.thread[matches.asked], matches.length[matches.asked], count)
    share = asked / (asked + weights.question_half)
    share = np.where(np.isnan(replies), 1.0, np.where(np.isnan(question), 0.0, share))
    meaning = share * np.nan_to_num(question) + (1 - share) * np.nan_to_num(replies)
    meaning = (1 - weights.middle) * meaning + weights.middle * _middle(matches, count)
    return np.asarray(meaning + weights.words * _by_words(matches, count))


def posts(matches: Matches, by_thread: Scores, known: Mapping[PostKey, Post], weights: Weights = WEIGHTS) -> Scores:
    """One score a post, in the order of `matches.post_ids`; shape (n_posts,).

    Args:
        matches: What was compared.
        by_thread: The scores of its threads.
        known: The posts, for votes, acceptance and who wrote them; a post that is not here has none of these.
        weights: What counts how much.
    """
    count = len(matches.post_ids)
    thread = np.zeros(count, dtype=np.int64)
    thread[matches.post] = matches.thread
    own = np.nan_to_num(_most(matches.centred, matches.post, np.ones(len(matches.post), dtype=np.bool_), count))
    standing = np.zeros(count)
    for place, post in enumerate(map(known.get, matches.post_ids)):
        if post is not None:
            standing[place] = _standing(post, weights)
    return np.asarray(by_thread[thread] + weights.own * own + standing)


def passages(matches: Matches, by_post: Scores, weights: Weights = WEIGHTS) -> Scores:
    """One score a passage: its post's, and its own match by meaning and by words; shape (n_passages,)."""
    by_words = matches.bm25 / (matches.most_bm25 or 1.0)
    return np.asarray(by_post[matches.post] + weights.own * matches.centred + weights.words * by_words)


def alike(matches: Matches, thread: int) -> Scores:
    """How alike each thread's question is to that of one: cosine, what is common taken away; shape (n_threads,)."""
    count = len(matches.thread_ids)
    asked = np.zeros((count, matches.rows.shape[1]))
    of = matches.thread[matches.asked]
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    if len(starts):
        asked[of[starts]] = np.add.reduceat(matches.rows[matches.asked], starts, axis=0)
    length = np.linalg.norm(asked, axis=1)
    asked /= np.maximum(length, 1e-6)[:, None]
    return np.asarray(asked @ asked[thread])


def _most(values: Scores, group: NDArray[np.int64], mask: NDArray[np.bool_], count: int) -> Scores:
    """The highest value of each group; nan where it has none."""
    result = np.full(count, np.nan)
    np.fmax.at(result, group[mask], values[mask].astype(np.float64))
    return result


def _best_mean(values: Scores, group: NDArray[np.int64], mask: NDArray[np.bool_], count: int) -> Scores:
    """The mean of the `BEST_REPLIES` highest values of each group; nan where it has none."""
    chosen, of = values[mask].astype(np.float64), group[mask]
    order = np.lexsort((-chosen, of))
    chosen, of = chosen[order], of[order]
    best = np.arange(len(of)) - np.searchsorted(of, of) < BEST_REPLIES
    number = np.bincount(of[best], minlength=count)
    total = np.bincount(of[best], chosen[best], count)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _middle(matches: Matches, count: int) -> Scores:
    """Cosine between the question and the middle of each thread's passages, what is common taken from both."""
    if not count:
        return np.zeros(0)
    # The middle is the sum of unit rows over its own length, and its product with the question is the sum of theirs.
    starts = np.searchsorted(matches.thread, np.arange(count))
    length = np.linalg.norm(np.add.reduceat(matches.rows, starts, axis=0), axis=1)
    along = np.bincount(matches.thread, matches.centred, count)
    return np.where(length > 1e-6, along / np.maximum(length, 1e-6), 0.0)


def _by_words(matches: Matches, count: int) -> Scores:
    """How each thread matches by words; 1 for a thread with nothing but the best passage of the whole index."""
    powers = (matches.bm25.astype(np.float64) / (matches.most_bm25 or 1.0)) ** _SOFTNESS
    return np.asarray(np.bincount(matches.thread, powers, count) ** (1 / _SOFTNESS))


def _standing(post: Post, weights: Weights) -> float:
    votes = max(0, post.score or 0)
    return weights.accepted * post.accepted + weights.votes * votes / (votes + 4) - weights.asker * post.is_asker
