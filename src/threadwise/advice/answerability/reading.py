"""Read a question against the one thread that could answer it: what is near in meaning, what is shared in words.

A near miss shares the words of a thread and not its meaning; a question in other words shares the meaning and not the
words. So both are measured, and the model weighs one against the other. Pure: cosines come from retrieval.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import astuple, dataclass
from functools import lru_cache

from threadwise.advice.words import rarity, stems, weigh
from threadwise.domain import Post, Thread
from threadwise.index.spans import sentence_spans
from threadwise.retrieval.retriever import Nearness

LONGEST_READ = 6_000
"""Characters of a post whose words are read."""

MOST_POSTS = 60
"""Posts of a thread whose words are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question and a thread have in common; the order is the model's.

    `title`, `asked`, `reply` and `replies` are cosines. `in_title`, `in_asked` and `in_reply` are shares of what the
    question's words say (`words.weigh`), found in the title, in the best sentence of what was asked, and in the best
    sentence of what was said; `of_title` is the share of the title that the question has; `lacks` is the rarity of the
    rarest word of the question that the whole thread lacks.
    """

    title: float
    asked: float
    reply: float
    replies: float
    in_title: float
    in_asked: float
    in_reply: float
    of_title: float
    lacks: float

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers, in the order of the fields."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class _Said:
    title: Set[str]
    asked: tuple[Set[str], ...]
    replied: tuple[Set[str], ...]
    every: Set[str]


def read(question: str, thread: Thread, near: Nearness) -> Reading:
    """Compare a question with a thread."""
    asked, said = frozenset(stems(question)), _said(thread)
    total = weigh(asked) or 1.0

    def share(words: Set[str]) -> float:
        return weigh(asked & words) / total

    return Reading(
        near.title,
        near.asked,
        near.reply,
        near.replies,
        share(said.title),
        max(map(share, said.asked), default=0.0),
        max(map(share, said.replied), default=0.0),
        weigh(asked & said.title) / (weigh(said.title) or 1.0),
        max(map(rarity, asked - said.every), default=0.0),
    )


def lacking(question: str, thread: Thread) -> list[str]:
    """Stems of the question that no post of the thread has, rarest first."""
    lacks = set(stems(question)) - _said(thread).every
    return sorted(lacks, key=lambda stem: (-rarity(stem), stem))


@lru_cache(maxsize=512)
def _said(thread: Thread) -> _Said:
    posts = thread.posts[:MOST_POSTS]
    asked = tuple(words for post in posts if post.is_asker for words in _sentences(post))
    replied = tuple(words for post in posts if not post.is_asker for words in _sentences(post))
    title = frozenset(stems(thread.heading))
    return _Said(title, asked, replied, title.union(*asked, *replied))


def _sentences(post: Post) -> list[Set[str]]:
    text = post.text[:LONGEST_READ]
    return [frozenset(stems(text[start:end])) for start, end in sentence_spans(text)]
