"""Check a sentence against the span it cites: does the source say what the claim says?

Offline and without a model: rules compare content words, numbers with their units, negation, speaker, modality,
direction, quantity and conditions. A verbatim span always passes. The checker prefers to refuse: a refused paraphrase
costs a quotation in its place, a distortion that passes costs trust.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from threadwise.advice.claims.aligned import Aligned, align
from threadwise.advice.claims.checks import CHECKS
from threadwise.advice.claims.text import normal

COVERED = 0.62
"""Least weighted share of a claim's content words that the source must say; measured with `bench/claims.py`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a source supports a claim, how well (0 to 1, higher is better), and why."""

    supported: bool
    score: float
    reason: str


def supports(claim: str, source: str, *, speaker: str | None = None) -> Verdict:
    """Check a claim against its source.

    Args:
        claim: One sentence or a few.
        source: The text cited, as its author wrote it.
        speaker: The author's name; a claim may name them where the source says "I".

    Returns:
        Not supported where a word, number or relation of the claim is missing from the source or turned round there.
    """
    said, given = normal(claim), normal(source)
    if not any(c.isalnum() for c in said):
        return Verdict(False, 0.0, "The claim says nothing.")
    if _verbatim(said, given):
        return Verdict(True, 1.0, "The source says it in these words.")
    aligned = align(claim, source, speaker)
    for reason in _objections(aligned, CHECKS):
        return Verdict(False, round(min(aligned.coverage, COVERED) * 0.5, 3), reason)
    if aligned.coverage < COVERED:
        missing = ", ".join(repr(word) for word in aligned.missing[:3]) or "most of it"
        return Verdict(False, round(aligned.coverage * 0.5, 3), f"The source does not say {missing}.")
    return Verdict(True, round(aligned.coverage, 3), "The source says the same in other words.")


def _objections(aligned: Aligned, checks: tuple[Callable[[Aligned], str | None], ...]) -> Iterator[str]:
    for check in checks:
        if reason := check(aligned):
            yield reason


def _verbatim(claim: str, source: str) -> bool:
    """Whether the claim is a stretch of the source, whole words.

    A last full stop may be missing or added only where the source's sentence ends too: "Sand it." is no quotation of
    "Sand it only if it is dull."
    """
    return any(True for _ in _places(claim, source)) or any(
        source[end : end + 1] in ("", *".!?;") for end in _places(claim.rstrip(" .!?;,:"), source)
    )


def _places(text: str, source: str) -> Iterator[int]:
    """Where each whole-word occurrence of a text ends."""
    place = source.find(text) if text else -1
    while place >= 0:
        end = place + len(text)
        inside_a_word = place and source[place - 1].isalnum() and text[0].isalnum()
        if not inside_a_word and not (source[end : end + 1].isalnum() and text[-1].isalnum()):
            yield end
        place = source.find(text, place + 1)
