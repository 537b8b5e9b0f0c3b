"""The question that could be posted: a title and a body, in the asker's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.advice.answerability.draft import LONGEST_TITLE, draft
from threadwise.advice.words import tokens
from threadwise.retrieval.query import Query, understand


def drafted(query: Query) -> str:
    """The draft of what was asked in words."""
    written = draft(query)
    assert written is not None
    return written


@pytest.mark.parametrize(
    ("said", "title", "body"),
    [
        (
            "which heart rate zone for easy runs if i take beta blockers",
            "Which heart rate zone for easy runs if I take beta blockers?",
            "Which heart rate zone for easy runs if I take beta blockers?",
        ),
        (
            "I've got two cats and a small flat. how do i keep the litter off the sofa? thanks!",
            "How do I keep the litter off the sofa?",
            "I've got two cats and a small flat. How do I keep the litter off the sofa? Thanks!",
        ),
        (
            "freelancer here, how do I get a mortgage with an irregular income",
            "Freelancer here, how do I get a mortgage with an irregular income?",
            "Freelancer here, how do I get a mortgage with an irregular income?",
        ),
        (
            "so tired after lunch, should I nap?",
            "Tired after lunch, should I nap?",
            "Tired after lunch, should I nap?",
        ),
        ("well water tastes of iron", "Well water tastes of iron", "Well water tastes of iron."),
        ("hi-fi hums", "Hi-fi hums", "Hi-fi hums."),
        ("Hi all, my chain drops off", "My chain drops off", "My chain drops off."),
        ("chain drops off to the inside", "Chain drops off to the inside", "Chain drops off to the inside."),
    ],
)
def test_a_question_is_drafted_in_its_own_words(said: str, title: str, body: str) -> None:
    assert drafted(Query(said)) == f"{title}\n\n{body}"


@pytest.mark.parametrize("said", ["tag:running", "tag:running tag:knees status:solved", "a", "7?"])
def test_where_nothing_is_asked_in_words_there_is_nothing_to_post(said: str) -> None:
    assert draft(understand(said)) is None


def test_filters_are_no_part_of_what_is_posted() -> None:
    assert drafted(understand("tag:running sore knee")) == "Sore knee\n\nSore knee."


def test_what_says_little_is_no_title() -> None:
    assert drafted(Query("My monstera drops its leaves. What now?")).splitlines()[0] == "My monstera drops its leaves"


def test_a_long_title_ends_with_a_whole_clause() -> None:
    said = (
        "I began jogging this spring and every evening the small of my back aches so badly that I cannot bend down, "
        "and the next day too"
    )

    title, _, body = drafted(Query(said)).split("\n")

    assert title == "I began jogging this spring and every evening the small of my back aches"
    assert body == said + "."


def test_a_follow_up_stands_under_what_it_follows() -> None:
    query = understand("and on the treadmill?", ["my toes go numb when i run"])

    assert drafted(query) == "My toes go numb when I run\n\nMy toes go numb when I run.\n\nAnd on the treadmill?"


@given(st.text(min_size=1, max_size=400).filter(lambda text: sum(map(str.isalnum, text)) > 1))  # others are refused
def test_whatever_was_said_is_in_the_body_and_the_title_is_short(said: str) -> None:
    title, _, body = drafted(Query(said)).partition("\n\n")

    assert tokens(body) in (tokens(said), tokens(title))
    assert len(title) <= LONGEST_TITLE + 2
    assert title.strip()
