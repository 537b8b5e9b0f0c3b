"""Show threads: one thread as its posts with a quote marked, lists of threads, why threads are alike.

Pure: values in, markup out. Text is shown as it was typed; spans count the stored text, so a quote is cut out first and
made literal then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from threadwise.corpus.summaries import ThreadSummary
from threadwise.domain import Post, SimilarThread, Thread
from threadwise.web import icons
from threadwise.web.html import count, html, joined, name_of, outside_link, thread_address, time_tag

if TYPE_CHECKING:
    from threadwise.corpus.duplicates import Elsewhere

POSTS_SHOWN = 200
"""Posts that a page shows at once; the others of a very long thread are a click away."""

_ALSO = 3
"""Other threads of a post that are named."""

LONG_POST = 20_000
"""Characters of one post that are shown at once."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a thread: a post, and a span of its text where end > start."""

    post_id: str = ""
    start: int = 0
    end: int = 0


NOWHERE = Spot()


def post_text(text: str, start: int = 0, end: int = 0) -> Markup:
    """A post's text line by line, quoted lines set apart, [start, end) marked."""
    cut = _cut(text, end)
    pieces: list[Markup] = []
    for line in re.finditer(r"[^\n]*(?:\n|\Z)", cut):
        if line.start() == line.end():
            continue
        shown = _marked(line.group(), line.start(), start, end)
        quoted = line.group().lstrip().startswith(">")
        pieces.append(html('<span class="quoted">{it}</span>', it=shown) if quoted else shown)
    if len(cut) < len(text):
        left = f"… {len(text) - len(cut):,} more characters; `threadwise show` prints them all."
        pieces.append(html('<span class="cut">{left}</span>', left=left))
    return html('<div class="said" dir="auto">{text}</div>', text=joined(pieces))


def _cut(text: str, end: int) -> str:
    limit = max(LONG_POST, end)
    return text if len(text) <= limit + 200 else text[:limit]


def _marked(line: str, offset: int, start: int, end: int) -> Markup:
    """One line with the part of [start, end) that lies in it marked."""
    a, b = max(start - offset, 0), min(end - offset, len(line))
    if end <= start or a >= b or not line[a:b].strip():
        return html("{line}", line=line)
    return html("{before}<mark>{quote}</mark>{after}", before=line[:a], quote=line[a:b], after=line[b:])


Places = Callable[[Thread, Sequence[Post]], Mapping[str, Sequence["Elsewhere"]]]
"""Gives, for some posts of a thread, where else their authors put them."""


def nowhere_else(_thread: Thread, _posts: Sequence[Post]) -> Mapping[str, Sequence[Elsewhere]]:
    """Nobody looks where else posts were put."""
    return {}


def thread_page(
    thread: Thread, spot: Spot = NOWHERE, *, start_at: int | None = None, elsewhere: Places = nowhere_else
) -> Markup:
    """A thread as one reads it: title, tags, where it is from, its posts; the spot is marked."""
    first = _first_shown(thread, spot) if start_at is None else start_at
    shown = thread.posts[first : first + POSTS_SHOWN]
    places = {post.id: number for number, post in enumerate(thread.posts, 1)}
    also = elsewhere(thread, shown)
    posts = joined(one_post(thread, post, places, spot, also.get(post.id, ())) for post in shown)
    return html(
        '<article class="thread" data-thread="{id}"><header><h2 dir="auto">{title}</h2>{facts}{tags}</header>'
        '{earlier}<ol class="posts" start="{number}">{posts}</ol>{later}</article>',
        id=thread.id,
        title=thread.heading,
        facts=_facts(thread),
        tags=tag_list(thread.tags),
        earlier=_window(thread, max(0, first - POSTS_SHOWN), first, "earlier") if first > 0 else "",
        later=_window(thread, first + POSTS_SHOWN, len(thread.posts), "later"),
        number=first + 1,
        posts=posts,
    )


def _first_shown(thread: Thread, spot: Spot) -> int:
    index = next((i for i, post in enumerate(thread.posts) if post.id == spot.post_id), 0)
    return index // POSTS_SHOWN * POSTS_SHOWN


def _window(thread: Thread, start: int, end: int, which: str) -> Markup:
    if start >= end:
        return Markup("")
    return html(
        '<button type="button" class="quiet wide" data-do="show_thread" data-thread="{id}" data-from="{start}">'
        "{n} {which} posts</button>",
        id=thread.id,
        start=start,
        n=f"{min(end - start, POSTS_SHOWN):,}",
        which=which,
    )


def _facts(thread: Thread) -> Markup:
    replies = len(thread.posts) - 1
    people = len({post.author for post in thread.posts if post.author})
    facts = [html("<span>{n}</span>", n=count(replies, "reply", "replies"))]
    if people:
        facts.append(html("<span>{n}</span>", n=count(people, "person", "people")))
    if moment := time_tag(thread.created or thread.question.created):
        facts.append(moment)
    if thread.solved:
        facts.append(html('<span class="badge good">{icon} accepted answer</span>', icon=icons.CHECK))
    if link := outside_link(thread.url):
        facts.append(
            html(
                '<a href="{url}" target="_blank" rel="noopener noreferrer nofollow">original thread {icon}</a>',
                url=link,
                icon=icons.OUT,
            )
        )
    if thread.licence:
        facts.append(html("<span>{licence}</span>", licence=thread.licence))
    return html('<p class="facts">{facts}</p>', facts=joined(facts))


