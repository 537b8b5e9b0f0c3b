import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.corpus.formats import registry
from threadwise.corpus.formats.discourse import Discourse
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Thread
from threadwise.errors import ThreadwiseError

REAL = Path(__file__).parents[3] / "shared" / "formats" / "discourse"


def read(*pages: Any, report: Report | None = None) -> list[Thread]:
    files = tuple(
        memory_file(f"d/{i}.json", page if isinstance(page, bytes) else json.dumps(page).encode())
        for i, page in enumerate(pages)
    )
    return list(Discourse().read(Source(files), report or Report()))


def post(number: int, user: str = "li", **more: Any) -> dict[str, Any]:
    return {
        "id": 100 + number,
        "post_number": number,
        "username": user,
        "cooked": f"<p>Words {number}.</p>",
        "created_at": f"2024-03-0{number}T10:00:00.000Z",
        **more,
    }


def topic(*posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"post_stream": {"posts": list(posts), **more.pop("stream", {})}, "id": 7, **more}


def test_a_topic_in_two_pages_is_one_thread_by_value() -> None:
    quote = (
        '<aside class="quote no-group" data-username="mara" data-post="1" data-topic="7"><div class="title">'
        '<img class="avatar" alt=""> mara:</div><blockquote><p>It drips.</p></blockquote></aside><p>New washer.</p>'
    )
    avatar = "/user_avatar/forum.example.org/mara/{size}/1_2.png"
    first = topic(
        post(1, "mara", avatar_template=avatar, version=3, updated_at="2024-03-09T08:00:00.000Z"),
        stream={"stream": [101, 102, 103]},
        title="My tap drips",
        slug="my-tap-drips",
        tags=["taps", {"id": 1, "name": "water"}],
        accepted_answer={"post_number": 2},
    )
    second = topic(
        post(3, "mara", reply_to_post_number=2),
        post(2, "tobi", cooked=quote, staff=True, reply_to_post_number=1, actions_summary=[{"id": 2, "count": 4}]),
    )
    report = Report()

    [thread] = read(second, first, report=report)

    assert (thread.id, thread.title, thread.source) == ("forum.example.org-7", "My tap drips", "forum.example.org")
    assert (thread.url, thread.tags) == ("https://forum.example.org/t/my-tap-drips/7", ("taps", "water"))
    assert [(p.id, p.author, p.score, p.accepted, p.reply_to, p.kind, p.role.value) for p in thread.posts] == [
        ("1", "mara", 0, False, None, None, "asker"),
        ("2", "tobi", 4, True, "1", "staff", "replier"),
        ("3", "mara", 0, False, "2", None, "asker"),
    ]
    assert thread.posts[1].text == "> mara wrote:\n>\n> It drips.\n\nNew washer."
    assert thread.posts[1].url == "https://forum.example.org/t/my-tap-drips/7/2"
    assert (thread.created, thread.question.edited) == ("2024-03-01T10:00:00", "2024-03-09T08:00:00")
    assert thread.posts[2].edited is None
    assert (report.rejects, report.warnings) == (0, 0)


def test_missing_pages_and_a_missing_opening_post_are_said() -> None:
    report = Report()

    [thread] = read(topic(post(2), stream={"stream": [101, 102, 103]}), report=report)

    assert [p.id for p in thread.posts] == ["2"]
    assert not thread.posts[0].is_asker
    assert ["2 of its posts" in report.warned[0].why, "opening post" in report.warned[1].why] == [True, True]


def test_notes_of_the_forum_and_what_was_taken_back_are_left_out() -> None:
    [thread] = read(topic(post(1), post(2, post_type=3), post(3, user_deleted=True), post(4, hidden=True)))

    assert [p.id for p in thread.posts] == ["1"]


def test_a_preview_of_a_link_is_only_the_link() -> None:
    box = '<p>See</p><aside class="onebox" data-onebox-src="https://example.org/a"><h3>A title</h3>Long talk</aside>'

    [thread] = read(topic(post(1, cooked=box)))

    assert thread.question.text == "See\n\nhttps://example.org/a"


@pytest.mark.skipif(not REAL.exists(), reason="the real exports are not beside this checkout")
def test_real_pages_of_a_topic_are_joined() -> None:
    report = Report()
    pages = [(REAL / name).read_bytes() for name in ("t_2144_posts.json", "t_2144_posts_pn_41.json")]

    [thread] = read(*pages, report=report)

    assert thread.id == "discuss.criticalfallibilism.com-2144"
    assert [p.id for p in thread.posts] == [str(n) for n in range(1, 31) if n != 7]
    second, last = thread.posts[1], thread.posts[-1]
    assert (second.author, second.created) == ("Eternity", "2026-01-10T20:59:07.236000")
    assert (last.author, last.reply_to) == ("anonymous105", "29")
    assert last.text.startswith("Got it.\n\n> anonymous105 wrote:\n>\n> Or I got them confused")
    assert (thread.question.author, thread.question.score) == ("Elliot", 1)
    assert [remark.why[:20] for remark in report.warned] == ["1 of its posts are i"]


@pytest.mark.skipif(not REAL.exists(), reason="the real exports are not beside this checkout")
def test_the_latest_posts_of_a_site_are_sorted_into_topics() -> None:
    threads = read((REAL / "posts.json").read_bytes())

    assert sum(len(thread.posts) for thread in threads) == 50
    [logic] = [thread for thread in threads if thread.id.endswith("-2148")]
    assert (logic.title, logic.question.author) == ("People Being Bad at Logic", "Elliot")


def test_its_files_are_known_by_content() -> None:
    for value in (topic(post(1)), {"latest_posts": [post(1, topic_id=7)]}, [post(1, topic_id=7)]):
        found = registry.detect(Sample("x", json.dumps(value).encode()))
        assert found is not None
        assert found[0].name == "discourse"
    assert Discourse().detect(Sample("x", b'{"posts": [{"text": "a"}]}')) == 0


def test_deep_nesting_is_refused_with_a_reason() -> None:
    report = Report()

    deep_html = topic(post(1, cooked="<aside>" + "<div>" * 10_000))
    assert read(deep_html, b'{"post_stream":' + b"[" * 10_000, report=report) == []
    assert all("deep" in remark.why for remark in report.rejected)
    assert report.rejects == 2


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("post_stream", "posts", "id", "topic_id", "post_number", "cooked", "stream", "tags", "x")),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(_json, _json)
@settings(max_examples=60, deadline=None)
def test_odd_json_never_crashes_it(page: Any, cooked: Any) -> None:
    for value in (page, topic(post(1, cooked=cooked, actions_summary=page), tags=page, accepted_answer=page)):
        try:
            read(value)
        except ThreadwiseError:
            continue
