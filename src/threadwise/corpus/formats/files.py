"""Files, folders and archives, one after the other, to the readers that know them.

The order is by name, so that a second run meets the same files in the same order. What cannot be read is reported with
its name and the reason, and the rest goes in.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from threadwise.config import Settings
from threadwise.corpus.formats import registry
from threadwise.corpus.formats.compression import DamageError, Mark, Meter, open_unpacked
from threadwise.corpus.formats.encoding import encoding_of
from threadwise.corpus.formats.packing import Archive, Unpacker, archive_kind, is_hidden
from threadwise.corpus.formats.progress import Gauges
from threadwise.corpus.formats.source import (
    MEGABYTE,
    File,
    Format,
    Limits,
    Report,
    Sample,
    Source,
    beginning,
    folder_of,
)
from threadwise.domain import Thread
from threadwise.errors import FormatError, InputError

_ABOUT = re.compile(r"(?:readme|licen[cs]e|copying|notice|source|changelog|contributing|authors)\b", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_SQL = re.compile(
    r"\s*(?:--|/\*|#|SET |BEGIN|USE |PRAGMA|DROP TABLE|CREATE |INSERT ).{0,60000}?"
    r"^(?:CREATE (?:TABLE|DATABASE)|INSERT INTO|COPY) [`\"\w.]+",
    re.DOTALL | re.MULTILINE,
)
"""The beginning of what mysqldump, pg_dump and sqlite3 write: a comment or a setting, and further on a statement."""


def limits_of(settings: Settings) -> Limits:
    """The limits as they are set."""
    return Limits(
        whole_bytes=settings.max_file_mb * MEGABYTE,
        file_bytes=settings.import_max_file_mb * MEGABYTE,
        total_bytes=settings.import_max_total_mb * MEGABYTE,
        files=settings.import_max_files,
        depth=settings.import_max_depth,
        ratio=settings.import_max_ratio,
    )


def read_path(
    path: Path,
    settings: Settings,
    report: Report,
    *,
    gauges: Gauges | None = None,
    without: Path | None = None,
) -> Iterator[Thread]:
    """All threads in a file, a folder or an archive, streaming.

    Args:
        path: What to read; folders with everything beneath them.
        settings: For the limits.
        report: Gets what was left out, with place and reason.
        gauges: Moved while it goes on; who made them is told.
        without: A file in the folder that is passed over: the one in which rejects are written.

    Raises:
        FormatError: There is no such file, or a limit of the whole import is passed.
    """
    if not path.exists():
        raise FormatError(f"{path} does not exist. Check the spelling.")
    return _read(path, Meter(limits_of(settings), gauges or Gauges()), report, without)


def _read(path: Path, meter: Meter, report: Report, without: Path | None) -> Iterator[Thread]:
    with tempfile.TemporaryDirectory(prefix="threadwise-import-") as room:
        rejects = report.rejects
        finder = _Finder(Unpacker(Path(room), meter, report), without)
        files = list(finder.files(path))
        if not files and report.rejects == rejects:
            report.reject(str(path), "There is nothing in it to read.")
        for reader, source in _sources(files, meter, report):
            taken = 0
            try:
                for thread in reader.read(source, report):
                    taken += 1
                    yield thread
            except InputError as error:
                before = f"The {taken:,} threads" if taken > 1 else "The thread"
                report.reject(source.name, f"{error} {before} before that went in." if taken else str(error))


class _Finder:
    """Walks folders and archives down to the files that hold threads."""

    def __init__(self, unpacker: Unpacker, without: Path | None) -> None:
        self._unpacker, self._meter, self._report = unpacker, unpacker.meter, unpacker.report
        self._without = without.resolve() if without else None

    def files(self, path: Path) -> Iterator[File]:
        for each in self._walk(path):
            self._meter.file(str(each))
            with self._report.rejecting(str(each)):
                yield from self._expand(each, str(each), depth=0)

    def _walk(self, path: Path) -> Iterator[Path]:
        """Regular files beneath a folder, by name; what is given itself may be a link, what is found may not."""
        if not path.is_dir():
            yield path
            return
        waiting = [path]
        while waiting:
            here = waiting.pop()
            if here is not path and here.is_symlink():
                self._report.reject(str(here), "It is a symbolic link; links are not followed.")
            elif here.is_dir():
                try:
                    inside = sorted((each for each in here.iterdir() if not is_hidden((each.name,))), reverse=True)
                except OSError as error:
                    self._report.reject(str(here), f"The folder cannot be read: {error.strerror}.")
                else:
                    waiting += inside
            elif here.is_file():
                if here.resolve() != self._without:
                    yield here
            else:
                self._report.reject(str(here), "It is no regular file.")

    def _expand(self, path: Path, name: str, depth: int) -> Iterator[File]:
        """The file itself, or what the archive holds, archives within it too."""
        mark, reading = Mark(), self._meter.gauges.reading
        peeked = partial(open_unpacked, path, name, self._meter, mark, lambda _: None)
        with peeked() as stream:
            head = beginning(stream, 1024)
        kind = archive_kind(head)
        if kind is None:
            reading.expect(path.stat().st_size)
            opened = partial(open_unpacked, path, name, self._meter, Mark(), reading.advance)
            yield File(name, opened, None if mark.layers else path, peeked)
            return
        if depth >= self._meter.limits.depth:
            raise FormatError(
                f"{name}: archives lie more than {self._meter.limits.depth} deep in one another. "
                "Unpack it yourself, or raise THREADWISE_IMPORT_MAX_DEPTH."
            )
        unpacked = partial(open_unpacked, path, name, self._meter, Mark(), self._meter.gauges.unpacking.advance)
        if kind != "tar" and mark.layers:
            path = self._unwrapped(peeked)
        taken, damage = self._members(Archive(kind, name, path, unpacked))
        for inner, place in sorted(taken):
            with self._report.rejecting(inner):
                yield from self._expand(place, inner, depth + 1)
        if damage:
            raise damage

    def _members(self, archive: Archive) -> tuple[list[tuple[str, Path]], FormatError | None]:
        """What is in an archive, and what is to be said of it where it is damaged: what came before that is whole."""
        taken: list[tuple[str, Path]] = []
        try:
            for member in self._unpacker.members(archive):
                taken.append(member)
        except DamageError as error:
            if not taken:
                return taken, error
            files = "file" if len(taken) == 1 else f"{len(taken):,} files"
            return taken, FormatError(f"{error} The {files} before that went in.")
        return taken, None

    def _unwrapped(self, opened: Callable[[], BinaryIO]) -> Path:
        """A .zip or .7z that is itself compressed has to lie on the disk to be read."""
        place = self._unpacker.place()
        with opened() as stream, place.open("wb") as target:
            shutil.copyfileobj(stream, target)
        return place


def _sources(files: list[File], meter: Meter, report: Report) -> Iterator[tuple[Format, Source]]:
    """Each file with its reader, those that belong together as one, in the order of the first of them."""
    chosen: dict[str, tuple[Format, float, File]] = {}
    for file in meter.gauges.looking.each(files, len(files)):
        with report.rejecting(file.name):
            reader, sure = _detect(file.sample())
            chosen[file.name] = reader, sure, file
    exports = {folder_of(name) for name, (reader, sure, _) in chosen.items() if _gathers(reader, name, sure)}
    groups: dict[tuple[str, str], list[File]] = {}
    readers: dict[str, Format] = {}
    for name, (reader, sure, file) in chosen.items():
        if sure < registry.SURE and len(files) > 1 and (folder_of(name) in exports or _ABOUT.match(Path(name).name)):
            report.warn(name, "It seems to describe the files beside it, so it was not read. Import it by itself.")
            continue
        readers[reader.name] = reader
        groups.setdefault((reader.name, reader.group(name)), []).append(file)
    for (reader_name, _), members in groups.items():
        yield readers[reader_name], Source(tuple(members), meter.limits, meter.gauges)


def _gathers(reader: Format, name: str, sure: float) -> bool:
    return sure >= registry.SURE and reader.group(name) != name


def _detect(sample: Sample) -> tuple[Format, float]:
    if not sample.head.strip():
        raise FormatError("The file is empty.")
    found = registry.detect(sample)
    if (found is None or found[1] < registry.SURE) and _SQL.match(sample.text):
        raise FormatError(
            "It is a dump of a database (SQL). Load it into its database and export the posts from there as CSV, "
            "with the columns thread_id, title, author, created and text."
        )
    if found is None:
        encoding_of(sample.head, "The file", cut=True)  # says so, if it is binary
        if _PAGE.match(sample.text):
            raise FormatError(
                "It is an HTML page, but not of phpBB 3, XenForo, vBulletin or SMF as far as can be told. Paste what "
                "it shows on the Add page, or save it as text: title, question, then the replies."
            )
        known = ", ".join(each.name for each in registry.FORMATS)
        raise FormatError(f"The file is in no known format. Known: {known}.")
    return found


__all__ = ["limits_of", "read_path"]
