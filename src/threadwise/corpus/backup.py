"""Copies of the corpus that are taken while it is used, put back, and checked.

A restore is a change like any other: what the backup says differently gets a new generation, so that the index comes
level by itself, and who was forgotten since stays forgotten.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.people import digest, forget, load_key
from threadwise.corpus.sqlite import copy_into, faults, raw, single_file, sqlite_path
from threadwise.corpus.store import Store
from threadwise.corpus.upkeep import Contents, Fault
from threadwise.domain import Thread
from threadwise.errors import BusyError, InputError, SchemaError, StoreError, ThreadwiseError

_NOTHING = Contents(0, {}, {}, frozenset())


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup that was taken or put back: which file, and what the corpus in it has."""

    path: Path
    threads: int
    posts: int
    generation: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check looked at and found; `kept` is the damaged file that a repair put aside, `lost` what it could not
    read in it.
    """

    threads: int
    faults: tuple[Fault, ...]
    lost: tuple[str, ...] = ()
    kept: Path | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, or nothing any more."""
        return all(fault.repaired for fault in self.faults)


def backup(settings: Settings, path: Path) -> Copied:
    """Copy the corpus into one file, while it is read and written. The file appears whole or not at all.

    Args:
        settings: Whose corpus.
        path: The file to make, an older backup to replace, or a folder, in which it is named by the date and time.

    Raises:
        InputError: The path is the corpus itself, or a file that is no backup.
        StoreError: There is no corpus, or the copy cannot be written.
    """
    source = _file(settings)
    if path.is_dir():
        path = path / datetime.now().strftime("threadwise-%Y%m%d-%H%M%S.db")
    if path.resolve() == source.resolve():
        raise InputError(f"{path} is the corpus itself. Name another file for the backup.")
    if not source.is_file():
        raise StoreError(f"There is no corpus at {source}, so there is nothing to back up.")
    if path.is_file() and path.stat().st_size and not (_is_database(path) and _is_corpus(path, settings)):
        raise InputError(f"{path} is there already and is no backup, so it stays as it is. Name another file.")
    with _draft(path) as draft:
        _copy(source, draft, settings)
        single_file(draft)
        with Store.open(settings, read_only=True, file=draft) as copied:
            counts, generation = copied.counts(), copied.generation
        draft.replace(path)
    return Copied(path, counts.threads, counts.posts, generation)


def restore(settings: Settings, path: Path, *, progress: Callable[[int], None] | None = None) -> Copied:
    """Put a backup in the place of the corpus, all at once; readers go on with what they were reading.

    Threads that the corpus has and the backup has not are deleted. Bring the index level afterwards.

    Args:
        settings: Whose corpus.
        path: A file that `backup` made.
        progress: Told the number of threads looked at, where people have to be forgotten again.

    Raises:
        InputError: The path is the corpus itself, or no file.
        SchemaError: The backup was made by a newer Threadwise.
        StoreError: The backup is damaged or no corpus, or the disk does not take it; nothing was changed.
        BusyError: Another process is writing.
    """
    target = _file(settings)
    if not path.is_file():
        raise InputError(f"There is no file {path}. Name a file that `threadwise backup` made.")
    if path.resolve() == target.resolve():
        raise InputError(f"{path} is the corpus itself. Name a file that `threadwise backup` made.")
    if not _is_database(path):
        raise StoreError(f"{path} is no backup of a corpus: it is no database. Nothing was changed.")
    with writing(settings), _draft(target) as draft:
        _copy(path, draft, settings)
        wrong = faults(draft, settings.lock_timeout)
        if wrong:
            raise StoreError(f"The backup {path} is damaged ({wrong[0]}). Nothing was changed; try an older one.")
        if not _is_corpus(draft, settings):
            raise StoreError(f"{path} is no backup of a corpus: there are no threads in it. Nothing was changed.")
        with Store.open(settings, file=draft) as store:
            store.supersede(_contents(settings))
            _forget_again(settings, store, progress)
            counts, generation = store.counts(), store.generation
        _put_in_place(settings, draft, target)
    return Copied(path, counts.threads, counts.posts, generation)


