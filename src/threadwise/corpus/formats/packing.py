"""Unpack .gz, .zst, .bz2, .xz, .zip, .7z and .tar without trusting any of it.

Told by content. Single compressed files are unpacked as they are read; members of an archive go to numbered files in a
temporary folder, so that no name in an archive ever becomes a path. Everything that comes out is counted against the
limits: a bomb is stopped while it grows, whatever its header says.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

import zstandard

from threadwise.corpus.formats.progress import Gauges
from threadwise.corpus.formats.source import Limits, Report
from threadwise.corpus.formats.zstd import Zstd
from threadwise.errors import FormatError

BLOCK = 1 << 16
FREE = 10 * 2**20
"""Bytes that may come out before the ratio counts: small files of one repeated line are no bombs."""

_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError)
_ZIP_DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, *_DAMAGE)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


_WRAPPERS: tuple[tuple[bytes, Callable[[BinaryIO], Any]], ...] = (
    (b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
    (b"\x28\xb5\x2f\xfd", Zstd),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
)


@dataclass
class Meter:
    """Counts what goes in and what comes out over one import, and stops it at the limits."""

    limits: Limits
    gauges: Gauges = field(default_factory=Gauges)
    unpacked: int = 0
    files: int = 0

    def file(self, name: str) -> None:
        """One more file.

        Raises:
            FormatError: There are more than the limit.
        """
        self.files += 1
        if self.files > self.limits.files:
            raise FormatError(
                f"{name}: more than {self.limits.files:,} files in one import. "
                "Import parts of it, or raise THREADWISE_IMPORT_MAX_FILES."
            )

    def out(self, name: str, step: int, size: int, packed: int) -> None:
        """`step` more bytes came out of `name`, `size` in all from `packed` bytes.

        Raises:
            FormatError: That is more than a limit allows.
        """
        self.unpacked += step
        if size > FREE and size > self.limits.ratio * max(packed, 1):
            raise FormatError(
                f"{name} unpacks to more than {self.limits.ratio:.0f} times its size, as archive bombs do. "
                "If you trust it, raise THREADWISE_IMPORT_MAX_RATIO."
            )
        if size > self.limits.file_bytes:
            raise FormatError(
                f"{name} unpacks to more than {self.limits.file_bytes / 2**20:,.0f} MB. "
                "If you trust it, raise THREADWISE_IMPORT_MAX_FILE_MB."
            )
        if self.unpacked > self.limits.total_bytes:
            raise FormatError(
                f"{name}: more than {self.limits.total_bytes / 2**20:,.0f} MB were unpacked in this import. "
                "Import parts of it, or raise THREADWISE_IMPORT_MAX_TOTAL_MB."
            )


Counted = Callable[[int], None]
"""Is told how many more bytes of a file, as it lies on the disk, were read."""


@dataclass
class Mark:
    """How far one file was read, over all its streams, so that reading it twice counts once."""

    went_in: int = 0
    came_out: int = 0
    layers: int = 0


def open_unpacked(path: Path, name: str, meter: Meter, mark: Mark, counted: Counted) -> BinaryIO:
    """The file's bytes, with any compression of the whole file taken off; `counted` is told how far it was read."""
    try:
        raw: BinaryIO = path.open("rb")
    except OSError as error:
        raise FormatError(f"{name} cannot be read: {error.strerror}.") from error
    watch = _Watch(name, raw, path.stat().st_size, meter, mark, counted)
    stream, layers = raw, 0
    while wrapper := _wrapper(stream):
        layers += 1
        if layers > meter.limits.depth:
            raw.close()
            raise FormatError(f"{name} is packed more than {meter.limits.depth} times over.")
        stream = io.BufferedReader(_Guarded(wrapper(stream), watch), BLOCK)
    mark.layers = layers
    return stream if layers else io.BufferedReader(_Guarded(raw, watch), BLOCK)


