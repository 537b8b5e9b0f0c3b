"""Threads, answers and lists as pages: what a reader sees, by value."""

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from threadwise.corpus.duplicates import Elsewhere
from threadwise.corpus.formats.progress import Step
from threadwise.corpus.summaries import ThreadSummary
from threadwise.domain import (
    Answer,
    Citation,
    Disagreement,
    Notice,
    NoticeKind,
    OutcomeLabel,
    OutcomeReport,
    Point,
    Post,
    Role,
    Side,
    SimilarThread,
    Status,
    Thread,
)
from threadwise.web.job import Progress, progressed
from threadwise.web.show_answer import Turn, answer_view, plain_answer, point_view, problem, turn_view
from threadwise.web.show_draft import progress_view
from threadwise.web.show_list import Found, Listing, Wanted, listing_view
from threadwise.web.show_sources import sources
from threadwise.web.show_thread import POSTS_SHOWN, Spot, post_text, thread_page
from web.conftest import BACK, HOSTILE


def words(markup: object) -> str:
    """What is left to read."""
    return " ".join(re.sub(r"<[^>]*>", " ", str(markup)).split())


def attributes(markup: str) -> set[str]:
    """The names of all attributes, as a browser reads them."""
    names: set[str] = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda _, found: names.update(name for name, _ in found)  # type: ignore[method-assign]
    parser.feed(markup)
    return names


CITED = (
    Citation(1, "sore-back", "Sore back", "2", "ana", "2024-03-04", Role.REPLIER, "https://forum.example/2", 0, 22,
             "Try shorter runs first", situation="also a new runner", standing="22 votes"),
    Citation(2, "sore-back", "Sore back", "4", "slowpoke", "2024-03-20", Role.ASKER, "javascript:alert(1)", 0, 18,
             "The stretch helped"),
)  # fmt: skip
ANSWER = Answer(
    question="sore back?",
    status=Status.ANSWERED,
    text="",
    points=(
        Point("Try shorter runs first", (1,), 3, 2,
              outcomes=(OutcomeReport(OutcomeLabel.HELPED, "4", "The stretch helped", 2),)),
    ),
    citations=CITED,
)  # fmt: skip


def test_a_quote_is_marked_where_it_stands_in_the_stored_text() -> None:
    shown = post_text("Well. <b>Rest</b> a week.", 6, 17)

    assert str(shown) == '<div class="said" dir="auto">Well. <mark>&lt;b&gt;Rest&lt;/b&gt;</mark> a week.</div>'


def test_a_quote_over_two_lines_is_marked_on_both() -> None:
    assert "one <mark>two\n</mark><mark>three</mark> four" in str(post_text("one two\nthree four", 4, 13))


def test_quoted_lines_are_set_apart() -> None:
    assert '<span class="quoted">&gt; rest\n</span>I did.' in str(post_text("> rest\nI did."))


def test_a_thread_shows_who_said_what_when_and_what_became_of_it() -> None:
    read = words(thread_page(BACK, Spot("2", 0, 21)))

    assert read.startswith(
        "Sore lower back after running 3 replies 3 people 4 Mar 2024 accepted answer original thread"
    )
    assert "slowpoke asker 4 Mar 2024 3 votes #1 My lower back is sore" in read
    assert "ana accepted 4 Mar 2024 9 votes in reply to slowpoke #2 Try shorter runs fir" in read


def test_only_web_addresses_become_links_and_they_tell_nothing() -> None:
    links = re.findall(r'<a [^>]*href="http[^>]*>', str(thread_page(BACK)))

    assert links == ['<a href="https://forum.example/sore-back" target="_blank" rel="noopener noreferrer nofollow">']
    assert 'href="javascript' not in str(thread_page(HOSTILE))


def test_a_hostile_thread_brings_no_tag_of_its_own() -> None:
    shown = str(thread_page(HOSTILE, Spot("2", 0, 5)))

    for tag in ("<script", "<img", "<iframe", "<b>", "<i>", "</textarea>"):
        assert tag not in shown
    assert not [name for name in attributes(shown) if name.startswith("on")]
    assert "\u202e" not in shown


def test_a_very_long_thread_comes_in_parts_and_opens_at_the_post_asked_for() -> None:
    posts = tuple(
        Post(str(n), f"Post number {n}.", role=Role.ASKER if n == 1 else Role.REPLIER) for n in range(1, 5001)
    )
    shown = str(thread_page(Thread("long", "Long", posts), Spot("450")))

    assert shown.count('<li class="post') == POSTS_SHOWN
    assert 'id="post-450"' in shown
    assert "200 earlier posts" in words(shown)
    assert "200 later posts" in words(shown)


