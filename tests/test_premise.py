"""Questions that lead are answered with what the posts say against what they take for granted."""

from __future__ import annotations

import pytest

from threadwise.advice.answerability.premise import ahead, leads, warnings
from threadwise.advice.choice import Chosen
from threadwise.advice.points import Group
from threadwise.advice.relevance import Candidate
from threadwise.advice.statements import Statement
from threadwise.domain import Post, Thread, with_roles

THREAD = Thread(
    "wd40",
    "Squealing brakes",
    with_roles(
        (
            Post("1", "My brakes squeal.", "wendy"),
            Post("2", "Sand the pads.", "ben", score=30),
            Post("3", "Don't spray oil on a rotor.", "mo", score=22),
            Post("4", "Never let oil near them.", "ann", score=3),
            Post("5", "Wash it. I would not use wd40.", "otto", score=1),
        )
    ),
)


def group(post_id: str, match: float, thread: Thread = THREAD) -> Group:
    post = thread.post(post_id)
    assert post is not None
    return Group((Candidate(Statement(thread, post, 0, len(post.text), 0.9, post.text), match),))


SAND, SPRAY, OIL, WASH = group("2", 2.0), group("3", 1.0), group("4", 1.5), group("5", 1.2)


@pytest.mark.parametrize(
    "question",
    [
        "everyone says ibuprofen before a race is good, how much?",
        "my neighbour told me to cut it in June, how short",
        "I heard that salt kills weeds, how much per bucket",
        "bleach and vinegar together, right?",
        "isn't it healthy to run through the pain?",
        "surely a stronger fuse fixes that",
        "can't I just use bleach on it?",
        "Shouldn't the dough rest overnight?",
        "doesn't vinegar kill moss?",
        "aren't wool socks always warmer?",
        "wouldn't it be cheaper to repair it?",
    ],
)
def test_a_question_that_takes_its_answer_for_granted_leads(question: str) -> None:
    assert leads(question)


@pytest.mark.parametrize(
    "question",
    [
        "how much ibuprofen before a race",
        "what do people do against gnats",
        "my puppy bites",
        "which is the right pan for eggs?",
        "I don't know how to start",
        "can I run with a sore back?",
        "can't sleep, what helps?",
        "Can’t get the dough to rise?",
        "won't start in the cold, what now?",
        "couldn't find my size anywhere, where do you buy shoes?",
        "doesn't drain any more, how do I clear it?",
        "isn't rising in the fridge, what now?",
        "didn't sleep for two nights what do you do?",
        "cant sleep at night?",
    ],
)
def test_a_plain_question_does_not_lead(question: str) -> None:
    assert not leads(question)


def test_warnings_come_best_liked_first_and_two_of_them() -> None:
    found = warnings("everyone says wd40 oil stops the noise, how much?", [SAND, OIL, SPRAY, WASH])

    assert found == [SPRAY, OIL]


def test_what_denies_the_very_thing_that_is_taken_for_granted_warns_too() -> None:
    assert warnings("everyone says wd40 stops the noise, how much?", [SAND, WASH]) == [WASH]


def test_a_plain_question_gets_no_warnings_put_first() -> None:
    assert warnings("how do I stop the noise", [SAND, SPRAY]) == []


def test_a_warning_from_another_thread_is_about_something_else() -> None:
    other = Thread("chain", "Chain", THREAD.posts)

    assert warnings("everyone says oil helps, how much?", [SAND, group("3", 0.5, other)]) == []


def test_warnings_stand_before_the_other_points_and_none_stands_twice() -> None:
    merged = ahead(Chosen((SPRAY,), (), ()), Chosen((SAND, SPRAY, OIL), (), ()), 2)

    assert merged.points == (SPRAY, SAND)


def test_without_anything_to_answer_warnings_alone_do_not_answer() -> None:
    assert ahead(Chosen((SPRAY,), (), ()), Chosen((), (), ()), 5).points == ()
