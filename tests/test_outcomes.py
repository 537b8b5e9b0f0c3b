from __future__ import annotations

import json
from pathlib import Path

import pytest

from threadwise.advice.outcomes import Report, reports
from threadwise.advice.reporting.clauses import clauses
from threadwise.advice.reporting.features import mentions
from threadwise.corpus.names import REMOVED, Removal
from threadwise.domain import OutcomeLabel, Post, Thread, with_roles

WEEKS_LATER = "2024-04-20T09:00:00"


def thread_of(*texts: tuple[str, str], reply_to: str | None = None, last: str = WEEKS_LATER) -> Thread:
    """A thread of (author, text); the first author asks, the last post comes weeks later and may reply to one."""
    posts = [
        Post(str(i), text, author, last if i == len(texts) else f"2024-03-0{i}T09:00:00", reply_to=None)
        for i, (author, text) in enumerate(texts, start=1)
    ]
    end = posts[-1]
    posts[-1] = Post(end.id, end.text, end.author, end.created, reply_to=reply_to)
    return Thread("door", "The door sticks", with_roles(tuple(posts)))


ASKED = ("anna", "My door sticks in its frame since the wet winter. What can I do?")
PLANE = ("tom_b", "Plane the upper edge, a millimetre at a time.")
CANDLE = ("Hilde", "Rub a candle along the edge, wax makes it slide.")


def said(text: str, author: str = "anna", reply_to: str | None = "3", last: str = WEEKS_LATER) -> list[Report]:
    return reports(thread_of(ASKED, PLANE, CANDLE, (author, text), reply_to=reply_to, last=last))


def labels(text: str, **kwargs: str) -> list[str]:
    return [str(report.label) for report in said(text, **kwargs)]


def test_a_report_quotes_its_clause_and_names_the_post_it_is_about() -> None:
    text = "Update: I rubbed the candle along the edge, and after two weeks it no longer sticks. Thanks!"
    [report] = said(text)

    assert (report.post_id, report.author, str(report.label), report.about_post) == ("4", "anna", "helped", "3")
    assert report.quote == text[report.start : report.end]
    assert "no longer sticks" in report.quote


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Update after three weeks: the wax helped a lot.", "helped"),
        ("Three weeks later: the wax made no difference at all.", "no_change"),
        ("Tried the candle for two weeks, it did nothing.", "no_change"),
        ("Three weeks of wax and it is no better than before.", "no_change"),
        ("I can't say it helped, three weeks of candle now.", "no_change"),
        ("Tried the candle. It got much worse, now it jams halfway.", "worse"),
    ],
)
def test_results_are_told_apart(text: str, label: str) -> None:
    assert labels(text) == [label]


@pytest.mark.parametrize(
    "text",
    [
        "I'll try the candle this weekend, thanks.",
        "Candle ordered. Going to do it tomorrow.",
        "Thanks! Will give the wax a go on Saturday.",
        "We're going to try the candle first, hopefully it helps.",
    ],
)
def test_an_intention_is_never_a_result(text: str) -> None:
    assert labels(text, last="2024-03-03T18:00:00") == ["intends"]


@pytest.mark.parametrize(
    "text",
    [
        "Perfect, wax is cheap and the shop's open until eight.",
        "You've convinced me, no more excuses, tomorrow I sand it.",
        "I want to give it three weeks before I call it a failure.",
        "If the wax doesn't help I'll plane a millimetre off.",
        "Weekend: candle.",
        "Both tips noted, the free one goes first.",
    ],
)
@pytest.mark.parametrize("last", [WEEKS_LATER, "2024-03-03T18:00:00"])
def test_an_intention_is_no_result_weeks_later_either(text: str, last: str) -> None:
    assert set(labels(text, last=last)) <= {"intends"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I was going to give up on it, but the wax fixed it.", "helped"),
        ("Started on Monday and it helped.", "helped"),
        ("Rubbed it with the candle and it no longer catches.", "helped"),
        ("Will try the hinges next, the wax made no difference.", "no_change"),
        ("Next week the plane, because waxing has not worked.", "no_change"),
        ("Planed it on Saturday and now it's worse than before.", "worse"),
    ],
)
def test_a_result_beside_a_plan_is_a_result(text: str, label: str) -> None:
    assert label in labels(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you all, what a friendly forum!",
        "Did it help you, and for how long?",
        "Does the wax work in winter too?",
        "> Rub a candle along the edge\n\nWhich edge, the upper one?",
    ],
)
def test_thanks_and_questions_and_quotes_report_nothing(text: str) -> None:
    assert labels(text, last="2024-03-03T18:00:00") == []


