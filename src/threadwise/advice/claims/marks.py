"""Signs in a claim's small words: negation, numbers, certainty, quantity, condition, time and person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from threadwise.advice.claims.aligned import SAID, Aligned
from threadwise.advice.claims.lexicon import (
    CONDITIONAL,
    FIRST_PERSON,
    HE,
    HEDGES,
    LOOSE,
    NEGATIVE,
    NEGATORS,
    OBLIGING,
    QUANTITY,
    RELATIVES,
    SHE,
    SOFT,
    STRONG,
    SUBJECTS,
    YOU,
    kinds,
)
from threadwise.advice.claims.likeness import By
from threadwise.advice.claims.numbers import Measure, stated
from threadwise.advice.claims.text import Token, stem

Marks = dict[str, float]

_NAME = re.compile(r"\b[A-Z][a-z]+|\b[a-z]+\d+\b")
_NOT_SURE = HEDGES - frozenset("can could seem seems seemed".split())
_FREQUENCY = frozenset("often usually mostly about seldom".split())


def marks(aligned: Aligned) -> Marks:
    """All signs of the small words."""
    return {
        **_negation(aligned), **_numbers(aligned), **_certainty(aligned), **_quantity(aligned), **_conditions(aligned),
        **_time(aligned), **_persons(aligned),
    }  # fmt: skip


def _negation(aligned: Aligned) -> Marks:
    pairs = [(i, pair) for i, pair in enumerate(aligned.pairs) if pair and pair.value >= 0.6]
    turned = [
        pair
        for i, pair in pairs
        if (aligned.claim_words[i].negative != aligned.source_words[pair.place].negative) != (pair.by is By.NEGATED)
    ]
    count = max(1, len(pairs))
    exact = sum(pair.exact or pair.by is By.NEGATED for pair in turned)
    said = sum(token.text in NEGATORS for token in aligned.claim)
    given = sum(token.text in NEGATORS for token in aligned.clause_tokens)
    anywhere = bool(aligned.source_texts & NEGATORS)
    return {
        "denied": exact / count, "denied_any": float(exact > 0), "denied_other": (len(turned) - exact) / count,
        "denied_all": float(bool(pairs) and len(turned) == len(pairs)), "fewer_not": float(given > 0 and said == 0),
        "more_not": float(said > 0 and given == 0), "odd_not": float((said - given) % 2),
        "new_not": float(said > 0 and not anywhere), "lost_not": float(said == 0 and anywhere),
        "negative_verb": float(bool(aligned.claim_stems & NEGATIVE) != bool(aligned.source_stems & NEGATIVE)),
    }  # fmt: skip


def _numbers(aligned: Aligned) -> Marks:
    wrong = [m for m in aligned.claim_measures if not stated(m, aligned.source_measures)]
    unit = any(m.dimension and o.dimension and o.value == m.value for m in wrong for o in aligned.source_measures)
    elsewhere = sum(_elsewhere(aligned, m) for m in aligned.claim_measures if m not in wrong)
    return {"number": len(wrong), "unit": float(unit), "number_elsewhere": elsewhere}


def _elsewhere(aligned: Aligned, measure: Measure) -> float:
    """Whether the source has a number, but of something else: far from the words that the claim has beside it."""
    equal = [other for other in aligned.source_measures if stated(measure, [other])]
    first, last = min(measure.places), max(measure.places)
    places = [word.token.place for word in aligned.claim_words]
    beside = [k for k, p in enumerate(places) if p > last][:1] + [k for k, p in enumerate(places) if p < first][-1:]
    distances = []
    for k in beside:
        pair = aligned.pairs[k]
        if pair and pair.value >= SAID and min(abs(places[k] - p) for p in measure.places) <= 4:
            there = aligned.source_words[pair.place].token.place
            distances.append(min((abs(there - p) for other in equal for p in other.places), default=99))
    bare = bool(measure.dimension) and not any(other.dimension for other in equal)
    return float(bool(distances) and min(distances) > 4) + 0.5 * bare


def _certainty(aligned: Aligned) -> Marks:
    said, given = aligned.claim_texts, aligned.source_texts
    clause = frozenset(token.text for token in aligned.clause_tokens)
    strong = [
        word
        for word in said & STRONG
        if word not in given and not (QUANTITY.get(word) == 5 and any(QUANTITY.get(other) == 5 for other in given))
    ]
    return {
        "surer": float(bool(aligned.sentence_texts & HEDGES) and not said & SOFT),
        "surer_here": float(bool(clause & (HEDGES | _FREQUENCY)) and not said & (SOFT | LOOSE)),
        "less_sure": float(bool(said & _NOT_SURE) and not clause & SOFT),
        "strong": len(strong),
        "must": float("must" in said and not clause & OBLIGING),
    }


def _quantity(aligned: Aligned) -> Marks:
    counted = {place for measure in aligned.claim_measures for place in measure.places}
    said = [QUANTITY[t.text] for t in aligned.claim if t.text in QUANTITY and t.place not in counted]
    given = [QUANTITY[text] for text in aligned.sentence_texts if text in QUANTITY]
    new = [rank for rank in said if rank not in given]
    lost = any(rank in (2, 3, 4) and rank not in said for rank in given)
    return {
        "quantity": float(bool(given) and any(rank in (0, 4, 5) for rank in new)),
        "new_quantity": float(not given and bool(new)),
        "more_quantity": float(lost and 5 in said),
    }


def _conditions(aligned: Aligned) -> Marks:
    softened = 0.4 if aligned.claim_texts & CONDITIONAL else 1.0
    left_out = max((weight for weight in _left_out(aligned)), default=0.0)
    only = "only" in aligned.sentence_texts and not aligned.claim_texts & set(
        "only just alone unless solely merely but".split()
    )
    return {"condition": left_out * softened, "only": float(only)}


def _left_out(aligned: Aligned) -> Iterator[float]:
    """Conditions of the source whose main clause the claim says without them."""
    tokens = aligned.source
    for k, token in enumerate(tokens):
        following = tokens[k + 1].text if k + 1 < len(tokens) else ""
        firm = token.text in ("if", "unless", "except", "provided") or (
            token.text == "only" and following in ("if", "when", "works", "after", "for", "once")
        )
        if (firm or token.text in ("when", "once", "where")) and token.text not in aligned.claim_texts:
            start = max((t.place for t in tokens[:k] if t.text in ".!?\n;"), default=-1)
            end = next((t.place for t in tokens[k:] if t.text in ".!?\n;"), len(tokens))
            comma = next((t.place for t in tokens[k:end] if t.text in (",", ":", "-", "then")), end)
            if _main_alone(aligned, (start, k, comma, end)):
                yield 1.0 if firm else 0.5


def _main_alone(aligned: Aligned, bounds: tuple[int, int, int, int]) -> bool:
    start, begin, comma, end = bounds
    places = [word.token.place for word in aligned.source_words]
    condition = [j for j, place in enumerate(places) if begin < place < comma]
    main = [j for j, place in enumerate(places) if start < place < begin or comma <= place < end]
    kept = sum(j in aligned.matched for j in condition)
    return any(j in aligned.matched for j in main) and kept < max(1, 0.34 * len(condition))


def _time(aligned: Aligned) -> Marks:
    said, given = aligned.claim_texts, aligned.source_texts
    earlier = frozenset("before beforehand first earlier ahead prior".split())
    later = frozenset("after afterwards once".split())
    timed = bool(said & frozenset("before after afterwards then beforehand later".split()))
    return {
        "earlier": float(timed and bool(said & (earlier - {"earlier", "ahead", "prior"})) != bool(given & earlier)),
        "before_after": float(
            bool(said & later and given & {"before", "until"}) and not (said & {"before", "until"} or given & later)
        )
        + float("before" in said and "before" not in given),
    }


def _persons(aligned: Aligned) -> Marks:
    said, given = aligned.claim_texts, aligned.source_texts
    new = [
        person
        for person in (aligned.claim_stems - aligned.source_stems) & RELATIVES
        if not any(
            word.token.stem == person and pair is not None and pair.value >= SAID
            for word, pair in zip(aligned.claim_words, aligned.pairs, strict=True)
        )
    ]
    lost = (aligned.source_stems - aligned.claim_stems) & RELATIVES
    return {
        "person": len(new), "person_instead": float(bool(new) and bool(lost)),
        "you": float(bool(said & YOU) and not given & YOU and bool(given & FIRST_PERSON)),
        "you_they": float("you" in said and not given & YOU and bool(given & {"they", "he", "she"})),
        "i": float(bool(said & FIRST_PERSON) and not given & FIRST_PERSON),
        "gender": float(any(said & one and not given & one and given & other for one, other in ((HE, SHE), (SHE, HE)))),
        "subject": _other_subject(aligned),
        "name": _names(aligned.claim_text, aligned.source),
    }  # fmt: skip


def _other_subject(aligned: Aligned) -> float:
    """Words that the source says of one person and the claim of another."""
    other = 0
    for word, pair in zip(aligned.claim_words, aligned.pairs, strict=True):
        if pair is None or pair.value < SAID:
            continue
        one = _subject(aligned.claim, word.token.place)
        there = _subject(aligned.source, aligned.source_words[pair.place].token.place)
        if one is None or there is None or one == there:
            continue
        other += {one, there} == {"i", "you"} or (there in RELATIVES and one in ("i", "you", "they"))
        other += one in RELATIVES and there in ("i", "you")
    return float(other)


def _subject(tokens: Sequence[Token], place: int) -> str | None:
    """Who does what stands at a place: the last subject before it within its clause."""
    for k in range(place - 1, max(-1, place - 7), -1):
        token = tokens[k]
        if token.text in ",.;:!?\n()":
            return None
        if token.text in SUBJECTS:
            return SUBJECTS[token.text]
        if token.stem in RELATIVES:
            return token.stem
    return None


def _names(claim: str, source: Sequence[Token]) -> float:
    """Names in the claim that the source lacks; its first word and the days of the week are none."""
    known = {token.text for token in source} | {token.stem for token in source}
    found = [match[0] for match in _NAME.finditer(claim.lstrip()) if match.start() > 0]
    return sum(
        n.casefold() not in known and stem(n.casefold()) not in known and stem(n.casefold()) not in kinds()
        for n in found
    )
