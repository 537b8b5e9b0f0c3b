"""Prove that somebody's words are gone from the disk: a search through the bytes of every file that a home keeps.

What SQLite deletes stays in free pages until the file is rewritten, words of an index stay until segments are joined,
and a damaged file that a repair put aside keeps everything. Only the bytes say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from threadwise.config import Settings
from threadwise.corpus.names import is_distinct
from threadwise.corpus.store import Store
from threadwise.errors import StoreError

MOST = 20
"""Pieces of text that are looked for, spread over the posts."""

LEAST, LONGEST = 24, 60
"""Characters of a piece: too long to stand elsewhere by chance, short enough to stand in one page."""


def pieces_of(names: Iterable[str], texts: Iterable[str]) -> list[bytes]:
    """What to look for: names that are no ordinary words, and pieces of the texts, as they stand in a file.

    Args:
        names: Of the person.
        texts: Of their posts.
    """
    pieces = [piece for text in texts for piece in _pieces(text)]
    step = max(1, -(-len(pieces) // MOST))
    return [name.encode() for name in names if is_distinct(name)] + [piece.encode() for piece in pieces[::step]]


def without_those_of_others(pieces: list[bytes], store: Store) -> list[bytes]:
    """The pieces that nobody says in what the corpus has now: where one stands then, it is a trace."""
    left = pieces
    for thread in store.threads():
        if not left:
            break
        texts = [thread.title.encode(), *(post.text.encode() for post in thread.posts)]
        names = {(post.author or "").encode() for post in thread.posts}
        left = [piece for piece in left if piece not in names and not any(piece in text for text in texts)]
    return left


def files_with(settings: Settings, pieces: list[bytes]) -> tuple[str, ...]:
    """The files of corpus, index and cache, and those beside them, that hold any of these pieces; by name.

    Raises:
        StoreError: They could not be searched.
    """
    if not pieces:
        return ()
    request = {"pieces": [piece.hex() for piece in pieces], "files": sorted({str(path) for path in _files(settings)})}
    found = subprocess.run(
        [sys.executable, "-m", "threadwise.corpus.searching"],
        input=json.dumps(request), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode:
        raise StoreError(f"The files of {settings.home} could not be searched: {found.stderr.strip()[-300:]}")
    return tuple(json.loads(found.stdout))


def _pieces(text: str) -> Iterator[str]:
    """The beginning of the longest line, and of the last one: a text is cut where a page of the file ends."""
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) >= LEAST]
    for line in dict.fromkeys([max(lines, key=len), lines[-1]] if lines else []):
        yield line[:LONGEST]


def _files(settings: Settings) -> Iterator[Path]:
    for folder in (settings.corpus_folder, settings.index_folder, settings.cache_folder):
        yield from (path for path in folder.rglob("*") if path.is_file())
    yield from (path for path in settings.home.glob("*.jsonl") if path.is_file())  # what imports rejected
