"""Judged sets made from a corpus of one's own: what is known there to belong together, and is it found?

Three tasks, each of which hides from the index what the question is made of, so that nothing is found by repeating it:

- `titles`: a title asks for its thread; the threads are indexed without their titles.
- `accepted`: an opening post asks for the reply that its asker accepted; they are indexed without it.
- `duplicates`: a thread that was closed as a duplicate asks for the thread it repeats; it is not indexed itself.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import orjson

from threadwise.corpus.filters import Filters
from threadwise.corpus.formats import jsonl
from threadwise.corpus.store import Store
from threadwise.domain import Thread
from threadwise.errors import InputError

THREADS = 2_000
"""Threads that are searched; more than these are drawn at random. Duplicates and what they repeat come on top."""

QUESTIONS = 300
"""Most questions of a task."""

LEAST_WORDS = 3
"""Words of a title that says what its thread is about."""


@dataclass(frozen=True, slots=True)
class OwnSet:
    """One task, written as a judged set into `folder`; `questions` may be 0, then there is no folder."""

    name: str
    level: Literal["thread", "post"]
    folder: Path
    questions: int


@dataclass(frozen=True, slots=True)
class _Case:
    """One question and what should be found for it: a thread id, or thread and post id."""

    id: str
    text: str
    wanted: tuple[str, ...] | tuple[tuple[str, str], ...]


def own_sets(
    store: Store, folder: Path, *, threads: int = THREADS, questions: int = QUESTIONS, seed: int = 1
) -> list[OwnSet]:
    """Write the three tasks of a corpus as judged sets, `folder/titles` and so on.

    Args:
        store: The corpus.
        folder: Where the sets go; made if it is not there.
        threads: Most threads that are searched in each task.
        questions: Most questions of each task.
        seed: Of the random draw; the same corpus and seed give the same sets.

    Raises:
        InputError: The corpus is empty, or the folder has such sets already.
    """
    if any((folder / name).exists() for name in _TASKS):
        raise InputError(f"{folder} has sets of an earlier run. Name another folder, or remove them.")
    sample = _drawn(store, threads, random.Random(seed))  # noqa: S311 - a draw, no secret
    if not sample:
        raise InputError("The corpus is empty, so there is nothing to ask. `threadwise import` brings threads in.")
    return [
        _write(OwnSet(name, level, folder / name, 0), *task(sample, store), seed, questions)
        for name, (level, task) in _TASKS.items()
    ]


def _drawn(store: Store, most: int, chance: random.Random) -> list[Thread]:
    """Threads with replies, at random, in the order of their ids."""
    ids = store.matching_ids(Filters(replied=True))
    chosen = sorted(chance.sample(ids, most)) if len(ids) > most else ids
    found = store.get_many(chosen)
    return [found[i] for i in chosen if i in found]


def _titles(sample: Sequence[Thread], _: Store) -> tuple[list[Thread], list[_Case]]:
    cases = [
        _Case(thread.id, thread.title, (thread.id,)) for thread in sample if len(thread.title.split()) >= LEAST_WORDS
    ]
    return [replace(thread, title="") for thread in sample], cases


def _accepted(sample: Sequence[Thread], _: Store) -> tuple[list[Thread], list[_Case]]:
    cases = [
        _Case(thread.id, thread.question.text, tuple((thread.id, post.id) for post in thread.posts if post.accepted))
        for thread in sample
        if thread.solved and not thread.question.accepted and thread.question.text.strip()
    ]
    silent = [replace(thread, posts=(replace(thread.question, text=""), *thread.posts[1:])) for thread in sample]
    return silent, cases


def _duplicates(sample: Sequence[Thread], store: Store) -> tuple[list[Thread], list[_Case]]:
    copies = [thread for thread in sample if thread.duplicate_of]
    originals = store.get_many({i for thread in copies for i in thread.duplicate_of})
    repeating = {thread.id for thread in copies}
    cases = [
        _Case(thread.id, f"{thread.title}\n{thread.question.text}".strip(), wanted)
        for thread in copies
        if (wanted := tuple(i for i in thread.duplicate_of if i in originals and i not in repeating))
    ]
    kept = {thread.id: thread for thread in [*sample, *originals.values()] if thread.id not in repeating}
    return [kept[i] for i in sorted(kept)], cases


_Task = Callable[[Sequence[Thread], Store], tuple[list[Thread], list[_Case]]]

_TASKS: dict[str, tuple[Literal["thread", "post"], _Task]] = {
    "titles": ("thread", _titles),
    "accepted": ("post", _accepted),
    "duplicates": ("thread", _duplicates),
}


def _write(empty: OwnSet, threads: Iterable[Thread], cases: list[_Case], seed: int, most: int) -> OwnSet:
    chance = random.Random(seed)  # noqa: S311 - a draw, no secret
    asked = sorted(chance.sample(cases, most), key=lambda case: case.id) if len(cases) > most else cases
    if not asked:
        return empty
    empty.folder.mkdir(parents=True)
    indexed = list(threads)
    (empty.folder / "threads.jsonl").write_bytes(b"".join(map(jsonl.write, indexed)))
    queries = (orjson.dumps({"_id": case.id, "text": case.text}) + b"\n" for case in asked)
    (empty.folder / "queries.jsonl").write_bytes(b"".join(queries))
    (empty.folder / "qrels.tsv").write_text("".join(_judgements(asked, indexed)), encoding="utf-8")
    return replace(empty, questions=len(asked))


def _judgements(cases: Iterable[_Case], threads: Iterable[Thread]) -> Iterator[str]:
    times = Counter(post.id for thread in threads for post in thread.posts)
    yield "query-id\tcorpus-id\tscore\n"
    for case in cases:
        for item in case.wanted:
            named = item if isinstance(item, str) else item[1] if times[item[1]] == 1 else "/".join(item)
            yield f"{case.id}\t{named}\t1\n"