def one_post(
    thread: Thread,
    post: Post,
    places: dict[str, int],
    spot: Spot = NOWHERE,
    also: Sequence[Elsewhere] = (),
) -> Markup:
    """A post with its author, role, date, votes, the post it answers, and where else it was put."""
    here = post.id == spot.post_id
    return html(
        '<li class="post{asker}{here}" id="post-{n}"{focus}><div class="by">{marks}'
        '<a class="number" href="{address}" data-copylink aria-label="Link to post {n}">#{n}</a></div>{text}{also}'
        "</li>",
        asker=" by-asker" if post.is_asker else "",
        here=" here" if here else "",
        focus=html(' tabindex="-1"') if here else "",
        n=places[post.id],
        address=thread_address(thread.id, post.id),
        marks=joined(_marks(thread, post, places)),
        text=post_text(post.text, spot.start, spot.end) if here else post_text(post.text),
        also=also_posted(also),
    )


def _marks(thread: Thread, post: Post, places: dict[str, int]) -> list[Markup]:
    """Who wrote it and what is known of it."""
    marks = [html('<span class="who" dir="auto">{name}</span>', name=name_of(post.author))]
    if post.is_asker:
        marks.append(html('<span class="badge asker">asker</span>'))
    if post.accepted:
        marks.append(html('<span class="badge good">{icon} accepted</span>', icon=icons.CHECK))
    if moment := time_tag(post.created):
        marks.append(moment)
    if post.score is not None:
        label = f"{post.score:,} {'vote' if abs(post.score) == 1 else 'votes'}"
        marks.append(html('<span class="votes">{icon}{label}</span>', icon=icons.UP, label=label))
    answered = thread.post(post.reply_to) if post.reply_to else None
    if answered is not None and post.reply_to in places:
        marks.append(
            html(
                '<a class="reply" href="#post-{n}" data-jump="post-{n}">in reply to {name}</a>',
                n=places[post.reply_to],
                name=name_of(answered.author),
            )
        )
    return marks


def also_posted(also: Sequence[Elsewhere], *, new_tab: bool = False) -> Markup:
    """Where else the author put the same post; that person counts once."""
    if not also:
        return Markup("")
    links = joined(
        (
            html(
                '<a href="{address}" data-thread="{id}" data-post="{post}" dir="auto"{tab}>{title}</a>',
                address=thread_address(one.thread_id, one.post_id),
                id=one.thread_id,
                post=one.post_id,
                title=one.title,
                tab=html(' target="_blank" rel="noopener"') if new_tab else "",
            )
            for one in also[:_ALSO]
        ),
        ", ",
    )
    more = f" and {count(len(also) - _ALSO, 'more thread')}" if len(also) > _ALSO else ""
    return html('<p class="also">Also posted in {links}{more}.</p>', links=links, more=more)


def tag_list(tags: Sequence[str]) -> Markup:
    """Tags as links to the threads that share them."""
    if not tags:
        return Markup("")
    items = joined(
        html(
            '<li><a class="tag" href="/browse?{q}" data-tag="{tag}">{tag}</a></li>', q=urlencode({"tag": tag}), tag=tag
        )
        for tag in tags[:12]
    )
    return html('<ul class="tags" aria-label="Tags">{items}</ul>', items=items)


def similar_list(found: Sequence[SimilarThread], heading: str = "Similar threads") -> Markup:
    """Threads that are alike, each with why."""
    if not found:
        return Markup("")
    items = joined(_similar_item(thread) for thread in found)
    return html('<section class="similar"><h3>{heading}</h3><ul>{items}</ul></section>', heading=heading, items=items)


def _similar_item(thread: SimilarThread) -> Markup:
    why = Markup("")
    if thread.terms:
        why = html('<p class="why">shares {terms}</p>', terms=", ".join(thread.terms[:6]))
    sentence = Markup("")
    if thread.sentence:
        sentence = html('<p class="said small" dir="auto">“{it}”</p>', it=thread.sentence.strip())
    return html(
        '<li><a class="title" href="{address}" data-thread="{id}" dir="auto">{title}</a>{why}{sentence}</li>',
        address=thread_address(thread.thread_id),
        id=thread.thread_id,
        title=thread.title,
        why=why,
        sentence=sentence,
    )


def thread_item(summary: ThreadSummary, *, current: bool = False, found: str = "") -> Markup:
    """A thread in a list; `found` is the text in it that a search matched."""
    facts = [html("<span>{n}</span>", n=count(max(summary.posts - 1, 0), "reply", "replies"))]
    if summary.asker:
        facts.append(html('<span dir="auto">{name}</span>', name=name_of(summary.asker)))
    if moment := time_tag(summary.created):
        facts.append(moment)
    if summary.solved:
        facts.append(html('<span class="badge good">{icon} accepted answer</span>', icon=icons.CHECK))
    text = html('<p class="said small" dir="auto">{it}</p>', it=found or summary.excerpt)
    return html(
        '<li class="item"><a href="{address}" data-thread="{id}"{current}><span class="title" dir="auto">{title}</span>'
        '{text}<span class="facts">{facts}</span></a></li>',
        address=thread_address(summary.id),
        id=summary.id,
        current=html(' aria-current="true"') if current else "",
        title=summary.title,
        text=text,
        facts=joined(facts),
    )