def check(settings: Settings, *, repair: bool = False, progress: Callable[[int], None] | None = None) -> Checked:
    """Check the corpus: the file itself, then that everything in it agrees and every thread has its checksum.

    A repair writes what can be read into a new file, which takes the place of the old one; the old one is kept beside
    it. Bring the index level afterwards.

    Args:
        settings: Whose corpus.
        repair: Whether to put right what is found.
        progress: Told the number of threads looked at, then the number of those saved.

    Raises:
        StoreError: There is no corpus, or it cannot be read or written for another reason than damage.
        BusyError: Another process is writing, and a repair needs the corpus for itself.
    """
    if sqlite_path(settings) is None:
        return _checked_tables(settings, repair=repair)
    path = _file(settings)
    if not path.is_file():
        raise StoreError(f"There is no corpus at {path}. `threadwise import` makes one.")
    number, found = _look(settings, path)
    if progress is not None:
        progress(number)
    if not repair or not found:
        return Checked(number, tuple(found))
    with writing(settings):
        return _repaired(settings, path, found, progress)


def _checked_tables(settings: Settings, *, repair: bool) -> Checked:
    """Another database looks after its files itself; whether the tables agree is looked at here all the same."""
    with Store.open(settings) as store:
        found = list(store.faults())
        if repair and found:
            with writing(settings):
                store.repair()
            left = list(store.faults())
            found = [replace(fault, repaired=fault not in left) for fault in found]
        return Checked(store.counts().threads, tuple(found))


def _look(settings: Settings, path: Path) -> tuple[int, list[Fault]]:
    try:
        found = [Fault(str(path), fault) for fault in faults(path, settings.lock_timeout)]
        with Store.open(settings, read_only=True) as store:
            return store.counts().threads, found + list(store.faults())
    except (BusyError, SchemaError):
        raise
    except StoreError as error:
        if not path.is_file() or not os.access(path, os.R_OK) or _is_new(path, settings):
            raise
        return 0, [Fault(str(path), str(error))]


def _is_new(path: Path, settings: Settings) -> bool:
    """Whether nobody has made a table there yet; an empty file is such a database too."""
    with suppress(StoreError), raw(path, settings.lock_timeout, read_only=True) as connection:
        return not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    return False


def _repaired(settings: Settings, path: Path, found: list[Fault], progress: Callable[[int], None] | None) -> Checked:
    lost: list[str] = []
    with _draft(path) as draft:
        with Store.open(settings, file=draft) as fresh:
            saved = 0
            for portion in _readable(settings, lost):
                fresh.put(portion)
                saved += len(portion)
                if progress is not None:
                    progress(saved)
            _copy_notes(settings, fresh)
            fresh.supersede(_contents(settings))
            count = fresh.counts().threads
        if not count and any(fault.where == str(path) for fault in found):
            raise StoreError(
                f"Nothing can be read in {path}. `threadwise restore BACKUP` brings a backup back. Nothing was changed."
            )
        kept = path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}")
        for end in ("", "-wal"):
            if path.with_name(path.name + end).exists():
                shutil.copyfile(path.with_name(path.name + end), kept.with_name(kept.name + end))
        _put_in_place(settings, draft, path)
    return Checked(count, tuple(replace(fault, repaired=True) for fault in found), tuple(lost), kept)


def _readable(settings: Settings, lost: list[str]) -> Iterator[list[Thread]]:
    """Every thread that can still be read, in portions; ids that are known but cannot be read go to `lost`."""
    with suppress(StoreError), Store.open(settings) as store:
        ids = sorted(_ids(settings))
        for start in range(0, len(ids), _PORTION):
            portion = ids[start : start + _PORTION]
            try:
                threads = store.get_many(portion)
            except (ThreadwiseError, ValueError, TypeError, KeyError):
                threads = {}
            yield [thread for i in portion if (thread := threads.get(i) or _one(store, i, lost)) is not None]


_PORTION = 100


_WAYS_TO_IDS = (
    "SELECT id FROM threads NOT INDEXED",
    "SELECT id FROM threads NOT INDEXED ORDER BY key DESC",
    "SELECT id FROM threads ORDER BY id",
    "SELECT id FROM threads INDEXED BY threads_by_generation ORDER BY generation",
)


