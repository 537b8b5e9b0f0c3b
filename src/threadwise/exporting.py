"""Write the whole corpus out, to be read back identically."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from threadwise.corpus.formats import jsonl, markdown
from threadwise.corpus.store import Store
from threadwise.domain import content_hash
from threadwise.errors import InputError
from threadwise.index.files import replacing

_PLAIN_ID = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,119}")
"""Ids that are file names as they stand; in lower case, since some file systems take A.md for a.md."""

_KEPT = 50
"""Characters of any other id that its file name shows: with four bytes each, a name stays within 255."""


def run_export(store: Store, path: Path | None, format_name: str) -> int:
    """Write every thread, in the order of their ids; returns how many. A jsonl file is there whole or as it was before.

    Args:
        store: What to export.
        path: A file for jsonl, a folder for markdown; None writes to standard output.
        format_name: `jsonl` or `markdown`.

    Raises:
        InputError: Another format, or a place that cannot be written or is the corpus itself.
    """
    if format_name not in ("jsonl", "markdown"):
        raise InputError(f"Export writes jsonl or markdown, not {format_name!r}.")
    try:
        if format_name == "markdown":
            return _export_markdown(store, path)
        if path is None:
            return _write_lines(store, sys.stdout.buffer.write)
        if store.file is not None and path.exists() and path.samefile(store.file):
            raise InputError(f"{path} is the corpus itself. Name another file for the export.")
        return _export_lines(store, path)
    except BrokenPipeError:  # who reads has had enough: `export | head`
        raise
    except OSError as error:
        raise InputError(
            f"{error.filename or path or 'Standard output'} cannot be written: {error.strerror}."
        ) from error


def _export_lines(store: Store, path: Path) -> int:
    """Write beside the file and then put that in its place; devices and pipes are written to as they are."""
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            return _write_lines(store, stream.write)
    place = path.resolve()  # of a link, the file that it names
    if not place.parent.is_dir():
        raise InputError(f"{place.parent} is not there, so nothing was exported. Make that folder first.")
    with replacing(place) as draft:
        draft.touch()
        if place.exists():
            shutil.copymode(place, draft)  # what only its owner may read stays so
        with draft.open("wb") as stream:
            return _write_lines(store, stream.write)


def _write_lines(store: Store, write: Callable[[bytes], object]) -> int:
    count = 0
    for thread in store.threads():
        write(jsonl.write(thread))
        count += 1
    return count


def _export_markdown(store: Store, path: Path | None) -> int:
    count = 0
    for thread in store.threads():
        text = markdown.write(thread)
        if path is None:
            sys.stdout.write(text)
        else:
            path.mkdir(parents=True, exist_ok=True)
            (path / _file_name(thread.id)).write_text(text, encoding="utf-8", newline="")
        count += 1
    return count


def _file_name(thread_id: str) -> str:
    """A name that no other thread's file has, on any file system: the id, or what is left of it and its hash."""
    if _PLAIN_ID.fullmatch(thread_id):
        return f"{thread_id}.md"
    left = "".join(c if c.isalnum() or c in "-_." else "_" for c in thread_id).lstrip(".")[:_KEPT]
    return f"{left}-{content_hash(thread_id)[:12]}.md"
