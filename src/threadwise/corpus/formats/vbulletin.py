"""Thread pages of vBulletin 3, 4 and 5."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from threadwise.corpus.formats import forum_html as html
from threadwise.corpus.formats.source import Sample
from threadwise.corpus.formats.values import as_date, as_int
from threadwise.domain import Post

_TOPIC = re.compile(r"showthread\.php\?(?:[^\"'<>\s]*?\bt=)?(\d+)", re.ASCII)
_NODE = re.compile(r"""data-node-id=["'](\d+)["'][^>]*\bdata-node-type=["']starter|[?&]t=(\d+)""", re.ASCII)
_NUMERIC = re.compile(
    r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?:,? (?:at )?(\d{1,2}:\d\d(?: ?[AP]M)?))?", re.IGNORECASE | re.ASCII
)
_POSTED_BY = re.compile(r"Originally [Pp]osted by (.{1,80})$")
_BODY = re.compile(r"^post_message_|\bjs-post__content-text\b")
_EDITED = re.compile(r"Last edited by .{1,100}?[;,] *(.+?)\.?(?: Reason:.*)?$")


class VBulletin(html.ForumHtml):
    """`showthread.php`, saved; the three generations differ in all but the names around the text of a post."""

    name = "vbulletin"

    def detect(self, sample: Sample) -> float:
        """Sure of a page that names vBulletin and has posts as one of its generations writes them."""
        text = sample.text
        if "<" not in text[:200]:
            return 0.0
        own = (
            "post_message_",
            "js-post__content",
            'class="postcontainer',
            "postbitlegacy",
            'id="postcount',
            "td_post_",
        )
        named = "vBulletin" in text or "vbulletin" in text or "vbmenu" in text
        return 0.95 if named and (any(mark in text for mark in own) or _TOPIC.search(text)) else 0.0

    def topic(self, head: str) -> str | None:
        """By the canonical link, else the first link to a thread, else (5) the number in the page's address."""
        canonical = html.address(head)
        found = _TOPIC.search(canonical) or re.search(r"/(\d+)-[^/]*$", canonical, re.ASCII) or _TOPIC.search(head)
        if found:
            return found[1]
        node = _NODE.search(head)
        return (node[1] or node[2]) if node else None

    def page(self, root: etree._Element, base: str) -> html.Page:
        """Posts hold `div#post_message_12` (3, 4) or `.js-post__content-text` (5)."""
        bodies = html.outermost(
            each for each in root.iter("div") if _BODY.search(f"{each.get('id')} {each.get('class')}")
        )
        month_first = _month_first([words for body in bodies if (words := _written(_around(body)))])
        number, pages = _pages(root)
        tags = [
            *html.all_of(root, "tag", "a"),
            *(a for a in root.iter("a") if "tags.php?tag=" in (a.get("href") or "")),
        ]
        return html.Page(
            title=_title(root),
            posts=tuple(post for body in bodies if (post := _post(body, base, month_first))),
            number=number,
            pages=pages,
            url=re.sub(r"(?:[?&]page=\d+|/page\d+).*$", "", base) or None,
            tags=tuple(dict.fromkeys(name for each in tags if (name := html.line_of(each)))),
        )


def _title(root: etree._Element) -> str:
    for css in ("threadtitle", "js-main-title", "main-title"):
        if (words := html.line_of(html.first_of(root, css))) is not None:
            return words
    bar = [
        html.line_of(td.find(".//strong"))
        for td in html.all_of(root, "navbar", "td")
        if td.find(".//strong") is not None
    ]
    words = bar[-1] if bar else None
    # 3: `<title>Dry sourdough - Page 2 - Bread Forum</title>`
    whole = html.line_of(root.find(".//title")) or ""
    return words or re.sub(r"(?: - Page \d+)?(?: - [^-]*)?$", "", whole)


def _pages(root: etree._Element) -> tuple[int, int | None]:
    """Which page this is, and of how many."""
    for css in ("pagenav", "pagination", "pagination_top", "pagenav-controls", "js-pagenav"):
        for bar in html.all_of(root, css):
            if of := re.search(r"(?:Page|Seite) (\d+) (?:of|von) (\d+)", html.line_of(bar) or ""):
                return int(of[1]), int(of[2])
    shown, total = html.first_of(root, "js-pagenum", "input"), html.first_of(root, "pagetotal")
    if shown is not None and total is not None:
        return as_int(shown.get("value")) or 1, as_int(html.line_of(total))
    return 1, 1