def _wrapper(stream: BinaryIO) -> Callable[[BinaryIO], Any] | None:
    head = stream.peek(6)[:6] if isinstance(stream, io.BufferedReader) else b""
    return next((opener for magic, opener in _WRAPPERS if head.startswith(magic)), None)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Which file on the disk a stream comes from, and where its bytes are counted."""

    name: str
    raw: BinaryIO
    packed: int
    meter: Meter
    mark: Mark
    counted: Counted


class _Guarded(io.RawIOBase):
    """A stream that counts, keeps to the limits, and says FormatError where the packed data is damaged."""

    def __init__(self, inner: Any, watch: _Watch) -> None:
        """`inner` has `read1`, which neither files nor the readers of packed data lack and `BinaryIO` does not name."""
        self._inner, self._watch = inner, watch
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        watch = self._watch
        try:
            data = self._inner.read1(len(buffer))  # `read` would lose what came out before the damage
        except FormatError:
            raise
        except _DAMAGE as error:
            raise FormatError(f"{watch.name} is damaged or cut short after {self._size:,} bytes ({error}).") from error
        buffer[: len(data)] = data
        self._size += len(data)
        if self._inner is not watch.raw:
            step = max(0, self._size - watch.mark.came_out)
            watch.mark.came_out += step
            watch.meter.out(watch.name, step, self._size, watch.packed)
        place = min(watch.raw.tell(), watch.packed)
        if place > watch.mark.went_in:
            watch.counted(place - watch.mark.went_in)
            watch.mark.went_in = place
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._watch.raw.close()


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive to be unpacked: what it is called, where it lies, and its bytes without outer compression."""

    kind: str
    name: str
    path: Path
    opened: Callable[[], BinaryIO]

    @property
    def packed(self) -> int:
        """Its size on the disk in bytes."""
        return self.path.stat().st_size


