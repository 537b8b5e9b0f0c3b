"""Cut threads into passages, the unit we index and cite.

Pure: threads in, passages out; no files, no models. Offsets point into the post's own text, so that a citation can be
checked years later. A passage is whole sentences of one post: never of two, since two people are two voices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from threadwise.domain import Part, Passage, Post, Thread
from threadwise.index.spans import Span, sentence_spans

LONGEST = 120
"""Words a passage holds at most, except for one longer sentence. 120 English words are about 160 word pieces; with a
title they stay below the 256 that all-MiniLM-L6-v2 reads."""

MOST_ALIKE = 5
"""Passages of one post that are made of the same words. A post that says a thing a thousand times is found by it; the
rest would fill the lists that candidates are taken from, and pull the corpus's mean to itself."""

TITLE = 200
"""Characters of a title that are embedded with each passage; longer ones would leave the passage no room."""

# Scripts without spaces count each character, and a run without white space (a link, code) each 12 characters.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\s{_SPACELESS}]{{1,12}}+")


def cut(thread: Thread) -> tuple[Passage, ...]:
    """The passages of a thread, in the order of its posts; the opening post's are QUESTION, all others REPLY."""
    return tuple(
        Passage(thread.id, post.id, start, end, post.text[start:end], Part.REPLY if place else Part.QUESTION)
        for place, post in enumerate(thread.posts)
        for start, end in _unlike(post, tuple(_spans(post)))
    )


def context(thread: Thread, passage: Passage) -> str:
    """The text that is embedded for a passage: the thread's title, then its own words."""
    title = thread.title.strip()[:TITLE]
    return f"{title}\n{passage.text}" if title else passage.text


def _unlike(post: Post, spans: tuple[Span, ...]) -> Iterator[Span]:
    """The spans without those that only say again what others said before."""
    seen: Counter[frozenset[str]] = Counter()
    for start, end in spans:
        if len(spans) > MOST_ALIKE:
            words = frozenset(_WORD.findall(post.text[start:end].casefold()))
            seen[words] += 1
            if seen[words] > MOST_ALIKE:
                continue
        yield start, end


def _spans(post: Post) -> Iterator[Span]:
    """Pack the sentences of a post into passages of about equal length, as few as `LONGEST` allows."""
    sentences = [(start, end, _words(post.text[start:end])) for start, end in sentence_spans(post.text)]
    left = sum(words for _, _, words in sentences)
    begin, held = 0, 0
    for i, (start, _, words) in enumerate(sentences):
        if held and (held + words > LONGEST or held + words / 2 > _fair(left + held)):
            yield begin, sentences[i - 1][1]
            held = 0
        if not held:
            begin = start
        held += words
        left -= words
    if held:
        yield begin, sentences[-1][1]


def _fair(words: int) -> float:
    """Words for the next passage, where so many are left."""
    return words / -(-words // LONGEST)


def _words(text: str) -> int:
    return len(_WORD.findall(text))
