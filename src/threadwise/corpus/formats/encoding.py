"""Bytes to text: find the encoding, and say plainly when something is no text at all.

UTF-8 comes first, then byte order marks, then UTF-16 by the pattern of its zeros, then what charset-normalizer finds,
then Windows-1252, which most old forum pages really are.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from threadwise.errors import FormatError

# UTF-32 LE before UTF-16 LE, which begins the same.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_KINDS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, film or WebP image"),
    (b"%PDF", "a PDF, which can be read once its text is saved as a file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"Rar!", "a RAR archive; repack it as .zip or .7z"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as text first"),
    (b"OggS", "a sound"),
    (b"ID3", "a sound"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)=["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
_SAMPLE = 65_536
FEW = 8
"""With fewer letters beyond ASCII than this, the language that is found is a guess as well."""
_WESTERN = frozenset(
    (
        *("English", "French", "German", "Italian", "Portuguese", "Spanish", "Dutch"),
        *("Swedish", "Norwegian", "Danish", "Finnish", "Indonesian", "Unknown"),
    )
)


def decode(data: bytes, where: str, *, lenient: bool = False) -> str:
    """The text of these bytes, without byte order mark; line breaks stay as they are.

    Args:
        data: All of a file, or its beginning when `lenient`.
        where: Its name, for the message.
        lenient: Give what can be read of a beginning and never raise, for detection.

    Raises:
        FormatError: The bytes are no text, or in no encoding that is known.
    """
    try:
        name = encoding_of(data, where, cut=lenient)
        return data.decode(name, "replace" if lenient else "strict")
    except UnicodeDecodeError as error:
        raise FormatError(f"{where}: byte {error.start} is not valid {error.encoding}. Save it as UTF-8.") from error
    except FormatError:
        if lenient:
            return data.decode("latin-1")
        raise


def encoding_of(data: bytes, where: str, *, cut: bool = False) -> str:
    """The encoding that these bytes are in, as Python names it.

    Args:
        data: All of a file, or its beginning.
        where: Its name, for the message.
        cut: They are a beginning, so that the last character may be cut in two.

    Raises:
        FormatError: They are binary.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if b"\x00" in data:
        return _utf16(data, where)
    if reason := _binary(data):
        raise FormatError(f"{where} is {reason}, not text.")
    if any(_decodes(data[: len(data) - short], "utf-8") for short in range(4 if cut else 1)):
        return "utf-8"
    declared = _DECLARED.search(data[:4096])
    if declared and _decodes(data, name := declared[1].decode("ascii")):
        return name
    return _guess(data)


def _utf16(data: bytes, where: str) -> str:
    """UTF-16 without a mark has a zero in nearly every second byte of Latin text, and hardly any in the others."""
    head = data[: _SAMPLE // 2 * 2]
    for name, high, low in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        text_like = high.count(0) > 0.6 * len(high) and low.count(0) < 0.1 * len(low) + 1
        if text_like and _decodes(head[: len(head) // 2 * 2], name):
            return name
    raise FormatError(f"{where} is {_binary(data) or 'binary'}, not text.")


def _binary(data: bytes) -> str | None:
    head = data[:_SAMPLE]
    controls = len(_CONTROLS.findall(head))
    for magic, kind in _KINDS:
        if controls and data.startswith(magic):
            return kind
    return "binary" if controls > len(head) / 50 else None


def _guess(data: bytes) -> str:
    """What charset-normalizer says, if the bytes agree with it.

    With few letters beyond ASCII nearly every single-byte code page fits, and which one it names is a lottery; a text
    in a language that Windows-1252 can write is in Windows-1252 then.
    """
    head = data[:_SAMPLE]
    best = from_bytes(head).best()
    beyond = sum(byte > 0x7F for byte in head)
    elsewhere = best is not None and best.language not in _WESTERN and beyond >= FEW
    trusted = elsewhere or beyond > len(head) / 3
    for name in (best.encoding if best and trusted else "cp1252", "cp1252"):
        if _decodes(data, name):
            return name
    return "latin-1"


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
