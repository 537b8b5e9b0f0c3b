"""Pasted plain text."""

from __future__ import annotations

from collections.abc import Iterator

from threadwise.corpus.formats.source import Report, Sample, Source, by_file
from threadwise.corpus.formats.values import slug
from threadwise.domain import Post, Thread, with_roles


class Plain:
    """Text as people paste it."""

    name = "plain"

    def detect(self, sample: Sample) -> float:
        """Text is text."""
        return 0.25

    def group(self, name: str) -> str:
        """One file, one thread."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The thread."""
        text = source.file.text(source.limits.whole_bytes)
        yield Thread(id=slug(text[:60]), title="", posts=with_roles((Post("1", text),)))
