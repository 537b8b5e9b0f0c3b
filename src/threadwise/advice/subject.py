"""Name what two pieces of advice are about with a noun phrase that stands in both: "beta blockers", "the excess".

Pure. Nothing is made up: the words stand so in one text, and nothing is named where no phrase is known to be one.
A word is known for a noun by its article, by a preposition before it, or by what follows it; a verb is none without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from threadwise.advice.mood import base_verbs
from threadwise.advice.words import FUNCTION_WORDS, denied, rarity, stem, stems, telling, tokens

_ARTICLES = frozenset(["a", "an", "the"])
_OWNED = frozenset("my your his her its our their this that these those every each another which".split())
_BEFORE = frozenset(
    (
        "never not of with without for about in on from into "
        "some any more less no than like against between through using"
    ).split()
)
_AFTER = frozenset(
    (
        "is isn't are aren't was were can can't could will won't "
        "would does doesn't do don't has have should may might must"
    ).split()
)
_BEFORE_VERBS = frozenset(
    ["", *"to and then or you i we they don't dont never not please just should would can could must will".split()]
)
_NO_NOUNS = frozenset(
    "back straight wide hard fast slow slowly early late out off well home upstairs outside inside alone apart away"
    " forward still hot cold warm dry wet long short deep thick thin good bad better best old big small first second"
    " later enough right wrong clean free full".split()
)
_OPENING = 12  # words in which an objection says what it objects to, if it says so
_PIECE = re.compile(r"[^.!?;:,()\n\"“”–—=+/]+")
_SPACE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word where it stands: its small letters, its stem, and what comes before and after it in its clause."""

    text: str
    low: str
    stem: str
    before: str
    after: str

    @property
    def tells(self) -> bool:
        """Whether it names something."""
        return bool(telling(stems(self.low)))


def subject(one: str, other: str) -> str:
    """The noun phrase that says most of those that stand in both texts; empty where none is known.

    Args:
        one: What somebody says.
        other: What somebody says against it; what it denies, and what stands in its opening, counts more.
    """
    first, second = list(_clauses(one)), list(_clauses(other))
    against = denied(other)
    opening = {stem(word) for word in tokens(other)[:_OPENING]}
    nouns = {word.stem for clause in (*first, *second) for word in clause if _is_noun((word,))}
    found = [
        phrase
        for clauses, others in ((first, second), (second, first))
        for phrase in _phrases(clauses, [[word.stem for word in clause] for clause in others], nouns)
    ]

    def says(phrase: Sequence[_Word]) -> tuple[float, bool]:
        weight = sum(rarity(word.stem) * (1 + (word.stem in opening) + 2 * (word.stem in against)) for word in phrase)
        return weight, phrase[0].before in _ARTICLES

    if not found:
        return ""
    best = max(found, key=says)
    article = f"{best[0].before} " if best[0].before in _ARTICLES else ""
    return article + " ".join(word.text if word.text.isupper() else word.low for word in best)


def _clauses(text: str) -> Iterator[list[_Word]]:
    for piece in _PIECE.findall(text):
        words = _SPACE.findall(piece)
        lows = [word.lower().replace("’", "'") for word in words]
        around = ["", *lows, ""]
        yield [
            _Word(word, low, stem(low), around[at], around[at + 2])
            for at, (word, low) in enumerate(zip(words, lows, strict=True))
        ]


def _phrases(
    clauses: Sequence[Sequence[_Word]], theirs: Sequence[Sequence[str]], nouns: Set[str]
) -> Iterator[tuple[_Word, ...]]:
    """Stretches of words that tell something and stand so in the other text, each as long as can be."""
    for clause in clauses:
        at = 0
        while at < len(clause):
            end = at
            while end < len(clause) and clause[end].tells and _stands(clause[at : end + 1], theirs):
                end += 1
            run = tuple(clause[at:end])
            while len(run) > 1 and _commands(run):
                run = run[1:]
            if run and _names(run, nouns):
                yield run
            at = max(end, at + 1)


def _commands(run: Sequence[_Word]) -> bool:
    """Whether words open with a verb: "open windows", but not the "salt water" of "give salt water"."""
    first, last = run[0], run[-1]
    return first.low in base_verbs() and first.before in _BEFORE_VERBS and last.after not in _AFTER


def _stands(run: Sequence[_Word], theirs: Sequence[Sequence[str]]) -> bool:
    wanted, length = [word.stem for word in run], len(run)
    return any(row[at : at + length] == wanted for row in theirs for at in range(len(row) - length + 1))


def _names(run: Sequence[_Word], nouns: Set[str]) -> bool:
    """Whether words are a noun phrase: the last is a noun, and no owner stands before the first."""
    first, last = run[0], run[-1]
    if last.low in _NO_NOUNS or first.before in _OWNED:
        return False
    if first.before in _ARTICLES:
        return _ends(last)
    if len(run) > 1 and last.low not in base_verbs():
        return True
    return _is_noun(run) and (len(run) > 1 or last.stem in nouns)


def _ends(word: _Word) -> bool:
    """Whether a noun ends with this word: not "the oven" of "the oven cleaner"."""
    after = word.after
    return not after or after in FUNCTION_WORDS or after in base_verbs() or after.removesuffix("s") in base_verbs()


def _is_noun(run: Sequence[_Word]) -> bool:
    """Whether words are used as a noun that needs no article: "with soap", "vinegar is", "pour vinegar"."""
    first, last = run[0], run[-1]
    if not last.tells or last.low in _NO_NOUNS or (len(run) == 1 and last.low in base_verbs()):
        return False
    ends = not last.after or last.after in FUNCTION_WORDS
    return (not first.before and last.after in _AFTER) or (ends and first.before in _BEFORE | base_verbs())
