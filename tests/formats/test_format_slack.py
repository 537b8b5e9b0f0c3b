import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.config import Settings
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.slack import Slack
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Thread
from threadwise.errors import ThreadwiseError

USERS = [
    {"id": "U1", "team_id": "T1", "name": "mara", "profile": {"display_name": "Mara", "real_name": "Mara M"}},
    {"id": "U2", "team_id": "T1", "name": "tobi", "profile": {"display_name": "", "real_name": "Tobi T"}},
]


def message(ts: str, user: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "ts": ts, "user": user, "text": text, **more}


FIRST_DAY = [
    message("1709576520.000100", "U1", "My tap drips, <@U2>. &lt;Help&gt;?", thread_ts="1709576520.000100"),
    message("1709576530.000100", "U3", "joined", subtype="channel_join"),
    message("1709576540.000100", "U3", "See <https://example.org|this>", user_profile={"real_name": "Li"}),
]
SECOND_DAY = [
    message(
        "1709662920.000200",
        "U2",
        "New washer.",
        thread_ts="1709576520.000100",
        reactions=[{"name": "+1", "count": 2}],
        edited={"user": "U2", "ts": "1709663000.000000"},
    ),
    message("1709662930.000200", "U1", "It stopped!", thread_ts="1709576520.000100"),
]


def read(value: Any, report: Report | None = None) -> list[Thread]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(Slack().read(Source((memory_file("x/taps/2024-03-04.json", data),)), report or Report()))


def test_an_export_is_read_by_value(tmp_path: Path) -> None:
    (tmp_path / "taps").mkdir()
    (tmp_path / "users.json").write_text(json.dumps(USERS))
    (tmp_path / "taps" / "2024-03-04.json").write_text(json.dumps(FIRST_DAY))
    (tmp_path / "taps" / "2024-03-05.json").write_text(json.dumps(SECOND_DAY))
    report = Report()

    drip, link = read_path(tmp_path, Settings(home=tmp_path), report)

    assert (drip.id, drip.source, drip.tags) == ("slack-taps-1709576520.000100", "slack", ("taps",))
    assert [(p.author, p.text, p.score, p.reply_to, p.role.value) for p in drip.posts] == [
        ("Mara", "My tap drips, @Tobi T. <Help>?", 0, None, "asker"),
        ("Tobi T", "New washer.", 2, "1709576520.000100", "replier"),
        ("Mara", "It stopped!", 0, "1709576520.000100", "asker"),
    ]
    assert (drip.created or "")[:19] == "2024-03-04T18:22:00"
    assert drip.posts[1].edited == "2024-03-05T18:23:20"
    assert [(p.author, p.text) for p in link.posts] == [("Li", "See this (https://example.org)")]
    assert (report.rejects, report.warnings) == (0, 0)


def test_a_thread_whose_opening_is_missing_says_so() -> None:
    report = Report()

    [thread] = read(SECOND_DAY, report)

    assert not any(post.is_asker for post in thread.posts)
    assert "opened the thread" in report.warned[0].why


def test_its_files_are_known_by_content() -> None:
    for value in (FIRST_DAY, USERS):
        assert Slack().detect(Sample("x", json.dumps(value).encode())) > 0.5
    assert Slack().detect(Sample("x", b'[{"text": "a"}]')) == 0


def test_deep_nesting_is_refused_with_a_reason() -> None:
    report = Report()

    assert read(b"[" * 10_000, report) == []
    assert "deep" in report.rejected[0].why


_json = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("ts", "profile", "count", "text", "id")), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(_json, _json)
@settings(max_examples=60, deadline=None)
def test_odd_json_never_crashes_it(one: Any, two: Any) -> None:
    odd = message("1", "U1", "Hm", edited=one, reactions=two, user_profile=two, thread_ts=one)
    for value in (one, [one, two, odd], [{**odd, "subtype": one}], [{**odd, "ts": two}]):
        try:
            read(value)
        except ThreadwiseError:
            continue
