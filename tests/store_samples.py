"""Threads for the tests of the corpus room, written out or made by hypothesis."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from threadwise.config import Settings
from threadwise.domain import Post, Role, Thread


def settings(home: Path, **values: object) -> Settings:
    return Settings(home=home, **values)  # type: ignore[arg-type]


def thread(thread_id: str, text: str = "My back is sore.", **values: object) -> Thread:
    posts = (
        Post("1", text, author="ana", created="2024-03-04T10:00:00", score=2, role=Role.ASKER),
        Post("2", "Shorter runs helped me.", author="ben", created="2024-03-04T11:00:00", reply_to="1", accepted=True),
    )
    return Thread(thread_id, str(values.pop("title", f"About {thread_id}")), posts, **values)  # type: ignore[arg-type]


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)
ids = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
dates = st.one_of(
    st.none(),
    st.datetimes().map(lambda d: d.isoformat()),
    st.datetimes(timezones=st.timezones()).map(str),
    st.dates().map(str),
)
maybe = st.none() | texts
posts = st.builds(
    Post,
    id=ids,
    text=texts,
    author=maybe,
    created=dates,
    score=st.none() | st.integers(-(2**63) + 1, 2**63 - 1),
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
    source=st.none(),
    licence=maybe,
    created=dates,
    tags=st.lists(texts, max_size=3).map(tuple),
    duplicate_of=st.lists(texts, max_size=2).map(tuple),
)


@contextmanager
def no_right_to_write(home: Path) -> Iterator[None]:
    """Everything below `home` may be read but not written, also by the superuser, who acts as nobody meanwhile."""
    everything = [home, *home.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that nobody, too, can reach; pytest's own is private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def most_file_size(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes; what a full disk does to a write, this does too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
