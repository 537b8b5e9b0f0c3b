"""Putting a thread right: joining, splitting, moving, removing posts, and what the fields say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.domain import Post, Role, Thread
from threadwise.errors import InputError
from threadwise.web.drafts import corrected, joined_posts, moved_up, ready, split_post, without_post

THREAD = Thread(
    "t",
    "Title",
    (
        Post("1", "Question?", "ana", role=Role.ASKER),
        Post("2", "First half. Second half.", "ben"),
        Post("3", "Thanks!", "ana", role=Role.ASKER, reply_to="2"),
    ),
)


def texts(thread: Thread) -> list[tuple[str, str, str | None]]:
    return [(post.id, post.text, post.author) for post in thread.posts]


def test_a_post_is_cut_in_two_at_a_place_and_the_second_half_is_another_persons() -> None:
    assert texts(split_post(THREAD, "2", 11)) == [
        ("1", "Question?", "ana"),
        ("2", "First half.", "ben"),
        ("4", "Second half.", None),
        ("3", "Thanks!", "ana"),
    ]


@pytest.mark.parametrize("place", [0, 24, 999])
def test_a_cut_that_leaves_nothing_on_one_side_is_refused(place: int) -> None:
    with pytest.raises(InputError, match="Put the cursor where the new post begins"):
        split_post(THREAD, "2", place)


def test_joined_posts_are_one_and_replies_follow() -> None:
    made = joined_posts(THREAD, "2")

    assert texts(made) == [("1", "Question?\n\nFirst half. Second half.", "ana"), ("3", "Thanks!", "ana")]
    assert made.posts[1].reply_to == "1"


def test_a_removed_post_leaves_no_reply_in_the_air() -> None:
    made = without_post(THREAD, "2")

    assert [post.id for post in made.posts] == ["1", "3"]
    assert made.posts[1].reply_to is None


def test_the_question_cannot_be_joined_upwards_and_the_only_post_stays() -> None:
    with pytest.raises(InputError, match="no post before it"):
        joined_posts(THREAD, "1")
    with pytest.raises(InputError, match="A thread needs its question"):
        without_post(Thread("t", "", (Post("1", "x"),)), "1")
    with pytest.raises(InputError, match="not in the thread any more"):
        moved_up(THREAD, "9")


def test_a_post_that_moves_to_the_front_becomes_the_askers() -> None:
    made = ready(moved_up(THREAD, "2"))

    assert [(post.id, post.role) for post in made.posts] == [
        ("2", Role.ASKER),
        ("1", Role.ASKER),
        ("3", Role.ASKER),
    ]


def test_fields_change_what_they_show_and_nothing_else() -> None:
    form = {
        "title": " New title ",
        "tags": "run, back , run,",
        "posts": [{"id": "2", "author": "", "role": "asker", "text": "a\r\nb"}, {"id": "9", "text": "nobody's"}],
    }
    made = corrected(THREAD, form)

    assert (made.title, made.tags) == ("New title", ("run", "back"))
    assert made.posts == (THREAD.posts[0], Post("2", "a\nb", None, role=Role.ASKER), THREAD.posts[2])
    assert corrected(THREAD, {}) == THREAD


def test_a_text_that_nobody_touched_keeps_its_line_breaks() -> None:
    thread = Thread("t", "", (Post("1", "a\r\nb\rc"),))

    assert corrected(thread, {"posts": [{"id": "1", "text": "a\nb\nc"}]}) == thread


@pytest.mark.parametrize("form", [{"title": 5}, {"posts": "x"}, {"posts": [1]}, {"posts": [{"id": "2", "text": 1}]}])
def test_fields_of_the_wrong_kind_are_refused(form: dict[str, object]) -> None:
    with pytest.raises(InputError, match="reload"):
        corrected(THREAD, form)


def test_an_empty_post_is_not_kept() -> None:
    with pytest.raises(InputError, match="Post 2 is empty"):
        ready(corrected(THREAD, {"posts": [{"id": "2", "text": " \n"}]}))


@given(st.text(min_size=2, max_size=60), st.integers(0, 60))
def test_split_and_joined_again_no_word_is_lost(text: str, place: int) -> None:
    thread = Thread("t", "", (Post("1", "Q"), Post("2", text.replace("\0", ""))))
    try:
        parts = split_post(thread, "2", place)
    except InputError:
        return
    whole = joined_posts(parts, parts.posts[2].id)

    assert whole.posts[1].text.split() == [word for post in parts.posts[1:] for word in post.text.split()]
    assert "".join(whole.posts[1].text.split()) == "".join(thread.posts[1].text.split())
