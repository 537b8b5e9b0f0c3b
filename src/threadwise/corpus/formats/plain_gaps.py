"""Replies set apart by nothing but empty lines, by quotes or by rules in a pasted text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from threadwise.corpus.formats.plain_headings import LOOK_BACK, heading, split_by_headings
from threadwise.corpus.formats.plain_layout import Draft, asks, block, is_blank, is_rule, paragraphs
from threadwise.corpus.formats.plain_roles import speaks_as_asker

_OPENERS = re.compile(
    r"\W*(?:try|get|use|see|go|stop|don'?t|do not|make sure|take|check|look|have (?:you|a)|avoid|keep|put|buy|ask|start"
    r"|maybe|perhaps|definitely|agreed?|same here|same (?:issue|problem|thing)|me too|mine|in my experience|for me\b"
    r"|welcome|sounds|it (?:could|might|may)|could be|might be|probably|i(?:'d| would)|i (?:had|use|used|always|found)"
    r"|i second|i agree|what (?:helped|worked|i do)|worked for|depends|yes|yeah|yep|no[,.! ]|nope|\+1|this[.!]|thanks?"
    r"|thx|ty[ ,!.]|cheers|personally|honestly|first(?:ly)?,|nothing|never|always|consider|talk to|you\b|your\b|@\w)",
    re.IGNORECASE,
)
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|you're|u|ur)\b", re.IGNORECASE)
_CONTINUES = re.compile(
    r"[a-z]|(?:also|and|then|plus|secondly|thirdly|finally|after that|oh and|ps\b|p\.s|edit\b|hope|good luck|cheers"
    r"|regards|best,|thanks in advance|thanks for reading|again)\b",
)
_CLOSES = re.compile(
    r"\W*(?:thanks?|thank you|thx|ty|cheers|many thanks|regards|any help)\b[^.?]{0,60}\W*", re.IGNORECASE
)
SHORT = 4
"""A paragraph of at most so many words that is no opener goes with the one before: "Thanks!", a name."""


def split_by_rules(lines: Sequence[str]) -> list[Draft]:
    """The posts between lines such as `---`; each may begin with lines that say who wrote it. Empty without rules.

    Empty as well where as many headings announce posts: a rule is then a line within one, or only underlines it.
    """
    cuts = [-1, *(number for number, line in enumerate(lines) if is_rule(line)), len(lines)]
    parts = [list(lines[start + 1 : end]) for start, end in pairwise(cuts)]
    parts = [part for part in parts if block(part)]
    if len(parts) < 2 or len(parts) - 1 <= sum(heading(line) is not None for line in lines):
        return []
    return [draft for part in parts for draft in split_by_headings(part) or [Draft(block(part))]]


def split_by_quotes(lines: Sequence[str]) -> list[Draft]:
    """The posts, if replies begin by quoting: "> …", perhaps under "mara wrote:". Empty if none does.

    What stands before the first quote is split by gaps. A post that quotes again what it has been quoting goes on.
    """
    spans = paragraphs(lines)
    quoting = {number for number, (start, end) in enumerate(spans) if _is_quote(lines[start:end])}
    first = min(quoting, default=0)
    if first == 0:
        return []
    drafts = split_by_gaps(lines[: spans[first][0]])
    if _quotes_are_bullets(lines, spans[first:], drafts):
        return drafts + [Draft(_unquoted(lines[start:end])) for start, end in spans[first:]]
    begin = spans[first][0]
    answers = quoted_post(block(lines[begin : spans[first][1]]), drafts)
    for number in range(first + 1, len(spans)):
        start, end = spans[number]
        text = block(lines[start:end])
        if number not in quoting and not speaks_as_asker(text):
            continue
        drafts.append(Draft(block(lines[begin:start])))  # the post so far, which this paragraph may go on
        quotes = quoted_post(text, drafts) if number in quoting else None
        goes_on = number in quoting and quotes is not None and quotes == answers
        if goes_on or _is_quote_only(lines[begin:start]):
            drafts.pop()
        else:
            begin, answers = start, quotes
    return [*drafts, Draft(block(lines[begin:]))]


def split_by_gaps(lines: Sequence[str]) -> list[Draft]:
    """The posts, told by wider gaps, or by where somebody stops asking and others begin to answer; at least one."""
    spans = paragraphs(lines)
    if len(spans) < 2:
        return [Draft(block(lines))]
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
    wide = max(gaps) if max(gaps) > min(gaps) else 1
    units: list[tuple[int, int]] = [spans[0]]
    for gap, span in zip(gaps, spans[1:], strict=True):
        if gap >= wide and (wide > 1 or not _continues(block(lines[span[0] : span[1]]))):
            units.append(span)
        else:
            units[-1] = (units[-1][0], span[1])
    return _asked_and_answered(lines, units, certain=wide > 1)


def _asked_and_answered(lines: Sequence[str], units: Sequence[tuple[int, int]], *, certain: bool) -> list[Draft]:
    """The question ends where something has been asked and the next unit reads like a reply."""
    texts = [block(lines[start:end]) for start, end in units]
    asked = False
    last_asked = max((n for n, text in enumerate(texts) if asks(text) and not _SECOND_PERSON.search(text)), default=-1)
    for number in range(1, len(units)):
        asked = asked or asks(texts[number - 1])
        if (asked and _reads_like_a_reply(texts[number])) or (certain and asked and last_asked < number):
            question = block(lines[units[0][0] : units[number - 1][1]])
            return [Draft(question), *(Draft(text) for text in texts[number:])]
    return [Draft(block(lines))]


def _reads_like_a_reply(text: str) -> bool:
    if _only_closes(text):
        return False
    return _OPENERS.match(text) is not None or (_SECOND_PERSON.search(text) is not None and not asks(text))


def _continues(text: str) -> bool:
    short = len(text.split()) <= SHORT and not _OPENERS.match(text)
    return short or _CONTINUES.match(text) is not None or _only_closes(text)


def _only_closes(text: str) -> bool:
    """Whether a paragraph is the end of a question: "Thanks in advance!"."""
    return _CLOSES.fullmatch(text) is not None and not speaks_as_asker(text)


def quoted_post(text: str, drafts: Sequence[Draft]) -> int | None:
    """Which of some posts a text quotes in its lines that begin with ">": the last that has these words.

    The question may be quoted from anywhere.
    """
    quote = _words(_unquoted([line for line in text.split("\n") if line.lstrip().startswith(">")]))
    if len(quote.split()) < 2:
        return None
    near = [*range(len(drafts) - 1, max(0, len(drafts) - LOOK_BACK) - 1, -1), *([0] if drafts else [])]
    return next((n for n in near if quote in _words(drafts[n].text)), None)


def _is_quote(lines: Sequence[str]) -> bool:
    shown = [line for line in lines if not is_blank(line)]
    attributed = len(shown) > 1 and heading(shown[0]) is not None and shown[1].lstrip().startswith(">")
    return bool(shown) and (shown[0].lstrip().startswith(">") or attributed)


def _is_quote_only(lines: Sequence[str]) -> bool:
    return all(line.lstrip().startswith(">") or is_blank(line) or heading(line) is not None for line in lines)


def _quotes_are_bullets(lines: Sequence[str], spans: Sequence[tuple[int, int]], drafts: Sequence[Draft]) -> bool:
    """Whether each post is marked by ">" rather than quotes another: nothing stands outside, nothing is repeated."""
    return all(
        all(line.lstrip().startswith(">") for line in lines[start:end])
        and quoted_post("\n".join(lines[start:end]), drafts) is None
        for start, end in spans
    )


def _unquoted(lines: Sequence[str]) -> str:
    return block([re.sub(r"^\s*> ?", "", line) for line in lines])


@lru_cache(maxsize=1024)
def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
