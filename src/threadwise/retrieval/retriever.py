"""From a query to ranked evidence: find candidate threads by meaning and by words, compare all they hold, rank.

Two lists of passages name the candidates; then every passage of each candidate counts, found or not, so that a thread's
score does not hang on which of its passages made the cut.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from threadwise.corpus.store import Store
from threadwise.domain import Hit, Passage, Post, SimilarThread, Thread
from threadwise.errors import QueryError
from threadwise.index.indexer import Index
from threadwise.index.matches import Matches
from threadwise.index.rows import Place
from threadwise.retrieval import likeness, nearness, ranking, spelling
from threadwise.retrieval.nearness import Nearness
from threadwise.retrieval.query import Query
from threadwise.retrieval.ranking import WEIGHTS, PostKey, Weights
from threadwise.retrieval.selection import Selection, select

POOL = 60
"""Passages taken from each of the two lists."""

WIDER = 4
"""How many times more are taken where filters leave fewer threads than are wanted."""

WIDENED = 4
"""How often at most, the first time included: 3,840 passages of each list."""

WHOLE_TITLE = 4
"""Words from which a first line is a title that says what it is about; a shorter one counts in proportion."""

BESIDE = 0.8
"""How much a question's first line, and what follows it, count beside the whole."""

LONGEST_SIMILAR = 2_000
"""Characters of a thread's question by which similar ones are looked for; the encoder reads about half of that."""

K = TypeVar("K", str, PostKey)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, best first: passages, threads by id, posts by (thread id, post id).

    Opening posts ask and answer nothing: they are among the passages and not among the posts. `best_cosine` says how
    near the nearest passage is, `nearness` how near the first thread that could answer; `alike` how near each thread's
    question is to the first one's, in their order; `repairs` what in the question was read differently; `timings_ms`
    where time went; `known` the threads as they were when they were ranked.
    """

    hits: tuple[Hit[Passage], ...]
    threads: tuple[Hit[str], ...]
    posts: tuple[Hit[PostKey], ...]
    query_vector: NDArray[np.float32]
    best_cosine: float = 0.0
    nearness: Nearness | None = None
    alike: Mapping[str, float] = field(default_factory=dict)
    repairs: tuple[spelling.Repair, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    known: Mapping[str, Thread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as it is searched: its vector and words, whether an outcome is wanted, and how many threads."""

    vector: NDArray[np.float32]
    words: str
    outcome: bool
    k: int


