"""What an answer shows of the advice that was found, and in which order."""

from __future__ import annotations

from threadwise.advice.choice import choose, safely_led
from threadwise.advice.outcomes import Report
from threadwise.advice.points import Group, Told, group, joined, with_outcomes
from threadwise.advice.relevance import Candidate
from threadwise.advice.safety import Governor
from threadwise.advice.statements import of_thread
from threadwise.config import Settings
from threadwise.domain import OutcomeLabel, Post, Thread, with_roles

GOVERNOR = Governor.load(Settings())

RENT = Thread(
    "money",
    "Money never lasts",
    with_roles(
        (
            Post("1", "My money never lasts until the end of the month. What can I do?", "juniper"),
            Post("2", "You should pay yourself a salary from a second account.", "rosalind", score=30),
            Post("3", "You should ring the landlord and name a date.", "marek", score=9),
            Post("4", "Try cash envelopes for food.", "otto", score=4),
            Post("5", "cash", "gus", score=4),
            Post("6", "I rang the landlord and it helped. The envelopes made no difference.", "juniper"),
        )
    ),
)


def told(label: OutcomeLabel, about: str, quote: str) -> Told:
    start = RENT.posts[5].text.index(quote)
    return Told(RENT, Report("6", "juniper", label, about, quote, start, start + len(quote)))


def found(*reports: Told, lift: float = 1.0) -> list[Group]:
    fit = {"2": 2.3, "3": 2.0, "4": 1.9, "5": 1.8}
    return with_outcomes(group([Candidate(one, fit[one.post.id]) for one in of_thread(RENT)]), reports, lift)


def shown(groups: list[Group]) -> list[str]:
    return [one.best.statement.post.id for one in choose(groups, (), GOVERNOR, (), 5).points]


HELPED = told(OutcomeLabel.HELPED, "3", "I rang the landlord and it helped.")
IN_VAIN = told(OutcomeLabel.NO_CHANGE, "4", "The envelopes made no difference.")


def test_what_helped_comes_first_where_the_thread_answers_the_question() -> None:
    assert shown(found(HELPED))[:2] == ["3", "2"]


def test_what_helped_with_a_problem_that_is_only_like_the_one_asked_about_lifts_little() -> None:
    assert shown(found(HELPED, lift=0.3))[:2] == ["2", "3"]


def test_advice_that_the_asker_tried_in_vain_is_left_out_where_others_are_liked_better() -> None:
    assert shown(found()) == ["2", "3", "4"]
    assert shown(found(IN_VAIN)) == ["2", "3"]


def test_a_point_of_one_or_two_words_is_not_shown() -> None:
    assert "5" not in shown(found())


def test_a_text_that_repeats_itself_to_be_found_is_not_shown() -> None:
    stuffed = "You should try " + "money month lasts end " * 20
    thread = Thread("money", RENT.title, (*RENT.posts, Post("7", stuffed, "mallory", score=50)))
    groups = group([Candidate(one, 2.0) for one in of_thread(thread)])

    assert "7" in {one.best.statement.post.id for one in groups}
    assert "7" not in shown(groups)


def test_the_same_text_under_many_names_takes_one_place() -> None:
    spam = (
        Post(f"x{n}", f"You should buy PotGuard for your gnats, money never lasts in {n} months.", f"m{n}")
        for n in range(9)
    )
    thread = Thread("money", RENT.title, (*RENT.posts, *spam))
    groups = group([Candidate(one, 2.0 + one.post.id.startswith("x") / 2) for one in of_thread(thread)])

    assert [post.startswith("x") for post in shown(groups)] == [True, False, False, False]


def test_what_its_author_says_again_in_another_thread_is_not_shown_twice() -> None:
    whole = "Pay yourself a salary. Ring the bank on Monday and ask for a second account without a card."
    posts = (*RENT.posts, Post("7", whole, "goat", score=20), Post("8", whole.partition(". ")[2], "goat", score=10))
    thread = Thread("money", RENT.title, posts)
    groups = [Group((Candidate(one, 2.2),)) for one in of_thread(thread) if one.post.id in "78"]

    assert len({one.best.statement.post.id for one in groups}) == 2
    assert "8" not in shown(groups)


def test_a_list_that_its_author_copied_from_an_older_thread_is_not_shown_twice() -> None:
    """Each has an item of its own, so that the rest is one point and both lists are left."""
    steps = [
        "Rest for a week, bike or swim instead.",
        "Put a cold pack on it for ten minutes.",
        "Do calf raises daily.",
    ]
    steps += ["Come back at half of what you did, on grass, and add a tenth a week."]
    old = "My recipe:\n\n" + "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))
    new = f"Copying what I wrote in another thread:\n\n{old.partition(chr(10))[2].strip()}\n5. Buy decent shoes."
    old += "\n5. Stretch against a wall every evening."
    shins = [
        Thread(name, "Shins ache", with_roles((Post("1", "My shins ache?", "ann"), Post("2", text, "kate", score=9))))
        for name, text in (("old", old), ("new", new))
    ]
    groups = joined(group([Candidate(one, 2.0) for thread in shins for one in of_thread(thread)]))

    assert {one.best.statement.text for one in groups} == {old, new}
    [only] = choose(groups, (), GOVERNOR, (), 5).points
    assert only.best.statement.text in (old, new)


RACE = Thread(
    "race",
    "Knees before a half marathon",
    with_roles(
        (
            Post("1", "My knees ache. What should I do before a half marathon?", "ann"),
            Post("2", "Before a half marathon you should take 800 mg of ibuprofen for the knees.", "bob"),
            Post("3", "Before a half marathon you should rest the knees for two weeks.", "eve"),
        )
    ),
)


def test_where_the_best_words_may_not_be_cited_freely_somebody_elses_lead_the_point() -> None:
    dose, rest = (Candidate(one, fit) for one, fit in zip(of_thread(RACE), (2.4, 2.1), strict=True))

    led = safely_led(Group((dose, rest)), GOVERNOR, ())

    assert [one.statement.post.id for one in led.members] == ["3", "2"]
    assert led.best.match == dose.match


def test_a_point_of_one_voice_or_of_risky_ones_alone_stays_as_it_is() -> None:
    dose, rest = (Candidate(one, 2.0) for one in of_thread(RACE))

    for members in ((dose,), (dose, dose), (rest, dose)):
        assert safely_led(Group(members), GOVERNOR, ()).members == members
