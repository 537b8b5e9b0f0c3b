"""Which threads and posts somebody wants to look into, as values."""

from __future__ import annotations

from dataclasses import dataclass

from threadwise.domain import Post


@dataclass(frozen=True, slots=True)
class Filters:
    """All that is set must hold. Tags and names are compared without case.

    `tags` must all be there; one of `authors` must have posted. `since` (first moment) and `until` (first moment after)
    are ISO 8601 in UTC and mean when the thread began; a thread without a date fails both. `replied` asks for replies
    or for none, `solved` for an accepted one or for none. `min_score` asks for a post with that many votes.
    """

    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    solved: bool | None = None
    replied: bool | None = None
    min_score: int | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def admits(self, post: Post) -> bool:
        """Whether a post is one that was asked for: by one of the authors, with enough votes."""
        if self.authors and (post.author or "").casefold() not in {name.casefold() for name in self.authors}:
            return False
        return self.min_score is None or (post.score is not None and post.score >= self.min_score)
