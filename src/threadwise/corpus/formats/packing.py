"""Unpack .zip, .7z and .tar archives without trusting any of it.

Told by content. Members go to numbered files in a temporary folder, so that no name in an archive ever becomes a path.
Everything that comes out is counted against the limits of `compression`. Of an archive that is damaged or cut short
what is whole comes out.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol, Self

from threadwise.corpus.formats import cut_zip
from threadwise.corpus.formats.compression import BLOCK, DAMAGE, Counted, DamageError, Meter
from threadwise.corpus.formats.source import Report
from threadwise.errors import FormatError

_LOCKED = "It is locked with a password. Unpack it yourself first."
_ZIP_DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, *DAMAGE)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


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
            DamageError: The archive is damaged or cut short; the members before were whole.
            FormatError: It is locked, too large, or a bomb.
        """
        unpack = {"zip": self._zip, "7z": self._seven, "tar": self._tar}[archive.kind]
        try:
            yield from unpack(archive)
        except OSError as error:
            raise FormatError(
                f"{archive.name} cannot be unpacked to {self.room}: {error.strerror or error}."
            ) from error

    def _zip(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        try:
            opened = zipfile.ZipFile(archive.path)
        except _ZIP_DAMAGE:  # the list of what is in it stands at its end
            yield from self._cut_zip(archive)
            return
        with opened:
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
                    self.report.reject(inner, _LOCKED)
                    continue
                try:
                    with opened.open(info) as member:
                        place = self._save(member, inner, archive.packed, self.meter.gauges.unpacking.advance)
                except FormatError:
                    raise
                except _ZIP_DAMAGE as error:
                    _room_left(error)
                    self.report.reject(inner, f"It is damaged ({error}).")
                else:
                    yield inner, place

    def _cut_zip(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        self.meter.gauges.unpacking.expect(archive.packed)
        try:
            with archive.path.open("rb") as raw:
                for member, blocks in cut_zip.members(raw):
                    inner = f"{archive.name}!/{member.name}"
                    if member.name.endswith("/"):
                        deque(blocks, maxlen=0)
                    elif not member.readable:
                        self.report.reject(inner, _LOCKED)
                    elif self._wanted(inner, member.name, link=False):
                        yield inner, self._save(_Blocks(blocks), inner, archive.packed)
                    else:
                        deque(blocks, maxlen=0)
        except FormatError:
            raise
        except _ZIP_DAMAGE as error:
            _room_left(error)
        raise DamageError(f"{archive.name} is a .zip archive that is cut short or damaged; get it once more.")

    def _tar(self, archive: Archive) -> Iterator[tuple[str, Path]]:
        self.meter.gauges.unpacking.expect(archive.packed)
        try:
            with archive.opened() as raw, tarfile.open(fileobj=raw, mode="r|", tarinfo=_Header) as opened:
                for info in opened:
                    inner = f"{archive.name}!/{info.name}"
                    link = not (info.isreg() or info.isdir())
                    if info.isdir() or not self._wanted(inner, info.name, link=link):
                        continue
                    member = opened.extractfile(info)
                    if member is not None:
                        yield inner, self._save(member, inner, archive.packed)
        except _BrokenOffError as error:
            raise DamageError(
                f"{archive.name} is a .tar archive that is cut short or damaged; get it once more."
            ) from error
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise DamageError(f"{archive.name} is a damaged .tar archive ({error}).") from error

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
        with place.open("wb") as target:
            while block := member.read(BLOCK):
                size += len(block)
                self.meter.out(inner, len(block), size, packed)
                target.write(block)
                counted(len(block))
        return place


def _room_left(error: BaseException) -> None:
    """Raise it again, if it says that the disk is full or cannot be written: that is no fault of the archive."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error


class _Blocks:
    """Blocks that come one by one, as something that can be read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks

    def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - blocks are as large as they are
        return next(self._blocks, b"")


class _BrokenOffError(Exception):
    """A .tar archive does not go on with a member, nor with the empty block that ends it."""


class _Header(tarfile.TarInfo):
    """The header of a member. After the first, tarfile takes whatever is no header for the end of the archive."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except tarfile.HeaderError as error:
            if archive.offset == 0 or type(error).__name__ == "EOFHeaderError":  # the class is not public
                raise
            raise _BrokenOffError(str(error)) from error


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
