"""What the tables must agree on, and how one corpus takes the place of another; inside a transaction of the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from threadwise.corpus import reads, writes
from threadwise.corpus.fingerprint import bands, question_text
from threadwise.corpus.rows import post_rows, thread_hash
from threadwise.corpus.schema import counters, deletions, fingerprints, forgotten, threads
from threadwise.errors import InputError

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it must be: where, in which words, and whether it was put right."""

    where: str
    what: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What a corpus has, by id: the hash and generation of each thread, the generation of each deletion."""

    generation: int
    threads: dict[str, tuple[str, int]]
    deletions: dict[str, int]
    forgotten: frozenset[str]


def contents(connection: Connection) -> Contents:
    """All ids with their hashes; about 200 bytes a thread."""
    rows = connection.execute(select(threads.c.id, threads.c.hash, threads.c.generation))
    return Contents(
        generation=writes.counter(connection, "generation"),
        threads={row[0]: (row[1], row[2]) for row in rows},
        deletions={row[0]: row[1] for row in connection.execute(select(deletions.c.thread_id, deletions.c.generation))},
        forgotten=frozenset(connection.scalars(select(forgotten.c.digest))),
    )


def supersede(connection: Connection, old: Contents) -> int:
    """Number a corpus so that it can take the place of another one, as if that one had been edited into it.

    What is the same in both keeps its generation there; everything else, deletions included, is of a new generation.
    Whoever derived something from the old corpus is brought level by `changes` as after any write. Returns that
    generation.
    """
    own = contents(connection)
    new = max(old.generation, own.generation) + 1
    connection.execute(delete(deletions))
    gone = dict.fromkeys(own.deletions, new) | dict.fromkeys(old.threads, new) | old.deletions
    writes.insert_rows(connection, deletions, [(i, n) for i, n in gone.items() if i not in own.threads])
    connection.execute(update(threads).values(generation=new))
    same: dict[int, list[str]] = defaultdict(list)
    for thread_id, (content, _) in own.threads.items():
        if thread_id in old.threads and old.threads[thread_id][0] == content:
            same[old.threads[thread_id][1]].append(thread_id)
    for generation, ids in same.items():
        for piece in writes.pieces(ids):
            connection.execute(update(threads).where(threads.c.id.in_(piece)).values(generation=generation))
    writes.insert_rows(connection, forgotten, [(each,) for each in sorted(old.forgotten - own.forgotten)])
    writes.set_counter(connection, "generation", new)
    return new


def faults_of_threads(connection: Connection, after: str) -> tuple[list[Fault], str | None]:
    """What is wrong with the next page of threads, and the id that it ends with; None after the last."""
    wanted = select(threads).where(threads.c.id > after).order_by(threads.c.id).limit(_PAGE)
    rows = connection.execute(wanted).mappings().all()
    if not rows:
        return [], None
    return [fault for row in rows for fault in _faults_of(connection, row)], rows[-1]["id"]


def faults_of_tables(connection: Connection) -> list[Fault]:
    """What is wrong with counters and deletions."""
    found: list[Fault] = []
    latest = max(connection.scalar(select(func.max(table.c.generation))) or 0 for table in (threads, deletions))
    if writes.counter(connection, "generation") < latest:
        found.append(Fault("generation", f"the counter is behind the newest change, {latest}"))
    highest = connection.scalar(select(func.max(threads.c.key))) or 0
    if writes.counter(connection, "thread_key") < highest:
        found.append(Fault("thread keys", f"the counter is behind the highest key, {highest}"))
    both = select(deletions.c.thread_id).where(deletions.c.thread_id.in_(select(threads.c.id)))
    found += [Fault(f"thread {i}", "it is there and counts as deleted") for i in connection.scalars(both)]
    return found


def repair_tables(connection: Connection) -> None:
    """Put right what `faults_of_tables` finds."""
    connection.execute(delete(deletions).where(deletions.c.thread_id.in_(select(threads.c.id))))
    for name, columns in (
        ("generation", (threads.c.generation, deletions.c.generation)),
        ("thread_key", (threads.c.key,)),
    ):
        latest = max(connection.scalar(select(func.max(column))) or 0 for column in columns)
        if connection.execute(select(counters.c.value).where(counters.c.name == name)).first() is None:
            connection.execute(insert(counters), {"name": name, "value": latest})
        writes.set_counter(connection, name, max(latest, writes.counter(connection, name)))


def _faults_of(connection: Connection, row: Any) -> Iterator[Fault]:
    where = f"thread {row['id']}"
    try:
        [thread] = reads.load(connection, [row])
    except (InputError, ValueError, TypeError, KeyError) as error:
        yield Fault(where, f"it cannot be read: {error}")
        return
    if thread_hash(thread, post_rows(thread)) != row["hash"] or len(thread.posts) != row["n_posts"]:
        yield Fault(where, "its content is not what its checksum says")
    filed = connection.scalars(select(fingerprints.c.band).where(fingerprints.c.thread_key == row["key"]))
    if sorted(filed) != sorted(set(bands([question_text(thread)])[0])):
        yield Fault(where, "its fingerprints are not those of its question")
