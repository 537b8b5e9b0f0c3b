"""Know what is said of a post that is gone: forgotten, deleted, or left out of an export.

Pure. A thread shows that it lacks a post by a reply that answers none of its posts, by a mark where somebody was named
or quoted, by a post without words, or by a gap in numbers that count from 1. In such a thread a report is only credited
to advice that something speaks for; in all others the likeliest advice will do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

from threadwise.advice.reporting.cues import straight
from threadwise.advice.reporting.features import Scene
from threadwise.advice.reporting.links import Advice
from threadwise.advice.words import stems
from threadwise.corpus.names import QUESTION_REMOVED, REMOVED
from threadwise.domain import Post, Thread

SHARED = 2.5
"""Least weight of words that a report has in common with advice, where nothing else speaks for it.

Source: reports of the demo corpus with the author of their advice, or another one, taken out of the thread
(docs/decisions/0006-outcomes.md).
"""

_NUMBER = re.compile(r"(?:.*\D)?(\d{1,6})")
_NAMED = ("named own", "named rest")
_WHOSE = re.compile(
    r"\b(?!(?:it|that|this|what|there|here|he|she|who|let|today|tonight|yesterday|everybody|everyone|nobody)'s)\w+'s "
    r"(?:\w+ )?(?:method|trick|advice|tip|way|idea|version|list|things?|post|plan|suggestion|recipe|routine)\b"
    r"|\b(?:as|like|what) (?!(?:i|we|you|they|he|she|it|people|everybody|everyone)\b)\w+ "
    r"(?:said|says|suggested|suggests|wrote|writes|described|describes|advised|advises|told)\b",
    re.IGNORECASE,
)
"""Somebody's trick, or what somebody said."""


def lacks_posts(thread: Thread) -> bool:
    """Whether something that somebody wrote in a thread is gone from it."""
    ids = {post.id for post in thread.posts}
    return (
        any(post.reply_to and post.reply_to not in ids for post in thread.posts)
        or any(is_emptied(post) or REMOVED in post.text for post in thread.posts)
        or _has_gap(thread)
    )


def is_emptied(post: Post) -> bool:
    """Whether a post has kept its place and lost its words."""
    return not post.text.strip() or post.text.strip() in (REMOVED, QUESTION_REMOVED)


def speaks_for(thread: Thread, scene: Scene, advice: Advice, row: Mapping[str, float]) -> bool:
    """Whether something ties a report to an earlier post, in a thread that lacks others.

    Whoever is named, answered or was meant to be followed is; of words in common those count that the question has not.
    What answers, quotes or names somebody who is gone is tied to nobody but by a name.
    """
    if any(row.get(name) for name in _NAMED):
        return True
    if _answers_removed(thread, scene) or _names_stranger(scene):
        return False
    if row.get("replied") or row.get("meant"):
        return True
    start, end = scene.clause.sentence
    own = set(stems(scene.post.text[start:end])) - _stems(f"{thread.title} {thread.question.text}")
    return math.fsum(advice.words.get(word, 0.0) for word in own) >= SHARED


def _answers_removed(thread: Thread, scene: Scene) -> bool:
    post = scene.post
    target = thread.post(post.reply_to) if post.reply_to else None
    start, end = scene.clause.sentence
    return bool(post.reply_to and (target is None or is_emptied(target))) or REMOVED in post.text[start:end]


def _names_stranger(scene: Scene) -> bool:
    """Whether a sentence says whose advice it was; that nobody who is still here is meant, a name would have told."""
    start, end = scene.clause.sentence
    return bool(_WHOSE.search(straight(scene.post.text[start:end])))


@lru_cache(maxsize=64)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _has_gap(thread: Thread) -> bool:
    """Whether posts are numbered from 1, and a number between is missing."""
    matches = [_NUMBER.fullmatch(post.id) for post in thread.posts]
    numbers = [int(match[1]) for match in matches if match]
    if len(numbers) < len(matches) or numbers[0] != 1 or sorted(set(numbers)) != numbers:
        return False
    return len(numbers) < numbers[-1] <= 2 * len(numbers)
