"""From a query to ranked evidence: passages by meaning and by words, fused, and gathered by thread."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from threadwise.corpus.store import Store
from threadwise.domain import Hit, Part, Passage, SimilarThread, Thread
from threadwise.index.indexer import Index
from threadwise.index.spans import sentence_spans
from threadwise.retrieval import ranking
from threadwise.retrieval.query import Query

POOL = 60
"""Passages taken from each of the two lists."""

GATHERED = 30
"""Threads whose question is looked at even where it was not found by itself."""

SHARED_TERMS = 6

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, best first: passages, threads by id, posts by (thread id, post id).

    `best_cosine` says how near the nearest passage is.
    """

    hits: tuple[Hit[Passage], ...]
    threads: tuple[Hit[str], ...]
    posts: tuple[Hit[ranking.PostKey], ...]
    query_vector: NDArray[np.float32]
    best_cosine: float = 0.0


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, store: Store) -> None:
        self._index = index
        self._store = store

    def search(self, query: Query, k: int = 10, *, threads: Collection[str] | None = None) -> Evidence:
        """The passages, threads and posts that match a query best.

        Args:
            query: What is asked, standing alone.
            k: Most threads; five times as many passages and posts.
            threads: Look into these alone.
        """
        vector = self._index.encode([query.text])
        pool = max(POOL, 3 * k)
        [dense] = self._index.nearest(vector, pool, threads=threads)
        words = {hit.item: hit.score for hit in self._index.words(query.text, pool, threads=threads)}
        cosines = {hit.item: hit.score for hit in dense}
        self._complete(cosines, words, vector[0])
        scores = ranking.fuse(cosines, words)
        by_thread = ranking.threads(scores)
        found = self._store.get_many(by_thread)
        known = {(thread.id, post.id): post for thread in found.values() for post in thread.posts}
        by_post = ranking.posts(scores, by_thread, known)
        passages = {(p.thread_id, p.post_id, p.start): (p, score) for p, score in scores.items()}
        return Evidence(
            tuple(Hit(*passages[hit.item]) for hit in _best({key: s for key, (_, s) in passages.items()}, 5 * k)),
            tuple(_best(by_thread, k)),
            tuple(_best(by_post, 5 * k)),
            vector[0],
            max(cosines.values(), default=0.0),
        )

    def similar(self, thread_or_text: Thread | str, k: int = 10) -> list[SimilarThread]:
        """The threads most like a thread or a text, each with the words it shares and the sentence that matches."""
        if isinstance(thread_or_text, Thread):
            own, text = thread_or_text.id, f"{thread_or_text.title}\n{thread_or_text.question.text}"
        else:
            own, text = None, thread_or_text
        found = [hit for hit in self.search(Query(text), k + 1).threads if hit.item != own][:k]
        known = self._store.get_many([hit.item for hit in found])
        stems = set(self._index.terms(text))
        return [self._why(known[hit.item], hit.score, stems) for hit in found if hit.item in known]

    def _complete(
        self, cosines: dict[Passage, float], words: Mapping[Passage, float], vector: NDArray[np.float32]
    ) -> None:
        """Add the cosines of passages found by words alone, and of the questions of the threads found."""
        ids = dict.fromkeys(passage.thread_id for passage in [*cosines, *words])
        asked = [p for p in self._index.passages_of(list(ids)[:GATHERED]) if p.part is Part.QUESTION]
        missing = [passage for passage in dict.fromkeys([*words, *asked]) if passage not in cosines]
        if missing:
            cosines.update(zip(missing, (self._index.vectors_of(missing) @ vector).tolist(), strict=True))

    def _why(self, thread: Thread, score: float, stems: set[str]) -> SimilarThread:
        text = thread.question.text
        sentences = [text[start:end] for start, end in sentence_spans(text)] or [thread.heading]
        shared: dict[str, str] = {}
        for word in f"{thread.title} {text}".split():
            for stem in self._index.terms(word):
                if stem in stems and len(stem) > 2:
                    shared.setdefault(stem, word.strip(".,;:!?()\"'").lower())
        rare = sorted(shared, key=lambda stem: (self._index.frequency(stem), stem))[:SHARED_TERMS]
        best = max(sentences, key=lambda sentence: len(stems & set(self._index.terms(sentence))))
        terms = tuple(shared[stem] for stem in rare)
        return SimilarThread(thread.id, thread.heading, round(score, 4), thread.url, terms, best)


def _best(scores: Mapping[K, float], k: int) -> list[Hit[K]]:
    """The k highest, equals in the order of their keys."""
    order = sorted(scores.items(), key=lambda item: (-round(item[1], 6), item[0]))
    return [Hit(key, score) for key, score in order[:k]]
