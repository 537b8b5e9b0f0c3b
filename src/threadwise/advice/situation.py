"""Say what the asker of a cited thread has in common with the question, and what differs.

Only what the texts say: ages, how long it has been going on, what was tried, what is not possible. Each is read by a
pattern and shown in the asker's own words, so that nothing is supposed about anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from threadwise.advice.words import FUNCTION_WORDS, rarity, stem, stems, telling, tokens
from threadwise.domain import Thread

LONGEST = 200
"""Characters of a situation; it stands beside a source."""

_COUNT = (
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a\ few|several|some|a\ couple\ of|half\ a"
    r"|\d+(?:[.,]\d)?½?)"
)
_UNIT = r"(?:days?|nights?|weeks?|months?|years?|winters?|summers?)"
_WHEN = (
    r"(?:spring|summer|autumn|winter|christmas|yesterday|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_NO_NOUN = (
    r"(?:and|but|or|when|while|if|in|at|on|with|now|so|is|was|who|that|which|already|today|he|she|it|i|we|they)\b"
)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


_PATTERNS = (
    (
        "age",
        _pattern(
            r"""(?:\bI['’]?m|\bI\ am|\baged?:?|^|[.!?]\s)\s*(?P<value>[1-9]\d)
                (?=\s*(?:[,.;)]|and\b|years|y/?o\b|m\b|f\b|male|female))"""
        ),
    ),
    ("age", _pattern(rf"\b(?:I['’]?m|I\ am)\ (?:an?\ )?(?P<value>{_COUNT}[\s-]+years?[\s-]old)\b")),
    # Of somebody else, or of a thing: only with whose age it is.
    (
        "age",
        _pattern(
            rf"\b(?P<value>(?:s?he(?:['’]s|\ is)\ (?:\w+\ )?)?{_COUNT}[\s-]+{_UNIT}[\s-]old\ (?!{_NO_NOUN})[a-z]+)"
        ),
    ),
    ("age", _pattern(rf"\b(?P<value>s?he(?:['’]s|\ is)\ (?:\w+\ )?{_COUNT}[\s-]+{_UNIT}[\s-]old)\b")),
    (
        "since",
        _pattern(
            rf"""\b(?:for|since|after)\s+(?:(?:about|almost|nearly|over|the\s+(?:last|past))\s+)?
                 (?P<value>{_COUNT}\s+{_UNIT})\b"""
        ),
    ),
    ("since", _pattern(rf"\b(?P<value>{_COUNT}\s+{_UNIT})\s+(?:ago|now|of\ this|into)\b")),
    ("since", _pattern(rf"\b(?P<value>(?:since|last)\s+{_WHEN})\b")),
    (
        "tried",
        _pattern(
            r"""(?<!\byou\ )(?<!\byou\ have\ )(?<!\byou['’]ve\ )
                \b(?:tried|so\ far|already\ (?:did|used)|i['’]?ve\ used)\b
                (?:\ so\ far)?:?\s+(?!(?:and|or|but|that|which|before)\b
                    |(?:a\ few|several|both|it|this|them|everything)\s*(?:[.!?;\n]|$))
                (?P<value>[^.!?;\n]{3,70})(?=[.!?;\n]|$)"""
        ),
    ),
    (
        "cannot",
        _pattern(
            r"""\b(?P<value>(?:(?:can['’]?t|cannot)\ (?:afford|use|have|take|replace|drill|change|paint|lift|drive|eat
                   |move|leave|spray|open|reach|keep|buy|do\ without)|not\ allowed\ to|don['’]?t\ want\ to
                |no\ (?:garden|balcony|car|lift|oven|freezer|budget|space|pills|drill\w*)
                |without\ an?\ (?:garden|balcony|car|lift|oven|freezer|window|budget|doctor)|rent(?:ing|ed)\b
                |budget\ (?:is\ |maybe\ |about\ |of\ )*[€£$]?\d+\s?[€£$]?)[^.,!?;()\n]{0,45})(?=[.,!?;()\n]|$)"""
        ),
    ),
)

_LIFE = re.compile(
    r"\b(?:running|ridden|riding|cycling|living|lived|married|working|worked|playing|driving|cooking|on\ and\ off|owned"
    r"|licence)\b[^.!?;]*$",
    re.IGNORECASE,
)

_LABELS = {"age": "age", "since": "how long", "tried": "tried", "cannot": "limits"}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a text says about its writer: what kind, and in which words."""

    kind: str
    value: str


def situation(question: str, thread: Thread) -> str | None:
    """What the asker of a thread has in common with a question and what differs; None where the texts do not say."""
    asked = _facts(question)
    theirs = _facts(thread.question.text)
    parts: list[str] = []
    shared = _shared_words(question, thread)
    if shared:
        parts.append(f"in common: {', '.join(shared)}")
    alike = [fact for fact in theirs if any(_same(fact, own) for own in asked)]
    parts += [f"the same {_LABELS[fact.kind]}: “{fact.value}”" for fact in alike]
    differs = [f"{_LABELS[fact.kind]} “{fact.value}”" for fact in theirs if fact not in alike]
    if differs:
        parts.append("theirs: " + ", ".join(differs))
    text = ""
    for part in parts:
        if len(text) + len(part) + 2 <= LONGEST:
            text += ("; " if text else "") + part
    return text or None


@lru_cache(maxsize=1024)
def _facts(text: str) -> tuple[Fact, ...]:
    """The first fact of each kind, in the order of the kinds."""
    found: dict[str, Fact] = {}
    for fact in _read(text[:4000]):
        found.setdefault(fact.kind, fact)
    return tuple(found.values())


def _read(text: str) -> Iterator[Fact]:
    for kind, pattern in _PATTERNS:
        match = next((one for one in pattern.finditer(text) if kind != "since" or not _of_life(text, one)), None)
        if match:
            yield Fact(kind, " ".join(match["value"].split()).strip(" ,:-"))


def _of_life(text: str, match: re.Match[str]) -> bool:
    """Whether a length of time is that of a way of life ("running for six years") and not of the trouble."""
    return bool(_LIFE.search(text, max(0, match.start() - 60), match.start()))


def _same(one: Fact, other: Fact) -> bool:
    return one.kind == other.kind and set(stems(one.value)) == set(stems(other.value)) and bool(stems(one.value))


def _shared_words(question: str, thread: Thread) -> list[str]:
    """The question's most telling words that the opening post has too, at most three, as the question spells them."""
    theirs = set(stems(f"{thread.title} {thread.question.text[:4000]}"))
    words = [word for word in dict.fromkeys(tokens(question)) if word not in FUNCTION_WORDS and stem(word) in theirs]
    best = sorted(
        (word for word in words if len(word) > 2 and telling([stem(word)])), key=lambda word: -rarity(stem(word))
    )[:3]
    return [word for word in words if word in best]
