"""Pages of forums as a reader gets them: files of one folder."""

from threadwise.corpus.formats.forum_html import ForumHtml
from threadwise.corpus.formats.source import Report, Source, memory_file
from threadwise.domain import Thread


def read(reader: ForumHtml, *pages: str) -> tuple[list[Thread], Report]:
    report = Report()
    files = tuple(memory_file(f"pages/{n}.html", page.encode()) for n, page in enumerate(pages))
    return list(reader.read(Source(files), report)), report
