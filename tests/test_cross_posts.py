"""Whoever says the same in three threads is one person, in every count that people see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import WordEncoder
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.duplicates import Elsewhere, elsewhere
from threadwise.corpus.store import Store
from threadwise.domain import Point, Post, Thread, with_roles
from threadwise.index.indexer import Index

ADVICE = "You should put a ring of copper tape around the lettuce bed, that keeps slugs away all summer."
EDITED = "You should put a ring of copper tape around the lettuce bed, that keeps slugs away all summer long, trust me."


@pytest.fixture
def assistant(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Assistant]:
    with Assistant(settings, store, Index.open(settings, store, encoder), make_composer(settings)) as opened:
        yield opened


def slugs(number: int, *replies: tuple[str | None, str]) -> Thread:
    question = Post("1", f"Slugs eat my lettuce, case {number}. What keeps slugs away?", f"asker{number}")
    posts = (Post(str(n), text, author, reply_to="1") for n, (author, text) in enumerate(replies, 2))
    return Thread(f"slugs-{number}", f"Slugs in the lettuce {number}", with_roles((question, *posts)))


def copper(assistant: Assistant) -> Point:
    """The point about copper tape in an answer."""
    points = assistant.ask("What keeps slugs away from lettuce?", k=10).points
    [found] = [point for point in points if "copper" in point.text.casefold()]
    return found


def test_one_person_in_three_threads_counts_once_and_a_second_one_counts(assistant: Assistant) -> None:
    for number in range(3):
        assistant.add(slugs(number, ("oldgoat57", ADVICE if number else EDITED)))
    alone = copper(assistant)
    assert (alone.people, alone.threads) == (1, 1)

    assistant.add(
        slugs(3, ("hanneli", "Copper tape around the lettuce bed, you should put a ring of it: keeps slugs away."))
    )
    both = copper(assistant)
    assert (both.people, both.threads) == (2, 2)


def test_the_same_words_under_three_names_are_one_voice(assistant: Assistant) -> None:
    for number, name in enumerate(("oldgoat57", "goat_again", None)):
        assistant.add(slugs(number, (name, ADVICE)))
    assert copper(assistant).people == 1


def test_the_other_places_of_a_post_are_linked(assistant: Assistant) -> None:
    for number in range(3):
        assistant.add(slugs(number, ("oldgoat57", ADVICE if number else EDITED)))
    assistant.add(slugs(3, ("hanneli", ADVICE)))
    assert assistant.elsewhere(assistant.show("slugs-1")) == {
        "2": (
            Elsewhere("slugs-0", "Slugs in the lettuce 0", "2"),
            Elsewhere("slugs-2", "Slugs in the lettuce 2", "2"),
        )
    }


def test_a_thread_tells_where_else_its_posts_were_put(assistant: Assistant) -> None:
    for number in range(2):
        assistant.add(slugs(number, ("oldgoat57", ADVICE if number else EDITED), ("hanneli", "Thanks, good luck.")))
    assistant.add(slugs(2, ("hanneli", ADVICE)))
    draft = slugs(9, ("hanneli", ADVICE), ("oldgoat57", "Something else that nobody has said in any other thread."))

    assert assistant.elsewhere(assistant.show("slugs-0")) == {
        "2": (Elsewhere("slugs-1", "Slugs in the lettuce 1", "2"),)
    }
    assert assistant.elsewhere(assistant.show("slugs-2")) == {}
    assert assistant.elsewhere(draft) == {"2": (Elsewhere("slugs-2", "Slugs in the lettuce 2", "2"),)}
    assert assistant.elsewhere(draft, draft.posts[2:]) == {}


def test_a_thread_of_five_hundred_posts_by_three_people_is_looked_through_at_once(assistant: Assistant) -> None:
    said = [f"Post number {n} of this thread is about copper tape, slugs and lettuce {n} times." for n in range(500)]
    long = slugs(1, *((f"p{n % 3}", text) for n, text in enumerate(said)))
    assistant.store.put([long, *(slugs(n, ("p0", said[(n - 10) * 3])) for n in range(10, 20))])

    found = assistant.elsewhere(long)

    assert (found["2"][0].thread_id, found["5"][0].thread_id) == ("slugs-10", "slugs-11")
    assert "3" not in found  # p1 put nothing anywhere else


def test_each_of_a_thousand_people_is_looked_for_under_their_own_name(store: Store) -> None:
    people = [f"person{n}" for n in range(1_000)]
    texts = {name: f"{name} put a ring of copper tape around the bed and {name} was glad of it" for name in people}
    big = slugs(1, *texts.items())
    there = slugs(2, ("person0", texts["person0"]), ("person999", texts["person999"]), ("person5", texts["person6"]))
    store.put([big, there])

    found = elsewhere(store, big)

    assert found == {
        "2": (Elsewhere("slugs-2", there.title, "2"),),
        "1001": (Elsewhere("slugs-2", there.title, "3"),),
    }
