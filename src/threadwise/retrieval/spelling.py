"""Read a question's misspelled words as words of the corpus.

Only a word that neither the corpus nor the model's vocabulary knows is changed: into the nearest word of the corpus by
edits, or into two. Two words that the corpus writes as one (`lu lu`) become one where the corpus uses that far more
often. What is changed is searched for both ways by words, so that a name nobody has mentioned yet is not lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from threadwise.domain import Passage

SHORTEST = 5
"""Letters of the shortest word that is repaired: shorter ones have too many neighbours."""

TWO_EDITS = 8
"""Letters from which two edits are allowed instead of one."""

JOINED = 3
"""How many times more passages than the rarer of two words their joined form needs, to be meant instead of them."""

LEAST_PASSAGES = 2
"""Passages that must have a word to be sure of it; one that fewer have may be a slip too, and counts an edit more."""

SPLIT_PASSAGES = 5
"""Passages that each half needs before a word is read as two."""

MOST_WORDS = 200
"""Words of a question that are looked at; a longer one says what it means often enough."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SAMPLE = 20  # passages in which the usual form of a stem is looked up


class Vocabulary(Protocol):
    """What the corpus's words are. The index is one."""

    def terms(self, text: str) -> list[str]:
        """The stems of a text."""

    def frequency(self, term: str) -> int:
        """How many passages have a stem."""

    def stems(self, prefix: str) -> list[tuple[str, int]]:
        """Every stem that begins like this, with the number of passages that have it."""

    def holding(self, stem: str, k: int) -> list[Passage]:
        """Some passages that have a stem."""

    def is_word(self, word: str) -> bool:
        """Whether a lower-case word is known to be one."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A span of the question and what it was read as."""

    start: int
    end: int
    written: str
    read: str


def repairs(text: str, vocabulary: Vocabulary) -> tuple[Repair, ...]:
    """What in a text is read differently, in the order of the text."""
    words = list(_WORD.finditer(text))[:MOST_WORDS]
    known = {match.group().lower(): _frequency(match.group(), vocabulary) for match in words}
    found: list[Repair] = []
    taken = -1
    for place, match in enumerate(words):
        if match.start() < taken:
            continue
        read, end = None, match.end()
        following = words[place + 1] if place + 1 < len(words) else None
        if following and text[match.end() : following.start()] == " ":
            read = _joined(match.group().lower(), following.group().lower(), known, vocabulary)
            end = following.end() if read else end
        read = read or _nearest(match.group().lower(), known, vocabulary)
        if read:
            found.append(Repair(match.start(), end, text[match.start() : end], read))
            taken = end
    return tuple(found)


def apply(text: str, found: Sequence[Repair]) -> str:
    """The text as it was read."""
    pieces, last = [], 0
    for repair in found:
        pieces += [text[last : repair.start], repair.read]
        last = repair.end
    return "".join([*pieces, text[last:]])


def edits(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with the next one, to make one word of the other; most + 1 where more.

    Source: optimal string alignment, as in Damerau, CACM 7(3), 1964.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        fresh = [i]
        for j, second in enumerate(other, 1):
            least = min(row[j] + 1, fresh[j - 1] + 1, row[j - 1] + (letter != second))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == second:
                least = min(least, before[j - 2] + 1)
            fresh.append(least)
        if min(fresh) > most:
            return most + 1
        before, row = row, fresh
    return min(row[-1], most + 1)


def _frequency(word: str, vocabulary: Vocabulary) -> int:
    return max((vocabulary.frequency(stem) for stem in vocabulary.terms(word)), default=0)


def _joined(first: str, second: str, known: dict[str, int], vocabulary: Vocabulary) -> str | None:
    """Two words as the one that the corpus makes of them, where it does."""
    both = first + second
    if len(second) < 2 or len(both) < 4 or not both.isalpha():
        return None
    together = _frequency(both, vocabulary)
    return both if together >= LEAST_PASSAGES and together > JOINED * min(known[first], known[second]) else None


def _nearest(word: str, known: dict[str, int], vocabulary: Vocabulary) -> str | None:
    """The corpus's word, or two words, that an unknown word was meant to be."""
    if len(word) < SHORTEST or known[word] or not word.isalpha() or vocabulary.is_word(word):
        return None
    stems = vocabulary.terms(word)
    if len(stems) != 1:
        return None
    most = 2 if len(word) >= TWO_EDITS else 1
    best = min(_neighbours(stems[0], most, vocabulary), default=None)
    if best is None or best[0] > 1:
        halves = min(_halves(word, vocabulary), default=None)
        if halves:
            return halves[1]
    return _usual_form(word, best[2], vocabulary) if best else None


def _neighbours(stem: str, most: int, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """(edits, minus passages, stem) of the corpus's stems that begin with the same letter and are near."""
    letters = set(stem)
    for other, count in vocabulary.stems(stem[0]):
        if abs(len(other) - len(stem)) > most or len(letters ^ set(other)) > 2 * most:
            continue
        distance = edits(stem, other, most) + (count < LEAST_PASSAGES)
        if distance <= most:
            yield distance, -count, other


def _halves(word: str, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """(minus passages of the rarer half, two words) of the ways to cut a word into two of the corpus's."""
    for place in range(3, len(word) - 2):
        first, second = word[:place], word[place:]
        rarer = min(_frequency(first, vocabulary), _frequency(second, vocabulary))
        if rarer >= SPLIT_PASSAGES:
            yield -rarer, f"{first} {second}"


def _usual_form(written: str, stem: str, vocabulary: Vocabulary) -> str:
    """How the corpus writes a stem: the form nearest to what was written, then the most common one."""
    texts = [passage.text for passage in vocabulary.holding(stem, _SAMPLE)]
    words = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    # A form begins as its stem does, accents aside.
    likely = {word: count for word, count in words.items() if word[0] == stem[0] or not word.isascii()}
    forms = {word: count for word, count in likely.items() if vocabulary.terms(word) == [stem]}
    # Where only titles have it, the stem has to do.
    return min(forms, key=lambda form: (edits(written, form, 9), -forms[form], form), default=stem)
