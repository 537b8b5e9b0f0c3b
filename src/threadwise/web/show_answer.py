"""Show an answer: notices first, then the points with their markers, people and outcomes, then the sources.

Pure: an `Answer` in, markup out. What people wrote is shown as text; every [n] leads to the post it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from threadwise.advice.instead import NOTHING_ASKED, STILL_THERE, THANKED
from threadwise.domain import (
    Answer,
    Citation,
    Disagreement,
    Notice,
    NoticeKind,
    OutcomeLabel,
    OutcomeReport,
    Point,
    Status,
)
from threadwise.web import icons
from threadwise.web.html import coded, count, html, joined, name_of
from threadwise.web.show_sources import asked, marker, sources
from threadwise.web.show_thread import similar_list

_NOTICES = {
    NoticeKind.CRISIS: ("You are not alone with this", icons.HEART),
    NoticeKind.URGENT: ("Please read this first", icons.ALERT),
    NoticeKind.CAUTION: ("Take care", icons.ALERT),
    NoticeKind.INFO: ("Note", icons.INFO),
}
_ORDER = tuple(_NOTICES)
_LEADS = {NOTHING_ASKED: "Nothing was asked", THANKED: "With pleasure", STILL_THERE: "With pleasure"}
_OUTCOMES = {
    OutcomeLabel.HELPED: ("It helped", "good"),
    OutcomeLabel.NO_CHANGE: ("No change", "flat"),
    OutcomeLabel.WORSE: ("It got worse", "bad"),
    OutcomeLabel.INTENDS: ("Going to try", "open"),
    OutcomeLabel.UNKNOWN: ("Not known", "open"),
}
_NAMES = 4
_LONG = 240
"""Characters from which a question is set like a text, no longer like a headline."""

_LIST_MARKER = re.compile(r"^\s*(?:[-+*•–—]|\(?\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, and what came of it: an answer, a sentence that says why not, or neither yet.

    `kept` is the id under which the answer is kept, `note` what went wrong when it was to be.
    """

    question: str
    answer: Answer | None = None
    error: str | None = None
    waiting: str | None = None
    address: str = ""
    kept: str = ""
    note: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is awaited any more."""
        return self.waiting is None and (self.answer is not None or self.error is not None)


def conversation(turns: Sequence[Turn], welcome: Markup) -> Markup:
    """All turns, oldest first; where there are none, the welcome."""
    if not turns:
        return welcome
    shown = [turn_view(turn, number) for number, turn in enumerate(turns)]
    return html('<h1 class="sr">Your questions</h1><div class="turns">{turns}</div>', turns=joined(shown))


def turn_view(turn: Turn, number: int) -> Markup:
    """A question and its answer; an answer that something is still awaited for is shown as far as it is."""
    body = Markup("")
    if turn.answer is not None:
        body = answer_view(turn.answer, number, address=turn.address, growing=turn.waiting is not None, kept=turn.kept)
        if turn.note:
            body += problem(turn.note)
    if turn.error is not None:
        body = problem(turn.error)
    elif turn.answer is None or turn.waiting is not None:
        body += html(
            '<div class="working" role="status"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
            "<span>{text}</span></div>",
            text=turn.waiting or "Reading the threads",
        )
    return html(
        '<section class="turn" aria-label="Question {n}">{question}{body}</section>',
        n=number + 1,
        question=asked_heading(turn.question),
        body=body,
    )


def asked_heading(question: str) -> Markup:
    """A question above its answer; a long one is set like a text, and cut where nobody would read on."""
    return html(
        '<h2 class="asked{long}" dir="auto">{question}</h2>',
        long=" long" if len(question) > _LONG else "",
        question=short(question, 2_000),
    )


def problem(sentence: str) -> Markup:
    """What went wrong, in one sentence, with what to do next."""
    return html(
        '<div class="notice problem" role="alert">{icon}<p dir="auto">{sentence}</p></div>',
        icon=icons.ALERT,
        sentence=coded(sentence),
    )


def answer_view(
    answer: Answer,
    number: int = 0,
    *,
    address: str = "",
    growing: bool = False,
    kept: str = "",
    keeping: bool = True,
) -> Markup:
    """An answer; one that is growing has its notices and points so far. In a crisis there is help and nothing else.

    `kept` is the id under which it is kept already; `keeping` says whether it can be.
    """
    cited = {citation.n: citation for citation in answer.citations}
    parts = [joined(notice_view(notice) for notice in sorted(answer.notices, key=lambda n: _ORDER.index(n.kind)))]
    in_crisis = any(notice.kind is NoticeKind.CRISIS for notice in answer.notices) and not answer.points
    if not in_crisis and not (growing and not answer.points):
        parts.append(_status(answer))
    if in_crisis and answer.text:
        parts.append(html('<p class="missing" dir="auto">{text}</p>', text=answer.text))
    if answer.points:
        items = joined(point_view(point, cited) for point in answer.points)
        parts.append(html('<ol class="points">{items}</ol>', items=items))
    if not growing and not in_crisis:
        parts += [joined(_disagreement(one, cited) for one in answer.disagreements), _nearest(answer), _draft(answer)]
        parts += [sources(answer.citations, number), _actions(answer, address, kept, keeping=keeping)]
    return html('<div class="answer">{parts}</div>', parts=joined(parts))


def notice_view(notice: Notice) -> Markup:
    """Something the reader should know before the advice; the page's script reads it out once, not at each stage."""
    title, icon = _NOTICES[notice.kind]
    return html(
        '<div class="notice {kind}" role="note">{icon}<div><strong>{title}</strong><p>{text}</p></div></div>',
        kind=notice.kind.value,
        icon=icon,
        title=title,
        text=coded(notice.text),
    )