def test_the_opening_post_reports_nothing_as_nobody_has_advised_yet() -> None:
    alone = Thread("a", "A", with_roles((Post("1", "I tried wax for two weeks and it made no difference.", "anna"),)))

    assert reports(alone) == []


def test_mixed_results_of_two_pieces_of_advice_are_two_reports() -> None:
    found = said(
        "Back after a month. The candle did nothing at all. Planing the upper edge fixed it, no more sticking.",
        reply_to=None,
    )

    assert {(str(report.label), report.about_post) for report in found} == {("no_change", "3"), ("helped", "2")}


def test_another_who_tried_it_reports_too() -> None:
    found = said(
        "Tried Hilde's candle on my door as well after reading this: two weeks now and it works.", author="zoe"
    )

    assert [(report.author, str(report.label), report.about_post) for report in found] == [("zoe", "helped", "3")]


def test_the_same_thread_gives_the_same_reports() -> None:
    thread = thread_of(ASKED, PLANE, CANDLE, ("anna", "Three weeks later: the wax helped."), reply_to="3")

    assert reports(thread) == reports(thread)


@pytest.mark.parametrize(
    ("text", "author", "named"),
    [
        ("as Tom said", "tom_b", True),
        ("jonas's two outfits", "jonas-b", True),
        ("like priya suggested", "Priya.S", True),
        ("@tom_b thanks", "tom_b", True),
        ("the real problem", "the_real_otto", False),
        ("three days of it", "DadOfThree", False),
        ("nothing", None, False),
        ("tomorrow", "tom_b", False),
    ],
)
def test_people_are_named_by_parts_of_their_handles(text: str, author: str | None, named: bool) -> None:
    assert mentions(text, author) is named


def test_clauses_are_exact_spans_and_leave_out_what_is_quoted() -> None:
    text = "> old words\n\nIt was dry, but now it leaks. Topic: no change."

    assert [text[c.start : c.end] for c in clauses(text)] == [
        "It was dry,",
        "but now it leaks.",
        "Topic:",
        "no change.",
    ]


def test_what_somebody_else_says_in_so_many_words_is_a_report() -> None:
    text = "I followed Hilde and rubbed the candle along mine, it made things worse for me."

    [report] = said(text, author="zoe")

    assert (str(report.label), report.about_post) == ("worse", "3")


def test_praise_on_the_same_day_is_no_result() -> None:
    assert "helped" not in labels(
        "Brilliant, five people invited and my sister is the boss.", last="2024-03-03T12:00:00"
    )


def test_what_may_fail_later_has_not_failed() -> None:
    assert set(labels("I'll try the candle on Sunday, and when that doesn't work I plane the edge.")) <= {"intends"}


def test_what_was_done_before_reading_is_about_nobodys_advice() -> None:
    text = "Planed the upper edge on Thursday before I read this. It is much worse now."

    assert [report.about_post for report in said(text) if str(report.label) == "worse"] == [None]


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("The stretching helped a lot, thank you!", "helped"),
        ("This fixed it, thanks!", "helped"),
        ("I stretched every day and it helped.", "helped"),
        ("Update: tried the stretching for two weeks and my back is much better.", "helped"),
        ("Tried it, no luck.", "no_change"),
        ("The stretching made my back hurt more.", "worse"),
        ("Thanks, will give it a go.", "intends"),
    ],
)
def test_a_pasted_thread_reports_though_nobody_knows_when_its_posts_were_written(said: str, label: str) -> None:
    posts = (
        Post("1", "My back is sore after a half marathon. What should I do?", "ann"),
        Post("2", "You should stretch your sore back for ten minutes.", "bob"),
        Post("3", said, "ann"),
    )
    assert [(one.label, one.about_post) for one in reports(Thread("back", "Sore back", with_roles(posts)))] == [
        (label, "2")
    ]


