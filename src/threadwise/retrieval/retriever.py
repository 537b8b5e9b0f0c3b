"""From a query to ranked evidence: passages by meaning and by words, fused, gathered by thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threadwise.corpus.store import Store
from threadwise.domain import Hit, Passage, SimilarThread, Thread
from threadwise.index.indexer import Index
from threadwise.retrieval.query import Query

_POOL = 50


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, best first: passages, threads by id, posts by (thread id, post id)."""

    hits: tuple[Hit[Passage], ...]
    threads: tuple[Hit[str], ...]
    posts: tuple[Hit[tuple[str, str]], ...]
    query_vector: NDArray[np.float32]


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, store: Store) -> None:
        self._index = index
        self._store = store

    def search(self, query: Query, k: int = 10, *, threads: Collection[str] | None = None) -> Evidence:
        """The passages, threads and posts that match a query best, of some threads or of all."""
        vector = self._index.encode([query.text])
        [dense] = self._index.nearest(vector, max(_POOL, 3 * k), threads=threads)
        words = self._index.words(query.text, max(_POOL, 3 * k), threads=threads)
        top = words[0].score if words else 1.0
        fused: dict[Passage, float] = defaultdict(float)
        for hit in dense:
            fused[hit.item] += 0.7 * hit.score
        for hit in words:
            fused[hit.item] += 0.3 * hit.score / top
        by_thread: dict[str, float] = {}
        posts: dict[tuple[str, str], float] = {}
        for passage, score in fused.items():
            by_thread[passage.thread_id] = max(by_thread.get(passage.thread_id, 0.0), score)
            key = (passage.thread_id, passage.post_id)
            posts[key] = max(posts.get(key, 0.0), score)
        hits = sorted(fused.items(), key=lambda item: (-item[1], item[0].thread_id, item[0].post_id, item[0].start))
        return Evidence(
            tuple(Hit(*item) for item in hits[: 5 * k]),
            tuple(Hit(*item) for item in sorted(by_thread.items(), key=lambda item: (-item[1], item[0]))[:k]),
            tuple(Hit(*item) for item in sorted(posts.items(), key=lambda item: (-item[1], item[0]))[: 5 * k]),
            vector[0],
        )

    def similar(self, thread_or_text: Thread | str, k: int = 10) -> list[SimilarThread]:
        """The threads most like a thread or a text."""
        own = thread_or_text.id if isinstance(thread_or_text, Thread) else None
        text = (
            thread_or_text
            if isinstance(thread_or_text, str)
            else f"{thread_or_text.title}\n{thread_or_text.question.text}"
        )
        found = self.search(Query(text), k + 1).threads
        known = self._store.get_many([hit.item for hit in found])
        return [
            SimilarThread(hit.item, known[hit.item].heading, hit.score, known[hit.item].url)
            for hit in found
            if hit.item != own and hit.item in known
        ][:k]
