"""Stack Exchange's data dump: Posts.xml with Comments.xml, Users.xml and PostLinks.xml beside it.

In Posts.xml an answer may stand a million rows below its question, so the rows are first put into a temporary SQLite
file and threads are then read from it, question by question: memory stays flat, whatever the size of the dump.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from threadwise.corpus.formats.html_text import html_to_text
from threadwise.corpus.formats.source import File, Report, Sample, Source, folder_of
from threadwise.corpus.formats.stackexchange_rows import Row, rows
from threadwise.corpus.formats.stackexchange_sites import licence_of, linked, site_in, thread_id
from threadwise.corpus.formats.values import as_date, as_int, as_line
from threadwise.domain import Post, Role, Thread, same_author
from threadwise.errors import FormatError

_TABLES = ("posts", "comments", "users", "postlinks", "tags", "votes", "badges", "posthistory")
_ROOT = re.compile(
    rf"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE\b.*?)?<({'|'.join(_TABLES)})>\s*(?:<row\s+Id=\"|</|$)",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT_DUMP = re.compile(r"-(?:Posts|Comments|Users|PostLinks|Tags|Votes|Badges|PostHistory)\.7z(?:!|$)")
"""Stack Overflow's dump comes as one archive a table: `stackoverflow.com-Posts.7z`."""

QUESTION, ANSWER = 1, 2
"""PostTypeId; 3 is the LinkTypeId of duplicates. Source: https://meta.stackexchange.com/q/2677, the dump's schema."""

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;
CREATE TABLE post (id INTEGER PRIMARY KEY, type INTEGER, parent INTEGER, accepted INTEGER, created TEXT, score INTEGER,
    body TEXT, owner INTEGER, name TEXT, title TEXT, tags TEXT, edited TEXT, licence TEXT);
CREATE TABLE comment (id INTEGER PRIMARY KEY, post INTEGER, created TEXT, score INTEGER, body TEXT, owner INTEGER,
    name TEXT, licence TEXT);
CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE link (post INTEGER, other INTEGER, type INTEGER);
"""
_INDEXES = """
CREATE INDEX post_parent ON post (parent) WHERE type = 2;
CREATE INDEX comment_post ON comment (post);
CREATE INDEX link_post ON link (post) WHERE type = 3;
"""
_POSTS = """SELECT post.id, post.type, accepted, created, score, body, owner, COALESCE(user.name, post.name), title,
    tags, edited, licence FROM post LEFT JOIN user ON user.id = post.owner WHERE """
_COMMENTS = """SELECT comment.id, 0, NULL, created, score, body, owner, COALESCE(user.name, comment.name), NULL, NULL,
    NULL, licence FROM comment LEFT JOIN user ON user.id = comment.owner WHERE comment.post = ? ORDER BY comment.id"""


class StackExchangeDump:
    """The XML tables of the quarterly dumps."""

    name = "stackexchange-xml"

    def detect(self, sample: Sample) -> float:
        """Sure of a table's root with rows in it; all tables are taken, though only four are read."""
        return 1.0 if _ROOT.match(sample.text) else 0.0

    def group(self, name: str) -> str:
        """The tables of one folder, or of one site's archives, belong together."""
        return _SPLIT_DUMP.sub("", folder_of(name))

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The threads in order of their questions' numbers; answers follow, each post with its comments."""
        tables = {table: file for file in source.files if (table := _table(file))}
        if "posts" not in tables:
            raise FormatError(
                "Posts.xml is not among these tables of a Stack Exchange dump. Import it together with them."
            )
        if "users" not in tables:
            report.warn(source.name, "Users.xml is missing, so authors are called by their numbers.")
        try:
            with (
                tempfile.TemporaryDirectory(prefix="threadwise-dump-") as room,
                closing(sqlite3.connect(Path(room) / "dump.db", isolation_level=None)) as db,
            ):
                with source.gauges.sorting():
                    _load(db, tables, report)
                [questions] = db.execute("SELECT COUNT(*) FROM post WHERE type = 1").fetchone()
                taken = source.gauges.taking.each(_questions(db), questions)
                yield from _threads(db, taken, _site(db, source), report, tables["posts"].name)
        except sqlite3.Error as error:
            raise FormatError(
                f"{source.name} could not be sorted in {tempfile.gettempdir()} ({error}). "
                "Is the disk full? TMPDIR names another place."
            ) from error


def _table(file: File) -> str | None:
    matched = _ROOT.match(file.sample().text)
    return matched[1].lower() if matched else None


