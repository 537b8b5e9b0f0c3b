"""Claims made by rule from sentences of posts: faithful rewordings and distortions, for training and for the bench."""

from __future__ import annotations

import re
from collections.abc import Callable

Rule = Callable[[str, str], str | None]
"""From a sentence, and one of another post, to a claim; None where the rule does not fit."""


def _sub(pattern: str, instead: str) -> Rule:
    found = re.compile(pattern)
    return lambda source, _: found.sub(instead, source, count=1) if found.search(source) else None


FAITHFUL: dict[str, Rule] = {
    "verbatim, upper case": lambda source, _: source.upper(),
    "verbatim, typography": lambda source, _: source.replace("'", "’").replace("-", "–").replace(" ", "  "),
    "I -> one person": _sub(r"\bI (?=\w+ed\b|did\b|had\b|put\b|bought\b|got\b|took\b|went\b)", "One person "),
    "don't -> do not": _sub(r"\b([Dd])on't\b", r"\1o not"),
    "it's -> it is": _sub(r"\b([Ii])t's\b", r"\1t is"),
    "every -> each": _sub(r"\bevery\b", "each"),
    "two weeks -> a fortnight": _sub(r"\b[Tt]wo weeks\b", "a fortnight"),
    "reported": lambda source, _: "Someone says that " + source[0].lower() + source[1:] if source[0] != "I" else None,
}
DISTORTED: dict[str, Rule] = {
    "negation dropped": _sub(r"\b(do|does|did|is|was|has|have|would|should|could)(?:n't| not)\b", r"\1"),
    "negation added": _sub(r"\b(is|are|was|were|will|can|should)\b(?! not|n't)", r"\1 not"),
    "number changed": _sub(r"\b([2-9])(?=\d*\b)", "17"),
    "unit changed": _sub(r"\b(?:weeks|days|minutes)\b", "months"),
    "before <-> after": lambda source, _: _swapped(source, "before", "after"),
    "more <-> less": lambda source, _: _swapped(source, "more", "less"),
    "hot/cold, up/down, in/out": lambda source, _: _swapped(source, "hot", "cold") or _swapped(source, "left", "right"),
    "I -> my wife": _sub(r"\bI (?=\w+ed\b|did\b|had\b|put\b|bought\b|got\b|took\b|went\b)", "My wife "),
    "hedge removed": _sub(r"\b(?:maybe|perhaps|probably|might|I think) ", ""),
    "must added": _sub(r"\b(?:can|could|should)\b", "must"),
    "some -> all": _sub(r"\b(?:some|most|many)\b", "all"),
    "condition dropped": _sub(r",? (?:only )?(?:if|unless) [^,.;:!?]+(?=[.,;:!?]|$)", ""),
    "detail invented": lambda source, _: source.rstrip(" .!") + ", twice a day with warm olive oil.",
    "merged with another post": lambda source, other: source.rstrip(" .!") + ", and " + other[0].lower() + other[1:],
}


def _swapped(source: str, one: str, other: str) -> str | None:
    for a, b in ((one, other), (other, one)):
        if re.search(rf"\b{a}\b", source) and not re.search(rf"\b{b}\b", source):
            return re.sub(rf"\b{a}\b", b, source, count=1)
    return None
