"""Write an answer as Markdown: a short list of points with [n] markers, then the sources.

Pure. Forum text is other people's text: whatever Markdown or HTML it holds is escaped, so that it reads as it was
typed and links nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadwise.domain import Citation, Point, SimilarThread, Status

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_LIST_MARKER = re.compile(r"^\s*(?:[-+*•–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")


def escape(text: str) -> str:
    """Forum text on one line, with everything that Markdown or HTML would act on made literal."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def answer_text(
    status: Status, points: Sequence[Point], citations: Sequence[Citation], similar: Sequence[SimilarThread]
) -> str:
    """The Markdown of an answer."""
    if status is Status.UNANSWERED:
        return _nothing(similar)
    lines = ["What people in these threads say:", ""]
    lines += [f"- {_said(point)}" for point in points]
    lines += ["", "Sources:", ""]
    lines += [_source(citation) for citation in citations]
    return "\n".join(lines)


def _nothing(similar: Sequence[SimilarThread]) -> str:
    text = "Nobody in these threads has answered this."
    if not similar:
        return text
    return "\n".join([text + " The nearest threads are:", "", *(f"- {escape(one.title)}" for one in similar)])


def _said(point: Point) -> str:
    marks = "".join(f"[{n}]" for n in point.citations)
    people = f" ({point.people} people)" if point.people > 1 else ""
    return f"“{escape(_LIST_MARKER.sub('', point.text))}” {marks}{people}"


def _source(citation: Citation) -> str:
    when = f", {citation.created[:10]}" if citation.created else ""
    title = f"[{escape(citation.thread_title)}]({citation.url})" if citation.url else escape(citation.thread_title)
    return f"[{citation.n}] {escape(citation.author or 'unknown author')} in {title}{when}  "
