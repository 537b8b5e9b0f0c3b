"""Which words of a question name something, so that it matters when a thread does not say them in any form.

A thread about gluten that does not say "tasty" leaves nothing open; one that does not say "Norway" does. Words of every
day are known by a list (`everyday.txt`); a name and what is left out ("without a stand") always name something.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from threadwise.advice.claims.lexicon import synonyms
from threadwise.advice.claims.likeness import alike
from threadwise.advice.claims.text import Token
from threadwise.advice.claims.text import stem as claim_stem
from threadwise.advice.words import FUNCTION_WORDS, MEASURES, stem, tokens

START = 4
"""Letters that two forms of one word share at least (`claims.likeness`)."""

MOST_CAPITALS = 0.5
"""Part of a question's words with a capital from which it is written as a heading is, and capitals name nothing."""

SHORT = 6
"""Letters up to which a word in -ly may well be a noun (`supply`, `belly`)."""

_NO_ADVERBS = frozenset("assembly anomaly butterfly dragonfly monopoly melancholy".split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_CHANGED = ("ing", "ed", "er", "est", "ies", "ied", "ier", "ily")
_NEXT = re.compile(r"[ -]?([^\W\d_]+)")
_COUNT_NOTHING = FUNCTION_WORDS | {"pm", "st", "nd", "rd", "th"}
_ENDED = re.compile(r"[.!?:\n“\"(]\s*$")
_LEAVES_OUT = frozenset("without except excluding besides no".split())
_VERBS_OF_NOT = frozenset(
    "am is are was were do does did can could will would should has have had may might must".split()
)
_ARTICLES = frozenset("a an the any my our your his her their using having".split())


@dataclass(frozen=True, slots=True)
class Thing:
    """A word of a question that names something, its stem, and whether it is `strong`: a name, or what is left out."""

    word: str
    stem: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a thread, so that a word can be looked for in other forms and by its synonyms."""

    words: Set[str]
    by_start: Mapping[str, Sequence[Token]]
    groups: Set[int]

    def says(self, word: str) -> bool:
        """Whether a word is there, a form of it, or one that may stand for it."""
        word = word.removesuffix("'s")
        token = Token(word, claim_stem(word), 0)
        if word in self.words or synonyms().get(token.stem, _NONE) & self.groups:
            return True
        return any(alike(token, one).value >= FORM for one in self.by_start.get(token.stem[:START], ()))


FORM = 0.85
"""Likeness from which two words are forms of one, or stand for one another; vectors alone reach .8."""

_NONE: frozenset[int] = frozenset()


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """The words of some texts."""
    words = frozenset(word for text in texts for word in tokens(text))
    known, by_start, groups = synonyms(), defaultdict[str, list[Token]](list), set[int]()
    for word in words - FUNCTION_WORDS:
        token = Token(word, claim_stem(word), 0)
        by_start[token.stem[:START]].append(token)
        groups |= known.get(token.stem, _NONE)
    return Vocabulary(words, by_start, groups)


@lru_cache(maxsize=256)
def things(question: str) -> tuple[Thing, ...]:
    """The words of a question that name something, in order, each once."""
    found = dict[str, Thing]()
    capitals, denied, before, earlier, end = _has_names(question), False, "", "", 0
    for match in _WORD.finditer(question):
        word, between = match.group().lower().replace("’", "'"), question[end : match.start()]
        starts, end = not end or bool(_ENDED.search(between)), match.end()
        name = capitals and not starts and match.group()[0].isupper()
        if word not in _ARTICLES:
            denied = before in _LEAVES_OUT or (before == "not" and earlier not in _VERBS_OF_NOT)
            earlier, before = before, word
        if word in FUNCTION_WORDS or (len(word) == 1 and not word.isdigit()):
            continue
        key = stem(word)
        if word[0].isdigit():
            counted = _NEXT.match(question, match.end())
            kept = counted is not None and counted[1].lower() not in _COUNT_NOTHING
        else:
            kept = name or not (is_everyday(word) or key in MEASURES)
        if kept:
            strong = name or denied or (key in found and found[key].strong)
            found[key] = Thing(word, key, strong)
    return tuple(found.values())


@lru_cache(maxsize=65536)
def is_everyday(word: str) -> bool:
    """Whether a word names nothing: it is on the list in some form (`cars` is no form of `care`)."""
    if word.endswith("ly") and len(word) > SHORT and word not in _NO_ADVERBS:
        return True
    forms = (word, *(word.removesuffix(end) for end in ("er", "est") if word.endswith(end)))
    return any(_is_form(word, one) for form in forms for one in _everyday().get(stem(form), ()))


def _is_form(word: str, listed: str) -> bool:
    """Of two words of one stem, whether the first is the second or comes from it."""
    whole = listed[-1] not in "ey" or word.startswith(listed) or word.endswith(_CHANGED)
    return whole and len(word) >= len(listed)


@cache
def _everyday() -> Mapping[str, Sequence[str]]:
    text = resources.files("threadwise.advice.answerability").joinpath("everyday.txt").read_text(encoding="utf-8")
    listed = defaultdict[str, list[str]](list)
    for word in (word for line in text.splitlines() if not line.startswith("#") for word in line.split()):
        listed[stem(word)].append(word)
    return listed


def _has_names(question: str) -> bool:
    """Whether capitals say something: not where most words have one, or it is all written in them."""
    words = [word for word in _WORD.findall(question)[1:] if word[0].isalpha() and word.lower() not in FUNCTION_WORDS]
    return bool(sum(word[0].isupper() for word in words) <= MOST_CAPITALS * len(words))