def _post(body: etree._Element, base: str, month_first: bool) -> Post | None:
    node = _around(body)
    number = (
        html.number_in(body.get("id"), r"^post_message_(\d+)$")
        or node.get("data-node-id")
        or html.number_in(node.get("id"), r"(\d+)$")
    )
    if number is None or not number.isdecimal():
        return None
    name = _name(node)
    content = html.first_of(body, "postcontent", "blockquote")
    content = body if content is None else content
    edited = next(
        (found[1] for each in [*html.all_of(node, "lastedited"), *html.all_of(node, "b-post__edited"), *node.iter("em")]
         if (found := _EDITED.search(html.line_of(each) or ""))), None
    )  # fmt: skip
    created = _moment(_written(node) or "", month_first)
    reply_to = _quotes(content)
    root = base.partition("showthread.php")[0] if "showthread.php" in base else ""
    return Post(
        id=number,
        text=html.text_of(content),
        author=html.line_of(name),
        created=created,
        reply_to=reply_to,
        url=html.link(base, f"{root}showthread.php?p={number}#post{number}" if root else f"#post{number}")
        if base
        else None,
        author_url=html.link(base, name.get("href")) if name is not None and base else None,
        edited=_moment(edited, month_first) if edited else None,
    )


def _around(body: etree._Element) -> etree._Element:
    """The element that holds a whole post: its table (3) or list item (4, 5)."""
    for each in body.iterancestors():
        marks = f"{each.get('id') or ''} {each.get('class') or ''}"
        if re.match(r"post\d+ ", marks) or re.search(r"\b(?:postcontainer|postbit|postbitlegacy|js-post)\b", marks):
            return each
    return body


def _name(node: etree._Element) -> etree._Element | None:
    for css in ("bigusername", "username"):
        if (found := html.first_of(node, css, "a")) is not None:
            return found
    author = html.first_of(node, "author")
    if author is not None and (link := author.find(".//a")) is not None:
        return link
    return author if author is not None else html.first_of(node, "username")


def _written(node: etree._Element) -> str | None:
    """The date of a post as the page writes it."""
    moment = node.find(".//time[@datetime]")
    if moment is not None:
        return moment.get("datetime")
    places = (html.line_of(place) for css in ("postdate", "date", "thead") for place in html.all_of(node, css))
    return next((words for words in places if words and (_NUMERIC.search(words) or as_date(words))), None)


def _month_first(written: Sequence[str]) -> bool:
    """Whether 03-04-2011 is in March: vBulletin's default, unless the page only makes sense otherwise."""
    for month_first in (True, False):
        read = [_moment(words, month_first) for words in written]
        if None not in read and sorted(map(str, read)) == read:
            return month_first
    return True


def _moment(words: str, month_first: bool) -> str | None:
    found = _NUMERIC.search(words)
    if not found:
        return as_date(words)
    first, second, year, clock = found.groups()
    month, day = (first, second) if month_first else (second, first)
    clock = (clock or "").upper().replace(" ", "")
    form = "%m %d %Y " + ("%I:%M%p" if clock.endswith("M") else "%H:%M" if clock else "")
    try:
        moment = datetime.strptime(f"{month} {day} {year} {clock}".strip(), form.strip())
    except ValueError:
        return None
    return moment.isoformat() if clock else moment.date().isoformat()


def _quotes(content: etree._Element) -> str | None:
    """Make the quotes blockquotes with their author; gives the post that the first of them is from."""
    source: str | None = None
    for quote in [*html.all_of(content, "bbcode_quote"), *_tables(content)]:
        head = html.first_of(quote, "bbcode_postedby")
        if head is None:
            near = [*quote.iterfind("div"), *quote.iterfind("*/div")]
            head = next((each for each in near if _POSTED_BY.match(html.line_of(each) or "")), None)
        author: str | None = None
        if head is not None:
            links = [each.get("href") or "" for each in head.iter("a")]
            found = next((number for link in links if (number := html.number_in(link, r"(?:#post|[?&]p=)(\d+)"))), None)
            source = source or found
            named = head.find(".//strong")
            said = _POSTED_BY.match(html.line_of(head) or "")
            author = html.line_of(named) if named is not None else said[1] if said else None
            html.remove(head)
        message = html.first_of(quote, "message")
        for extra in [*quote] if message is not None else []:
            if message not in [extra, *extra.iter()]:
                html.remove(extra)
        html.as_quote(quote, author)
    return source


def _tables(content: etree._Element) -> list[etree._Element]:
    """Quotes of 3: a small "Quote:" and a table, in a box with a margin. The table's cell is the quote."""
    cells = []
    for label in [*content.iter("div")]:
        table = label.getnext()
        if html.line_of(label) in ("Quote:", "Zitat:") and table is not None and table.tag == "table":
            html.remove(label)
            for each in [table, *table.iter("tbody", "tr")]:
                each.tag = "div"
            cells += [*table.iter("td")][:1]
    return cells
