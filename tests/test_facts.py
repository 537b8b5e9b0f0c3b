"""What replies state is quoted where the thread asks for a fact, and never pushes advice aside elsewhere."""

from __future__ import annotations

import pytest

from threadwise.advice.facts import answering, asks_for_fact, stated
from threadwise.advice.points import group
from threadwise.advice.relevance import Candidate
from threadwise.domain import Post, Thread, with_roles


def thread(title: str, *replies: Post | str) -> Thread:
    posts = [Post("q", "I wonder about this.", "ask")]
    posts += [one if isinstance(one, Post) else Post(str(n), one, f"u{n}") for n, one in enumerate(replies, 1)]
    return Thread("t", title, with_roles(tuple(posts)))


@pytest.mark.parametrize(
    "title",
    [
        "Who was Michael Jackson?",
        "How is decaffeinated coffee made?",
        "Why do coffee bags have a hole?",
        "What styles of beer pair well with white fish?",
        "How much caffeine is in an espresso?",
        "Is there a critical class size for participation?",
        "Does cold brew keep longer",
        "Difference between lager and ale",
    ],
)
def test_what_is_so_is_asked(title: str) -> None:
    assert asks_for_fact(title)


def test_only_the_opening_of_a_title_without_end_is_read() -> None:
    assert asks_for_fact("What is a crown cap? " + "- " * 20_000 + "Any tips?")
    assert not asks_for_fact("- " * 20_000 + "What is a crown cap?")


@pytest.mark.parametrize(
    "title",
    [
        "My lower back is sore after running",
        "How do I get candle wax out of a tablecloth?",
        "What should I do about hiccups?",
        "How to stop a puppy from biting",
        "Is there a way to keep ants out?",
        "What helped with your shin splints?",
        "Which shoes do you recommend?",
        "Where can I put my savings?",
    ],
)
def test_what_to_do_is_asked(title: str) -> None:
    assert not asks_for_fact(title)


def test_a_fact_is_quoted_with_the_sentences_that_go_with_it() -> None:
    found = thread("Who was Michael Jackson?", "He was an English author. He wrote a well-known guide to beer.")

    [one] = answering(found)

    assert one.states
    assert one.text == "He was an English author. He wrote a well-known guide to beer."


def test_a_few_words_above_a_paragraph_are_read_on_into_it_and_a_heading_is_left_out() -> None:
    short = Post("1", "Almost but not boiling.\n\nMost recipes call for a simmer.", "eve")
    headed = Post("2", "Basics\n\nThe beans are steamed and rinsed with a solvent.", "tom")
    found = thread("How hot is mulled beer?", short, headed)

    assert [one.text for one in answering(found)] == [
        "Almost but not boiling.\n\nMost recipes call for a simmer.",
        "The beans are steamed and rinsed with a solvent.",
    ]


def test_questions_quotes_thanks_and_pointers_elsewhere_state_nothing() -> None:
    post = Post(
        "1", "> The tallest beer glass\n\nWhich glass do you mean?\n\nThanks!\n\nSee https://example.org/glass", "eve"
    )

    assert list(stated(thread("Why is a beer glass tall?", post), post)) == []


def test_what_only_leads_to_a_list_is_not_quoted_without_it() -> None:
    post = Post(
        "1",
        "A machine in a hard water area is descaled every month.\n\nThese are the instructions on the bottle:",
        "eve",
    )

    assert [one.text for one in stated(thread("How often is a machine descaled?", post), post)] == [
        "A machine in a hard water area is descaled every month."
    ]


def test_where_advice_is_asked_and_given_nothing_is_quoted_that_only_states() -> None:
    found = thread("How do I get wax out of cloth?", "My aunt has seven tablecloths.", "Put paper on it and iron it.")

    assert [one.text for one in answering(found)] == ["Put paper on it and iron it."]


def test_where_nobody_advises_what_is_stated_answers() -> None:
    found = thread("Duvel with another label", "The brewery changed the label of the bottle for a campaign.")

    assert [one.text for one in answering(found)] == ["The brewery changed the label of the bottle for a campaign."]


def test_a_liked_reply_that_only_states_is_quoted_beside_advice_and_an_unliked_one_is_not() -> None:
    title = "The taste of hops, malt"
    liked = Post("1", "The malt gives the sweetness and the hops give the bitterness.", "eve", score=8)
    unliked = Post("2", "The brewery in our village burnt down in autumn.", "tom", score=1)
    advises = Post("3", "You should try a brew without hops to taste it.", "ann", score=2)

    said = [one.text for one in answering(thread(title, liked, unliked, advises))]

    assert said == [liked.text, advises.text]


def test_who_answers_another_reply_states_nothing_to_the_asker() -> None:
    found = thread(
        "Who was Michael Jackson?",
        Post("1", "He was an English author of beer guides.", "eve"),
        Post("2", "The village brewery has a picture of him.", "tom", reply_to="1"),
    )

    assert [one.post.id for one in answering(found)] == ["1"]


def test_every_statement_is_a_span_of_its_post() -> None:
    text = "Basics\n\n" + "The beans are steamed with water. " * 30 + "\n\nWhat else?\n\nThe rest is rinsed away."
    found = thread("How is decaf made?", text)

    for one in answering(found):
        assert one.text == found.posts[1].text[one.start : one.end]
        assert len(one.text) <= 300


def test_two_who_name_the_same_things_do_not_say_the_same_and_two_who_state_the_same_do() -> None:
    title = "Who invented the spoon rest?"
    states = "A potter in Delft made the first spoon rest in 1702, my museum guide says."
    sends = "You should look at the web page of the museum in Delft."
    repeats = "The first spoon rest was made in 1702 by a potter in Delft."

    groups = group([Candidate(one, 1.0) for one in answering(thread(title, states, sends, repeats))])

    assert [[member.statement.text for member in one.members] for one in groups] == [[states, repeats], [sends]]
