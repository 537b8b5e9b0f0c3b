"""Cut threads into passages, the unit we index and cite.

Pure: threads in, passages out; no files, no models. Offsets point into the post's own text, so that a citation can be
checked years later.
"""

from __future__ import annotations

from collections.abc import Iterator

from threadwise.domain import Part, Passage, Post, Thread
from threadwise.index.spans import sentence_spans

FULL = 100
"""Words at which a passage is closed; with the next sentence left out it has about 80 to 120."""

LONGEST = 120


def cut(thread: Thread) -> tuple[Passage, ...]:
    """The passages of a thread, in the order of its posts."""
    return tuple(
        Passage(thread.id, post.id, start, end, post.text[start:end], Part.REPLY if place else Part.QUESTION)
        for place, post in enumerate(thread.posts)
        for start, end in _spans(post)
    )


def context(thread: Thread, passage: Passage) -> str:
    """The text that is embedded for a passage: the thread's title, then its own words."""
    return f"{thread.title}\n{passage.text}" if thread.title else passage.text


def _spans(post: Post) -> Iterator[tuple[int, int]]:
    start = end = words = 0
    for sentence_start, sentence_end in sentence_spans(post.text):
        count = len(post.text[sentence_start:sentence_end].split())
        if words and (words >= FULL or words + count > LONGEST):
            yield start, end
            words = 0
        if not words:
            start = sentence_start
        end, words = sentence_end, words + count
    if words:
        yield start, end
