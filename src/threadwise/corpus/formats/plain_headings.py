"""Lines that announce a post in a pasted text: who wrote it, when, or that it is a question or a reply.

"mara wrote:", "On 4 March 2024, mara wrote:", "Posted by mara on 2024-03-04", "mara, 4 March 2024", "Reply 2 (mara):",
"Re: sore back", "From: mara", "[18:22] mara: hello", and bare "mara:" where the whole text is written so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from threadwise.corpus.formats.plain_layout import Draft, block, block_after, is_blank, is_rule
from threadwise.corpus.formats.values import as_date

_NAME = r"(?:/?u/)?[^\W_][\w.'’@-]*(?: [\w.'’@&-]+){0,3}"
_SAID = r"(?:wrote|said|says|writes|posted|asked|asks|replied|replies|answered|answers|commented|responded)"
_DATE = r"[\w\d][^<>\n]{2,58}"
_UNIT = r"(?:[smhdwy]|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|mos?|months?|yrs?|years?)"
_RELATIVE = rf"(?:\d{{1,3}}|an?|one|a few) ?{_UNIT} ago"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_LOOKS_DATED = re.compile(
    rf"\b{_RELATIVE}\b|\b(?:yesterday|today|just now)\b|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|\d{{1,2}}:\d{{2}}"
    rf"|\d.*\b{_MONTH}|\b{_MONTH}.*\d",
    re.IGNORECASE,
)
_NOT_DATED = re.compile(
    r"\b(?!(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tues?|wed|thu|thurs?|fri|sat|sun"
    r"|january|february|march|april|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    rf"|[ap]m|at|on|of|in|the|ago|yesterday|today|just|now|an?|one|few|{_UNIT}"
    r"|st|nd|rd|th|t|z|utc|gmt|[ce]e?s?t|[ep][sd]t)\b)[^\W\d_]+",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    (
        *("i", "you", "he", "she", "it", "we", "they", "who", "which", "that", "this", "these", "those", "there"),
        *("a", "an", "the", "my", "your", "his", "her", "our", "their", "some", "any", "every", "no", "not", "all"),
        *("and", "but", "or", "so", "if", "when", "as", "then", "because", "also", "what", "how", "why", "where"),
        *("someone", "somebody", "everyone", "everybody", "anyone", "people", "nobody", "others", "is", "was", "has"),
        *("answered", "asked", "posted", "replied", "updated", "edited", "commented", "joined", "last"),
    )
)
_NOT_SPEAKERS = frozenset(
    (
        *("edit", "update", "note", "ps", "p.s", "p.s.", "tip", "tips", "example", "warning", "result", "results"),
        *("http", "https", "step", "day", "week", "symptoms", "history", "background", "tldr", "tl;dr", "summary"),
        *("pros", "cons", "first", "second", "third", "thanks", "cheers", "regards", "question", "problem", "goal"),
        *("breakfast", "lunch", "dinner", "age", "weight", "height", "monday", "tuesday", "wednesday", "thursday"),
        *("friday", "saturday", "sunday", "date", "tags", "category", "source", "url", "link", "e.g", "i.e"),
    )
)
_ASKER = re.compile(r"\s*[(\[]?(?:op|author|original poster|asker|thread starter)[)\]]?$", re.IGNORECASE)
_BOLD = re.compile(r"^(\*\*?|__?)([^*_\n]{1,80}(?:_[^*_\n]{1,80})*)\1")
_PERSONAL = re.compile(r"\b(?:i|i'm|i've|my|me|mine|you|your|yours|we|u|ur|thanks|thx|try)\b", re.IGNORECASE)
LONGEST = 200
"""Longest line that may be a heading, in characters."""
LOOK_BACK = 200
"""How many posts back somebody may quote."""
QUOTED_FROM = 20_000
"""Characters of a post in which quoted words are looked for."""


@dataclass(slots=True)
class Heading:
    """What a heading says; `text` is what follows it on its line."""

    author: str | None = None
    created: str | None = None
    asker: bool | None = None
    text: str = ""
    subject: str | None = None


_BREAK = r"(?:\bon\b|\bat\b|[-–—·•|»@,(])"
_SAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # On 4 March 2024, mara <mara@example.org> wrote:
        rf"on (?P<date>{_DATE}?),? (?P<author>{_NAME})(?: <[^>]*>)? {_SAID}\s*:\s*(?P<text>.*)",
        # mara wrote: | mara wrote on 4 March 2024: text
        rf"(?P<author>{_NAME}) {_SAID}(?:,? (?:on |at )?(?P<date>{_DATE}?))?\s*:\s*(?P<text>.*)",
        # mara replied 3 hours ago
        rf"(?P<author>{_NAME}) {_SAID},? (?:on |at )?(?P<date>{_DATE})(?P<text>)",
        # Posted by mara on 4 March 2024
        r"(?:originally )?(?:posted|asked|answered|written|submitted|replied|reply|commented|comment|answer|post)"
        rf" ?(?:by|from)(?: user)?:? (?P<author>{_NAME}?)(?:\s*,?\s*{_BREAK}?\s*(?P<date>{_DATE}?)\)?)?\s*:?(?P<text>)",
        # by mara » 4 March 2024
        rf"by:? (?P<author>{_NAME}?)\s*,?\s*{_BREAK}\s*(?P<date>{_DATE})\)?(?P<text>)",
        # [2024-03-04 18:22] mara: text
        r"[\[(]?(?P<date>\d[\d:./\- ]{3,20}(?: ?[ap]m)?)[\])]?\s*[-–—·|]?\s*"
        rf"<?(?P<author>{_NAME})>?\s*:\s*(?P<text>.*)",
        # mara, 4 March 2024 | mara (2024-03-04):
        rf"#?\d{{0,4}}\s?(?P<author>{_NAME}?)\s*{_BREAK}\s*(?P<date>{_DATE}?)\)?\s*:?(?P<text>)",
        # mara 12 points 3 hours ago
        r"(?P<author>[\w.'@/-]+)\s+(?:-?\d+ (?:points?|votes?|likes?)\s*[·•|,]?\s*)?"
        rf"(?P<date>{_RELATIVE})\s*:?(?P<text>)",
    )
)
_DATELESS = frozenset((_SAYS[1], _SAYS[3]))
"""The patterns that announce a post without a date as well."""
_LABEL = re.compile(
    r"(?P<label>original (?:question|post|poster)|question|q|op|reply|answer|a|comment|response|post)"
    rf"\s*(?:#|no\.?|nr\.?)?\s*(?P<number>\d{{1,4}})?\s*(?:(?:by|from)\s+(?P<by>{_NAME})|[(\[](?P<name>{_NAME})[)\]])?"
    r"\s*(?P<mark>[:.)]|[-–—](?=\s))?\s*(?P<text>.*)",
    re.IGNORECASE,
)
_REPLY_TO_TITLE = re.compile(r"(?:re|aw|antw|sv)(?:\[\d+\])?\s*:\s*(?P<subject>\S.*)", re.IGNORECASE)
_FROM = re.compile(rf"(?:from|author|user|username|von)\s*:\s*(?P<author>{_NAME})(?: <[^>]*>)?", re.IGNORECASE)
_WHEN = re.compile(rf"(?:date|posted|sent|on|time)\s*:\s*(?P<date>{_DATE})", re.IGNORECASE)
_STAMP = re.compile(
    rf"(?P<what>answered|asked|posted|replied|updated|commented)\s+(?:on |at )?(?P<date>{_DATE})", re.IGNORECASE
)
_NUMBER = re.compile(rf"(?:post )?#\s?\d{{1,5}}(?:\s*[-–—·|:.)]?\s*(?P<author>{_NAME}))?", re.IGNORECASE)
_WEAK = re.compile(rf"(?P<author>@?{_NAME}(?:\s*[(\[](?:op|OP|asker|author)[)\]])?)\s*:(?:\s+(?P<text>.*))?")


def heading(line: str, *, starts_paragraph: bool = True) -> Heading | None:
    """What a line announces, or None if it is a line of text.

    Args:
        line: One line.
        starts_paragraph: Nothing but white space stands before it; else text may not follow on the line itself.
    """
    line = _bare(line)
    if not line or len(line) > LONGEST:
        return None
    found = _label(line) or _says(line) or _header(line)
    if found and not starts_paragraph and found.text:
        return None
    return found


def weak_heading(line: str) -> Heading | None:
    """Somebody's bare name before a colon, which only many of its kind make a heading."""
    matched = _WEAK.fullmatch(_bare(line))
    if not matched or not _may_be_name(matched["author"]) or matched["author"].split()[0].lower() in _NOT_SPEAKERS:
        return None
    return _named(matched["author"].lstrip("@"), None, matched["text"] or "")


