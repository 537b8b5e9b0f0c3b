"""Say what is missing in the asker's own words: the phrase that a word stands in, as it was typed.

"squeal on the rim" without a word about rims leaves "on the rim" open; "without a stand" is a condition, and its
preposition belongs to it. Pure, text in, phrases out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from threadwise.advice.words import FUNCTION_WORDS, stem

MOST_WORDS = 4
"""Words of a phrase, its preposition and article not counted."""

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LEADS = frozenset("without for in on at after before during with under over from near until since by against".split())
_ARTICLES = frozenset("a an the my our your his her their this these".split())


def phrases(question: str, lacking: Sequence[str]) -> list[str]:
    """The phrases in which stems stand that a thread lacks, in the order of the stems, each once.

    Of "bike chain skips" only "bike" is open where the thread speaks of a chain that skips, of "for turkish coffee"
    only "turkish" where it speaks of coffee.
    """
    open_, found = frozenset(lacking), dict[str, None]()
    parts = [part for words in _chunks(question) for part in words.open(question, open_)]
    for wanted in lacking:
        holding = [text for text, stems in parts if wanted in stems]
        if holding and not any(text in found for text in holding):
            found[holding[0]] = None
    return list(found)


def named(phrases_: Sequence[str]) -> str:
    """Phrases in quotation marks: “a”, “b” or “c”."""
    quoted = [f"“{phrase}”" for phrase in phrases_]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A run of words that carry a subject, with the preposition before it."""

    before: tuple[re.Match[str], ...]
    run: tuple[re.Match[str], ...]

    def open(self, question: str, lacking: Set[str]) -> Iterator[tuple[str, Set[str]]]:
        """Words that are all lacking, as they were typed, and what is lacking in them; a number with what it counts.

        The preposition belongs to them where nothing else stands behind it.
        """
        stems = [_stems(match) & lacking for match in self.run]
        count = next((at for at, some in enumerate(stems) if any(one[0].isdigit() for one in some)), len(stems))
        at = 0
        for is_open, words in groupby(enumerate(stems), key=lambda one: bool(one[1]) or one[0] > count):
            first, at = at, at + len(list(words))
            if is_open:
                whole = first == 0 and at == len(stems)
                start = self.before[0] if whole and self.before else self.run[first]
                text = question[start.start() : self.run[at - 1].end()]
                yield " ".join(text.split()), frozenset().union(*stems[first:at])


def _chunks(question: str) -> Iterator[_Chunk]:
    """Runs of words that carry a subject."""
    run: list[re.Match[str]] = []
    before: list[re.Match[str]] = []
    end = 0
    for match in _WORD.finditer(question):
        word = match.group().lower().replace("’", "'")
        apart = bool(question[end : match.start()].strip()) or "\n" in question[end : match.start()]
        content = word not in FUNCTION_WORDS
        if run and (apart or not content or len(run) == MOST_WORDS):
            yield _Chunk(tuple(before), tuple(run))
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
        yield _Chunk(tuple(before), tuple(run))


def _stems(match: re.Match[str]) -> Set[str]:
    """The stems that a word is compared by: hyphens and digits part it, as `words.tokens` does."""
    word = match.group().lower()
    return frozenset(map(stem, re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*", word)))
