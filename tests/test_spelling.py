"""Misspelled words are read as the corpus's own, and nothing else is touched."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.domain import Part, Passage
from threadwise.retrieval import spelling


class Words:
    """A vocabulary of whole words with counts; a final s is the only inflection."""

    def __init__(self, counts: dict[str, int], english: str = "") -> None:
        self.counts = Counter(counts)
        self.english = set(english.split())

    def terms(self, text: str) -> list[str]:
        return [word.removesuffix("s") for word in re.findall(r"[^\W_]+", text.lower())]

    def frequency(self, term: str) -> int:
        return self.counts[term]

    def stems(self, prefix: str) -> list[tuple[str, int]]:
        return [(stem, count) for stem, count in self.counts.items() if stem.startswith(prefix)]

    def holding(self, stem: str, k: int) -> list[Passage]:
        text = f"Some {stem}s, another {stem}s and a {stem}."
        return [Passage("t", "1", 0, len(text), text, Part.REPLY)] if self.counts[stem] else []

    def is_word(self, word: str) -> bool:
        return word in self.english


COUNTS = {"magnesium": 9, "blister": 30, "blisterer": 3, "bright": 8, "knee": 40, "rosemary": 1}
CORPUS = Words(COUNTS | {"lulu": 50, "lu": 2, "how": 99, "long": 80}, english="latex brighter")


def read(text: str) -> str:
    return spelling.apply(text, spelling.repairs(text, CORPUS))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Magnesuim for cramps", "magnesium for cramps"),  # two letters swapped
        ("my blsiters hurt", "my blisters hurt"),  # in the form nearest to what was written
        ("magneseum", "magnesium"),  # one letter changed
        ("magnezum?", "magnesium?"),  # two edits in a long word
        ("rosemery", "rosemary"),  # once in the corpus, one letter off
        ("howlong does it take", "how long does it take"),
        ("the way to LU LU please", "the way to lulu please"),
    ],
)
def test_a_misspelled_word_is_read_as_the_corpus_writes_it(written: str, meant: str) -> None:
    assert read(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "knees",  # the corpus has it
        "brighter latex",  # English, though the corpus has only a neighbour
        "kene",  # too short to say
        "blizxer",  # two edits are too many for seven letters
        "rosamery",  # once in the corpus, two letters off
        "magnesium2",  # no word at all
        "zzzzzzzz",  # nothing is near
        "how long",  # written as one word nowhere
        "",
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert read(text) == text


def test_what_was_changed_is_told() -> None:
    assert spelling.repairs("no magnesuim here", CORPUS) == (spelling.Repair(3, 12, "magnesuim", "magnesium"),)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("abcd", "abcd", 0),
        ("abcd", "abdc", 1),
        ("abcd", "acd", 1),
        ("abcd", "axcd", 1),
        ("abcd", "dcba", 3),
        ("", "a", 1),
    ],
)
def test_edits_are_counted(one: str, other: str, distance: int) -> None:
    assert spelling.edits(one, other, 2) == distance


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_edits_are_the_same_both_ways(one: str, other: str) -> None:
    assert spelling.edits(one, other, 9) == spelling.edits(other, one, 9)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    found = spelling.repairs(text, CORPUS)
    assert all(text[repair.start : repair.end] == repair.written for repair in found)
