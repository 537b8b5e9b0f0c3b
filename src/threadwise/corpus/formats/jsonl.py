"""threads.jsonl, Threadwise's own interchange form: one thread a line, as JSON.

Also takes one JSON document: a thread as `threadwise show --json` prints it, or a list of threads. What it writes, it
reads back exactly; what other programs write may leave out anything but ids and texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from threadwise.corpus.formats.json_shape import key_paths
from threadwise.corpus.formats.source import Report, Sample, Source, by_file, json_fault, parse_json
from threadwise.corpus.formats.values import as_date, as_id, as_int, as_list, as_text, slug
from threadwise.domain import Post, Role, Thread, with_roles
from threadwise.errors import FormatError


class Jsonl:
    """Threadwise's own files for programs."""

    name = "jsonl"

    def detect(self, sample: Sample) -> float:
        """Sure of objects whose `posts` have `text`; ready to complain about any other JSON."""
        paths = key_paths(sample.text)
        if not paths:
            return 0.0
        for root in ("", "[]."):
            if f"{root}posts[].text" in paths:
                return 1.0 if f"{root}posts[].id" in paths else 0.9
        return 0.5

    def group(self, name: str) -> str:
        """A file is complete in itself."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The threads, line by line; a line that is no thread is rejected with its number, the rest goes in."""
        if self._is_document(source):
            yield from _document(source, report)
            return
        for number, line in source.file.lines(source.limits.whole_bytes, report):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901
            if not line.strip():
                continue
            where = f"{source.name}:{number}"
            with report.rejecting(where):
                yield thread_from(_line(line), report, where)

    @staticmethod
    def _is_document(source: Source) -> bool:
        """Whether the first line is not a whole object: then the file is one JSON document over many lines."""
        head = source.file.sample().head
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return True
        first, ended, rest = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
        if not ended:
            # The first line is longer than the sample, or the only one; a list is a document either way.
            return first.startswith(b"[")
        return not first.startswith(b"{") or (not first.rstrip().endswith(b"}") and not re.match(rb'\s*\{"', rest))


def write(thread: Thread) -> bytes:
    """The thread as one line of JSON, with its line feed; reading it gives an equal thread back."""
    value = thread_to_dict(thread)
    try:
        return orjson.dumps(value) + b"\n"
    except orjson.JSONEncodeError:  # a whole number of more than 64 bits
        return json.dumps(value, ensure_ascii=False).encode("utf-8") + b"\n"


def thread_to_dict(thread: Thread) -> dict[str, Any]:
    """The thread as plain values, in the order in which they are written."""
    return {
        "id": thread.id,
        "title": thread.title,
        "url": thread.url,
        "source": thread.source,
        "licence": thread.licence,
        "created": thread.created,
        "tags": list(thread.tags),
        **({"duplicate_of": list(thread.duplicate_of)} if thread.duplicate_of else {}),
        "posts": [_post_to_dict(post) for post in thread.posts],
    }


def thread_from(value: Any, report: Report, where: str) -> Thread:
    """The thread that a JSON object describes.

    Args:
        value: The object as it was parsed.
        report: Gets dates and scores that had to be left out.
        where: The place, for the report.

    Raises:
        FormatError: It is no thread; the message names what is missing.
        InputError: A value is not one that a thread may have.
    """
    if not isinstance(value, dict):
        raise FormatError("A thread is a JSON object with `id`, `title` and `posts`; this is something else.")
    posts = value.get("posts")
    if not isinstance(posts, list) or not posts:
        raise FormatError("The thread has no `posts`; the first of them is the asker's question.")
    title = as_text(value.get("title")) or ""
    made = tuple(_post_from(post, number, report, where) for number, post in enumerate(posts, start=1))
    told = any(isinstance(post, dict) and (post.get("role") or post.get("is_op") is not None) for post in posts)
    return Thread(
        id=_id(value.get("id"), "thread") or slug(title or made[0].text),
        title=title,
        posts=made if told else with_roles(made),
        url=as_text(value.get("url")),
        source=as_text(value.get("source")),
        licence=as_text(_first(value, "licence", "license")),
        created=_date(value.get("created"), "created", report, where),
        tags=_texts(as_list(value.get("tags"))),
        duplicate_of=_texts(_several(value.get("duplicate_of"))),
    )


def _post_to_dict(post: Post) -> dict[str, Any]:
    extra = {"kind": post.kind, "url": post.url, "author_url": post.author_url, "edited": post.edited}
    return {
        "id": post.id,
        "author": post.author,
        "created": post.created,
        "text": post.text,
        "score": post.score,
        "is_op": post.is_asker,
        "accepted": post.accepted,
        "reply_to": post.reply_to,
        **{name: value for name, value in extra.items() if value is not None},
    }


def _post_from(value: Any, number: int, report: Report, where: str) -> Post:
    if not isinstance(value, dict):
        raise FormatError(f"Post {number} is no JSON object.")
    text = value.get("text")
    if not isinstance(text, str):
        raise FormatError(f"Post {number} has no `text`.")
    here = f"{where}: post {number}"
    score = as_int(value.get("score"))
    if score is None and value.get("score") is not None:
        report.warn(here, f"`score` {str(value['score'])[:40]!r} is no whole number and was left out.")
    role = value.get("role") or ("asker" if value.get("is_op") else "replier")
    if role not in tuple(Role):
        raise FormatError(f"Post {number}: `role` is `asker` or `replier`, not {str(role)[:40]!r}.")
    return Post(
        id=_id(value.get("id"), f"post {number}") or str(number),
        text=text,
        author=as_text(value.get("author")),
        created=_date(value.get("created"), "created", report, here),
        score=score,
        accepted=value.get("accepted") in (True, 1),
        role=Role(role),
        reply_to=as_text(_first(value, "reply_to", "parent")),
        kind=as_text(value.get("kind")),
        url=as_text(value.get("url")),
        author_url=as_text(value.get("author_url")),
        edited=_date(value.get("edited"), "edited", report, here),
    )


def _id(value: Any, what: str) -> str | None:
    """An id as it stands; None where it is left out, which the caller makes one for."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    made = as_id(value)
    if made is None:
        raise FormatError(f"The id of the {what} must be a text or a number.")
    return made


def _date(value: Any, name: str, report: Report, where: str) -> str | None:
    if value is None:
        return None
    # As it stands if it is ISO 8601, zone included: what was exported must come back the same.
    date = value if isinstance(value, str) and _is_iso(value) else as_date(value)
    if date is None and value != "":
        report.warn(where, f"`{name}` {str(value)[:40]!r} is no date that is known and was left out.")
    return date


def _is_iso(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _first(value: dict[str, Any], *names: str) -> Any:
    return next((value[name] for name in names if value.get(name) is not None), None)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := as_text(value)) is not None)


def _line(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise FormatError(json_fault(error)) from error


def _document(source: Source, report: Report) -> Iterator[Thread]:
    value = parse_json(source.file.read(source.limits.whole_bytes), source.name)
    if not isinstance(value, list):
        yield thread_from(value, report, source.name)
        return
    for number, each in enumerate(value, start=1):
        where = f"{source.name}: thread {number}"
        with report.rejecting(where):
            yield thread_from(each, report, where)
