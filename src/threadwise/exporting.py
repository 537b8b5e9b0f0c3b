"""Write the whole corpus out, to be read back identically."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from threadwise.corpus.formats import jsonl, markdown
from threadwise.corpus.store import Store
from threadwise.errors import InputError


def run_export(store: Store, path: Path | None, format_name: str) -> int:
    """Write every thread, in the order of their ids; returns how many.

    Args:
        store: What to export.
        path: A file for jsonl, a folder for markdown; None writes to standard output.
        format_name: `jsonl` or `markdown`.

    Raises:
        InputError: Another format, or a place that cannot be written.
    """
    if format_name not in ("jsonl", "markdown"):
        raise InputError(f"Export writes jsonl or markdown, not {format_name!r}.")
    try:
        if format_name == "markdown":
            return _export_markdown(store, path)
        if path is None:
            return _write_lines(store, sys.stdout.buffer.write)
        with path.open("wb") as stream:
            return _write_lines(store, stream.write)
    except OSError as error:
        raise InputError(f"{error.filename or path} cannot be written: {error.strerror}.") from error


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
            name = "".join(c if c.isalnum() or c in "-_." else "_" for c in thread.id)[:120]
            (path / f"{name}.md").write_text(text, encoding="utf-8", newline="")
        count += 1
    return count
