"""What is read from the tables: threads as they were given, and the lists that a browser of the corpus needs.

Functions of an open transaction; the store gives them one.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    distinct,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from threadwise.corpus.filters import Filters
from threadwise.corpus.rows import POST_FIELDS, folded, post_of, thread_of
from threadwise.corpus.schema import deletions, fingerprints, links, posts, tags, threads
from threadwise.corpus.summaries import EXCERPT, ThreadSummary, excerpt
from threadwise.domain import Post, Thread
from threadwise.errors import InputError


@dataclass(frozen=True, slots=True)
class Change:
    """The latest thing that happened to a thread, and in which generation."""

    thread_id: str
    generation: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is; `authors` are different names, nameless posts apart."""

    threads: int
    posts: int
    authors: int


def load(connection: Connection, found: Sequence[RowMapping]) -> list[Thread]:
    """The threads of these rows of `threads`, in the rows' order."""
    keys = [row["key"] for row in found]
    columns = [posts.c[name] for name in POST_FIELDS]
    wanted = select(posts.c.thread_key, *columns).where(posts.c.thread_key.in_(keys))
    by_thread: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(posts.c.thread_key, posts.c.position)):
        by_thread[row[0]].append(row[1:])
    tags_of = _strings(connection, tags, "tag", keys)
    links_of = _strings(connection, links, "duplicate_of", keys)
    return [
        thread_of(row, by_thread[row["key"]], tags_of.get(row["key"], ()), links_of.get(row["key"], ()))
        for row in found
    ]


def load_ids(connection: Connection, ids: Sequence[str]) -> list[Thread]:
    """The threads of these ids that there are."""
    return load(connection, connection.execute(select(threads).where(threads.c.id.in_(ids))).mappings().all())


def counts(connection: Connection) -> Counts:
    """Count threads, posts and authors."""
    n_threads, n_posts = connection.execute(
        select(func.count(), func.coalesce(func.sum(threads.c.n_posts), 0)).select_from(threads)
    ).one()
    authors = connection.scalar(select(func.count(distinct(posts.c.author))))
    return Counts(n_threads, n_posts, authors or 0)


def tag_counts(connection: Connection) -> list[tuple[str, int]]:
    """Each tag with the number of its threads, most used first."""
    number = func.count(distinct(tags.c.thread_key))
    rows = connection.execute(select(tags.c.tag, number).group_by(tags.c.tag).order_by(number.desc(), tags.c.tag))
    return [(tag, n) for tag, n in rows]


_ORDERS = {
    "newest": (threads.c.moment.desc().nulls_last(), threads.c.id),
    "oldest": (threads.c.moment.asc().nulls_last(), threads.c.id),
    "title": (threads.c.heading, threads.c.id),
    "posts": (threads.c.n_posts.desc(), threads.c.id),
}


def summaries(
    connection: Connection, *, text: str, tag: str | None, order: str, limit: int, offset: int
) -> list[ThreadSummary]:
    """One page of a list of threads.

    Raises:
        InputError: There is no such order.
    """
    if order not in _ORDERS:
        raise InputError(f"Threads cannot be ordered by {order!r}; choose one of {', '.join(_ORDERS)}.")
    wanted = _matching(select(threads), text, tag).order_by(*_ORDERS[order])
    found = connection.execute(wanted.limit(max(limit, 0)).offset(max(offset, 0))).mappings().all()
    keys = [row["key"] for row in found]
    start = func.substr(posts.c.text, 1, 4 * EXCERPT)  # room for the line breaks that are dropped
    opening = select(posts.c.thread_key, posts.c.author, start).where(
        posts.c.thread_key.in_(keys), posts.c.position == 0
    )
    questions = {key: (author, text) for key, author, text in connection.execute(opening)}
    tags_of = _strings(connection, tags, "tag", keys)
    return [_summary(row, questions[row["key"]], tags_of.get(row["key"], ())) for row in found]


