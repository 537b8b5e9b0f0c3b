"""Find where a list ends that a sentence opens, and what is shown with it.

A list has bullets or only lines, may be formulas, may have a heading, and may be of no use without the sentence after
it: "Three solids: ... The first two together are as large as the third."
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadwise.advice.leaning import lacks_subject
from threadwise.advice.sentences import Sentence
from threadwise.advice.words import tokens

LONGEST = 420
"""Longest statement in characters that is put together; a reader takes in about 70 words at a glance."""

LONGEST_LIST = 900
"""Longest list that is shown whole; beyond it each item stands alone."""

FEW_WORDS = 4
"""Words below which the opening of a list that points back is of no use without what it points to."""

_LEAD = re.compile(
    r""":[*_)]*\s*$ | \b(?:is|are|was|were|the|an?|of|for|include|includes|following|and|or|with|to)\s*$
      | \b(?:two|three|four|five|six|few|several|some|these)\b.*
        \b(?:things|steps|ways|rules|tips|options|points|tricks)\b
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ENDED = re.compile(r"[.!?…][^\w\s]*\s*$")
_COLON = re.compile(r":[*_)]*\s*$")
_SUMS_UP = re.compile(
    r"""^\W*(?:
        (?:(?:all|each|both|none|most|some|one|either|neither|the\s+(?:first|last|second|third))\s+)?of\s+(?:these|those|them)\b
      | (?:all|both)\s+(?:these|those|three|four|the)\b | (?:these|those)\b | together\b | in\s+(?:each|all|both)\b
      | this\s+(?:\w+\s+)?(?:shows|lets|gives|means|proves|illustrates)\b
      | (?:the|a)\s+(?:statement|claim|point|idea|result|question)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a sentence opens that says what the list before it is for."""

_EQUATION = re.compile(r"[\w)\]}]\s*=\s*[\w($\\-]")
_LONGEST_EQUATION = 12  # words of an equation by itself: "Thus ABV = ABW * SpecificGravity / 0.78924"


def leads(text: str) -> bool:
    """Whether a text opens a list: it ends with a colon, or breaks off where things are to be named."""
    return bool(_LEAD.search(text))


def ends(text: str) -> bool:
    """Whether a text comes to its end as a sentence does, by a full stop or the like."""
    return bool(_ENDED.search(text))


def ends_with_a_colon(text: str) -> bool:
    """Whether a text announces what comes next by a colon."""
    return bool(_COLON.search(text))


def titles(sentences: Sequence[Sentence], at: int) -> bool:
    """Whether a sentence is a paragraph by itself and names what the next one says without naming it."""
    one, other = sentences[at], sentences[at + 1]
    alone = one.block != other.block and (at == 0 or sentences[at - 1].block != one.block)
    return alone and lacks_subject(other.text) and not one.quoted and other.end - one.start <= LONGEST


def list_end(sentences: Sequence[Sentence], first: int, lead: int) -> int:
    """The last sentence of the list that a colon opens; the lead itself where the list is too long or missing."""
    last = lead
    if lead + 1 < len(sentences) and sentences[lead + 1].item:
        item = sentences[lead + 1].item
        while last + 1 < len(sentences) and sentences[last + 1].item == item:
            last += 1
    elif lead + 1 < len(sentences) and not sentences[lead + 1].quoted and not _heads(sentences, lead + 1):
        last += 1
        if _COLON.search(sentences[last].text):  # a heading of the list
            return list_end(sentences, first, last)
        while last + 1 < len(sentences) and _next_line(sentences[last], sentences[last + 1]):
            last += 1  # a list without bullets
        while _equation(sentences[last]) and last + 1 < len(sentences) and _equation(sentences[last + 1]):
            last += 1
    if lead < last < len(sentences) - 1 and (
        titles(sentences, last) or (sentences[last].item and _sums_up(sentences, first, last + 1))
    ):
        last += 1
    return last if sentences[last].end - sentences[first].start <= LONGEST_LIST else lead


def _equation(sentence: Sentence) -> bool:
    """Whether a sentence is a formula by itself."""
    words = sentence.text.split()
    return len(words) <= _LONGEST_EQUATION and bool(_EQUATION.search(sentence.text)) and "://" not in sentence.text


def _sums_up(sentences: Sequence[Sentence], first: int, after: int) -> bool:
    """Whether the sentence after a list says what the list is for: "The areas of these two make that of the third"."""
    one = sentences[after]
    fits = one.end - sentences[first].start <= LONGEST_LIST
    said = not one.item and not one.quoted and not one.asks and not leads(one.text)
    return fits and said and bool(_SUMS_UP.match(one.text))


def _heads(sentences: Sequence[Sentence], at: int) -> bool:
    """Whether it is a heading: a few words without a full stop, a paragraph by themselves, with more below."""
    one, after = sentences[at], sentences[at + 1 : at + 2]
    few = len(tokens(one.text)) < FEW_WORDS and not ends(one.text) and not _equation(one)
    return few and one.block != sentences[at - 1].block and any(one.block != other.block for other in after)


def _next_line(one: Sentence, other: Sentence) -> bool:
    """Whether nothing but the end of a line parts two sentences."""
    return one.block == other.block and not ends(one.text)
