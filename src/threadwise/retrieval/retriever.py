"""From a query to ranked evidence: find candidate threads by meaning and by words, compare all they hold, rank.

Two lists of passages name the candidates; then every passage of each candidate counts, found or not, so that a thread's
score does not hang on which of its passages made the cut.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from threadwise.corpus.store import Store
from threadwise.domain import Hit, Passage, Post, SimilarThread, Thread
from threadwise.errors import QueryError
from threadwise.index.indexer import Index
from threadwise.index.matches import Matches
from threadwise.retrieval import likeness, ranking, spelling
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

ASKS_THE_SAME = 0.5
"""Likeness (`ranking.alike`) from which a thread asks what the first one asks, and may answer in its place."""

K = TypeVar("K", str, PostKey)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to the first thread, or to one that asks the same where that has no reply: in cosines.

    To its title, the best passage of its question, its best reply, and its best three replies on average. `replied` is
    false where none of them has a reply; the first is meant then.
    """

    thread_id: str
    title: float
    asked: float
    reply: float
    replies: float
    replied: bool = True


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells how far to trust the first thread.

    `elsewhere` is the cosine of the nearest passage in any other thread, `reply` that of the nearest reply; `margin` is
    how far the first thread's score lies above the second's; `covered` is the share of the question's words, weighed by
    rarity, that the first thread has, and `missing` are those it lacks, rarest first. `nearness` says more of the
    thread that could answer.
    """

    cosine: float = 0.0
    elsewhere: float = 0.0
    reply: float = 0.0
    margin: float = 0.0
    covered: float = 0.0
    missing: tuple[str, ...] = ()
    nearness: Nearness | None = None


NOTHING = Signals()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, best first: passages, threads by id, posts by (thread id, post id).

    Opening posts ask and answer nothing: they are among the passages and not among the posts. `best_cosine` says how
    near the nearest passage is; `closest` which thread an answer should draw on first, `alike` how near each thread's
    question is to that one's; `repairs` what in the question was read differently; `timings_ms` where time went.
    """

    hits: tuple[Hit[Passage], ...]
    threads: tuple[Hit[str], ...]
    posts: tuple[Hit[PostKey], ...]
    query_vector: NDArray[np.float32]
    best_cosine: float = 0.0
    signals: Signals = NOTHING
    closest: str | None = None
    alike: Mapping[str, float] = field(default_factory=dict)
    repairs: tuple[spelling.Repair, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)


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
        vector = self._vector(text)
        clock.note("encode")
        matches = self._matches(vector, words, query, selection, k, without)
        clock.note("search")
        scores = ranking.threads(matches, self._weights)
        ranked = _best(dict(zip(matches.thread_ids, scores.tolist(), strict=True)), k)
        by_post, by_passage, known = self._parts(matches, scores, ranked, selection)
        closest, alike = _closest(matches, scores, ranked)
        nearness = self._nearness(matches, [hit.item for hit in ranked], known, vector)
        signals = self._signals(matches, scores, ranked, text, nearness)
        evidence = Evidence(
            self._hits(matches, by_passage, known, selection, 5 * k),
            tuple(ranked),
            tuple(_best(by_post, 5 * k)),
            vector,
            float(matches.cosine.max(initial=0.0)),
            signals,
            closest,
            alike,
            repairs,
        )
        clock.note("rank")
        return replace(evidence, timings_ms=clock.taken)

    def thread(self, thread_id: str) -> Thread | None:
        """A thread as the corpus has it now; None where it is gone."""
        return self._store.get_many([thread_id]).get(thread_id)

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

    def _matches(
        self, vector: NDArray[np.float32], words: str, query: Query, selection: Selection, k: int, without: str
    ) -> Matches:
        """Compare all that the candidate threads hold; looks further where filters leave few of them."""
        pool = max(POOL, 3 * k)
        told: dict[str, bool] = {}
        for _ in range(WIDENED):
            [near] = self._index.nearest(vector[None, :], pool, threads=selection.threads)
            same = self._index.words(words, pool, threads=selection.threads)
            found = dict.fromkeys(hit.item.thread_id for hit in [*near, *same])
            found.pop(without, None)
            kept = [one for one in found if selection.admits_thread(one)]
            # With a filter the best match by words may lie outside of what it leaves.
            most = max((hit.score for hit in same), default=0.0) if selection.threads is None else None
            matches = self._index.matches(vector, words, kept, most)
            if query.outcome:
                kept = self._with_outcome(matches, told, k)
                matches = self._index.matches(vector, words, kept, most)
            if len(kept) >= min(k, len(found)) or len(near) < pool:
                break
            pool *= WIDER
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

    def _parts(
        self, matches: Matches, scores: ranking.Scores, ranked: Iterable[Hit[str]], selection: Selection
    ) -> tuple[dict[PostKey, float], ranking.Scores, Mapping[PostKey, Post]]:
        """Scores of the posts that reply in these threads, scores of all passages, and these threads' posts."""
        found = self._store.get_many(hit.item for hit in ranked)
        known = {(thread.id, post.id): post for thread in found.values() for post in thread.posts}
        opening = {(thread.id, thread.question.id) for thread in found.values()}
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
        ranked: Sequence[str],
        known: Mapping[PostKey, Post],
        vector: NDArray[np.float32],
    ) -> Nearness | None:
        if not ranked:
            return None
        answered = {thread_id for (thread_id, _), post in known.items() if not post.is_asker}
        place = {thread_id: i for i, thread_id in enumerate(matches.thread_ids)}
        alike = ranking.alike(matches, place[ranked[0]])
        same = [one for one in ranked if one == ranked[0] or alike[place[one]] >= ASKS_THE_SAME]
        able = next((one for one in same if one in answered), None)
        chosen = able or ranked[0]
        inside = matches.thread == place[chosen]
        asked = float(matches.cosine[inside & matches.asked].max(initial=0.0))
        replies = np.sort(matches.cosine[inside & ~matches.asked])[: -ranking.BEST_REPLIES - 1 : -1]
        best, mean = (float(replies[0]), float(replies.mean())) if len(replies) else (0.0, 0.0)
        found = self.thread(chosen)
        title = float(self._index.encode([found.heading])[0] @ vector) if found else asked
        return Nearness(chosen, title, asked, best, mean, able is not None)

    def _signals(
        self,
        matches: Matches,
        scores: ranking.Scores,
        ranked: list[Hit[str]],
        text: str,
        nearness: Nearness | None,
    ) -> Signals:
        if not ranked:
            return NOTHING
        first = matches.thread_ids.index(ranked[0].item)
        inside = matches.thread == first
        words = likeness.Words(self._index)
        asked = words.forms(text)
        numbers = matches.number[inside & ((matches.bm25 > 0) | matches.asked)].tolist()
        there = {
            stem for passage in self._index.passages_at(numbers).values() for stem in self._index.terms(passage.text)
        }
        total = words.weight(asked.keys())
        return Signals(
            float(matches.cosine.max(initial=0.0)),
            float(matches.cosine[~inside].max(initial=0.0)),
            float(matches.cosine[~matches.asked].max(initial=0.0)),
            float(scores[first] - (ranked[1].score if len(ranked) > 1 else 0.0)),
            words.weight(asked.keys() & there) / total if total else 0.0,
            words.rarest(asked.keys() - there, asked, likeness.SHARED),
            nearness,
        )


def _closest(matches: Matches, scores: ranking.Scores, ranked: list[Hit[str]]) -> tuple[str | None, dict[str, float]]:
    """The thread to answer from, and how alike the question of each of these threads is to its."""
    if not ranked:
        return None, {}
    place = {thread_id: i for i, thread_id in enumerate(matches.thread_ids)}
    closest = ranking.closest(matches, scores)
    first = max((hit.item for hit in ranked), key=lambda one: float(closest[place[one]]))
    cosines = ranking.alike(matches, place[first])
    return first, {hit.item: float(cosines[place[hit.item]]) for hit in ranked}


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
