"""What is whole in a .zip archive of which the end is missing, and with it the list of what is in it.

Each member begins with a header of its own, so that an archive whose download broke off is read from its beginning on.
Source: APPNOTE.TXT 6.3.10, sections 4.3.7 (local file header), 4.3.9 (data descriptor) and 4.5.3 (sizes of Zip64).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3I2H")
_LOCKED, _SIZED_LATER, _UTF8 = 1, 1 << 3, 1 << 11
_ZIP64, _FULL = 1, 0xFFFFFFFF
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive. `packed` is its size there in bytes, None where the archive tells it only afterwards."""

    name: str
    start: int
    packed: int | None
    checksum: int | None
    deflated: bool
    readable: bool


def members(stream: BinaryIO) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Each member with its blocks, which are to be taken before the next is asked for; those that are locked or packed
    in a way that is not known come without any.

    Raises:
        EOFError: The archive breaks off: in a header, or, while blocks are taken, in a member.
        BadZipFile: A member is not what its checksum says, or its end cannot be found.
    """
    place = 0
    while True:
        stream.seek(place)
        if stream.read(4) != MAGIC:
            return
        member = _member(stream, place)
        if not member.readable and member.packed is None:
            raise zipfile.BadZipFile(f"the end of {member.name!r} cannot be found")
        place = member.start + (member.packed or 0)
        if not member.readable:
            yield member, iter(())
            continue
        reading = _Reading(stream, member)
        yield member, reading.blocks()
        place = reading.end


def _member(stream: BinaryIO, place: int) -> Member:
    stream.seek(place)
    fields = _HEADER.unpack(_exactly(stream, _HEADER.size))
    _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length = fields
    raw = _exactly(stream, name_length)
    extra = _exactly(stream, extra_length)
    later = bool(flags & _SIZED_LATER)
    if _FULL in (packed, size):
        packed = _zip64_packed(extra, size == _FULL, packed)
    return Member(
        name=raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace"),
        start=place + _HEADER.size + name_length + extra_length,
        packed=None if later else packed,
        checksum=None if later else checksum,
        deflated=method == zipfile.ZIP_DEFLATED,
        readable=not flags & _LOCKED
        and (method == zipfile.ZIP_DEFLATED or (method == zipfile.ZIP_STORED and not later)),
    )


def _zip64_packed(extra: bytes, behind_size: bool, packed: int) -> int:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64 and packed == _FULL and length >= 8 * (1 + behind_size):
            return int.from_bytes(extra[4 + 8 * behind_size : 12 + 8 * behind_size], "little")
        extra = extra[4 + length :]
    return packed


class _Reading:
    """The bytes of one member; `end` is the place behind it once all its blocks were taken."""

    def __init__(self, stream: BinaryIO, member: Member) -> None:
        self._stream, self._member = stream, member
        self.end = member.start + (member.packed or 0)

    def blocks(self) -> Iterator[bytes]:
        self._stream.seek(self._member.start)
        checksum = 0
        for block in self._inflated() if self._member.deflated else self._stored():
            checksum = zlib.crc32(block, checksum)
            yield block
        told = self._told_later() if self._member.checksum is None else self._member.checksum
        if told != checksum:
            raise zipfile.BadZipFile(f"{self._member.name!r} is not what its checksum says")

    def _stored(self) -> Iterator[bytes]:
        left = self._member.packed or 0
        while left:
            block = _exactly(self._stream, min(_BLOCK, left))
            left -= len(block)
            yield block

    def _inflated(self) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        taken = 0
        while not inflater.eof:
            piece = inflater.unconsumed_tail
            if not piece:
                piece = self._stream.read(_BLOCK)
                if not piece:
                    raise EOFError("it breaks off")
                taken += len(piece)
            if block := inflater.decompress(piece, _BLOCK):
                yield block
        self.end = self._member.start + taken - len(inflater.unused_data)

    def _told_later(self) -> int:
        """The checksum behind a member that was written before it was known; `end` steps over it."""
        self._stream.seek(self.end)
        first = _exactly(self._stream, 4)
        checksum = _exactly(self._stream, 4) if first == b"PK\x07\x08" else first
        sizes = self._stream.tell()
        for width in (8, 16):  # of Zip64
            self.end = sizes + width
            self._stream.seek(self.end)
            if self._stream.read(2) in (b"PK", b""):
                break
        return int.from_bytes(checksum, "little")


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("it breaks off")
    return data
