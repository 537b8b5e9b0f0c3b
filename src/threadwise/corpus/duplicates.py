"""Threads that ask the same in nearly the same words, and posts that one person put into several threads.

The first are found through fingerprints that the store files with each thread, so that nothing is built at start and a
look-up touches a handful of rows however large the corpus is. Reworded questions are another matter: meaning is
compared in retrieval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from threadwise.corpus.fingerprint import bands, jaccard, question_text, shingles
from threadwise.corpus.reads import PlacedPost
from threadwise.corpus.store import Store
from threadwise.domain import Post, Thread

NEARLY = 0.5
"""Least Jaccard similarity of questions that are called nearly the same: half of all word runs are shared, which
unrelated threads of a forum never reach, and a copy with one sentence changed or added still does."""

SAME_POST = 0.6
"""Least Jaccard similarity of posts of one author that count as one statement."""

_LEAST_SHINGLES = 6
"""Eight words: shorter posts ("thanks, that helped") are the same by chance, not because they were posted twice."""

_LOOKED_AT, _LEAST_LOOKED_AT = 5_000, 50
"""Posts that those of one page are compared with, and least of each author: a robot's are many thousand, and the first
tell enough."""

_AT_ONCE = 500
"""Authors looked up together."""

PostRef = tuple[str, str]
"""Thread id and post id, which together name a post."""


def near_duplicates(store: Store, thread: Thread, *, least: float = NEARLY, limit: int = 10) -> list[tuple[str, float]]:
    """Threads of the corpus that ask nearly the same as this one, most alike first, with the Jaccard similarity.

    A thread of the same id is among them, if the corpus has one: the id of a paste is made from its title, so it
    may well be the paste's double. Who asks about a thread of the corpus leaves that one out.

    Args:
        store: The corpus.
        thread: Any thread, in the corpus or not.
        least: Least similarity, from 0.4 on; below that the fingerprints do not find every pair.
        limit: Most threads.
    """
    own = shingles(question_text(thread))
    candidates = store.get_many(store.sharing_bands(bands([question_text(thread)])[0]))
    scored = ((other.id, jaccard(own, shingles(question_text(other)))) for other in candidates.values())
    return sorted((pair for pair in scored if pair[1] >= least), key=lambda pair: (-pair[1], pair[0]))[:limit]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A thread that asks nearly the same as an older one, and the Jaccard similarity of the two questions."""

    thread_id: str
    like: str
    similarity: float


def alike_to_older(store: Store, ids: Sequence[str]) -> list[Likeness]:
    """Which of these threads ask nearly the same as a thread that came before them, with the one most like it.

    Looks at the oldest thread of each of a thread's bands, so that ten thousand copies of one question cost no more
    than two.

    Args:
        store: The corpus.
        ids: Threads of the corpus, such as those that an import has just added.

    Returns:
        In the order of `ids`; threads that are like no older one are left out.
    """
    older = store.oldest_sharing_bands(ids)
    known = store.get_many({*older, *(each for found in older.values() for each in found)})
    runs = {thread_id: shingles(question_text(thread)) for thread_id, thread in known.items()}
    found: list[Likeness] = []
    for thread_id in ids:
        candidates = [each for each in older.get(thread_id, ()) if each in runs]
        if thread_id not in runs or not candidates:
            continue
        scored = [(jaccard(runs[thread_id], runs[other]), other) for other in candidates]
        similarity, like = max(scored, key=lambda pair: (pair[0], pair[1]))
        if similarity >= NEARLY:
            found.append(Likeness(thread_id, like, round(similarity, 3)))
    return found


def cross_posts(posts: Iterable[tuple[str, Post]]) -> list[frozenset[PostRef]]:
    """Group posts that say nearly the same and have the same author, or no known one; only groups of several.

    Whoever counts people or support counts each group once. Groups are disjoint, in the order of their first post.

    Args:
        posts: Thread ids and posts; those found for one question, or all of one author (`Store.posts_of`).
    """
    by_author: dict[str | None, list[tuple[PostRef, frozenset[int]]]] = defaultdict(list)
    order: dict[PostRef, int] = {}
    for thread_id, post in posts:
        ref = (thread_id, post.id)
        found = shingles(post.text)
        if len(found) >= _LEAST_SHINGLES and ref not in order:
            order[ref] = len(order)
            by_author[post.author].append((ref, found))
    groups = [group for own in by_author.values() for group in _alike(own)]
    return sorted(groups, key=lambda group: min(order[ref] for ref in group))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where else the author of a post said nearly the same: another thread, its title, and the post in it."""

    thread_id: str
    title: str
    post_id: str


def elsewhere(store: Store, thread: Thread, posts: Sequence[Post] | None = None) -> dict[str, tuple[Elsewhere, ...]]:
    """Posts that their authors also put into other threads of the corpus, by the id of the post here.

    Args:
        store: The corpus.
        thread: Any thread, in the corpus or not.
        posts: Those of its posts that are asked about; None for all.

    Returns:
        Only posts that are found elsewhere; of each place the oldest thread first.
    """
    by_author: dict[str, list[Post]] = defaultdict(list)
    for post in thread.posts if posts is None else posts:
        if post.author is not None:
            by_author[post.author].append(post)
    limit = max(_LEAST_LOOKED_AT, _LOOKED_AT // max(1, len(by_author)))
    found: dict[str, tuple[Elsewhere, ...]] = {}
    names = list(by_author)
    for start in range(0, len(names), _AT_ONCE):
        others = store.posts_elsewhere(names[start : start + _AT_ONCE], thread.id, limit=limit)
        found |= _said_there([(author, post) for author in others for post in by_author[author]], others)
    return found


def _said_there(
    theirs: Sequence[tuple[str, Post]], others: Mapping[str, Sequence[PlacedPost]]
) -> dict[str, tuple[Elsewhere, ...]]:
    """Which posts of these authors are among others of the same author; those that meet in a band are compared."""
    every = [(author, other) for author, found in others.items() for other in found]
    filed: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, ((author, _), keys) in enumerate(zip(every, bands([other.text for _, other in every]), strict=True)):
        for key in keys:
            filed[author, key].append(place)
    found = {}
    for (author, post), keys in zip(theirs, bands([post.text for _, post in theirs]), strict=True):
        near = sorted({place for key in keys for place in filed.get((author, key), ())})
        own = shingles(post.text) if near else frozenset[int]()
        places = tuple(
            Elsewhere(other.thread_id, other.title or other.thread_id, other.post_id)
            for _, other in (every[place] for place in near)
            if len(own) >= _LEAST_SHINGLES and jaccard(own, shingles(other.text)) >= SAME_POST
        )
        if places:
            found[post.id] = places
    return found


def _alike(posts: list[tuple[PostRef, frozenset[int]]]) -> list[frozenset[PostRef]]:
    """Join posts to the groups they are alike to; a post may join two groups into one."""
    groups: list[list[tuple[PostRef, frozenset[int]]]] = []
    for post in posts:
        near = [group for group in groups if any(jaccard(post[1], other) >= SAME_POST for _, other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(member for group in near for member in group), post])
    return [frozenset(ref for ref, _ in group) for group in groups if len(group) > 1]
