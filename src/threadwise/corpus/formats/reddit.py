"""Submissions of Reddit with their comments: the listing JSON of `/comments/ID.json`, and the dumps as JSON lines.

In the dumps comments and submissions stand in separate files, months apart, so both are spooled to the disk first.
Posts come in order of time. What was deleted or removed stays as an empty post of that kind, so that the tree holds.
Bodies are Markdown as people wrote them, so quotes are "> " lines already.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from threadwise.corpus.formats.json_shape import key_paths
from threadwise.corpus.formats.source import File, Report, Sample, Source, by_folder, parse_json
from threadwise.corpus.formats.spool import spooled
from threadwise.corpus.formats.values import as_date, as_dict, as_id, as_int, as_line, as_list, as_text
from threadwise.domain import Post, Role, Thread

SITE = "https://www.reddit.com"
COMMENT, SUBMISSION = "t1", "t3"
"""What full names of things begin with. Source: https://www.reddit.com/dev/api#fullnames."""

_GONE = {"[deleted]": "deleted", "[removed]": "removed", "[ removed by reddit ]": "removed"}


class Reddit:
    """Listing JSON and JSON lines of submissions and comments."""

    name = "reddit"

    def detect(self, sample: Sample) -> float:
        """Sure of listings of submissions or comments, and of such things by themselves."""
        paths = key_paths(sample.text)
        for root in ("[].", ""):
            for thing in (f"{root}data.children[].data.", f"{root}data.", root):
                comment = {f"{thing}link_id", f"{thing}body", f"{thing}parent_id"}
                submission = {f"{thing}subreddit", f"{thing}title", f"{thing}num_comments"}
                if comment <= paths or submission <= paths:
                    return 1.0
        return 0.0

    def group(self, name: str) -> str:
        """The files of a folder, for comments stand in other files than what they are about."""
        return by_folder(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The submissions, each with its comments; comments whose submission is in no file are counted as rejects."""
        with spooled(source) as spool:
            for file in source.files:
                with report.rejecting(file.name):
                    for key, piece in _pieces(file, source.limits.whole_bytes, report):
                        spool.put(key, piece)
            orphans = 0
            for key, pieces in spool.groups():
                where = f"{source.name}: submission {key}"
                opening = next((piece for piece in reversed(pieces) if piece["thing"] == SUBMISSION), None)
                if opening is None:
                    orphans += sum(piece["thing"] == COMMENT for piece in pieces)
                    continue
                with report.rejecting(where):
                    yield _thread(key, opening, pieces, report, where)
            if orphans:
                report.reject(
                    source.name,
                    f"The submissions of {orphans} comments are in none of the files; import them together.",
                )


def _pieces(file: File, limit: int, report: Report) -> Iterator[tuple[str, dict[str, Any]]]:
    """The submission's id and one thing of it, `thing` saying what it is."""
    text = file.sample().text.lstrip("\ufeff \t\r\n")
    if text.startswith("[") or any(path.startswith("data.children") for path in key_paths(text)):
        yield from _things(file.json(limit), file.name, report)
        return
    for number, line in file.lines(limit, report):
        if line.strip():
            where = f"{file.name}:{number}"
            with report.rejecting(where):
                yield from _things(parse_json(line, where), where, report)


def _things(value: Any, where: str, report: Report) -> Iterator[tuple[str, dict[str, Any]]]:
    """All things in a JSON document, however deep the listings lie in one another."""
    waiting: list[tuple[Any, str | None]] = [(value, None)]
    last: str | None = None
    while waiting:
        each, link = waiting.pop()
        if isinstance(each, list):
            waiting.extend((one, link) for one in reversed(each))
            continue
        kind, data = _unwrapped(each)
        if kind == "Listing":
            waiting.extend((one, link) for one in reversed(as_list(data.get("children"))))
            continue
        key = _short(data.get("id")) if kind == SUBMISSION else _short(_named(data.get("link_id"))) or link or last
        if key is None or kind is None or (kind != "more" and _short(data.get("id")) is None):
            report.reject(where, "It is neither a submission nor a comment with an id and a link_id.")
            continue
        if kind == SUBMISSION:
            last = key
        if replies := data.pop("replies", None):
            waiting.append((replies, key))
        yield key, {**data, "thing": kind}


def _unwrapped(value: Any) -> tuple[str | None, dict[str, Any]]:
    data = as_dict(value)
    kind = data.get("kind")
    if isinstance(kind, str) and isinstance(data.get("data"), dict):
        return kind if kind in ("Listing", "more", COMMENT, SUBMISSION) else None, data["data"]
    if "body" in data and "link_id" in data:
        return COMMENT, data
    return (SUBMISSION if "title" in data else None), data


def _short(value: Any) -> str | None:
    """`57dw9a` of `t3_57dw9a`."""
    return as_id(re.sub(r"^t[1-6]_", "", (as_text(value) or "").strip()))


def _named(value: Any) -> Any:
    """A number is an id without its kind, in base ten: some dumps have 8,654,236,010 for `3z4ib8q`."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    return np.base_repr(value, 36).lower() if value >= 0 else None


def _parent(row: dict[str, Any], key: str, comments: Collection[str | None]) -> str | None:
    """The full name of what a comment answers; one without its kind gets that of what is there."""
    parent = as_id(_named(row.get("parent_id")))
    if parent is None or re.match(r"t[1-6]_", parent):
        return parent
    return f"{SUBMISSION if parent == key and parent not in comments else COMMENT}_{parent}"


def _thread(key: str, opening: dict[str, Any], pieces: list[dict[str, Any]], report: Report, where: str) -> Thread:
    _say_what_is_missing(pieces, report, where)
    permalink = as_text(opening.get("permalink")) or f"/comments/{key}/"
    base = f"{SITE}{permalink}" if permalink.startswith("/") else permalink
    author = _author(opening)
    found = {_short(row.get("id")): row for row in pieces if row["thing"] == COMMENT}
    found = {own: {**row, "parent_id": _parent(row, key, found)} for own, row in found.items()}
    comments = sorted(found.values(), key=lambda row: (as_int(row.get("created_utc")) or 0, str(row.get("id"))))
    tags = (as_line(opening.get("subreddit")), as_line(opening.get("link_flair_text")))
    return Thread(
        id=f"reddit-{key}",
        title=html.unescape(as_line(opening.get("title")) or ""),
        posts=(
            _post(opening, SUBMISSION, _submitted(opening), base, author),
            *(_post(row, COMMENT, as_text(row.get("body")) or "", base, author) for row in comments),
        ),
        url=base,
        source="reddit.com",
        created=as_date(opening.get("created_utc")),
        tags=tuple(html.unescape(tag) for tag in tags if tag),
    )


def _say_what_is_missing(pieces: list[dict[str, Any]], report: Report, where: str) -> None:
    stubs = [as_int(piece.get("count")) or 0 for piece in pieces if piece["thing"] == "more"]
    if sum(stubs):
        report.warn(where, f"{sum(stubs)} comments were left out of the export, behind {len(stubs)} `more` stubs.")
    elif stubs:
        report.warn(where, f"{len(stubs)} branches of comments go on on pages that are not in the export.")


def _submitted(row: dict[str, Any]) -> str:
    """What was written, or the link that was shared without words."""
    text = as_text(row.get("selftext")) or ""
    return text if text.strip() or row.get("is_self") is True else as_text(row.get("url")) or ""


def _post(row: dict[str, Any], thing: str, body: str, base: str, asker: str | None) -> Post:
    own = _short(row.get("id"))
    gone = _GONE.get(body.strip().lower())
    author = _author(row)
    permalink = as_text(row.get("permalink")) or ""
    address = f"{SITE}{permalink}" if permalink.startswith("/") else f"{base.rstrip('/')}/{own}/"
    staff = "staff" if row.get("distinguished") in ("moderator", "admin") else None
    same = author is not None and author == asker
    return Post(
        id=f"{thing}_{own}",
        text="" if gone else re.sub(r"\r\n?", "\n", html.unescape(body)).strip(),
        author=author,
        created=as_date(row.get("created_utc")),
        score=as_int(row.get("score")),
        role=Role.ASKER if thing == SUBMISSION or same else Role.REPLIER,
        reply_to=as_id(row.get("parent_id")) if thing == COMMENT else None,
        kind=gone or staff or ("comment" if thing == COMMENT else None),
        url=base if thing == SUBMISSION else address,
        author_url=f"{SITE}/user/{author}" if author else None,
        edited=as_date(row.get("edited")),
    )


def _author(row: dict[str, Any]) -> str | None:
    name = as_line(row.get("author"))
    return None if name in _GONE else name
