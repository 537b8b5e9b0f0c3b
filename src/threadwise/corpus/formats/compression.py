"""Take the compression off single files as they are read, and count all that comes out against the limits.

Told by content, and stopped while it grows: a bomb is one whatever its header says. Archives of several files are
`packing`'s work.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from threadwise.corpus.formats.progress import Gauges
from threadwise.corpus.formats.source import MEGABYTE, Limits
from threadwise.corpus.formats.zstd import Zstd
from threadwise.errors import FormatError

BLOCK = 1 << 16
FREE = 10 * 2**20
"""Bytes that may come out before the ratio counts: small files of one repeated line are no bombs."""

DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError)
"""What the libraries raise when they meet damage."""


class DamageError(FormatError):
    """A packed file is damaged or cut short; what came out of it before is whole."""


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
                f"{name} unpacks to more than {self.limits.file_bytes / MEGABYTE:,.0f} MB. "
                "If you trust it, raise THREADWISE_IMPORT_MAX_FILE_MB."
            )
        if self.unpacked > self.limits.total_bytes:
            raise FormatError(
                f"{name}: more than {self.limits.total_bytes / MEGABYTE:,.0f} MB were unpacked in this import. "
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
        except DAMAGE as error:
            raise DamageError(f"{watch.name} is damaged or cut short after {self._size:,} bytes ({error}).") from error
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
