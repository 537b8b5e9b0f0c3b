"""Threads as a list shows them. Pure: no database here, so that a page needs none for it."""

from __future__ import annotations

from dataclasses import dataclass

from threadwise.domain import Thread

EXCERPT = 280
"""Most characters of a question that a list shows."""


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread as a list shows it. `posts` counts the question too; `excerpt` are its first words."""

    id: str
    title: str
    created: str | None
    tags: tuple[str, ...]
    posts: int
    solved: bool
    excerpt: str
    asker: str | None


def summary_of(thread: Thread) -> ThreadSummary:
    """A thread as a list shows it."""
    return ThreadSummary(
        id=thread.id,
        title=thread.heading,
        created=thread.created or thread.question.created,
        tags=thread.tags,
        posts=len(thread.posts),
        solved=thread.solved,
        excerpt=excerpt(thread.question.text),
        asker=thread.question.author,
    )


def excerpt(text: str) -> str:
    """The first words of a text, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else words[:EXCERPT].rsplit(" ", 1)[0] + "…"
