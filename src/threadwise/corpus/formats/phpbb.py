"""Pages of phpBB 3: prosilver and the styles made from it."""

from __future__ import annotations

import re

from lxml import etree

from threadwise.corpus.formats import forum_html as html
from threadwise.corpus.formats.source import Sample
from threadwise.corpus.formats.values import as_date, as_int
from threadwise.domain import Post

_TOPIC = re.compile(r"viewtopic[^\"'<>\s]*?[?&;]t=(\d+)", re.ASCII)


class PhpBB(html.ForumHtml):
    """`viewtopic.php`, saved."""

    name = "phpbb"

    def detect(self, sample: Sample) -> float:
        """Sure of a page with topic links of phpBB and its name, or its numbered posts."""
        text = sample.text
        if "<" not in text[:200] or not _TOPIC.search(text):
            return 0.0
        marks = ("phpBB", 'class="postbody"', 'class="postprofile"', "topic-title", 'id="phpbb"')
        return 0.95 if sum(mark in text for mark in marks) >= 2 else 0.0

    def topic(self, head: str) -> str | None:
        """By the canonical link, or the first link to a topic (its own heading)."""
        canonical = re.search(r'rel="canonical"[^>]*?[?&;]t=(\d+)', head, re.ASCII)
        found = canonical or re.search(r"topic-title.{0,300}?[?&;]t=(\d+)", head, re.ASCII | re.DOTALL)
        found = found or _TOPIC.search(head)
        return found[1] if found else None

    def page(self, root: etree._Element, base: str) -> html.Page:
        """Posts are `div.post` with the id `p123`."""
        heading = html.first_of(root, "topic-title")
        topic = self.topic(etree.tostring(root, encoding="unicode")[:65_536])
        bar = html.first_of(root, "pagination")
        words = html.line_of(bar) or ""
        of = re.search(r"(?:Page|Seite) (\d+) (?:of|von) (\d+)", words)
        numbers = [as_int(html.line_of(item)) or 0 for item in bar.iter("li", "a", "strong")] if bar is not None else []
        active = html.number_in(html.line_of(html.first_of(bar, "active")))
        numbered = (each for each in html.all_of(root, "post", "div") if (each.get("id") or "")[:1] == "p")
        posts = [_post(node, base) for node in html.outermost(numbered)]
        return html.Page(
            title=html.line_of(heading) or _title(root),
            posts=tuple(post for post in posts if post),
            number=int(of[1] if of else active or 1),
            pages=int(of[2]) if of else max(numbers, default=0) or None,
            total=as_int(html.number_in(words, r"(\d+) (?:posts|Beiträge)")),
            url=html.link(base, f"viewtopic.php?t={topic}") if topic and base else None,
        )


def _title(root: etree._Element) -> str:
    words = html.line_of(root.find(".//title")) or ""
    return re.sub(r"( - (Page|Seite) \d+)? - [^-]*$", "", words)


def _post(node: etree._Element, base: str) -> Post | None:
    number = html.number_in(node.get("id"), r"^p(\d+)$")
    content = html.first_of(node, "content")
    if number is None or content is None:
        return None
    profile = html.first_of(node, "postprofile")
    names = [
        each for place in (profile, node) for css in ("username", "username-coloured")
        if place is not None and (each := html.first_of(place, css)) is not None
    ]  # fmt: skip
    line = html.first_of(node, "author")
    edited = html.line_of(html.first_of(node, "notice"))
    reply_to = next(
        (found for cite in content.iter("cite") for each in cite.iter("a")
         if (found := each.get("data-post-id") or html.number_in(each.get("href"), r"#p(\d+)"))), None
    )  # fmt: skip
    for cite in content.iter("cite"):
        for extra in [*cite.iter("a"), *html.all_of(cite, "responsive-hide")]:
            if extra.get("data-post-id") or "responsive-hide" in (extra.get("class") or ""):
                html.remove(extra)
        words = " ".join((html.line_of(cite) or "").replace("↑", " ").split())
        for child in list(cite):
            cite.remove(child)
        cite.text = words
    return Post(
        id=number,
        text=html.text_of(content),
        author=html.line_of(names[0]) if names else None,
        created=_date(line),
        reply_to=reply_to,
        url=html.link(base, f"viewtopic.php?p={number}#p{number}") if base else None,
        author_url=_profile(names[0], base) if names else None,
        edited=as_date(html.number_in(edited, r" on (.+?\d:\d\d(?: [ap]m)?)")),
    )


def _profile(name: etree._Element, base: str) -> str | None:
    user = html.number_in(name.get("href"), r"[?&]u=(\d+)")
    return html.link(base, f"memberlist.php?mode=viewprofile&u={user}") if user and base else None


def _date(line: etree._Element | None) -> str | None:
    if line is None:
        return None
    moment = line.find(".//time")
    if moment is not None and (date := as_date(moment.get("datetime"))):
        return date
    return as_date((html.line_of(line) or "").rpartition("»")[2].strip())
