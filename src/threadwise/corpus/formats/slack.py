"""Slack's export: a folder a channel with a file a day, and `users.json` beside the folders.

A message and the replies in its thread are one thread, whatever days they were written on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from threadwise.corpus.formats.json_shape import key_paths
from threadwise.corpus.formats.source import Report, Sample, Source, folder_of
from threadwise.corpus.formats.spool import spooled
from threadwise.corpus.formats.values import as_date, as_dict, as_id, as_int, as_line, as_list, as_text
from threadwise.domain import Post, Role, Thread

_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json(?:\.gz|\.zst)?$")
_SAID = frozenset((None, "thread_broadcast", "file_share", "me_message", "bot_message"))
"""Subtypes of messages that people write. Source: https://api.slack.com/events/message#subtypes."""
_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
"""`<@U1>`, `<#C1|general>`, `<https://example.org|words>`. Source: https://api.slack.com/reference/surfaces/formatting."""


class Slack:
    """The folders of a workspace's export."""

    name = "slack"

    def detect(self, sample: Sample) -> float:
        """Sure of lists of messages with `ts`; also of the lists of users and channels beside them."""
        paths = key_paths(sample.text)
        if {"[].type", "[].ts", "[].text"} <= paths:
            return 1.0
        users, channels = {"[].id", "[].team_id", "[].profile"}, {"[].id", "[].creator", "[].members"}
        return 0.9 if users <= paths or channels <= paths else 0.0

    def group(self, name: str) -> str:
        """All channels of an export belong together; a day's file lies in its channel's folder."""
        return folder_of(folder_of(name)) if _DAY.search(name) else folder_of(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The threads by channel, in order of time."""
        people: dict[str, str] = {}
        with spooled(source) as spool:
            for file in source.files:
                channel = PurePosixPath(folder_of(file.name).rstrip("!")).name or "slack"
                with report.rejecting(file.name):
                    for number, row in enumerate(as_list(file.json(source.limits.whole_bytes)), start=1):
                        if not isinstance(row, dict):
                            report.reject(f"{file.name}: message {number}", "It is no object.")
                        elif "profile" in row and "ts" not in row:
                            people[as_text(row.get("id")) or ""] = _called(row) or ""
                        elif as_id(row.get("ts")) and as_line(row.get("subtype")) in _SAID:
                            spool.put(f"{channel}\n{_opening(row)}", row)
            for key, rows in spool.groups():
                channel, _, opening = key.partition("\n")
                with report.rejecting(f"{source.name}: {channel} {opening}"):
                    yield _thread(channel, opening, rows, people, report)


def _opening(row: dict[str, Any]) -> str:
    return as_id(row.get("thread_ts")) or as_id(row.get("ts")) or ""


def _called(row: dict[str, Any]) -> str | None:
    """The name that people see, of a row of `users.json`."""
    profile = as_dict(row.get("profile"))
    names = (profile.get("display_name"), profile.get("real_name"), row.get("real_name"), row.get("name"))
    return next((line for each in names if (line := as_line(each))), None)


def _thread(channel: str, opening: str, rows: list[dict[str, Any]], people: dict[str, str], report: Report) -> Thread:
    found = {as_id(row["ts"]) or "": row for row in rows}
    if opening not in found:
        report.warn(f"{channel} {opening}", "The message that opened the thread is not in the export.")
    order = sorted(found)
    asker = _user(found[opening]) if opening in found else None
    posts = tuple(_post(own, found[own], opening, asker, people) for own in order)
    return Thread(
        id=f"slack-{channel}-{opening}",
        title="",
        posts=posts,
        source="slack",
        created=posts[0].created,
        tags=(channel,),
    )


def _user(row: dict[str, Any]) -> str | None:
    return as_id(row.get("user")) or as_id(row.get("bot_id"))


def _post(own: str, row: dict[str, Any], opening: str, asker: str | None, people: dict[str, str]) -> Post:
    user = _user(row)
    profile = {"profile": row.get("user_profile"), "name": row.get("username")}
    counts = [as_int(as_dict(each).get("count")) or 0 for each in as_list(row.get("reactions"))]
    return Post(
        id=own,
        text=_text(as_text(row.get("text")) or "", people),
        author=people.get(user or "") or _called(profile) or user,
        created=as_date(own),
        score=sum(counts),
        role=Role.ASKER if user is not None and user == asker else Role.REPLIER,
        reply_to=opening if own != opening else None,
        edited=as_date(as_dict(row.get("edited")).get("ts")),
    )


def _text(text: str, people: dict[str, str]) -> str:
    """Slack's marks as people see them; its three entities undone."""

    def shown(mark: re.Match[str]) -> str:
        kind, target, words = mark[1], mark[2], mark[3]
        if kind == "@":
            return f"@{words or people.get(target) or target}"
        if kind:
            return f"{'#' if kind == '#' else '@'}{words or target}"
        return f"{words} ({target})" if words and words not in target else target

    return html.unescape(_MARK.sub(shown, text)).strip()