def _status(answer: Answer) -> Markup:
    posts = len({(c.thread_id, c.post_id) for c in answer.citations})
    threads = len({c.thread_id for c in answer.citations})
    basis = f"from {count(posts, 'post')} in {count(threads, 'thread')}"
    if answer.status is Status.ANSWERED:
        lead, text = "What people say", basis
    elif answer.status is Status.PARTIAL:
        lead, text = "Partly covered", basis if answer.citations else ""
    elif _asks_nothing(answer):
        lead, text = _LEADS.get(answer.text, "About this forum"), ""
    else:
        lead, text = "Not answered here" if answer.missing else "Nobody here has answered this", ""
    missing = html('<p class="missing" dir="auto">{it}</p>', it=answer.missing) if answer.missing else Markup("")
    return html(
        '<div class="status {status}"><p><strong>{lead}</strong> <span>{text}</span></p>{missing}</div>',
        status=answer.status.value,
        lead=lead,
        text=text,
        missing=missing,
    )


def point_view(point: Point, cited: Mapping[int, Citation]) -> Markup:
    """One piece of advice: its words, its markers, how many people, what came of it."""
    marks = joined(marker(cited[n]) for n in point.citations if n in cited)
    text = _said(point.text)
    if point.kind == "quote":
        words = html('<q class="words" dir="auto">{text}</q>', text=text)
    else:
        words = html('<span class="words told" dir="auto">{text}</span>', text=text)
    facts = [_people(point.people, point.citations, cited)]
    if point.people == 1 and point.citations[0] in cited and cited[point.citations[0]].standing:
        facts.append(html("<span>{thought}</span>", thought=cited[point.citations[0]].standing))
    if point.threads > 1:
        facts.append(html("<span>in {n}</span>", n=count(point.threads, "thread")))
    if point.kind != "quote":
        facts.append(html('<span class="badge open">in other words</span>'))
    outcomes = joined(_outcome(report, cited) for report in point.outcomes)
    return html(
        '<li class="point"><p>{words} <span class="cites">{marks}</span></p>'
        '<p class="facts">{facts}</p>{outcomes}</li>',
        words=words,
        marks=marks,
        facts=joined(facts),
        outcomes=html('<ul class="outcomes">{it}</ul>', it=outcomes) if outcomes else "",
    )


def _people(number: int, citations: Sequence[int], cited: Mapping[int, Citation]) -> Markup:
    """How many different people said it, and who: as many names as are cited."""
    authors = list(dict.fromkeys(name_of(cited[n].author) for n in citations if n in cited and not asked(cited[n])))
    names = ", ".join(authors[:_NAMES]) + (" and others" if authors and number > len(authors[:_NAMES]) else "")
    return html(
        '<span class="people">{icon}<strong>{n}</strong> <span dir="auto">{names}</span></span>',
        icon=icons.PEOPLE,
        n=count(number, "person", "people"),
        names=names,
    )


