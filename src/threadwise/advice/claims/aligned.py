"""Lay a claim beside its source: which words answer which, how well, and with what polarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from threadwise.advice.claims.lexicon import (
    ENDS_SCOPE,
    FRAME,
    FUNCTION,
    GENERIC,
    IDLE_AFTER_NO,
    LIGHT,
    NEGATIVE,
    NEGATORS,
    synonyms,
)
from threadwise.advice.claims.likeness import By, Likeness, alike
from threadwise.advice.claims.numbers import Measure, measures
from threadwise.advice.claims.text import BREAKS, Token, tokens

SAID = 0.85
"""From this likeness on, a word of the source is taken to say a word of the claim."""

SCOPE = 6
"""Words that a negation reaches, if no break comes before."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word in its place; `negative` where it stands under a negation."""

    token: Token
    negative: bool
    sentence: int
    clause: int

    @property
    def weight(self) -> float:
        """How much a text loses with this word."""
        return 0.35 if self.token.stem in GENERIC else 1.0


@dataclass(frozen=True, slots=True)
class Pair:
    """The word of the source (by its place among its content words) that answers a word of the claim."""

    place: int
    value: float
    by: By

    @property
    def exact(self) -> bool:
        """Whether it is the same word or a form of it."""
        return self.by in (By.SAME, By.FORM)


@dataclass(frozen=True)
class Aligned:
    """A claim and its source, word by word."""

    claim_text: str
    claim: Sequence[Token]
    source: Sequence[Token]
    claim_words: Sequence[Word]
    source_words: Sequence[Word]
    likenesses: Sequence[Sequence[Likeness]]
    pairs: Sequence[Pair | None]
    claim_measures: Sequence[Measure]
    source_measures: Sequence[Measure]

    @cached_property
    def claim_texts(self) -> frozenset[str]:
        """Every word of the claim."""
        return frozenset(token.text for token in self.claim)

    @cached_property
    def source_texts(self) -> frozenset[str]:
        """Every word of the source."""
        return frozenset(token.text for token in self.source)

    @cached_property
    def claim_stems(self) -> frozenset[str]:
        """Every stem of the claim."""
        return frozenset(token.stem for token in self.claim)

    @cached_property
    def source_stems(self) -> frozenset[str]:
        """Every stem of the source."""
        return frozenset(token.stem for token in self.source)

    @cached_property
    def small_groups(self) -> frozenset[int]:
        """The groups of synonyms of the source's small words: `must` says what `obliged` does."""
        groups = (synonyms().get(t.stem, frozenset()) for t in self.source if t.text in FUNCTION)
        return frozenset().union(*groups)

    @cached_property
    def matched(self) -> frozenset[int]:
        """Places of the source's content words that the claim says."""
        return frozenset(pair.place for pair in self.pairs if pair and pair.value >= SAID)

    @cached_property
    def values(self) -> Sequence[float]:
        """For each content word of the claim how well the source says it; who-said-it words count as said."""
        found = []
        for i, (word, pair) in enumerate(zip(self.claim_words, self.pairs, strict=True)):
            value = pair.value if pair else 0.0
            if value < SAID and word.token.stem in FRAME:
                value = max(value, SAID if i < 4 else 0.6)
            if value < SAID and word.token.stem in self.source_stems:
                value = 0.9
            if value < SAID and synonyms().get(word.token.stem, frozenset()) & self.small_groups:
                value = SAID
            found.append(value)
        return found

    @cached_property
    def missing(self) -> Sequence[int]:
        """Places of the claim's content words that the source does not say."""
        return [i for i, value in enumerate(self.values) if value < SAID]

    @cached_property
    def sentences(self) -> frozenset[int]:
        """The sentences of the source that the claim speaks of; all of them where that cannot be told."""
        found = {self.source_words[place].sentence for place in self.matched}
        return frozenset(found or {word.sentence for word in self.source_words})

    @cached_property
    def coverage(self) -> float:
        """Weighted mean of how well the source says the claim's words."""
        total = sum(word.weight for word in self.claim_words)
        said = sum(value * word.weight for value, word in zip(self.values, self.claim_words, strict=True))
        return said / total if total else 1.0

    @cached_property
    def sentence_texts(self) -> frozenset[str]:
        """Words of those sentences."""
        number, found = 0, set()
        for token in self.source:
            number += token.text in ".!?\n;"
            if number in self.sentences:
                found.add(token.text)
        return frozenset(found)

    @cached_property
    def clause_tokens(self) -> Sequence[Token]:
        """Words of the source's clauses that the claim speaks of."""
        clauses, number, found = {self.source_words[place].clause for place in self.matched}, 0, []
        for token in self.source:
            number += _parts(token)
            if number in clauses:
                found.append(token)
        return found


