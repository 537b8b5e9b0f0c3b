"""Judged question sets: a folder with threads, queries and relevance judgements.

`threads.jsonl.gz`, `queries.jsonl` (`_id`, `text`, perhaps `title`), `qrels.tsv` (query-id, corpus-id, score; corpus-id
is a thread id or a post id) and perhaps `pool.tsv` (the candidates that were judged).
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from threadwise.errors import InputError

_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Questions by id, relevance by question and corpus id, and candidates by question where there is a pool."""

    name: str
    threads: Path
    queries: dict[str, str]
    relevance: dict[str, dict[str, int]]
    pool: dict[str, list[str]]
    threads_of_posts: dict[str, str]

    def name_of(self, thread_id: str, post_id: str) -> str:
        """What the set calls a post: its id, or `thread/post` where the id alone names several."""
        full = f"{thread_id}/{post_id}"
        return full if full in self.threads_of_posts else post_id

    def thread_of(self, item: str) -> str:
        """The thread of a thread or post of the set."""
        return self.threads_of_posts.get(item, item)


def load_set(folder: Path) -> JudgedSet:
    """Read a judged set.

    Raises:
        InputError: A file is not there, or a line of it cannot be read; the message names it.
    """
    threads = next((path for name in ("threads.jsonl.gz", "threads.jsonl") if (path := folder / name).is_file()), None)
    if threads is None:
        raise InputError(f"{folder} is not a judged set: it has no threads.jsonl.gz.")
    queries = dict(_queries(folder / "queries.jsonl"))
    relevance: dict[str, dict[str, int]] = {query: {} for query in queries}
    for query, item, score, *_ in _rows(folder / "qrels.tsv", 3):
        relevance.setdefault(query, {})[item] = int(score)
    pool: dict[str, list[str]] = defaultdict(list)
    if (folder / "pool.tsv").is_file():
        for query, item, *_ in _rows(folder / "pool.tsv", 2):
            pool[query].append(item)
    return JudgedSet(folder.name, threads, queries, relevance, dict(pool), _posts(threads))


def _posts(path: Path) -> dict[str, str]:
    """The thread of each post; posts whose id is not theirs alone go by `thread/post`."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    pairs = list(_thread_and_post_ids(path))
    for thread_id, post_id in pairs:
        if found.setdefault(post_id, thread_id) != thread_id:
            shared.add(post_id)
    full = {f"{thread_id}/{post_id}": thread_id for thread_id, post_id in pairs if post_id in shared}
    # A thread may bear the id of its opening post; either way that names the thread.
    return {post_id: thread_id for post_id, thread_id in found.items() if post_id not in shared} | full


def _thread_and_post_ids(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            thread = json.loads(line)
            yield from [(str(thread["id"]), str(post["id"])) for post in thread["posts"]]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}:{number} is not a thread with `id` and `posts`: {error}.") from error


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            query = json.loads(line)
            title, text = (query.get("title") or "").strip(), query["text"].strip()
            yield str(query["_id"]), text if not title or text.startswith(title) else f"{title}\n{text}"
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}:{number} is not a query with `_id` and `text`: {error}.") from error


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    for number, row in enumerate(csv.reader(_lines(path), delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        if number == 1 and row[:1] == ["query-id"]:
            continue
        if len(row) < columns or (columns > 2 and not _WHOLE.fullmatch(row[2])):
            raise InputError(f"{path}:{number} needs {columns} columns: query-id, corpus-id, score.")
        yield row


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file, unpacked if it is packed."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            yield from file
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}. Is the folder a judged set?") from error
