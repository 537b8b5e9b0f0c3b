"""Check a sentence against the span it cites: does the source say what the claim says?

Offline and without a model to load: claim and source are laid beside each other word by word, and what differs
(content words, numbers with their units, negation, speaker, certainty, direction, order, quantity, conditions) is
weighed by small trees learned from claims labelled by hand. A verbatim span always passes. Whether words far from the
source's follow from it cannot be told this way (docs/decisions/0007), so the checker refuses them: a refused paraphrase
costs a quotation in its place, a distortion that passes costs trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadwise.advice.claims.aligned import align
from threadwise.advice.claims.judge import SUPPORTED, is_clean, judge
from threadwise.advice.claims.reasons import reason
from threadwise.advice.claims.signs import signs
from threadwise.advice.claims.text import normal
from threadwise.advice.claims.wording import is_wording

_TORN = re.compile(
    r"(?:\b(?:not|never|cannot|without|maybe|perhaps|probably|possibly|might|may|could|(?:i|we) (?:think|guess|bet"
    r"|suppose"
    r"|believe)|i'd (?:say|bet|guess)|if|unless)|n't|→|->) $"
)
"""What may not stand right before a quotation: a word that denies it or makes it unsure."""

_IF_BEFORE = re.compile(
    r"(?:^|[.!?;\n] |- )(?:but |and |so |or [^.!?;]{0,20}, )?(?:only )?(?:if|unless|provided)\b([^.!?;]*) $"
)
"""A condition that begins the sentence before a quotation of its main clause."""

_MAIN = re.compile(r"(?:you|it|i|we|they|he|she|there|one|don't|do)\b")
"""With these a main clause begins also where no comma parts it from its condition."""


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
    if is_quotation(claim, source):
        return Verdict(True, 1.0, "The source says it in these words.")
    if is_wording(claim, source):
        return Verdict(True, 1.0, "The source says it in these words but for their form.")
    aligned = align(claim, source, speaker)
    found = signs(aligned)
    score = judge().score(found)
    if why := torn(said, given):
        return Verdict(False, round(min(score, 0.4), 3), why)
    if is_clean(aligned, found):
        return Verdict(True, 1.0, "The source says every word of it.")
    if score < SUPPORTED:
        return Verdict(False, round(score, 3), reason(aligned, found))
    return Verdict(True, round(score, 3), "The source says the same in other words.")


def is_quotation(claim: str, source: str) -> bool:
    """Whether the claim is a stretch of the source, whole words, that means there what it means by itself.

    A last full stop may be missing or added only where the source's sentence ends too: "Sand it." is no quotation of
    "Sand it only if it is dull."
    """
    claim, source = normal(claim), normal(source)
    bare = claim.rstrip(" .!?;,:")
    places = {(end - len(claim), end) for end in _places(claim, source)}
    places |= {(end - len(bare), end) for end in _places(bare, source) if source[end : end + 1] in ("", *".!?;")}
    return any(not _out_of_context(source[:start], claim) for start, _ in places)


def torn(claim: str, source: str) -> str | None:
    """Why a stretch of the source (both `normal`) is no fair quotation of it; None where it is no stretch."""
    bare = claim.rstrip(" .!?;,:")
    if any(True for _ in _places(bare, source)):
        return "The source says these words, but denies them or makes them depend on something just before."
    return None


def _out_of_context(before: str, claim: str) -> bool:
    if _TORN.search(before):
        return True
    condition = _IF_BEFORE.search(before)
    return bool(condition and (condition[1].endswith((",", ":", ", then")) or _MAIN.match(claim)))


def _places(text: str, source: str) -> Iterator[int]:
    """Where each whole-word occurrence of a text ends."""
    place = source.find(text) if text else -1
    while place >= 0:
        end = place + len(text)
        inside_a_word = place and source[place - 1].isalnum() and text[0].isalnum()
        if not inside_a_word and not (source[end : end + 1].isalnum() and text[-1].isalnum()):
            yield end
        place = source.find(text, place + 1)
