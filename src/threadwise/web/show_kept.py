"""Show the answers that were kept: a list, and one of them with what changed since in what it quotes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from threadwise.web import icons
from threadwise.web.html import count, html, joined, time_tag
from threadwise.web.show_answer import answer_view, asked_heading, problem, short

if TYPE_CHECKING:
    from threadwise.advice.kept import Kept

NAMED = 5
"""Kept answers that are named before the first question is asked."""


NAMED_LENGTH = 160
"""Characters of its question by which a kept answer is named in a list."""


def kept_section(found: Sequence[Kept]) -> Markup:
    """The newest kept answers, each a press away; where there are more, the way to all."""
    if not found:
        return Markup("")
    every = Markup("")
    if len(found) > NAMED:
        every = html('<button type="button" class="quiet" data-kept="">All kept answers</button>')
    return html(
        '<section class="kept"><h2 class="label">Kept answers</h2>{items}{every}</section>',
        items=_items(found[:NAMED]),
        every=every,
    )


def kept_list(found: Sequence[Kept], note: str = "") -> Markup:
    """All kept answers, for the panel, below what went wrong if anything did."""
    body = _items(found)
    if not found and not note:
        body = html('<p class="hint">No answer is kept. Press “Keep this answer” below one that you like.</p>')
    said = problem(note) if note else Markup("")
    return _panel(Markup(""), html('<h2 tabindex="-1">Kept answers</h2>{said}{body}', said=said, body=body))


def kept_view(one: Kept) -> Markup:
    """One kept answer, for the panel."""
    said = html('<p class="missing">Nothing that it quoted stands any more, so it was withdrawn.</p>')
    changes = joined(
        html(
            '<li><span class="badge open">[{n}]</span> <span dir="auto">{where}</span>: {why}</li>',
            n=change.n,
            where=change.where,
            why=change.why,
        )
        for change in one.changes
    )
    changed = (
        html('<h3>Changed since</h3><ul class="changes">{changes}</ul>', changes=changes) if changes else Markup("")
    )
    body = html(
        '{question}<p class="facts">{facts}</p>{changed}{answer}'
        '<div class="actions"><button type="button" class="quiet danger" data-drop-kept="{id}">{bin} Keep no longer'
        "</button></div>",
        question=asked_heading(one.question),
        facts=_facts(one),
        changed=changed,
        answer=said if one.withdrawn else answer_view(one.answer, keeping=False),
        id=one.id,
        bin=icons.TRASH,
    )
    back = html('<button type="button" class="quiet" data-kept="">{icon} Kept answers</button>', icon=icons.BACK)
    return _panel(back, body)


def _panel(back: Markup, body: Markup) -> Markup:
    return html(
        '<div class="panel-bar">{back}<span class="grow"></span>'
        '<button type="button" class="quiet close" data-close aria-label="Close">{close}</button></div>'
        '<div class="panel-body kept">{body}</div>',
        back=back,
        close=icons.CLOSE,
        body=body,
    )


def _items(found: Sequence[Kept]) -> Markup:
    items = joined(
        html(
            '<li><button type="button" class="example" data-kept="{id}" dir="auto">{question}</button>'
            '<p class="facts">{facts}</p></li>',
            id=one.id,
            question=short(one.question, NAMED_LENGTH),
            facts=_facts(one),
        )
        for one in found
    )
    return html('<ul class="kept-list">{items}</ul>', items=items)


def _facts(one: Kept) -> Markup:
    facts = [html("<span>kept {when}</span>", when=time_tag(one.kept))]
    if one.withdrawn:
        facts.append(html('<span class="badge open">withdrawn</span>'))
    else:
        facts.append(html("<span>{n}</span>", n=count(one.points, "point")))
    if one.changes:
        facts.append(html('<span class="badge open">{n} changed since</span>', n=f"{len(one.changes):,}"))
    return joined(facts)
