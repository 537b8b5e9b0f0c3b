"""Which formats there are, and which of them a file is in. Told by content; the name only breaks ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from threadwise.corpus.formats.csv_table import CsvTable
from threadwise.corpus.formats.discord import Discord
from threadwise.corpus.formats.discourse import Discourse
from threadwise.corpus.formats.jsonl import Jsonl
from threadwise.corpus.formats.mail import Mail
from threadwise.corpus.formats.markdown import Markdown
from threadwise.corpus.formats.phpbb import PhpBB
from threadwise.corpus.formats.plain import Plain
from threadwise.corpus.formats.reddit import Reddit
from threadwise.corpus.formats.slack import Slack
from threadwise.corpus.formats.smf import Smf
from threadwise.corpus.formats.source import MEGABYTE, Format, Limits, Report, Sample, Source, memory_file
from threadwise.corpus.formats.stackexchange import StackExchangeApi
from threadwise.corpus.formats.stackexchange_dump import StackExchangeDump
from threadwise.corpus.formats.values import slug
from threadwise.corpus.formats.vbulletin import VBulletin
from threadwise.corpus.formats.xenforo import XenForo
from threadwise.domain import Thread
from threadwise.errors import FormatError

FORMATS: tuple[Format, ...] = (
    Markdown(),
    Jsonl(),
    StackExchangeDump(),
    StackExchangeApi(),
    PhpBB(),
    XenForo(),
    VBulletin(),
    Smf(),
    Mail(),
    CsvTable(),
    Discourse(),
    Reddit(),
    Slack(),
    Discord(),
    Plain(),
)
"""In the order that settles a tie."""

SURE = 0.5
"""From here on a format says that a file is its own; below, that it could make do with it."""


def detect(sample: Sample, formats: Iterable[Format] = FORMATS) -> tuple[Format, float] | None:
    """The format that is surest of this file, and how sure; None if none can do anything with it."""
    best = max(((each.detect(sample), each) for each in formats), key=lambda pair: pair[0])
    return (best[1], best[0]) if best[0] > 0 else None


def read_text(text: str, limits: Limits = Limits()) -> Thread:  # noqa: B008 - frozen
    """One thread that somebody pasted: plain text, Markdown, JSON, or anything else that is known.

    Args:
        text: As it was pasted.
        limits: What one thread may take; the text may have `whole_bytes`.

    Returns:
        The thread; if it came without an id, its id is made from its title and may be taken already.

    Raises:
        FormatError: There is nothing in it, it breaks off, it is no text, or holds more than one thread.
    """
    if "\x00" in text:
        raise FormatError("The text has NUL characters in it; is it binary?")
    data = text.encode("utf-8", "replace")
    if len(data) > limits.whole_bytes:
        raise FormatError(
            f"The text is longer than {limits.whole_bytes / MEGABYTE:.0f} MB. "
            "Paste one thread, or use `threadwise import` for many."
        )
    if not any(char.isalnum() for char in text):
        raise FormatError("There are no words in the text. Paste a thread: its title, the question, then the replies.")
    file = memory_file("the text", data)
    chosen = detect(file.sample())
    reader: Format = chosen[0] if chosen and chosen[1] >= SURE else Plain()
    report = Report()
    threads = []
    for thread in reader.read(Source((file,), limits), report):
        threads.append(thread)
        if len(threads) > 1:
            raise FormatError("The text holds more than one thread. Use `threadwise import` for many at once.")
    if not threads:
        why = report.rejected[0].why if report.rejected else "no thread was found in it."
        raise FormatError(f"The text looks like {reader.name}, but: {why}")
    [thread] = threads
    # A file keeps its name as id, so that importing it again finds it; a paste has nothing but its title.
    return replace(thread, id=slug(thread.heading), source=None) if reader.name == Plain.name else thread
