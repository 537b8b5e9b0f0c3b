"""Show what an answer rests on: the [n] markers, and the sources gathered by thread. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from threadwise.domain import Citation, Role
from threadwise.web import icons
from threadwise.web.html import html, joined, name_of, outside_link, thread_address, time_tag


def marker(citation: Citation) -> Markup:
    """[n]: a link to the post, which the page opens beside the answer."""
    return html(
        '<a class="cite" {place} aria-label="Source {n}: {who} in {title}">{n}</a>',
        place=_place(citation),
        n=citation.n,
        who=name_of(citation.author),
        title=citation.thread_title,
    )


def asked(citation: Citation) -> bool:
    """Whether it is the asker who speaks."""
    return citation.role is Role.ASKER


def sources(citations: Sequence[Citation], number: int = 0) -> Markup:
    """The sources of an answer: each thread once, with the posts cited from it by their numbers.

    Args:
        citations: By number.
        number: Place of the answer in its conversation, which keeps the heading's id apart from the others'.
    """
    if not citations:
        return Markup("")
    threads: dict[str, list[Citation]] = {}
    for citation in citations:
        threads.setdefault(citation.thread_id, []).append(citation)
    return html(
        '<section class="sources" aria-labelledby="sources-{number}"><h3 id="sources-{number}">Sources</h3>'
        '<ul class="cited">{items}</ul></section>',
        number=number,
        items=joined(_thread(cited) for cited in threads.values()),
    )


def _thread(cited: Sequence[Citation]) -> Markup:
    """One thread: its title, what its asker has in common with the question, its cited posts."""
    situations = dict.fromkeys(citation.situation for citation in cited if citation.situation)
    return html(
        '<li><a class="title" {place} dir="auto">{title}</a>{situations}<ul>{posts}</ul></li>',
        place=_place(cited[0]),
        title=cited[0].thread_title,
        situations=joined(html('<p class="situation" dir="auto">{it}</p>', it=one) for one in situations),
        posts=joined(_post(citation) for citation in cited),
    )


def _post(citation: Citation) -> Markup:
    role = html('<span class="badge asker">asker</span>') if asked(citation) else Markup("")
    out = Markup("")
    if link := outside_link(citation.url):
        out = html(
            '<a href="{url}" target="_blank" rel="noopener noreferrer nofollow" aria-label="Original of source {n}">'
            "original {icon}</a>",
            url=link,
            n=citation.n,
            icon=icons.OUT,
        )
    return html(
        '<li><span class="cites">{mark}</span><span class="facts"><span class="who" dir="auto">{who}</span>'
        "{role}{when}{standing}{out}</span></li>",
        mark=marker(citation),
        who=name_of(citation.author),
        role=role,
        when=time_tag(citation.created),
        standing=html("<span>{it}</span>", it=citation.standing) if citation.standing else "",
        out=out,
    )


def _place(citation: Citation) -> Markup:
    """Where a citation leads, as attributes of a link: an address, and what the page opens in its stead."""
    return html(
        'href="{address}" data-thread="{thread}" data-post="{post}" data-start="{start}" data-end="{end}"',
        address=thread_address(citation.thread_id, citation.post_id, citation.start, citation.end),
        thread=citation.thread_id,
        post=citation.post_id,
        start=citation.start,
        end=citation.end,
    )
