"""Know an entry of a list of references as one thing: "Taras, M. (2005)." is nothing without its title.

Pure. An entry is no sentence and advises nothing, but it may be what a colon announces ("A paper on this:").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadwise.index.spans import Span

LONGEST_ENTRY = 600
"""Characters of the longest entry; titles of theses and all their authors take 400."""

MOST_WORDS = 40
"""Words of a sentence in which the pages of a journal are all that it says."""

_AUTHORS = re.compile(
    r"[\W\d]*[A-Z][\w'’-]+,\s+(?:[A-Z]\.[\s-]?){1,3}[^!?]{0,200}\((?:\w+\.?\s+)?(?:1[6-9]|20)\d\d[a-z]?(?:,[^)]{0,20})?\)"
)
_PAGES = re.compile(
    r"""\b\d+\s*\(\d+(?:[-–/]\d+)?\)\s*[,:]\s*(?:pp?\.?\s*)?\d+\s*[-–]+\s*\d+
      | \bvol(?:\.|ume)?\s*\d+\b.{0,60}\bpp?\.\s*\d+
      | ^\W*(?:pp?\.\s*\d+|vol\.\s*\d+) | \bdoi\b\s*:?\s*(?:https?://\S*)?10\.\d | \bISBN(?:-1[03])?[\s:]*\d
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ITEM = re.compile(r"[ \t]*(?:[-*+•–—]|\(?(?:\d{1,3}|[a-z])[.)])\s")


def is_entry(sentence: str) -> bool:
    """Whether a sentence is a source by the form in which sources are listed: authors and year, or volume and pages."""
    return bool(_AUTHORS.match(sentence)) or (len(sentence.split()) <= MOST_WORDS and bool(_PAGES.search(sentence)))


def whole_entries(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans of sentences, with those of one entry put together.

    Args:
        text: A post.
        spans: Its sentences [start, end) in order.
    """
    found: list[Span] = []
    open_ = False
    for start, end in spans:
        sentence = text[start:end]
        begins = bool(_AUTHORS.match(sentence))
        if open_ and not begins and _goes_on(text, found[-1], start, end):
            found[-1] = (found[-1][0], end)
        else:
            open_ = begins
            found.append((start, end))
    return found


def _goes_on(text: str, entry: Span, start: int, end: int) -> bool:
    """Whether a sentence belongs to the entry before it: it stands in the same paragraph."""
    gap = text[entry[1] : start]
    return gap.count("\n") < 2 and not _ITEM.match(text, start) and end - entry[0] <= LONGEST_ENTRY