class Retriever:
    """Searches one index. `has_outcome` says whether somebody tells what came of it, `weights` what counts how much."""

    def __init__(
        self,
        index: Index,
        store: Store,
        has_outcome: Callable[[Thread], bool] | None = None,
        weights: Weights = WEIGHTS,
    ) -> None:
        self._index = index
        self._store = store
        self._has_outcome = has_outcome
        self._weights = weights

    def search(
        self, query: Query, k: int = 10, *, threads: Collection[str] | None = None, without: str = ""
    ) -> Evidence:
        """The passages, threads and posts that match a query best.

        Args:
            query: What is asked, standing alone.
            k: Most threads; five times as many passages and posts.
            threads: Look into these alone.
            without: A thread to leave out, as if the corpus did not have it.

        Raises:
            QueryError: An outcome is wanted, and nobody here can tell whether a thread has one.
        """
        clock = _Clock()
        selection = select(query, self._index, self._store, threads)
        repairs = spelling.repairs(query.text, self._index)
        text = spelling.apply(query.text, repairs)
        words = f"{text} {' '.join(repair.written for repair in repairs)}" if repairs else text
        clock.note("read")
        pool = max(POOL, 3 * k)
        worded = self._index.soon_word_places(words, pool, threads=selection.threads)
        vector = self._vector(text)
        clock.note("encode")
        asked = _Asked(vector, words, query.outcome, k)
        matches = self._matches(asked, worded.result(), pool, selection, without)
        clock.note("search")
        evidence = self._ranked(matches, asked, selection)
        clock.note("rank")
        return replace(evidence, repairs=repairs, timings_ms=clock.taken)

    def similar(self, thread_or_text: Thread | str, k: int = 10) -> list[SimilarThread]:
        """The threads most like a thread or a text, best first, each with why; near-duplicates are folded into one."""
        thread = thread_or_text if isinstance(thread_or_text, Thread) else None
        text = f"{thread.title}\n{thread.question.text}" if thread else str(thread_or_text)
        found = self.search(Query(text[:LONGEST_SIMILAR]), 2 * k + 1).threads
        known = self._store.get_many(hit.item for hit in found if thread is None or hit.item != thread.id)
        ranked = [(known[hit.item], hit.score) for hit in found if hit.item in known]
        words = likeness.Words(self._index)
        asked = words.forms(text)
        return [likeness.explain(asked, one, score, same, words) for one, score, same in likeness.fold(ranked)[:k]]

    def _vector(self, text: str) -> NDArray[np.float32]:
        """The question's direction: the whole and, where it has several lines, the first and the rest beside it."""
        head, _, rest = text.partition("\n")
        if not head.strip() or not rest.strip():
            return np.asarray(self._index.encode([text])[0])
        whole, title, body = self._index.encode([text, head, rest])
        joined = whole + BESIDE * (min(1.0, len(head.split()) / WHOLE_TITLE) * title + body)
        return np.asarray(joined / np.linalg.norm(joined), dtype=np.float32)

    def _matches(self, asked: _Asked, same: list[Hit[Place]], pool: int, selection: Selection, without: str) -> Matches:
        """Compare all that the candidate threads hold; looks further where filters leave few of them.

        Args:
            asked: What is asked.
            same: The `pool` best passages by words.
            pool: How many passages each list has at first.
            selection: What may be found.
            without: A thread to leave out.
        """
        told: dict[str, bool] = {}
        for attempt in range(WIDENED):
            if attempt:
                pool *= WIDER
                same = self._index.word_places(asked.words, pool, threads=selection.threads)
            near = self._index.nearest_places(asked.vector, pool, threads=selection.threads)
            found = dict.fromkeys(hit.item.thread_id for hit in [*near, *same])
            found.pop(without, None)
            kept = [one for one in found if selection.admits_thread(one)]
            # With a filter the best match by words may lie outside of what it leaves.
            most = max((hit.score for hit in same), default=0.0) if selection.threads is None else None
            matches = self._index.matches(asked.vector, asked.words, kept, most)
            if asked.outcome:
                kept = self._with_outcome(matches, told, asked.k)
                matches = self._index.matches(asked.vector, asked.words, kept, most)
            if len(kept) >= min(asked.k, len(found)) or len(near) < pool:
                break
        return matches

    def _with_outcome(self, matches: Matches, told: dict[str, bool], k: int) -> list[str]:
        """The k best threads in which somebody tells what came of it; what is found out is kept in `told`."""
        if self._has_outcome is None:
            raise QueryError("has:outcome cannot be used here: nothing tells which threads have an outcome.")
        scores = ranking.threads(matches, self._weights).tolist()
        kept: list[str] = []
        for hit in _best(dict(zip(matches.thread_ids, scores, strict=True)), len(scores)):
            if hit.item not in told:
                told[hit.item] = any(map(self._has_outcome, self._store.get_many([hit.item]).values()))
            if told[hit.item]:
                kept.append(hit.item)
            if len(kept) == k:
                break
        return kept

    def _ranked(self, matches: Matches, asked: _Asked, selection: Selection) -> Evidence:
        """What was compared, in order: threads, then their posts and passages."""
        scores = ranking.threads(matches, self._weights)
        ranked = _best(dict(zip(matches.thread_ids, scores.tolist(), strict=True)), asked.k)
        known = self._store.get_many(hit.item for hit in ranked)
        by_post, by_passage, posts = self._parts(matches, scores, known.values(), selection)
        alike = _alike(matches, [hit.item for hit in ranked])
        return Evidence(
            self._hits(matches, by_passage, posts, selection, 5 * asked.k),
            tuple(ranked),
            tuple(_best(by_post, 5 * asked.k)),
            asked.vector,
            float(matches.cosine.max(initial=0.0)),
            self._nearness(matches, ranked, alike, known, asked.vector),
            alike,
            known=known,
        )

    def _parts(
        self, matches: Matches, scores: ranking.Scores, found: Collection[Thread], selection: Selection
    ) -> tuple[dict[PostKey, float], ranking.Scores, Mapping[PostKey, Post]]:
        """Scores of the posts that reply in these threads, scores of all passages, and these threads' posts."""
        known = {(thread.id, post.id): post for thread in found for post in thread.posts}
        opening = {(thread.id, thread.question.id) for thread in found}
        by_post = ranking.posts(matches, scores, known, self._weights)
        replies = {
            key: score
            for key, score in zip(matches.post_ids, by_post.tolist(), strict=True)
            if key in known and key not in opening and selection.admits_post(key, known)
        }
        return replies, ranking.passages(matches, by_post, self._weights), known

    def _hits(
        self,
        matches: Matches,
        scores: ranking.Scores,
        known: Mapping[PostKey, Post],
        selection: Selection,
        k: int,
    ) -> tuple[Hit[Passage], ...]:
        """The k best passages of the posts that are known."""
        admitted = [key in known and selection.admits_post(key, known) for key in matches.post_ids]
        rows = np.flatnonzero(np.asarray(admitted, dtype=np.bool_)[matches.post]).tolist()
        order = sorted(rows, key=lambda row: (-round(float(scores[row]), 6), row))[:k]
        passages = self._index.passages_at([int(matches.number[row]) for row in order])
        pairs = ((passages.get(int(matches.number[row])), float(scores[row])) for row in order)
        return tuple(Hit(passage, score) for passage, score in pairs if passage is not None)

    def _nearness(
        self,
        matches: Matches,
        ranked: Sequence[Hit[str]],
        alike: Mapping[str, float],
        known: Mapping[str, Thread],
        vector: NDArray[np.float32],
    ) -> Nearness | None:
        if not ranked:
            return None
        answered = {thread.id for thread in known.values() if not all(post.is_asker for post in thread.posts)}
        able = nearness.able(alike, answered)
        chosen = able or ranked[0].item
        title = float(self._index.title(known[chosen]) @ vector) if chosen in known else 0.0
        return nearness.measure(matches, ranked, alike, chosen, title, replied=able is not None)


def _alike(matches: Matches, ranked: Sequence[str]) -> dict[str, float]:
    """How alike the question of each of these threads is to that of the first."""
    if not ranked:
        return {}
    place = {thread_id: i for i, thread_id in enumerate(matches.thread_ids)}
    cosines = ranking.alike(matches, place[ranked[0]])
    return {thread_id: float(cosines[place[thread_id]]) for thread_id in ranked}


def _best(scores: Mapping[K, float], k: int) -> list[Hit[K]]:
    """The k highest, equals in the order of their keys."""
    order = sorted(scores.items(), key=lambda item: (-round(item[1], 6), item[0]))
    return [Hit(key, score) for key, score in order[:k]]


class _Clock:
    """Milliseconds between moments."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}
        self._last = time.perf_counter()

    def note(self, name: str) -> None:
        """Something was done."""
        now = time.perf_counter()
        self.taken[name] = round((now - self._last) * 1000, 3)
        self._last = now
