"""The words of Threadwise as values: frozen, validated, no I/O.

A forum's threads come in as `Thread` and `Post`, are cut into `Passage`s, come back as `Hit`s, and leave as an `Answer`
whose `Point`s rest on `Citation`s. Scores are always higher-is-better.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from threadwise.errors import InputError

MAX_ID = 512
"""Longest id in characters; longer ones are broken exports, and would not fit an address."""

QUOTE, PARAPHRASE = "quote", "paraphrase"
"""In whose words a point is shown: its author's to the letter, or others that were checked against them."""

T = TypeVar("T")


class Role(StrEnum):
    """Who speaks: the one who asked, or somebody who replied."""

    ASKER = "asker"
    REPLIER = "replier"


class Part(StrEnum):
    """What a passage is: what was asked, or what was said."""

    QUESTION = "question"
    REPLY = "reply"


class Status(StrEnum):
    """How well an answer is supported, in the order of honesty."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    UNANSWERED = "unanswered"


class OutcomeLabel(StrEnum):
    """What somebody reports after trying advice; an intention is not a result."""

    INTENDS = "intends"
    HELPED = "helped"
    NO_CHANGE = "no_change"
    WORSE = "worse"
    UNKNOWN = "unknown"


class NoticeKind(StrEnum):
    """What a notice is about; the first three are the safety ones, most serious first."""

    CRISIS = "crisis"
    URGENT = "urgent"
    CAUTION = "caution"
    INFO = "info"


def _check_id(value: str, what: str) -> None:
    if not value or value != value.strip() or len(value) > MAX_ID:
        raise InputError(f"{what} {value[:60]!r} must be 1 to {MAX_ID} characters without spaces at its ends.")
    if not value.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise InputError(f"{what} {value[:60]!r} has control characters in it.")


def _check_text(value: str, what: str) -> None:
    if "\x00" in value or not (value.isascii() or _encodable(value)):
        raise InputError(f"{what} has a NUL or half a surrogate pair in it; is the file damaged or binary?")


def _encodable(value: str) -> bool:
    try:
        value.encode("utf-8")  # a hundred times faster than looking at each character for half a surrogate pair
    except UnicodeEncodeError:
        return False
    return True


def _check_date(value: str | None, what: str) -> None:
    if value is None:
        return
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"{what}: {value[:40]!r} is not an ISO 8601 date such as 2024-03-04T18:22:00.") from error


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a thread. Text is kept exactly as the author wrote it; spans count its characters."""

    id: str
    text: str
    author: str | None = None
    created: str | None = None
    score: int | None = None
    accepted: bool = False
    role: Role = Role.REPLIER
    reply_to: str | None = None
    kind: str | None = None
    url: str | None = None
    author_url: str | None = None
    edited: str | None = None

    def __post_init__(self) -> None:
        _check_id(self.id, "The post id")
        where = f"Post {self.id!r}"
        for name in ("text", "author", "reply_to", "kind", "url", "author_url"):
            _check_text(getattr(self, name) or "", f"{where}: {name}")
        _check_date(self.created, where)
        _check_date(self.edited, where)

    @property
    def is_asker(self) -> bool:
        """Whether the thread's asker wrote this."""
        return self.role is Role.ASKER


