# ruff: noqa: E501 - word lists and tables read better unbroken
"""Numbers and measures: read from tokens, compared with conversion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from threadwise.advice.claims.text import Token

_WORDS = {
    word: float(value)
    for value, words in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
    for word in (words,)
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_SCALES = {"hundred": 100.0, "thousand": 1000.0, "k": 1000.0, "million": 1e6, "dozen": 12.0}

_TABLES: dict[str, dict[str, float]] = {
        "time": {"second seconds sec secs s": 1, "minute minutes min mins": 60, "hour hours hr hrs h": 3600, "day days daily": 86400,
             "night nights nightly": 86400, "week weeks wk wks weekly": 604800, "fortnight fortnights fortnightly": 1209600,
             "month months monthly": 2629800, "year years yr yrs yearly annually": 31557600},
    "length": {"mm millimetre millimetres millimeter millimeters": 0.001, "cm centimetre centimetres centimeter centimeters": 0.01,
               "m metre metres meter meters": 1, "km kilometre kilometres kilometer kilometers k": 1000, "inch inches": 0.0254,
               "foot feet ft": 0.3048, "yard yards": 0.9144, "mile miles": 1609.344},
    "mass": {"mg milligram milligrams": 1e-6, "g gram grams gramme grammes": 0.001, "kg kilo kilos kilogram kilograms": 1,
             "oz ounce ounces": 0.02835, "lb lbs pound-weight": 0.4536, "stone": 6.35},
    "volume": {"ml millilitre millilitres milliliter": 0.001, "cl": 0.01, "l litre litres liter liters": 1, "tsp teaspoon teaspoons": 0.005,
               "tbsp tablespoon tablespoons": 0.015, "cup cups": 0.24, "pint pints": 0.568, "gallon gallons": 4.546},
    "share": {"% percent per-cent": 0.01},
    "degrees": {"° degrees degree": 1, "°c celsius": 1, "°f fahrenheit": -1},
    "pounds": {"£ pound pounds quid gbp": 1, "p pence penny": 0.01},
    "euros": {"€ euro euros eur": 1, "cent cents": 0.01},
    "dollars": {"$ dollar dollars bucks usd": 1},
    "pressure": {"bar": 1, "psi": 0.0689},
    "power": {"w watt watts": 1, "kw": 1000}, "volts": {"v volt volts": 1}, "kelvin": {"kelvin": 1},
    "times": {"time times": 1, "x": 1},
}  # fmt: skip
UNITS: dict[str, tuple[str, float]] = {
    unit: (dimension, factor)
    for dimension, table in _TABLES.items()
    for units, factor in table.items()
    for unit in units.split()
}
_MONEY = frozenset("£€$¥")
_RATE = {"daily": 86400.0, "nightly": 86400.0, "weekly": 604800.0, "fortnightly": 1209600.0, "monthly": 2629800.0, "yearly": 31557600.0,
         "annually": 31557600.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, as given and in the base unit of its dimension; `dimension` is empty for a plain number."""

    value: float
    base: float
    dimension: str
    places: frozenset[int]


def measures(words: Sequence[Token]) -> list[Measure]:
    """The numbers of a text in order."""
    found: list[Measure] = []
    i = 0
    while i < len(words):
        value, after = _number(words, i)
        if value is None:
            if words[i].text in _RATE:
                found.append(Measure(1, _RATE[words[i].text], "time", frozenset({i})))
            elif words[i].text in ("once", "twice", "thrice"):
                times = float(("once", "twice", "thrice").index(words[i].text) + 1)
                if times > 1:
                    found.append(Measure(times, times, "times", frozenset({i})))
            i += 1
            continue
        unit, end = _unit(words, i, after)
        if unit is None and words[i].text in ("one", "a", "an"):
            i += 1
            continue
        dimension, factor = UNITS[unit] if unit else ("", 1.0)
        base = (value - 32) * 5 / 9 if unit in ("°f", "fahrenheit") else value * factor
        found.append(Measure(value, base, dimension, frozenset(range(i, end))))
        i = max(after, i + 1)
    return _with_shared_units(found, words)


def _number(words: Sequence[Token], i: int) -> tuple[float | None, int]:
    """The number that is written at a place, where one is, and the place after it."""
    text = words[i].text
    if text in _FRACTIONS:
        return _FRACTIONS[text], i + 1
    if text[0].isdecimal():  # a superscript is a digit and no number
        return _in_digits(words, i)
    if text in _WORDS:
        return _in_words(words, i)
    if text == "half":
        return _half(words, i)
    if text in ("a", "an") and i + 1 < len(words):
        return _one(words, i)
    return None, i + 1


