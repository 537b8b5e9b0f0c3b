"""The corpus tables, and the steps that bring an older database to them.

A step, once released, is never edited: a change of a table is a new step at the end of `STEPS`. Nothing here is
particular to one database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    inspect,
    select,
)

from threadwise.corpus.fingerprint import bands
from threadwise.errors import SchemaError, StoreError

metadata = MetaData()

# Ids sort by code point everywhere, as they do in Python and in SQLite.
_Id = Text().with_variant(Text(collation="C"), "postgresql")

versions = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),  # ours alone; the world knows the id
    Column("id", _Id, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("source", Text),
    Column("licence", Text),
    Column("created", Text),
    Column("hash", Text, nullable=False),
    Column("n_posts", Integer, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("moment", _Id),  # created in UTC, for sorting
    Column("heading", Text, nullable=False),  # title without case, for searching
    Column("generation", BigInteger, nullable=False),
    Index("threads_by_generation", "generation", "id"),
    Index("threads_by_moment", "moment", "id"),
)


def _of_thread() -> Column[int]:
    return Column("thread_key", ForeignKey("threads.key", ondelete="CASCADE"), nullable=False)


posts = Table(
    "posts",
    metadata,
    _of_thread(),
    Column("position", Integer, nullable=False),
    Column("id", _Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text),
    Column("created", Text),
    Column("score", BigInteger),
    Column("accepted", Boolean, nullable=False),
    Column("role", Text, nullable=False),
    Column("reply_to", Text),
    Column("kind", Text),
    Column("url", Text),
    Column("author_url", Text),
    Column("edited", Text),
    PrimaryKeyConstraint("thread_key", "position"),
    Index("posts_by_author", "author"),
)

tags = Table(
    "tags",
    metadata,
    _of_thread(),
    Column("position", Integer, nullable=False),
    Column("tag", Text, nullable=False),
    PrimaryKeyConstraint("thread_key", "position"),
    Index("tags_by_tag", "tag", "thread_key"),
)

links = Table(
    "links",
    metadata,
    _of_thread(),
    Column("position", Integer, nullable=False),
    Column("duplicate_of", Text, nullable=False),
    PrimaryKeyConstraint("thread_key", "position"),
)

deletions = Table(
    "deletions",
    metadata,
    Column("thread_id", _Id, primary_key=True),
    Column("generation", BigInteger, nullable=False),
    Index("deletions_by_generation", "generation", "thread_id"),
)

notes = Table("notes", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

answers = Table(
    "answers",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),  # the order in which they were saved
    Column("id", _Id, nullable=False),
    Column("document", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),
    UniqueConstraint("id"),
)


fingerprints = Table(
    "fingerprints",
    metadata,
    Column("band", BigInteger, nullable=False),
    _of_thread(),
    PrimaryKeyConstraint("band", "thread_key"),
    Index("fingerprints_by_thread", "thread_key"),
    sqlite_with_rowid=False,  # other databases take no notice
)

forgotten = Table("forgotten", metadata, Column("digest", Text, primary_key=True))  # keyed hashes of names


def _first(connection: Connection) -> None:
    metadata.create_all(connection, [counters, threads, posts, tags, links, deletions, notes, answers])
    names = ("generation", "thread_key", "answer_key")
    connection.execute(insert(counters), [{"name": name, "value": 0} for name in names])


def _second(connection: Connection) -> None:
    """Fingerprints of questions, for finding near-duplicates."""
    metadata.create_all(connection, [fingerprints])
    question = select(threads.c.key, threads.c.title, posts.c.text).join(posts).where(posts.c.position == 0)
    last = -1
    while rows := connection.execute(question.where(threads.c.key > last).order_by(threads.c.key).limit(500)).all():
        keys = bands([f"{row.title}\n{row.text}" for row in rows])
        filed = [{"band": band, "thread_key": row.key} for row, own in zip(rows, keys, strict=True) for band in own]
        if filed:
            connection.execute(insert(fingerprints), filed)
        last = rows[-1].key


def _third(connection: Connection) -> None:
    """People who asked to be forgotten, so that no later import brings them back."""
    metadata.create_all(connection, [forgotten])


STEPS: Sequence[Callable[[Connection], None]] = (_first, _second, _third)
"""Step n brings a database of version n to version n + 1."""


def version(connection: Connection) -> int:
    """The schema version of a database, 0 for an empty one.

    Raises:
        SchemaError: It was written by a newer Threadwise.
        StoreError: It belongs to another program.
    """
    found = inspect(connection)
    if not found.has_table(versions.name):
        foreign = sorted(set(found.get_table_names()) & set(metadata.tables))
        if foreign:
            raise StoreError(
                f"The database has a table {foreign[0]!r} but is no Threadwise corpus. Choose another --home."
            )
        return 0
    current = connection.scalar(select(func.max(versions.c.version))) or 0
    if current > len(STEPS):
        raise SchemaError(
            f"The corpus has schema {current}, this Threadwise knows {len(STEPS)}. It was written by a newer "
            "Threadwise: upgrade this one, or choose another --home. Nothing was changed."
        )
    return current


def migrate(connection: Connection, steps: Sequence[Callable[[Connection], None]] = STEPS) -> None:
    """Take the steps that a database still needs; the caller's transaction makes it all or nothing."""
    current = version(connection)
    if current == 0:
        metadata.create_all(connection, [versions])
    for number, step in enumerate(steps[current:], start=current + 1):
        step(connection)
        connection.execute(insert(versions), {"version": number})


def unwritten(where: str, current: int) -> str:
    """What to do about a corpus that may only be read and has an older schema, or none."""
    if current == 0:
        return (
            f"There is nothing in the corpus {where} yet, or another process is just making it. "
            "`threadwise import` and `threadwise add` put threads there."
        )
    return (
        f"The corpus {where} has the older schema {current}. Open it once with the right to write, for instance with "
        "`threadwise status`, to bring it up to date."
    )