def split_by_headings(lines: Sequence[str], title: str = "") -> list[Draft]:
    """The posts, if headings set them apart; the first is what stands before them all, empty if nothing does.

    Without any heading the list is empty. A text that begins with a heading gets no empty first post, unless the
    heading says that it is a reply.
    """
    found = _strong(lines) or _weak(lines)
    if not found:
        return []
    before = block(lines[: found[0].start])
    drafts = [Draft(before)] if before or found[0].heading.asker is False else []
    for each, end in zip(found, [*(later.start for later in found[1:]), len(lines)], strict=True):
        head, body = each.heading, list(lines[each.end : end])
        if head.subject and _words(head.subject) not in _words(f"{title} {before}"):
            body = [*lines[each.start : each.end], *body]
        text = f"{head.text}\n{block_after(body)}".strip() if head.text else block(body)
        drafts.append(Draft(text, head.author, head.created, head.asker))
    return drafts


@dataclass(slots=True)
class _Found:
    """A heading and the lines [start, end) that it takes."""

    start: int
    end: int
    heading: Heading


def _strong(lines: Sequence[str]) -> list[_Found]:
    found: list[_Found] = []
    text = _Lines(lines)
    number = 0
    while number < len(lines):
        starts = number == 0 or is_blank(lines[number - 1]) or is_rule(lines[number - 1]) or number == _last_end(found)
        head = heading(lines[number], starts_paragraph=starts)
        quoting = head is not None and not head.text and _next_shown(lines, number + 1).startswith(">")
        if head is None or (quoting and not _quotes_another(head, text, number, found)):
            number += 1
            continue
        if found and found[-1].end == number and not found[-1].heading.text and _join(found[-1].heading, head):
            found[-1].end = number + 1
        else:
            start = number
            if _is_stamp(lines[number]) and number and not starts and _is_lone_name(lines, number - 1):
                head.author, start = lines[number - 1].strip(), number - 1
            found.append(_Found(start, number + 1, head))
        number += 1
    return found


