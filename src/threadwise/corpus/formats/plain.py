"""Threads as people paste them: a title, a question, and replies set apart in one of the ways that people use.

The way is found in the text itself, the most explicit first: headings ("mara wrote:", "Reply 2:"), rules ("---"),
bullets, quotes ("> …"), gaps. Texts stay as they were written, without the bullets and the indentation around them.
Where names do not tell who asked, `plain_roles` infers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from threadwise.corpus.formats.encoding import encoding_of
from threadwise.corpus.formats.plain_bullets import is_bullet, split_by_bullets
from threadwise.corpus.formats.plain_gaps import quoted_post, split_by_gaps, split_by_quotes, split_by_rules
from threadwise.corpus.formats.plain_headings import heading, split_by_headings
from threadwise.corpus.formats.plain_layout import (
    Draft,
    block,
    is_blank,
    is_greeting,
    is_rule,
    paragraphs,
    without_blank_ends,
)
from threadwise.corpus.formats.plain_roles import with_inferred_roles
from threadwise.corpus.formats.source import Report, Sample, Source, by_file
from threadwise.corpus.formats.values import as_line, slug
from threadwise.domain import Post, Thread
from threadwise.errors import FormatError

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_TITLE = re.compile(r"\s*(?:(?:title|subject|topic|thread)\s*:\s*|#{1,3}\s+)(?P<title>\S.*)", re.IGNORECASE)
_SECTION = re.compile(
    r"\s*(?:all\s+)?(?:\d+\s+)?(?:replies|answers|comments|responses)\s*(?:\(?\d+\)?)?\s*:?\s*", re.IGNORECASE
)
_HELLO = re.compile(
    r"\s*(?:hi|hello|hey)(?: (?:all|everyone|everybody|there|guys|folks))?\s*[,!.:]\s+(?=\S)", re.IGNORECASE
)
TITLE_CHARS, TITLE_WORDS = 120, 20
"""Longest first line that is taken for a title."""


class Plain:
    """Text as people paste it."""

    name = "plain"

    def detect(self, sample: Sample) -> float:
        """Any text will do, but no page or XML: their words are not yet text."""
        try:
            encoding_of(sample.head, sample.name, cut=True)
        except FormatError:
            return 0.0
        return 0.0 if _MARKUP.match(sample.text) else 0.25

    def group(self, name: str) -> str:
        """One file, one thread."""
        return by_file(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """The thread in the file; it is called after the file, so that reading it again finds it again."""
        name = source.file.name
        with report.rejecting(name):
            text = source.file.text(source.limits.whole_bytes)
            if not any(map(str.isalnum, text)):
                raise FormatError("There are no words in it.")
            yield parse(text, id_=slug(PurePath(name).stem), source="/".join(PurePath(name).parts[-2:]))


def parse(text: str, *, id_: str | None = None, source: str | None = None) -> Thread:
    """The thread that a pasted text is.

    Args:
        text: As it was pasted; any line breaks.
        id_: The thread's id; left out: made from its title.
        source: Where it comes from, if anybody will ask.

    Returns:
        A thread whose posts are called 1, 2, 3 in order; the first is the asker's question.

    Raises:
        FormatError: There is nothing in the text.
    """
    lines = without_blank_ends(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if not lines:
        raise FormatError("The text is empty. Paste a thread: its title, the question, then the replies.")
    title, rest = _take_title(lines)
    drafts = _split(rest, title) if rest else [Draft(block(lines))]
    if len(drafts) > 1 and not drafts[0].text and not drafts[0].author:
        # A title right above the replies is the whole question; without one, the first post is.
        drafts = [replace(drafts[0], text=title), *drafts[1:]] if title else drafts[1:]
    title = title or _first_words(drafts[0].text)
    posts = with_inferred_roles(_posts(drafts), drafts)
    return Thread(id=id_ or slug(title), title=title, posts=posts, source=source, created=posts[0].created)


def _take_title(lines: Sequence[str]) -> tuple[str, list[str]]:
    """The title and the lines below it; no title, and all lines, where the text begins with something else."""
    first, second = lines[0], lines[1] if len(lines) > 1 else ""
    if matched := _TITLE.fullmatch(first):
        return as_line(matched["title"]) or "", without_blank_ends(lines[1:])
    if len(lines) == 1 or not _may_be_title(first):
        return "", list(lines)
    if is_rule(second) and not is_blank(second):
        return as_line(first) or "", without_blank_ends(lines[2:])
    if not is_blank(second) and not starts_post(second) and not _stands_out(first, second):
        return "", list(lines)
    return as_line(first) or "", without_blank_ends(lines[1:])


def _may_be_title(line: str) -> bool:
    bare = line.strip()
    ends_badly = bare.endswith((",", ":", ";")) or (bare.endswith(".") and not bare.endswith("..."))
    long = len(bare) > TITLE_CHARS or len(bare.split()) > TITLE_WORDS
    return not (ends_badly or long or is_greeting(line) or starts_post(line))


def starts_post(line: str) -> bool:
    """Whether a line announces a post or begins with a bullet or a quotation mark."""
    return is_bullet(line) or line.lstrip().startswith(">") or heading(line) is not None


def _stands_out(first: str, second: str) -> bool:
    """Whether a line is short for the text right below it, as titles are and the lines of a paragraph are not."""
    begins_anew = not second.lstrip()[:1].islower()
    return len(first.strip()) <= (0.7 if begins_anew else 0.5) * len(second.strip())


def _split(lines: list[str], title: str) -> list[Draft]:
    """The posts, set apart in the most explicit way that the text uses."""
    section = next((number for number, line in enumerate(lines) if number and _is_section(line)), None)
    if section is not None:
        replies = _split_replies(without_blank_ends(lines[section + 1 :]), title)
        return [Draft(block(lines[:section])), *replies]
    explicit = split_by_rules(lines) or split_by_headings(lines, title) or split_by_bullets(lines)
    return explicit or split_by_quotes(lines) or split_by_gaps(lines)


def _split_replies(lines: list[str], title: str) -> list[Draft]:
    """The posts below a line such as "Replies:"; where nothing else sets them apart, each paragraph is one."""
    if not lines:
        return []
    for drafts in (split_by_rules(lines), split_by_headings(lines, title), split_by_bullets(lines)):
        if drafts:
            return drafts if drafts[0].text else drafts[1:]
    return [Draft(block(lines[start:end])) for start, end in paragraphs(lines)]


def _is_section(line: str) -> bool:
    return bool(line.strip()) and _SECTION.fullmatch(line) is not None


def _posts(drafts: Sequence[Draft]) -> list[Post]:
    """The posts, numbered from 1, each as a reply to the one that it quotes or whose author it calls by "@name"."""
    posts: list[Post] = []
    latest: dict[str, str] = {}
    for number, draft in enumerate(drafts, start=1):
        quoted = quoted_post(draft.text, drafts[: number - 1]) if ">" in draft.text else None
        called = re.match(r"@([\w.-]*\w)", draft.text)
        answered = latest.get(called[1].lower()) if called and quoted is None else None
        reply_to = answered if quoted is None else str(quoted + 1)
        posts.append(Post(str(number), draft.text, draft.author, draft.created, reply_to=reply_to))
        if draft.author:
            latest[draft.author.lower()] = str(number)
    return posts


def _first_words(text: str) -> str:
    """The beginning of a text up to the end of its first sentence, or as many words as a title may have."""
    shown = [line for line in text.split("\n") if not is_blank(line) and not is_greeting(line)]
    text = _HELLO.sub("", "\n".join(shown)) or text
    line = as_line(re.split(r"(?<=[.?!])\s", text.strip(), maxsplit=1)[0]) or ""
    words = line.split()
    kept: list[str] = []
    for word in words[:12]:
        if sum(map(len, kept)) + len(kept) + len(word) > 80 and kept:
            break
        kept.append(word)
    title = " ".join(kept)[:TITLE_CHARS]
    return title if len(kept) == len(words) else f"{title} …"
