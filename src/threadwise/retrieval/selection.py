"""Which threads, posts and passages a query's filters leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from threadwise.corpus.filters import Filters
from threadwise.corpus.store import Store
from threadwise.domain import Part, Passage, Post
from threadwise.index.indexer import Index
from threadwise.retrieval.query import Query
from threadwise.retrieval.ranking import PostKey

_ALL = 100_000
"""Most passages with a phrase or a word to leave out that are looked at; of a commoner one the best of them count."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What may be found. `threads` is None where all may; `phrased` are the posts that have an exact phrase."""

    threads: frozenset[str] | None
    filters: Filters
    phrased: frozenset[PostKey]
    excluded_posts: frozenset[PostKey]
    excluded_threads: frozenset[str]

    def admits_thread(self, thread_id: str) -> bool:
        """Whether a thread may be found."""
        return thread_id not in self.excluded_threads and (self.threads is None or thread_id in self.threads)

    def admits_post(self, key: PostKey, known: Mapping[PostKey, Post]) -> bool:
        """Whether a post may be found; one that is not known is taken to have no author and no votes."""
        if key in self.excluded_posts or (self.phrased and key not in self.phrased):
            return False
        return not self.filters or self.filters.admits(known.get(key) or Post(key[1], ""))


def select(query: Query, index: Index, store: Store, within: Collection[str] | None) -> Selection:
    """Work out what a query's filters leave.

    Args:
        query: What is asked.
        index: Finds phrases and words to leave out.
        store: Knows tags, authors, dates, states and votes.
        within: Threads to look into besides; None for all.
    """
    threads = None if within is None else frozenset(within)
    if query.filters:
        threads = _both(threads, frozenset(store.matching_ids(query.filters)))
    phrased: frozenset[PostKey] = frozenset()
    for phrase in query.phrases:
        found = [hit.item for hit in index.phrase(phrase, _ALL, threads=threads)]
        threads = _both(threads, frozenset(passage.thread_id for passage in found))
        phrased |= {_key(passage) for passage in found}
    without = [hit.item for word in query.excluded for hit in index.words(word, _ALL, threads=threads)]
    asked = frozenset(passage.thread_id for passage in without if passage.part is Part.QUESTION)
    return Selection(threads, query.filters, phrased, frozenset(map(_key, without)), asked)


def _key(passage: Passage) -> PostKey:
    return passage.thread_id, passage.post_id


def _both(first: frozenset[str] | None, second: frozenset[str]) -> frozenset[str]:
    return second if first is None else first & second
