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


@pytest.mark.parametrize(
    "after",
    [
        "This could not be further from the truth.",
        "That's a myth.",
        "That is simply wrong.",
        "Nonsense.",
        "But this isn't true.",
        "On the contrary, they do.",
        "It's not the case.",
    ],
)
def test_what_is_taken_back_is_shown_with_what_takes_it_back(after: str) -> None:
    text = f"Many people say that you should change all washers every spring. {after}"

    assert shown(f"{text} A washer lasts ten years.")[0].startswith(text)


def test_what_is_taken_back_too_late_to_be_shown_with_it_is_not_shown() -> None:
    text = "You should always change the washer, " + "and the seal, and the spring, and the valve " * 8 + "of it."

    assert shown(f"{text} That is wrong, as a tap of this kind has no more than one part that wears.") == []
    assert shown(f"{text} It is wrong to force it.") == [text]


@pytest.mark.parametrize(
    "turn", ["However, this only helps two-handle taps.", "But it drips again.", "The catch is its price."]
)
def test_what_limits_advice_stands_beside_it(turn: str) -> None:
    assert shown(f"You should buy a new cartridge. {turn} Plumbers ask for more.")[0].startswith(
        f"You should buy a new cartridge. {turn}"
    )


@pytest.mark.parametrize(
    "opening",
    [
        "Furthermore, you should",
        "Moreover, you should",
        "In addition, you should",
        "Say, you should",
        "For example, you should",
        "As I mentioned in my previous post, you should",
    ],
)
def test_what_goes_on_with_the_sentence_before_takes_it_along_or_comes_later(opening: str) -> None:
    sentence = f"{opening} replace the seal under the handle."

    assert shown(f"Rubber hardens with the lime in the water. {sentence}") == [
        f"Rubber hardens with the lime in the water. {sentence}"
    ]
    alone = tap(f"Rubber hardens.\n\n{sentence}", to="1")
    assert [one.leans for one in statements(alone, alone.posts[2])][-1:] == [True]


def test_advice_after_a_sentence_that_goes_on_with_another_post_opens_the_point() -> None:
    advice = "You should either change the washer or buy a new cartridge."

    assert shown(f"As I mentioned in my previous post you can stop the drip. {advice}") == [advice]


def test_in_addition_to_something_says_to_what() -> None:
    found = tap("In addition to the washer, you should replace the seal.", to="1")

    assert [one.leans for one in statements(found, found.posts[2])] == [False]


def test_a_sentence_without_a_subject_keeps_the_title_above_it() -> None:
    text = "Peter Fox's Taps and Valves\n\nContains what you need to know, read the chapter on washers first."

    assert shown(f"Some books:\n\n{text}")[-1].endswith(text)


def test_what_a_list_is_for_is_shown_after_it() -> None:
    text = (
        "You need to look at three parts:\n\n- the washer of the tap\n- the seal of the spout\n- the seat of the valve"
        "\n\nOf these the washer is the one that drips."
    )

    assert shown(f"{text} The others leak at the handle.")[0] == text


def test_a_formula_that_follows_from_the_one_before_it_is_shown_with_it() -> None:
    text = "You should first compute what you lose:\n\nlitres = drops * 0.00025\n\nThus euros = drops * 0.00025 * price"

    assert shown(f"{text}\n\nThat is little.")[0] == text


def test_signs_without_a_word_are_no_point() -> None:
    assert shown("$\\times\\ \\ +\\ \\ 4\\quad 2\\quad \\omega\\quad 9\\quad a\\\\\nx\\quad t\\quad y\\quad z$") == []


def test_a_list_keeps_the_paragraph_that_says_what_it_is_about() -> None:
    text = "The tap has two valves below the sink.\n\n- Close the cold one.\n- Close the hot one."

    assert shown(f"That happens to all of us.\n\nI know it well.\n\n{text}")[-1] == text
