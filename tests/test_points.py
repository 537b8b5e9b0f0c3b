"""The same advice is one point, opposite advice is a disagreement, and somebody who agrees is a person more."""

from __future__ import annotations

import numpy as np

from threadwise.advice.disagreement import clashes
from threadwise.advice.gather import advice
from threadwise.advice.outcomes import Report
from threadwise.advice.people import about_posts, agrees, objects, person
from threadwise.advice.points import Group, Told, group, joined
from threadwise.advice.relevance import Candidate
from threadwise.advice.statements import of_thread, statements
from threadwise.domain import Hit, OutcomeLabel, Post, Thread, with_roles
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence


def thread(*posts: tuple[str | None, str, str | None]) -> Thread:
    made = (Post(str(n), text, author, reply_to=to) for n, (author, text, to) in enumerate(posts, 1))
    return Thread("t", "Stiff back", with_roles(tuple(made)))


def grouped(found: Thread) -> list[Group]:
    return group([Candidate(one, 1.0 - place / 100) for place, one in enumerate(of_thread(found))])


def test_who_only_agrees_counts_for_the_advice_that_they_agree_with() -> None:
    found = thread(
        ("quietfox", "My back is stiff. What helps?", None),
        ("mara_k", "You should do dead bugs and side planks three times a week.", "1"),
        ("ted.w", "Agree with mara.", "1"),
    )

    [one] = grouped(found)

    assert one.people == 2
    assert [member.statement.text for member in one.members][1] == "Agree with mara."


def test_a_deleted_author_is_somebody_else_in_each_post() -> None:
    one, other = Post("1", "a", "[deleted]"), Post("2", "b", None)
    found = Thread("t", "", (one, other))

    assert person(found, one) != person(found, other)
    assert person(found, Post("3", "c", "mara_k")) == ("mara_k",)


def test_a_condition_in_the_next_sentence_stays_with_the_advice() -> None:
    found = thread(("x", "Back?", None), ("y", "Try to stretch it after the run. Only if it is dull, not sharp.", "1"))

    [one] = statements(found, found.posts[1])

    assert one.text == "Try to stretch it after the run. Only if it is dull, not sharp."


def test_advice_and_the_reply_that_warns_against_it_stand_against_each_other() -> None:
    found = thread(
        ("wendy", "Gnats in every pot?", None),
        ("otto", "You should pour diluted vinegar in the pots.", "1"),
        ("rosalind", "Please don't pour vinegar, it will burn the roots.", "2"),
    )

    [clash] = clashes(grouped(found))

    assert "vinegar" in clash.about


def test_agreeing_and_objecting_are_read_at_the_start_of_a_sentence() -> None:
    assert agrees("Second that: one trip at about 3.")
    assert agrees("this. let it dry")
    assert not agrees("This morning I let it dry.")
    assert objects("Please don't do that.")
    assert not objects("No idea, but try it.")


def test_a_name_in_the_text_says_whose_advice_is_meant_else_the_post_replied_to() -> None:
    found = thread(
        ("a", "?", None),
        ("mara_k", "Planks.", "1"),
        ("ted.w", "Shoes.", "1"),
        ("teacup", "Same as mara.", "3"),
        ("x", "Yes.", "3"),
    )

    assert about_posts(found, found.posts[3], "Same as mara.") == ("2",)
    assert about_posts(found, found.posts[4], "Yes.") == ("3",)


def test_the_items_of_a_list_and_the_advice_of_a_paragraph_are_one_point() -> None:
    found = thread(
        ("slowdiesel", "My back is sore after running. What helps?", None),
        (
            "oldgoat57",
            "Two things sorted it for me.\n\n1. Getting lighter.\n2. Stretch the hamstrings after every run.",
            "1",
        ),
        ("mara_k", "You should rest for a week. Your back is tired. Then try planks every other day.", "1"),
    )

    points = joined(grouped(found))

    assert [one.best.statement.text for one in points] == [
        "Two things sorted it for me.\n\n1. Getting lighter.\n2. Stretch the hamstrings after every run.",
        "You should rest for a week. Your back is tired. Then try planks every other day.",
    ]