def _in_digits(words: Sequence[Token], i: int) -> tuple[float, int]:
    """`3`, `2 ½`, `3 million`; of a k that stands apart nobody knows what it counts."""
    value = _digits(words[i].text)
    i += 1
    if i < len(words) and words[i].text in _FRACTIONS:
        return value + _FRACTIONS[words[i].text], i + 1
    if i < len(words) and words[i].text in _SCALES and words[i].text != "k":
        return value * _SCALES[words[i].text], i + 1
    return value, i


def _in_words(words: Sequence[Token], i: int) -> tuple[float, int]:
    """`twenty-one`, `two hundred`, `one and a half`."""
    value = _WORDS[words[i].text]
    i += 1
    j = i + 1 if i < len(words) and words[i].text == "-" else i
    if value >= 20 and j < len(words) and 0 < _WORDS.get(words[j].text, 0.0) < 10:
        value, i = value + _WORDS[words[j].text], j + 1
    if i < len(words) and words[i].text in _SCALES:
        value, i = value * _SCALES[words[i].text], i + 1
    if i + 2 < len(words) and [w.text for w in words[i : i + 3]] == ["and", "a", "half"]:
        return value + 0.5, i + 3
    return value, i


def _half(words: Sequence[Token], i: int) -> tuple[float | None, int]:
    """`half an hour`; half of what is no measure is no number."""
    j = i + 2 if i + 1 < len(words) and words[i + 1].text in ("a", "an") else i + 1
    if j < len(words) and words[j].text in UNITS:
        return 0.5, j
    return None, i + 1


def _one(words: Sequence[Token], i: int) -> tuple[float | None, int]:
    """`a hundred`, `a couple of`, `an hour`; most an `a` counts nothing."""
    following = words[i + 1].text
    if following in _SCALES and following != "k":
        return _SCALES[following], i + 2
    if following in ("couple", "pair"):
        return 2.0, i + (3 if i + 2 < len(words) and words[i + 2].text == "of" else 2)
    if (
        following in UNITS
        and len(following) > 2
        and following not in ("second", "time", "bar", "stone", "cup", "pound")
    ):
        return 1.0, i + 1
    return None, i + 1


def _digits(text: str) -> float:
    parts = text.replace(",", "")
    if parts.count(".") > 1 or ":" in parts:
        head, _, tail = parts.replace(":", ".").partition(".")
        return float(head) + float("0." + tail.replace(".", "")) if tail else float(head)
    if "." in parts and len(parts.partition(".")[2]) == 3 and len(parts.partition(".")[0]) <= 3:
        return float(parts.replace(".", ""))  # 2.050 € as continental writers have it
    return float(parts)


def _unit(words: Sequence[Token], start: int, after: int) -> tuple[str | None, int]:
    if start and words[start - 1].text in _MONEY:
        return words[start - 1].text, after
    for j in (after, after + 1):
        if (
            j < len(words)
            and words[j].text in UNITS
            and (
                j == after
                or words[after].text
                in (
                    "-",
                    "more",
                    "full",
                    "whole",
                    "good",
                    "solid",
                    "extra",
                    "long",
                    "short",
                    "odd",
                    "or",
                )
            )
        ):
            return words[j].text, j + 1
    return None, after


def _with_shared_units(found: list[Measure], words: Sequence[Token]) -> list[Measure]:
    """Give `15` in `15-20 km` and `two to three weeks` the unit that stands after the second number."""
    for i in range(len(found) - 2, -1, -1):
        one, other = found[i], found[i + 1]
        between = {words[j].text for j in range(max(one.places) + 1, min(other.places))}
        if (
            not one.dimension
            and other.dimension
            and between
            and between <= {"-", "to", "or", "and", ",", "£", "€", "$", "until"}
        ):
            factor = other.base / other.value if other.value else 1.0
            found[i] = Measure(one.value, one.value * factor, other.dimension, one.places)
    return found


def stated(claim: Measure, source: Sequence[Measure]) -> bool:
    """Whether a source states a claim's number: equal within 1 %, or within 4 % after a conversion."""
    for one in source:
        if claim.dimension and one.dimension:
            if claim.dimension == one.dimension and _close(
                claim.base, one.base, 0.01 if claim.value == one.value else 0.04
            ):
                return True
        elif _close(claim.value, one.value, 0.001):
            return True
    return False


def _close(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other), 1e-9)
