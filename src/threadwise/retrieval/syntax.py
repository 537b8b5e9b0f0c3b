"""The filters that people type into a question: tag:running author:mara after:2023-05 "exact words" -word.

Prose must not be taken for filters. A filter is a known name, a colon and a value without a space between; a time such
as `note: 3:30 pm`, an address, a ratio or a temperature is none. Quotation marks and hyphens are operators only where
the rest reads like search words, or where they stand at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from threadwise.corpus.filters import Filters
from threadwise.errors import QueryError

KEYWORDS = 8
"""Most words beside the operators for a question to be read as search words instead of prose."""

_FILTER = re.compile(
    r"(?<!\S)(?P<name>tag|author|after|before|status|has|min_score):(?P<value>\"[^\"\n]*\"|[^\s\"]\S*)", re.IGNORECASE
)
_PHRASE = re.compile(r"(?<!\S)[\"“„«]([^\"“”„«»\n]*\w[^\"“”„«»\n]*)[\"”“»](?=[\s.,;!?]|$)")
_WITHOUT = re.compile(r"(?<!\S)-([^\W\d_][\w'’-]*)(?=\s|$)")
_PROSE = re.compile(r"[.!?;:,]\s|\n")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_STATES: dict[str, Callable[[Filters], Filters]] = {
    "solved": lambda filters: replace(filters, solved=True),
    "unsolved": lambda filters: replace(filters, solved=False),
    "answered": lambda filters: replace(filters, replied=True),
    "unanswered": lambda filters: replace(filters, replied=False),
}


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question in its parts; `text` is what remains to be searched for."""

    text: str
    filters: Filters = NO_FILTERS
    outcome: bool = False
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def parse(question: str) -> Parsed:
    """Take the filters out of a question.

    Raises:
        QueryError: A filter has a value that it cannot have; the message says what it takes.
    """
    parsed = Parsed(question)
    for match in _FILTER.finditer(question):
        parsed = _READERS[match["name"].lower()](parsed, match["value"].strip('"').strip())
    rest = _tidy(_FILTER.sub(" ", question))
    bare = _tidy(_WITHOUT.sub(" ", _PHRASE.sub(" ", rest)))
    if _PROSE.search(bare) or len(bare.split()) > KEYWORDS:
        return _at_the_end(replace(parsed, text=rest))
    phrases = tuple(_tidy(found) for found in _PHRASE.findall(rest))
    excluded = tuple(_WITHOUT.findall(_PHRASE.sub(" ", rest)))
    return replace(parsed, text=_tidy(" ".join([*phrases, bare])), phrases=phrases, excluded=excluded)


def _at_the_end(parsed: Parsed) -> Parsed:
    """Words to leave out at the very end of prose; anywhere else a hyphen is a dash."""
    text = parsed.text
    excluded: list[str] = []
    while words := text.rsplit(maxsplit=1):
        if len(words) < 2 or not (match := _WITHOUT.fullmatch(words[1])):
            break
        excluded.insert(0, match[1])
        text = words[0]
    return replace(parsed, text=text, excluded=tuple(excluded))


def _tidy(text: str) -> str:
    """Without the gaps that operators leave; line breaks stay."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return "\n".join(line for line in lines if line)


def _tag(parsed: Parsed, value: str) -> Parsed:
    tags = (*parsed.filters.tags, _given("tag", value, "tag:running"))
    return replace(parsed, filters=replace(parsed.filters, tags=tags))


def _author(parsed: Parsed, value: str) -> Parsed:
    authors = (*parsed.filters.authors, _given("author", value, 'author:mara or author:"two words"'))
    return replace(parsed, filters=replace(parsed.filters, authors=authors))


def _after(parsed: Parsed, value: str) -> Parsed:
    return replace(parsed, filters=replace(parsed.filters, since=_day("after", value)))


def _before(parsed: Parsed, value: str) -> Parsed:
    return replace(parsed, filters=replace(parsed.filters, until=_day("before", value)))


def _status(parsed: Parsed, value: str) -> Parsed:
    if value.lower() not in _STATES:
        raise QueryError(f"status:{value} is not known. It takes one of {', '.join(_STATES)}, as in `status:solved`.")
    return replace(parsed, filters=_STATES[value.lower()](parsed.filters))


def _has(parsed: Parsed, value: str) -> Parsed:
    if value.lower() not in ("outcome", "outcomes"):
        raise QueryError(
            f"has:{value} is not known. `has:outcome` finds threads in which somebody tells what came of it."
        )
    return replace(parsed, outcome=True)


def _min_score(parsed: Parsed, value: str) -> Parsed:
    if not re.fullmatch(r"[+-]?\d{1,9}", value):
        raise QueryError(f"min_score:{value} is not a number of votes. It takes a whole number, as in `min_score:3`.")
    return replace(parsed, filters=replace(parsed.filters, min_score=int(value)))


_READERS: dict[str, Callable[[Parsed, str], Parsed]] = {
    "tag": _tag, "author": _author, "after": _after, "before": _before, "status": _status, "has": _has,
    "min_score": _min_score,
}  # fmt: skip


def _given(name: str, value: str, example: str) -> str:
    if not value:
        raise QueryError(f"{name}: has nothing in its quotation marks. Write it as in `{example}`.")
    return value


def _day(name: str, value: str) -> str:
    """The first moment of a year, month or day."""
    match = _DATE.fullmatch(value)
    try:
        year, month, day = (int(part or 1) for part in match.groups()) if match else (0, 0, 0)
        return f"{date(year, month, day).isoformat()}T00:00:00"
    except ValueError as error:
        raise QueryError(
            f"{name}:{value} is not a date. It takes a year, month or day, as in `{name}:2023`, `{name}:2023-05` or "
            f"`{name}:2023-05-17`; with a space after the colon it is ordinary text."
        ) from error
