"""Read a question against the one thread that could answer it: what is near in meaning, what is shared in words.

A near miss shares the words of a thread and not its meaning; a question in other words shares the meaning and not the
words. So both are measured, and the model weighs one against the other. Pure: cosines come from retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import astuple, dataclass
from functools import lru_cache

from threadwise.advice.answerability.things import Thing, Vocabulary, things, vocabulary
from threadwise.advice.claims.likeness import alike
from threadwise.advice.claims.text import Token, tokens
from threadwise.advice.words import FUNCTION_WORDS, rarity, stem, stems, weigh
from threadwise.domain import Post, Thread
from threadwise.index.spans import sentence_spans
from threadwise.retrieval.nearness import Nearness

LONGEST_READ = 6_000
"""Characters of a post whose words are read."""

MOST_POSTS = 60
"""Posts of a thread whose words are read."""

LONGEST_OPENING = 600
"""Characters of the opening post whose words the question's are compared with for likeness."""

LONGEST_COMPARED = 60
"""Words of a question that are compared for likeness; a question of more says enough with these."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question and a thread have in common; the order is the model's.

    `title`, `asked`, `reply` and `replies` are cosines. `in_title`, `in_asked` and `in_reply` are shares of what the
    question's words say (`words.weigh`), found in the title, in the best sentence of what was asked, and in the best
    sentence of what was said; `of_title` is the share of the title that the question has; `lacks` is the rarity of the
    rarest word of the question that the whole thread lacks; `covered` is the share of the question's words when each
    counts as much as the word most like it in the title and the opening post (`claims.likeness`: tap for faucet). The
    others are as retrieval measures them (`retrieval.nearness`): what is nearer than everything in this forum is to
    everything else, and nearer than the threads that come next.
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
    covered: float
    own_asked: float = 0.0
    own_replies: float = 0.0
    own_middle: float = 0.0
    by_words: float = 0.0
    lead: float = 0.0
    above: float = 0.0

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
    opening: tuple[Token, ...]
    vocabulary: Vocabulary


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
        _covered(_words(question)[:LONGEST_COMPARED], said.opening),
        near.own_asked,
        near.own_replies,
        near.own_middle,
        near.by_words,
        near.lead,
        near.above,
    )


def lacking(question: str, threads: Sequence[Thread]) -> list[Thing]:
    """What the question names and none of the threads says in any form; names and what is left out first."""
    said = [_said(thread).vocabulary for thread in threads]
    lacks = [one for one in things(question) if not any(words.says(one.word) for words in said)]
    return sorted(lacks, key=lambda one: (not one.strong, -rarity(one.stem), one.stem))


@lru_cache(maxsize=512)
def _said(thread: Thread) -> _Said:
    posts = thread.posts[:MOST_POSTS]
    asked = tuple(words for post in posts if post.is_asker for words in _sentences(post))
    replied = tuple(words for post in posts if not post.is_asker for words in _sentences(post))
    title = frozenset(stems(thread.heading))
    opening = _words(f"{thread.heading}. {thread.question.text[:LONGEST_OPENING]}")
    words = vocabulary((thread.heading, *(post.text[:LONGEST_READ] for post in posts)))
    return _Said(title, asked, replied, title.union(*asked, *replied), opening, words)


def _sentences(post: Post) -> list[Set[str]]:
    text = post.text[:LONGEST_READ]
    return [frozenset(stems(text[start:end])) for start, end in sentence_spans(text)]


def _words(text: str) -> tuple[Token, ...]:
    """The words of a text that carry a subject, each once."""
    found = {token.text: token for token in tokens(text) if token.is_word and len(token.text) > 1}
    return tuple(token for word, token in found.items() if word not in FUNCTION_WORDS)


def _covered(question: Sequence[Token], opening: Sequence[Token]) -> float:
    """The question's words, weighed by rarity and by the likeness of the word most like each; from 0 to 1."""
    says = [rarity(stem(word.text)) for word in question]
    like = [max((alike(word, other).value for other in opening), default=0.0) for word in question]
    return sum(one * value for one, value in zip(says, like, strict=True)) / (sum(says) or 1.0)