def test_a_point_tells_how_many_people_and_what_came_of_it() -> None:
    read = words(answer_view(ANSWER))

    assert "What people say from 2 posts in 1 thread" in read
    assert "Try shorter runs first 1 3 people ana and others in 2 threads It helped The stretch helped 2" in read
    assert "Sources Sore back also a new runner 1 ana 4 Mar 2024 22 votes original" in read
    assert read.endswith("2 slowpoke asker 20 Mar 2024 Copy")


def test_each_source_thread_stands_once_with_what_is_cited_from_it() -> None:
    other = dataclasses.replace(CITED[1], n=3, thread_id="hips", thread_title="Hips", author=None)
    read = words(sources((*CITED, other)))

    assert read.count("Sore back") == read.count("Hips") == 1
    assert read.index("Sore back") < read.index("slowpoke") < read.index("Hips") < read.index("unknown author")


def test_what_a_forum_thinks_of_the_one_post_behind_a_point_stands_beside_it() -> None:
    assert "1 person ana 22 votes" in words(point_view(Point("Rest", (1,), 1, 1), {1: CITED[0]}))
    assert "votes" not in words(point_view(Point("Rest", (1,), 2, 1), {1: CITED[0], 2: CITED[1]}))


def test_a_marker_leads_to_the_span_it_stands_for() -> None:
    shown = str(answer_view(ANSWER))

    assert 'href="/browse?thread=sore-back&amp;post=2&amp;start=0&amp;end=22"' in shown
    assert 'data-thread="sore-back" data-post="2" data-start="0" data-end="22"' in shown
    assert 'aria-label="Source 1: ana in Sore back"' in shown
    assert 'href="javascript' not in shown


def test_what_is_in_common_with_an_asker_is_said_once_for_each_thread() -> None:
    cited = tuple(dataclasses.replace(CITED[0], n=n, situation="also a new runner") for n in (1, 2, 3))

    assert words(answer_view(dataclasses.replace(ANSWER, citations=cited))).count("also a new runner") == 1


def test_notices_come_first_most_serious_at_the_top() -> None:
    notices = (Notice(NoticeKind.CAUTION, "Careful."), Notice(NoticeKind.CRISIS, "Call someone."))
    shown = str(answer_view(dataclasses.replace(ANSWER, notices=notices)))

    assert shown.index("Call someone.") < shown.index("Careful.") < shown.index("What people say")
    assert '<div class="notice crisis" role="note">' in shown


def test_an_unanswered_question_says_so_shows_the_nearest_and_drafts_a_post() -> None:
    answer = Answer(
        "why is the sky green?", Status.UNANSWERED, "", similar=(SimilarThread("t", "Blue skies", 0.3),),
        missing="Nothing here is about the sky.", draft="Has anybody seen a green sky?",
    )  # fmt: skip
    read = words(answer_view(answer))

    assert read.startswith("Not answered here Nothing here is about the sky. The nearest threads Blue skies")
    assert "A question you could post Has anybody seen a green sky?" in read


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("Green sky?\n\nHas anybody seen one?", "<strong>Green sky?</strong><p>Has anybody seen one?</p>"),
        ("Green sky?\n\nGreen sky?", "<strong>Green sky?</strong></div>"),
        ("Green sky?", "<strong>Green sky?</strong></div>"),
        ("My sky is green\n\nMy sky is green.", "<strong>My sky is green</strong></div>"),
    ],
)
def test_a_draft_has_its_title_apart_and_says_nothing_twice(draft: str, shown: str) -> None:
    assert shown in str(answer_view(Answer("q", Status.UNANSWERED, "", missing="Nothing.", draft=draft)))


def test_a_part_answer_says_what_is_not_covered() -> None:
    answer = dataclasses.replace(ANSWER, status=Status.PARTIAL, missing="Nobody says anything about hills.")

    assert "Partly covered from 2 posts in 1 thread Nobody says anything about hills." in words(answer_view(answer))


def test_both_sides_of_a_disagreement_stand() -> None:
    sides = (Side("Run through it", (1,), 2), Side("Rest", (2,), 1))
    read = words(answer_view(dataclasses.replace(ANSWER, disagreements=(Disagreement("Run or rest?", sides),))))

    assert "People disagree Run or rest? Run through it 1 2 people ana and others Rest 2 1 person" in read


def test_a_growing_answer_has_its_points_so_far_and_no_sources() -> None:
    turn = Turn("sore back?", ANSWER, waiting="Writing")
    read, whole = words(turn_view(turn, 0)), words(turn_view(dataclasses.replace(turn, waiting=None), 0))

    assert "Try shorter runs first" in read
    assert read.endswith("Writing")
    assert ("Sources" in read, "Sources" in whole) == (False, True)
    nothing_yet = dataclasses.replace(turn, answer=dataclasses.replace(ANSWER, points=(), citations=()))
    assert words(turn_view(nothing_yet, 0)) == "sore back? Writing"


