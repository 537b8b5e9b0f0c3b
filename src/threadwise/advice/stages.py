"""Show an answer while it grows: what surrounds the advice first, then point by point, the whole last.

Pure. A stage is an answer like any other: what it shows has been checked, its citations are those of its points, and
a number that a citation has once, it keeps.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from threading import Event
from typing import TypeAlias

from threadwise.advice.render import answer_text
from threadwise.domain import Answer, Point

Stop: TypeAlias = Event | None
"""Set by whoever no longer wants to wait; None: nobody will."""


def growing(answer: Answer, stop: Stop = None) -> Generator[Answer, None, None]:
    """A finished answer in stages, the answer itself last; without points there is only that."""
    for shown in range(len(answer.points)):
        if stop is not None and stop.is_set():
            break
        yield beginning(answer, answer.points[:shown])
    yield answer


def beginning(answer: Answer, points: Sequence[Point]) -> Answer:
    """An answer with some of its points only, and with what these rest on."""
    cited = {n for point in points for n in (*point.citations, *(outcome.n for outcome in point.outcomes))}
    stage = replace(
        answer,
        text="",
        points=tuple(points),
        citations=tuple(citation for citation in answer.citations if citation.n in cited),
        disagreements=(),
    )
    return replace(stage, text=answer_text(stage)) if points else stage
