# ruff: noqa: E501 - word lists and tables read better unbroken
"""What can be wrong with a claim whose words are in its source: each check returns an objection or None."""

from __future__ import annotations

from collections.abc import Sequence

from threadwise.advice.claims.aligned import Aligned
from threadwise.advice.claims.lexicon import CONDITION, OBLIGE, OPPOSITES, QUANTITY, STRONG, WEAK
from threadwise.advice.claims.numbers import stated
from threadwise.advice.claims.text import Token, stem

PERSONS = frozenset(
    stem(word)
    for word in "wife husband partner boyfriend girlfriend mother mum mom father dad sister brother son daughter child kid baby "
    "grandmother gran grandma grandfather aunt uncle cousin niece nephew friend mate colleague neighbour flatmate roommate "
    "doctor gp physio physiotherapist nurse vet dentist teacher trainer coach boss landlord landlady tenant plumber "
    "electrician mechanic pharmacist breeder lawyer".split()
)


def numbers(aligned: Aligned) -> str | None:
    """Every number of the claim stands in the source, in the same measure."""
    for measure in aligned.claim_measures:
        if not stated(measure, aligned.source_measures):
            words = " ".join(token.text for token in aligned.claim if token.place in measure.places)
            return f"The source does not say {words!r}."
    return None


def opposites(aligned: Aligned) -> str | None:
    """No word of the claim stands where the source says its opposite."""
    given = {token.stem for token in aligned.source}
    said = {token.stem for token in aligned.claim}
    for token in aligned.claim:
        if token.stem in given:
            continue
        for other in given - said:
            if frozenset((token.stem, other)) in OPPOSITES:
                return f"The claim says {token.text!r} where the source says the opposite, {other!r}."
    return _exchanged(aligned)


def _exchanged(aligned: Aligned) -> str | None:
    """Where the source has both of a pair, the claim's one keeps the neighbours it has in the source."""
    for token in aligned.claim:
        others = [o for o in aligned.source if frozenset((token.stem, o.stem)) in OPPOSITES]
        own = [o for o in aligned.source if o.stem == token.stem]
        if not others or not own or any(o.stem in {t.stem for t in aligned.claim} for o in others):
            continue
        near = _neighbours(aligned.claim, token.place)
        if not near:
            continue
        mine = max(len(near & _neighbours(aligned.source, o.place)) for o in own)
        theirs = max(len(near & _neighbours(aligned.source, o.place)) for o in others)
        if theirs > mine:
            return f"The claim says {token.text!r} of what the source says the opposite of."
    return None


def _neighbours(tokens: Sequence[Token], place: int) -> set[str]:
    return {t.stem for t in tokens[max(0, place - 3) : place + 4] if t.is_word and t.place != place and len(t.text) > 2}


def negation(aligned: Aligned) -> str | None:
    """What the source denies the claim denies, and the other way round."""
    turned = [(a, b) for a, b in aligned.pairs if a.negative != b.negative]
    if turned:
        word = turned[0][0].token.text
        return f"The claim {'denies' if turned[0][0].negative else 'states'} {word!r}, the source does not."
    return None


def modality(aligned: Aligned) -> str | None:
    """The claim is no surer than the source and obliges no more."""
    said, given = aligned.claim_texts, aligned.source_texts
    hedges = {word for word in given if WEAK.get(word) == 1}
    if hedges and not said & set(WEAK):
        near = _near_pairs(aligned, hedges)
        if near:
            return f"The source only says it with {near!r}; the claim leaves that out."
    for word in sorted((said & (STRONG | OBLIGE)) - given):
        if word in OBLIGE and given & OBLIGE:
            continue
        if word in STRONG and _strong_in(word, given):
            continue
        return f"The source does not say {word!r}."
    return None


def _near_pairs(aligned: Aligned, hedges: set[str]) -> str | None:
    """A hedge in a sentence of the source that says what the claim says."""
    sentences = {b.sentence for _, b in aligned.pairs}
    number = 0
    for token in aligned.source:
        if token.text in hedges and number in sentences:
            return token.text
        number += token.text in ".!?\n;"
    return None


def _strong_in(word: str, given: frozenset[str]) -> bool:
    rank = QUANTITY.get(word)
    same_rank = rank is not None and any(QUANTITY.get(other) == rank for other in given)
    return (
        same_rank
        or (word == "only" and bool(given & {"just", "alone", "nothing", "unless", "no", "merely"}))
        or (
            word in ("completely", "entirely", "totally", "absolutely", "definitely", "certainly", "surely")
            and bool(
                given
                & {
                    "completely",
                    "entirely",
                    "totally",
                    "absolutely",
                    "definitely",
                    "certainly",
                    "surely",
                    "really",
                    "all",
                }
            )
        )
    )


