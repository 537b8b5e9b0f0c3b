"""Weigh the signs of a claim: small decision trees, trained by `tools/train_claims.py` on claims labelled by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from math import exp

from threadwise.advice import trees
from threadwise.advice.claims.aligned import Aligned
from threadwise.advice.claims.lexicon import BARE, FUNCTION, HEDGES, MOVABLE
from threadwise.advice.claims.numbers import Measure
from threadwise.advice.claims.text import Token


@dataclass(frozen=True, slots=True)
class Judge:
    """Trees over the values of these signs, and how much they must come to."""

    signs: tuple[str, ...]
    trees: trees.Trees
    prior: float
    threshold: float

    def score(self, found: Mapping[str, float]) -> float:
        """From 0 to 1; `SUPPORTED` is where the claim just passes."""
        row = [found[name] for name in self.signs]
        margin = self.prior + trees.total(self.trees, row) - self.threshold
        return 1 / (1 + exp(-margin))


SUPPORTED = 0.5

_NEIGHBOURS = 0.5
"""Of the claim's pairs of neighbouring words the share that are neighbours in the source too, for a clean claim."""

_MUST_BE_ZERO = (
    "opposite kind small_opposite exchanged critical denied_any denied_other number number_elsewhere unit surer "
    "surer_here less_sure strong must quantity new_quantity more_quantity condition only person you you_they i subject "
    "gender name before_after more_not new_not fewer_not moved_in_time swapped"
).split()


def is_clean(aligned: Aligned, found: Mapping[str, float]) -> bool:
    """Whether one sentence of the source says every word of a claim, small ones too, in the claim's order, and no sign
    speaks against it."""
    if _new_small_words(aligned) or not _in_order(aligned):
        return False
    enough = len(aligned.claim_words) + len(aligned.claim_measures) >= 2
    clause = {token.text for token in aligned.clause_tokens}
    sure = (clause & HEDGES) <= aligned.claim_texts
    return enough and sure and not aligned.missing and all(found[name] == 0 for name in _MUST_BE_ZERO)


def _in_order(aligned: Aligned) -> bool:
    """Whether the claim's words stand in one sentence of the source in the same order, half of their neighbours too;
    a part that `before`, `at` or the like begins may be moved from one end to the other."""
    places = [pair.place for pair in aligned.pairs if pair]
    sentences = {aligned.source_words[place].sentence for place in places}
    back = [k for k, (one, other) in enumerate(pairwise(places), 1) if other < one]
    ordered = not back or (len(back) == 1 and places[-1] < places[0] and _movable(aligned, back[0]))
    said = _neighbours(aligned.claim, aligned.claim_measures)
    kept = said & _neighbours(aligned.source, aligned.source_measures)
    return len(sentences) == 1 and ordered and len(kept) >= _NEIGHBOURS * len(said)


def _movable(aligned: Aligned, k: int) -> bool:
    """Whether the claim, or its part from the k-th content word on, begins with a word that begins a movable part."""
    words = [word for word, pair in zip(aligned.claim_words, aligned.pairs, strict=True) if pair]
    begins = aligned.claim[words[k - 1].token.place + 1 : words[k].token.place]
    return any(token.stem in MOVABLE for token in (aligned.claim[0], *begins))


def _neighbours(tokens: Sequence[Token], numbers: Sequence[Measure]) -> set[tuple[str, str]]:
    """Pairs of neighbouring words by stems, `half a litre` and `500 ml` alike as one word."""
    spoken = {place: f"{one.dimension}{one.base:.3g}" for one in numbers for place in one.places}
    plain = [spoken.get(token.place, token.stem) for token in tokens if token.text[0].isalnum()]
    return {(one, other) for one, other in pairwise(plain) if one != other}


def _new_small_words(aligned: Aligned) -> bool:
    """Whether a claim has small words of weight (`same`, `goes`, `again`) that its source lacks."""
    said = {word.token.place for word in aligned.claim_words} | {
        p for one in aligned.claim_measures for p in one.places
    }
    given = aligned.source_texts | aligned.source_stems | BARE
    return any(
        token.text in FUNCTION and token.place not in said and token.text not in given and token.stem not in given
        for token in aligned.claim
    )


@cache
def judge() -> Judge:
    """The judge that ships."""
    text = (resources.files("threadwise.advice.claims") / "weights.json").read_text(encoding="utf-8")
    return parse(json.loads(text))


def parse(written: Mapping[str, object]) -> Judge:
    """A judge as `tools/train_claims.py` writes it."""
    names, rows = written["signs"], written["trees"]
    if not (isinstance(names, list) and isinstance(rows, list)):
        raise TypeError("weights.json has no lists `signs` and `trees`; tools/train_claims.py writes it")
    return Judge(
        tuple(names),
        trees.parsed(rows),
        float(str(written["prior"])),
        float(str(written["threshold"])),
    )