def _ids(settings: Settings) -> set[str]:
    """The ids that the table of threads, or else its indexes, still show."""
    ids: set[str] = set()
    path = _file(settings)
    for statement in _WAYS_TO_IDS:
        with suppress(StoreError), raw(path, settings.lock_timeout, read_only=True) as connection:
            for (thread_id,) in connection.execute(statement):
                ids.add(str(thread_id))
    return ids


def _one(store: Store, thread_id: str, lost: list[str]) -> Thread | None:
    try:
        return store.get(thread_id)
    except (ThreadwiseError, ValueError, TypeError, KeyError):
        lost.append(thread_id)
        return None


def _copy_notes(settings: Settings, fresh: Store) -> None:
    """Kept answers and notes come along as far as they can be read."""
    with suppress(StoreError), Store.open(settings) as store:
        for answer in store.saved_answers():
            fresh.save_answer(answer)
    with suppress(StoreError), raw(_file(settings), settings.lock_timeout, read_only=True) as connection:
        for key, value in connection.execute("SELECT key, value FROM notes"):
            fresh.remember(str(key), str(value))


def _forget_again(settings: Settings, store: Store, progress: Callable[[int], None] | None) -> None:
    """People who were forgotten since the backup was made are in it again; take them out."""
    digests = store.forgotten()
    if not digests:
        return
    key = load_key(settings)
    names = {post.author for thread in store.threads() for post in thread.posts if post.author}
    for name in sorted(names):
        if digest(key, name) in digests:
            with suppress(InputError):  # gone already, with their pseudonym
                forget(settings, store, name, progress=progress)


def _contents(settings: Settings) -> Contents:
    """What the corpus has now; nothing, where it is damaged or not there."""
    if not _file(settings).is_file():
        return _NOTHING
    try:
        with Store.open(settings) as store:
            return store.contents()
    except (BusyError, SchemaError):
        raise
    except StoreError:
        return _NOTHING


def _put_in_place(settings: Settings, draft: Path, target: Path) -> None:
    """Copy over the old corpus in one transaction; only where that is damaged, change the file instead."""
    single_file(draft)
    if _can_be_written_over(settings, target):
        with raw(draft, 0, read_only=True) as source, raw(target, settings.lock_timeout) as old:
            old.execute("PRAGMA synchronous = FULL")
            copy_into(source, old, settings.lock_timeout)
        return
    for log in ("-wal", "-shm"):
        target.with_name(target.name + log).unlink(missing_ok=True)
    draft.replace(target)


def _can_be_written_over(settings: Settings, target: Path) -> bool:
    """Whether this is a sound database; not where it is one no more, or not yet."""
    try:
        with raw(target, settings.lock_timeout) as old:
            return bool(old.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except BusyError:
        raise
    except StoreError:
        return False


def _copy(source: Path, target: Path, settings: Settings) -> None:
    target.touch()
    with raw(source, settings.lock_timeout, read_only=True) as old, raw(target, 0) as new:
        copy_into(old, new, settings.lock_timeout)


def _is_database(path: Path) -> bool:
    """Whether a file begins as SQLite's do. Source: sqlite.org/fileformat2.html, section 1.3."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Nothing was changed.") from error


def _is_corpus(path: Path, settings: Settings) -> bool:
    """Whether a database has our tables; an empty file is a sound database too, and would replace everything."""
    with raw(path, settings.lock_timeout, read_only=True) as connection:
        named = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {"threads", "posts", "counters"} <= named


def clear_drafts(folder: Path) -> None:
    """Remove what processes that were killed in a backup, a restore or a repair left in a folder."""
    for path in folder.glob(".*.draft*"):
        process = path.name.rpartition(".draft")[0].rpartition(".")[2]
        if process.isdigit() and not _alive(int(process)):
            with suppress(OSError):
                path.unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A file beside `path` to work in; what is left of it goes in the end."""
    clear_drafts(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from error
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                draft.with_name(draft.name + end).unlink(missing_ok=True)


def _file(settings: Settings) -> Path:
    path = sqlite_path(settings)
    if path is None:
        raise StoreError(
            "This corpus is not a SQLite file. Use the database's own tools (for PostgreSQL: pg_dump, pg_restore)."
        )
    return path
