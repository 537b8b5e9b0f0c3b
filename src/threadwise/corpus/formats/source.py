"""What every reader of a format is given and what it gives back: the shared types.

A reader gets a `Source` (one file, or the files that belong together), yields threads as it goes, and tells a `Report`
what it could not read. How files are found, unpacked and limited is `files`' work; which reader takes them is
`registry`'s.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson

from threadwise.corpus.formats.encoding import decode
from threadwise.corpus.formats.progress import Gauges
from threadwise.domain import Thread
from threadwise.errors import FormatError, InputError

HEAD = 65_536
"""Bytes of a file that detection looks at."""

MEGABYTE = 1_000_000
"""Bytes of a MB, as settings and messages count them everywhere."""

KEPT = 1_000
"""Most rejects and warnings that a report keeps in memory; all are counted and passed on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader may be made to do; each is a setting (`THREADWISE_IMPORT_MAX_…`)."""

    whole_bytes: int = 100 * MEGABYTE
    """Largest file, and longest line, that is read into memory at once."""
    file_bytes: int = 200_000 * MEGABYTE
    """Largest single file, unpacked."""
    total_bytes: int = 500_000 * MEGABYTE
    """Most bytes that one import may unpack in all."""
    files: int = 200_000
    """Most files in one import."""
    depth: int = 3
    """How deep archives may lie in one another."""
    ratio: float = 250.0
    """Most bytes that one packed byte may become (once 10 MB have come out)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What detection sees: the name (it may break ties), the first `HEAD` bytes, and the file, where it is one."""

    name: str
    head: bytes
    path: Path | None = None

    @property
    def text(self) -> str:
        """The head as text, as far as it can be read; never raises."""
        return _beginning(self.head)

    @property
    def suffix(self) -> str:
        """The last part of the name that a format might be told by: `.json`, `.xml`; in lower case."""
        return Path(self.name.removesuffix(".gz").removesuffix(".zst")).suffix.lower()


@lru_cache(maxsize=4)
def _beginning(head: bytes) -> str:
    # Every format asks for it in turn.
    return decode(head, "the file", lenient=True)


@dataclass(frozen=True, slots=True)
class File:
    """One file, unpacked as it is read. `name` is for people: `dump.zip!/Posts.xml`."""

    name: str
    opener: Callable[[], BinaryIO]
    path: Path | None = None
    peeker: Callable[[], BinaryIO] | None = None
    """Opens it for a look that does not count as reading it."""

    def open(self) -> BinaryIO:
        """The bytes from the start; every call gives a stream of its own, which the caller closes.

        Reading raises FormatError where the file is damaged or grows past the limits.
        """
        return self.opener()

    def sample(self) -> Sample:
        """The beginning, for detection."""
        with (self.peeker or self.opener)() as stream:
            return Sample(self.name, beginning(stream, HEAD), self.path)

    def read(self, limit: int) -> bytes:
        """All bytes, if there are at most `limit`.

        Raises:
            FormatError: There are more.
        """
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise FormatError(
                f"{self.name} is larger than {limit / MEGABYTE:.0f} MB, the most that is read at once. "
                "Split it, or raise THREADWISE_MAX_FILE_MB."
            )
        return data

    def text(self, limit: int) -> str:
        """All of it as text, line breaks as they stand, without byte order mark.

        Raises:
            FormatError: It is binary, in no known encoding, or larger than `limit` bytes.
        """
        return decode(self.read(limit), self.name)

    def json(self, limit: int) -> Any:
        """The one JSON document in it.

        Raises:
            FormatError: It is no JSON, breaks off, nests too deep, or is larger than `limit` bytes.
        """
        return parse_json(self.read(limit), self.name)

    def lines(self, limit: int, report: Report | None = None) -> Iterator[tuple[int, bytes]]:
        """Number (from 1) and bytes of each line, without its line feed, streaming.

        Args:
            limit: Longest line in bytes.
            report: Gets the lines that are longer, where the others mean something without them.

        Raises:
            FormatError: A line is longer, and there is no report.
        """
        with self.open() as stream:
            number = 0
            while line := stream.readline(limit + 1):
                number += 1
                if len(line) > limit:
                    why = f"The line is longer than {limit / MEGABYTE:.0f} MB; THREADWISE_MAX_FILE_MB raises the limit."
                    if report is None:
                        raise FormatError(f"{self.name}:{number}: {why}")
                    report.reject(f"{self.name}:{number}", why)
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(HEAD)
                    continue
                yield number, line.removesuffix(b"\n")


@dataclass(frozen=True, slots=True)
class Source:
    """What one call of a reader reads: the files that belong together, in order of their names, and the limits.

    `gauges` are moved by the files while they are read, and by readers that sort before they hand threads on.
    """

    files: tuple[File, ...]
    limits: Limits = Limits()
    gauges: Gauges = field(default_factory=Gauges)

    @property
    def file(self) -> File:
        """The first file; the only one of formats that keep a file to itself."""
        return self.files[0]

    @property
    def name(self) -> str:
        """The file's name, or that of the folder of several."""
        return self.file.name if len(self.files) == 1 else folder_of(self.file.name)


