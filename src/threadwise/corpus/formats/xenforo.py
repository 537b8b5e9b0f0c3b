"""Thread pages of XenForo 1 and 2."""

from __future__ import annotations

import re

from lxml import etree

from threadwise.corpus.formats import forum_html as html
from threadwise.corpus.formats.source import Sample
from threadwise.corpus.formats.values import as_date, as_int, as_line
from threadwise.domain import Post

_TOPIC = re.compile(r"threads/(?:[^\"'<>/\s]*\.)?(\d+)(?:/|[\"'<>?#])", re.ASCII)


class XenForo(html.ForumHtml):
    """`threads/a-title.123/`, saved; both generations differ in names of classes only."""

    name = "xenforo"

    def detect(self, sample: Sample) -> float:
        """Sure of a page that calls itself XenForo (`<html id="XenForo">` or `id="XF"`) and has a thread's address."""
        start = sample.text[:4096]
        own = re.search(r"<html[^>]*\bid=[\"'](?:XenForo|XF)[\"']", start)
        return 0.95 if own and self.topic(sample.text) else 0.0

    def topic(self, head: str) -> str | None:
        """By the page's own key (2), or its canonical link."""
        key = re.search(r'data-content-key="thread-(\d+)"', head, re.ASCII)
        found = key or _TOPIC.search(f"{html.address(head)}/") or _TOPIC.search(head)
        return found[1] if found else None

    def page(self, root: etree._Element, base: str) -> html.Page:
        """Posts are `li.message` (1) or `article.message--post` (2)."""
        posts = [
            _post(node, base)
            for node in html.outermost(each for each in html.all_of(root, "message") if each.tag in ("li", "article"))
        ]
        title = html.first_of(root, "p-title-value")
        if title is None:
            bar = html.first_of(root, "titleBar")
            title = bar.find(".//h1") if bar is not None else root.find(".//h1")
        if title is not None:
            html.drop(title, "prefix", "label", "label-append", "labelLink")
        navigation = html.first_of(root, "PageNav")
        if navigation is not None:
            number, pages = navigation.get("data-page"), navigation.get("data-last")
        else:
            number = html.line_of(html.first_of(root, "pageNav-page--current"))
            shown = [as_int(html.line_of(each)) or 0 for each in html.all_of(root, "pageNav-page")]
            pages = str(max(shown, default=1))
        tags = [*html.all_of(root, "tag", "a"), *html.all_of(root, "tagItem", "a")]
        return html.Page(
            title=html.line_of(title) or "",
            posts=tuple(post for post in posts if post),
            number=as_int(number) or 1,
            pages=as_int(pages),
            url=html.link(re.sub(r"page-\d+.*$", "", base), base and re.sub(r"page-\d+.*$", "", base)),
            tags=tuple(dict.fromkeys(name for each in tags if (name := html.line_of(each)))),
        )


def _post(node: etree._Element, base: str) -> Post | None:
    number = html.number_in(node.get("data-content") or node.get("id"), r"post-(\d+)$")
    content = html.first_of(node, "messageText")
    if content is None:
        content = html.first_of(html.first_of(node, "message-body"), "bbWrapper")
    if number is None or content is None:
        return None
    reply_to = _quotes(content)
    user = html.first_of(node, "username", "a")
    return Post(
        id=number,
        text=html.text_of(content),
        author=as_line(node.get("data-author")) or html.line_of(html.first_of(node, "username")),
        created=_created(node),
        accepted="message--solution" in (node.get("class") or "").split(),
        reply_to=reply_to,
        url=html.link(_root_of(base), f"posts/{number}/") if base else None,
        author_url=html.link(_root_of(base), (user.get("href") or "").lstrip("/"))
        if user is not None and base
        else None,
        edited=_moment(html.first_of(node, "editDate")) or _moment(html.first_of(node, "message-lastEdit")),
    )


def _created(node: etree._Element) -> str | None:
    """The date in the post's own head or foot, not one in a quote or an edit mark."""
    places = ("datePermalink", "message-attribution-main", "message-attribution", "messageMeta")
    return next((date for css in places if (date := _moment(html.first_of(node, css)))), None)


def _moment(place: etree._Element | None) -> str | None:
    """The date of a `<time>` (2), an `<abbr data-time>` or a `<span class=DateTime title>` (1)."""
    if place is None:
        return None
    for each in [place, *place.iter("time", "abbr", "span")]:
        written = (each.get("datetime"), each.get("data-time"), each.get("title"))
        if date := next((date for value in written if (date := as_date(value))), None):
            return date
        if "DateTime" in (each.get("class") or "") and (date := as_date(html.line_of(each))):
            return date
    return None


def _quotes(content: etree._Element) -> str | None:
    """Make the quotes plain blockquotes with their author; gives the post that the first of them is from."""
    html.drop(content, "messageTextEndMarker", "quoteExpand", "bbCodeBlock-expandLink", "bbCodeBlock-shrinkLink")
    source: str | None = None
    for quote in [*html.all_of(content, "bbCodeQuote"), *html.all_of(content, "bbCodeBlock--quote")]:
        jump = next(iter([*html.all_of(quote, "AttributionLink"), *html.all_of(quote, "bbCodeBlock-sourceJump")]), None)
        link = jump.get("href") if jump is not None else None
        found = html.number_in(quote.get("data-source"), r"post: ?(\d+)") or html.number_in(link, r"post-(\d+)|id=\d+")
        source = source or found
        said = html.first_of(quote, "attribution")
        said = said if said is not None else html.first_of(quote, "bbCodeBlock-title")
        author = as_line(quote.get("data-author") or quote.get("data-quote"))
        if author is None and (words := html.line_of(said)):
            author = words.partition(" said:")[0]
        if said is not None:
            html.remove(said)
        for inner in [*html.all_of(quote, "quoteContainer", "blockquote"), *quote.iter("aside")]:
            inner.tag = "div"
        html.as_quote(quote, author)
    return source


def _root_of(base: str) -> str:
    """The board's own address: all before `threads/`."""
    return base.partition("threads/")[0]
