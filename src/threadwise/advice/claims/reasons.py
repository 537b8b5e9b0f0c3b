"""Say in words why a claim was refused: the first sign that explains it, in the order a reader would name them."""

from __future__ import annotations

from threadwise.advice.claims.aligned import Aligned
from threadwise.advice.claims.likeness import By
from threadwise.advice.claims.numbers import stated
from threadwise.advice.claims.signs import Signs

_PLAIN: tuple[tuple[str, float, str], ...] = (
    ("exchanged", 0.0, "The claim says of one thing what the source says of its opposite."),
    ("opposite", 0.3, "The claim says the opposite of a word of the source."),
    ("small_opposite", 0.0, "The claim turns a direction or an order round."),
    ("before_after", 0.0, "The claim puts earlier what the source puts later, or the other way round."),
    ("denied_any", 0.0, "The claim denies what the source states, or states what it denies."),
    ("new_not", 0.0, "The claim denies something; the source does not."),
    ("must", 0.0, "The claim obliges where the source does not."),
    ("surer", 0.0, "The source is less sure than the claim."),
    ("surer_here", 0.0, "The source is less sure than the claim."),
    ("less_sure", 0.0, "The claim is less sure than the source."),
    ("strong", 0.0, "The claim puts it more strongly than the source."),
    ("more_quantity", 0.0, "The claim says it of more than the source does."),
    ("quantity", 0.0, "The claim names another quantity than the source."),
    ("person", 0.0, "The claim speaks of a person whom the source does not name."),
    ("name", 0.0, "The claim names somebody whom the source does not."),
    ("you", 0.0, "The claim turns what the writer did into what you should do."),
    ("i", 0.0, "The claim speaks as the writer of what the source says of others."),
    ("condition", 0.3, "The claim leaves out a condition of the source."),
    ("only", 0.0, "The claim leaves out an `only` of the source."),
    ("swapped", 0.0, "The claim has the source's words in other places."),
    ("kind", 0.3, "The claim names another thing of the same kind than the source."),
    ("number_elsewhere", 0.9, "The claim says a number of something else than the source."),
)


def reason(aligned: Aligned, found: Signs) -> str:
    """Why the claim is not supported."""
    for one in (_number, _opposite):
        if said := one(aligned):
            return said
    plain = next((said for name, least, said in _PLAIN if found[name] > least), None)
    missing = [aligned.claim_words[i].token.text for i in aligned.missing if aligned.values[i] < 0.7]
    if missing and (plain is None or found["share"] > 0.4):
        return f"The source does not say {', '.join(repr(word) for word in missing[:3])}."
    return plain or "The claim is too far from the source's words to be checked."


def _number(aligned: Aligned) -> str | None:
    for measure in aligned.claim_measures:
        if not stated(measure, aligned.source_measures):
            words = " ".join(token.text for token in aligned.claim if token.place in measure.places)
            return f"The source does not say {words!r}."
    return None


def _opposite(aligned: Aligned) -> str | None:
    for i in aligned.missing:
        word = aligned.claim_words[i]
        for other, likeness in zip(aligned.source_words, aligned.likenesses[i], strict=True):
            turned = likeness.by is By.OPPOSITE and other.negative == word.negative
            if turned and other.token.stem not in aligned.claim_stems:
                return f"The claim says {word.token.text!r} where the source says the opposite, {other.token.text!r}."
    return None
