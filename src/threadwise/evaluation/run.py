"""Measure retrieval on a judged set, with the product's own retriever and the metrics of ir-measures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.domain import Hit
from threadwise.errors import InputError
from threadwise.evaluation.sets import JudgedSet, load_set
from threadwise.importing import ImportOptions, run_import
from threadwise.retrieval.query import understand

Level = Literal["thread", "post"]
Ranking = dict[str, float]
DEPTH = 100
"""Threads or posts that are ranked for each question."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Means over all questions; a question without anything relevant counts 0. `run` is what was ranked."""

    name: str
    measures: Mapping[str, float]
    by_query: Mapping[str, Mapping[str, float]]
    run: Mapping[str, Ranking]

    def as_dict(self) -> dict[str, Any]:
        """What `threadwise eval --json` prints."""
        return dict(self.measures)


def evaluate(
    folder: Path,
    *,
    level: Level,
    settings: Settings,
    pool: bool = False,
    min_relevance: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Index a judged set in a temporary home, ask its questions and compare with its judgements.

    Args:
        folder: The set.
        level: Whether threads or posts are ranked.
        settings: The configuration to measure; vectors are cached in its home.
        pool: Rank the judged candidates alone.
        min_relevance: Least score of a judgement that counts as relevant.
        progress: Called with questions answered and questions in all.

    Raises:
        InputError: The folder is not a judged set, or has no pool.
    """
    judged = load_set(folder)
    if pool and not judged.pool:
        raise InputError(f"{folder} has no pool.tsv; leave out --pool.")
    with tempfile.TemporaryDirectory(prefix="threadwise-eval-") as home:
        own = settings.model_copy(update={"home": Path(home), "database": "", "cache": settings.cache_folder})
        with Assistant.open(own) as assistant:
            run_import(assistant, [judged.threads], ImportOptions())
            started = time.perf_counter()
            run = {}
            for done, (query_id, text) in enumerate(judged.queries.items(), 1):
                run[query_id] = _rank(assistant, text, level, judged.pool.get(query_id, []) if pool else None)
                if progress:
                    progress(done, len(judged.queries))
            seconds = time.perf_counter() - started
    return _measured(judged, run, min_relevance, seconds)


def _rank(assistant: Assistant, text: str, level: Level, pool: list[str] | None) -> Ranking:
    threads = None
    if pool is not None:
        threads = {item if item in assistant.store else item.rpartition("_")[0] for item in pool}
    evidence = assistant.retriever.search(understand(text), k=DEPTH, threads=threads)
    if level == "thread":
        ranking = {hit.item: hit.score for hit in evidence.threads}
    else:
        known = assistant.store.get_many({thread_id for (thread_id, _), _ in _pairs(evidence.posts)})
        opening = {(thread.id, thread.question.id) for thread in known.values()}  # asks, and so answers nothing
        ranking = {key[1]: score for key, score in _pairs(evidence.posts) if key not in opening}
    if pool is None:
        return ranking
    least = min(ranking.values(), default=0.0)
    return {item: ranking.get(item, least - 1 - place / 1000) for place, item in enumerate(sorted(pool))}


def _pairs(hits: Iterable[Hit[tuple[str, str]]]) -> list[tuple[tuple[str, str], float]]:
    return [(hit.item, hit.score) for hit in hits]


def _measured(judged: JudgedSet, run: Mapping[str, Ranking], min_relevance: int, seconds: float) -> Evaluation:
    import ir_measures
    from ir_measures import AP, RR, P, R, nDCG

    # Relevance below the threshold counts as none, also as a gain.
    relevance = {
        query: {item: score if score >= min_relevance else 0 for item, score in scores.items()}
        for query, scores in judged.relevance.items()
    }
    asked = {"ndcg@10": nDCG @ 10, "map": AP, "mrr@10": RR @ 10, "recall@10": R @ 10, "p@5": P @ 5}
    names = {measure: name for name, measure in asked.items()}
    by_query: dict[str, dict[str, float]] = {query: dict.fromkeys(asked, 0.0) for query in judged.queries}
    for metric in ir_measures.iter_calc(list(names), relevance, dict(run)):
        if metric.query_id in by_query:
            by_query[metric.query_id][names[metric.measure]] = float(metric.value)
    count = max(1, len(by_query))
    means: dict[str, float] = {"queries": len(by_query)}
    means |= {name: round(sum(row[name] for row in by_query.values()) / count, 4) for name in asked}
    means["seconds"] = round(seconds, 3)
    return Evaluation(judged.name, means, by_query, run)
