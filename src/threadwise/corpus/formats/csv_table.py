"""CSV and TSV tables with a post in each row, told apart by the names of their columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from threadwise.corpus.formats.encoding import encoding_of
from threadwise.corpus.formats.source import HEAD, File, Report, Sample, Source, by_file
from threadwise.corpus.formats.values import as_date, as_id, as_int, as_line, slug
from threadwise.domain import Post, Role, Thread, with_roles
from threadwise.errors import FormatError

COLUMNS: dict[str, tuple[str, ...]] = {
    "thread": ("thread_id", "thread", "topic_id", "topic", "question_id", "discussion_id", "conversation_id", "tid"),
    "post": ("post_id", "id", "comment_id", "message_id", "reply_id", "answer_id"),
    "title": ("title", "subject", "thread_title", "topic_title", "question_title", "heading"),
    "text": (
        "text",
        "body",
        "post",
        "message",
        "content",
        "comment",
        "post_text",
        "raw",
        "post_content",
        "post_body",
        "message_text",
        "reply",
        "answer",
    ),
    "question": ("question", "question_text", "question_body"),
    "author": ("author", "user", "username", "user_name", "name", "poster", "author_name", "from"),
    "created": ("created", "date", "created_at", "timestamp", "time", "datetime", "posted", "posted_at", "created_utc"),
    "score": ("score", "votes", "likes", "upvotes", "points"),
    "accepted": ("accepted", "is_accepted", "solution", "best_answer", "is_solution", "solved"),
    "reply_to": ("reply_to", "parent", "parent_id", "in_reply_to", "reply_to_id"),
    "is_op": ("is_op", "op", "is_asker", "role"),
    "url": ("url", "link", "permalink"),
    "tags": ("tags", "category", "categories", "labels", "forum"),
    "source": ("source",),
    "licence": ("licence", "license"),
}
"""What each column may be called, the usual name first; capitals, spaces and hyphens make no difference."""

NEEDED = "A column with the text of each post is needed (text, body, message or content), and one that tells which "
NEEDED += "posts go together (thread_id, or title); or the columns question and answer."
DELIMITERS = ",\t;|"
_NAMED = 20
"""Columns that a message names at most."""

LONGEST_CELL = 10_000_000
_TRUE = frozenset(("1", "true", "yes", "y", "x", "asker", "op", "t"))


class CsvTable:
    """Tables as spreadsheets and databases write them."""

    name = "csv"

    def detect(self, sample: Sample) -> float:
        """Sure if the first row names the columns that are needed; ready to say what is missing in other tables."""
        try:
            encoding_of(sample.head, sample.name, cut=True)
        except FormatError:
            return 0.0
        header = _header(sample.text)
        if header is None:
            return 0.0
        if _complete(_found(header)):
            return 0.8
        named = sample.suffix in (".csv", ".tsv", ".tab") or len(_found(header)) >= 3
        return 0.5 if named else 0.0

    def group(self, name: str) -> str:
        """A table is complete in itself."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The threads in the order in which they begin; rows of one thread may stand anywhere in the table."""
        file = source.file
        columns, rows = _table(file, source.limits.whole_bytes)
        if not _complete(columns):
            here = ", ".join(cell.strip() for cell in (_header(file.sample().text) or [])[:_NAMED])
            known = ", ".join(columns.values()) or "none"
            raise FormatError(
                f"{file.name}: {NEEDED} The columns here: {here}. Known of them: {known}. Rename the others."
            )
        groups: dict[str, list[_Line]] = {}
        current = ""
        for line in rows:
            if len(line.cells) != line.width:
                report.reject(line.where, f"The row has {len(line.cells)} cells, the header {line.width}.")
                continue
            # A row without title or thread goes on with the thread above it, as spreadsheets often leave it empty.
            current = line.get("thread") or line.get("title") or line.get("question") or current or line.where
            groups.setdefault(current, []).append(line)
        for lines in groups.values():
            with report.rejecting(lines[0].where):
                yield _thread(lines, file)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: where it stands, its cells, and in which of them to look."""

    where: str
    cells: list[str]
    columns: dict[str, int]
    width: int

    def get(self, name: str) -> str:
        """The cell of a column, without white space at its ends; empty if there is no such column."""
        place = self.columns.get(name)
        return self.cells[place].strip() if place is not None else ""


def _table(file: File, limit: int) -> tuple[dict[str, str], Iterator[_Line]]:
    """The columns that are known, by what they hold, and the rows below the header."""
    sample = file.sample()
    header = _header(sample.text)
    if header is None:
        raise FormatError(f"{file.name}: the first row should name the columns. {NEEDED}")
    return _found(header), _rows(file, _delimiter(sample.text), limit)


def _rows(file: File, delimiter: str, limit: int) -> Iterator[_Line]:
    with file.open() as raw:
        encoding = encoding_of(raw.read(HEAD), file.name, cut=True)
    csv.field_size_limit(LONGEST_CELL)
    with file.open() as raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="") as text:
        reader = csv.reader(_bounded(text, limit), delimiter=delimiter)
        places: dict[str, int] = {}
        width = 0
        try:
            for cells in reader:
                if not any(map(str.strip, cells)):
                    continue
                if not width:
                    header = [cell.removeprefix("\ufeff") for cell in cells]
                    width = len(header)
                    found = _found(header)
                    places = {name: header.index(column) for name, column in found.items()}
                    continue
                yield _Line(f"{file.name}:{reader.line_num}", cells, places, width)
        except csv.Error as error:
            raise FormatError(f"{file.name}:{reader.line_num}: the table cannot be read on ({error}).") from error


def _bounded(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    while line := text.readline(limit):
        yield line.replace("\x00", "\ufffd")


def _header(text: str) -> list[str] | None:
    """The cells of the first row that is not empty, if there are at least two short ones, all different."""
    lines = text.removeprefix("\ufeff").lstrip("\r\n").splitlines(keepends=True)[:20]
    try:
        cells = next(csv.reader(lines, delimiter=_delimiter(text)), [])
    except csv.Error:
        return None
    named = [cell for cell in cells if re.fullmatch(r"\s*[^\W\d][\w .\-/()#]{0,40}\s*", cell)]
    return cells if len(cells) >= 2 and len(named) == len(cells) == len(set(cells)) else None


def _delimiter(text: str) -> str:
    """The mark that parts the first row into most cells."""
    first = text.removeprefix("\ufeff").lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _found(header: list[str]) -> dict[str, str]:
    """The columns that are known: what they hold, and how they are called in this table."""
    called = {re.sub(r"[\s\-.]+", "_", cell.strip().lower()): cell for cell in reversed(header)}
    found: dict[str, str] = {}
    for name, aliases in COLUMNS.items():
        column = next((called[alias] for alias in aliases if alias in called), None)
        if column is not None and column not in found.values():
            found[name] = column
    return found


def _complete(columns: dict[str, str]) -> bool:
    return "text" in columns and bool({"thread", "title", "question"} & columns.keys())


def _thread(lines: list[_Line], file: File) -> Thread:
    first = lines[0]
    posts: list[Post] = []
    for line in lines:
        if line.get("question") and not any(post.text == line.get("question") for post in posts[:1]):
            posts.append(Post(str(len(posts) + 1), line.get("question"), role=Role.ASKER))
        posts.append(_post(line, len(posts) + 1))
    title = as_line(first.get("title") or first.get("question")) or ""
    told = any(post.is_asker for post in posts)
    name = PurePath(file.name)
    return Thread(
        id=as_id(first.get("thread")) or slug(title or f"{name.stem} {first.where.rpartition(':')[2]}"),
        title=title,
        posts=tuple(posts) if told else with_roles(tuple(posts)),
        url=(first.get("url") or None) if len(lines) == 1 else None,
        source=first.get("source") or name.name,
        licence=first.get("licence") or None,
        created=posts[0].created,
        tags=tuple(tag for each in re.split(r"[,;|]", first.get("tags")) if (tag := each.strip())),
    )


def _post(line: _Line, number: int) -> Post:
    return Post(
        id=as_id(line.get("post")) or str(number),
        text=line.get("text"),
        author=as_line(line.get("author")),
        created=as_date(line.get("created")),
        score=as_int(line.get("score")),
        accepted=line.get("accepted").lower() in _TRUE,
        role=Role.ASKER if line.get("is_op").lower() in _TRUE else Role.REPLIER,
        reply_to=as_id(line.get("reply_to")),
        url=line.get("url") or None,
    )
