"""A point can be read by somebody who does not see what it answers."""

from __future__ import annotations

import pytest

from threadwise.advice.leaning import points_elsewhere
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


@pytest.mark.parametrize(
    "sentence",
    [
        "You can find a discussion about it here.",
        "Also have a look at https://example.org/Taps",
        "A quick search on the web easily shows a few models.",
        "For the history you can check out this history of taps article.",
    ],
)
def test_a_sentence_that_only_says_where_to_read_leans_on_what_stands_there(sentence: str) -> None:
    assert points_elsewhere(sentence)
    assert not any(
        one.alone and not one.leans for one in statements(tap(sentence, to="1"), tap(sentence, to="1").posts[2])
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Buy the 35 mm cartridge from https://example.org/taps and take the old one with you to compare.",
        "Shut off the valve here, under the sink, before you open anything.",
        "Look at the washer first.",
        "See a doctor if it gets worse.",
    ],
)
def test_advice_that_can_be_followed_without_its_link_does_not(sentence: str) -> None:
    assert not points_elsewhere(sentence)


def test_and_then_answers_somebody_as_then_does() -> None:
    found = tap("And then you should buy a second washer for the other side.")

    assert [one.leans for one in statements(found, found.posts[2])][:1] == [True]


def test_a_list_without_bullets_stands_whole_behind_its_heading() -> None:
    recipe = "You should make a pot pie:\nVegetarian pie:\n2 bottles of stout\nCarrots and celery\n2 pie shells"
    found = tap(f"{recipe}\n\nMy mother liked it.", to="1")

    assert [one.text for one in statements(found, found.posts[2])] == [recipe]


def test_what_only_opens_a_list_that_is_not_there_is_no_advice() -> None:
    found = tap("You should make this pot pie:\n\nVegetarian pie:", to="1")

    assert statements(found, found.posts[2]) == []


def test_a_formula_is_shown_whole_or_not_at_all() -> None:
    whole = "You should start with the product and define: $$n! := \\prod i; a^n$$"
    broken = "You should start with the product and define: $$n! := \\prod i; a^n"

    assert [one.text for one in statements(tap(whole, to="1"), tap(whole, to="1").posts[2])] == [whole]
    assert statements(tap(broken, to="1"), tap(broken, to="1").posts[2]) == []


def test_a_formula_alone_tells_nobody_what_to_do() -> None:
    found = tap("$$\\text{You should turn } |B|^{|A|} \\text{ taps off}$$", to="1")

    assert not any(one.alone for one in statements(found, found.posts[2]))


def test_a_heading_below_what_opens_a_list_is_not_the_list() -> None:
    found = tap("There are several ways you should try at home:\n\nPan\n\nIt is cheap and smoky.", to="1")

    assert not any("Pan" in one.text for one in statements(found, found.posts[2]))


def test_what_repeats_the_question_word_for_word_is_a_quote_though_its_marks_are_lost() -> None:
    asked = "You should tell me how I stop a tap that drips all night."
    posts = (
        Post("1", f"Help please. {asked}", "fox"),
        Post("2", f"{asked}\n\nChange the rubber washer.", "mo", reply_to="1"),
    )
    found = Thread("tap", "Kitchen tap drips", with_roles(posts))

    assert [one.text for one in of_thread(found) if one.alone] == ["Change the rubber washer."]
