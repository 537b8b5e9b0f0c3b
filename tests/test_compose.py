"""Answers are quotes that can be checked, from different people, and nothing where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from conftest import as_near
from threadwise.advice.compose import make_composer
from threadwise.advice.render import escape, quoted
from threadwise.advice.visible import visible
from threadwise.cli.screen import answer_text as on_screen
from threadwise.cli.screen import similar_text
from threadwise.config import load_settings
from threadwise.domain import Answer, Hit, Post, SimilarThread, Status, Thread, with_roles
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence


def thread(*posts: tuple[str, str], title: str = "Gnats in the pots") -> Thread:
    made = (Post(str(n), text, author) for n, (author, text) in enumerate(posts, 1))
    return Thread("gnats", title, with_roles(tuple(made)))


def ask(question: str, found: Thread, k: int = 5, cosine: float = 0.6) -> Answer:
    near = Evidence(
        hits=(),
        threads=(Hit(found.id, 0.9),),
        posts=tuple(Hit((found.id, post.id), 0.5) for post in found.posts),
        query_vector=np.zeros(3, dtype=np.float32),
        best_cosine=cosine,
        nearness=as_near(found.id, cosine),
    )
    return make_composer(load_settings()).compose(Query(question), near, {found.id: found}, k=k)


GNATS = thread(
    ("wendy", "There are gnats in every pot. What gets rid of them?"),
    ("rosalind", "Let the compost dry out completely between waterings. Keep the sticky traps as a counter."),
    ("felixx", "You should let the compost dry out between waterings."),
    ("rosalind", "Let the compost dry out between waterings, really."),
    ("wendy", "You should let the compost dry out between waterings, I read."),
)


def test_every_point_is_a_span_of_a_post_and_every_marker_has_a_citation() -> None:
    answer = ask("how do I get rid of gnats", GNATS)

    assert answer.status is Status.ANSWERED
    numbers = {citation.n for citation in answer.citations}
    for citation in answer.citations:
        post = GNATS.post(citation.post_id)
        assert post is not None
        assert post.text[citation.start : citation.end] == citation.quote
    for point in answer.points:
        assert set(point.citations) <= numbers
        assert all(f"[{n}]" in answer.text for n in point.citations)


LUMPS = Thread(
    "sores",
    "Saddle sores",
    with_roles(
        (
            Post("1", "I get sores from the saddle. What can I do about saddle sores?", "ann"),
            Post("2", "You should wash the saddle shorts after every ride against saddle sores.", "bob", score=9),
            Post("3", "You should never squeeze lumps, and see a doctor where one grows.", "cid", score=2),
        )
    ),
)


def test_a_follow_up_is_answered_with_what_it_asks_now_first() -> None:
    evidence = Evidence(
        hits=(),
        threads=(Hit("sores", 0.9),),
        posts=(Hit(("sores", "2"), 0.6), Hit(("sores", "3"), 0.5)),
        query_vector=np.zeros(3, dtype=np.float32),
        nearness=as_near("sores", 0.6),
    )
    composer = make_composer(load_settings())
    opening = Query("I get sores from the saddle")
    follow_up = Query("I get sores from the saddle\nis it ok to squeeze them?", topic="I get sores from the saddle")

    first, then = (composer.compose(asked, evidence, {"sores": LUMPS}, k=5) for asked in (opening, follow_up))

    assert first.points[0].text.startswith("You should wash the saddle shorts")
    assert then.points[0].text.startswith("You should never squeeze lumps")


def test_a_follow_up_that_names_what_nobody_speaks_of_is_not_answered_by_its_subject() -> None:
    evidence = Evidence(
        hits=(),
        threads=(Hit("sores", 0.9),),
        posts=(Hit(("sores", "2"), 0.6), Hit(("sores", "3"), 0.5)),
        query_vector=np.zeros(3, dtype=np.float32),
        nearness=as_near("sores", 0.95),
    )
    topic = "I get sores from the saddle, what can I do about saddle sores?"

    said, silent = (
        make_composer(load_settings()).compose(query, evidence, {"sores": LUMPS}, k=5)
        for query in (
            Query(f"{topic}\nshorts?", topic=topic),
            Query(f"{topic}\ncryotherapy?", topic=topic, strange=True),
        )
    )

    assert (said.status, silent.status) == (Status.ANSWERED, Status.PARTIAL)
    assert "cryotherapy" in (silent.missing or "")


def test_people_are_counted_not_posts_and_the_asker_is_no_adviser() -> None:
    answer = ask("how do I get rid of gnats", GNATS)

    dry = next(point for point in answer.points if "dry out" in point.text)
    assert dry.people == 2
    assert {answer.citations[n - 1].author for n in dry.citations} == {"rosalind", "felixx"}


def test_no_more_points_than_asked_for() -> None:
    assert len(ask("how do I get rid of gnats", GNATS, k=1).points) == 1


def test_a_thread_in_which_nobody_advises_answers_nothing_and_cites_nothing() -> None:
    answer = ask("gnats", thread(("wendy", "Gnats everywhere. Help?"), ("gus", "Thanks for the laugh!")))

    assert answer.status is Status.UNANSWERED
    assert answer.points == answer.citations == ()
    assert [one.title for one in answer.similar] == ["Gnats in the pots"]


def test_a_question_about_something_else_altogether_is_told_so() -> None:
    answer = ask("who won the cup", GNATS, cosine=0.2)

    assert answer.status is Status.UNANSWERED
    assert answer.citations == ()
    assert answer.text.startswith("Nobody in these threads has answered this.")


def test_threads_beside_no_answer_are_not_said_to_be_about_something_else() -> None:
    text = ask("who won the cup", GNATS, cosine=0.2).text

    assert "The nearest threads:\n" in text
    assert "something else" not in text


def test_a_thread_that_asks_this_and_advises_nothing_is_named() -> None:
    answer = ask("gnats", thread(("wendy", "Gnats everywhere. Help?"), ("gus", "Thanks for the laugh!")))

    assert answer.missing is not None
    assert answer.missing.startswith("Somebody has asked something like this, “Gnats in the pots”, but nothing in its")


def test_a_bullet_on_a_line_of_its_own_stands_before_its_item() -> None:
    assert quoted("You need:\n-\n\nLaTeX\n1.\npaper\n- ink") == "“You need:  \n\\- LaTeX  \n1\\. paper  \n\\- ink”"


def test_what_somebody_quotes_is_not_their_advice() -> None:
    found = thread(("wendy", "Gnats?"), ("gus", "> You should pour vinegar into the pots.\n\nHa."))

    assert ask("gnats", found).points == ()


def test_forum_text_cannot_format_or_link() -> None:
    assert escape("[click](http://x) **now** <b>") == r"\[click\](http\://x) \*\*now\*\* \<b\>"
    assert escape("a\u202eb\u200bc") == "abc"
    assert quoted("- one\n- two") == "“\\- one  \n\\- two”"


def test_a_terminal_gets_no_signs_that_move_its_cursor() -> None:
    found = SimilarThread("t", "Red\x1b[31m \u202egnats\r\nhere\x07", 0.5, terms=("a\x1bb",))

    assert similar_text([found]) == "   0.50  Red[31m gnats here  (t)\n         shares: ab"


def test_a_terminal_shows_why_a_thread_is_similar_and_what_it_alone_has() -> None:
    found = SimilarThread(
        "t", "Knee", 0.5, terms=("knee",), sentence="My knee hurts.", folded=("u",), differs=("stairs", "ice")
    )

    assert similar_text([found]).splitlines()[1:] == [
        "         shares: knee",
        "         closest: “My knee hurts.”",
        "         it alone: stairs, ice",
        "         the same again: u",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👨\u200d👩\u200d👧 क्\u200dष می\u200cخواهم", "👨\u200d👩\u200d👧 क्\u200dष می\u200cخواهم"),
        ("Po\u200dt\u200cG\u200bu\u00adard", "PotGuard"),
        ("one\r\ntwo\u2028three\tfour", "one\ntwo\nthree\tfour"),
        ("a\u202eb\u2066c\U000e0041d\u3164e\x1bf\x9bg", "abcdefg"),
        ("e\u0301 e" + "\u0301" * 9, "e\u0301 e" + "\u0301" * 4),
    ],
)
def test_what_nobody_sees_is_not_shown_and_scripts_that_need_it_stay(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("Green sky?\n\nGreen sky?", "  Green sky?"),
        ("My sky is green\n\nMy sky is green.", "  My sky is green"),
        ("Green sky?\n\nHas anybody seen one?", "  Green sky?\n\n  Has anybody seen one?"),
    ],
)
def test_a_terminal_shows_a_draft_without_saying_its_title_twice(draft: str, shown: str) -> None:
    answer = Answer("q", Status.UNANSWERED, "Nobody.", draft=draft)

    assert on_screen(answer).endswith("A question you could post\n" + shown)
