"""Take whole forums in.

Threads stream from the readers into the corpus in batches. What a batch changes is encoded first, without any lock;
then, under the writing lock, it is one transaction of the corpus and the index is brought level with it. So others wait
for a batch at most and never for its encoding, whoever asks finds the index level, and stopping at any moment loses
nothing that was acknowledged: running the same import again finds what is there unchanged and goes on behind it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from threadwise.advice.proof import revise
from threadwise.config import Settings
from threadwise.corpus.duplicates import Likeness, alike_to_older
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.progress import READING, TAKING, Gauges, Step, Told
from threadwise.corpus.formats.source import Remark, Report
from threadwise.corpus.lock import writing
from threadwise.corpus.people import People
from threadwise.corpus.repeats import Repeats
from threadwise.corpus.store import PutResult, Store
from threadwise.domain import Thread
from threadwise.errors import ConflictError, InputError, ThreadwiseError

if TYPE_CHECKING:
    from threadwise.assistant import Assistant

BATCH_POSTS = 500
"""Posts a transaction: about ten seconds of encoding, which is what stopping an import costs at most, and what a corpus
grows by at a time; the commits of corpus and index take a twentieth of that."""

_LISTED = 1_000
"""Most near-duplicates that a result lists; all are counted."""

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
    """What an import did, or would do.

    `rejected` holds the first thousand of what could not be taken in, `rejects` counts them, `rejects_file` has all.
    `near_duplicates` are threads that came in although an older one asks nearly the same (the first thousand).
    """

    threads_added: int = 0
    threads_updated: int = 0
    threads_unchanged: int = 0
    posts: int = 0
    rejected: list[Remark] = field(default_factory=list)
    rejects: int = 0
    warnings: list[str] = field(default_factory=list)
    rejects_file: str | None = None
    duplicates: int = 0
    near_duplicates: list[Likeness] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, done: PutResult, alike: Sequence[Likeness]) -> None:
        """Add what became of one batch."""
        self.threads_added += len(done.added)
        self.threads_updated += len(done.updated)
        self.threads_unchanged += len(done.unchanged)
        self.posts += done.posts
        self.duplicates += len(alike)
        self.near_duplicates += alike[: _LISTED - len(self.near_duplicates)]


def run_import(
    assistant: Assistant,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    reading: Told | None = None,
    indexing: Progress | None = None,
) -> ImportResult:
    """Read threads from files, folders and archives into the corpus, and index them.

    Args:
        assistant: The corpus to import into.
        paths: Files, folders or archives of any known format.
        options: How.
        reading: Told how far it is: what is read counts as done once it is searchable.
        indexing: Called with passages encoded and passages known so far.

    Raises:
        InputError: A path is not there, or the rejects file cannot be written. Nothing was changed.
        ThreadwiseError: It was stopped with Ctrl-C, or the corpus took no more; the message says what is kept.
    """
    _check_paths(paths, options.rejects)
    started = time.perf_counter()
    result = ImportResult()
    with _rejects(options, assistant.settings, result) as listener:
        report = Report(listener=listener)
        pace = _Pace(reading)
        threads = incoming(assistant.settings, assistant.store, paths, options, report, Gauges(pace.read))
        encoding = _Sum(indexing)
        try:
            if not options.dry_run:
                _make_ready(assistant, indexing)
            taking = _Taking(assistant, options, report)
            for batch in batches(threads):
                result.count(*taking.take(batch, pace.during(encoding.portion())))
                pace.kept()
            for late in batches(iter(taking.waiting)):
                result.count(*taking.take_late(late, encoding.portion()))
            assistant.index.settle()
            assistant.calibrate()
        except KeyboardInterrupt as error:
            raise ThreadwiseError(_stopped(result)) from error
    result.rejected = report.rejected
    result.rejects = report.rejects
    result.warnings = [f"{remark.where}: {remark.why}" for remark in report.warned]
    result.seconds = round(time.perf_counter() - started, 3)
    return result


def _check_paths(paths: Sequence[Path], rejects: Path | None) -> None:
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} is not there; nothing was imported.")
        if rejects is not None and rejects.exists() and rejects.samefile(path):
            raise InputError(
                f"{path} is what is to be imported, so the rejects cannot be written there; nothing was imported. "
                "Name another file after --rejects."
            )


def _make_ready(assistant: Assistant, indexing: Progress | None) -> None:
    if not len(assistant.index):
        assistant.index.encode(["ready"])  # the first start makes the encoder ready, which takes long
    assistant.level(indexing)  # what an import that was stopped may have left behind


def incoming(
    settings: Settings,
    store: Store,
    paths: Sequence[Path],
    options: ImportOptions,
    report: Report,
    gauges: Gauges | None = None,
) -> Iterator[Thread]:
    """The threads of all paths as they may be kept: under the source's name, without what people asked to have gone."""
    people = People(settings, store, pseudonymise=options.pseudonymise, mask=options.mask_contacts)
    gauges = gauges or Gauges()
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for place, path in enumerate(paths, start=1):
        gauges.reading.guess = sum(sizes[place:])  # of files whose turn has not come
        for thread in read_path(path, settings, report, gauges=gauges, without=options.rejects):
            clean = None
            with report.rejecting(thread.id):  # an id may be too long for the source's name before it
                clean = people.clean(_under(options.source, thread) if options.source else thread)
            if clean is not None:
                yield clean