def test_who_opens_a_list_of_what_helped_them_reports_nothing_on_what_others_advised() -> None:
    text = "I had the same. 2 things helped. The plane made it easier. Then the candle did the trick."
    asker = "Two things helped. The plane made it easier. Then the candle did the trick."

    assert reports(thread_of(ASKED, PLANE, ("greta", text), reply_to="2")) == []
    assert "helped" in labels(asker)


def test_in_a_very_long_thread_a_report_is_about_one_of_the_last_two_hundred_posts() -> None:
    chat = [Post(str(n), "Nice weather for a run today.", f"person{n}") for n in range(3, 300)]
    posts = (
        Post("1", "My back is sore after a half marathon. What should I do?", "ann"),
        Post("2", "You should stretch your sore back for ten minutes.", "bob"),
        *chat,
        Post("300", "You should ice your sore back for ten minutes.", "cid"),
        Post("301", "The ice helped my sore back a lot, thank you!", "ann"),
    )
    [told] = reports(Thread("back", "Sore back", with_roles(posts)))
    assert (told.label, told.about_post) == ("helped", "300")


@pytest.mark.parametrize("text", ["Six weeks no impact now, swimming allowed.", "Our cellar doors are the same."])
def test_words_that_only_sound_like_no_change_report_nothing(text: str) -> None:
    assert "no_change" not in labels(text, author="gus")


def test_no_impact_of_what_was_tried_is_a_report() -> None:
    assert labels("Tried the candle for two weeks, it had no impact at all.") == ["no_change"]


def test_what_somebody_else_thinks_of_advice_is_no_report_of_it() -> None:
    assert labels("Wax does next to nothing on a swollen frame.", author="gus") == []
    assert labels("Tried the wax for two weeks, it did nothing.", author="gus") == ["no_change"]


def test_praise_by_somebody_who_tried_nothing_is_no_report() -> None:
    assert labels("In theory wax only works on wood that is dry.", author="gus") == []


# Advice that is gone


def without(gone: str, text: str, reply_to: str | None) -> list[tuple[str, str | None]]:
    """Label and advice of what anna reports of Hilde's candle, in a thread without one of the posts."""
    posts = list(thread_of(ASKED, PLANE, CANDLE, ("anna", text), reply_to=reply_to).posts)
    posts = [post for post in posts if post.author != gone]
    return [(str(one.label), one.about_post) for one in reports(Thread("door", "The door sticks", tuple(posts)))]


def test_what_helped_by_a_post_that_is_gone_is_credited_to_nobody() -> None:
    text = "Update: the wax helped a lot, it slides again."

    assert without("", text, "3") == [("helped", "3")]
    assert without("Hilde", text, "3") == [("helped", None)]
    assert without("Hilde", text, None) == [("helped", None)]  # a number is missing between 2 and 4


def test_in_a_thread_that_lacks_a_post_who_is_named_or_said_the_same_keeps_the_credit() -> None:
    planed = "Update: I planed a millimetre off the upper edge and it helped a lot."

    assert without("Hilde", planed, None) == [("helped", "2")]
    assert without("Hilde", "Update: that helped a lot, Tom.", None) == [("helped", "2")]
    assert without("Hilde", "Update: Hilde's wax trick helped a lot.", None) == [("helped", None)]


def test_who_is_forgotten_is_credited_with_nothing_and_so_is_nobody_in_their_place() -> None:
    thread = thread_of(ASKED, PLANE, CANDLE, ("anna", "Update: the wax of Hilde helped a lot."), reply_to="3")
    left = Removal(["Hilde"], [CANDLE[1]]).thread(thread, here=True)

    assert left is not None
    assert left.posts[-1].reply_to == REMOVED
    assert [(str(one.label), one.about_post) for one in reports(left)] == [("helped", None)]


def test_a_post_that_kept_its_place_and_lost_its_words_helped_nobody() -> None:
    emptied = thread_of(ASKED, PLANE, ("Hilde", ""), ("anna", "Update: it helped a lot!"), reply_to="3")

    assert [(str(one.label), one.about_post) for one in reports(emptied)] == [("helped", None)]


