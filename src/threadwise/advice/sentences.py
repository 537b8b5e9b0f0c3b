"""Which sentences of a post advise: tell the asker what to do, not to do, or what did it for somebody.

Questions, thanks, jokes, quotes of others and complaints are not advice. Pure: text in, probabilities out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from threadwise.domain import Post, Thread
from threadwise.index.spans import sentence_spans

THRESHOLD = 0.5
"""From this probability on a sentence counts as advice."""

_QUOTE = re.compile(r"\s*>")
_ITEM = re.compile(r"[ \t]*(?:[-*+•–—]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_CUES: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (1.6, r"\b(?:should|must|need to|have to|ought to|had better|make sure|be sure|try|avoid|never|always)\b"),
        (1.2, r"\b(?:i'd|i would|i’d|you could|you can|you may|you might|consider|recommend|suggest|worth)\b"),
        (1.8, r"^(?:\W|and |but |then |so |please |just |also |or |first |instead )*(?:don't|don’t|do not|never|"
              r"keep|use|get|"
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
    """A span [start, end) of a post, where it stands, and how likely it is that it advises.

    `block` numbers the paragraph or list item that it is in; `item` numbers the list (0: in none), `item_start` says
    that it opens an item; `quoted` that it repeats somebody else.
    """

    text: str
    start: int
    end: int
    block: int
    item: int
    item_start: bool
    quoted: bool
    advice: float

    @property
    def advises(self) -> bool:
        """Whether it counts as advice."""
        return self.advice >= THRESHOLD

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip("\"'”’)»*_ ").endswith("?")


def read_post(thread: Thread, post: Post) -> list[Sentence]:
    """The sentences of a post in order."""
    del thread
    found: list[Sentence] = []
    block = items = last_item = 0
    end = 0
    for start, stop in sentence_spans(post.text):
        text, gap = post.text[start:stop], post.text[end:start]
        opens = bool(_ITEM.match(text))
        parted = not found or gap.count("\n") > 1 or opens or found[-1].quoted != bool(_QUOTE.match(text))
        block += parted
        if opens:
            items += not last_item
            last_item = items
        elif parted:
            last_item = 0
        quoted = bool(_QUOTE.match(text))
        found.append(Sentence(text, start, stop, block, last_item, opens, quoted, advice_score(text)))
        end = stop
    return found


def advice_score(text: str) -> float:
    """How likely a sentence advises, 0 to 1."""
    if _QUOTE.match(text):
        return 0.0
    total = -1.0 + sum(weight for weight, cue in _CUES if cue.search(text))
    return max(0.0, min(1.0, 0.5 + total / 4))