def _load(db: sqlite3.Connection, tables: dict[str, File], report: Report) -> None:
    db.executescript(_SCHEMA)
    loads: tuple[tuple[str, str, int, Callable[[Row], tuple[object, ...]]], ...] = (
        ("posts", "post", 13, _post_row),
        ("comments", "comment", 8, _comment_row),
        ("users", "user", 2, lambda row: (as_int(row.get("Id")), as_line(row.get("DisplayName")))),
        (
            "postlinks",
            "link",
            3,
            lambda row: (as_int(row.get("PostId")), as_int(row.get("RelatedPostId")), as_int(row.get("LinkTypeId"))),
        ),
    )
    for name, table, width, made in loads:
        if name in tables:
            values = (made(row) for row in rows(tables[name], report))
            marks = ", ".join("?" * width)
            _insert(db, f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own names
    db.executescript(_INDEXES)


def _insert(db: sqlite3.Connection, statement: str, values: Iterable[tuple[object, ...]]) -> None:
    rest = iter(values)
    while batch := list(islice(rest, 2_000)):
        db.execute("BEGIN")
        db.executemany(statement, batch)
        db.execute("COMMIT")


def _post_row(row: Row) -> tuple[object, ...]:
    return (
        as_int(row.get("Id")),
        as_int(row.get("PostTypeId")),
        as_int(row.get("ParentId")),
        as_int(row.get("AcceptedAnswerId")),
        as_date(row.get("CreationDate")),
        as_int(row.get("Score")),
        row.get("Body") or "",
        as_int(row.get("OwnerUserId")),
        as_line(row.get("OwnerDisplayName")),
        as_line(row.get("Title")),
        row.get("Tags"),
        as_date(row.get("LastEditDate")),
        row.get("ContentLicense"),
    )


def _comment_row(row: Row) -> tuple[object, ...]:
    return (
        as_int(row.get("Id")),
        as_int(row.get("PostId")),
        as_date(row.get("CreationDate")),
        as_int(row.get("Score")),
        row.get("Text") or "",
        as_int(row.get("UserId")),
        as_line(row.get("UserDisplayName")),
        row.get("ContentLicense"),
    )


def _site(db: sqlite3.Connection, source: Source) -> str | None:
    """The site: as the folder or archive is called, else where posts link to posts that the dump says they link to."""
    if named := site_in(source.file.name):
        return named
    links = db.execute("SELECT post.body, link.other FROM link JOIN post ON post.id = link.post LIMIT 5000")
    votes = Counter(site for body, other in links if (site := linked(body, other)))
    return votes.most_common(1)[0][0] if votes else None


@dataclass(frozen=True, slots=True)
class _Found:
    """A row of a post or comment as it comes back out of the temporary file."""

    number: int
    type: int
    accepted: int | None
    created: str | None
    score: int | None
    body: str
    owner: int | None
    name: str | None
    title: str | None
    tags: str | None
    edited: str | None
    licence: str | None

    @property
    def id(self) -> str:
        """`p12` for post 12, `c12` for comment 12, which are numbered apart."""
        return f"{'p' if self.type else 'c'}{self.number}"

    @property
    def author(self) -> str | None:
        """The name shown; without Users.xml the site's own name for people without one."""
        return self.name or (f"user{self.owner}" if self.owner is not None else None)


def _questions(db: sqlite3.Connection) -> Iterator[_Found]:
    for row in db.execute(f"{_POSTS} post.type = 1 ORDER BY post.id"):
        yield _Found(*row)


def _threads(
    db: sqlite3.Connection, questions: Iterable[_Found], site: str | None, report: Report, where: str
) -> Iterator[Thread]:
    if site is None:
        report.warn(where, "Which site this is cannot be told, so there are no links. Name the folder after it.")
    missing = (
        "SELECT id, parent FROM post WHERE type = 2 AND COALESCE(parent, 0) NOT IN (SELECT id FROM post WHERE type = 1)"
    )
    for number, parent in db.execute(missing):
        report.reject(f"{where}: post {number}", f"It answers question {parent}, which is not in the dump.")
    lost = db.execute("SELECT COUNT(*) FROM comment WHERE post NOT IN (SELECT id FROM post WHERE type IN (1, 2))")
    if count := lost.fetchone()[0]:
        report.warn(where, f"{count} comments are on posts that are not in the dump, or on no question or answer.")
    for question in questions:
        with report.rejecting(f"{where}: question {question.number}"):
            yield _thread(db, question, site, report, where)


def _thread(db: sqlite3.Connection, question: _Found, site: str | None, report: Report, where: str) -> Thread:
    posts = [
        question,
        *(_Found(*row) for row in db.execute(f"{_POSTS} parent = ? AND type = 2 ORDER BY post.id", (question.number,))),
    ]
    made: list[Post] = []
    licences = set()
    for post in posts:
        comments = [_Found(*row) for row in db.execute(_COMMENTS, (post.number,))]
        for found in (post, *comments):
            answers = question if found is post else post
            with report.rejecting(f"{where}: {'comment' if found.type == 0 else 'post'} {found.number}"):
                made.append(_post(found, answers, question, site))
                licences.add(found.licence or licence_of(found.created))
    if not made or made[0].id != question.id:
        raise FormatError("The question cannot be read, so its thread was left out.")
    others = db.execute(
        "SELECT DISTINCT other FROM link WHERE post = ? AND type = 3 ORDER BY other", (question.number,)
    )
    return Thread(
        id=thread_id(site, question.number),
        title=question.title or "",
        posts=tuple(made),
        url=f"https://{site}/questions/{question.number}" if site else None,
        source=site,
        licence=", ".join(sorted(licences)),
        created=question.created,
        tags=tuple(re.findall(r"[^<>|\s]+", question.tags or "")),
        duplicate_of=tuple(thread_id(site, other) for (other,) in others),
    )


def _post(found: _Found, answers: _Found, question: _Found, site: str | None) -> Post:
    same = found.owner == question.owner if found.owner is not None else same_author(found.author, question.author)
    asker = found is question or (same and found.author is not None)
    paths = {QUESTION: f"q/{found.number}", ANSWER: f"a/{found.number}"}
    path = paths.get(found.type, f"q/{question.number}#comment{found.number}_{answers.number}")
    return Post(
        id=found.id,
        text=html_to_text(found.body) if found.type else found.body,
        author=found.author,
        created=found.created,
        score=found.score,
        accepted=found.type == ANSWER and found.number == question.accepted,
        role=Role.ASKER if asker else Role.REPLIER,
        reply_to=None if found is question else answers.id,
        kind={QUESTION: "question", ANSWER: "answer"}.get(found.type, "comment"),
        url=f"https://{site}/{path}" if site else None,
        author_url=f"https://{site}/users/{found.owner}" if site and (found.owner or 0) > 0 else None,
        edited=found.edited,
    )
