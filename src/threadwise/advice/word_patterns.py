"""Patterns of words, the language in which the safety rules are written.

    want|wants|wanna        one of these words               suicid*     a word that starts so
    (want to|wanna)         one of these phrases             {drug}      any word or phrase of a named list
    (kill|end) it           one of these words, then `it`    (<n> days|ages)  phrases may count
    ?really  ?(so much)     what may stand there             <n>         a number, in figures or as a word
    _   ..   ...            up to one / three / six words    ^   $       the start / the end of a sentence
    ^^  $$                  the start / the end of the whole text
    a & b                   both, in any order, within 30 words

`kill|end it` is refused: a reader cannot tell whether `kill it` is meant or `kill`, and what is meant one way and read
the other never matches.

Words are plain words (`plain_words`): no case, no apostrophes. A pattern never reaches over the end of a sentence,
except by `&`. Every repetition is bounded, so the time to look for a pattern grows with the length of the text and no
faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeAlias

from threadwise.advice.plain_words import BREAK, plain
from threadwise.advice.words import FUNCTION_WORDS

GAPS = {"_": 1, "..": 3, "...": 6}
WITHIN = 30
"""How many words may lie between the parts of `a & b`."""

_ANY_WORD = f"(?:[^ {BREAK}]+ )"
_NUMBER = (
    r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty|forty|"
    r"fifty|sixty|hundred|thousand|dozen|couple|few|several|handful|half) "
)
_LETTERS = {"*": "[^ ]*", "#": _NUMBER.rstrip()}
_EDGES = {"^": f"(?<={BREAK} )", "$": f"(?={BREAK})", "^^": rf"(?<=\A {BREAK} )", "$$": rf"(?={BREAK} \Z)"}
_BRACES = re.compile(r"\{([^{}]*)\}")
_UNSPACED = r"\u2e80-\u9fff\uf900-\ufaff"  # scripts written without blanks: Chinese and Japanese
_PIECE = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W\d_])+\*?|\d+(?:\.\d+)?\*?|\*")
_NO_WORD = re.compile(r"[{}<>\"^$&?]")
_COUNT = "#"
"""Stands for `<n>` in a phrase; no plain word has it."""

_OUTSIDE = re.compile(r"[\s|?()&]+")
_ELEMENT = re.compile(r"\??\([^()]*\)|\S+")
_COMMON = FUNCTION_WORDS | frozenset(
    "dont cant im ive id ill isnt wasnt doesnt didnt wont its hes shes theyre youre whats he she was were did does be "
    "been day days time week year years good feel feeling back old long new right safe how much many".split()
)

_Tree: TypeAlias = "dict[str, _Tree]"

Phrase = tuple[str, ...]
"""Plain words in a row; the last letter of one may be `*`."""

Span = tuple[int, int]


class PatternError(ValueError):
    """A pattern cannot be read; says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a pattern: what may stand there."""

    phrases: tuple[Phrase, ...] = ()
    fixed: str = ""
    """A regular expression of its own, for gaps, edges and numbers."""
    optional: bool = False

    @property
    def expression(self) -> str:
        """A regular expression that takes in the blank, and the comma, after it."""
        if self.fixed and self.fixed != _NUMBER:
            return self.fixed
        expression = f"{self.fixed or _either(self.phrases)}(?:, )?"
        return f"(?:{expression})?" if self.optional else expression

    @property
    def words(self) -> frozenset[str]:
        """Words of which one must be in a text that matches; none where the element may be missing."""
        written = [[word for word in phrase if word != _COUNT] for phrase in self.phrases]
        if self.optional or not all(written):
            return frozenset()
        return frozenset(words[0] if len(words) == 1 else min(words, key=_word_commonness) for words in written)


@dataclass(frozen=True)
class Pattern:
    """One pattern, ready to look for. Regular expressions are made when a text first needs them."""

    source: str
    parts: tuple[tuple[Element, ...], ...]
    anchors: frozenset[str]
    """A text without any of these words cannot match; a trailing `*` stands for any ending."""

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile("(?<= )" + "".join(element.expression for element in part)) for part in self.parts)

    def find(self, text: str) -> Iterator[tuple[Span, ...]]:
        """Where the pattern matches a plain text, each as one span a part."""
        first, *others = self._compiled
        rest = [[match.span() for match in part.finditer(text)] for part in others]
        if not all(rest):
            return
        for match in first.finditer(text):
            near = [_nearest(match.span(), spans, text) for spans in rest]
            found = [span for span in near if span is not None]
            if len(found) == len(near):
                yield match.span(), *found


def may_touch(guard: Pattern, others: Iterable[Pattern]) -> bool:
    """Whether a text can exist in which the guard and one of the others match words in common.

    Sure only where it says no: they share no word, and none has a gap inside that takes in any word.
    """
    words, gap = _reach(guard)
    for other in others:
        theirs, gap_ = _reach(other)
        if gap or gap_ or any(_same(one, two) for one in words for two in theirs):
            return True
    return False


def _reach(pattern: Pattern) -> tuple[frozenset[str], bool]:
    elements = [element for part in pattern.parts for element in part]
    words = frozenset(word for element in elements for phrase in element.phrases for word in phrase)
    gap = any(element.fixed.startswith(_ANY_WORD) for part in pattern.parts for element in part[1:-1])
    return words | {_COUNT for element in elements if element.fixed == _NUMBER}, gap


def _same(one: str, two: str) -> bool:
    if one.endswith("*") or two.endswith("*"):
        short, long = sorted((one.removesuffix("*"), two.removesuffix("*")), key=len)
        return long.startswith(short)
    return one == two


def parse(source: str, lists: Mapping[str, Iterable[Phrase]]) -> Pattern:
    """Read one pattern.

    Raises:
        PatternError: It is empty, names a list that does not exist, has nothing but gaps and optional words, or can be
            read in two ways for want of brackets.
    """
    tokens = [[str(token) for token in _ELEMENT.findall(part)] for part in source.split(" & ")]
    for part in tokens:
        for one, two in pairwise(part):
            _readable(one, two)
    parts = [tuple(_element(token, lists) for token in part) for part in tokens]
    if not all(parts):
        raise PatternError(f"{source!r} has an empty part")
    anchors = [element.words for part in parts for element in part if element.words]
    if not anchors:
        raise PatternError(f"{source!r} has no word that must be there")
    return Pattern(source, tuple(parts), min(anchors, key=_commonness))


def phrases(source: str, lists: Mapping[str, Iterable[Phrase]]) -> tuple[Phrase, ...]:
    """Read a named list: words and phrases parted by commas; `{name}` takes in another list.

    Raises:
        PatternError: It names a list that does not exist, or `*` stands elsewhere than at the end of a word.
    """
    found: list[Phrase] = []
    for entry in source.replace("\n", " ").split(","):
        if braces := _BRACES.fullmatch(entry.strip()):
            found += _named(braces[1], lists)
        elif entry.strip():
            found.append(_phrase(entry))
    return tuple(dict.fromkeys(found))


def literals(patterns: Iterable[Pattern]) -> set[str]:
    """The words that patterns are written with (those of their named lists are not repeated here)."""
    written = {word for pattern in patterns for word in _OUTSIDE.split(_BRACES.sub(" ", pattern.source))}
    return {part for word in written for part in _split(word) if part.isalpha()}


def _readable(one: str, two: str) -> None:
    """Refuse `a|b c`, which might be meant as `(a|b) c` or as `(a|b c)`."""
    if "|" in one + two and not any("(" in each or each in {*GAPS, *_EDGES, "<n>"} for each in (one, two)):
        raise PatternError(
            f"{f'{one} {two}'!r} can be read in two ways; put words to choose from in brackets, as in `(kill|end) it`, "
            "and phrases too, as in `(end it|die)`"
        )


def _element(token: str, lists: Mapping[str, Iterable[Phrase]]) -> Element:
    if token in GAPS:
        return Element(fixed=f"{_ANY_WORD}{{0,{GAPS[token]}}}?")
    if token in _EDGES:
        return Element(fixed=_EDGES[token])
    optional, body = token.startswith("?"), token.removeprefix("?")
    if body == "<n>":
        return Element(fixed=_NUMBER, optional=optional)
    if body.startswith("("):
        body = body[1:-1]
    elif "(" in body or ")" in body:
        raise PatternError(f"{token!r} has half a pair of brackets")
    return Element(
        tuple(phrase for entry in body.split("|") for phrase in _alternative(entry, lists)), optional=optional
    )


def _alternative(entry: str, lists: Mapping[str, Iterable[Phrase]]) -> Iterable[Phrase]:
    if braces := _BRACES.fullmatch(entry):
        return _named(braces[1], lists)
    return [_phrase(entry)]


def _named(name: str, lists: Mapping[str, Iterable[Phrase]]) -> Iterable[Phrase]:
    if name not in lists:
        raise PatternError(f"there is no list {{{name}}}")
    return lists[name]


@lru_cache(maxsize=16384)
def _phrase(entry: str) -> Phrase:
    if _NO_WORD.search(entry.replace("<n>", "")):
        raise PatternError(f"{entry.strip()!r} is no word or phrase; a {{list}} stands alone between `|` or commas")
    pieces = [(_COUNT,) if piece == "<n>" else _split(piece) for piece in entry.split()]
    words = tuple(word for piece in pieces for word in piece)
    if not words or not all(pieces) or any("*" in word[:-1] or word == "*" for word in words):
        raise PatternError(f"{entry.strip()!r} is no word or phrase; `*` may stand at the end of a word")
    return words


def _split(word: str) -> Sequence[str]:
    """A typed word as plain words: `self-harm` is two, `10mg` is two, each Chinese character is one."""
    if word.isascii() and word.removesuffix("*").isalpha():  # nearly all are: thousands are read at every start
        return (word.lower(),)
    pieces = _PIECE.findall(plain(word))
    return [str(piece) for piece in pieces]


@lru_cache(maxsize=4096)
def _either(found: tuple[Phrase, ...]) -> str:
    """One expression for many phrases, sharing their beginnings, so that a hundred cost little more than one."""
    tree: _Tree = {}
    for phrase in found:
        node = tree
        for letter in " ".join(phrase) + " ":
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(tree)


def _branch(tree: _Tree) -> str:
    written = [
        _LETTERS.get(letter, re.escape(letter)) + _branch(below) for letter, below in sorted(tree.items()) if letter
    ]
    if not written:
        return ""
    either = written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"
    return f"(?:{either})?" if "" in tree else either


def _nearest(span: Span, others: list[Span], text: str) -> Span | None:
    """The first of these spans that lies within reach and does not overlap."""
    for start, end in others:
        if end <= span[0]:
            between = text[end : span[0]]
        elif start >= span[1]:
            between = text[span[1] : start]
        else:
            continue
        if between.count(" ") <= WITHIN:
            return start, end
    return None


def _commonness(words: frozenset[str]) -> tuple[bool, int, str]:
    return not _COMMON.isdisjoint(words), len(words), min(words)


def _word_commonness(word: str) -> tuple[bool, int]:
    return word in _COMMON, -len(word)
