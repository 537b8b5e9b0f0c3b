"""Texts made from the patterns of a rule book, to show that each of them can match and each guard can hold back.

A pattern is written out word by word; a guard and what it guards are laid over each other wherever their words agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from threadwise.advice.safety import Governor
from threadwise.advice.safety_rules import Rule
from threadwise.advice.word_patterns import GAPS, Element, Pattern

_ANY = "thing"
_GAP = {f"{{0,{most}}}?": most for most in GAPS.values()}
_MOST_ALTERNATIVES = 400
_MOST_SHAPES = 240


def each_alternative(pattern: Pattern) -> Iterator[str]:
    """Texts that between them hold every word and phrase of a pattern, without what may stand between."""
    for k in range(min(_MOST_ALTERNATIVES, max(len(one.phrases) for part in pattern.parts for one in part))):
        yield ". ".join(" ".join(word for one in part for word in _nth(one, k)) for part in pattern.parts)


def held_back(governor: Governor, rule: Rule, guard: Pattern) -> str | None:
    """A text in which the rule finds something that the guard touches; None where no such text was made."""
    for pattern in (*rule.question, *rule.post):
        for text in _laid_over(guard, pattern):
            words = governor.read(text)
            guarded = [span for found in guard.find(words) for span in found]
            found = [span for spans in pattern.find(words) for span in spans]
            if any(start < end_ and start_ < end for start, end in guarded for start_, end_ in found):
                return text
    return None


def _laid_over(guard: Pattern, pattern: Pattern) -> Iterator[str]:
    liked, liked_ = _words(pattern), _words(guard)
    for i, one in enumerate(guard.parts):
        for j, other in enumerate(pattern.parts):
            rest = [_plain(part) for k, part in enumerate(guard.parts) if k != i]
            rest += [_plain(part) for k, part in enumerate(pattern.parts) if k != j]
            for upper, lower in product(_shapes(one, liked), _shapes(other, liked_)):
                for text in _overlays(upper, lower):
                    yield ". ".join([text, *rest])


def _overlays(upper: list[str | None], lower: list[str | None]) -> Iterator[str]:
    """Both word by word, shifted against each other as far as they still touch; None is any word."""
    for shift in range(1 - len(lower), len(upper)):
        words = []
        for at in range(min(0, shift), max(len(upper), shift + len(lower))):
            here = upper[at] if 0 <= at < len(upper) else None
            there = lower[at - shift] if 0 <= at - shift < len(lower) else None
            if here and there and here != there:
                break
            words.append(here or there or _ANY)
        else:
            yield " ".join(words)


def _shapes(part: tuple[Element, ...], liked: set[str]) -> list[list[str | None]]:
    """Ways to write a part out, those that share words with `liked` first."""
    ways: list[list[list[str | None]]] = []
    for one in part:
        width = next((width for parsed, width in _GAP.items() if one.fixed.endswith(parsed)), None)
        if width is not None:
            ways.append([[None] * k for k in range(min(width, 3) + 1)])
            continue
        written: list[list[str | None]] = [list(_typed(phrase)) for phrase in one.phrases]
        shared = [words for words in written if liked.intersection(filter(None, words))][:6]
        others = [words for words in written[:1] if words not in shared]
        ways.append([*shared, *others, *([[]] if one.optional else [])] or [list(_nth(one, 0))])
    return [[word for words in way for word in words] for way in islice(product(*ways), _MOST_SHAPES)]


def _plain(part: tuple[Element, ...]) -> str:
    return " ".join(word or _ANY for word in _shapes(part, set())[0])


def _words(pattern: Pattern) -> set[str]:
    return {word for part in pattern.parts for one in part for phrase in one.phrases for word in _typed(phrase)}


def _nth(one: Element, k: int) -> list[str]:
    if one.phrases:
        return _typed(one.phrases[k % len(one.phrases)])
    return ["3"] if "hundred" in one.fixed else []


def _typed(phrase: tuple[str, ...]) -> list[str]:
    return ["3" if word == "#" else word.removesuffix("*") for word in phrase]