def _under(source: str, thread: Thread) -> Thread:
    """The thread apart from those of other sources."""
    return replace(thread, id=f"{source}:{thread.id}", source=source)


def batches(threads: Iterator[Thread]) -> Iterator[list[Thread]]:
    """Threads in portions of about `BATCH_POSTS` posts."""
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


def keep(store: Store, batch: list[Thread], report: Report, *, dry: bool = False) -> PutResult:
    """Put a batch in one transaction; threads that the corpus does not take are reported and left out: those whose
    id belongs to another source, or that have a number which is too large for the database.

    The caller holds the writing lock, unless `dry` only finds out what would happen.
    """
    if dry:
        return store.compare(_acceptable(store, batch, report))
    try:
        return store.put(batch)
    except (ConflictError, InputError):
        return store.put(_acceptable(store, batch, report))  # find out which thread it is, and let the others in


class _Taking:
    """Takes batches into the corpus and the index."""

    def __init__(self, assistant: Assistant, options: ImportOptions, report: Report) -> None:
        self._assistant, self._dry, self._report = assistant, options.dry_run, report
        self._repeats = Repeats(assistant.store, report)
        self._would_add: set[str] = set()

    def take(self, batch: list[Thread], encoding: Progress) -> tuple[PutResult, list[Likeness]]:
        """Take one batch; what became of it, and which of its threads are nearly old ones."""
        store = self._assistant.store
        batch = self._repeats.last_of_each(batch)
        try:
            would = store.compare(batch)
        except (ConflictError, InputError):  # rare, and reported when it is put; until then all count as changed
            same, updated = set[str](), [thread.id for thread in batch]
        else:
            same, updated = set(would.unchanged), list(would.updated)
        return self._put(self._repeats.without_replaced(batch, updated), same, encoding)

    @property
    def waiting(self) -> list[Thread]:
        """What waited for a later thread of its id that did not come."""
        return self._repeats.waiting

    def take_late(self, batch: list[Thread], encoding: Progress) -> tuple[PutResult, list[Likeness]]:
        """Take some of what waited."""
        return self._put(batch, set(), encoding)

    def _put(self, batch: list[Thread], same: set[str], encoding: Progress) -> tuple[PutResult, list[Likeness]]:
        store = self._assistant.store
        if self._dry:
            done = keep(store, batch, self._report, dry=True)
            new = [thread_id for thread_id in done.added if thread_id not in self._would_add]
            self._would_add.update(new)
            return replace(done, added=tuple(new)), []
        self._assistant.index.prepare([thread for thread in batch if thread.id not in same], encoding)
        with writing(self._assistant.settings):
            put = keep(store, batch, self._report)
            if put.updated:
                revise(store, put.updated)
            done = self._repeats.noted(put)
            self._assistant.index.level()
        return done, alike_to_older(store, done.added)


