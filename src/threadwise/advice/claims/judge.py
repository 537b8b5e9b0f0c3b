"""Weigh the signs of a claim: small decision trees, trained by `tools/train_claims.py` on claims labelled by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp

from threadwise.advice import trees
from threadwise.advice.claims.aligned import Aligned
from threadwise.advice.claims.lexicon import BARE, FUNCTION, HEDGES


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

_MUST_BE_ZERO = (
    "opposite kind small_opposite exchanged critical denied_any denied_other number number_elsewhere unit surer "
    "surer_here less_sure strong must quantity new_quantity more_quantity condition only person you you_they i subject "
    "gender name before_after more_not new_not fewer_not moved_in_time swapped"
).split()


def is_clean(aligned: Aligned, found: Mapping[str, float]) -> bool:
    """Whether the source says every word of a claim, small ones too, and no sign speaks against it."""
    if _new_small_words(aligned):
        return False
    enough = len(aligned.claim_words) + len(aligned.claim_measures) >= 2
    clause = {token.text for token in aligned.clause_tokens}
    sure = (clause & HEDGES) <= aligned.claim_texts
    return enough and sure and not aligned.missing and all(found[name] == 0 for name in _MUST_BE_ZERO)


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
