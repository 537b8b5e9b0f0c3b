"""Answers and lists as a terminal shows them."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Sequence

from threadwise.advice.visible import visible
from threadwise.domain import Answer, SimilarThread

_WIDTH = 100
_ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")
"""What Markdown needs before a sign that is meant as itself; a terminal does not."""


def answer_text(answer: Answer) -> str:
    """An answer with its notices first and the threads like it last."""
    parts = [_wrap(f"! {notice.kind.upper()}: {notice.text}") for notice in answer.notices]
    parts.append("\n".join(_wrap(_ESCAPED.sub(r"\1", line)) for line in answer.text.splitlines()))
    if answer.similar and answer.points:
        parts.append("Similar threads\n" + similar_text(answer.similar))
    if answer.draft:
        title, _, body = visible(answer.draft).strip().partition("\n\n")
        said = title if body.strip() in (title, f"{title}.") else f"{title}\n\n{body}"
        parts.append("A question you could post\n" + textwrap.indent(said, "  "))
    return "\n\n".join(part for part in parts if part.strip())


def similar_text(found: Sequence[SimilarThread]) -> str:
    """One thread a line, with why it is similar beneath."""
    if not found:
        return "No thread is similar."
    lines = []
    for hit in found:
        lines.append(f"  {hit.score:5.2f}  {on_one_line(hit.title)}  ({on_one_line(hit.thread_id)})")
        if hit.terms:
            lines.append(f"         shares: {on_one_line(', '.join(hit.terms))}")
        if hit.sentence and hit.sentence != hit.title:
            lines.append(f"         closest: “{textwrap.shorten(on_one_line(hit.sentence), 90, placeholder=' …')}”")
        if hit.differs:
            lines.append(f"         it alone: {on_one_line(', '.join(hit.differs))}")
        if hit.folded:
            lines.append(f"         the same again: {on_one_line(', '.join(hit.folded))}")
    return "\n".join(lines)


def on_one_line(text: str) -> str:
    """Other people's text in a line of a terminal, without what would move its cursor or colour it."""
    return " ".join(visible(text).split())


def _wrap(line: str) -> str:
    hang = " " * (len(line) - len(line.lstrip(" -*>")))
    return textwrap.fill(line, _columns(), subsequent_indent=hang) if line.strip() else line


def _columns() -> int:
    return min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns)
