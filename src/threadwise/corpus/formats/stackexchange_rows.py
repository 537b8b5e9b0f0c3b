"""The rows of a Stack Exchange data dump's XML tables, one at a time.

Each row stands on a line of its own, so a damaged one is reported with its number and the rest goes on. expat reads
them: it makes no tree, and a document type, which entities would need, is refused at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from threadwise.corpus.formats.source import File, Report
from threadwise.errors import FormatError

Row = dict[str, str]
LONGEST_ROW = 32 * 2**20
"""Bytes of the longest line; the largest post that Stack Exchange takes has 30,000 characters."""


def rows(file: File, report: Report) -> Iterator[Row]:
    """The attributes of each `<row …/>`, streaming; a row that is no XML is rejected with its line.

    Raises:
        FormatError: The file has a document type, or a line of more than `LONGEST_ROW` bytes.
    """
    found: list[Row] = []
    parser, closed, number = _parser(found), False, 0
    for number, line in file.lines(LONGEST_ROW):
        closed = line.lstrip().startswith(b"</") or (closed and not line.strip())
        if closed:
            continue
        try:
            parser.Parse(line + b"\n")
        except expat.ExpatError as error:
            report.reject(f"{file.name}:{number}", f"The row is not XML: {expat.errors.messages[error.code]}.")
            parser = _parser(found)
            parser.Parse(b"<rows>\n")
        yield from found
        found.clear()
    if not closed:
        report.reject(f"{file.name}:{number}", "The file breaks off here, before its end; was it copied completely?")


def _parser(found: list[Row]) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(name: str, attributes: Row) -> None:
        if name == "row":
            found.append(attributes)

    def refuse(*_: object) -> None:
        raise FormatError("The file declares a document type, as dumps never do; it was not read.")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser
