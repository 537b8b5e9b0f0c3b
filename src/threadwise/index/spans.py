"""Find the sentences of a forum post as exact spans of its text.

Pure and linear in the length of the text. Forum text is not prose: full stops without a space after them, lists made
of line breaks, quotes, code, links, emoji instead of full stops. A post is first cut into blocks (a paragraph, a list
item, a run of quoted lines, a fenced piece of code), then each block into sentences. Nothing is dropped: markers such
as `>` and `-` belong to the span that they open, so that a span can always be checked against the post.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[int, int]

MAX_SENTENCE = 1000
"""Longest span in characters, about 170 English words; longer ones are cut at a clause, else at white space."""

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]++")
_FENCE = re.compile(r"[ \t]{0,3}(```|~~~)")
_OPENER = re.compile(
    r"""[ \t]*(?:
        [-*+•‣▪●○◦·–—→✓✔✗►☐☑]\s            # a bullet
      | \(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s # 1. 2) (3) a) iv.
      | \#{1,6}\s | \| | \*\* | [-=_*~]{3,}      # a heading, a table row, a bold lead-in, a rule
    )""",
    re.VERBOSE,
)
_ENUMERATOR = re.compile(r"[ \t>]*\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s")
_LONE = re.compile(r"(?:[-*+•‣▪●○◦·]|\(?\d{1,3}[.)])$")
_QUOTED = re.compile(r"[ \t]*>[> \t]*")
_CLOSED = re.compile(r"[.!?…:;。！？।؟۔][\"'”’)\]»*_]*+$")

_EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf\U0001f1e6-\U0001f1ff"
# One set in front lets the regex engine skip to the next candidate at the speed of C.
_MARK = re.compile(
    rf"""[.!?…‥。！？｡．।؟۔{_EMOJI}:;=](?:
        (?<=[.!?…‥])(?P<stop>[.!?…‥]*+)[\"'”’)\]»*_`]*+
      | (?<=[。！？｡．])(?P<wide>[。！？｡．]*+)[」』）”’"]*+
      | (?<=[।؟۔])(?P<other>[।؟۔]*+)
      | (?<=\s[:;=])['’]?-?[)(DPpO3/|\]\[]++(?=\s)
      | (?<=[{_EMOJI}])[{_EMOJI}\ufe0f\u200d]*+
    )""",
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’()\[\]*_]{1,40}$")
_WORD_AFTER = re.compile(r"[\"'“‘(\[*_]{0,4}([^\W_]+(?:['’][a-z]+)?)")
_CLAUSE = re.compile(r"[;:,–—)][^\S\n]|\n|\s[-–—]\s")
_SPACE = re.compile(r"\s")
_NAMED = re.compile(r"[^\W_]")

_NEVER_LAST = frozenset(
    "mr mrs ms dr prof st rev gen col capt lt sgt hon mt messrs e.g i.e eg ie cf vs v viz approx ca fig figs eq ref "
    "resp esp incl excl ext dept est jan feb apr jun jul aug sep sept oct nov dec tue thu fri".split()
)
_RARELY_LAST = frozenset(
    "etc al inc ltd co corp bros jr sr oz lb lbs ft hr hrs min mins sec secs max temp tbsp tsp kg km cm mm ml "
    "a.m p.m am pm ave blvd rd u.s u.k ph.d avg vol ed eds ch pt pts qty tel ver misc".split()
)
_BEFORE_NUMBER = frozenset("no nos nr p pp art sect para ch vol fig eq step".split())
_STARTERS = frozenset(
    "i i'm i've i'd i'll it it's its the then this that that's these those there there's they they're we we're you "
    "you're your he she my our a an and but or so if when what why how where who which while after before also as at "
    "in on for from with without to not no yes yeah ok okay well now just do does don't did didn't is are was were "
    "can can't could should would will won't have has had hope thanks thank maybe perhaps however although because "
    "once since some most many any all another other one first second next finally edit update please try good great "
    "hi hello hey let make use get go keep take".split()
)
_JOINERS = frozenset(
    "and or but so because that which who with without to of in on for from as at by if when while where than then "
    "the a an is are was were be been it its my your their his her our not".split()
)


def sentence_spans(text: str) -> list[Span]:
    """Where the sentences of a text are.

    Returns:
        Spans [start, end) in order, none overlapping, without white space at their ends; together they cover every
        character of the text that is not white space. Longest `MAX_SENTENCE` characters.
    """
    return [
        piece
        for start, end, whole in _blocks(text)
        for span in ([(start, end)] if whole else _sentences(text, start, end))
        for piece in _pieces(text, *span)
    ]


# Blocks


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Paragraphs, list items, quotes and fenced code as (start, end, whole); whole ones have no sentences."""
    start = end = -1
    fence = ""
    for line_start, line_end in _lines(text):
        opened = _FENCE.match(text, line_start, line_end)
        if fence:
            end = line_end
            if opened and opened[1] == fence:
                yield start, end, True
                start, fence = -1, ""
            continue
        if start >= 0 and not opened and _continues(text, start, end, line_start, line_end):
            end = line_end
            continue
        if start >= 0:
            yield start, end, False
        start, end, fence = line_start, line_end, opened[1] if opened else ""
    if start >= 0:
        yield start, end, bool(fence)


def _lines(text: str) -> Iterator[Span]:
    """Lines that are not blank, stripped."""
    for match in _LINE.finditer(text):
        line = match[0]
        left = len(line) - len(line.lstrip())
        length = len(line.strip())
        if length:
            yield match.start() + left, match.start() + left + length


def _continues(text: str, start: int, end: int, line_start: int, line_end: int) -> bool:
    """Whether a line goes on with the paragraph [start, end) before it: a soft wrap, not a new item.

    Mail and old forums wrap lines at 60 to 80 characters; shorter lines without a full stop are mostly lists.
    """
    if end - start < 6 and _LONE.match(text, start, end):
        return True
    gap = text[end:line_start]
    if gap.count("\n") > 1 or (gap.count("\r") > 1 and "\n" not in gap) or "\u2029" in gap:
        return False
    before = max(text.rfind("\n", start, end) + 1, start)
    quoted, was_quoted = (_QUOTED.match(text, at, to) for at, to in ((line_start, line_end), (before, end)))
    if bool(quoted) != bool(was_quoted):
        return False
    at = quoted.end() if quoted else line_start
    last = text[max(before, end - 120) : end]
    if _OPENER.match(text, at, line_end) or text[before] in "#|" or _CLOSED.search(last):
        return False
    length = end - before
    if length > 120 or at == line_end:
        return False
    word = _WORD_AFTER.match(text, at, line_end)
    ending = _WORD_BEFORE.search(last)
    if last.endswith((",", "(")) or (word and word[1] in _JOINERS) or (ending and ending[0] in _JOINERS):
        return True
    return length >= 40 and (length >= 55 or text[at].islower())


# Sentences


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of one block; what holds no word goes with the sentence before it."""
    marker = _ENUMERATOR.match(text, start, end)
    seen = marker.end() if marker else start
    pending = start
    last: Span | None = None
    for match in _MARK.finditer(text, seen, end):
        if not _ends_sentence(text, match, pending, end):
            continue
        if _NAMED.search(text, seen, match.end()):
            if last:
                yield last
            last = _stripped(text, pending, match.end())
        elif last:
            last = (last[0], match.end())
        seen = match.end()
        if last:
            pending = seen
    if pending < end and text[pending:end].strip():
        if last and not _NAMED.search(text, seen, end):
            last = (last[0], end)
        else:
            if last:
                yield last
            last = _stripped(text, pending, end)
    if last:
        yield last


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether a sentence that began at `start` ends with this mark."""
    at = match.end()
    if at >= end:
        return True
    if match["wide"] is not None or match["other"] is not None:
        return True
    after = _WORD_AFTER.match(text, at + 1, min(end, at + 60)) if text[at].isspace() else None
    if match["stop"] is None:
        return bool(after and after[1][0].isupper() and after[1].lower() in _STARTERS)
    if not text[at].isspace():
        return _lacks_space(text, match, start, end)
    first = after[1] if after else ""
    quoted = match.end() > match.end("stop")
    marks = text[match.start() : match.end("stop")]
    if marks != ".":
        # "Well... maybe", `"Really?" he asked` go on; "What? no" does not.
        soft = marks.endswith(("..", "…", "‥")) or quoted
        return not (soft and first[:1].islower())
    return _stop_ends(text, match.start(), start, first, quoted)


def _stop_ends(text: str, stop: int, start: int, first: str, quoted: bool) -> bool:
    """Whether one full stop before white space ends a sentence; `first` is the word after it."""
    found = _WORD_BEFORE.search(text, max(start, stop - 41), stop)
    if not found:
        return True
    word = found[0]
    low = word.lower()
    starts = first.lower() in _STARTERS and first[:1].isupper()
    if low in _NEVER_LAST:
        return False
    if low in _BEFORE_NUMBER and first[:1].isdigit():
        return False
    if len(word) == 1 and word.isalpha() and word != "I":
        return starts
    if "." in word and "/" not in word and max(map(len, word.split("."))) <= 2:
        return starts
    if low in _RARELY_LAST:
        return first[:1].isupper() or not first
    return not (quoted and first[:1].islower())


def _lacks_space(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether "It helped.Then I stopped" is two sentences; "Node.js", "3.5" and addresses are not."""
    at, stop = match.end(), match.start()
    before = _WORD_BEFORE.search(text, max(start, stop - 41), stop)
    after = _WORD_AFTER.match(text, at, min(end, at + 60))
    if not before or not after or len(before[0]) < 2 or not after[1][0].isupper():
        return False
    if not before[0].isalpha() or not before[0][-1].islower() or after[1].lower() not in _STARTERS:
        return False
    follows = text[after.end()] if after.end() < end else " "
    return follows.isspace() or follows in ",;:!?"


# Pieces


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut what is longer than `MAX_SENTENCE`: at a clause, else at white space, else between characters."""
    while end - start > MAX_SENTENCE:
        cut = _cut(text, start, start + MAX_SENTENCE)
        yield _stripped(text, start, cut)
        start = cut
        while text[start].isspace():
            start += 1
    yield start, end


def _cut(text: str, start: int, limit: int) -> int:
    for pattern in (_CLAUSE, _SPACE):
        found = [match.end() for match in pattern.finditer(text, start + MAX_SENTENCE // 2, limit)]
        if found:
            return found[-1]
    found = [match.end() for match in _SPACE.finditer(text, start + 1, limit)]
    if found:
        return found[-1]
    cut = limit
    # Not between a letter and its accents, nor inside a joined emoji, as far as 20 characters back.
    while cut > limit - 20 and (unicodedata.combining(text[cut]) or {text[cut], text[cut - 1]} & {"\u200d", "\ufe0f"}):
        cut -= 1
    return cut


def _stripped(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends; it holds at least one other character."""
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end