def test_in_a_crisis_there_is_help_and_nothing_beside_it() -> None:
    answer = Answer("…", Status.UNANSWERED, "", notices=(Notice(NoticeKind.CRISIS, "Call someone."),))

    assert words(answer_view(answer)) == "You are not alone with this Call someone."


def test_the_lines_of_a_quote_stay_lines_and_a_bullet_alone_goes() -> None:
    def shown(text: str) -> str:
        return str(point_view(Point(text, (1,), 1, 1), {1: CITED[0]}))

    assert ">1. Rest.\n2. Stretch.</q>" in shown("1. Rest.\n2. Stretch.\n")
    assert ">Rest.</q>" in shown("- Rest.")


def test_what_is_to_be_typed_is_set_apart_in_a_sentence() -> None:
    assert "as in <code>before:2023</code>." in problem("It takes a year, as in `before:2023`.")
    assert '<p dir="auto">one ` alone</p>' in problem("one ` alone")
    assert "<code>&lt;b&gt;</code>" in problem("not `<b>`")


def test_an_import_tells_how_far_it_is_how_fast_and_how_long() -> None:
    read = words(progress_view(progressed(Step("Reading", "bytes", 30_000_000, 90_000_000), 10.0)))

    assert read.startswith("Reading 30.0 MB of 90.0 MB · 3.0 MB a second · 20 s left")
    assert "5 of 10 threads It goes on" in words(progress_view(progressed(Step("x", "threads", 5, 10), 0.2)))
    assert "2 h 47 min left" in words(progress_view(progressed(Step("x", "threads", 1, 10_001), 1.0)))
    resumed = progressed(Step("Taking in", "threads", 5_010, 6_010), 10.0, before=5_000)
    assert "5,010 of 6,010 threads · 1 thread a second · 17 min left" in words(progress_view(resumed))
    far = dataclasses.replace(resumed, passages=1_234)
    assert "1,234 passages searchable so far. It goes on if you leave" in words(progress_view(far))
    assert "Starting" in words(progress_view(Progress("Reading the file")))


def test_a_post_that_was_put_elsewhere_says_where() -> None:
    also = [Elsewhere(f"t{n}", f"<b>{n}", "2") for n in range(5)]
    shown = str(thread_page(BACK, elsewhere=lambda _, posts: {posts[1].id: also[:1], posts[2].id: also}))

    assert "Also posted in &lt;b&gt;0 ." in words(shown)
    assert "Also posted in &lt;b&gt;0 , &lt;b&gt;1 , &lt;b&gt;2 and 2 more threads." in words(shown)
    assert '<a href="/browse?thread=t0&amp;post=2" data-thread="t0" data-post="2" dir="auto">&lt;b&gt;0</a>' in shown
    assert "Also posted" not in words(thread_page(BACK))


def test_words_that_are_not_a_quote_are_marked_as_such() -> None:
    point = dataclasses.replace(ANSWER.points[0], kind="paraphrase")
    shown = str(answer_view(dataclasses.replace(ANSWER, points=(point,))))

    assert "in other words" in words(shown)
    assert '<q class="words" dir="auto">Try' not in shown


def test_the_copy_is_plain_text_with_its_sources() -> None:
    assert plain_answer(ANSWER).splitlines() == [
        "sore back?",
        "",
        "- Try shorter runs first [1] (3 people)",
        "",
        "Sources",
        "[1] ana, Sore back: https://forum.example/2",
        "[2] slowpoke, Sore back: javascript:alert(1)",
    ]


def test_a_list_tells_how_many_there_are_and_where_the_next_page_is() -> None:
    summary = ThreadSummary("t<1>", "A <title>", "2024-03-04", ("run",), 4, True, "An excerpt", "ana")
    wanted = Wanted(tag="run", page=2, thread="t<1>")
    shown = listing_view(Listing(wanted, (Found(summary),), 45, (("run", 45), ("back", 3))))

    assert words(shown).startswith("run 45 back 3 45 threads tagged run A &lt;title&gt; An excerpt 3 replies ana")
    assert words(shown).endswith("Previous Page 2 of 3 Next")
    assert 'href="/browse?tag=run&amp;page=3" data-page="3"' in str(shown)
    assert 'data-thread="t&lt;1&gt;" aria-current="true"' in str(shown)


def test_an_empty_list_says_what_to_do() -> None:
    assert "Add the first one" in words(listing_view(Listing(Wanted(), (), 0)))
    assert "Try other words" in words(listing_view(Listing(Wanted("zebra"), (), 0)))
