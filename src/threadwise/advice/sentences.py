"""Which sentences of a post advise: tell the asker what to do, not to do, or what did it for somebody.

Questions, thanks, jokes, quotes of others and complaints are not advice. Pure: text in, probabilities out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadwise.domain import Post, Thread
from threadwise.index.spans import sentence_spans

THRESHOLD = 0.5
"""From this probability on a sentence counts as advice."""

_QUOTE = re.compile(r"\s*>")
_CUES: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (1.6, r"\b(?:should|must|need to|have to|ought to|had better|make sure|be sure|try|avoid|never|always)\b"),
        (1.2, r"\b(?:i'd|i would|i’d|you could|you can|you may|you might|consider|recommend|suggest|worth)\b"),
        (1.8, r"^(?:\W|and |but |then |so |please |just |also |or |first |instead )*(?:don't|don’t|do not|never|keep|use|get|"
              r"take|put|"
              r"ask|let|stop|start|go|buy|give|make|check|look|see|leave|wait|cut|move|turn|add|clean|wash|wipe|call|"
              r"talk|tell|write|read|set|find|think|try|do|run|walk|hold|hang|bring|wear|eat|drink|sleep|rest|stand|"
              r"sit|pay|save|swap|skip|switch|open|close|cover|water|soak|dry|test|measure|change|train|teach|play)\b"),
        (1.0, r"\b(?:helped|worked|works|did it for|sorted|cured|fixed|solved|did the trick|does the trick)\b"),
        (-3.0, r"\?\s*$"),
        (-1.5, r"\b(?:thanks|thank you|good luck|welcome|sorry|lol|haha|congrat\w*|hope)\b"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span [start, end) of one post, and how likely it is that it advises."""

    thread: Thread
    post: Post
    start: int
    end: int
    advice: float

    @property
    def text(self) -> str:
        """Exactly the span."""
        return self.post.text[self.start : self.end]


def read_post(thread: Thread, post: Post) -> Iterator[Sentence]:
    """The sentences of a post in order, each with its probability of being advice."""
    for start, end in sentence_spans(post.text):
        yield Sentence(thread, post, start, end, advice_score(post.text[start:end]))


def advice_score(text: str) -> float:
    """How likely a sentence advises, 0 to 1."""
    if _QUOTE.match(text):
        return 0.0
    total = -1.0 + sum(weight for weight, cue in _CUES if cue.search(text))
    return max(0.0, min(1.0, 0.5 + total / 4))
