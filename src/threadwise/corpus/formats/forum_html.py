"""Saved pages of forums, whatever the software: pages of one topic joined, posts in order, quotes attributed.

What is a post and where its parts stand is each software's own module (`phpbb`, `xenforo`, …); they give a `Page`.
Quotes stay in the text as lines that begin with "> ", the first of them "> Ann wrote:".
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from lxml import etree

from threadwise.corpus.formats.html_text import element_to_text, parse_html
from threadwise.corpus.formats.source import File, Report, Sample, Source, by_folder
from threadwise.corpus.formats.values import as_line, slug
from threadwise.domain import Post, Thread, with_roles

_ADDRESSES = (
    re.compile(r"""<link[^>]*\bhref=["'](https?://[^"']+)["'][^>]*\brel=["']canonical"""),
    re.compile(r"""<link[^>]*\brel=["']canonical["'][^>]*\bhref=["'](https?://[^"']+)"""),
    re.compile(r"""<meta[^>]*\bcontent=["'](https?://[^"']+)["'][^>]*\bproperty=["']og:url"""),
    re.compile(r"""<meta[^>]*\bproperty=["']og:url["'][^>]*\bcontent=["'](https?://[^"']+)"""),
    re.compile(r"""<base[^>]*\bhref=["'](https?://[^"']+)"""),
    re.compile(r"<!-- saved from url=\(\d+\)(https?://\S+)"),
)
_MIRRORED = re.compile(r"<!-- Mirrored from (\S+) by HTTrack")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a topic: its place among `pages`, and how many posts the topic says it has (None if it doesn't)."""

    title: str
    posts: tuple[Post, ...]
    number: int = 1
    pages: int | None = None
    total: int | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()


class ForumHtml(ABC):
    """The reading that all forum softwares share."""

    name: str

    @abstractmethod
    def detect(self, sample: Sample) -> float:
        """How sure it is, from 0 to 1, that this page is of its software."""

    @abstractmethod
    def topic(self, head: str) -> str | None:
        """The number of the topic, as the beginning of a page has it."""

    @abstractmethod
    def page(self, root: etree._Element, base: str) -> Page:
        """The posts of a page; `base` is its address as far as it is known, else empty."""

    def group(self, name: str) -> str:
        """The pages of a folder are sorted by topic while they are read."""
        return by_folder(name)

    def read(self, source: Source, report: Report) -> Iterator[Thread]:
        """A thread for each topic; only the pages of one are in memory at a time."""
        topics: dict[tuple[str, str], list[File]] = {}
        for file in source.gauges.looking.each(source.files, len(source.files)):
            with report.rejecting(file.name):
                head = file.sample().text
                number = self.topic(head) or slug(file.name.rpartition("/")[2].partition(".")[0])
                topics.setdefault((_site(head), number), []).append(file)
        for (site, number), files in topics.items():
            where = files[0].name
            pages = []
            for file in files:
                with report.rejecting(file.name):
                    markup = file.text(source.limits.whole_bytes)
                    page = self.page(parse_html(markup), address(markup))
                    if page.posts:
                        pages.append(page)
                    else:
                        report.reject(file.name, "No posts were found on the page.")
            if pages:
                with report.rejecting(where):
                    yield _thread(site, number, pages, report, where)


def _thread(site: str, number: str, pages: list[Page], report: Report, where: str) -> Thread:
    pages = sorted(pages, key=lambda page: page.number)
    posts: dict[str, Post] = {}
    for page in pages:
        for post in page.posts:
            posts.setdefault(post.id, post)
    first = pages[0]
    total = max((page.total or 0 for page in pages), default=0)
    last = max((page.pages or 0 for page in pages), default=0)
    missing = sorted(set(range(1, last + 1)) - {page.number for page in pages})
    if total > len(posts) or missing:
        of = f"{len(posts)} of {total} posts" if total else f"{len({page.number for page in pages})} of {last} pages"
        report.warn(where, f"Only {of} of topic {number} are here; save the other pages too.")
    return Thread(
        id=f"{site}-{number}" if site else number,
        title=first.title,
        posts=with_roles(_linked(tuple(posts.values()))),
        url=first.url,
        source=site or None,
        created=first.posts[0].created if 1 in {page.number for page in pages} else None,
        tags=first.tags,
    )


def _linked(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Replies whose quote names no post of the topic answer the last post of the author they quote."""
    ids = {post.id for post in posts}
    last: dict[str, str] = {}
    done = []
    for post in posts:
        target = post.reply_to
        if target not in ids:
            quoted = re.match(r"> (.{1,80}) wrote:$", post.text, re.MULTILINE)
            target = last.get(quoted[1]) if quoted else None
        done.append(replace(post, reply_to=target if target != post.id else None))
        if post.author:
            last[post.author] = post.id
    return tuple(done)


def address(markup: str) -> str:
    """Where a saved page came from, by what it says of itself; empty if it does not say."""
    if mirrored := _MIRRORED.search(markup):
        return f"http://{mirrored[1]}"
    found = (pattern.search(markup) for pattern in _ADDRESSES)
    return next((match[1].replace("&amp;", "&") for match in found if match), "")


def link(base: str, href: str | None) -> str | None:
    """A whole address, or None where it cannot be told."""
    try:
        whole = urljoin(base, href or "")
    except ValueError:
        return None
    return whole if href and whole.startswith(("http://", "https://")) else None


def all_of(node: etree._Element, css: str, tag: str = "*") -> list[etree._Element]:
    """Elements below a node that carry a class."""
    found = node.xpath(f".//{tag}[contains(concat(' ', normalize-space(@class), ' '), ' {css} ')]")
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []


def first_of(node: etree._Element | None, css: str, tag: str = "*") -> etree._Element | None:
    """The first element below a node that carries a class."""
    return next(iter(all_of(node, css, tag)), None) if node is not None else None


def outermost(nodes: Iterable[etree._Element]) -> list[etree._Element]:
    """Those that are in none of the others: a page in which posts are nested would be read once for each level."""
    found = list(nodes)
    known = set(found)
    return [node for node in found if known.isdisjoint(node.iterancestors())]


def line_of(node: etree._Element | None) -> str | None:
    """The words of an element on one line; None if there are none."""
    return as_line("".join(str(text) for text in node.itertext())) if node is not None else None


def number_in(text: str | None, pattern: str = r"(\d+)") -> str | None:
    """The first group of a pattern in a text."""
    found = re.search(pattern, text or "", re.ASCII)
    return found[1] if found else None


def drop(node: etree._Element, *classes: str) -> None:
    """Take elements out, and leave what stands after them."""
    for css in classes:
        for each in all_of(node, css):
            remove(each)


def remove(node: etree._Element) -> None:
    """Take an element out, and leave what stands after it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (node.tail or "")
    else:
        parent.text = (parent.text or "") + (node.tail or "")
    parent.remove(node)


def as_quote(quote: etree._Element, author: str | None) -> None:
    """Make an element a quote whose first line says who is quoted."""
    quote.tag = "blockquote"
    if author:
        said = etree.Element("cite")
        said.text = f"{author} wrote:"
        said.tail, quote.text = quote.text, None
        quote.insert(0, said)


def text_of(content: etree._Element) -> str:
    """The text of a post's own element, whatever its tag."""
    content.tag = "div"
    return element_to_text(content).strip()


def _site(head: str) -> str:
    try:
        host = urlsplit(address(head)).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if re.fullmatch(r"[\w.-]{1,253}", host) else ""
