"""What is asked, standing alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A question that can be understood without the talk before it."""

    text: str


def understand(question: str, history: Sequence[str] = ()) -> Query:
    """Make one standalone query of a question and the questions before it."""
    del history
    return Query(" ".join(question.split()))