@dataclass(frozen=True, slots=True)
class Remark:
    """A place, and what is to be said about it."""

    where: str
    why: str


@dataclass
class Report:
    """What could not be read, counted; the first `KEPT` are kept, each one is passed to `listener` as it comes.

    `listener` gets ("reject" | "warn", where, why), to write a rejects file for example.
    """

    listener: Callable[[str, str, str], None] | None = None
    rejected: list[Remark] = field(default_factory=list)
    warned: list[Remark] = field(default_factory=list)
    rejects: int = 0
    warnings: int = 0

    def reject(self, where: str, why: str) -> None:
        """Something was left out: a file, a line, a thread, a post; `why` need not name the place again."""
        self.rejects += 1
        self._note(self.rejected, "reject", where, why.removeprefix(f"{where}: "))

    def warn(self, where: str, why: str) -> None:
        """Something went in, but not all of what was there, or not surely as it was meant."""
        self.warnings += 1
        self._note(self.warned, "warn", where, why)

    @contextmanager
    def rejecting(self, where: str) -> Iterator[None]:
        """Turn an InputError inside into a reject at this place, and go on after the block."""
        try:
            yield
        except InputError as error:
            self.reject(where, str(error))

    def _note(self, kept: list[Remark], what: str, where: str, why: str) -> None:
        if len(kept) < KEPT:
            kept.append(Remark(where, why))
        if self.listener:
            self.listener(what, where, why)


class Format(Protocol):
    """One way in which forums are written down."""

    @property
    def name(self) -> str:
        """What people call it, in lower case: `markdown`, `stackexchange-xml`."""

    def detect(self, sample: Sample) -> float:
        """How sure it is, from 0 (certainly not) to 1 (certainly); by content. 0.5 and more means "it is mine"."""

    def group(self, name: str) -> str:
        """Files with the same key are one Source; `by_file`, `by_folder` or something wiser."""

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The threads, streaming.

        Raises:
            FormatError: Nothing (more) of the source can be read. What is wrong with a part goes to the report.
        """


def by_file(name: str) -> str:
    """Each file is a source."""
    return name


def by_folder(name: str) -> str:
    """The files of a folder, or of one level of an archive, are one source."""
    return folder_of(name)


def folder_of(name: str) -> str:
    """The part of a name before its last slash; of `a.zip!/b.xml` that is `a.zip!`."""
    return name.rpartition("/")[0]


def beginning(stream: BinaryIO, size: int) -> bytes:
    """The first bytes of a stream, at most `size`; of a damaged one those before the damage.

    Raises:
        FormatError: There is not a byte before the damage.
    """
    head = b""
    try:
        while len(head) < size and (piece := stream.read1(size - len(head))):  # type: ignore[attr-defined]
            head += piece
    except FormatError:
        if not head:
            raise
    return head


def memory_file(name: str, data: bytes) -> File:
    """Bytes that are at hand, as a file."""
    return File(name, lambda: io.BytesIO(data))


def parse_json(data: bytes, where: str) -> Any:
    """Read one JSON document in any Unicode encoding.

    Raises:
        FormatError: It is no JSON, breaks off, or nests more than about 1,000 deep.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        data = decode(data, where).encode("utf-8")
    if not data.strip():
        raise FormatError(f"{where} is empty.")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{where}: {json_fault(error)}") from error


def json_fault(error: orjson.JSONDecodeError) -> str:
    """What is wrong with a JSON text, as a sentence with the place."""
    if "recursion" in error.msg.lower() or "depth" in error.msg.lower():
        return "the JSON is nested too deep to be a thread."
    if error.pos >= len(error.doc.rstrip()):
        return f"the JSON breaks off in line {error.lineno}, column {error.colno}; was it saved completely?"
    return f"not JSON in line {error.lineno}, column {error.colno}: {error.msg}."
