"""Say what is missing in the asker's own words: the phrase that a word stands in, as it was typed.

"squeal on the rim" without a word about rims leaves "on the rim" open; "without a stand" is a condition, and its
preposition belongs to it. Pure, text in, phrases out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from threadwise.advice.words import FUNCTION_WORDS, stem

MOST_WORDS = 4
"""Words of a phrase, its preposition and article not counted."""

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LEADS = frozenset("without for in on at after before during with under over from near until since by against".split())
_ARTICLES = frozenset("a an the my our your his her their this these".split())
_PLAIN = frozenset(
    "way help helps happen happens happened problem issue question advice idea ideas tip tips anyone somebody best "
    "good better bad work works stop stopped fix thank hi hello okay time day days thing start started ask asked "
    "know right really much normal wrong possible worth quick quickly bit themselves himself herself ourselves".split()
)
"""Words that a question may have and a thread lack without anything being open."""


def phrases(question: str, lacking: Sequence[str]) -> list[str]:
    """The phrases in which stems stand that a thread lacks, in the order of the stems, each once.

    Of "bike chain skips" only "bike" is open where the thread speaks of a chain that skips.
    """
    open_, found = frozenset(lacking), dict[str, None]()
    chunks = [phrase for words in _chunks(question) if (phrase := words.phrase(question, open_))]
    for wanted in lacking:
        holding = [text for text, stems in chunks if wanted in stems]
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

    def phrase(self, question: str, lacking: Set[str]) -> tuple[str, Set[str]] | None:
        """The words from the first to the last that is lacking, as they were typed, and what is lacking in them."""
        stems = [_stems(match) & lacking for match in self.run]
        places = [at for at, some in enumerate(stems) if some]
        if not places:
            return None
        first = self.before[0] if self.before and places[0] == 0 else self.run[places[0]]
        counted = any(stem.isdigit() for at in places for stem in stems[at])  # a number says nothing by itself
        led = bool(self.before) and places[0] == 0  # nor does "for turkish": what follows is its noun
        last = len(self.run) - 1 if counted else min(places[-1] + led, len(self.run) - 1)
        text = question[first.start() : self.run[last].end()]
        return " ".join(text.split()), frozenset().union(*stems)


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
    if word in _PLAIN:
        return frozenset()
    return frozenset(map(stem, re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*", word)))
