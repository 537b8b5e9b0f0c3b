"""From rankings to figures: the measures of ir-measures, their means, and whether two configurations differ.

MAP is the mean over all questions, 0 where nothing is relevant, as the forum tasks report it. The other measures are
means over the questions that have something relevant: what nobody can find says nothing about a search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Relevance = Mapping[str, Mapping[str, int]]
"""Judgements: question id -> thread or post id -> score."""

Run = Mapping[str, Mapping[str, float]]
"""Rankings: question id -> thread or post id -> score, higher is better."""

NAMES = ("ndcg@10", "map", "mrr@10", "recall@10", "p@5")

DRAWS = 10_000
"""Random draws for an interval or a test; with so many, p-values near .05 are good to about .004."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two configurations on one measure: both means over the same questions, and how sure the difference is.

    `low` and `high` bound the difference with 95 % confidence (bootstrap over questions); `p` is the two-sided p-value
    of a paired randomisation test. Source: Smucker, Allan and Carterette, CIKM 2007.
    """

    measure: str
    questions: int
    first: float
    second: float
    low: float
    high: float
    p: float


def by_question(relevance: Relevance, run: Run, questions: Iterable[str], least: int) -> dict[str, dict[str, float]]:
    """Each measure of each question; a question without anything relevant has 0 for all.

    Args:
        relevance: Judgements.
        run: Rankings.
        questions: Ids of all questions.
        least: Least score of a judgement that counts; those below it count nothing, also as a gain.
    """
    import ir_measures  # takes half a second, and only measuring needs it
    from ir_measures import AP, RR, P, R, nDCG

    measures = dict(zip((nDCG @ 10, AP, RR @ 10, R @ 10, P @ 5), NAMES, strict=True))
    wanted = {q: {i: s if s >= least else 0 for i, s in of.items()} for q, of in relevance.items()}
    rows = {question: dict.fromkeys(NAMES, 0.0) for question in questions}
    for metric in ir_measures.iter_calc(list(measures), wanted, {q: dict(of) for q, of in run.items()}):
        if metric.query_id in rows:
            rows[metric.query_id][measures[metric.measure]] = float(metric.value)
    return rows


def answerable(relevance: Relevance, questions: Iterable[str], least: int) -> list[str]:
    """The questions that have something relevant."""
    return [question for question in questions if max(relevance.get(question, {"": 0}).values(), default=0) >= least]


def means(rows: Mapping[str, Mapping[str, float]], with_answer: Sequence[str]) -> dict[str, float]:
    """The mean of each measure, rounded to four places."""
    counted = {name: list(rows) if name == "map" else with_answer for name in NAMES}
    return {
        name: round(sum(rows[question][name] for question in over) / max(1, len(over)), 4)
        for name, over in counted.items()
    }


def compare(measure: str, first: Mapping[str, float], second: Mapping[str, float]) -> Comparison:
    """Whether the second configuration is better or worse than the first on the questions that both have."""
    shared = sorted(first.keys() & second.keys())
    difference = np.array([second[question] - first[question] for question in shared])
    if not shared:
        return Comparison(measure, 0, 0.0, 0.0, 0.0, 0.0, 1.0)
    generator = np.random.default_rng(0)
    signs = generator.choice((-1.0, 1.0), size=(DRAWS, len(shared)))
    beyond = np.abs(signs @ difference) >= abs(difference.sum()) - 1e-12
    drawn = difference[generator.integers(len(shared), size=(DRAWS, len(shared)))].mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    before, after = (float(np.mean([of[question] for question in shared])) for of in (first, second))
    p = (int(beyond.sum()) + 1) / (DRAWS + 1)
    return Comparison(measure, len(shared), before, after, float(low), float(high), p)
