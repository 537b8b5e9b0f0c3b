"""Say what is missing in the asker's own words: the phrase that a word stands in, as it was typed.

"squeal on the rim" without a word about rims leaves "on the rim" open; "without a stand" is a condition, and its
preposition belongs to it. Pure, text in, phrases out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from threadwise.advice.words import FUNCTION_WORDS, stem

MOST_WORDS = 4
"""Words of a phrase, its preposition and article not counted."""

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LEADS = frozenset("without for in on at after before during with under over from near until since by against".split())
_ARTICLES = frozenset("a an the my our your his her their this these".split())
_PLAIN = frozenset(
    "way help helps happen happens happened problem issue question advice idea ideas tip tips anyone somebody best "
    "good better bad work works stop stopped fix thank hi hello okay time day days thing start started ask asked "
    "know right really much normal wrong possible worth quick quickly bit".split()
)
"""Words that a question may have and a thread lack without anything being open."""


def phrases(question: str, lacking: Sequence[str]) -> list[str]:
    """The phrases in which stems stand that a thread lacks, in the order of the stems, each once."""
    chunks = list(_chunks(question))
    found: dict[str, None] = {}
    taken: set[int] = set()
    for wanted in lacking:
        for at, (phrase, stems) in enumerate(chunks):
            if wanted in stems and at not in taken:
                taken.add(at)
                found.setdefault(phrase)
                break
    return list(found)


def named(phrases_: Sequence[str]) -> str:
    """Phrases in quotation marks: “a”, “b” or “c”."""
    quoted = [f"“{phrase}”" for phrase in phrases_]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _chunks(question: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Runs of words that carry a subject, each with the preposition before it, and the stems of what it is about."""
    run: list[re.Match[str]] = []
    before: list[re.Match[str]] = []
    end = 0
    for match in _WORD.finditer(question):
        word = match.group().lower().replace("’", "'")
        apart = bool(question[end : match.start()].strip()) or "\n" in question[end : match.start()]
        content = word not in FUNCTION_WORDS
        if run and (apart or not content or len(run) == MOST_WORDS):
            yield _chunk(question, before, run)
            run, before = [], []
        if apart:
            before = []
        if content:
            run.append(match)
        elif word in _LEADS:
            before = [match]
        elif not (word in _ARTICLES and before):
            before = []
        else:
            before.append(match)
        end = match.end()
    if run:
        yield _chunk(question, before, run)


def _chunk(question: str, before: list[re.Match[str]], run: list[re.Match[str]]) -> tuple[str, frozenset[str]]:
    first = before[0] if before else run[0]
    telling = (match.group().lower() for match in run)
    stems = frozenset(part for word in telling if word not in _PLAIN for part in _parts(word))
    return " ".join(question[first.start() : run[-1].end()].split()), stems


def _parts(word: str) -> Iterator[str]:
    """The stems that a word is compared by: hyphens and digits part it, as `words.tokens` does."""
    for piece in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*", word):
        yield stem(piece)
