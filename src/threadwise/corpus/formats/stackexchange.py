"""Questions as the Stack Exchange API returns them: a page with `items`, or a bare list of questions."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from threadwise.corpus.formats.html_text import html_to_text
from threadwise.corpus.formats.json_shape import key_paths
from threadwise.corpus.formats.source import Report, Sample, Source, by_file
from threadwise.corpus.formats.stackexchange_sites import licence_of, site_of_link, thread_id
from threadwise.corpus.formats.values import as_date, as_dict, as_int, as_line, as_list, as_text
from threadwise.domain import Post, Role, Thread
from threadwise.errors import FormatError

_ROOTS = ("items[].", "[].", "")


class StackExchangeApi:
    """JSON of api.stackexchange.com, version 2.x."""

    name = "stackexchange-api"

    def detect(self, sample: Sample) -> float:
        """Sure of numbered questions with an owner and a date."""
        paths = key_paths(sample.text)
        for root in _ROOTS:
            known = sum(
                f"{root}{key}" in paths for key in ("question_id", "creation_date", "owner", "answers", "title")
            )
            if known >= 3:
                return 1.0 if f"{root}question_id" in paths else 0.8
        return 0.0

    def group(self, name: str) -> str:
        """A page stands for itself."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The questions; one that comes twice in a page is one thread with the posts of both."""
        value = source.file.json(source.limits.whole_bytes)
        if isinstance(value, dict):
            if "error_message" in value:
                raise FormatError(f"The API answered with an error: {as_line(value['error_message'])}.")
            value = value.get("items", [value])
        found: dict[int, list[dict[str, Any]]] = {}
        for place, item in enumerate(as_list(value), start=1):
            number = as_int(as_dict(item).get("question_id"))
            if number is None or ("answer_id" in item and "title" not in item):
                report.reject(f"{source.name}: item {place}", "It is no question; ask the API for /questions.")
                continue
            found.setdefault(number, []).append(item)
        for number, items in found.items():
            with report.rejecting(f"{source.name}: question {number}"):
                yield _thread(number, items, report, source.name)


def _thread(number: int, items: list[dict[str, Any]], report: Report, where: str) -> Thread:
    first = items[0]
    site = _site(items)
    if site is None:
        report.warn(f"{where}: question {number}", "Which site this is cannot be told, so it has no link.")
    posts: dict[str, Post] = {}
    for item in items:
        for post in _posts(item, number, first, site):
            posts.setdefault(post.id, post)
    licences = {
        as_line(item.get("content_license")) or licence_of(as_date(item.get("creation_date"))) for item in items
    }
    originals = as_list(as_dict(first.get("closed_details")).get("original_questions"))
    others = [as_int(as_dict(each).get("question_id")) for each in originals]
    return Thread(
        id=thread_id(site, number),
        title=html.unescape(as_line(first.get("title")) or ""),
        posts=tuple(posts.values()),
        url=f"https://{site}/questions/{number}" if site else None,
        source=site,
        licence=", ".join(sorted(licences)),
        created=as_date(first.get("creation_date")),
        tags=tuple(tag for each in as_list(first.get("tags")) if (tag := as_line(each))),
        duplicate_of=tuple(thread_id(site, other) for other in others if other is not None),
    )


def _site(items: list[dict[str, Any]]) -> str | None:
    """The site by the address of the question or of anybody in it."""
    for item in items:
        near = [item, *map(as_dict, as_list(item.get("answers"))), *map(as_dict, as_list(item.get("comments")))]
        links = [*(each.get("link") for each in near), *(as_dict(each.get("owner")).get("link") for each in near)]
        for link in links:
            if site := site_of_link(as_text(link)):
                return site
    return None


def _posts(item: dict[str, Any], number: int, first: dict[str, Any], site: str | None) -> Iterator[Post]:
    asker = _owner(first)
    yield _post(item, "question", f"p{number}", None, asker, site)
    yield from _comments(item, f"p{number}", number, asker, site)
    accepted = as_int(item.get("accepted_answer_id"))
    for answer in map(as_dict, as_list(item.get("answers"))):
        own = as_int(answer.get("answer_id"))
        if own is None:
            continue
        value = {**answer, "is_accepted": answer.get("is_accepted") is True or own == accepted}
        id_ = f"p{own}" if own != number else f"a{own}"  # the site numbers both in one row, made-up data may not
        yield _post(value, "answer", id_, f"p{number}", asker, site)
        yield from _comments(answer, id_, number, asker, site)


def _comments(value: dict[str, Any], answers: str, number: int, asker: object, site: str | None) -> Iterator[Post]:
    for comment in map(as_dict, as_list(value.get("comments"))):
        own = as_int(comment.get("comment_id"))
        if own is not None:
            link = as_text(comment.get("link")) or (
                f"https://{site}/q/{number}#comment{own}_{answers[1:]}" if site else ""
            )
            yield _post({**comment, "link": link}, "comment", f"c{own}", answers, asker, site)


def _post(value: dict[str, Any], kind: str, id_: str, reply_to: str | None, asker: object, site: str | None) -> Post:
    owner = as_dict(value.get("owner"))
    link = as_text(value.get("link")) or ""
    url = (
        link
        if link.startswith("http")
        else f"https://{site}/{'q' if kind == 'question' else 'a'}/{id_[1:]}"
        if site
        else None
    )
    same = _owner(value) is not None and _owner(value) == asker
    return Post(
        id=id_,
        text=_text(value),
        author=html.unescape(as_line(owner.get("display_name")) or "") or None,
        created=as_date(value.get("creation_date")),
        score=as_int(value.get("score")),
        accepted=value.get("is_accepted") is True,
        role=Role.ASKER if kind == "question" or same else Role.REPLIER,
        reply_to=reply_to,
        kind=kind,
        url=url,
        author_url=as_text(owner.get("link")) or None,
        edited=as_date(value.get("last_edit_date")),
    )


def _owner(value: dict[str, Any]) -> object:
    """Who somebody is: by number, or for deleted people by name."""
    owner = as_dict(value.get("owner"))
    return as_int(owner.get("user_id")) or as_line(owner.get("display_name"))


def _text(value: dict[str, Any]) -> str:
    """The body as text; what is there as Markdown stays Markdown, without the entities that the API puts in."""
    body = as_text(value.get("body"))
    if body:
        return html_to_text(body)
    return re.sub(r"\r\n?", "\n", html.unescape(as_text(value.get("body_markdown")) or "")).strip()
