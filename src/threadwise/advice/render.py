"""Write an answer as Markdown: a short list of points with [n] markers, then the sources.

Pure. Forum text is other people's text: whatever Markdown or HTML it holds is escaped, so that it reads as it was
typed and links nowhere. The words around a quote only count people, name them and say what they reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from threadwise.advice.visible import visible
from threadwise.domain import QUOTE, Answer, Citation, OutcomeLabel, OutcomeReport, Point, Role, SimilarThread

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&!$@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
"""What Markdown and its extensions act on; bare addresses too, which many of them turn into links."""

_LINE_START = re.compile(r"^(\s*)([-+=]|\d{1,9}[.)](?=\s|$))")
_MARKER = re.compile(r"^\s*(?:[-+*•–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")
_LONE_MARKER = re.compile(r"^([ \t]*(?:[-*+•–]|\d{1,3}[.)]))[ \t]*\n\s*(?=\S)", re.MULTILINE)
"""A bullet that a converter left on a line of its own, above its item."""

_OPENING = "What people in these threads say:"
_OPENING_RESTATED = (
    "What people in these threads say. What stands in quotation marks is theirs to the letter; what is marked “in "
    "other words” was written by a language model and checked against their words, which stand below."
)
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")

_RESULTS = {
    OutcomeLabel.HELPED: ("tried it and reports that it helped", "it helped"),
    OutcomeLabel.NO_CHANGE: ("tried it and reports no change", "no change"),
    OutcomeLabel.WORSE: ("tried it and reports that it got worse", "it got worse"),
}


def escape(text: str) -> str:
    """Forum text on one line, with everything that Markdown or HTML would act on made literal."""
    line = _SPECIAL.sub(r"\\\1", " ".join(visible(text).split()))
    return _LINE_START.sub(
        lambda match: f"{match[1]}\\{match[2]}" if not match[2][0].isdigit() else _dotted(match), line
    )


def quoted(text: str, indent: str = "") -> str:
    """A quote as Markdown between quotation marks; its lines stay lines."""
    shown = _LONE_MARKER.sub(r"\1 ", visible(text))
    lines = [line for line in map(escape, shown.splitlines()) if line]
    if len(lines) == 1:
        lines = [escape(_MARKER.sub("", shown))]
    return "“" + f"  \n{indent}".join(lines) + "”"


def answer_text(answer: Answer) -> str:
    """The Markdown of an answer: its points, where people contradict each other, and the sources."""
    by_number = {citation.n: citation for citation in answer.citations}
    restated = {point.citations[0] for point in answer.points if point.kind != QUOTE}
    lines = [escape(answer.missing), ""] if answer.missing else []
    lines += [_OPENING_RESTATED if restated else _OPENING, ""] if answer.points else []
    for place, point in enumerate(answer.points, 1):
        lines += _point(place, point, by_number)
    for disagreement in answer.disagreements:
        about = f"about {escape(disagreement.about)}" if disagreement.about else "here"
        lines += ["", f"People do not agree {about}:", ""]
        for side in disagreement.sides:
            first = by_number[side.citations[0]]
            who = f"{_people(side.people)}: " if side.people > 1 else ""
            lines.append(f"- {who}{quoted(side.text, '  ')} {_by(first)}{_marks(side.citations[1:])}")
    return "\n".join([*lines, "", "Sources:", "", *_sources(answer.citations, restated)])


def nothing_text(missing: str | None, similar: Sequence[SimilarThread]) -> str:
    """The Markdown where nothing answers: what is missing, and the nearest threads as nearest."""
    text = "Nobody in these threads has answered this." + (f" {escape(missing)}" if missing else "")
    if not similar:
        return text
    return "\n".join([text, "", "The nearest threads:", "", *map(_nearest, similar)])


def _nearest(thread: SimilarThread) -> str:
    return f"- {_link(thread.title, thread.url)}"


def _point(place: int, point: Point, by_number: Mapping[int, Citation]) -> Iterator[str]:
    indent = " " * len(f"{place}. ")
    words = quoted(point.text, indent) if point.kind == QUOTE else escape(point.text)
    yield f"{place}. {words} {_by(by_number[point.citations[0]], restated=point.kind != QUOTE)}"
    said = [*_others(point, by_number), *(_result(outcome, by_number[outcome.n]) for outcome in point.outcomes)]
    if said:
        yield indent + " ".join(said)


def _others(point: Point, by_number: Mapping[int, Citation]) -> Iterator[str]:
    """How many people say it, and who besides the one quoted."""
    if point.people < 2:
        return
    named = [f"{escape(by_number[n].author or 'somebody')} [{n}]" for n in point.citations[1:]]
    more = point.people - 1 - len(named)
    if more > 0:
        named.append(f"{more} more")
    yield f"{_people(point.people)} say so, also {_and(named)}."


def _result(outcome: OutcomeReport, citation: Citation) -> str:
    tried = _RESULTS.get(outcome.label, ("tried it", ""))[0]
    who = escape(citation.author or "somebody")
    who = f"{who}, who had asked," if citation.role is Role.ASKER else who
    return f"{who} {tried}: {quoted(outcome.quote)} [{outcome.n}]."


def _by(citation: Citation, *, restated: bool = False) -> str:
    thought = f" ({citation.standing})" if citation.standing else ""
    says = "in other words, after " if restated else ""
    return f"— {says}{escape(citation.author or 'unknown author')}{thought} [{citation.n}]"


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def _sources(citations: Sequence[Citation], restated: Collection[int]) -> Iterator[str]:
    """One line for each citation; the words themselves too where the answer says them otherwise."""
    shown: set[str] = set()
    for citation in citations:
        when = f", {citation.created[:10]}" if citation.created else ""
        asker = ", who had asked" if citation.role is Role.ASKER else ""
        about = ""
        if citation.situation and citation.thread_id not in shown:
            about = f" ({escape(citation.situation)})"
            shown.add(citation.thread_id)
        who = escape(citation.author or "unknown author")
        words = f": “{escape(citation.quote)}”" if citation.n in restated else ""
        yield f"[{citation.n}] {who}{asker}, in {_link(citation.thread_title, citation.url)}{when}{about}{words}  "


def _link(title: str, url: str | None) -> str:
    if url and re.fullmatch(r"https?://[^\s<>()\[\]\"'`\\]+", url):
        return f"[{escape(title)}]({url})"
    return escape(title)


def _people(number: int) -> str:
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} {'person' if number == 1 else 'people'}"


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _dotted(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2][:-1]}\\{match[2][-1]}"