class _Lines:
    """The lines of a text, and what was found out about them: it is asked again at each heading above a quotation."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._words: dict[int, tuple[int, str]] = {}

    def words(self, start: int, end: int) -> str:
        """The words of the lines [start, end), about `QUOTED_FROM` characters of them."""
        until, words = self._words.get(start, (start, ""))
        if until > end:
            until, words = start, ""
        if len(words) < QUOTED_FROM:
            words = f"{words} {_words(' '.join(self.lines[until:end]))}".strip()
        self._words[start] = end, words
        return words

    def announces_from(self, start: int) -> bool:
        """Whether a heading that names somebody stands above text that is no quotation, at this line or below."""
        return self._last_announcement >= start

    @cached_property
    def _last_announcement(self) -> int:
        backwards = range(len(self.lines) - 1, -1, -1)
        return next((number for number in backwards if self._announces(number)), -1)

    def _announces(self, number: int) -> bool:
        head = heading(self.lines[number])
        return head is not None and bool(head.author) and not _next_shown(self.lines, number + 1).startswith(">")


def _quotes_another(head: Heading, text: _Lines, number: int, found: Sequence[_Found]) -> bool:
    """Whether a heading right above a quotation announces a post that opens by quoting somebody else.

    Otherwise it only says whose words are quoted. The quotation tells by naming another author itself, or by having
    the words of an earlier post.
    """
    quote = [line.lstrip(" \t>") for line in _quotation(text.lines, number + 1)]
    named = heading(quote[0])
    if named and named.author:
        return not _same(named.author, head.author)
    words = _words(" ".join(quote))
    if not found:  # the question has no heading; those of later posts tell that they announce
        return words in text.words(0, number) and text.announces_from(number + 1)
    ends = [*(one.start for one in found[-LOOK_BACK:][1:]), number]
    for one, end in zip(reversed(found[-LOOK_BACK:]), reversed(ends), strict=True):
        if " " in words and words in text.words(one.end, end):
            return not _same(one.heading.author, head.author)
    return False


def _quotation(lines: Sequence[str], start: int) -> list[str]:
    """The lines of the first quotation from a line on."""
    first = next(number for number in range(start, len(lines)) if not is_blank(lines[number]))
    return list(takewhile(lambda line: line.lstrip().startswith(">"), lines[first:]))


def _same(one: str | None, other: str | None) -> bool:
    return (one or "").casefold() == (other or "").casefold()


def _is_stamp(line: str) -> bool:
    return _STAMP.fullmatch(_bare(line)) is not None


def _is_lone_name(lines: Sequence[str], number: int) -> bool:
    """Whether a line is somebody's name and begins a paragraph, as above "Answered 2 years ago"."""
    begins = number == 0 or is_blank(lines[number - 1])
    name = lines[number].strip()
    return begins and re.fullmatch(_NAME, name) is not None and _may_be_name(name)


def _last_end(found: Sequence[_Found]) -> int:
    return found[-1].end if found else -1


