"""Decide whether a model's sentences may stand in the place of the quote that they restate.

Pure. The claim checker says whether a sentence says what its source says. Here more is asked, because the reader gets
the sentence instead of the quote: that it leaves out no "not" and no condition, brings no word of its own, says enough
to be worth it, and is plain text. Whatever is in doubt is refused, and the quote stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from threadwise.advice.claims.lexicon import CONDITION, FUNCTION, NEGATORS
from threadwise.advice.claims.text import Token, normal, tokens
from threadwise.advice.verify import supports
from threadwise.advice.visible import visible
from threadwise.advice.words import stems, weigh
from threadwise.index.spans import sentence_spans

LONGEST = 400
"""Characters of a restatement; the longest quotes that are put together have 420."""

NOTHING_NEW = 0.999
"""Score of the checker where the source says every word of a sentence; below it stands what was judged likely."""

ENOUGH = 0.5
"""Least part of the quote's weighted words that a restatement says; below it half of the advice is lost."""

_DEGREES = frozenset(
    "both either neither again once twice all always every each most more less least few several any only even still "
    "already yet must should can could may might would will shall".split()
)
"""Little words that say how much or how surely; none may be new."""

_BINDS = (
    NEGATORS
    | CONDITION
    | frozenset(
        "because before after during between till since within under over above below behind beside beyond across "
        "against around inside outside into out off onto up down through toward towards from than instead".split()
    )
)
"""Little words that relate what follows them; each has to bind the word that it binds in the quote."""

_SOMEBODY = frozenset("i we he she".split())
_NAMED = _SOMEBODY | frozenset("they poster posters person people someone somebody author writer member user".split())
"""Whose doing something is. "I thought about drinking it" is no "Drink it"."""

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
    return text if len(text) <= LONGEST and _keeps_the_sense(text, quote, speaker) else ""


def _plain(sentence: str, quote: str) -> bool:
    asks = "?" in sentence and "?" not in quote
    return visible(sentence) == sentence and not _ACTS.search(sentence) and not asks


def _restates(sentence: str, quote: str, speaker: str | None) -> bool:
    """Whether the quote says it, and in other words: a piece cut out of the quote is no restatement of it."""
    if normal(sentence).rstrip(" .!?;,:") in normal(quote):
        return False
    said, given = tokens(sentence), tokens(quote)
    new = {token.text for token in said} - {token.text for token in given}
    if new & _DEGREES or not _bound(said) <= _bound(given) or not _keeps_the_order(said, given):
        return False
    verdict = supports(sentence, quote, speaker=speaker)
    return verdict.supported and verdict.score >= NOTHING_NEW


def _keeps_the_sense(text: str, quote: str, speaker: str | None) -> bool:
    said, given = _words(text), _words(quote)
    if given & _SOMEBODY and not said & (_NAMED | _words(speaker or "")):
        return False
    for words in (NEGATORS, CONDITION):
        if given & words and not said & words:
            return False
    shared = set(stems(text)) & set(stems(quote))
    return len(shared) >= 2 and weigh(shared) >= ENOUGH * weigh(set(stems(quote)))


def _keeps_the_order(said: Sequence[Token], given: Sequence[Token]) -> bool:
    """Whether words follow each other as in the quote, at most with two parts turned round ("If A, B": "B if A").

    "Wax the door, then sand it" has the words of "Sand the door, then wax it", and says something else.
    """
    places: dict[str, list[int]] = {}
    for token in filter(_tells, given):
        places.setdefault(token.stem, []).append(token.place)
    path: list[int] = []
    turned = 0
    for token in said:
        if found := places.get(token.stem) if _tells(token) else None:
            onward = next((place for place in found if not path or place > path[-1]), None)
            turned += onward is None
            path.append(found[0] if onward is None else onward)
    return turned == 0 or (turned == 1 and path[-1] < path[0])


def _bound(words: Sequence[Token]) -> set[tuple[str, str]]:
    """Each little word that carries a relation, with the word after it that it binds: `before`, `run`."""
    bound: set[tuple[str, str]] = set()
    waiting: list[str] = []
    for token in words:
        if token.text in _BINDS:
            waiting.append(token.text)
        elif _tells(token):
            bound |= {(relation, token.stem) for relation in waiting}
            waiting = []
    return bound


def _tells(token: Token) -> bool:
    return token.text not in FUNCTION and token.text[0].isalnum()


def _words(text: str) -> set[str]:
    return {token.text for token in tokens(text)}