def _outcome(report: OutcomeReport, cited: Mapping[int, Citation]) -> Markup:
    label, tone = _OUTCOMES[report.label]
    mark = marker(cited[report.n]) if report.n in cited else Markup("")
    return html(
        '<li><span class="badge {tone}">{label}</span> <q class="words small" dir="auto">{quote}</q> '
        '<span class="cites">{mark}</span></li>',
        tone=tone,
        label=label,
        quote=report.quote.strip(),
        mark=mark,
    )


def _disagreement(one: Disagreement, cited: Mapping[int, Citation]) -> Markup:
    sides = joined(
        html(
            '<li><q class="words" dir="auto">{text}</q> <span class="cites">{marks}</span>'
            '<p class="facts">{people}</p></li>',
            text=_said(side.text),
            marks=joined(marker(cited[n]) for n in side.citations if n in cited),
            people=_people(side.people, side.citations, cited),
        )
        for side in one.sides
    )
    return html(
        '<section class="disagree"><h3>People disagree</h3>{about}<ul>{sides}</ul></section>',
        about=html('<p dir="auto">{about}</p>', about=one.about) if one.about else "",
        sides=sides,
    )


def _nearest(answer: Answer) -> Markup:
    return similar_list(answer.similar, "The nearest threads") if answer.status is Status.UNANSWERED else Markup("")


def _draft(answer: Answer) -> Markup:
    if not answer.draft:
        return Markup("")
    title, _, body = answer.draft.strip().partition("\n\n")
    return html(
        '<section class="draft"><h3>A question you could post</h3>'
        '<div class="said" dir="auto"><strong>{title}</strong>{body}</div>'
        '<button type="button" class="quiet" data-copy="{draft}">{icon} Copy the question</button></section>',
        title=title,
        body=html("<p>{body}</p>", body=body.strip()) if body.strip() not in ("", title, f"{title}.") else "",
        draft=answer.draft,
        icon=icons.COPY,
    )


def _actions(answer: Answer, address: str, kept: str, *, keeping: bool) -> Markup:
    keep = Markup("")
    if kept:
        keep = html(
            '<button type="button" class="quiet" data-kept="{id}">{icon} Kept: show it</button>',
            id=kept,
            icon=icons.CHECK,
        )
    elif keeping and address and answer.points:
        keep = html(
            '<button type="button" class="quiet" data-keep="{number}">{icon} Keep this answer</button>',
            number=address.rpartition("/")[2],
            icon=icons.KEEP,
        )
    save = Markup("")
    if address:
        save = html(
            '<a class="quiet" href="{address}" download="threadwise-answer.json">{icon} Save as JSON</a>',
            address=address,
            icon=icons.DOWNLOAD,
        )
    return html(
        '<div class="actions"><button type="button" class="quiet" data-copy="{text}">{icon} Copy</button>{keep}{save}'
        "</div>",
        text=plain_answer(answer),
        icon=icons.COPY,
        keep=keep,
        save=save,
    )


def _asks_nothing(answer: Answer) -> bool:
    """Whether the answer is a sentence to somebody who asked for no advice."""
    return bool(answer.missing) and answer.missing == answer.text


def plain_answer(answer: Answer) -> str:
    """An answer as plain text, for the clipboard."""
    lines = [answer.question, ""]
    lines += [f"! {notice.text}" for notice in answer.notices]
    if answer.missing:
        lines.append(answer.missing)
    if answer.status is Status.UNANSWERED and not _asks_nothing(answer):
        lines.append("Nobody in these threads has answered this.")
    for point in answer.points:
        marks = "".join(f"[{n}]" for n in point.citations)
        lines.append(
            f"- {_LIST_MARKER.sub('', point.text.strip())} {marks} ({count(point.people, 'person', 'people')})"
        )
    if answer.citations:
        lines += ["", "Sources"]
    for citation in answer.citations:
        where = citation.url or f"{citation.thread_id}/{citation.post_id}"
        lines.append(f"[{citation.n}] {name_of(citation.author)}, {citation.thread_title}: {where}")
    return "\n".join(lines)


def _said(text: str) -> str:
    """A quote without blank lines at its ends, and without a bullet that stands alone."""
    text = text.strip()
    return text if "\n" in text else _LIST_MARKER.sub("", text)


def short(text: str, limit: int) -> str:
    """A text, or its beginning where it has more characters than the limit."""
    return text if len(text) <= limit else text[:limit] + "…"
