"""Threads as rows and back, and the hash by which an unchanged thread is known.

Pure: no database here. What `thread_of` builds from the rows of a thread equals the thread that they were made from.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import orjson

from threadwise.domain import Post, Role, Thread
from threadwise.errors import InputError

POST_FIELDS = (
    "id", "text", "author", "created", "score", "accepted", "role", "reply_to", "kind", "url", "author_url", "edited",
)  # fmt: skip
"""The columns of a post, in the order of `Post`'s fields."""

_LARGEST = 2**63 - 1  # what SQLite's INTEGER and PostgreSQL's BIGINT hold

Row = tuple[Any, ...]
"""Values in the order of a table's columns."""


def post_rows(thread: Thread) -> list[Row]:
    """The values of each post, in the order of `POST_FIELDS`.

    Raises:
        InputError: A score does not fit 64 bits.
    """
    for post in thread.posts:
        if post.score is not None and abs(post.score) > _LARGEST:
            raise InputError(f"Thread {thread.id!r}, post {post.id!r}: the score {post.score} is out of range.")
    return [_post_values(post) for post in thread.posts]


def thread_row(key: int, thread: Thread, content: str, generation: int) -> Row:
    """The thread's own row; `content` is its hash."""
    when = moment(thread.created or thread.question.created)
    own = (key, thread.id, thread.title, thread.url, thread.source, thread.licence, thread.created)
    return (*own, content, len(thread.posts), thread.solved, when, folded(thread.heading), generation)


def thread_hash(thread: Thread, posts: Sequence[Row]) -> str:
    """SHA-256 over every field of a thread, given its `post_rows`.

    A field that is added later joins only where it is set, so that the hashes of old threads stay.
    """
    own = (thread.id, thread.title, thread.url, thread.source, thread.licence, thread.created)
    return hashlib.sha256(orjson.dumps((own, thread.tags, thread.duplicate_of, posts))).hexdigest()


def thread_of(
    row: Mapping[Any, Any], posts: Sequence[Sequence[Any]], tags: tuple[str, ...], links: tuple[str, ...]
) -> Thread:
    """A thread from its row and the values of its posts, each in the order of `POST_FIELDS`."""
    return Thread(
        id=row["id"],
        title=row["title"],
        posts=tuple(post_of(values) for values in posts),
        url=row["url"],
        source=row["source"],
        licence=row["licence"],
        created=row["created"],
        tags=tags,
        duplicate_of=links,
    )


def post_of(values: Sequence[Any]) -> Post:
    """A post from its values in the order of `POST_FIELDS`."""
    post_id, text, author, created, score, accepted, role, *rest = values
    return Post(post_id, text, author, created, score, bool(accepted), _ROLES[role], *rest)


def moment(created: str | None) -> str | None:
    """A date in UTC to the second, so that dates of any offset sort as text; without an offset it counts as UTC."""
    if created is None:
        return None
    at = datetime.fromisoformat(created)
    with contextlib.suppress(OverflowError):  # the first and last day of the calendar
        at = at.astimezone(UTC) if at.tzinfo else at
    return at.replace(tzinfo=None, microsecond=0).isoformat()


def folded(text: str) -> str:
    """Text as titles are compared in searches: without case."""
    return text.casefold()


_post_values = attrgetter(*(f"{name}.value" if name == "role" else name for name in POST_FIELDS))
_ROLES = {role.value: role for role in Role}