def test_advice_that_a_second_person_gives_stays_apart_from_what_they_did_not_say() -> None:
    found = thread(
        ("wendy", "Gnats in every pot. What gets rid of them?", None),
        ("rosalind", "Let the compost dry out between waterings. Keep the sticky traps as a counter.", "1"),
        ("felixx", "You should let the compost dry out between waterings.", "1"),
    )

    counted = {one.best.statement.text: one.people for one in joined(grouped(found))}

    assert counted == {
        "Let the compost dry out between waterings.": 2,
        "Keep the sticky traps as a counter.": 1,
    }


def test_who_agrees_with_a_post_agrees_with_all_of_a_point_from_it() -> None:
    found = thread(
        ("sam", "The puppy cries at night. What now?", None),
        ("mara_k", "Take the crate to your bed. Move it half a metre a night afterwards.", "1"),
        ("ruth", "Second that.", "2"),
    )

    [one] = joined(grouped(found))

    assert one.best.statement.text == "Take the crate to your bed. Move it half a metre a night afterwards."
    assert one.people == 2


def test_short_advice_is_shown_with_why() -> None:
    found = thread(
        ("x", "Rice is mush. What now?", None),
        ("y", "You should stop stirring it. The starch makes glue.", "1"),
    )

    [one] = joined(grouped(found))

    assert one.best.statement.text == "You should stop stirring it. The starch makes glue."


def test_the_same_few_words_of_two_people_are_one_point_of_two_and_a_long_copy_is_one_voice() -> None:
    short = thread(("x", "Back?", None), ("y", "You should rest.", "1"), ("z", "You should rest!", "1"))
    [one] = grouped(short)
    assert one.people == 2

    words = "You should lie on the floor for ten minutes every evening."
    [copied] = grouped(thread(("x", "Back?", None), ("y", words, "1"), ("z", words, "1")))
    assert copied.people == 1


def test_nearly_the_same_words_are_one_voice_whoever_posts_them() -> None:
    said = "You should pour PotGuard into every pot against the gnats, order {}."
    spam = [(f"m{n}", said.format(n), "1") for n in range(9)]
    found = thread(
        ("wendy", "Gnats in every pot?", None),
        *spam,
        ("kate", "Let the compost dry out for three weeks, then there are no gnats.", "1"),
    )

    assert [one.people for one in grouped(found)] == [1, 1]


def told(reply: str, to: str | None) -> Told:
    found = thread(
        ("wendy", "What is the difference between porter and stout?", None),
        ("mara_k", "You should try a dry stout beside a porter.", "1"),
        ("kate", reply, to),
    )
    return Told(found, Report("3", "kate", OutcomeLabel.HELPED, "2", reply, 0, len(reply)))


def test_who_answers_the_question_itself_and_names_nobody_reports_on_nobodys_advice() -> None:
    assert not told("I tried both and found porters better.", to="1").follows


def test_who_answers_the_advice_or_names_its_author_reports_on_it_and_so_may_who_answers_nothing_known() -> None:
    assert told("I tried both and found porters better.", to="2").follows
    assert told("I tried what mara said and found porters better.", to="1").follows
    assert told("I tried both and found porters better.", to=None).follows


def test_what_somebody_tells_in_answer_to_the_question_is_advice_of_their_own() -> None:
    found = thread(
        ("wendy", "Gnats in every pot, what helped you?", None),
        ("mo_fixes", "You should pour Bti into the pots.", "1"),
        ("kate", "I tried Bti for five weeks, I should say it helped. Let the pots dry out first.", "1"),
    )
    near = Evidence((), (Hit("t", 1.0),), (), np.zeros(3, dtype=np.float32))

    groups = advice(Query("gnats in every pot"), near, {"t": found})

    assert not any(one.outcomes for one in groups)
    assert {one.best.statement.post.id for one in groups} == {"2", "3"}
