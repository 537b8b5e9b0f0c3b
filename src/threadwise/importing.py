"""Take whole forums in, and write them out again.

Threads stream from the readers into the corpus in batches. Each batch is one transaction, so stopping at any moment
loses nothing that was acknowledged, and running the same import again goes on where it stopped: what is there already
is found unchanged.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from threadwise.corpus.formats import jsonl, markdown
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.source import Remark, Report
from threadwise.corpus.lock import writing
from threadwise.corpus.people import People
from threadwise.corpus.store import PutResult, Store
from threadwise.domain import Thread
from threadwise.errors import ConflictError, InputError

if TYPE_CHECKING:
    from threadwise.assistant import Assistant

BATCH_POSTS = 2_000
"""Posts a transaction; large enough that the commit costs little, small enough to see a corpus grow."""

INDEX_POSTS = 20_000
"""Posts after which the index is brought level during a long import, so that they can be found while it runs."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is to be done."""

    source: str = ""
    dry_run: bool = False
    pseudonymise: bool = False
    mask_contacts: bool = False
    rejects: Path | None = None


@dataclass
class ImportResult:
    """What an import did; `rejected` holds the first thousand, `rejects_file` all of them."""

    threads_added: int = 0
    threads_updated: int = 0
    threads_unchanged: int = 0
    posts: int = 0
    rejected: list[Remark] = field(default_factory=list)
    rejects: int = 0
    warnings: list[str] = field(default_factory=list)
    rejects_file: str | None = None
    seconds: float = 0.0


def run_import(
    assistant: Assistant,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    reading: Progress | None = None,
    indexing: Progress | None = None,
) -> ImportResult:
    """Read threads from files, folders and archives into the corpus, and index them.

    Args:
        assistant: The corpus to import into.
        paths: Files, folders or archives of any known format.
        options: How.
        reading: Called with bytes read and bytes in all.
        indexing: Called with passages encoded and passages in all.

    Raises:
        InputError: A path is not there. Nothing was changed.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} is not there; nothing was imported.")
    started = time.perf_counter()
    result = ImportResult()
    with ExitStack() as stack:
        report = Report(listener=_rejects_file(options, assistant, result, stack))
        batches = _batches(_threads(assistant, paths, options, report, reading))
        waiting = 0
        for batch in batches:
            done = _keep(assistant, batch, options, report)
            result.threads_added += len(done.added)
            result.threads_updated += len(done.updated)
            result.threads_unchanged += len(done.unchanged)
            result.posts += done.posts
            waiting += done.posts
            if waiting >= INDEX_POSTS:
                assistant.level(indexing)
                waiting = 0
        if not options.dry_run and (result.threads_added or result.threads_updated):
            assistant.level(indexing)
    result.rejected = report.rejected
    result.rejects = report.rejects
    result.warnings = [f"{remark.where}: {remark.why}" for remark in report.warned]
    result.seconds = round(time.perf_counter() - started, 3)
    return result


def _threads(
    assistant: Assistant, paths: Sequence[Path], options: ImportOptions, report: Report, reading: Progress | None
) -> Iterator[Thread]:
    people = People(assistant.settings, assistant.store, pseudonymise=options.pseudonymise, mask=options.mask_contacts)
    for path in paths:
        for thread in read_path(path, assistant.settings, report, progress=reading):
            named = replace(thread, id=f"{options.source}:{thread.id}", source=options.source)
            clean = people.clean(named if options.source else thread)
            if clean is not None:
                yield clean


def _batches(threads: Iterator[Thread]) -> Iterator[list[Thread]]:
    batch: list[Thread] = []
    posts = 0
    for thread in threads:
        batch.append(thread)
        posts += len(thread.posts)
        if posts >= BATCH_POSTS:
            yield batch
            batch, posts = [], 0
    if batch:
        yield batch


def _keep(assistant: Assistant, batch: list[Thread], options: ImportOptions, report: Report) -> PutResult:
    if options.dry_run:
        return assistant.store.compare(batch)
    with writing(assistant.settings):
        try:
            return assistant.store.put(batch)
        except ConflictError:
            pass  # find out which thread it is, and let the others in
        return assistant.store.put(_without_conflicts(assistant.store, batch, report))


def _without_conflicts(store: Store, batch: list[Thread], report: Report) -> list[Thread]:
    good = []
    for thread in batch:
        try:
            store.compare([thread])
        except ConflictError as error:
            report.reject(thread.id, str(error))
        else:
            good.append(thread)
    return good


def _rejects_file(
    options: ImportOptions, assistant: Assistant, result: ImportResult, stack: ExitStack
) -> Callable[[str, str, str], None]:
    """A listener that writes each reject as a JSON line, to a file that is made with the first one."""
    stream: TextIO | None = None

    def listen(kind: str, where: str, why: str) -> None:
        nonlocal stream
        if kind != "reject" or (options.dry_run and options.rejects is None):
            return
        if stream is None:
            path = options.rejects or assistant.settings.home / time.strftime("rejects-%Y%m%d-%H%M%S.jsonl")
            stream = stack.enter_context(path.open("w", encoding="utf-8"))
            result.rejects_file = str(path)
        stream.write(json.dumps({"where": where, "why": why}, ensure_ascii=False) + "\n")

    return listen


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