def align(claim: str, source: str, speaker: str | None = None) -> Aligned:
    """Find for each content word of the claim the word of the source that says it best.

    Of several alike, the one in the sentence that says most of the claim and next to the word found before is taken.
    """
    said, given = tokens(claim), tokens(source)
    named = frozenset(token.stem for token in tokens(speaker or "") if len(token.text) > 1)
    claim_numbers, source_numbers = measures(said), measures(given)
    counted = frozenset(place for measure in claim_numbers for place in measure.places)
    claim_words = [w for w in words(said, counted) if w.token.stem not in named]
    source_words = words(given)
    likenesses = [[alike(word.token, other.token) for other in source_words] for word in claim_words]
    pairs = _paired(claim_words, source_words, likenesses)
    return Aligned(
        claim, said, given, claim_words, source_words, likenesses, pairs, claim_numbers, source_numbers
    )  # fmt: skip


def words(found: Sequence[Token], counted: frozenset[int] = frozenset()) -> list[Word]:
    """The content words of a text with their polarity; those at `counted` places belong to numbers."""
    kept: list[Word] = []
    left = sentence = clause = 0
    for i, token in enumerate(found):
        clause += _parts(token)
        if token.text in BREAKS or token.text in (",", '"', "-"):
            sentence += token.text in ".!?\n;"
            left = 0 if token.text in BREAKS or (token.text == "," and not _lists(found, i)) else left
            continue
        if token.text in ENDS_SCOPE:
            left = 0
        if not token.is_word:
            continue
        if _denies(found, i):
            left = SCOPE
            continue
        if i not in counted and token.text not in FUNCTION and len(token.text) > 1:
            kept.append(Word(token, left > 0, sentence, clause))
        left = SCOPE - 1 if token.stem in NEGATIVE else max(0, left - 1)
    return kept


def _parts(token: Token) -> bool:
    """Whether a new clause begins with this."""
    return (token.text in BREAKS) or token.text == "," or token.text in ENDS_SCOPE


def _lists(found: Sequence[Token], i: int) -> bool:
    """Whether a comma stands in a list that `or` closes, so that a negation goes on."""
    return any(token.text in ("or", "nor") for token in found[i + 1 : i + 5])


def _denies(found: Sequence[Token], i: int) -> bool:
    before, following = (found[j].text if 0 <= j < len(found) else "" for j in (i - 1, i + 1))
    if (before, found[i].text) in (("instead", "of"), ("rather", "than")):
        return True
    idle = following in IDLE_AFTER_NO or before == "why" or (found[i].text == "no" and following in (",", ".", "!"))
    return found[i].text in NEGATORS and not idle


def _paired(
    claim: Sequence[Word], source: Sequence[Word], likenesses: Sequence[Sequence[Likeness]]
) -> list[Pair | None]:
    says = _said_by_sentence(claim, source, likenesses)
    most = max(says.values(), default=1.0) or 1.0
    used: set[int] = set()
    pairs: list[Pair | None] = []
    for i, word in enumerate(claim):
        last = pairs[-1].place if i and pairs[-1] else None
        best, best_score = None, 0.0
        for j, (other, likeness) in enumerate(zip(source, likenesses[i], strict=True)):
            if likeness.value < 0.35:
                continue
            step = j - last if last is not None else 0
            score = likeness.value + 0.1 * says[other.sentence] / most + (0.12 if step == 1 else 0.06 * (0 < step < 4))
            score += 0.02 * (other.negative == word.negative) - 0.15 * (j in used)
            if score > best_score:
                best, best_score = Pair(j, likeness.value, likeness.by), score
        pairs.append(best)
        if best:
            used.add(best.place)
    return pairs


def _said_by_sentence(
    claim: Sequence[Word], source: Sequence[Word], likenesses: Sequence[Sequence[Likeness]]
) -> dict[int, float]:
    says = dict.fromkeys((other.sentence for other in source), 0.0)
    for word, row in zip(claim, likenesses, strict=True):
        best: dict[int, float] = {}
        for other, likeness in zip(source, row, strict=True):
            best[other.sentence] = max(best.get(other.sentence, 0.0), likeness.value)
        for sentence, value in best.items():
            says[sentence] += value * (0.3 if word.token.stem in LIGHT else 1.0)
    return says