@dataclass(frozen=True, slots=True)
class Thread:
    """A question post and what followed it, in order."""

    id: str
    title: str
    posts: tuple[Post, ...]
    url: str | None = None
    source: str | None = None
    licence: str | None = None
    created: str | None = None
    tags: tuple[str, ...] = ()
    duplicate_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_id(self.id, "The thread id")
        where = f"Thread {self.id!r}"
        for name in ("title", "url", "source", "licence"):
            _check_text(getattr(self, name) or "", f"{where}: {name}")
        for tag in self.tags:
            _check_text(tag, f"{where}: tag")
        _check_date(self.created, where)
        if not self.posts:
            raise InputError(f"{where} has no posts; a thread starts with the asker's question.")
        ids = [post.id for post in self.posts]
        if len(set(ids)) != len(ids):
            twice = next(i for i in ids if ids.count(i) > 1)
            raise InputError(f"{where} has two posts with the id {twice!r}; ids must differ within a thread.")

    @property
    def question(self) -> Post:
        """The opening post."""
        return self.posts[0]

    @property
    def heading(self) -> str:
        """The title, or the opening words of a thread that has none."""
        return self.title.strip() or " ".join(self.question.text.split())[:80] or self.id

    @property
    def solved(self) -> bool:
        """Whether a reply was accepted."""
        return any(post.accepted for post in self.posts)

    def post(self, post_id: str) -> Post | None:
        """The post with this id, if the thread has it."""
        return next((post for post in self.posts if post.id == post_id), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span [start, end) of one post's text; the unit indexed. `text` is exactly that span."""

    thread_id: str
    post_id: str
    start: int
    end: int
    text: str
    part: Part

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise InputError(f"Span [{self.start}, {self.end}) does not fit a text of {len(self.text)} characters.")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """Something found, with its score; higher is better."""

    item: T
    score: float


@dataclass(frozen=True, slots=True)
class SimilarThread:
    """A thread found, and why: the terms it shares, the sentence that matches best, and terms that it alone has.

    `folded` are the ids of threads that ask the same in nearly the same words and were left out for it.
    """

    thread_id: str
    title: str
    score: float
    url: str | None = None
    terms: tuple[str, ...] = ()
    sentence: str | None = None
    folded: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered pointer from an answer to the span of a post that it rests on.

    `standing` is what the forum thinks of the post, in words: "accepted, 22 votes".
    """

    n: int
    thread_id: str
    thread_title: str
    post_id: str
    author: str | None
    created: str | None
    role: Role
    url: str | None
    start: int
    end: int
    quote: str
    sha256: str = ""
    situation: str | None = None
    standing: str = ""

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.quote):
            raise InputError(f"Citation {self.n}: the quote does not fit its span.")
        if not self.sha256:
            object.__setattr__(self, "sha256", content_hash(self.quote))


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What came of advice, in the words of the one who tried it."""

    label: OutcomeLabel
    post_id: str
    quote: str
    n: int


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of advice: its words, who gave it, how many people, what came of it.

    `kind` is QUOTE where `text` is the first citation's quote, PARAPHRASE where it says the same in other words.
    """

    text: str
    citations: tuple[int, ...]
    people: int
    threads: int
    kind: str = QUOTE
    outcomes: tuple[OutcomeReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement."""

    text: str
    citations: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where people contradict each other; both sides stand. `about` is empty where no words of both name it."""

    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know besides the advice."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A suggestion that carries its proof. `text` is Markdown with [n] markers."""

    question: str
    status: Status
    text: str
    points: tuple[Point, ...] = ()
    citations: tuple[Citation, ...] = ()
    similar: tuple[SimilarThread, ...] = ()
    notices: tuple[Notice, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    missing: str | None = None
    draft: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    generation: int = 0


def content_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def known_name(author: str | None) -> str:
    """The name of a person; empty where it names nobody, as `anonymous`, `[deleted]` or `guest` do."""
    name = (author or "").strip()
    return "" if name.lower().strip("[]()<>") in _NOBODY else name


def same_author(one: str | None, other: str | None) -> bool:
    """Whether two posts are known to be by one person: both have a name, the same one, and it names somebody."""
    return one is not None and one == other and known_name(one) != ""


_NOBODY = frozenset(
    [
        "",
        "deleted",
        "deleted user",
        "removed",
        "anonymous",
        "anon",
        "guest",
        "unknown",
        "unknown author",
        "user",
        "nobody",
    ]
)
"""What stands in the place of a name where there is none: two such posts are two people."""


def with_roles(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Give the first post, and every post by its author, to the asker; the rest to repliers."""
    asker = posts[0].author if posts else None
    return tuple(
        replace(post, role=Role.ASKER if i == 0 or same_author(post.author, asker) else Role.REPLIER)
        for i, post in enumerate(posts)
    )
