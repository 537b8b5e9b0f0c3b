"""Arbitrary threads of the domain, for the round trips."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from threadwise.domain import Post, Role, Thread

_letters = st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00")
texts = st.text(_letters, max_size=60) | st.lists(
    st.sampled_from(["", "---", "## Post 2", "\\## Post x", "\\\\## Post 2", "author: x", " ", '"', "\r", "#", "> q"]),
    max_size=6,
).map("\n".join)
ids = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
) | st.sampled_from(["1", "p1", "a/b", "null", "yes", "- x", "x: y", '"q"', "[1]"])
dates = (
    st.none()
    | st.datetimes().map(datetime.isoformat)
    | st.sampled_from(["2024-03-04", "2013-05-02 19:43:00", "2024-03-04T18:22:00Z"])
)
maybe = (
    st.none() | texts | st.sampled_from(["https://example.org/a?b=1#c", "null", "~", "a: b", "a #b", "- a", "", " "])
)

posts = st.builds(
    Post,
    id=ids,
    text=texts,
    author=maybe,
    created=dates,
    score=st.none() | st.integers(-(2**63), 2**63 - 1),
    accepted=st.booleans(),
    role=st.sampled_from(Role),
    reply_to=maybe,
    kind=maybe,
    url=maybe,
    author_url=maybe,
    edited=dates,
)
threads = st.builds(
    Thread,
    id=ids,
    title=texts,
    posts=st.lists(posts, min_size=1, max_size=4, unique_by=lambda post: post.id).map(tuple),
    url=maybe,
    source=maybe,
    licence=maybe,
    created=dates,
    tags=st.lists(texts, max_size=3).map(tuple),
    duplicate_of=st.lists(texts, max_size=2).map(tuple),
)