@dataclass
class Unpacker:
    """Takes the members out of archives into numbered files in `room`."""

    room: Path
    meter: Meter
    report: Report
    _number: int = field(default=0, init=False)

    def members(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        """Name (`archive!/inner/name`) and place of each regular member, in the archive's order.

        Raises:
            FormatError: The archive is damaged, locked, too large, or a bomb.
        """
        unpack = {"zip": self._zip, "7z": self._seven, "tar": self._tar}[archive.kind]
        try:
            yield from unpack(archive)
        except OSError as error:
            raise self._not_taken(archive.name, error) from error

    def _zip(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        try:
            with zipfile.ZipFile(archive.path) as opened:
                infos = opened.infolist()
                if any(info.filename == "[Content_Types].xml" for info in infos):
                    raise FormatError(f"{archive.name} is an Office document. Save it as text or CSV first.")
                self.meter.gauges.unpacking.expect(sum(info.file_size for info in infos))
                for info in infos:
                    inner = f"{archive.name}!/{info.filename}"
                    link = stat.S_ISLNK(info.external_attr >> 16)
                    if info.is_dir() or not self._wanted(inner, info.filename, link=link):
                        continue
                    if info.flag_bits & 1:
                        self.report.reject(inner, "It is locked with a password. Unpack it yourself first.")
                        continue
                    with opened.open(info) as member:
                        yield inner, self._save(member, inner, archive.packed, self.meter.gauges.unpacking.advance)
        except _ZIP_DAMAGE as error:
            raise FormatError(f"{archive.name} is a damaged .zip archive ({error}).") from error

    def _tar(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        self.meter.gauges.unpacking.expect(archive.packed)
        try:
            with archive.opened() as raw, tarfile.open(fileobj=raw, mode="r|") as opened:
                for info in opened:
                    inner = f"{archive.name}!/{info.name}"
                    link = not (info.isreg() or info.isdir())
                    if info.isdir() or not self._wanted(inner, info.name, link=link):
                        continue
                    member = opened.extractfile(info)
                    if member is not None:
                        yield inner, self._save(member, inner, archive.packed)
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise FormatError(f"{archive.name} is a damaged .tar archive ({error}).") from error

    def _seven(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        import py7zr

        places: dict[str, Path] = {}
        try:
            with archive.path.open("rb") as raw, py7zr.SevenZipFile(raw, max_extract_size=self._left()) as opened:
                if opened.needs_password():
                    raise FormatError(f"{archive.name} is locked with a password. Unpack it yourself first.")
                wanted = [
                    info.filename
                    for info in opened.files
                    if not info.is_directory and self._wanted_seven(archive, info)
                ]
                self.meter.gauges.unpacking.expect(sum(info.uncompressed for info in opened.files))
                opened.extract(targets=wanted, factory=_Writers(self, archive.name, archive.packed, places))
        except (FormatError, OSError):
            raise
        except Exception as error:  # py7zr meets damage with whatever its parser trips over
            raise FormatError(f"{archive.name} is a damaged .7z archive ({type(error).__name__}: {error}).") from error
        yield from places.items()

    def _wanted_seven(self, archive: Archive, info: Any) -> bool:
        link = info.is_symlink or info.is_junction
        return self._wanted(f"{archive.name}!/{info.filename}", info.filename, link=link)

    def _left(self) -> int:
        return max(1, self.meter.limits.total_bytes - self.meter.unpacked)

    def _wanted(self, inner: str, name: str, *, link: bool) -> bool:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0] == "/" or parts[0].endswith(":"):
            self.report.reject(inner, "Its name leads out of the archive, so it was left out.")
        elif link:
            self.report.reject(inner, "It is a link or a device, not a file; links are not followed.")
        elif not is_hidden(parts):
            self.meter.file(inner)
            return True
        return False

    def place(self) -> Path:
        """A new numbered file."""
        self._number += 1
        return self.room / f"{self._number:06d}"

    def _save(self, member: _Readable, inner: str, packed: int, counted: Counted = lambda _: None) -> Path:
        place = self.place()
        size = 0
        try:
            with place.open("wb") as target:
                while block := member.read(BLOCK):
                    size += len(block)
                    self.meter.out(inner, len(block), size, packed)
                    target.write(block)
                    counted(len(block))
        except OSError as error:
            if error.errno is None:  # bz2 says so that a member is damaged
                raise
            raise self._not_taken(inner, error) from error
        return place

    def _not_taken(self, name: str, error: OSError) -> FormatError:
        return FormatError(f"{name} cannot be unpacked to {self.room}: {error.strerror or error}.")


class _Writers:
    """py7zr asks this for something to write each member to."""

    def __init__(self, unpacker: Unpacker, name: str, packed: int, places: dict[str, Path]) -> None:
        self._unpacker, self._name, self._packed, self._places = unpacker, name, packed, places

    def create(self, filename: str) -> _Writer:
        place = self._unpacker.place()
        place.touch()
        inner = f"{self._name}!/{filename}"
        self._places[inner] = place
        return _Writer(place, inner, self._packed, self._unpacker.meter)


class _Writer:
    """One member of a .7z archive on its way to a numbered file."""

    def __init__(self, place: Path, inner: str, packed: int, meter: Meter) -> None:
        self._place, self._inner, self._packed, self._meter = place, inner, packed, meter
        self._size = 0

    def write(self, data: bytes | bytearray) -> int:
        self._size += len(data)
        self._meter.out(self._inner, len(data), self._size, self._packed)
        self._meter.gauges.unpacking.advance(len(data))
        with self._place.open("ab") as target:
            return target.write(data)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - py7zr's interface
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - py7zr's interface
        return offset

    def flush(self) -> None:
        """Every write is complete."""

    def size(self) -> int:
        return self._size

    def close(self) -> None:
        """Nothing is held open."""


def archive_kind(head: bytes) -> str | None:
    """`zip`, `7z` or `tar`, by the first bytes of a file."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"7z\xbc\xaf\x27\x1c"):
        return "7z"
    return "tar" if head[257:262] == b"ustar" else None


def is_hidden(parts: tuple[str, ...]) -> bool:
    """What systems leave behind: dot files, and the folders that macOS puts into archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)
