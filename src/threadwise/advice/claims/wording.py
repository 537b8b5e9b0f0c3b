"""Tell whether a claim is its source's wording but for what changes no meaning.

Free are case and typography, contractions, articles, forms of a word, figures and units written otherwise
(`a fortnight`, `two weeks`), who says it (`I`, `one person`, `they`), a leading `somebody says that`, and a few
fillers.
"""

from __future__ import annotations

import re

from threadwise.advice.claims.lexicon import MOVABLE, opposites, synonyms
from threadwise.advice.claims.numbers import measures
from threadwise.advice.claims.text import Token, stem, tokens

_FRAME = re.compile(
    r"^(?:(?:one|a|the|this|another) (?:person|poster|user|member|reader|commenter|author|asker)|some(?:one|body)"
    r"|they|i) (?:says?|said|writes?|wrote|reports?|reported|notes?|noted|mentions?|mentioned|adds?|added|explains?"
    r"|explained) (?:that )?"
)
_WHO = re.compile(
    r"\b(?:one|a|the|this|another) (?:person|poster|user|member|commenter|author|asker)(?:'s)?\b"
    r"|\bsome(?:one|body)(?:'s)?\b"
)
_SHOULD = re.compile(r"\b(?:you|one) (?:should|ought to) |\b(?:i'd|i would) | or so\b", re.IGNORECASE)
_PERSON = frozenset("i me my mine myself we us our ours ourselves they them their theirs themselves".split())
_FREE = frozenset(
    "a an the just really very honestly actually so well ok okay yes please also too that then and".split()
)
_EQUAL = {"every": "each", "per": "each", "till": "until", "cannot": "not", "further": "far", "going": "go"}
_NARROWS = frozenset(
    stem(word) for word in "if unless except but only provided until not never when though although".split()
)
_MARKS = frozenset(",.:")
_HAVE = frozenset("is am are be have has had do does did was were".split())


def is_wording(claim: str, source: str) -> bool:
    """Whether the claim is a stretch of the source in this sense, starting and ending where a clause does."""
    claim, source = _SHOULD.sub("", claim), _SHOULD.sub("", source)
    said = _plain(_WHO.sub("they", _FRAME.sub("", " ".join(claim.casefold().split()))))
    given = _plain(source)
    words = [word for word in said if word not in _MARKS]
    if len(words) < 3:
        return False
    kept = [(i, word) for i, word in enumerate(given) if word not in _MARKS]
    bare = [word for _, word in kept]
    for start in range(len(bare) - len(words) + 1):
        there = bare[start : start + len(words)]
        if not _equal(words, there) and not _turned(words, there):
            continue
        first, last = kept[start][0], kept[start + len(words) - 1][0]
        begins = first == 0 or given[first - 1] in _MARKS
        if begins and _ends(given[last + 1 :]) and not _conditional(given[:first]):
            return True
    return False


def _turned(words: list[str], others: list[str]) -> bool:
    """Whether a clause that `before`, `if` or the like begins was moved from the end to the front, or back."""
    return any(
        words == others[k:] + others[:k] and (others[k] in MOVABLE or others[0] in MOVABLE)
        for k in range(1, len(others))
    )


def _equal(words: list[str], others: list[str]) -> bool:
    """Whether words are the same one by one, but for a synonym in four."""
    different = [(one, other) for one, other in zip(words, others, strict=True) if one != other]
    return 4 * len(different) <= len(words) and all(_synonymous(one, other) for one, other in different)


def _synonymous(one: str, other: str) -> bool:
    same = synonyms().get(one, frozenset()) & synonyms().get(other, frozenset())
    return bool(same) and other not in opposites().get(one, ())


def _ends(after: list[str]) -> bool:
    """Whether nothing that follows in the sentence takes back or narrows what was said."""
    sentence = after[: next((i for i, word in enumerate(after) if word in (".", ":")), len(after))]
    return not sentence or (sentence[0] == "," and not _NARROWS & set(sentence))


def _conditional(before: list[str]) -> bool:
    """Whether the clause just before is a condition of the same sentence."""
    sentence = before[max((i for i, word in enumerate(before) if word == "."), default=-1) + 1 :]
    return bool({"if", "unless", "provid"} & set(sentence))


def _plain(text: str) -> list[str]:
    found = tokens(text)
    spoken = {
        place: f"{measure.dimension}{measure.base:.4g}" for measure in measures(found) for place in measure.places
    }
    plain: list[str] = []
    for token in found:
        word = spoken.get(token.place) or _word(token)
        if word and not (token.place in spoken and plain[-1:] == [word]):
            plain.append(word)
    return plain


def _word(token: Token) -> str:
    if token.text in (".", "!", "?", ";", "\n"):
        return "."
    if token.text in (",", ":"):
        return token.text
    if not token.text[0].isalnum() or token.text in _FREE:
        return ""
    if token.text in _PERSON:
        return "they"
    if token.text in _HAVE:
        return "be" if token.text in ("is", "am", "are", "was", "were", "be") else token.stem
    return _EQUAL.get(token.text, token.stem)
