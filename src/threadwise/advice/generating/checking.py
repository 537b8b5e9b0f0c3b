"""Decide whether a model's sentences may stand in the place of the quote that they restate.

Pure. The claim checker says whether a sentence says what its source says. Here more is asked, because the reader gets
the sentence instead of the quote: that it leaves out no "not" and no condition, brings no word of its own, says enough
to be worth it, and is plain text. Whatever is in doubt is refused, and the quote stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from threadwise.advice.claims.lexicon import CONDITION, NEGATORS
from threadwise.advice.claims.text import normal, tokens
from threadwise.advice.verify import supports
from threadwise.advice.visible import visible
from threadwise.advice.words import stems, weigh
from threadwise.index.spans import sentence_spans

LONGEST = 400
"""Characters of a restatement; the longest quotes that are put together have 420."""

NOTHING_NEW = 0.999
"""Score of the checker from which no word of a sentence is missing in its source."""

ENOUGH = 0.5
"""Least part of the quote's weighted words that a restatement says; below it half of the advice is lost."""

_RELATIONS = frozenset(
    "before after during between until till since within without under over above below behind beside beyond across "
    "against around inside outside into out off onto up down through toward towards from than instead both either "
    "neither again once twice all always every each most more less least few several any only even still already yet "
    "must should can could may might would will shall cannot".split()
)
"""Little words that hold a sentence together; the claim checker compares some of them, here none may be new."""

_ACTS = re.compile(r"[<>\[\]{}|`*_#@\\$^=]|://|\bwww\.|[^\W\d_]\.[^\W\d_]{2,}")
"""What forum text and models write markup, addresses and links with."""


def checked(sentences: Iterable[str], quote: str, speaker: str | None = None) -> str:
    """What of a model's sentences may stand for a quote.

    Args:
        sentences: What the model wrote under the id of this quote, in order.
        quote: The span of the post, as written.
        speaker: Who wrote it; a sentence may name them where the quote says "I".

    Returns:
        The sentences, each once, as one text; empty where one of them fails, since the others may lean on it, or where
        together they say too little.
    """
    kept: dict[str, str] = {}
    for said in sentences:
        for start, end in sentence_spans(said):
            sentence = " ".join(said[start:end].split())
            if not _plain(sentence, quote) or not _restates(sentence, quote, speaker):
                return ""
            kept.setdefault(normal(sentence), sentence)
    text = " ".join(kept.values())
    return text if len(text) <= LONGEST and _keeps_the_sense(text, quote) else ""


def _plain(sentence: str, quote: str) -> bool:
    asks = "?" in sentence and "?" not in quote
    return visible(sentence) == sentence and not _ACTS.search(sentence) and not asks


def _restates(sentence: str, quote: str, speaker: str | None) -> bool:
    """Whether the quote says it, and in other words: a piece cut out of the quote is no restatement of it."""
    if normal(sentence).rstrip(" .!?;,:") in normal(quote):
        return False
    said, given = _words(sentence), _words(quote)
    if said & _RELATIONS - given:
        return False
    verdict = supports(sentence, quote, speaker=speaker)
    return verdict.supported and verdict.score >= NOTHING_NEW


def _keeps_the_sense(text: str, quote: str) -> bool:
    said, given = _words(text), _words(quote)
    for words in (NEGATORS, CONDITION):
        if given & words and not said & words:
            return False
    shared = set(stems(text)) & set(stems(quote))
    return len(shared) >= 2 and weigh(shared) >= ENOUGH * weigh(set(stems(quote)))


def _words(text: str) -> set[str]:
    return {token.text for token in tokens(text)}
