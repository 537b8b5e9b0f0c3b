"""Show a thread that is being added: what was understood, fields to correct it, warnings, progress, results. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from threadwise.domain import Post, Role, Thread
from threadwise.web import icons
from threadwise.web.drafts import EDITABLE, Draft
from threadwise.web.html import count, html, joined, thread_address, time_tag
from threadwise.web.show_answer import problem
from threadwise.web.show_thread import also_posted

if TYPE_CHECKING:
    from threadwise.corpus.duplicates import Elsewhere
    from threadwise.importing import ImportResult
    from threadwise.web.job import Progress

_REJECTS_SHOWN = 8


def draft_view(draft: Draft, *, error: str = "") -> Markup:
    """The thread with a field for everything that can be corrected."""
    thread = draft.thread
    shown = thread.posts[:EDITABLE]
    rest = len(thread.posts) - len(shown)
    more = ""
    if rest:
        more = html('<p class="hint">and {n}, kept as they were read.</p>', n=count(rest, "more post"))
    return html(
        '<section class="draft-view" aria-labelledby="understood"><h2 id="understood">{heading}</h2>'
        '<p class="hint" role="status">{understood}</p>{near}'
        '<div class="fields"><label>Title<input name="title" value="{title}" maxlength="500" dir="auto" '
        'autocomplete="off"></label><label>Tags<input name="tags" value="{tags}" placeholder="running, back pain" '
        'dir="auto" autocomplete="off"></label></div><ol class="posts edit">{posts}</ol>'
        "{more}{error}{buttons}</section>",
        heading="Edit the thread" if draft.edits else "What was understood",
        understood=understood(thread),
        near=_near(draft),
        title=thread.title,
        tags=", ".join(thread.tags),
        posts=joined(_fields(post, number, draft.elsewhere.get(post.id, ())) for number, post in enumerate(shown, 1)),
        more=more,
        error=problem(error) if error else "",
        buttons=_buttons(draft),
    )


def understood(thread: Thread) -> str:
    """What was understood, in a sentence."""
    replies = len(thread.posts) - 1
    people = len({post.author for post in thread.posts if post.author})
    asker = sum(post.is_asker for post in thread.posts[1:])
    text = f"A question and {count(replies, 'reply', 'replies')}" if replies else "A question without replies"
    if people:
        text += f" by {count(people, 'person', 'people')}"
    if asker:
        text += f"; {count(asker, 'reply is', 'replies are')} by the asker"
    return text + "."


def _near(draft: Draft) -> Markup:
    others = [one for one in draft.duplicates if one.thread_id != draft.edits]
    if not others:
        return _like(draft)
    items = joined(
        html(
            '<li><a href="{address}" target="_blank" rel="noopener" dir="auto">{title}</a> <small>{alike}</small></li>',
            address=thread_address(one.thread_id),
            title=one.title,
            alike="asks in the same words" if one.score == 1 else f"{one.score:.0%} of the question is the same",
        )
        for one in others[:3]
    )
    return html(
        '<div class="notice caution" role="note">{icon}<div><strong>Nearly the same thread is there already</strong>'
        "<ul>{items}</ul><p>Look at it first; saving keeps both, unless nothing differs.</p></div></div>",
        icon=icons.ALERT,
        items=items,
    )


def _like(draft: Draft) -> Markup:
    """Threads that ask for the same in other words; nothing to be careful about, so no warning."""
    if not draft.like:
        return Markup("")
    items = joined(
        html(
            '<li><a href="{address}" target="_blank" rel="noopener" dir="auto">{title}</a></li>',
            address=thread_address(one.thread_id),
            title=one.title,
        )
        for one in draft.like
    )
    return html(
        '<div class="like" role="note"><strong>Here already, and like it</strong><ul>{items}</ul></div>', items=items
    )


def _fields(post: Post, number: int, also: Sequence[Elsewhere]) -> Markup:
    first = number == 1
    marks = joined(
        [
            html('<span class="badge good">{icon} accepted</span>', icon=icons.CHECK) if post.accepted else Markup(""),
            time_tag(post.created),
        ]
    )
    roles = joined(
        html(
            '<option value="{value}"{on}>{label}</option>',
            value=role.value,
            on=html(" selected") if post.role is role else "",
            label=label,
        )
        for role, label in ((Role.ASKER, "asker"), (Role.REPLIER, "replier"))
    )
    return html(
        '<li class="post{asker}" data-post="{id}"><div class="by"><span class="part">{part}</span>'
        '<label>by <input name="author" value="{author}" placeholder="unknown" dir="auto" autocomplete="off" '
        'aria-label="Author of post {n}"></label><label class="role"><span class="sr">Role</span>'
        '<select name="role" aria-label="Role of post {n}"{fixed}>{roles}</select></label>{marks}</div>'
        '<textarea name="text" rows="{rows}" dir="auto" aria-label="Text of post {n}">{text}</textarea>{also}{tools}'
        "</li>",
        asker=" by-asker" if post.is_asker else "",
        id=post.id,
        part="Question" if first else f"Reply {number - 1}",
        author=post.author or "",
        n=number,
        fixed=html(" disabled") if first else "",
        roles=roles,
        marks=marks,
        rows=min(12, 2 + post.text.count("\n") + len(post.text) // 80),
        text=Markup("\n") + escape(post.text),  # all of it, invisible too; a textarea drops its first line break
        also=also_posted(also, new_tab=True),
        tools=_tools(number),
    )


def _tools(number: int) -> Markup:
    tools = [("split", "Split at the cursor", f"Split post {number} at the cursor")]
    if number > 1:
        tools.insert(0, ("join", "Join with the one above", f"Join post {number} with the one above"))
        tools.append(("up", "Move up", f"Move post {number} up"))
        tools.append(("drop", "Remove", f"Remove post {number}"))
    buttons = joined(
        html(
            '<button type="button" data-act="{act}" aria-label="{label}">{text}</button>',
            act=act,
            label=label,
            text=text,
        )
        for act, text, label in tools
    )
    return html('<div class="tools">{buttons}</div>', buttons=buttons)


def _buttons(draft: Draft) -> Markup:
    if draft.edits:
        return html(
            '<div class="actions"><button type="button" class="primary" data-act="save">Save the changes</button>'
            '<a class="quiet" href="{back}">Cancel</a></div>',
            back=thread_address(draft.edits),
        )
    return html(
        '<div class="actions"><button type="button" class="primary" data-act="save">Save the thread</button>'
        '<button type="button" class="quiet" data-act="clear">Start over</button></div>'
    )


def saved_view(thread_id: str, title: str, posts: int, searchable_ms: float | None, *, edited: bool) -> Markup:
    """A thread was kept: where it is, and a question to it."""
    if searchable_ms is None:
        when = "It is stored; the index follows with the next question."
    else:
        when = f"Searchable {max(searchable_ms, 1):,.0f} ms after you saved it."
    return html(
        '<section class="saved" role="status"><h2>{icon} {verb}</h2><p><a class="title" href="{address}" dir="auto">'
        "{title}</a> ({posts}). {when}</p>"
        '<form class="ask-now" action="/" method="get"><label for="ask-now">Ask about it</label><div class="line">'
        '<input id="ask-now" name="q" value="{title}" dir="auto" autocomplete="off"><button class="primary" '
        'type="submit">Ask</button></div></form>'
        '<div class="actions"><button type="button" class="quiet" data-act="clear">{plus} Add another</button></div>'
        "</section>",
        icon=icons.CHECK,
        verb="Changes saved" if edited else "Thread saved",
        address=thread_address(thread_id),
        title=title,
        posts=count(posts, "post"),
        when=when,
        plus=icons.PLUS,
    )


def many_view(name: str, threads: int, token: str, *, more: bool) -> Markup:
    """A file holds many threads: what importing it would do."""
    text = f"{name} holds {'at least ' if more else ''}{count(threads, 'thread')}."
    return html(
        '<section class="saved"><h2>Many threads at once</h2><p role="status">{text} They are read as they are; '
        "threads that are here already stay or are brought up to date.</p>"
        '<div class="actions"><button type="button" class="primary" data-act="import" data-token="{token}">'
        'Import all</button><button type="button" class="quiet" data-act="clear">Cancel</button></div></section>',
        text=text,
        token=token,
    )


def progress_view(step: Progress, *, leaving: bool = True) -> Markup:
    """How far a file is read, how fast it goes, and how long it will take; `leaving`: whether it goes on without the
    page."""
    part = min(1.0, step.done / step.total) if step.total else 0.0
    return html(
        '<section class="saved working-import" role="status"><h2>{what}</h2>'
        '<progress max="1" value="{part}" aria-label="{what}"></progress><p class="hint">{text}</p>'
        "{passages}{stays}</section>",
        what=step.what,
        part=f"{part:.3f}",
        text=_how_far(step),
        passages=html('<p class="hint">{n} searchable so far.</p>', n=count(step.passages, "passage"))
        if step.passages
        else Markup(""),
        stays=html('<p class="hint">It goes on if you leave this page.</p>') if leaving else Markup(""),
    )


def _how_far(step: Progress) -> str:
    if not step.total:
        return "Starting"
    done = _amount(step.done, step.unit) if step.unit == "bytes" else f"{step.done:,}"
    text = f"{done} of {_amount(step.total, step.unit)}"
    if step.rate is not None:
        text += f" · {_amount(round(step.rate), step.unit)} a second"
    if step.left is not None:
        text += f" · {_duration(step.left)} left"
    return text


def _amount(number: int, unit: str) -> str:
    if unit != "bytes":
        return count(number, unit.removesuffix("s"), unit)
    for size, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if number >= size:
            return f"{number / size:.1f} {name}"
    return count(number, "byte")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def imported_view(result: ImportResult) -> Markup:
    """What an import did."""
    rows = [
        ("added", result.threads_added),
        ("updated", result.threads_updated),
        ("unchanged", result.threads_unchanged),
    ]
    cells = joined(
        html("<div><dt>{name}</dt><dd>{n}</dd></div>", name=name, n=f"{number:,}")
        for name, number in [*rows, ("posts", result.posts), ("rejected", result.rejects)]
    )
    return html(
        '<section class="saved" role="status"><h2>{icon} Import finished</h2><dl class="counts">{cells}</dl>'
        "<p>{seconds}</p>{rejects}"
        '<div class="actions"><a class="primary" href="/browse">Browse the threads</a>'
        '<button type="button" class="quiet" data-act="clear">{plus} Add another</button></div></section>',
        icon=icons.CHECK,
        cells=cells,
        seconds=f"It took {result.seconds:,.1f} s.",
        rejects=_rejects(result),
        plus=icons.PLUS,
    )


def _rejects(result: ImportResult) -> Markup:
    if not result.rejects:
        return Markup("")
    items = joined(
        html("<li><code>{where}</code> {why}</li>", where=one.where, why=one.why)
        for one in result.rejected[:_REJECTS_SHOWN]
    )
    left = result.rejects - min(result.rejects, _REJECTS_SHOWN)
    more = html("<p>and {n} more, all in {file}</p>", n=f"{left:,}", file=result.rejects_file or "") if left else ""
    return html(
        '<details class="rejects"><summary>{n} could not be read</summary><ul>{items}</ul>{more}</details>',
        n=f"{result.rejects:,}",
        items=items,
        more=more,
    )
