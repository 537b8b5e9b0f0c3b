"""Show the list of threads on the Browse page: tags, what was found, paging. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from threadwise.corpus.summaries import ThreadSummary
from threadwise.web.html import count, html, joined
from threadwise.web.show_thread import thread_item

PER_PAGE = 20
ORDERS = {"newest": "Newest first", "oldest": "Oldest first", "posts": "Most posts first", "title": "By title"}
_TAGS_SHOWN = 10
_MOST_TAGS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is to show; the fields of the page's address."""

    text: str = ""
    tag: str = ""
    order: str = "newest"
    page: int = 1
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A thread of the list; `passage` is what a search matched in it."""

    summary: ThreadSummary
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list. `total` counts all pages; `note` is said above the list."""

    wanted: Wanted
    found: tuple[Found, ...]
    total: int
    tags: tuple[tuple[str, int], ...] = ()
    note: str = ""
    more: bool = False
    """Whether only the best of a search are listed."""


def listing_view(listing: Listing) -> Markup:
    """Tags, how many were found, the threads, and the way to the next page."""
    wanted = listing.wanted
    if listing.found:
        items = joined(
            thread_item(one.summary, current=one.summary.id == wanted.thread, found=one.passage)
            for one in listing.found
        )
        body = html('<ol class="items">{items}</ol>{pages}', items=items, pages=_pages(listing))
    else:
        body = _nothing(wanted)
    note = html('<p class="hint" role="status">{it}</p>', it=listing.note) if listing.note else Markup("")
    return html(
        '<div class="listing">{tags}<p class="found" role="status">{found}</p>{note}{body}</div>',
        tags=_tags(listing),
        found=_found(listing),
        note=note,
        body=body,
    )


def _found(listing: Listing) -> str:
    threads = count(listing.total, "thread")
    wanted = listing.wanted
    if wanted.text:
        return f"The {threads} that fit best" if listing.more else f"{threads} found, best first"
    return f"{threads} tagged {wanted.tag}" if wanted.tag else threads


def _nothing(wanted: Wanted) -> Markup:
    if wanted.text or wanted.tag:
        return html('<p class="empty">No thread matches. Try other words, or take the tag away.</p>')
    return html('<p class="empty">There are no threads yet. <a href="/add">Add the first one</a>.</p>')


def _tags(listing: Listing) -> Markup:
    shown = list(listing.tags[:_MOST_TAGS])
    chosen = listing.wanted.tag
    if chosen:
        shown.sort(key=lambda pair: pair[0] != chosen)  # the chosen one first, the others in their order
        if not shown or shown[0][0] != chosen:
            shown.insert(0, (chosen, 0))
    if not shown:
        return Markup("")
    items = joined(_tag(listing.wanted, tag, n, rare=place >= _TAGS_SHOWN) for place, (tag, n) in enumerate(shown))
    more = Markup("")
    if len(shown) > _TAGS_SHOWN:
        more = html(
            '<label class="all-tags" for="all-tags"><span class="more">All {n} tags</span>'
            '<span class="less">Fewer tags</span></label>',
            n=f"{len(shown):,}",
        )
    return html(
        '<nav aria-label="Tags"><input type="checkbox" id="all-tags" class="sr" aria-label="Show all tags">'
        '<ul class="tags">{items}</ul>{more}</nav>',
        items=items,
        more=more,
    )


def _tag(wanted: Wanted, tag: str, number: int, *, rare: bool) -> Markup:
    on = tag == wanted.tag
    return html(
        '<li{rare}><a class="tag" href="{href}" data-tag="{value}"{on}>{tag} <small>{n}</small></a></li>',
        rare=html(' class="rare"') if rare else "",
        href=address(Wanted(wanted.text, "" if on else tag, wanted.order)),
        value="" if on else tag,
        on=html(' aria-current="true"') if on else "",
        tag=tag,
        n=f"{number:,}",
    )


def _pages(listing: Listing) -> Markup:
    last = max(1, -(-listing.total // PER_PAGE))
    page = listing.wanted.page
    if last == 1:
        return Markup("")
    back = _page_link(listing.wanted, page - 1, "Previous", "prev") if page > 1 else Markup("")
    on = _page_link(listing.wanted, page + 1, "Next", "next") if page < last else Markup("")
    return html(
        '<nav class="pages" aria-label="Pages">{back}<span>Page {page} of {last}</span>{on}</nav>',
        back=back,
        page=f"{page:,}",
        last=f"{last:,}",
        on=on,
    )


def _page_link(wanted: Wanted, page: int, label: str, rel: str) -> Markup:
    there = Wanted(wanted.text, wanted.tag, wanted.order, page)
    return html(
        '<a class="quiet" rel="{rel}" href="{href}" data-page="{page}">{label}</a>',
        rel=rel,
        href=address(there),
        page=page,
        label=label,
    )


def address(wanted: Wanted) -> str:
    """The address of a list; what is as usual is left out."""
    fields = {
        "q": wanted.text,
        "tag": wanted.tag,
        "order": wanted.order if wanted.order != "newest" else "",
        "page": str(wanted.page) if wanted.page > 1 else "",
    }
    given = {name: value for name, value in fields.items() if value}
    return f"/browse?{urlencode(given, quote_via=quote)}" if given else "/browse"
