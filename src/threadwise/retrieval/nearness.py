"""How near a question is to the one thread that could answer it: what is judged when it is asked whether it does.

A cosine by itself says little: forums differ in how near everything in them is to everything else. So it is measured as
it is and after what all passages have in common was taken away, and beside what the next threads reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from threadwise.domain import Hit
from threadwise.index.matches import Matches
from threadwise.retrieval.ranking import BEST_REPLIES, Scores

ASKS_THE_SAME = 0.5
"""Likeness (`ranking.alike`) from which a thread asks what the first one asks, and may answer with it or in its place.

Source: development half of tests/labels/citations.jsonl; pairs of threads about one problem .51 to .64, other pairs
that are found together mostly below .5 (docs/decisions/0015-which-posts-deserve-to-be-cited.md).
"""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to the first thread, or to one that asks the same where that has no reply.

    Cosines to its title, the best passage of its question, its best reply, and its best three replies on average;
    `own_asked`, `own_replies` and `own_middle` are cosines to its question, its best three replies and the middle of
    all its passages after what all passages have in common was taken away (`index.common`). `by_words` is the highest
    BM25 of its passages, 1 for the best of the whole index. `lead` is how far its score is above that of the best
    thread that asks something else, `above` how far above the mean of those that follow. `replied` is false where none
    of them has a reply; the first is meant then.
    """

    thread_id: str
    title: float
    asked: float
    reply: float
    replies: float
    own_asked: float = 0.0
    own_replies: float = 0.0
    own_middle: float = 0.0
    by_words: float = 0.0
    lead: float = 0.0
    above: float = 0.0
    replied: bool = True


def able(alike: Mapping[str, float], answered: set[str]) -> str | None:
    """The first of the threads that ask the same which has a reply; None where none has.

    Args:
        alike: How alike each thread's question is to the first one's, in their order.
        answered: The threads that have a reply.
    """
    first = next(iter(alike))
    return next((one for one, cosine in alike.items() if one in answered and _same(one, first, cosine)), None)


def measure(
    matches: Matches,
    ranked: Sequence[Hit[str]],
    alike: Mapping[str, float],
    chosen: str,
    title: float,
    *,
    replied: bool,
) -> Nearness:
    """What a question and one of the threads found have in common, by what was compared already.

    Args:
        matches: What was compared.
        ranked: The threads found, best first.
        alike: How alike each one's question is to the first one's.
        chosen: The thread that is measured.
        title: The cosine to its title.
        replied: Whether it has a reply.
    """
    inside = matches.thread == matches.thread_ids.index(chosen)
    asked, said = inside & matches.asked, inside & ~matches.asked
    replies = _best(matches.cosine[said])
    middle = matches.rows[inside].sum(axis=0)
    length = float(np.linalg.norm(middle)) or 1.0
    score = {hit.item: hit.score for hit in ranked}
    first = ranked[0].item
    others = [hit.score for hit in ranked if hit.item != chosen and not _same(hit.item, first, alike[hit.item])]
    return Nearness(
        chosen,
        title,
        float(matches.cosine[asked].max(initial=0.0)),
        float(replies.max(initial=0.0)),
        _mean(replies),
        float(matches.centred[asked].max(initial=0.0)),
        _mean(_best(matches.centred[said])),
        float(matches.centred[inside].sum()) / length,
        float(matches.bm25[inside].max(initial=0.0)) / (matches.most_bm25 or 1.0),
        score[chosen] - max(others, default=0.0),
        score[chosen] - _mean(np.asarray(others)),
        replied,
    )


def _same(thread: str, first: str, cosine: float) -> bool:
    return thread == first or cosine >= ASKS_THE_SAME


def _best(values: Scores) -> Scores:
    return np.sort(values)[-BEST_REPLIES:]


def _mean(values: Scores) -> float:
    return float(values.mean()) if len(values) else 0.0
