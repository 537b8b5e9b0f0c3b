"""Tell whether a statement can be followed by somebody who has not read what it answers.

"Right for two-handle taps" says nothing to whoever did not read the post before it. What answers the question may speak
of "it", as the reader has asked about it; what answers another reply may not.
"""

from __future__ import annotations

import re

from threadwise.advice.people import objects
from threadwise.domain import Post, Thread

_LOOKS_BACK = re.compile(
    r"\b(?:till|until|by|before|after|since|from)\s+then\b|\b(?:see|as)\s+(?:i\s+said\s+)?above\b", re.IGNORECASE
)
_ANSWERS = re.compile(
    r"""^\W*(?:
        (?:(?:and\s+|so\s+|but\s+)?then|or|also\s+that['’]?s|true|right|fair(?:\s+enough)?|same|sure|ha|hm+|well\s+done|could\s+(?:well\s+)?be
          |probably|yes|yep|no|nope|not|nah|neither|both|depends|hurts|works)\b(?!\s+now\b)
      | for\s+(?:the|that|those|these)\s+(?:\w+\s+)?(?:one|two|three|four|other|others|last|rest|first)\b
      | (?:\w+\W+){0,2}(?:it|its|it['’]s|this|that|that['’]s|them|those|these|they)\b
      | on\s+the\s+\w+\?
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_BESIDE_AN_ADDRESS = 8
"""Words beside an address up to which a sentence only says to open it."""

_OPENS = re.compile(
    r"\b(?:see|look|check|read|visit|find|source|links?|articles?|page|here|this|following)\b", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"""\b(?:find|found|see|read|look|check|discuss\w*|explain\w*|describ\w*|answer\w*|article|links?|listed|details?|offering)\b
          [^.!?;:]*\bhere\b[\s.!:)]*$
      | ^\W*an?\s+(?:(?:quick|simple|short|web|google|internet)\s+)*search\b
      | \b(?:check\s+out|look\s+at|see|read)\s+(?:this|these|the\s+following)\s+(?:\w+\s+){0,4}
        (?:articles?|links?|pages?|threads?|questions?|blogs?|websites?|videos?|papers?|answers?)\b[^.!?;]*[\s.!:)]*$
    """,
    re.IGNORECASE | re.VERBOSE,
)


def points_elsewhere(sentence: str) -> bool:
    """Whether a sentence only says where to read: "You can find a discussion here.", "Also have a look at https://…".

    An exported post has lost what "here" led to, and who asks wants to know what stands there.
    """
    rest, addresses = _ADDRESS.subn(" ", sentence)
    if addresses and len(rest.split()) <= _BESIDE_AN_ADDRESS and (not rest.split() or _OPENS.search(rest)):
        return True
    return bool(_ELSEWHERE.search(sentence))


def looks_back(sentence: str) -> bool:
    """Whether a sentence speaks of a time or a place that another one names: "till then", "see above"."""
    return bool(_LOOKS_BACK.search(sentence))


def leans(thread: Thread, post: Post, start: int, opening: str) -> bool:
    """Whether a statement answers somebody else than the question, in words that need what it answers.

    A warning is understood without it ("No bleach, please"), and is shown beside what it warns against where that is
    known.

    Args:
        thread: The thread.
        post: The post that it stands in.
        start: Where in the post it starts.
        opening: Its first sentence.
    """
    to = thread.post(post.reply_to) if post.reply_to else None
    if to is None or to.id == thread.question.id or post.text[:start].strip():
        return False
    return bool(_ANSWERS.match(opening)) and not objects(opening)
