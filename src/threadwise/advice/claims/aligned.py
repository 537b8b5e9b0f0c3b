# ruff: noqa: E501 - word lists and tables read better unbroken
"""Lay a claim beside its source: which words answer which, with what polarity, and how much is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from threadwise.advice.claims.lexicon import NEGATIVE_VERBS, NEGATORS, alike
from threadwise.advice.claims.numbers import Measure, measures
from threadwise.advice.claims.text import BREAKS, Token, stem, tokens

FUNCTION = frozenset(
    "a an the this that these those it its he she they them their theirs his him her hers i me my mine we us our ours you "
    "your yours who whom whose which what there here be am is are was were been being do does did done doing have has had "
    "having will would shall should can could may might must ought of in on at by for from to with about as into onto "
    "over under through between per than then so and or but nor if because since while when where how why whether not no "
    "very really just also too even still yet already quite rather much more most less least some any all each every both "
    "either neither such same own other another up down out off again ever never always only well oh ok okay yes please "
    "one ones self myself yourself himself herself itself themselves oneself s t let one's thing things way lot lots bit "
    "kind sort etc e.g i.e eg ie got get gets getting go goes going went make makes made making maybe perhaps "
    "probably possibly likely however though although instead anyway actually simply basically honestly "
    "usually often sometimes generally mostly normally typically first next finally once until till unless before after "
    "without within during against around".split()
)
FRAME = frozenset(
    stem(word)
    for word in "person poster user member author writer commenter people someone somebody say says said report reports "
    "reported mention mentions mentioned note notes suggest suggests suggested recommend recommends recommended advise "
    "advises advised explain explains according describe describes tell told find found claim claims think thinks "
    "believe believes add adds experience try tried reply replied point points warn warns adviser forum thread post help".split()
)
"""Words in which a claim says who said it; free where the source lacks them."""

LIGHT = frozenset(
    stem(word)
    for word in "use do get make put take keep go have let give try need want come start work thing time seem become turn look "
    "right good able like want leave set quite bit still stay cause happen enough".split()
)
SCOPE = 7
"""Words that a negation reaches, if no break comes before."""

_ENDS_SCOPE = frozenset("but because so since which unless until when while although though then and".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A content word in its place: `negative` where it stands under an odd number of negations."""

    token: Token
    negative: bool
    sentence: int
    weight: float


@dataclass(frozen=True, slots=True)
class Aligned:
    """A claim and its source, word by word."""

    claim: Sequence[Token]
    source: Sequence[Token]
    claim_words: Sequence[Word]
    source_words: Sequence[Word]
    pairs: Sequence[tuple[Word, Word]]
    missing: Sequence[str]
    coverage: float
    claim_measures: Sequence[Measure]
    source_measures: Sequence[Measure]

    @property
    def claim_texts(self) -> frozenset[str]:
        """Every word of the claim."""
        return frozenset(token.text for token in self.claim)

    @property
    def source_texts(self) -> frozenset[str]:
        """Every word of the source."""
        return frozenset(token.text for token in self.source)


def align(claim: str, source: str, speaker: str | None = None) -> Aligned:
    """Find for each content word of the claim the word of the source that says it.

    Of several the one in the sentence that says most of the claim is taken, and of those the one of equal polarity.
    """
    said, given = tokens(claim), tokens(source)
    named = frozenset(token.stem for token in tokens(speaker or "") if len(token.text) > 1)
    claim_numbers, source_numbers = measures(said), measures(given)
    counted = frozenset(place for measure in claim_numbers for place in measure.places)
    claim_words = [w for w in words(said) if w.token.place not in counted and w.token.stem not in named]
    source_words = words(given)
    options = [[other for other in source_words if same(word.token, other.token)] for word in claim_words]
    says = _said_by_sentence(claim_words, options)
    pairs, missing, covered, total = [], [], 0.0, 0.0
    for word, found in zip(claim_words, options, strict=True):
        framed = word.token.stem in FRAME
        if found:
            best = max(
                found,
                key=lambda other: (_exact(word, other), says.get(other.sentence, 0.0), other.negative == word.negative),
            )
            pairs.append((word, best))
            covered += word.weight
        elif framed:
            continue
        else:
            missing.append(word.token.text)
        total += word.weight
    coverage = covered / total if total else 1.0
    return Aligned(said, given, claim_words, source_words, pairs, missing, coverage, claim_numbers, source_numbers)


def words(found: Sequence[Token]) -> list[Word]:
    """The content words of a text with their polarity."""
    kept: list[Word] = []
    left, sentence = 0, 0
    for i, token in enumerate(found):
        if token.text in BREAKS or token.text == ",":
            left = 0 if token.text != "," else min(left, 2)
            sentence += token.text in ".!?\n;"
            continue
        if token.text in _ENDS_SCOPE and token.text != "and":
            left = 0
        if not token.is_word:
            continue
        before = [other.text for other in found[max(0, i - 2) : i]]
        if token.text in NEGATORS and not _idle(found, i):
            left = SCOPE if left == 0 else 0
            continue
        if (token.text, before[-1:]) in (("of", ["instead"]), ("than", ["rather"])):
            left = SCOPE
            continue
        if token.text not in FUNCTION and len(token.text) > 1:
            kept.append(Word(token, left > 0, sentence, 0.3 if token.stem in LIGHT else 1.0))
        left = (SCOPE if left == 0 else 0) if token.stem in NEGATIVE_VERBS else max(0, left - 1)
    return kept


def _idle(found: Sequence[Token], i: int) -> bool:
    """Whether a negator denies nothing: `not only`, `no wonder`, `never mind`, `why not`, `no problem`."""
    following = found[i + 1].text if i + 1 < len(found) else ""
    before = found[i - 1].text if i else ""
    return (
        following in ("only", "wonder", "mind", "matter", "problem", "doubt", "worries", "least")
        or before == "why"
        or following in (",", ".", "!")
    )


def same(one: Token, other: Token) -> bool:
    """Whether two words may say the same."""
    return one.stem == other.stem or _related(one.stem, other.stem) or alike(one.stem, other.stem)


def _related(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: `hydrate` and `hydration`, `thick` and `thickness`."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and long.startswith(short[:-1]) and len(long) - len(short) <= 4


def _exact(word: Word, other: Word) -> bool:
    return word.token.stem == other.token.stem


def _said_by_sentence(claim: Sequence[Word], options: Sequence[Sequence[Word]]) -> dict[int, float]:
    says: dict[int, float] = {}
    for word, found in zip(claim, options, strict=True):
        for sentence in {other.sentence for other in found}:
            says[sentence] = says.get(sentence, 0.0) + word.weight
    return says