def _acceptable(store: Store, batch: list[Thread], report: Report) -> list[Thread]:
    good: list[Thread] = []
    sources: dict[str, str | None] = {}
    for thread in batch:
        try:
            store.compare([thread])
            if sources.setdefault(thread.id, thread.source) != thread.source:
                raise ConflictError(
                    f"The id {thread.id!r} is taken by a thread of another source in the same import. "
                    "`--source NAME` keeps them apart."
                )
        except (ConflictError, InputError) as error:
            report.reject(thread.id, str(error))
        else:
            good.append(thread)
    return good


class _Pace:
    """How far an import is, told so that the time left can be worked out from it.

    Reading is a moment's work and making searchable is what takes long, so of what was read for a batch only that
    share counts as done of which the passages are encoded. What gives no threads yet counts as it is read.
    """

    def __init__(self, told: Told | None) -> None:
        self._told = told
        self._kept: dict[str, int] = {}
        self._now: Step | None = None

    def read(self, step: Step) -> None:
        """A part of the reading has gone on."""
        self._now = step
        if step.what not in (READING, TAKING):
            self.kept()

    def kept(self) -> None:
        """All that was read so far is done."""
        if self._now is not None:
            self._kept[self._now.unit] = self._now.done
            self._tell(self._now.done)

    def during(self, encoding: Progress) -> Progress:
        """The progress of encoding a batch, which moves this one too."""

        def step(done: int, total: int) -> None:
            encoding(done, total)
            if self._now is not None and total:
                before = self._kept.get(self._now.unit, 0)
                self._tell(before + (self._now.done - before) * done // total)

        return step

    def _tell(self, done: int) -> None:
        if self._told is not None and self._now is not None:
            self._told(replace(self._now, done=done))


class _Sum:
    """Adds the progress of batches up: done and known so far, over all of them."""

    def __init__(self, told: Progress | None) -> None:
        self._told, self._before, self._now = told, 0, 0

    def portion(self) -> Progress:
        """The progress of one more batch."""
        self._before += self._now
        self._now = 0

        def step(done: int, total: int) -> None:
            self._now = done
            if self._told is not None:
                self._told(self._before + done, self._before + total)

        return step


def _stopped(result: ImportResult) -> str:
    kept = result.threads_added + result.threads_updated
    known = f" and {result.threads_unchanged:,} were there already" if result.threads_unchanged else ""
    return (
        f"Stopped. {kept:,} threads ({result.posts:,} posts) of this import are stored and stay{known}; "
        "the same command goes on where it stopped."
    )


@contextmanager
def _rejects(
    options: ImportOptions, settings: Settings, result: ImportResult
) -> Iterator[Callable[[str, str, str], None]]:
    """A listener that writes each reject as a JSON line, at once, to a file that is made with the first one.

    Raises:
        InputError: The file that was asked for cannot be written.
    """
    stream: TextIO | None = None  # a file that was asked for is made at once: a wrong name changes nothing

    def opened() -> TextIO:
        path = options.rejects or settings.home / time.strftime("rejects-%Y%m%d-%H%M%S.jsonl")
        try:
            stream = path.open("w", encoding="utf-8", buffering=1)
        except OSError as error:
            raise InputError(f"The rejects file {path} cannot be written: {error.strerror}.") from error
        result.rejects_file = str(path)
        return stream

    def listen(kind: str, where: str, why: str) -> None:
        nonlocal stream
        if kind != "reject" or (options.dry_run and stream is None):
            return
        if stream is None:
            stream = opened()
        stream.write(json.dumps({"where": where, "why": why}, ensure_ascii=False) + "\n")

    if options.rejects is not None:
        stream = opened()
    try:
        yield listen
    finally:
        if stream is not None:
            stream.close()
