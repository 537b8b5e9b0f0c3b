import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.corpus.formats import registry
from threadwise.corpus.formats.discord import Discord
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Thread
from threadwise.errors import FormatError, ThreadwiseError


def read(value: Any, report: Report | None = None) -> list[Thread]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(Discord().read(Source((memory_file("d/taps.json", data),)), report or Report()))


def message(id_: str, text: str, who: str, answers: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "Reply" if answers else "Default",
        "timestamp": f"2024-03-04T18:2{id_}:00+01:00",
        "timestampEdited": None,
        "content": text,
        "author": {"id": f"u-{who}", "name": who, "nickname": who.title()},
        "reactions": [],
        **({"reference": {"messageId": answers, "channelId": "5"}} if answers else {}),
        **more,
    }


def export(*messages: Any, kind: str = "GuildTextChat") -> dict[str, Any]:
    return {
        "guild": {"id": "1", "name": "Plumbers"},
        "channel": {"id": "5", "type": kind, "name": "taps"},
        "messages": list(messages),
    }


TALK = (
    message("1", "My tap drips.", "mara"),
    message("2", "Hello all", "li"),
    message("3", "New washer.", "tobi", "1", reactions=[{"emoji": {}, "count": 2}, {"count": 1}]),
    message("4", "It stopped!", "mara", "3", timestampEdited="2024-03-04T19:00:00+00:00"),
    message("5", "Pinned a message.", "li", type="ChannelPinnedMessage"),
)


def test_chains_of_replies_are_threads_by_value() -> None:
    drip, hello = read(export(*TALK))

    assert (drip.id, drip.source, drip.tags, drip.heading) == ("discord-5-1", "Plumbers", ("taps",), "My tap drips.")
    assert [(p.id, p.author, p.text, p.score, p.reply_to, p.role.value) for p in drip.posts] == [
        ("1", "Mara", "My tap drips.", 0, None, "asker"),
        ("3", "Tobi", "New washer.", 3, "1", "replier"),
        ("4", "Mara", "It stopped!", 0, "3", "asker"),
    ]
    assert (drip.created, drip.posts[2].edited) == ("2024-03-04T17:21:00", "2024-03-04T19:00:00")
    assert drip.posts[1].url == "https://discord.com/channels/1/5/3"
    assert [p.text for p in hello.posts] == ["Hello all"]


def test_a_thread_of_a_forum_channel_is_one_thread_with_its_name() -> None:
    [thread] = read(export(*TALK, kind="GuildPublicThread"))

    assert (thread.id, thread.title, thread.url) == ("discord-5", "taps", "https://discord.com/channels/1/5")
    assert [p.id for p in thread.posts] == ["1", "2", "3", "4"]


def test_its_files_are_known_by_content() -> None:
    found = registry.detect(Sample("x", json.dumps(export(*TALK)).encode()))

    assert found is not None
    assert found[0].name == "discord"


def test_deep_nesting_is_refused_with_a_reason() -> None:
    with pytest.raises(FormatError, match="deep"):
        read(b'{"guild":' * 10_000)


_json = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("id", "name", "count", "messageId", "x")), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(_json, _json)
@settings(max_examples=60, deadline=None)
def test_odd_json_never_crashes_it(one: Any, two: Any) -> None:
    odd = message("1", "Hm", "mara", author=one, reactions=two, reference=two, content=one, timestamp=two)
    for value in (one, export(one, two, odd), {**export(odd), "guild": one}, {**export(odd), "channel": two}):
        try:
            read(value)
        except ThreadwiseError:
            continue
