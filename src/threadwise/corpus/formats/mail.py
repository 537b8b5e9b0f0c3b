"""Mailing lists: mbox files, maildirs and single messages, joined to threads by References and In-Reply-To.

Bodies lose signatures, list footers and quoted mail; a message that is nothing but a quote keeps it. Messages are
spooled to a temporary file and only what joins them is kept in memory.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from typing import IO

from threadwise.corpus.formats.encoding import decode
from threadwise.corpus.formats.html_text import html_to_text
from threadwise.corpus.formats.source import MEGABYTE, File, Report, Sample, Source, folder_of
from threadwise.corpus.formats.values import as_date, as_id, as_line, as_text
from threadwise.domain import Post, Thread, with_roles
from threadwise.errors import FormatError

_FROM = re.compile(rb"From .*\b\d{1,2}:\d\d(?::\d\d)?\b.*")
_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_NEEDED = re.compile(rb"^from:", re.IGNORECASE | re.MULTILINE)
_TYPICAL = re.compile(rb"^(?:date|message-id|received|return-path|mime-version):", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"<([^<>\s]+)>")
_REPLY = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg|tr)(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_SAID = re.compile(
    r"(?:^|\n)(?:On|Am|Le|El|Il|At)\b[^\n]*(?:\n[^\n>]{0,100})?(?:wrote|schrieb|écrit|escribió)[^\n]*:\s*$"
)
_ENDS = re.compile(
    r"^(?:-- ?$|-{2,} ?(?:Original Message|Forwarded message)|_{20,}$|-{20,}$|Begin forwarded message:)", re.MULTILINE
)
_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class _Letter:
    """What joins a message to others, and where its bytes lie in the spool."""

    id: str
    answers: tuple[str, ...]
    created: str | None
    start: int
    size: int
    where: str


class Mail:
    """mbox, maildir and .eml."""

    name = "mail"

    def detect(self, sample: Sample) -> float:
        """Sure of a `From ` line with a time and headers below it, or of headers that only mail has."""
        head = sample.head.replace(b"\r\n", b"\n").lstrip(b"\n")
        first, _, rest = head.partition(b"\n")
        if first.startswith(b"From "):
            return 0.95 if _HEADERS.match(rest) and _FROM.match(first) else 0.0
        block = _HEADERS.match(head)
        return 0.9 if block and _NEEDED.search(block[0]) and _TYPICAL.search(block[0]) else 0.0

    def group(self, name: str) -> str:
        """The files of a folder; of a maildir, `cur` and `new` together."""
        folder = folder_of(name)
        parent, _, last = folder.rpartition("/")
        return parent if last in ("cur", "new") else folder

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The threads, in the order in which they begin."""
        with tempfile.TemporaryFile(prefix="threadwise-mail-") as spool:
            letters: dict[str, _Letter] = {}
            with source.gauges.sorting():
                for file in source.files:
                    with report.rejecting(file.name):
                        _spool(file, source.limits.whole_bytes, letters, spool, report)
            found = _threads(letters)
            for root, members in source.gauges.taking.each(found.items(), len(found)):
                with report.rejecting(members[0].where):
                    yield _thread(root, members, spool, report)


def _spool(file: File, limit: int, letters: dict[str, _Letter], spool: IO[bytes], report: Report) -> None:
    """Write the messages of a file to the spool, and note what joins them."""
    for number, data in enumerate(_messages(file, limit), start=1):
        where = f"{file.name}: message {number}"
        with report.rejecting(where):
            letter = _letter(data, spool.seek(0, 2), where)
            if letter.id in letters:
                report.warn(where, "A message with this id came before, so it was left out.")
                continue
            spool.write(data)
            letters[letter.id] = letter


def _messages(file: File, limit: int) -> Iterator[bytes]:
    """The messages of an mbox, without their `From ` lines; a file that has none is one message."""
    held: list[bytes] = []
    size, blank, box = 0, True, False
    for number, line in file.lines(limit):
        if blank and _FROM.match(line):
            if held and any(map(bytes.strip, held)):
                yield b"\n".join(held)
            held, size, box = [], 0, True
        else:
            held.append(line[1:] if box and re.match(rb">+From ", line) else line)
            size += len(line) + 1
            if size > limit:
                raise FormatError(f"{file.name}:{number}: a message is larger than {limit / MEGABYTE:.0f} MB.")
        blank = not line.strip()
    if held and any(map(bytes.strip, held)):
        yield b"\n".join(held)


def _letter(data: bytes, start: int, where: str) -> _Letter:
    mail = _parsed(data, headers_only=True)
    if not _header(mail, "from"):
        raise FormatError("It has no From: line, so it is no message.")
    own = _ids(mail, "message-id")
    made = "mail-" + hashlib.sha256(data.strip()).hexdigest()[:16]
    answers = (*_ids(mail, "references"), *_ids(mail, "in-reply-to")[:1])
    created = as_date(_header(mail, "date"))
    return _Letter(own[0] if own else made, answers, created, start, len(data), where)


