"""What the asker of a cited thread has in common with a question, and what differs, in their own words."""

from __future__ import annotations

import pytest

from threadwise.advice.situation import situation
from threadwise.domain import Post, Thread


def asked(text: str, title: str = "Sore back") -> Thread:
    return Thread("t", title, (Post("1", text, "x"),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("I'm 41, desk job. My back is stiff.", "age “41”"),
        ("My back has been stiff for two months.", "how long “two months”"),
        ("My back is stiff. Tried so far: hot bath.", "tried “hot bath”"),
        ("My back is stiff. I can't take painkillers, my stomach.", "limits “can't take painkillers”"),
        ("My back is stiff and we have no lift here.", "limits “no lift here”"),
    ],
)
def test_what_the_text_says_of_its_writer_is_shown(text: str, says: str) -> None:
    shown = situation("stiff back, what now", asked(text))

    assert shown is not None
    assert says in shown


@pytest.mark.parametrize(
    "text",
    [
        "I have been running on and off for six years.",
        "I can't sleep.",
        "I can't cook rice.",
        "No idea what it is.",
        "Which dishes have you tried and would recommend?",
        "What have you tried against it?",
        "There are many ways, of which I've only tried a few.",
    ],
)
def test_a_way_of_life_and_the_trouble_itself_are_no_situation(text: str) -> None:
    assert situation("what now", asked(text, title="Help")) is None


def test_what_both_say_is_the_same_and_not_theirs() -> None:
    shown = situation("my back is stiff for two months", asked("My back has been stiff for two months."))

    assert shown == "in common: back, stiff; the same how long: “two months”"


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("Single lever mixer, maybe eight years old, no idea of the make.", None),
        ("My monstera (2 years old, a metre tall) has yellow leaves.", None),
        ("City bike, about two years old.", None),
        ("I'm a 29 year old runner.", "29 year old"),
        ("We have a 5 month old beagle.", "5 month old beagle"),
        ("Our puppy howls, he's eight weeks old.", "he's eight weeks old"),
    ],
)
def test_the_age_of_a_thing_is_not_the_age_of_who_asks(text: str, age: str | None) -> None:
    shown = situation("what now", asked(text, title="Help")) or ""

    assert ("age" in shown) == (age is not None)
    assert age is None or f"age “{age}”" in shown
