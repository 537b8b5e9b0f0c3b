"""What an answer draws on: threads about the same problem, what fits the question first, warnings at their place."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from conftest import as_near
from threadwise.advice.choice import choose
from threadwise.advice.gather import advice
from threadwise.advice.relevance import sources
from threadwise.advice.safety import Governor
from threadwise.config import Settings
from threadwise.domain import Hit, Post, Thread, with_roles
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence


def thread(name: str, *posts: tuple[str, str]) -> Thread:
    made = (Post(str(n), text, author) for n, (author, text) in enumerate(posts, 1))
    return Thread(name, name, with_roles(tuple(made)))


def evidence(*found: Thread, alike: dict[str, float] | None = None) -> Evidence:
    return Evidence(
        hits=(),
        threads=tuple(Hit(one.id, 0.9 - 0.1 * place) for place, one in enumerate(found)),
        posts=tuple(Hit((one.id, post.id), 0.5) for one in found for post in one.posts[1:]),
        query_vector=np.zeros(3, dtype=np.float32),
        best_cosine=0.6,
        nearness=as_near(found[0].id, 0.6) if found else None,
        alike=alike or {},
    )


SHINS = thread("shins", ("carl", "My shins ache."), ("kate", "Rest for a week."))
SHINS_TOO = thread("shins-too", ("pippa", "Both shins hurt."), ("mike", "Run on grass."))
KNEE = thread("knee", ("ben", "My knee aches."), ("tobi", "Take shorter steps."))


def test_an_answer_draws_on_further_threads_only_where_their_question_is_the_same() -> None:
    found = evidence(SHINS, SHINS_TOO, KNEE, alike={"shins": 1.0, "shins-too": 0.6, "knee": 0.4})

    chosen = sources(found, {one.id: one for one in (SHINS, SHINS_TOO, KNEE)})

    assert [one.thread.id for one in chosen] == ["shins", "shins-too"]


LILY = thread(
    "kitten",
    ("dad", "A kitten is coming. Which plants are dangerous?"),
    ("nora", "Lilies destroy the kidneys of a cat. If a cat ever bites one, phone the vet straight away."),
    ("ines", "You should hang the plants from the ceiling, cats cannot reach them there."),
)


def test_who_must_act_now_reads_first_whom_to_ring() -> None:
    found = advice(Query("my cat bit a lily"), evidence(LILY), {LILY.id: LILY}, urgent=True)

    assert max(found, key=lambda one: one.support).best.statement.text == (
        "If a cat ever bites one, phone the vet straight away."
    )


NUMB = thread(
    "back",
    ("quietfox", "Sore lower back and stiff legs. Which stretches help?"),
    ("mara_k", "What the physio had me do for the sore back and the stiff legs:\n- dead bugs\n- side planks"),
    ("lina", "If it ever goes numb in the saddle area, go straight to A&E."),
    ("tobi", "You should stretch the hips for sore backs and stiff legs."),
    ("ben", "If your legs give way, stop and get help."),
    ("quietfox", "The dead bugs and side planks that mara_k had me do helped, the sore back is gone!"),
)


def test_exercises_stand_not_beside_the_way_to_a_doctor_where_something_is_urgent() -> None:
    question = Query("sore lower back and legs numb in the saddle area, which stretches help?")
    groups = advice(question, evidence(NUMB), {NUMB.id: NUMB}, urgent=True)

    chosen = choose(groups, [], Governor.load(Settings(home=Path("unused"))), (), k=5)

    assert {one.best.statement.text for one in chosen.points} == {
        "If it ever goes numb in the saddle area, go straight to A&E.",
        "If your legs give way, stop and get help.",
    }


def test_a_warning_sign_is_marked_where_nothing_is_urgent() -> None:
    found = advice(Query("which plants with a cat"), evidence(LILY), {LILY.id: LILY})

    assert {one.best.statement.post.id: one.best.warns for one in found} == {"2": True, "3": False}


def test_what_came_of_advice_is_no_advice_of_its_own() -> None:
    told = thread(
        "gnats",
        ("wendy", "Gnats in every pot. What gets rid of them?"),
        ("rosalind", "You should let the compost dry out between waterings."),
        ("hanneli", "Did what rosalind said and let mine dry out for four weeks, and the gnats are gone. It worked."),
    )

    [one] = advice(Query("gnats"), evidence(told), {told.id: told})

    assert one.best.statement.post.id == "2"
    assert [report.report.post_id for report in one.outcomes] == ["3"]
