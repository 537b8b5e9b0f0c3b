"""How alike two words are in meaning, and by what: the same stem, a form of it, a synonym, an opposite, vectors.

The vectors (`words.npz`, written by `tools/train_claims.py`) are those that all-MiniLM-L6-v2 gives single common words,
reduced to 64 components of one byte: a table of under a megabyte instead of a model at run time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from threadwise.advice.claims.lexicon import kinds, opposites, plain, synonyms
from threadwise.advice.claims.text import Token

_ENDINGS = tuple("ness ment ation tion ion er or ful al y ity ance ence able ible ous ist ish ic th t en ize".split())
_SHORT_ENDINGS = frozenset(("", "y", "er", "or", "ful", "ish", "en", "th", "ness", "al", "t", "i"))
_NEGATING = ("un", "in", "im", "dis", "non", "il", "ir")


class By(StrEnum):
    """What makes two words alike, or keeps them apart."""

    SAME = "same"
    FORM = "form"
    NEGATED = "negated"
    SYNONYM = "synonym"
    VECTOR = "vector"
    OPPOSITE = "opposite"
    KIND = "kind"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Likeness:
    """From 0 to 1, and by what."""

    value: float
    by: By


def alike(one: Token, other: Token) -> Likeness:
    """How alike two words are."""
    return _alike(one.stem, other.stem, one.text, other.text)


def is_common(token: Token) -> bool:
    """Whether a word is among the common ones that have a vector."""
    places = common_words()[0]
    return token.text in places or token.stem in places


@lru_cache(maxsize=65536)
def _alike(one: str, other: str, text: str, other_text: str) -> Likeness:
    if one == other:
        return Likeness(1.0, By.SAME)
    if _negated(one, other) or _negated(other, one):
        return Likeness(0.95, By.NEGATED)
    if _opposed(one, other):
        return Likeness(0.0, By.OPPOSITE)
    groups, named = synonyms(), kinds()
    synonymous = bool(groups.get(one, _NONE) & groups.get(other, _NONE))
    if not synonymous and named.get(one, _NONE) & named.get(other, _NONE):
        return Likeness(0.0, By.KIND)
    if _related(one, other):
        return Likeness(0.97, By.FORM)
    if synonymous:
        return Likeness(0.9, By.SYNONYM)
    if groups.get(_root(one), groups.get(one, _NONE)) & groups.get(_root(other), groups.get(other, _NONE)):
        return Likeness(0.85, By.SYNONYM)
    cosine = _cosine((text, one), (other_text, other))
    return (
        Likeness(0.0, By.NOTHING) if cosine is None else Likeness(max(0.0, min(0.8, (cosine - 0.15) / 0.6)), By.VECTOR)
    )


_NONE: frozenset[int] = frozenset()


def _opposed(one: str, other: str) -> bool:
    """Whether two stems, or what they compare, are opposites."""
    ones, others = {one, plain(one)}, {other, plain(other)}
    return any(others & opposites().get(form, frozenset()) for form in ones)


def _root(word: str) -> str:
    return next((word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 4), word)


def _related(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: `hydrate` and `hydration`, `thick` and `thickness`."""
    short, long = sorted((one, other), key=len)
    grown = len(long) - len(short)
    if len(short) >= 4 and grown <= 4 and long.startswith(short[:-1] if len(short) > 4 else short):
        rest = long[len(short) :]
        if (len(short) >= 5 or rest in _SHORT_ENDINGS) and not rest.startswith("les"):
            return True
    root = _root(one)
    return len(root) >= 4 and root == _root(other)


def _negated(one: str, other: str) -> bool:
    """Whether one word is the other with a negating part: `unsalted`, `painless`."""
    for part in _NEGATING:
        rest = one.removeprefix(part)
        if rest != one and len(rest) >= 3 and (rest == other or _related(rest, other)):
            return True
    rest = one.removesuffix("less")
    return rest != one and len(rest) > 2 and (rest == other or _related(rest, other))


def _cosine(one: tuple[str, str], other: tuple[str, str]) -> float | None:
    places, vectors = common_words()
    a, b = (next((places[form] for form in forms if form in places), None) for forms in (one, other))
    return None if a is None or b is None else float(vectors[a] @ vectors[b])


@cache
def common_words() -> tuple[dict[str, int], NDArray[np.float32]]:
    """Where each common word stands in the table, and the table: rows of 64 numbers, of length 1."""
    data = (resources.files("threadwise.advice.claims") / "words.npz").read_bytes()
    with np.load(BytesIO(data)) as table:
        words = bytes(table["words"]).decode("ascii").split()
        vectors = table["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {word: place for place, word in enumerate(words)}, vectors