def _next_shown(lines: Sequence[str], start: int) -> str:
    return next((line.strip() for line in lines[start : start + 3] if not is_blank(line)), "")


def _join(head: Heading, more: Heading) -> bool:
    """Put what a second heading line says into the first, if they can speak of one post: "Re: x", then "by mara"."""
    if head.author and more.author and head.author != more.author:
        return False
    if (head.created and more.created) or (head.asker is not None and more.asker is not None):
        return False
    head.author = head.author or more.author
    head.created = head.created or more.created
    head.asker = more.asker if head.asker is None else head.asker
    head.subject = head.subject or more.subject
    head.text = more.text
    return True


def _weak(lines: Sequence[str]) -> list[_Found]:
    """Bare names before colons, where they carry the whole text: most paragraphs or lines, and people speak in them."""
    found = [
        _Found(number, number + 1, head)
        for number, line in enumerate(lines)
        if (head := weak_heading(line))
        and (number == 0 or is_blank(lines[number - 1]) or weak_heading(lines[number - 1]))
    ]
    if len(found) < 2:
        return []
    names = [each.heading.author for each in found]
    spoken = [
        "\n".join([each.heading.text, *lines[each.end : end]])
        for each, end in zip(found, [*(later.start for later in found[1:]), len(lines)], strict=True)
    ]
    personal = sum(_PERSONAL.search(text) is not None for text in spoken)
    starts = [
        number
        for number in range(found[0].start, len(lines))
        if not is_blank(lines[number]) and (number == found[0].start or is_blank(lines[number - 1]))
    ]
    carried = len(found) >= len(starts) / 2
    recurs = len(set(names)) < len(names)
    return found if carried and personal >= len(found) * (0.3 if recurs else 0.5) else []


def _label(line: str) -> Heading | None:
    matched = _LABEL.fullmatch(line)
    if not matched:
        return None
    label, mark, text = matched["label"].lower(), matched["mark"], matched["text"]
    name = matched["by"] or matched["name"]
    if text and mark != ":" and not (mark and matched["number"]):
        return None
    if not mark and not text and label in ("a", "q", "post", "op") and not (matched["number"] or name):
        return None
    if not mark and matched["number"] and matched.start("number") == matched.end("label"):
        return None  # "op000" is a word
    if (label in ("a", "q") and mark != ":") or (name and not _may_be_name(name)):
        return None
    asker = label.startswith(("original", "q", "op")) or (None if label == "post" else False)
    return _named(name, None, text, asker=asker) if name else Heading(asker=asker, text=text)


def _says(line: str) -> Heading | None:
    for pattern in _SAYS:
        matched = pattern.fullmatch(line)
        if not matched or not _may_be_name(matched["author"]):
            continue
        date = matched["date"]
        if date and not _is_date(date):
            continue
        if not date and "date" in pattern.groupindex and pattern not in _DATELESS:
            continue
        return _named(matched["author"], as_date(date), matched["text"])
    return None


def _header(line: str) -> Heading | None:
    if matched := _REPLY_TO_TITLE.fullmatch(line):
        return Heading(subject=matched["subject"])
    if (matched := _FROM.fullmatch(line)) and _may_be_name(matched["author"]):
        return _named(matched["author"], None, "")
    if (matched := _WHEN.fullmatch(line)) and _is_date(matched["date"]):
        return Heading(created=as_date(matched["date"]))
    if (matched := _STAMP.fullmatch(line)) and _is_date(matched["date"]):
        told = {"asked": True, "posted": None, "updated": None}
        return Heading(created=as_date(matched["date"]), asker=told.get(matched["what"].lower(), False))
    if (matched := _NUMBER.fullmatch(line)) and (not matched["author"] or _may_be_name(matched["author"])):
        return Heading(author=matched["author"])
    return None


def _is_date(text: str) -> bool:
    """Whether a text says when and nothing else, in words that a calendar has."""
    return _LOOKS_DATED.search(text) is not None and not _NOT_DATED.search(text)


def _may_be_name(name: str) -> bool:
    words = name.lower().split()
    return len(name) <= 40 and words[0] not in _NOT_NAMES and not words[0].isdigit()


def _named(author: str, created: str | None, text: str, *, asker: bool | None = None) -> Heading:
    """A heading by somebody, who may be marked as the one who asked: "mara (OP)"."""
    bare = _ASKER.sub("", author).strip()
    if bare != author.strip():
        asker = True
    return Heading(re.sub(r"^/?u/", "", bare) or None, created, asker, text.strip())


def _bare(line: str) -> str:
    """The line without white space at its ends and without what makes it, or its beginning, bold."""
    return _BOLD.sub(r"\2", line.strip())


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
