"""Channels of Discord as DiscordChatExporter's JSON: a forum post or thread is one thread, elsewhere replies make them.

In a plain channel a message that replies to nothing opens a thread, and the chain of replies to it follows in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from threadwise.corpus.formats.json_shape import key_paths
from threadwise.corpus.formats.source import Report, Sample, Source, by_file
from threadwise.corpus.formats.values import as_date, as_dict, as_id, as_int, as_line, as_list, as_text
from threadwise.domain import Post, Role, Thread
from threadwise.errors import FormatError

_SAID = frozenset(("Default", "Reply", "0", "19"))
"""Message types that people write; the rest are notes. Source: DiscordChatExporter, MessageKind.cs."""
_KEYS = {"guild.id", "channel.id", "messages[].content", "messages[].timestamp"}


class Discord:
    """JSON of DiscordChatExporter."""

    name = "discord"

    def detect(self, sample: Sample) -> float:
        """Sure of a channel of a guild with messages."""
        return 1.0 if key_paths(sample.text) >= _KEYS else 0.0

    def group(self, name: str) -> str:
        """A file is a channel."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The channel's threads in the order of their opening messages."""
        value = as_dict(source.file.json(source.limits.whole_bytes))
        channel, guild = as_dict(value.get("channel")), as_dict(value.get("guild"))
        place = as_id(channel.get("id"))
        if place is None:
            raise FormatError(f"{source.name} names no channel; export it again as JSON.")
        messages: dict[str, dict[str, Any]] = {}
        for number, each in enumerate(map(as_dict, as_list(value.get("messages"))), start=1):
            own = as_id(each.get("id"))
            if own is None:
                report.reject(f"{source.name}: message {number}", "It has no id.")
            elif as_text(each.get("type")) in _SAID:
                messages[own] = each
        one = "thread" in (as_line(channel.get("type")) or "").lower()
        for opening, rows in _gathered(messages, one).items():
            with report.rejecting(f"{source.name}: message {opening}"):
                yield _thread(opening, rows, channel, guild, one)


def _gathered(messages: dict[str, dict[str, Any]], one: bool) -> dict[str, dict[str, dict[str, Any]]]:
    """The messages by the opening one of their thread."""
    root: dict[str, str] = {}
    gathered: dict[str, dict[str, dict[str, Any]]] = {}
    for own, message in messages.items():  # in order of time, so what is answered has been seen
        answers = _answers(message)
        first = next(iter(messages)) if one else root.get(answers or "", own)
        root[own] = first
        gathered.setdefault(first, {})[own] = message
    return gathered


def _answers(message: dict[str, Any]) -> str | None:
    return as_id(as_dict(message.get("reference")).get("messageId"))


def _thread(
    opening: str, rows: dict[str, dict[str, Any]], channel: dict[str, Any], guild: dict[str, Any], one: bool
) -> Thread:
    server, place = as_id(guild.get("id")) or "@me", as_id(channel.get("id"))
    address = f"https://discord.com/channels/{server}/{place}"
    asker = as_dict(rows[opening].get("author")).get("id")
    name = as_line(channel.get("name")) or ""
    return Thread(
        id=f"discord-{place}" if one else f"discord-{place}-{opening}",
        title=name if one else "",
        posts=tuple(_post(own, row, address, asker) for own, row in rows.items()),
        url=address if one else f"{address}/{opening}",
        source=as_line(guild.get("name")) or "discord",
        created=as_date(rows[opening].get("timestamp")),
        tags=() if one or not name else (name,),
    )


def _post(own: str, row: dict[str, Any], address: str, asker: object) -> Post:
    author = as_dict(row.get("author"))
    counts = [as_int(as_dict(each).get("count")) or 0 for each in as_list(row.get("reactions"))]
    return Post(
        id=own,
        text=(as_text(row.get("content")) or "").strip(),
        author=as_line(author.get("nickname")) or as_line(author.get("name")),
        created=as_date(row.get("timestamp")),
        score=sum(counts),
        role=Role.ASKER if asker is not None and author.get("id") == asker else Role.REPLIER,
        reply_to=_answers(row),
        url=f"{address}/{own}",
        edited=as_date(row.get("timestampEdited")),
    )
