"""Measure retrieval on a judged set, with the product's own way from a question to ranked threads and posts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.errors import InputError, QueryError
from threadwise.evaluation import metrics
from threadwise.evaluation.metrics import Comparison
from threadwise.evaluation.sets import JudgedSet, load_set
from threadwise.importing import ImportOptions, run_import
from threadwise.retrieval.query import Query, understand
from threadwise.retrieval.retriever import Evidence, Retriever

Level = Literal["thread", "post"]
Ranking = dict[str, float]
DEPTH = 100
"""Threads that are ranked for each question; five times as many posts."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured on one set: means, each question's measures, and what was ranked for it.

    `with_answer` are the questions that have something relevant. MAP is a mean over all questions, the other measures
    over these.
    """

    name: str
    measures: Mapping[str, float]
    by_query: Mapping[str, Mapping[str, float]]
    run: Mapping[str, Ranking]
    with_answer: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """What `threadwise eval --json` prints."""
        return dict(self.measures)


def evaluate(  # noqa: PLR0913 - all but the first are named by those who call it
    folder: Path,
    *,
    level: Level,
    settings: Settings,
    pool: bool = False,
    min_relevance: int = 1,
    progress: Callable[[int, int], None] | None = None,
    retriever: Callable[[Assistant], Retriever] | None = None,
    keep_vectors: bool = True,
) -> Evaluation:
    """Index a judged set in a temporary home, ask its questions and compare with its judgements.

    Args:
        folder: The set.
        level: Whether threads or posts are ranked.
        settings: The configuration to measure; vectors are cached in its home.
        pool: Rank the judged candidates alone.
        min_relevance: Least score of a judgement that counts as relevant.
        progress: Called with questions answered and questions in all.
        retriever: Makes another retriever than the assistant's own, to compare the two.
        keep_vectors: Whether the set's vectors stay in the cache, so that measuring it again is quick.

    Raises:
        InputError: The folder is not a judged set, or has no pool.
    """
    judged = load_set(folder)
    if pool and not judged.pool:
        raise InputError(f"{folder} has no pool.tsv; leave out --pool.")
    with indexed(judged, settings, keep_vectors=keep_vectors) as assistant:
        searching = retriever(assistant) if retriever else assistant.retriever
        started = time.perf_counter()
        run = rankings(assistant, searching, judged, level=level, pool=pool, progress=progress)
        seconds = time.perf_counter() - started
    return measured(judged, run, min_relevance, seconds)


def rankings(
    assistant: Assistant,
    retriever: Retriever,
    judged: JudgedSet,
    *,
    level: Level,
    pool: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Ranking]:
    """Ask the questions of a set that is indexed; the arguments are those of `evaluate`."""
    run: dict[str, Ranking] = {}
    for done, (question, text) in enumerate(judged.queries.items(), 1):
        candidates = judged.pool.get(question, []) if pool else None
        run[question] = _rank(assistant, retriever, text, level, judged, candidates)
        if progress:
            progress(done, len(judged.queries))
    return run


def measured(judged: JudgedSet, run: Mapping[str, Ranking], min_relevance: int, seconds: float = 0.0) -> Evaluation:
    """Compare rankings, made now or read from a run file, with the judgements of their set."""
    rows = metrics.by_question(judged.relevance, run, judged.queries, min_relevance)
    with_answer = metrics.answerable(judged.relevance, judged.queries, min_relevance)
    measures = {"queries": len(rows), **metrics.means(rows, with_answer), "seconds": round(seconds, 3)}
    return Evaluation(judged.name, measures, rows, run, tuple(with_answer))


def compare(first: Evaluation, second: Evaluation) -> list[Comparison]:
    """Whether the second of two configurations, measured on the same set, is better or worse than the first."""
    answerable = set(first.with_answer)

    def of(evaluation: Evaluation, name: str) -> dict[str, float]:
        rows = evaluation.by_query.items()
        return {question: row[name] for question, row in rows if name == "map" or question in answerable}

    return [metrics.compare(name, of(first, name), of(second, name)) for name in metrics.NAMES]


@contextmanager
def indexed(judged: JudgedSet, settings: Settings, *, keep_vectors: bool = True) -> Iterator[Assistant]:
    """An assistant over a set's threads, in a home that is gone afterwards; vectors go to the cache of the settings."""
    with tempfile.TemporaryDirectory(prefix="threadwise-eval-") as home:
        cache = settings.cache_folder if keep_vectors else _cache_beside(settings.cache_folder, Path(home) / "cache")
        own = settings.model_copy(update={"home": Path(home), "database": "", "cache": cache})
        with Assistant.open(own) as assistant:
            run_import(assistant, [judged.threads], ImportOptions())
            yield assistant


def _cache_beside(cache: Path, own: Path) -> Path:
    """A cache without vectors that shares the exported encoders of another."""
    own.mkdir()
    for encoder in cache.glob("encoder-*") if cache.is_dir() else ():
        (own / encoder.name).symlink_to(encoder.resolve())
    return own


def _rank(
    assistant: Assistant,
    retriever: Retriever,
    text: str,
    level: Level,
    judged: JudgedSet,
    candidates: Collection[str] | None,
) -> Ranking:
    threads = None if candidates is None else {judged.thread_of(item) for item in candidates}
    evidence = retriever.search(_query(text), k=DEPTH, threads=threads)
    if level == "thread":
        ranking = {hit.item: hit.score for hit in evidence.threads}
    else:
        ranking = _posts(assistant, evidence, judged)
    if candidates is None:
        return ranking
    least = min(ranking.values(), default=0.0)
    return {item: ranking.get(item, least - 1 - place / 1000) for place, item in enumerate(sorted(candidates))}


def _query(text: str) -> Query:
    try:
        return understand(text)
    except QueryError:  # a judged question was not typed into our box
        return Query(text)


def _posts(assistant: Assistant, evidence: Evidence, judged: JudgedSet) -> Ranking:
    """Posts that answer, and after them the opening posts, which ask."""
    ranking = {judged.name_of(*hit.item): hit.score for hit in evidence.posts}
    least = min(ranking.values(), default=0.0)
    opening = {
        thread.id: thread.question.id for thread in assistant.store.get_many(h.item for h in evidence.threads).values()
    }
    for place, hit in enumerate(evidence.threads):
        ranking[judged.name_of(hit.item, opening[hit.item])] = least - 1 - place / 1000
    return ranking
