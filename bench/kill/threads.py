"""Threads that show by themselves whether they are whole.

Each thread has one author of its own, whom no other thread ever has: a writer knows its threads by them, whatever ids
they were given. Every post carries author, version, place and number of posts, so that any mixture shows.
"""

from __future__ import annotations

import re

from threadwise.corpus.formats.values import slug
from threadwise.corpus.store import Store
from threadwise.domain import Post, Role, Thread

TITLES = ("Sore back", "Leaves turn yellow", "Puppy bites")
_SIGNED = re.compile(r"Written by (\S+), version (\d+), post (\d+) of (\d+)\.")
_ADVICE = (
    "You should try to stretch slowly every morning.",
    "I would water it less and give it more light.",
    "Try to turn away and give her a toy whenever she bites.",
)


def make(who: str, version: int, posts: int, thread_id: str = "") -> Thread:
    """A thread of an author; without an id it gets one from its title, which it shares with many others."""
    number = sum(who.encode()) % len(TITLES)
    title = TITLES[number] + (f", update {version}" if version > 1 else "")
    texts = (f"Written by {who}, version {version}, post {i} of {posts}. {_ADVICE[number]}" for i in range(posts))
    asked = {0: Role.ASKER}  # the others count as replies, or nobody would advise anything
    made = tuple(Post(str(i), text, author=who, role=asked.get(i, Role.REPLIER)) for i, text in enumerate(texts))
    return Thread(thread_id or slug(title), title, made)


def id_of(store: Store, who: str) -> str | None:
    """Where an author's thread is, None if nowhere.

    Raises:
        AssertionError: It is in two places.
    """
    places = {thread_id for thread_id, _ in store.posts_of(who)}
    assert len(places) < 2, f"{who} has two threads, {sorted(places)}"
    return places.pop() if places else None


def version_of(store: Store, who: str) -> int | None:
    """The version that all of an author's thread shows; None where there is none.

    Raises:
        AssertionError: It is half-written, or stands twice.
    """
    place = id_of(store, who)
    if place is None:
        return None
    thread = store.get(place)
    signed = [match.groups() if (match := _SIGNED.match(post.text)) else () for post in thread.posts]
    versions = {int(each[1]) for each in signed if each}
    version = versions.pop() if len(versions) == 1 else 0
    expected = make(who, version, len(thread.posts), place)
    assert thread == expected, f"{place} is half-written: {thread.title}, {signed}"
    assert signed[0][3] == str(len(signed)), f"{place} has lost posts: {signed}"
    return version
