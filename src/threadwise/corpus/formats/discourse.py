"""Topics of a Discourse forum as its JSON: `/t/ID.json`, pages of `/t/ID/posts.json`, and `/posts.json`.

The pages of one topic may lie in several files of a folder. Quotes become "> " lines that begin with the quoted name;
previews of links ("oneboxes") are cut down to the link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from threadwise.corpus.formats.html_text import element_to_text, html_to_text, parse_html
from threadwise.corpus.formats.json_shape import key_paths
from threadwise.corpus.formats.source import Report, Sample, Source, by_folder
from threadwise.corpus.formats.spool import spooled
from threadwise.corpus.formats.values import as_date, as_dict, as_int, as_line, as_list, as_text
from threadwise.domain import Post, Role, Thread
from threadwise.errors import FormatError

REGULAR = 1
"""`post_type` of what people write; 2 and 3 are notes about the topic, 4 whispers of staff."""
LIKE = 2
"""`id` of likes in `actions_summary`. Source of both: Discourse, app/models/post.rb and post_action_type.rb."""

_SITE = re.compile(r"/user_avatar/([A-Za-z0-9.-]+\.[A-Za-z]{2,})/")
_ROOTS = ("post_stream.posts[].", "latest_posts[].", "[].", "")


class Discourse:
    """JSON of Discourse's own addresses."""

    name = "discourse"

    def detect(self, sample: Sample) -> float:
        """Sure of numbered posts that have been cooked."""
        paths = key_paths(sample.text)
        for root in _ROOTS:
            if f"{root}cooked" in paths and f"{root}post_number" in paths:
                return 1.0
        return 0.9 if "post_stream.stream" in paths or "post_stream.posts" in paths else 0.0

    def group(self, name: str) -> str:
        """The files of a folder, for a topic comes in pages; so the sites of two forums go into two folders."""
        return by_folder(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The topics, each from all of its pages; what is missing of one is warned about."""
        with spooled(source) as spool:
            for file in source.files:
                with report.rejecting(file.name):
                    for piece in _pieces(file.json(source.limits.whole_bytes), file.name, report):
                        spool.put(f"{_topic(piece):020}", piece)
            for key, pieces in spool.groups():
                where = f"{source.name}: topic {int(key)}"
                with report.rejecting(where):
                    yield _thread(int(key), pieces, report, where)


def _pieces(value: Any, where: str, report: Report) -> Iterator[dict[str, Any]]:
    """What the file says of topics (without posts), and the posts, each with a `topic_id`."""
    if isinstance(value, list):
        found: list[Any] = value
    elif "post_stream" in as_dict(value):
        stream = as_dict(value["post_stream"])
        found = as_list(stream.get("posts"))
        if as_int(value.get("id")) is not None:
            yield _about(value, as_list(stream.get("stream")))
            found = [{"topic_id": value["id"], **each} if isinstance(each, dict) else each for each in found]
    else:
        found = as_list(as_dict(value).get("latest_posts")) or [value]
    for place, post in enumerate(found, start=1):
        if not isinstance(post, dict) or _topic(post) < 0 or as_int(post.get("post_number")) is None:
            report.reject(f"{where}: post {place}", "It has no post_number and topic_id, so it belongs nowhere.")
            continue
        yield post


def _about(value: dict[str, Any], stream: list[Any]) -> dict[str, Any]:
    kept = ("title", "slug", "tags", "posts_count", "accepted_answer", "created_at")
    return {"topic_id": value["id"], "stream": stream, **{key: value[key] for key in kept if key in value}}


def _topic(value: dict[str, Any]) -> int:
    number = as_int(value.get("topic_id"))
    return -1 if number is None else number


def _thread(topic: int, pieces: list[dict[str, Any]], report: Report, where: str) -> Thread:
    about: dict[str, Any] = {}
    found: dict[int, dict[str, Any]] = {}
    for piece in pieces:
        number = as_int(piece.get("post_number"))
        if number is None:
            about.update(piece)
        else:
            found[number] = piece
    if not found:
        raise FormatError("None of its posts are there; save its pages too.")
    _say_what_is_missing(about, found, report, where)
    rows = [found[number] for number in sorted(found)]
    base = _address(topic, about, rows)
    accepted = as_int(as_dict(about.get("accepted_answer")).get("post_number"))
    opening = found.get(1)
    asker = _who(opening) if opening else None
    posts = [_post(row, base, asker, accepted) for row in rows if _speaks(row)]
    if not posts:
        raise FormatError("All of its posts are deleted, hidden or notes of the forum.")
    titles = (about.get("title"), *(row.get("topic_title") for row in rows))
    site = base.split("/")[2] if base else None
    return Thread(
        id=f"{site or 'discourse'}-{topic}",
        title=next((line for each in titles if (line := as_line(each))), _from_slug(about, rows)),
        posts=tuple(posts),
        url=base,
        source=site or "discourse",
        created=as_date(opening["created_at"]) if opening and "created_at" in opening else posts[0].created,
        tags=tuple(tag for each in as_list(about.get("tags")) if (tag := as_line(as_dict(each).get("name") or each))),
    )


def _say_what_is_missing(about: dict[str, Any], found: dict[int, Any], report: Report, where: str) -> None:
    have = {as_int(row.get("id")) for row in found.values()}
    absent = [each for each in map(as_int, as_list(about.get("stream"))) if each not in have]
    counts = [as_int(each.get("posts_count")) or 0 for each in (about, *found.values())]
    missing = len(absent) if about.get("stream") else max(counts) - len(found)
    if missing > 0:
        report.warn(where, f"{missing} of its posts are in none of the files; are pages missing?")
    if 1 not in found:
        report.warn(where, "Its opening post is in none of the files, so nobody is known to have asked.")


def _address(topic: int, about: dict[str, Any], rows: list[dict[str, Any]]) -> str | None:
    """The topic's address; the site is in the addresses of uploaded pictures of people only."""
    for row in rows:
        site = _SITE.search(as_text(row.get("avatar_template")) or "")
        if site:
            slug = as_line(about.get("slug")) or as_line(row.get("topic_slug")) or "-"
            return f"https://{site[1].lower()}/t/{slug}/{topic}"
    return None


def _from_slug(about: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    slug = as_line(about.get("slug")) or as_line(rows[0].get("topic_slug")) or ""
    return slug.replace("-", " ").capitalize()


def _speaks(row: dict[str, Any]) -> bool:
    """Whether somebody says something in it, and has not taken it back."""
    gone = row.get("deleted_at") or row.get("user_deleted") is True or row.get("hidden") is True
    return not gone and (as_int(row.get("post_type")) or REGULAR) == REGULAR


def _post(row: dict[str, Any], base: str | None, asker: str | None, accepted: int | None) -> Post:
    number = as_int(row.get("post_number")) or 0
    site = base.split("/t/")[0] if base else None
    answers = as_int(row.get("reply_to_post_number"))
    likes = [each for each in map(as_dict, as_list(row.get("actions_summary"))) if each.get("id") == LIKE]
    author = _who(row)
    edited = (as_int(row.get("version")) or 1) > 1
    return Post(
        id=str(number),
        text=_text(as_text(row.get("cooked")) or "") or as_text(row.get("raw")) or "",
        author=author,
        created=as_date(row.get("created_at")),
        score=(as_int(likes[0].get("count")) or 0) if likes else 0,
        accepted=row.get("accepted_answer") is True or number == accepted,
        role=Role.ASKER if author is not None and author == asker else Role.REPLIER,
        reply_to=str(answers) if answers is not None else None,
        kind="staff" if row.get("staff") is True else None,
        url=f"{base}/{number}" if base else None,
        author_url=f"{site}/u/{author}" if site and author else None,
        edited=as_date(row.get("updated_at")) if edited else None,
    )


def _who(row: dict[str, Any]) -> str | None:
    return as_line(row.get("username"))


def _text(cooked: str) -> str:
    if "<aside" not in cooked:
        return html_to_text(cooked)
    root = parse_html(cooked)
    for aside in list(root.iter("aside")):
        kind = (aside.get("class") or "").split()
        if "quote" in kind:
            _attribute(aside)
        elif "onebox" in kind:
            _shorten(aside)
    return element_to_text(root)


def _attribute(aside: etree._Element) -> None:
    """Move the quoted name from above the quote into it."""
    for child in list(aside):
        if child.get("class") == "title":
            aside.remove(child)
    quote = aside.find("blockquote")
    name = as_line(aside.get("data-username"))
    if quote is not None and name:
        line = etree.Element("p")
        line.text = f"{name} wrote:"
        quote.insert(0, line)


def _shorten(aside: etree._Element) -> None:
    link = aside.get("data-onebox-src") or next((a.get("href") for a in aside.iter("a")), None)
    for child in list(aside):
        aside.remove(child)
    aside.text = link
