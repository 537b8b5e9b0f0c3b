"""Hide e-mail addresses and telephone numbers in other people's text.

Pure. A number is taken for a telephone number by its form or by a word before it ("call", "tel."), and left alone if
it could as well be a date, a price, a version, an address of a machine, an ISBN or a plain quantity: a masked price
spoils advice that people come for, and a number that stays in doubt has a form that nobody would dial.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

E_MAIL, PHONE = "[e-mail]", "[phone]"

_AT, _DOT = r"(?:\s?[(\[{]\s?at\s?[)\]}]\s?|\sat\s)", r"(?:\s?[(\[{]\s?dot\s?[)\]}]\s?|\sdot\s|\.)"
_PICTURES = "png|jpe?g|gif|svg|webp|avif|js|css|py"  # icon@2x.png is a file
_ADDRESS = re.compile(
    rf"(?:mailto:)?(?<![\w.+-])(?!git@)[\w.+-]{{1,64}}@(?:[\w-]{{1,63}}\.){{1,8}}(?!(?:{_PICTURES})\b)[^\W\d_]{{2,24}}(?![\w-])",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_AT}[\w-]{{1,63}}(?:\s?[(\[{{]\s?dot\s?[)\]}}]\s?|\sdot\s)[^\W\d_]{{2,24}}"
    rf"|\s?[(\[{{]\s?at\s?[)\]}}]\s?[\w-]{{1,63}}\.[^\W\d_]{{2,24}}"
    rf"|\sat\s(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|gmx|web|proton(?:mail)?|aol){_DOT}[^\W\d_]{{2,6}})(?!\w)",
    re.IGNORECASE,
)
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

_GAP = r"[ \u00a0\u2009().\-\u2010-\u2013/]{0,3}"
_DIGITS = re.compile(rf"(?<![\w+])(?:\(?\+\(?|\()?\d(?:{_GAP}\d){{6,30}}(?!\w)")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)?\d\d)(?![\d-]|\.\d)"
)
_NORTH_AMERICA = re.compile(r"(?:\+?1[-. ]?)?\(?[2-9]\d\d\)?[-. ]{1,2}[2-9]\d\d[-. ]\d{4}")
_DECIMALS = re.compile(r"[,.:]\d")
_WITHIN = re.compile(r"\d[.,:]$")  # the rest of a decimal number or a time
_PLAIN = frozenset("0123456789 .-()+\u00a0\n")
_MOST_GROUPS = 8  # +49 (0) 30 90 18 20 12 has seven
_CUE = re.compile(
    r"(?:call|phone|tel|telephone|telefon|mobile|mob|cell|text|sms|whatsapp|ring|dial|fax|handy|hotline|reach)"
    r"(?:\s+(?:me|us|her|him|them|line))?(?:\s+(?:on|at|under|is|number|no|nr))*\s?[.:#]*\s*(?:\+|\()?$|[☎📞📱]\s*$",
    re.IGNORECASE,
)
_NUMBER_CUE = re.compile(r"(?:isbn|issn|ean|asin|order|invoice|ticket|article|serial|part|model|item|error|id|no|nr|#)"
                         r"[-\w]{0,4}(?:\s+(?:number|no|nr|code))?\s?[.:#]*\s*$", re.IGNORECASE)  # fmt: skip
_MONEY_BEFORE = re.compile(r"(?:[$€£¥₹]|\b(?:usd|eur|gbp|chf|rs|inr|aud|cad))\s?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(r"\s?(?:[€$£¥₹%]|(?:usd|eur|gbp|chf|dollars?|euros?|pounds|bucks|kr)\b)", re.IGNORECASE)


def mask_contacts(text: str) -> str:
    """The text with each e-mail address and telephone number replaced by what it was."""
    if "@" in text or " at " in text or "at)" in text or "at]" in text or "at}" in text:
        text = _SPELLED.sub(E_MAIL, _ADDRESS.sub(E_MAIL, text))
    pieces, end = [], 0
    for start, stop in _phones(text):
        pieces += [text[end:start], PHONE]
        end = stop
    return "".join([*pieces, text[end:]])


def _phones(text: str) -> Iterator[tuple[int, int]]:
    webs = [match.span() for match in _WEB.finditer(text)]
    for match in _DIGITS.finditer(text):
        if not any(start <= match.start() < end for start, end in webs):
            yield from _phones_within(text, match.start(), match.end())


def _phones_within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Telephone numbers in a run of digits and gaps: at each group, the longest that is one."""
    groups = [group.span() for group in _GROUP.finditer(text, start, end)]
    if all(stop - begin == 1 for begin, stop in groups):  # 1 2 3 4 5 6 7: nobody writes a number so
        return
    first = 0
    while first < len(groups):
        begin = groups[first][0]
        while begin > start and text[begin - 1] in "+(":
            begin -= 1
        ends = [stop for _, stop in groups[first : first + _MOST_GROUPS]]
        stop = _longest_phone(text, begin, ends)
        if stop is not None:
            yield begin, stop
            first += ends.index(stop)
        first += 1


def _longest_phone(text: str, start: int, ends: list[int]) -> int | None:
    """The last of these ends at which a telephone number from `start` may end."""
    before = text[max(0, start - 40) : start]
    if _WITHIN.search(before):
        return None
    called = counted = False
    if not _PLAIN.issuperset(before[-12:]):  # between numbers, as in tables, there is no word to look for
        if before.endswith(("=", "/", "_", ",")) or _MONEY_BEFORE.search(before):
            return None
        called, counted = _CUE.search(before) is not None, _NUMBER_CUE.search(before) is not None
    for end in reversed(ends):
        number = text[start:end]
        digits = "".join(filter(str.isdigit, number))
        if not 7 <= len(digits) <= 15 + digits.startswith("00"):
            continue
        looks = (end == ends[0] or ends[0] - start < 7) if called else not counted and _has_form(number, digits)
        if looks and not _measures(number, text[end : end + 12]):
            return end
    return None


def _measures(number: str, after: str) -> bool:
    """Whether this is an amount, a date or another number that measures something."""
    if _MONEY_AFTER.match(after) or _DECIMALS.match(after) or _DATE.match(number.lstrip("(")):
        return True
    return _quantity(number)


def _has_form(number: str, digits: str) -> bool:
    if number.lstrip("(").startswith("+"):
        return len(digits) >= 8
    if len(digits) == 13 and digits.startswith(("978", "979")):  # an ISBN
        return False
    if _NORTH_AMERICA.fullmatch(number):
        return True
    if digits.startswith("00"):
        return len(digits) >= 10 and digits[2] != "0"
    if len(number) == len(digits):  # without a gap, only the commonest mobile numbers are told from other numbers
        return len(digits) == 11 and digits.startswith(("01", "07"))
    return digits.startswith("0") and 9 <= len(digits) <= 12


def _quantity(number: str) -> bool:
    """A plain number, a list of years, a version, a range or the address of a machine."""
    groups = _GROUP.findall(number)
    gaps = set(re.findall(r"[^\d+]+", number))
    if number.startswith(("+", "(")):
        return False
    if all(len(group) == 4 and group[:2] in ("18", "19", "20") for group in groups):
        return True
    if "." in gaps:
        if len(gaps) > 1:  # 9.75 8.50 4.00
            return True
        french = len(groups) == 5 and all(len(group) == 2 for group in groups) and groups[0][0] == "0"
        return not french and [len(group) for group in groups] != [3, 3, 4]
    thousands = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return thousands and groups[0][0] != "0" and gaps <= {" ", "\u00a0", "\u2009"}
