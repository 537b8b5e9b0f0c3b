"""Lines, blocks and the marks between posts of a pasted text; what the splitters share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RULE = re.compile(r"\s*(?:([-=_*~#—–─])\s?)(?:\1\s?){2,}\s*")
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|hiya|dear|greetings|howdy|good (?:morning|afternoon|evening|day))\b[^.?!]{0,40}[,!.:)\s]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?(?=\W*(?:$|\s))"
    r"|\b(?:any|some) (?:\w+ )?(?:ideas?|advice|suggestions?|tips?|help|thoughts|recommendations?)\b"
    r"|\b(?:in advance|appreciated|please help|pls help|help me|what (?:should|can|do) i\b|how (?:do|can|should) i\b"
    r"|(?:does|has|is there|did) any(?:one|body)"
    r"|anyone (?:else|know|here)|i was wondering|looking for (?:advice|tips))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Draft:
    """A post as far as the layout tells: its words, and who and when where that stands there."""

    text: str
    author: str | None = None
    created: str | None = None
    asker: bool | None = None
    """Whether a label says so ("OP", "Question:" and "Reply:"); None: nothing says."""


def is_blank(line: str) -> bool:
    """Whether a line shows nothing."""
    return not line.strip()


def is_rule(line: str) -> bool:
    """Whether a line is a rule between posts: `---`, `* * *`, `_____`."""
    return _RULE.fullmatch(line) is not None


def is_greeting(line: str) -> bool:
    """Whether a line only says hello."""
    return _GREETING.fullmatch(line) is not None


def asks(text: str) -> bool:
    """Whether somebody asks something in it."""
    return _ASKS.search(text) is not None


def indent_of(line: str) -> int:
    """Columns of white space before a line's first character; a tab goes to the next multiple of 4."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def without_blank_ends(lines: Sequence[str]) -> list[str]:
    """The lines without blank ones before and after."""
    shown = [number for number, line in enumerate(lines) if not is_blank(line)]
    return list(lines[shown[0] : shown[-1] + 1]) if shown else []


def block(lines: Sequence[str]) -> str:
    """The text of some lines: without blank lines and rules at its ends and without the indentation they share."""
    kept = without_blank_ends(lines)
    while kept and is_rule(kept[0]):
        kept = without_blank_ends(kept[1:])
    while kept and is_rule(kept[-1]):
        kept = without_blank_ends(kept[:-1])
    return "\n".join(dedented(kept)).strip()


def block_after(lines: Sequence[str]) -> str:
    """The text of the lines below a bullet's own, without the indentation they share; blank lines before it stay."""
    shown = [line for line in lines if not is_blank(line)]
    if not shown:
        return ""
    common = min(len(line) - len(line.lstrip()) for line in shown)
    return "\n".join(line[common:] for line in lines).rstrip()


def dedented(lines: Sequence[str]) -> list[str]:
    """The lines without the white space that all of them begin with."""
    shown = [line for line in lines if not is_blank(line)]
    if not shown:
        return list(lines)
    common = min(len(line) - len(line.lstrip()) for line in shown)
    return [line[common:] for line in lines]


def paragraphs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Spans [start, end) of the runs of lines that are not blank."""
    spans: list[tuple[int, int]] = []
    start = None
    for number, line in enumerate([*lines, ""]):
        if not is_blank(line) and start is None:
            start = number
        elif is_blank(line) and start is not None:
            spans.append((start, number))
            start = None
    return spans