def test_what_was_tried_before_asking_is_no_result() -> None:
    assert labels("I had tried a candle before asking you here, but it didn't work.") == []
    assert labels("I tried the candle for two weeks, but it didn't work.") == ["no_change"]


SAME_DAY = "2024-03-03T11:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "I rubbed mine with soap for ten years and it was perfect, it never sticks.",
        "Ours was worse. A candle works fine for me.",
        "It took 3 weeks with a joiner and was as good as new.",
    ],
)
def test_an_answer_to_the_question_is_its_writers_own_practice_and_no_result(text: str) -> None:
    assert labels(text, author="kat", reply_to="1") == []


def test_an_answer_to_the_question_that_says_whose_advice_was_followed_is_a_result() -> None:
    [report] = said("I rubbed it with a candle as Hilde said, and after a week it made no difference.", "kat", "1")
    assert (report.label, report.about_post) == ("no_change", "3")


@pytest.mark.parametrize(
    "text",
    [
        "A millimetre is not that much, the door is much thicker than what we have now.",
        "It is easy to get a plane here, my friends are all happy to lend me one.",
        "I asked in the shop before I wrote here, they are finally sold out.",
    ],
)
def test_an_asker_who_goes_on_talking_on_the_same_day_reports_nothing(text: str) -> None:
    assert labels(text, reply_to=None, last=SAME_DAY) == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("That worked!", "helped"),
        ("The candle did the trick.", "helped"),
        ("The candle didn't do anything.", "no_change"),
        ("I planed it, that made things worse.", "worse"),
    ],
)
def test_what_is_said_in_so_many_words_is_a_result_on_the_same_day_too(text: str, label: str) -> None:
    assert labels(text, reply_to=None, last=SAME_DAY) == [label]


@pytest.mark.parametrize("text", ["Thanks, that info helped a lot.", "Your replies really helped me."])
def test_thanks_for_an_answer_is_no_result_of_what_it_advises(text: str) -> None:
    assert labels(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "My brother tried the candle for two weeks and it made no difference.",
        "That door is worse than last year.",
        "My husband is at sea, he is working again for three weeks.",
    ],
)
def test_what_others_did_or_how_other_things_are_is_no_result(text: str) -> None:
    assert labels(text) == []


def test_of_a_hundred_and_more_posts_of_talk_hardly_one_in_ten_is_taken_for_a_result() -> None:
    rows = [json.loads(line) for line in (Path(__file__).parent / "labels/talk.jsonl").open(encoding="utf-8")]
    talk = [Thread(row["id"], row["title"], with_roles(tuple(Post(**post) for post in row["posts"]))) for row in rows]

    found = [one for thread in talk for one in reports(thread) if one.label != "intends"]

    assert sum(len(thread.posts) for thread in talk) == 133
    assert len(found) <= 13


@pytest.mark.parametrize("name", ["anonymous", "[deleted]", "Guest", "", None])
def test_another_post_without_a_name_is_not_the_askers(name: str | None) -> None:
    posts = with_roles((Post("1", "Sore?", name), Post("2", "Stretch daily.", "ben"), Post("3", "It helped.", name)))

    assert [post.is_asker for post in posts] == [True, False, False]


def test_a_name_of_somebody_is_the_askers_wherever_it_stands() -> None:
    posts = with_roles((Post("1", "Sore?", "anon42"), Post("2", "Stretch.", "anonymous"), Post("3", "Done.", "anon42")))

    assert [post.is_asker for post in posts] == [True, False, True]


def test_what_the_asker_did_and_how_it_is_now_is_a_result_where_no_post_has_a_date() -> None:
    posts = (
        Post("1", "My knee hurts when I run downhill.", "ann"),
        Post("2", "Take shorter steps on the way down.", "mara"),
        Post("3", "I took shorter steps and my knee is fine now.", "ann"),
    )

    [told] = reports(Thread("knee", "Knee hurts running downhill", with_roles(posts)))

    assert (told.label, told.about_post) == (OutcomeLabel.HELPED, "2")
