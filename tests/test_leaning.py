"""A point can be read by somebody who does not see what it answers."""

from __future__ import annotations

import pytest

from threadwise.advice.points import group, joined
from threadwise.advice.relevance import Candidate
from threadwise.advice.statements import of_thread, statements
from threadwise.domain import Post, Thread, with_roles


def tap(reply: str, to: str = "2") -> Thread:
    posts = (
        Post("1", "My kitchen tap drips all night. What can I do?", "fox"),
        Post("2", "Change the rubber washer.", "oldgoat", reply_to="1"),
        Post("3", reply, "mo", reply_to=to),
    )
    return Thread("tap", "Kitchen tap drips", with_roles(posts))


@pytest.mark.parametrize(
    "reply",
    [
        "Right for two-handle taps, you should buy washers for those.",
        "For the cheap one, why not. You should buy a new cartridge for the other.",
        "Then you should buy a washer that fits.",
        "Try it for a month before you buy a new one.",
        "Also that's how you should take the screws out.",
    ],
)
def test_a_verdict_on_somebody_elses_post_leans_on_it(reply: str) -> None:
    assert [one.leans for one in statements(tap(reply), tap(reply).posts[2])][:1] == [True]
    assert not any(one.leans for one in statements(tap(reply, to="1"), tap(reply, to="1").posts[2]))


@pytest.mark.parametrize(
    "reply", ["Please don't use any force, the valve will break.", "Shut off both valves first, then open the tap."]
)
def test_a_warning_and_advice_that_names_its_thing_do_not(reply: str) -> None:
    assert [one.leans for one in statements(tap(reply), tap(reply).posts[2])] == [False]


def test_a_list_that_says_what_goes_into_it_keeps_the_sentence_that_names_it() -> None:
    text = "Send a letter first, on paper.\n\nIn it:\n\n- write the date of the handover\n- name your bank details"
    posts = (Post("1", "My landlord keeps the deposit?", "ines"), Post("2", text, "hanneli", reply_to="1"))
    found = Thread("t", "Deposit", with_roles(posts))

    [one] = joined(group([Candidate(statement, 1.0) for statement in of_thread(found)]))

    assert one.best.statement.text == text


def test_until_then_belongs_to_the_sentence_that_says_when() -> None:
    found = tap("Wait for the plumber on Friday. Don't use the hot water till then.", to="1")

    [one] = statements(found, found.posts[2])

    assert one.text == "Wait for the plumber on Friday. Don't use the hot water till then."


def shown(reply: str) -> list[str]:
    found = tap(reply, to="1")
    every = [one for one in of_thread(found) if one.post.id == "3"]
    return [one.best.statement.text for one in joined(group([Candidate(one, 1.0) for one in every]))]


def test_a_few_words_that_end_a_paragraph_keep_what_they_are_about() -> None:
    text = "Rinsed washers in vinegar last three years here, our water is hard. Buy a bag of ten."

    assert shown(f"Oh dear. {text}\n\nGood luck!") == [text]


@pytest.mark.parametrize(
    "before",
    [
        "Is yours a mixer or the old kind with two handles? ",
        "> Washers from the supermarket are no good, they swell and harden within a few months.\n",
        "Washers swell. " * 20,
    ],
)
def test_what_is_asked_quoted_or_long_stays_where_it_is(before: str) -> None:
    assert shown(f"{before}You should buy a bag of ten washers.")[-1] == "You should buy a bag of ten washers."
