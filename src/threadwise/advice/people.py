"""Who speaks, and whose advice somebody agrees with or objects to.

A person is an author, across posts and threads; unknown and deleted authors are somebody else in each post. "Same as
mara: trunk strength" and "No vinegar, please" are about another post: the one that is named, else the one replied to.
"""

from __future__ import annotations

import re
from functools import lru_cache

from threadwise.domain import Post, Thread, known_name, same_author

_AGREES = re.compile(
    r"""^\W*(?:
        (?:this|that|exactly|seconded|thirded|same|yes|yep|yeah|absolutely|indeed|ditto|correct|word)
            \s*(?:this|that)?\W*(?:$|[.!:,;–—-])
      | (?:this|yes)\s+(?:please|to\s+(?:this|that))
      | \+\s?1\b | \^+
      | (?:(?:i|i['’]d|would|totally|fully|completely|have\s+to|also|strongly|just)\s+)*agreed?\b(?!\s+(?:to|on)\b)
      | (?:(?:i['’]?ll?|can\s+only|i)\s+)*(?:second|echo|vouch\s+for)\s+(?:that|this|the|what|\w+['’]s)
      | (?:can\s+)?confirm(?:ed)?\b | can(?:not|['’]t)\s+(?:recommend|stress)\s+\w+\s+enough
      | (?:same|exactly)\s+as\s+\w+ | what\s+[\w.]+\s+(?:says|said|writes|wrote)
      | (?:as|like)\s+[\w.]+\s+(?:says|said|wrote|writes)
      | \w[\w.]*(?:['’]s|\s+is|\s+are)\s+(?:absolutely\s+|totally\s+|both\s+)*right\b
      | you['’]?re\s+(?:both\s+)?right | another\s+vote\s+for | listen\s+to\s+\w+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"""^\W*(?!oh,?\s+no\b)(?:\w[\w.]*,\s+)?(?:(?:and|but|oh|er|erm|um|sorry),?\s+)*(?:
        (?:nope|nonsense|rubbish|careful|wrong)\b
      | no\b(?=\s*(?:$|[,.!;:–—-])|\s+\w+(?:!|,?\s+please))(?!\s+(?:idea|problem|worries|need))
      | please\s+(?:don['’]?t|do\s+not|no|not|nobody|never)\b | (?:really,?\s+)?(?:don['’]?t|do\s+not|never)\b
        (?!\s+(?:thought|knew|had|heard|seen|saw|would|tried|lost|got|been|noticed|used|mind|worry|give\s+up)\b)
      | i(?:['’]d|\s+would)\s+(?:not|never|be\s+careful)\b
      | i\s+wouldn['’]?t\b(?!\s+(?:hurt|mind|worry|be\s+surprised|know|say\s+no)\b)
      | (?:i\s+)?(?:disagree|don['’]?t\s+agree|doubt)\b | not\s+(?:convinced|true|so\s+fast|that|if)\b
      | absolutely\s+not\b | are\s+you\s+(?:out|mad|crazy|serious) | stop\s+(?:this|that)\b
      | that(?:['’]s|\s+is)\s+(?:not\s+(?:true|right|how)|wrong|dangerous|nonsense|a\s+myth)
      | that(?:['’]s|\s+is)\s+(?:the\s+(?:exact|worst)|how\s+(?:people|houses|you))
      | that\s+(?:won['’]?t|doesn['’]?t|will\s+not|would)\b
      | (?:\w+\s+){1,3}(?:do|does)\s+(?:basically\s+|almost\s+|nearly\s+|next\s+to\s+|absolutely\s+)?nothing\b
      | (?:\w+\s+){1,5}(?:is|are)\s+(?:a\s+myth|nonsense|a\s+bad\s+idea|dangerous|the\s+wrong)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def person(thread: Thread, post: Post) -> tuple[str, ...]:
    """Who wrote a post, the same value wherever the same author writes."""
    name = known_name(post.author)
    return (name,) if name else (thread.id, post.id)


def agrees(text: str) -> bool:
    """Whether a sentence opens by agreeing with somebody."""
    return bool(_AGREES.match(text))


def objects(text: str) -> bool:
    """Whether a sentence opens by objecting to what somebody said."""
    return bool(_OBJECTS.match(text))


def about_posts(thread: Thread, post: Post, text: str) -> tuple[str, ...]:
    """Ids of earlier posts that a text is about: by the authors it names, else the one replied to.

    Returns:
        In the order of the thread; empty where it names nobody and replies to nothing or to the asker.
    """
    before = thread.posts[: [one.id for one in thread.posts].index(post.id)]
    words = set(re.findall(r"[^\W_]+", text.lower()))
    named = [
        one
        for one in before[1:]
        if not one.is_asker and not same_author(one.author, post.author) and words & _names(known_name(one.author))
    ]
    if named:
        return tuple(one.id for one in named)
    to = thread.post(post.reply_to) if post.reply_to else None
    return (to.id,) if to is not None and not to.is_asker and not same_author(to.author, post.author) else ()


@lru_cache(maxsize=4096)
def _names(author: str) -> frozenset[str]:
    """What others may call an author: the whole name, and its parts (`mara_k`: mara), in lower case."""
    parts = [part.lower() for part in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+", author) if len(part) > 1]
    return frozenset([*(part for part in parts if len(part) > 2), "".join(parts)]) - _COMMON_NAMES


_COMMON_NAMES = frozenset(
    "the a an my mr mrs ms dr old new big mad dad mum no not just only real plant dog cat home house".split()
)