def quantity(aligned: Aligned) -> str | None:
    """`some` does not become `most`, nor `often` `always`."""
    ranks = {QUANTITY[t] for t in aligned.source_texts if t in QUANTITY}
    counted = {place for measure in aligned.claim_measures for place in measure.places}
    for token in aligned.claim:
        rank = QUANTITY.get(token.text) if token.place not in counted else None
        if rank is not None and rank >= 2 and ranks and rank not in ranks and token.text not in aligned.source_texts:
            return f"The source does not say {token.text!r}."
    return None


def persons(aligned: Aligned) -> str | None:
    """What a person did in the source is not said of another in the claim."""
    said = {t.stem for t in aligned.claim} & PERSONS
    given = {t.stem for t in aligned.source} & PERSONS
    for person in sorted(said - given):
        if not any(other.token.stem == person for other, _ in aligned.pairs):
            return f"The source does not speak of {person!r}."
    return _speaker(aligned)


def _speaker(aligned: Aligned) -> str | None:
    said = aligned.claim_texts
    for a, b in aligned.pairs:
        one, other = _subject(aligned.claim, a.token.place), _subject(aligned.source, b.token.place)
        if one is None or other is None or one == other:
            continue
        if {one, other} == {"i", "you"}:
            return "The claim turns what the writer did into what you should do, or the other way round."
        if other in PERSONS and one in ("i", "you", "third") and other not in {stem(w) for w in said}:
            return f"The source says it of {other!r}."
        if one in PERSONS and other == "i":
            return f"The source says it of the writer, not of {one!r}."
    return None


_SUBJECTS = {"i": "i", "we": "i", "you": "you", "person": "third", "poster": "third", "someone": "third", "somebody": "third",
             "user": "third", "member": "third", "they": "third", "author": "third"}  # fmt: skip


def _subject(tokens: Sequence[Token], place: int) -> str | None:
    """Who does what stands at a place: the last subject before it within its clause."""
    for token in reversed(tokens[max(0, place - 6) : place]):
        if token.text in ",.;:!?\n()":
            return None
        if token.text in _SUBJECTS:
            return _SUBJECTS[token.text]
        if token.stem in PERSONS:
            return token.stem
    return None


def conditions(aligned: Aligned) -> str | None:
    """A condition of the source is kept by a claim that says what hangs on it."""
    if aligned.claim_texts & CONDITION:
        return None
    matched = {b.token.place for _, b in aligned.pairs}
    for token in aligned.source:
        if token.text in ("if", "unless", "except", "provided", "only") and token.text not in aligned.claim_texts:
            if token.text == "only" and _word_at(aligned.source, token.place + 1) not in (
                "if",
                "when",
                "works",
                "after",
                "for",
                "once",
            ):
                continue
            if _hangs_on(aligned, token.place, matched):
                return f"The claim leaves out the condition {token.text!r} of the source."
    return None


def _hangs_on(aligned: Aligned, place: int, matched: set[int]) -> bool:
    """Whether the claim says the main clause of a condition's sentence and not the condition itself."""
    start = max((t.place for t in aligned.source[:place] if t.text in ".!?\n;"), default=-1) + 1
    end = next((t.place for t in aligned.source[place:] if t.text in ".!?\n;"), len(aligned.source))
    comma = next((t.place for t in aligned.source[place:end] if t.text == ","), end)
    words = {w.token.place for w in aligned.source_words}
    condition = {p for p in range(place, comma) if p in words}
    main = {p for p in (*range(start, place), *range(comma, end)) if p in words}
    return bool(main & matched) and len(condition & matched) < max(1, len(condition) / 2)


def _word_at(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if place < len(tokens) else ""


def invented(aligned: Aligned) -> str | None:
    """A claim adds nothing of its own: a few words may be said otherwise, a run of new ones may not."""
    run = 0
    found = {a.token.place for a, _ in aligned.pairs}
    for word in aligned.claim_words:
        run = 0 if word.token.place in found or word.weight < 1 else run + 1
        if run >= 3:
            return f"The source does not say {', '.join(repr(w) for w in aligned.missing[:3])}."
    return None


CHECKS = (numbers, opposites, negation, modality, quantity, persons, conditions, invented)
"""In the order in which a reader would name them."""
