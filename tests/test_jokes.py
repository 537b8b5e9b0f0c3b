"""Jokes and bare verdicts are no advice; a wink on what is meant does not make it a joke."""

from __future__ import annotations

import pytest

from threadwise.advice.jokes import is_verdict, jests
from threadwise.advice.statements import of_thread
from threadwise.domain import Post, Thread, with_roles


def advised(*replies: str) -> list[str]:
    """What may be shown as advice of replies, each to the one before it."""
    asked = Post("1", "My kitchen knives are blunt. How do I sharpen them?", "ann")
    posts = (Post(str(n), text, f"p{n}", reply_to=str(n - 1)) for n, text in enumerate(replies, 2))
    found = of_thread(Thread("t", "Blunt knives", with_roles((asked, *posts))))
    return [statement.text for statement in found if statement.alone]


@pytest.mark.parametrize(
    "text",
    [
        "You should just eat them raw, just kidding",
        "Use a belt sander and no gloves /s",
        "Throw the pan away and marry rich (jk)",
        "Serve it with lots of wine and call it coastal.",
        "Leave the dent and call it a feature!",
        "Kill it with fire.",
        "Burn down the house and start again.",
    ],
)
def test_what_takes_itself_back_or_cannot_be_meant_is_a_joke(text: str) -> None:
    assert jests(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tape and vaseline exclude one another, pick one ;)",
        "Put the jar on the router, works 😂",
        "Two coats and call it a day.",
        "Phone the shop and call it off in writing.",
        "Walk the dog first, no joking around with an empty tank.",
        "Burn the toast on purpose to set off the alarm.",
        "Call it back, then give it a treat.",
    ],
)
def test_a_wink_or_a_common_phrase_makes_no_joke_of_what_is_meant(text: str) -> None:
    assert not jests(text)


@pytest.mark.parametrize("text", ["No.", "Hard no!", "Nope", "Wrong.", "Absolutely not."])
def test_a_bare_verdict_is_one(text: str) -> None:
    assert is_verdict(text)


@pytest.mark.parametrize("text", ["No bleach.", "Never soak it.", "No, use a stone.", "Wrong grit, take 1000."])
def test_a_verdict_that_says_on_what_is_none(text: str) -> None:
    assert not is_verdict(text)


def test_a_verdict_on_what_stands_in_another_post_is_no_point() -> None:
    assert advised("Use a belt sander for two minutes.", "Also that's how you lose a thumb tip. No.") == [
        "Use a belt sander for two minutes."
    ]


def test_a_warning_with_its_reasons_stays_one_though_a_verdict_ends_it() -> None:
    warning = "Don't use a belt sander, it takes the temper out of the edge. No."
    assert advised("Use a belt sander for two minutes.", warning)[1:] == [warning]


def test_just_kidding_takes_back_the_sentence_before_it_and_no_more() -> None:
    assert advised("You should use a stone of 1000 grit. You should use your teeth. Just kidding!") == [
        "You should use a stone of 1000 grit."
    ]
