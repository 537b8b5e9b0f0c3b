"""What a model writes is read as sentences with ids, however it decorates them; what it read could not act."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.advice.generating.checking import checked
from threadwise.advice.generating.prompt import messages, new_id
from threadwise.advice.generating.reading import Reader, Restated
from threadwise.advice.verify import supports

ONE, TWO = "e11aa11", "e22bb22"


def read(text: str, size: int = 5) -> list[tuple[str, str]]:
    reader = Reader([ONE, TWO])
    found: list[Restated] = []
    for at in range(0, len(text), size):
        found += reader.feed(text[at : at + size])
    return [(one.name, one.text) for one in [*found, *reader.end()]]


@pytest.mark.parametrize(
    "line",
    [
        f"Dry it out. [{ONE}]",
        f"[{ONE}] Dry it out.",
        f"{ONE}: Dry it out.",
        f"- Dry it out. ({ONE})",
        f"1. Dry it out. [{ONE}]",
        f"* **Dry it out.** [{ONE}]",
        f'"Dry it out." [{ONE}]',
        f"“Dry it out.” [{ONE}].",
        f"Dry it out. [{ONE}] [e999999]",
        f"Dry it out. [3] [{ONE}]",
        f"Dry it out.\n[{ONE}]",
        f"<think>Hm, {ONE} says do lunges. [{ONE}]\nLunges? [{ONE}]\n</think>\nDry it out. [{ONE}]",
        f"Here is what they say:\n\nDry it out. [{ONE}]\n",
    ],
)
def test_a_line_is_read_however_it_is_decorated(line: str) -> None:
    assert read(line) == [(ONE, "Dry it out.")]


def test_two_sentences_on_a_line_go_with_their_own_ids() -> None:
    assert read(f"Dry it. [{ONE}] Sand it. [{TWO}]") == [(ONE, "Dry it."), (TWO, "Sand it.")]
    assert read(f"[{ONE}] Dry it. [{TWO}] Sand it.") == [(ONE, "Dry it."), (TWO, "Sand it.")]


def test_a_sentence_with_two_ids_is_read_for_both() -> None:
    assert read(f"Dry it. [{ONE}, {TWO}]") == [(ONE, "Dry it."), (TWO, "Dry it.")]


@pytest.mark.parametrize("text", ["", "Dry it out.", "[e999999] Dry it.", f"[{ONE}]", f"... [{ONE}]", f"x{ONE}x no"])
def test_what_has_no_id_or_no_words_says_nothing(text: str) -> None:
    assert read(text) == []


@given(st.text(max_size=300), st.integers(1, 50))
def test_any_text_is_read_the_same_in_any_pieces(text: str, size: int) -> None:
    text = f"{text}\nDry it. [{ONE}]"
    assert read(text, size) == read(text, len(text))


@given(st.text(max_size=200))
def test_the_copy_that_a_model_reads_has_no_marks_that_act(text: str) -> None:
    name = new_id()
    _, data = messages(text, {name: text})

    read_back = json.loads(data.text)
    for copy in (read_back["question"], read_back["excerpts"][0]["text"]):
        assert not set(copy) & set("<>[]{}|`\n\r\u202e\u200b\x1b")
    assert read_back["excerpts"][0]["id"] == name


@given(st.text(max_size=120), st.text(min_size=1, max_size=120))
def test_nothing_passes_that_the_checker_refuses(said: str, quote: str) -> None:
    if text := checked([said], quote):
        assert supports(text, quote).supported


def test_a_quote_passes_as_no_restatement_of_itself_nor_does_a_piece_of_it() -> None:
    quote = "Never mix bleach and vinegar in a bucket."
    for said in (quote, "mix bleach and vinegar", "Mix bleach and vinegar in a bucket."):
        assert checked([said], quote) == ""


def test_a_scrap_of_a_quote_does_not_stand_for_it() -> None:
    quote = "Let the top 3 cm dry out completely between waterings, finger test, pot by pot."
    assert checked(["Finger test, pot by pot, 1. Let the top 3 cm dry out completely between waterings."], quote) == ""
    assert checked(["Pot by pot, do a finger test."], quote) == ""
    whole = "Let the top 3 cm dry out completely between waterings; do a finger test, pot by pot."
    assert checked([whole], quote) == whole


def test_what_somebody_did_or_thought_of_is_not_told_to_anybody() -> None:
    quote = "I thought about drinking cranberry juice for it."
    assert checked(["Drink cranberry juice for it."], quote) == ""
    told = "One poster thought about drinking cranberry juice for it."
    assert checked([told], quote) == told
    named = "Rosalind thought about drinking cranberry juice for it."
    assert [checked([named], quote, speaker) for speaker in ("rosalind", "ben")] == [named, ""]


@pytest.mark.parametrize(
    ("quote", "turned", "said"),
    [
        ("Sand the door before you wax the edge.", False, "Wax the edge before you sand the door."),
        ("Sand the door before you wax the edge.", False, "Wax the door before you sand the edge."),
        (
            "You should let the pot dry out between waterings.",
            True,
            "Between waterings you should let the pot dry out.",
        ),
        (
            "The bucket is nearly empty, the dragon tree happy.",
            False,
            "The dragon is nearly empty, the bucket tree happy.",
        ),
        ("Water it weekly, never in the morning sun.", False, "Never water it weekly in the morning sun."),
        ("Stretch the calf and rest the knee.", False, "Rest the calf and stretch the knee."),
    ],
)
def test_words_in_another_order_say_something_else(quote: str, turned: bool, said: str) -> None:
    assert checked([said], quote) == (said if turned else "")


def test_a_condition_in_the_sentence_after_is_kept() -> None:
    quote = "Sand the edge of the door. Only if it is dull, not sharp."
    assert checked(["The edge of the door: sand it."], quote) == ""
