"""Cut the sentences of a post into clauses: the shortest stretch that can say one result of one thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from threadwise.index.spans import sentence_spans

_CUT = re.compile(
    r"""
      (?<=[^\d\s])[:;](?=\s)                                  # a topic and what became of it; two statements
    | \s[–—-]{1,2}(?=\s)                                      # a dash that stands alone
    | ,(?=\s(?:but|though|although|however|so|yet|whereas|while|until|except|and\s(?:now|then|since|after|it|i|we|he|she
          |they|the|that|this|no|not|my|for|yes))\b)
    | ,(?=\s(?:as|because|since|the|it|it's|there|there's|now|no)\b)           # two sentences with a comma between
    | (?<=\w)(?=\s(?:but|whereas|although|because)\b)
    | (?<=[.!?])(?<!\bno\.)(?=\s)                           # but "no. 4" is one thing
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPACE = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_QUOTED = re.compile(r"[ \t]*>")


@dataclass(frozen=True, slots=True)
class Clause:
    """A span [start, end) of a post, the sentence that it is part of, and whether that sentence asks."""

    start: int
    end: int
    sentence: tuple[int, int]
    asks: bool
    first: bool


def clauses(text: str) -> list[Clause]:
    """The clauses of a post in order, without lines quoted from others."""
    found: list[Clause] = []
    for start, end in sentence_spans(text):
        if _QUOTED.match(text, start):
            continue
        asks = text[start:end].rstrip(" )\"'”’*_😅🙂😊😂🙈").endswith("?")
        for i, (a, b) in enumerate(_pieces(text, start, end)):
            found.append(Clause(a, b, (start, end), asks, i == 0))
    return found


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    places = [start, *(match.end() for match in _CUT.finditer(text, start, end)), end]
    pieces = []
    for a, b in pairwise(places):
        match = _SPACE.search(text, a, b)
        if match and any(c.isalnum() for c in match[0]):
            pieces.append(match.span())
    return pieces