def sharing_bands(connection: Connection, bands: Sequence[int], limit: int) -> list[str]:
    """Ids of threads that are filed under any of these bands, most shared bands first."""
    shared = func.count()
    wanted = select(threads.c.id).join(fingerprints).where(fingerprints.c.band.in_(bands)).group_by(threads.c.id)
    return list(connection.scalars(wanted.order_by(shared.desc(), threads.c.id).limit(limit)))


def oldest_sharing_bands(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """For each thread the threads that were filed first under any of its bands, unless it was first itself."""
    other, older = fingerprints.alias("other"), threads.alias("older")
    first = select(func.min(other.c.thread_key)).where(other.c.band == fingerprints.c.band).scalar_subquery()
    pairs = (
        select(threads.c.id, first.label("first"))
        .join(fingerprints)
        .where(threads.c.id.in_(ids), first < threads.c.key)
        .distinct()
        .subquery()
    )
    rows = connection.execute(
        select(pairs.c.id, older.c.id).join(older, older.c.key == pairs.c.first).order_by(pairs.c.id, older.c.key)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for thread_id, first_id in rows:
        found[thread_id].append(first_id)
    return found


def matching_ids(connection: Connection, filters: Filters) -> list[str]:
    """Ids of the threads that pass, in their order."""
    wanted = select(threads.c.id)
    for tag in filters.tags:
        wanted = wanted.where(threads.c.key.in_(select(tags.c.thread_key).where(_named(tags.c.tag, [tag]))))
    if filters.authors:
        by_them = select(posts.c.thread_key).where(_named(posts.c.author, filters.authors))
        wanted = wanted.where(threads.c.key.in_(by_them))
    if filters.since is not None:
        wanted = wanted.where(threads.c.moment >= filters.since)
    if filters.until is not None:
        wanted = wanted.where(threads.c.moment < filters.until)
    if filters.solved is not None:
        wanted = wanted.where(threads.c.solved == filters.solved)
    if filters.replied is not None:
        wanted = wanted.where(threads.c.n_posts > 1 if filters.replied else threads.c.n_posts == 1)
    if filters.min_score is not None:
        liked = select(posts.c.thread_key).where(posts.c.score >= filters.min_score)
        wanted = wanted.where(threads.c.key.in_(liked))
    return list(connection.scalars(wanted.order_by(threads.c.id)))


def changes_after(connection: Connection, generation: int, thread_id: str | None, limit: int) -> list[Change]:
    """The latest of each thread after a generation, or after this thread in it; oldest first, at most so many."""
    here = threads.c.generation, threads.c.id
    gone = deletions.c.generation, deletions.c.thread_id
    pages = []
    for (number, name), deleted in ((here, false()), (gone, true())):
        wanted = select(name.label("thread_id"), number.label("generation"), deleted.label("deleted"))
        if thread_id is None:
            wanted = wanted.where(number > generation)
        else:
            wanted = wanted.where(tuple_(number, name) > tuple_(generation, thread_id))
        pages.append(wanted.order_by(number, name).limit(limit).subquery())
    both = union_all(*(select(page) for page in pages)).subquery()
    ordered = select(both).order_by(both.c.generation, both.c.thread_id).limit(limit)
    return [Change(row.thread_id, row.generation, bool(row.deleted)) for row in connection.execute(ordered)]


def posts_of(connection: Connection, author: str) -> list[tuple[str, Post]]:
    """Every post of an author with its thread's id, by thread and place."""
    columns = [posts.c[name] for name in POST_FIELDS]
    wanted = select(threads.c.id, *columns).join(posts).where(posts.c.author == author)
    rows = connection.execute(wanted.order_by(threads.c.id, posts.c.position))
    return [(row[0], post_of(row[1:])) for row in rows]


@dataclass(frozen=True, slots=True)
class Wrote:
    """How many posts in how many threads stand under a name."""

    author: str
    posts: int
    threads: int


def wrote(connection: Connection, name: str) -> Wrote | None:
    """What stands under a name as it is typed, in lower case or with capitals, whichever has most posts."""
    number, names = func.count(), {name, name.lower(), name.upper(), name.capitalize(), name.title()}
    wanted = select(posts.c.author, number, func.count(distinct(posts.c.thread_key))).where(posts.c.author.in_(names))
    row = connection.execute(wanted.group_by(posts.c.author).order_by(number.desc(), posts.c.author)).first()
    return Wrote(*row) if row else None


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A post of somebody, and the thread it stands in."""

    thread_id: str
    title: str
    post_id: str
    text: str


def posts_elsewhere(
    connection: Connection, authors: Sequence[str], thread_id: str, limit: int
) -> dict[str, list[PlacedPost]]:
    """Each author's posts in other threads, in the order of their adding, at most so many of each; none: no entry."""
    here = select(threads.c.key).where(threads.c.id == thread_id).scalar_subquery()
    turn = func.row_number().over(partition_by=posts.c.author, order_by=(posts.c.thread_key, posts.c.position))
    theirs = select(posts.c.thread_key, posts.c.position, turn.label("turn"))
    theirs = theirs.where(posts.c.author.in_(authors), posts.c.thread_key.is_distinct_from(here))
    first = theirs.subquery()
    wanted = (
        select(posts.c.author, threads.c.id, threads.c.title, posts.c.id, posts.c.text)
        .join(first, (first.c.thread_key == posts.c.thread_key) & (first.c.position == posts.c.position))
        .join(threads, threads.c.key == posts.c.thread_key)
        .where(first.c.turn <= limit)
    )
    found: dict[str, list[PlacedPost]] = defaultdict(list)
    for author, *rest in connection.execute(wanted.order_by(posts.c.thread_key, posts.c.position)):
        found[author].append(PlacedPost(*rest))
    return dict(found)


def close_ids(connection: Connection, thread_id: str) -> list[str]:
    """Up to three ids that look like a wrong one, most alike first."""
    pieces = sorted(thread_id.replace("/", "-").split("-"), key=len)[-2:]
    candidates: set[str] = set()
    for piece in {thread_id[:4], *pieces} - {""}:
        wanted = select(threads.c.id).where(threads.c.id.contains(piece, autoescape=True)).limit(200)
        candidates.update(connection.scalars(wanted))
    return difflib.get_close_matches(thread_id, sorted(candidates), n=3, cutoff=0.5)


def _matching(wanted: Select[Any], text: str, tag: str | None) -> Select[Any]:
    for word in folded(text).split():
        wanted = wanted.where(threads.c.heading.contains(word, autoescape=True))
    if tag is not None:
        wanted = wanted.where(threads.c.key.in_(select(tags.c.thread_key).where(tags.c.tag == tag)))
    return wanted


def _named(column: Column[Any], names: Sequence[str]) -> ColumnElement[bool]:
    # SQLite's lower() knows ASCII alone, so that other letters must be given as they are written.
    return or_(column.in_(names), func.lower(column).in_([name.lower() for name in names]))


def _summary(row: RowMapping, question: tuple[str | None, str], of_thread: tuple[str, ...]) -> ThreadSummary:
    asker, text = question
    title = row["title"].strip() or " ".join(text.split())[:80] or row["id"]
    return ThreadSummary(
        row["id"], title, row["created"], of_thread, row["n_posts"], row["solved"], excerpt(text), asker
    )


def _strings(connection: Connection, table: Table, column: str, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The strings that hang on each thread, in order."""
    wanted = select(table.c.thread_key, table.c[column]).where(table.c.thread_key.in_(list(keys)))
    found: dict[int, tuple[str, ...]] = {}
    for key, value in connection.execute(wanted.order_by(table.c.thread_key, table.c.position)):
        found[key] = (*found.get(key, ()), value)
    return found
