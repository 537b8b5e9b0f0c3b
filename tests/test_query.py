"""What gives nothing to look for is not looked for, and single real words are."""

from __future__ import annotations

import pytest

from threadwise.retrieval.query import understand


@pytest.mark.parametrize(
    "said",
    [
        "okay",
        "how",
        "thanks",
        "hello",
        "?",
        "okaaay!!",
        "Thank you so much :)",
        "what should I do?",
        "any advice?",
        "…?",
        "Good morning everyone",
        "thanks, that helped a lot",
        "never mind",
        "got it",
        "what is this?",
    ],
)
def test_words_that_ask_nothing_are_known(said: str) -> None:
    assert understand(said).idle


@pytest.mark.parametrize(
    "said",
    [
        "a good night's sleep",
        "mind",
        "does salt help?",
        "fungus",
        "squeak",
        "back",
        "my back",
        "E18",
        "502",
        "腰",
        "боль",
        '"so good"',
        "tag:running",
        "okay, gnats?",
    ],
)
def test_a_single_real_word_a_number_a_phrase_or_a_tag_is_searched_for(said: str) -> None:
    assert not understand(said).idle


def test_idle_words_beside_a_tag_ask_about_what_the_tag_names() -> None:
    query = understand("any advice tag:knees")

    assert (query.text, query.filters.tags, query.idle) == ("knees", ("knees",), False)
    assert understand("any advice author:kim").idle


@pytest.mark.parametrize(
    "said", ["what can you do", "Hi! What is this?", "HELP", "how does this work?", "are you a bot?"]
)
def test_a_question_about_what_answers_here_is_known(said: str) -> None:
    assert understand(said).about_this


@pytest.mark.parametrize(
    ("said", "talk"),
    [
        ("what is this rash on my arm?", []),
        ("does salt help?", []),
        ("how do you work from home", []),
        ("how do you clean this?", []),
        ("what is this for?", ["what does Bti do to gnats?"]),
        ("how does it work?", ["what does Bti do to gnats?"]),
    ],
)
def test_a_question_about_something_else_is_none_about_what_answers_here(said: str, talk: list[str]) -> None:
    assert not understand(said, talk).about_this


def test_a_question_about_what_answers_here_opens_no_subject() -> None:
    assert understand("gnats?", ["how do you work?"]).text == "gnats?"


def test_in_a_talk_a_bare_question_word_follows_up_and_a_courtesy_asks_nothing() -> None:
    talk = ["gnats in all my pots, what helps?"]

    assert understand("why?", talk).text == "gnats in all my pots, what helps?\nwhy?"
    assert understand("thanks a lot!", talk).idle
    assert understand("and outdoors?", [*talk, "thanks a lot!"]).topic == talk[0]
    assert understand("gnats?", ["hello"]).text == "gnats?"