def _ids(mail: Message, name: str) -> list[str]:
    return [own for found in _ID.findall(_header(mail, name)) if (own := as_id(found))]


def _threads(letters: dict[str, _Letter]) -> dict[str, list[_Letter]]:
    """Messages that name one another, by the id that the thread begins with, oldest first."""
    leads: dict[str, str] = {}

    def lead(own: str) -> str:
        while (above := leads.get(own, own)) != own:
            leads[own] = leads.get(above, above)
            own = above
        return own

    for letter in letters.values():
        first, *later = (*letter.answers, letter.id)
        for own in later:
            if lead(own) != lead(first):
                leads[lead(own)] = lead(first)
    groups: dict[str, list[_Letter]] = {}
    for letter in letters.values():
        groups.setdefault(lead(letter.id), []).append(letter)
    for members in groups.values():
        members.sort(key=lambda letter: (bool(letter.answers), letter.created or "9999"))
    return groups


def _thread(root: str, members: list[_Letter], spool: IO[bytes], report: Report) -> Thread:
    ids = {letter.id for letter in members}
    posts, title, source = [], "", None
    for letter in members:
        spool.seek(letter.start)
        with report.rejecting(letter.where):
            mail = _parsed(spool.read(letter.size))
            title = title or _REPLY.sub("", as_line(_header(mail, "subject")) or "")
            source = source or next(iter(re.findall(r"<([^<>\s]+)>", _header(mail, "list-id"))), None)
            post = Post(
                id=letter.id,
                text=_own_words(_body(mail)),
                author=_name(_header(mail, "from")),
                created=letter.created,
                reply_to=next((each for each in reversed(letter.answers) if each in ids - {letter.id}), None),
            )
            posts.append(post)
    if not posts:
        raise FormatError("None of its messages can be read.")
    if root not in ids:
        report.warn(members[0].where, "The message that this thread began with is not here.")
    return Thread(
        id=root, title=title, posts=with_roles(tuple(posts)), source=as_text(source), created=posts[0].created
    )


def _parsed(data: bytes, *, headers_only: bool = False) -> Message:
    try:
        return BytesParser().parsebytes(data, headersonly=headers_only)
    except (RecursionError, MessageError, ValueError, LookupError, AssertionError) as error:
        raise FormatError("The message is nested too deep or broken, so it cannot be read.") from error


def _header(mail: Message, name: str) -> str:
    """A header as people read it; what is in a wrong encoding is read as far as it can be."""
    raw = next((str(value) for key, value in mail.raw_items() if key.lower() == name), "")
    text = decode(raw.encode("utf-8", "surrogateescape"), name, lenient=True)
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return " ".join(text.split())
    return " ".join("".join(_decoded(part, charset) for part, charset in parts).split())


def _decoded(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    if charset is None:  # `decode_header` writes what stands between encoded words like this
        return part.decode("raw-unicode-escape", "replace")
    for name in (charset, "utf-8", "cp1252"):
        try:
            return part.decode(name)
        except (LookupError, ValueError):
            continue
    return part.decode("utf-8", "replace")


def _name(sender: str) -> str | None:
    """The name of `Ann <a@x>` or `a at x (Ann)`; else what stands before the @."""
    for pattern in (r'"?([^"<]*?)"?\s*<[^>]*>', r"[^(]*\(([^()]+)\)"):
        matched = re.fullmatch(pattern, sender.strip())
        if matched and (name := as_line(matched[1])):
            return name
    return as_line(re.split(r"@| at ", sender.strip(" <>"))[0])


def _body(mail: Message) -> str:
    """The plain text of a message, or its HTML as text; attachments are left out."""
    try:
        parts = [part for _, part in zip(range(_MOST_PARTS), mail.walk(), strict=False) if not part.is_multipart()]
        shown = [part for part in parts if part.get_content_disposition() != "attachment"]
        plain = [_text(part) for part in shown if part.get_content_type() == "text/plain"]
        if any(text.strip() for text in plain):
            return "\n\n".join(plain)
        return "\n\n".join(html_to_text(_text(part)) for part in shown if part.get_content_type() == "text/html")
    except (RecursionError, MessageError, AssertionError) as error:
        raise FormatError("The message is nested too deep or broken, so it cannot be read.") from error


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_param("charset")
    name = charset if isinstance(charset, str) else "utf-8"
    try:
        text = data.decode(name)
    except (LookupError, ValueError):
        text = decode(data, "the body", lenient=True) if data else ""
    return (as_text(text) or "").replace("\r\n", "\n").replace("\r", "\n")


def _own_words(body: str) -> str:
    """A body without signature, list footer, quoted lines and the line that introduces them."""
    ended = _ENDS.split(body, maxsplit=1)[0]
    kept: list[str] = []
    quoting = False
    for line in ended.split("\n"):
        if line.startswith(">"):
            if not quoting:
                tail = "\n".join(kept[-3:]).rstrip()
                kept[-3:] = _SAID.sub("", tail).split("\n")
            quoting = True
        else:
            kept.append(line.rstrip())
            quoting = False
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return own or body.strip()
