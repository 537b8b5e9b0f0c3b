"""Read .zst files, and notice where one breaks off.

The reader of the zstandard library ends quietly at the end of its input, whole or not, so that half a dump would pass
for all of it.
"""

from __future__ import annotations

from typing import BinaryIO

import zstandard

WINDOW = 2**31
"""Reddit's monthly dumps are packed with `zstd --long=31`; memory is used only as far as the file fills it."""

PIECE = 1024
"""Packed bytes taken at once: the smallest block has 4 and unpacks to 128 kB, so that at most 32 MB come out of them.

Source: RFC 8878, section 3.1.1.2.
"""


class Zstd:
    """The unpacked bytes of one or more frames."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW)
        self._frame = self._unpacker.decompressobj()
        self._begun = False
        self._out = memoryview(b"")

    def read1(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, as many as are ready; none at the end.

        Raises:
            EOFError: The input ends within a frame; all that came before it was given out.
        """
        while not self._out:
            packed = (self._frame.unused_data if self._frame.eof else b"") or self._raw.read(PIECE)
            if not packed:
                if self._begun and not self._frame.eof:
                    raise EOFError("the compressed data breaks off")
                return b""
            if self._frame.eof:
                self._frame = self._unpacker.decompressobj()
            self._begun = True
            self._out = memoryview(self._frame.decompress(packed))
        size = len(self._out) if size < 0 else size
        given, self._out = self._out[:size], self._out[size:]
        return bytes(given)
