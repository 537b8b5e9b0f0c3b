"""Values as exports write them, turned into ours: text, whole numbers, dates, ids.

An export's JSON may hold anything anywhere. These say None where a value is absent or of the wrong kind, so that a
reader needs no checks of its own and cannot fall over one odd field.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from threadwise.domain import MAX_ID

_LONGEST_SLUG = 60

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_PLAIN_DATES = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d %B %Y %H:%M",
    "%d %B %Y",
    "%d %b %Y %H:%M",
    "%d %b %Y",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %I:%M:%S %p",
    "%B %d %Y %H:%M",
    "%B %d %Y %H:%M:%S",
    "%B %d %Y %I:%M:%S %p",
    "%B %d %Y",
    "%b %d %Y %H:%M",
    "%b %d %Y %I:%M %p",
    "%B %d %Y %I:%M %p",
    "%b %d %Y",
)
_DATE_NOISE = re.compile(
    r"(?<=\d)(?:st|nd|rd|th)\b|,|\bat\b|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\b", re.IGNORECASE
)


def as_text(value: Any) -> str | None:
    """A string, cleaned of NULs and half surrogates; numbers as they print."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("\ufffd", value) if _FORBIDDEN.search(value) else value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def as_line(value: Any) -> str | None:
    """A string on one line without spaces at its ends, such as a name or a title; None if nothing is left."""
    return " ".join((as_text(value) or "").split()) or None


def as_int(value: Any) -> int | None:
    """A whole number of at most 64 bits; also from "12", "-3" and 4.0."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,19}\s*", value, re.ASCII):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -(2**63) <= value < 2**63 else None


def as_id(value: Any) -> str | None:
    """An id as the domain takes it; numbers as they print."""
    text = (as_text(value) or "").strip()
    if not text or len(text) > MAX_ID or any(unicodedata.category(char) == "Cc" for char in text):
        return None
    return text


def as_dict(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def as_date(value: Any) -> str | None:
    """A date as ISO 8601; moments with a time zone become UTC, and are written without one.

    Takes ISO 8601 (left as it stands when it names no zone, with a T before the time), seconds or milliseconds since
    1970, mail dates, and the common written forms in English; day before month in 3.4.2024, year first in 2024/4/3.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_seconds(float(value))
    text = (as_text(value) or "").strip()
    if not text or len(text) > 64:
        return None
    if re.fullmatch(r"-?\d{9,13}(?:\.\d+)?", text, re.ASCII):
        return _from_seconds(float(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _from_written(text)
    if moment.tzinfo is not None:
        return _in_utc(moment)
    return f"{text[:10]}T{text[11:]}" if text[10:11] == " " else text


def slug(text: str, *, otherwise: str = "thread") -> str:
    """A readable id from words: "Back soreness!" -> "back-soreness"; at most 60 characters, cut between words.

    Letters lose their accents; words of other scripts stand as they are.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", ""))
    plain = unicodedata.normalize("NFC", re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", plain))
    joined = "-".join(re.findall(r"[^\W_]+", plain))
    if len(joined) > _LONGEST_SLUG:
        whole_words = joined[: _LONGEST_SLUG + 1].rpartition("-")[0]
        joined = whole_words or joined[:_LONGEST_SLUG]
    return joined or otherwise


def _from_seconds(seconds: float) -> str | None:
    if abs(seconds) > 1e11:  # milliseconds, as JavaScript counts
        seconds /= 1000
    try:
        return _in_utc(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _from_written(text: str) -> str | None:
    bare = " ".join(_DATE_NOISE.sub(" ", text).split())
    for form in _PLAIN_DATES:
        try:
            moment = datetime.strptime(bare, form)
        except ValueError:
            continue
        return moment.isoformat() if "%H" in form or "%I" in form else moment.date().isoformat()
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _in_utc(moment: datetime) -> str | None:
    try:
        return (moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment).isoformat()
    except (ValueError, OverflowError):
        return None
