"""The Markdown thread format of docs/thread-format.md: one thread, one file, read back exactly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import yaml

from threadwise.corpus.formats.source import Report, Sample, Source, by_file
from threadwise.corpus.formats.values import slug
from threadwise.domain import Post, Role, Thread, with_roles
from threadwise.errors import FormatError

_FRONT = ("id", "title", "url", "source", "licence", "created", "tags", "duplicate_of")
_LINES = ("author", "created", "score", "accepted", "reply_to", "role", "kind", "url", "author_url", "edited")
_HEADING = re.compile(r"## Post (?=\S)")
_HEADING_LIKE = re.compile(r"^(\\*)## Post ", re.MULTILINE)
_ESCAPED = re.compile(r"^\\(\\*)## Post ", re.MULTILINE)
_LINE = re.compile(rf"({'|'.join(_LINES)}):(?: (.*))?", re.DOTALL)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# What YAML would not read back as the same plain text. https://yaml.org/spec/1.1/, 4.1.1 and 9.1.3
_NOT_PLAIN = re.compile(r"""^[\s!&*|>@`"'%#,\[\]{}]|^[-?:](?:\s|$)|^(?:---|\.\.\.)|:(?:\s|$)|\s\#|\s$|\t|^$""")
_NOT_PLAIN_IN_LIST = re.compile(r"[,:?\[\]{}]|^-")
_TEXT_LINE = re.compile(r"^((?:id|title|url|source|licence): )(?![\"'])(.*\S)", re.MULTILINE)
_YES = frozenset(("yes", "true", "1"))
_NO = frozenset(("no", "false", "0"))
FRONT_LIMIT = 1_000_000
"""Longest front matter in characters."""


class Markdown:
    """Threadwise's own files for people."""

    name = "markdown"

    def detect(self, sample: Sample) -> float:
        """Sure of front matter with an id, or with posts after it."""
        text = sample.text.replace("\r\n", "\n")
        if not text.startswith("---\n"):
            return 0.0
        front, closed, rest = text[4:].partition("\n---\n")
        known = re.search(r"^(?:id|title):", front, re.MULTILINE)
        if closed and re.match(r"\s*## Post ", rest):
            return 1.0
        return 0.8 if known and re.search(r"^id:", front, re.MULTILINE) else 0.0

    def group(self, name: str) -> str:
        """One file, one thread."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The thread in the file."""
        with report.rejecting(source.name):
            yield parse(source.file.text(source.limits.whole_bytes), source.name)


def write(thread: Thread) -> str:
    """The thread as its file, ending in one line feed; `parse` gives an equal thread back."""
    front = [(name, getattr(thread, name)) for name in _FRONT]
    lines = ["---"]
    for name, value in front:
        if isinstance(value, tuple):
            if value:
                lines.append(f"{name}: [{', '.join(_yaml(item, in_list=True) for item in value)}]")
        elif value is not None and (value or name != "title"):
            lines.append(f"{name}: {_yaml(value)}")
    lines.append("---")
    roles = [post.role for post in with_roles(thread.posts)]
    posts = [_post(post, usual) for post, usual in zip(thread.posts, roles, strict=True)]
    return "\n".join([*lines, "", "\n".join(posts)])


def parse(text: str, where: str = "the text") -> Thread:
    """The thread that a file holds.

    Args:
        text: The file's text.
        where: Its name, for messages.

    Raises:
        FormatError: It is not in this format; the message names the line.
        InputError: It is, but is no thread, since two posts have one id for example.
    """
    if text.startswith("---\r\n"):
        text = text.replace("\r\n", "\n")
    front, first, rest = _split(text, where)
    posts = _posts(rest, first, where)
    title = front.get("title") or ""
    return Thread(
        id=front.get("id") or slug(title or posts[0].text),
        title=title,
        posts=posts,
        tags=tuple(front.get("tags") or ()),
        duplicate_of=tuple(front.get("duplicate_of") or ()),
        **{name: front.get(name) for name in ("url", "source", "licence", "created")},
    )


def _post(post: Post, usual: Role) -> str:
    values = {
        "author": post.author,
        "created": post.created,
        "score": None if post.score is None else str(post.score),
        "accepted": "yes" if post.accepted else None,
        "reply_to": post.reply_to,
        "role": None if post.role is usual else post.role.value,
        "kind": post.kind,
        "url": post.url,
        "author_url": post.author_url,
        "edited": post.edited,
    }
    head = [f"{name}: {_one_line(value)}" for name, value in values.items() if value is not None]
    return "\n".join([f"## Post {post.id}", *head, "", _HEADING_LIKE.sub(r"\\\1## Post ", post.text), ""])


def _one_line(value: str) -> str:
    plain = value == value.strip() and not value.startswith('"') and len(value.splitlines()) == 1
    return value if plain else _quoted(value)


def _yaml(value: str, *, in_list: bool = False) -> str:
    strange = _NOT_PLAIN.search(value) or _UNPRINTABLE.search(value) or (in_list and _NOT_PLAIN_IN_LIST.search(value))
    return _quoted(value) if strange else value


def _quoted(value: str) -> str:
    """A JSON string on one line that YAML reads as well."""
    return _UNPRINTABLE.sub(lambda char: f"\\u{ord(char[0]):04x}", json.dumps(value, ensure_ascii=False))


def _split(text: str, where: str) -> tuple[dict[str, Any], int, str]:
    """The front matter, the number of the line after it, and the rest."""
    if not text.startswith("---\n"):
        raise FormatError(f"{where}:1: a thread file begins with a line of three hyphens. See docs/thread-format.md.")
    end = text.find("\n---\n", 3)
    if end < 0 or end > FRONT_LIMIT:
        raise FormatError(f"{where}:1: the front matter has no end; it is closed by a line of three hyphens.")
    front = text[4 : end + 1]
    try:
        values = _mapping(front)
    except yaml.YAMLError as error:
        try:
            # People write `title: Sore knee: what now?`, which YAML takes for two keys.
            values = _mapping(_TEXT_LINE.sub(lambda line: f"{line[1]}{_yaml(line[2])}", front))
        except (yaml.YAMLError, RecursionError):
            raise FormatError(f"{where}: the front matter is not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise FormatError(f"{where}: the front matter is nested too deep.") from error
    return _checked(values, where), front.count("\n") + 3, text[end + 5 :]


def _mapping(front: str) -> Any:
    # BaseLoader makes strings, lists and dicts of strings and nothing else.
    return yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506


def _checked(values: Any, where: str) -> dict[str, Any]:
    if values in (None, ""):
        values = {}
    if not isinstance(values, dict):
        raise FormatError(f"{where}: the front matter needs lines such as `id: sore-knee` and `title: Sore knee`.")
    for name in ("tags", "duplicate_of"):
        value = values.get(name)
        if isinstance(value, str):
            values[name] = [item.strip() for item in value.split(",") if item.strip()]
        elif value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise FormatError(f"{where}: `{name}` must be a list such as [running, knee].")
    for name in ("id", "title", "url", "source", "licence", "created"):
        if not isinstance(values.get(name, ""), str):
            raise FormatError(f"{where}: `{name}` must be a text on one line.")
    return values


@dataclass(slots=True)
class _Open:
    """A post while its lines are read."""

    id: str
    values: dict[str, str | None] = field(default_factory=dict)
    in_head: bool = True
    text: list[str] = field(default_factory=list)


def _posts(rest: str, first: int, where: str) -> tuple[Post, ...]:
    opened: list[_Open] = []
    for number, line in enumerate(rest.split("\n"), start=first):
        if _HEADING.match(line):
            if opened and opened[-1].text and not opened[-1].text[-1]:
                opened[-1].text.pop()  # the empty line before this heading
            opened.append(_Open(line[8:].strip()))
        elif not opened:
            if line.strip():
                raise FormatError(f"{where}:{number}: expected a line `## Post ID`, found {line[:40]!r}.")
        elif opened[-1].in_head:
            _head_line(opened[-1], line, f"{where}:{number}")
        else:
            opened[-1].text.append(line)
    if not opened:
        raise FormatError(f"{where}: there is no line `## Post ID`, so there are no posts.")
    if opened[-1].text and not opened[-1].text[-1]:
        opened[-1].text.pop()  # the line feed at the end of the file
    posts = tuple(_made(each, where) for each in opened)
    usual = with_roles(posts)
    return tuple(
        replace(post, role=Role(role)) if (role := each.values.get("role")) else theirs
        for post, each, theirs in zip(posts, opened, usual, strict=True)
    )


def _head_line(post: _Open, line: str, where: str) -> None:
    matched = _LINE.fullmatch(line)
    if matched is None:
        post.in_head = False
        if line:
            post.text.append(line)
        return
    name, value = matched.groups()
    if value and value.startswith('"'):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise FormatError(f"{where}: `{name}` begins with a quotation mark but is no JSON string.") from error
        if not isinstance(value, str):
            raise FormatError(f"{where}: `{name}` must be a text.")
    elif not value:
        value = None
    post.values[name] = value


def _made(post: _Open, where: str) -> Post:
    values = post.values
    here = f"{where}: post {post.id[:40]!r}"
    score = values.get("score")
    if score is not None and not re.fullmatch(r"-?\d{1,19}", score, re.ASCII):
        raise FormatError(f"{here}: `score` must be a whole number, not {score[:40]!r}.")
    accepted = (values.get("accepted") or "no").lower()
    if accepted not in _YES | _NO:
        raise FormatError(f"{here}: `accepted` is `yes` or left out, not {accepted[:40]!r}.")
    role = values.get("role")
    if role is not None and role not in tuple(Role):
        raise FormatError(f"{here}: `role` is `asker` or `replier`, not {role[:40]!r}.")
    return Post(
        id=post.id,
        text=_ESCAPED.sub(r"\1## Post ", "\n".join(post.text)),
        score=None if score is None else int(score),
        accepted=accepted in _YES,
        author=values.get("author"),
        created=values.get("created"),
        reply_to=values.get("reply_to"),
        kind=values.get("kind"),
        url=values.get("url"),
        author_url=values.get("author_url"),
        edited=values.get("edited"),
    )
