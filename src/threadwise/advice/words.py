"""Words as the advice room compares them: tokens, light stems, and which words carry no subject.

Pure and small. Search has its own analysis; here a word only has to meet itself in another form (`stretches`,
`stretching`) when two people say the same thing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

import numpy as np

from threadwise.retrieval.contractions import and_bare

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[½¼¾]")

_FUNCTION_WORDS = (
    "a about actually after again all almost already also although always am an and another any anybody anyone "
    "anything are aren't around as at away be because been before being both but by came can can't cannot come "
    "could couldn't did didn't do does doesn't doing don't done down during each either else enough etc even "
    "ever every everybody everyone everything few first for from get gets getting go goes going gone got had "
    "has hasn't have haven't having he he's her here hers him his how i i'd i'll i'm i've if im in instead into "
    "is isn't it it's its itself just keep know last least less let let's like little lot lots made make makes "
    "many may maybe me might mine more most much must my myself need needs never new no nobody none nor not "
    "nothing now of off often oh ok okay on once one only or other others our out over own perhaps people "
    "please quite rather really same say says see seem seems she should shouldn't since so some somebody "
    "someone something soon still such sure take takes than that that's the their theirs them then there "
    "there's these they they're thing things think this those though through thus till to together too took "
    "tried try trying two under until up us use used using usually very want wants was wasn't way we we're "
    "we've well went were weren't what what's when where whether which while who whole whose why will with "
    "without won't would wouldn't yes yet you you'd you'll you're you've your yours yourself "
    "three four five six seven eight nine ten half hundred"
)
FUNCTION_WORDS = and_bare(_FUNCTION_WORDS.split())
"""Words that stand in any post about anything; what two sentences share apart from these says what they are about."""

_IRREGULAR = {
    "feet": "foot", "teeth": "tooth", "leaves": "leaf", "knives": "knife", "shelves": "shelf", "mice": "mouse",
    "bought": "buy", "kept": "keep", "slept": "sleep", "ran": "run", "ate": "eat", "eaten": "eat", "fed": "feed",
    "held": "hold", "cut": "cut", "put": "put", "gave": "give", "given": "give", "left": "leave", "paid": "pay",
    "sold": "sell", "told": "tell", "taken": "take", "took": "take", "went": "go", "woke": "wake", "woken": "wake",
    "wore": "wear", "worn": "wear", "wrote": "write", "written": "write", "drank": "drink", "drunk": "drink",
    "broke": "break", "broken": "break", "felt": "feel", "found": "find", "hung": "hang", "lost": "lose",
    "threw": "throw", "thrown": "throw", "children": "child", "dying": "die", "died": "die", "dies": "die",
    "lying": "lie", "using": "use", "used": "use", "dried": "dry", "dries": "dry", "drier": "dry", "tried": "try",
}  # fmt: skip


def tokens(text: str) -> list[str]:
    """Words and numbers in order, lower case, with straight apostrophes."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its commonest English endings; short words stay."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = word.removesuffix("'s")
    if len(word) <= 3 or not word.isascii():
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if word.endswith("i"):
        word = word[:-1] + "y"
    return word.removesuffix("e") if len(word) > 3 else word


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouy" for letter in word)


def stems(text: str) -> list[str]:
    """Stems of the words that carry a subject, in order, repeated ones kept."""
    return [stem(word) for word in tokens(text) if word not in FUNCTION_WORDS and (len(word) > 1 or word.isdigit())]


MEASURES = frozenset(
    map(stem, "second minutes hours days nights weeks months years times euros pounds dollars o'clock bit".split())
)
"""Stems of amounts and times: what two sentences share of these says nothing about what they are about."""


def telling(stems_: Iterable[str]) -> frozenset[str]:
    """The stems that name something, without numbers and measures."""
    return frozenset(one for one in stems_ if not one[0].isdigit() and one not in MEASURES)


def rarity(stem_: str) -> float:
    """How much a stem says, in nats: log of posts over posts that hold it, in forums of other fields.

    Source: document frequencies in 28,776 posts of the development corpora, `tools/train_advice.py`. A stem that is not
    among the 5,000 commonest counts as much as the rarest of them.
    """
    weights = _rarities()
    return weights.get(stem_, weights[""])


def weigh(stems_: Iterable[str]) -> float:
    """What a set of stems says together, to the last bit the same in whatever order it comes."""
    return math.fsum(map(rarity, stems_))


@cache
def _rarities() -> dict[str, float]:
    with resources.files("threadwise.advice").joinpath("weights.npz").open("rb") as file, np.load(file) as data:
        names = data["stems"].tobytes().decode().split(" ")
        weights = data["weights"].astype(float).tolist()
    return {**dict(zip(names, weights, strict=True)), "": max(weights)}


_DENYING = (
    "not no never don't dont doesn't didn't isn't aren't wasn't won't wouldn't shouldn't can't cannot couldn't avoid "
    "nothing nobody nor neither against"
)
_NEGATIONS = and_bare(_DENYING.split())
_REACH = 4  # words that a negation reaches forward: "don't ever put it in the oven" denies what follows it


def denied(text: str) -> frozenset[str]:
    """Stems of the words that stand shortly after a negation in the same clause."""
    found: set[str] = set()
    for clause in _CLAUSE.split(text.lower().replace("’", "'")):
        left = 0
        for word in tokens(clause):
            if word in _NEGATIONS:
                left = _REACH
            elif left:
                left -= 1
                if word not in FUNCTION_WORDS:
                    found.add(stem(word))
    return frozenset(found)


_CLAUSE = re.compile(r"[.!?;:,()–—]\s|\s[-–—]\s|\bbut\b")
