"""Where people contradict each other both sides stand, with their people and the condition that divides them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.advice.disagreement import clashes
from threadwise.advice.people import objects
from threadwise.advice.points import Group, group, joined
from threadwise.advice.relevance import Candidate
from threadwise.advice.statements import of_thread
from threadwise.advice.subject import subject
from threadwise.advice.words import stem, tokens
from threadwise.domain import Post, Thread, with_roles


def thread(name: str, *posts: tuple[str, str, str | None]) -> Thread:
    made = (Post(str(n), text, author, reply_to=to) for n, (author, text, to) in enumerate(posts, 1))
    return Thread(name, name, with_roles(tuple(made)))


def points(*threads: Thread) -> list[Group]:
    every = [one for found in threads for one in of_thread(found)]
    return joined(group([Candidate(one, 2.0 - place / 100) for place, one in enumerate(every)]))


def counted(groups: list[Group]) -> dict[str, int]:
    return {one.best.statement.text: one.people for one in groups}


SHINS = thread(
    "shins",
    ("carl", "Both shins ache. Run through it or rest?", None),
    ("felixx", "You should run through it, bones get harder.", "1"),
    ("mara_k", "Please don't run through it. Rest for a week. Only if it is a dull ache, jog on grass.", "2"),
    ("kate", "Agree with mara.", "1"),
)


def test_both_sides_stand_with_their_people_and_the_condition() -> None:
    found = points(SHINS)

    [clash] = clashes(found)

    assert {(found[at].best.statement.text, found[at].people) for at in (clash.one, clash.other)} == {
        ("You should run through it, bones get harder.", 1),
        ("Please don't run through it. Rest for a week. Only if it is a dull ache, jog on grass.", 2),
    }


def test_who_repeats_words_to_say_the_opposite_is_no_second_voice() -> None:
    tips = thread(
        "tips",
        ("priya", "Brown tips on the calathea. What helps?", None),
        ("belle", "Put a tray with pebbles and water below the pots.", "1"),
        ("nut", "Pebbles and water in a tray below the pots do basically nothing, get a humidifier.", "2"),
    )

    assert counted(points(tips)) == {
        "Put a tray with pebbles and water below the pots.": 1,
        "Pebbles and water in a tray below the pots do basically nothing, get a humidifier.": 1,
    }


def test_a_post_in_two_threads_and_a_copy_by_somebody_else_are_one_voice() -> None:
    advice = "Match the hole in the tube to the tyre before you fit a new tube, or you feed tubes to a thorn."
    first = thread("flat", ("nele", "Third flat!", None), ("mo_fixes", advice, "1"))
    again = thread("flat-again", ("dad", "Flat again!", None), ("mo_fixes", advice, "1"), ("copycat", advice, "1"))

    [one] = points(first, again)

    assert one.people == 1
    assert one.threads == 1


def test_two_people_in_two_threads_are_two() -> None:
    first = thread("flat", ("nele", "Third flat!", None), ("mo", "Check the rim tape under the tube.", "1"))
    again = thread("again", ("dad", "Flat again!", None), ("jam", "You should check the rim tape below the tube.", "1"))

    [one] = points(first, again)

    assert (one.people, one.threads) == (2, 2)


def test_amounts_and_times_in_common_do_not_make_one_piece_of_advice() -> None:
    nap = thread(
        "nap",
        ("ted", "Tired at three. Nap or coffee?", None),
        ("nora", "Drink a coffee, then lie down with an alarm at 20 minutes.", "1"),
        ("quietfox", "Try a short nap of 20 minutes with an alarm.", "1"),
    )

    assert list(counted(points(nap)).values()) == [1, 1]


def test_sympathy_and_surprise_object_to_nothing() -> None:
    assert not objects("Oh no, the ladder. Sorry!")
    assert not objects("Never thought less would do more.")
    assert not objects("I wouldn't hurt to mention it once.")
    assert objects("I wouldn't mention it.")
    assert objects("Never look for gas with a flame.")


def test_the_same_advice_in_other_words_is_one_point_with_its_people_beside_the_rest_of_a_list() -> None:
    ankle = thread(
        "ankle",
        ("amy", "Twisted my ankle running. What should I do?", None),
        ("bo", "1. Put ice on it for ten minutes\n2. Rest it for a week\n3. Wear a brace after that", "1"),
        ("cy", "Rest it for a week at least, I did the same last year.", "1"),
        ("di", "I'd rest the ankle for a whole week.", "1"),
    )

    assert counted(points(ankle)) == {
        "1. Put ice on it for ten minutes": 1,
        "2. Rest it for a week": 3,
        "3. Wear a brace after that": 1,
    }


def test_who_objects_to_one_of_several_objects_to_the_point_that_they_share() -> None:
    ankle = thread(
        "ankle",
        ("amy", "Twisted my ankle running. What should I do?", None),
        ("bo", "You should rest the ankle for a week.", "1"),
        ("cy", "Rest it for a week at least.", "1"),
        ("fay", "Nonsense, walk on it from day one, it heals faster.", "3"),
    )
    found = points(ankle)

    [clash] = clashes(found)

    assert [(found[at].people, found[at].best.statement.post.author) for at in (clash.one, clash.other)] == [
        (2, "bo"),
        (1, "fay"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (
            "my dad has beta blockers, one of those an hour before. ask around",
            "Never take somebody else's beta blockers. There's a doctor who asks those questions first.",
            "beta blockers",
        ),
        ("take the basic insurance only, excess is for scaredy cats", "Nope. The excess is a thousand.", "the excess"),
        (
            "A small humidifier. Rainwater won't do alone.",
            "Not convinced by the humidifier, rainwater is.",
            "the humidifier",
        ),
        ("Pour diluted vinegar in the pots.", "Please don't pour vinegar, it burns.", "vinegar"),
        ("just give salt water so she throws it up", "NO. Salt water can poison a cat.", "salt water"),
        ("Use soap.", "Never soap.", "soap"),
        ("tape his mouth shut", "No. He must be able to open his mouth.", ""),
        ("Lean back and dig the heels in.", "Don't! Leaning back makes it hurt.", ""),
        ("Go to bed much later than midnight.", "I'd be careful, you are a zombie for weeks.", ""),
    ],
)
def test_what_people_disagree_about_is_named_with_a_noun_of_both_sides_or_not_at_all(
    one: str, other: str, named: str
) -> None:
    assert subject(one, other) == named


@given(st.text(), st.text())
def test_what_is_named_is_made_of_words_of_both(one: str, other: str) -> None:
    named = [stem(word) for word in tokens(subject(one, other)) if word not in ("a", "an", "the")]

    assert all(word in {stem(said) for said in tokens(text)} for word in named for text in (one, other))
