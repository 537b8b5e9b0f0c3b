"""What gives nothing to look for is not looked for, and single real words are."""

from __future__ import annotations

import pytest

from threadwise.advice.answerability.things import things
from threadwise.advice.words import FUNCTION_WORDS
from threadwise.retrieval.query import EMPTY, understand


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


def written_by(name: str) -> str:
    """A forum in which mara_k, Jo and somebody called it have posted."""
    return {"mara_k": "mara_k", "jo": "Jo", "it": "it"}.get(name.lower(), "")


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("what did mara_k say about sore knees?", "sore knees"),
        ("What does @mara_k recommend for gnats in pots", "gnats in pots"),
        ("mara_k's advice on night feeds", "night feeds"),
        ("posts by mara_k about rent", "rent"),
    ],
)
def test_what_somebody_said_about_a_thing_is_looked_for_among_their_posts(said: str, about: str) -> None:
    query = understand(said, ["my basil wilts"], written_by)

    assert (query.text, query.filters.authors, query.idle) == (about, ("mara_k",), False)


@pytest.mark.parametrize("said", ["who is mara_k?", "Who's mara_k", "what did mara_k say", "all posts by mara_k"])
def test_who_somebody_is_asks_for_nothing_that_could_be_looked_for(said: str) -> None:
    query = understand(said, (), written_by)

    assert (query.person, query.idle) == ("mara_k", True)


@pytest.mark.parametrize("said", ["who is tobi?", "what did tobi say about knees?", "what does salt do to pasta?"])
def test_a_name_under_which_nobody_has_posted_is_searched_for_as_it_stands(said: str) -> None:
    assert understand(said, (), written_by) == understand(said)


def test_contractions_are_known_without_their_apostrophe() -> None:
    assert {"cant", "dont", "wont", "doesnt", "didnt", "isnt", "im", "ive"} <= EMPTY & FUNCTION_WORDS
    assert not {"ill", "hell", "id"} & (EMPTY | FUNCTION_WORDS)
    assert [one.word for one in things("cant sleep, ive tried it all and dont know why it wont stop")] == ["sleep"]
    assert [one.word for one in things("how long does a new ID take")] == ["id"]


@pytest.mark.parametrize("said", ["asdf qwer zxcv", "hjkl? hjkl!"])
def test_keys_that_were_struck_follow_up_nothing(said: str) -> None:
    known = {"gnats", "in", "my", "pots", "outdoors"}.__contains__

    assert understand(said, ["gnats in my pots"], None, known).text == said


@pytest.mark.parametrize("said", ["and asdf qwer?", "nematodes?", "nematodes outdoors", "does it nematode"])
def test_a_rare_word_or_a_sign_of_a_follow_up_follows_up(said: str) -> None:
    known = {"gnats", "in", "my", "pots", "outdoors"}.__contains__

    query = understand(said, ["gnats in my pots"], None, known)

    assert (query.topic, query.strange) == ("gnats in my pots", "outdoors" not in said)


def test_in_a_talk_a_bare_question_word_follows_up_and_a_courtesy_asks_nothing() -> None:
    talk = ["gnats in all my pots, what helps?"]

    assert understand("why?", talk).text == "gnats in all my pots, what helps?\nwhy?"
    assert understand("thanks a lot!", talk).idle
    assert understand("and outdoors?", [*talk, "thanks a lot!"]).topic == talk[0]
    assert understand("gnats?", ["hello"]).text == "gnats?"
