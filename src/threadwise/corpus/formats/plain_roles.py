"""Who speaks in a pasted text that does not say so: the one who asked, or somebody else.

People who asked come back to thank several others, to say what they will try or what came of it, to add facts about
themselves, and to answer what they were asked. People who reply advise, and tell of themselves "too". Each sign counts,
for or against; what speaks clearly enough is the asker's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from threadwise.corpus.formats.plain_layout import Draft, asks
from threadwise.domain import Post, Role, known_name, same_author

CLEARLY = 3
"""Points from which a post is taken for the asker's."""

_THANKS = r"\b(?:thanks?|thank you|thanx|thx|tnx|cheers)\b"
_ADVICE = (
    r"(?:advice|tips?|help|suggestions?|repl(?:y|ies)|answers?|input|ideas?|info|pointers?|responses?|comments?)\b"
)
_SIGNS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (points, re.compile(pattern, re.IGNORECASE))
    for points, pattern in (
        # Says so.
        (5, r"^\W*(?:op here|\(?op\)?:)|\bi(?:'m| am) the op\b"),
        (3, r"^\W*(?:(?:quick |small |short )?update|edit)\b"),
        # Thanks, most of all several people, or for advice.
        (1, rf"{_THANKS}|\b(?:ty|appreciate|grateful)\b"),
        (2, rf"{_THANKS}.{{0,30}}\b(?:every(?:one|body)|all|guys|both|folks|y'?all|you two)\b"),
        (2, rf"{_THANKS}.{{0,40}}\b{_ADVICE}"),
        (2, rf"\b(?:great|good|solid|excellent|awesome|useful|helpful|brilliant) {_ADVICE}"),
        (1, r"\b(?:danke|merci|gracias|grazie|obrigad[oa]|bedankt)\b"),
        (1, r"\b(?:danke|merci|gracias|grazie|bedankt)\b.{0,30}\b(?:euch|allen?|leute|tous|todos|tutti|allemaal)\b"),
        # Intends to act on it.
        (2, r"\b(?:probiere? ich|(?:werde|will) .{0,40}(?:probieren|testen)|je vais essayer|voy a probar|proverò)\b"),
        (
            2,
            r"\b(?:i'?ll|i will|ill|going to|gonna|will|i'?m off to)\W+(?:\w+ ){0,2}(?:try|tryout|look into|give|check"
            r"|order|book|see (?:a|my|the|how)|report|let you|keep you|post|do that|start|ask)",
        ),
        (1, r"\b(?:definitely|definately|def|defo|deffo) (?:try|look|give|check|do|going)"),
        # Reports what came of it.
        (
            2,
            r"\b(?:i|we|finally|i've|ive|have) (?:tried|did|done|took|bought|ordered|followed|went with|ended up)\b"
            r".{0,60}\b(?:it|that|your|the|this|suggest\w*|advice)\b",
        ),
        (2, r"\b(?:as|like|what|which) \w+ (?:suggested|said|recommended|advised|mentioned|told me)"),
        (
            2,
            r"\b(?:it|that|this) (?:really |actually |totally |has |have )?"
            r"(?:worked|helped|fixed|solved|did the trick|didn'?t (?:work|help)|made)\b",
        ),
        (1, r"\b(?:gone|better|worse|fixed|solved|sorted|no change|works now|all good)\b"),
        (1, r"\b(?:told me|recommended to me|suggested to me|others have)\b"),
        # Against: advises, asks back, or has the same trouble.
        (-2, r"\byou(?:'d| should| could| need| might| can| have to| want to|'re)\b"),
        (-2, r"^\W*(?:try|get|use|see|go|stop|don'?t|avoid|keep|buy|ask|take|check|make sure)\b"),
        (-2, r"^\W*(?:have (?:you|a look)|do you|did you|are you)\b"),
        (-1, r"\b(?:your|yours)\b"),
        (-2, r"\bi(?:'d| would) (?:recommend|suggest|try|say|go|see|start|avoid|get)\b"),
        (-2, r"\b(?:would|highly|strongly) recommend\b"),
        (-3, r"\bsame (?:here|problem|issue|thing|boat)|\bme too\b|\bin my (?:case|experience)\b"),
        (-3, r"\bi(?:'ve)? had (?:something |a )?(?:similar|the same|this)"),
        (-2, r"\b(?:work|help)(?:ed|s) (?:(?:best|well) )?for me\b|\bwhat (?:worked|helped)\b|\bfor me it was\b"),
        (-2, r"\b(?:i'?ll|will|gonna|going to) try \w+ (?:too|as well)\b|\bi(?:'ll| will)? (?:too|also have)\b"),
    )
)
_BACKTALK = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|no|nope|not yet|only|about|it'?s|i'?m|i am|i do|i don'?t|i did|i have)\b", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:i|i'?m|i'?ve|my|me|mine)\b", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:you|your|u|ur)\b", re.IGNORECASE)
_MY = re.compile(r"\bmy (?:\w+ )?(\w{3,})", re.IGNORECASE)
_SMALL_I = re.compile(r"(?<![\w'’.])i(?![\w.])")


def speaks_as_asker(text: str) -> bool:
    """Whether a text alone, without what stands before it, speaks clearly as the one who asked."""
    return _points(text) >= CLEARLY


def with_inferred_roles(posts: Sequence[Post], drafts: Sequence[Draft]) -> tuple[Post, ...]:
    """Give each post to the asker or a replier: by what labels say, then by names, then by how it speaks.

    Args:
        posts: The posts in order, the question first.
        drafts: What the layout told about each of them.
    """
    asker = posts[0].author
    small = sum(_SMALL_I.search(post.text) is not None for post in posts)
    named: set[str] = set()
    told = []
    for number, (post, draft) in enumerate(zip(posts, drafts, strict=True)):
        if number == 0 or draft.asker:
            role = Role.ASKER
        elif known_name(asker) and known_name(post.author):
            role = Role.ASKER if same_author(post.author, asker) else Role.REPLIER
        else:
            points = _points(post.text) + _context(posts[0].text, posts[number - 1].text, post.text)
            # The asker's way of writing "i", if nobody else has it.
            points += small == 2 and len(posts) > 2 and all(map(_SMALL_I.search, (posts[0].text, post.text)))
            points -= (post.author in named) + 2 * (draft.asker is False)
            role = Role.ASKER if points >= CLEARLY else Role.REPLIER
        if number and post.author is not None and known_name(post.author):
            named.add(post.author)
        told.append(replace(post, role=role))
    return tuple(told)


def _points(text: str) -> int:
    own = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))[:5000]
    return sum(points for points, sign in _SIGNS if sign.search(own))


def _context(question: str, before: str, text: str) -> int:
    """What the question and the post before tell about a post."""
    points = 0
    if (
        before is not question
        and asks(before)
        and _YOURS.search(before)
        and _BACKTALK.match(text)
        and _OWN.search(text)
    ):
        points += 1 if _YOURS.search(text) else 3
    if not _YOURS.search(text):
        shared = {word.lower() for word in _MY.findall(question)} & {word.lower() for word in _MY.findall(text)}
        points += min(len(shared), 2)
    return points
