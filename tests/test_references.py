"""An entry of a list of references is one thing, and no advice."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.advice.references import is_entry, whole_entries
from threadwise.advice.sentences import read_post
from threadwise.advice.statements import statements
from threadwise.domain import Post, Thread, with_roles
from threadwise.index.spans import sentence_spans

ENTRY = "Fox, P., & Goat, O. (1996). Taps in use: a review of ten winters. Journal of Household Repairs, 8(1), 58-90."


def of(reply: str) -> list[str]:
    posts = (Post("1", "What is written about dripping taps?", "ann"), Post("2", reply, "mo", reply_to="1"))
    found = Thread("t", "Taps", with_roles(posts))
    return [one.text for one in statements(found, found.posts[1]) if one.alone]


@pytest.mark.parametrize(
    "sentence",
    [
        "Fox, P. (2005).",
        "- Fox, P. B. (2004). Layered taps (2nd ed.). Amherst: Brains.",
        "[3] Fox, P. (2011a). On taps.",
        "American Journal of Taps, 68(8), 749-757.",
        "Taps and Valves, Vol. 3, pp. 12-15",
        "doi:10.1000/182",
    ],
)
def test_a_source_is_known_by_its_form(sentence: str) -> None:
    assert is_entry(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "You should close the valve (it turns left).",
        "Peter, B. said in 2004 that taps drip.",
        "Buy 2 (3) washers, 12-15 mm wide.",
        "Take vol. 3, it has more pictures.",
    ],
)
def test_advice_with_names_and_numbers_is_no_source(sentence: str) -> None:
    assert not is_entry(sentence)


def test_an_entry_is_no_point_and_is_whole_where_a_colon_announces_it() -> None:
    assert of(ENTRY) == []
    assert of(f"I know these.\n\n- {ENTRY}\n- {ENTRY}") == []
    assert of(f"For the seal you should read the following paper:\n\n{ENTRY}\n\nIt is good.")[0] == (
        f"For the seal you should read the following paper:\n\n{ENTRY}"
    )


def test_what_follows_an_entry_in_a_paragraph_of_its_own_is_read_by_itself() -> None:
    read = [one.text for one in read_post(Post("2", f"{ENTRY}\n\nYou should read it. Then change the seal.", "mo"))]

    assert read == [ENTRY, "You should read it.", "Then change the seal."]


@given(
    st.lists(st.sampled_from(["Fox, P. (2005). ", "On taps. ", "\n\n", "- ", "Why? ", "(1999) ", "Goat, O. "])).map(
        "".join
    )
)
def test_putting_entries_together_keeps_all_characters_in_order(text: str) -> None:
    found = whole_entries(text, sentence_spans(text))

    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    assert "".join("".join(text[start:end] for start, end in found).split()) == "".join(text.split())
