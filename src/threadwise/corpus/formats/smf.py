"""Topic pages of Simple Machines Forum 2.0 and 2.1."""

from __future__ import annotations

import re

from lxml import etree

from threadwise.corpus.formats import forum_html as html
from threadwise.corpus.formats.source import Sample
from threadwise.corpus.formats.values import as_date, as_int
from threadwise.domain import Post

_TOPIC = re.compile(r"[?/;&]topic[=,](\d+)\.", re.ASCII)
_HEADING = re.compile(r"(?:Topic|Thema|Tema|Sujet)\s*:\s*(.+?)\s*\((?:Read|Gelesen|Le[íi]do|Lu)\b[^()]*\)$")


class Smf(html.ForumHtml):
    """`index.php?topic=5.0`, saved; the two generations differ in where a post's head stands."""

    name = "smf"

    def detect(self, sample: Sample) -> float:
        """Sure of a page with topic links of SMF and two of its own names for things."""
        text = sample.text
        if "<" not in text[:200] or not _TOPIC.search(text):
            return 0.0
        marks = ("smf_scripturl", "smf_theme_url", 'id="forumposts"', "Simple Machines", 'class="keyinfo"', "SMF 2")
        return 0.95 if sum(mark in text for mark in marks) >= 2 else 0.0

    def topic(self, head: str) -> str | None:
        """By the canonical link, else the first link to a topic."""
        found = _TOPIC.search(html.address(head)) or _TOPIC.search(head)
        return found[1] if found else None

    def page(self, root: etree._Element, base: str) -> html.Page:
        """Posts are the wrappers around `div.inner` with the id `msg_12`."""
        wrappers = html.outermost(html.all_of(root, "post_wrapper", "div"))
        bar = html.first_of(root, "pagelinks")
        current = html.first_of(bar, "current_page")
        if current is None and bar is not None:
            current = bar.find(".//strong")
        numbers = [as_int(html.line_of(link)) or 0 for link in bar.iter("a")] if bar is not None else []
        number = as_int(html.line_of(current)) or 1
        topic = _TOPIC.search(base)
        return html.Page(
            title=_title(root),
            posts=tuple(post for node in wrappers if (post := _post(node, base))),
            number=number,
            pages=max([number, *numbers]),
            url=html.link(base, f"{base.partition('?')[0]}?topic={topic[1]}.0")
            if topic and "?" in base
            else base or None,
            tags=tuple(dict.fromkeys(name for tag in html.all_of(root, "tag_item") if (name := html.line_of(tag)))),
        )


def _title(root: etree._Element) -> str:
    """2.1 has an element of its own; 2.0 a bar "Author  Topic: Dry sourdough  (Read 12 times)"."""
    own = root.xpath(".//*[@id='top_subject']")
    if isinstance(own, list) and own and isinstance(own[0], etree._Element):
        bar = html.line_of(own[0]) or ""
    else:
        heads = (html.line_of(head) or "" for head in html.all_of(root, "catbg"))
        bar = next((head for head in heads if _HEADING.search(head)), "")
    found = _HEADING.search(bar)
    return (found[1] if found else bar) or html.line_of(root.find(".//title")) or ""


def _post(node: etree._Element, base: str) -> Post | None:
    content = html.first_of(node, "inner", "div")
    number = html.number_in(content.get("id"), r"^msg_(\d+)$") if content is not None else None
    if content is None or number is None:
        return None
    poster = html.first_of(node, "poster")
    heading = poster.find(".//h4") if poster is not None else None
    links = (
        [each for each in heading.iter("a") if "action=profile" in (each.get("href") or "")]
        if heading is not None
        else []
    )
    edited = html.line_of(html.first_of(node, "modified")) or ""
    root = base.partition("?")[0]
    reply_to = _quotes(content)
    return Post(
        id=number,
        text=html.text_of(content),
        author=html.line_of(links[0] if links else heading),
        created=_created(node),
        reply_to=reply_to,
        url=html.link(base, f"{root}?msg={number}") if base else None,
        author_url=html.link(base, links[0].get("href")) if links and base else None,
        edited=_date(re.sub(r"^\W*Last Edit:?\s*", "", edited).partition(" by ")[0]),
    )


def _created(node: etree._Element) -> str | None:
    """2.0: "« Reply #1 on: March 04, 2011, 06:22:00 pm »"; 2.1: the words of the link to the post."""
    key = html.first_of(node, "keyinfo")
    if key is None:
        return None
    for line in html.all_of(key, "smalltext"):
        words = (html.line_of(line) or "").strip("«» ")
        if date := _date(words.rpartition(" on: ")[2].removeprefix("on: ")):
            return date
    return None


def _date(words: str) -> str | None:
    return as_date(words.strip("«»,. "))


def _quotes(content: etree._Element) -> str | None:
    """Give each quote its author; gives the post that the first of them is from."""
    source: str | None = None
    for quote in [*content.iter("blockquote")]:
        head = quote.find("./cite")
        if head is None:
            before = quote.getprevious()
            head = before if before is not None and "quoteheader" in (before.get("class") or "") else None
        if head is None:
            continue
        links = [each.get("href") or "" for each in head.iter("a")]
        found = next((number for link in links if (number := html.number_in(link, r"msg[=]?(\d+)"))), None)
        source = source or found
        said = re.match(r"Quote from:? (.+?)(?: on .*)?$", html.line_of(head) or "")
        html.remove(head)
        html.as_quote(quote, said[1] if said else None)
    html.drop(content, "quotefooter", "codeheader", "codeoperation")
    return source
