"""What each part of the ranking gains on judged sets: `python -m bench.ranking [FOLDER]`, else those of ../shared/eval.

Each set is indexed once and asked with every variant. A line is one variant: its figure on each set, and below it the
difference to the ranking that is shipped with the p-value of a paired randomisation test. MAP is the mean over all
questions, nDCG@10 over those that have something relevant. The last four sets are what threads of real forums ask, told
again in other words (`tools/answerability/told-again.jsonl`, one of three ways, and
`tests/labels/told-again-beer-coffee.jsonl`): there the thread told again is what is to be found, and MAP is the mean of
one over its rank.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bench.reference import SHARED
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.errors import InputError
from threadwise.evaluation.run import Evaluation, Level, compare, indexed, measured, rankings
from threadwise.evaluation.sets import JudgedSet, load_set
from threadwise.retrieval.ranking import WEIGHTS, Weights
from threadwise.retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class Measured:
    """A set, and how it is measured."""

    name: str
    level: Level
    measure: str
    pool: bool = False
    least: int = 1


@dataclass(frozen=True, slots=True)
class ToldAgain(Measured):
    """Questions told again of a forum's threads, in a file that may hold those of others; one `way` of each, or all."""

    told: Path = Path()
    forum: str = ""
    way: int | None = None


LEARNT = Path("tools/answerability/told-again.jsonl")
KEPT = Path("tests/labels/told-again-beer-coffee.jsonl")

SETS = (
    Measured("stackfaq", "post", "map"),
    Measured("liveqa-med", "thread", "ndcg@10", least=2),
    Measured("semeval-b-dev", "thread", "map", pool=True),
    Measured("semeval-b-train2", "thread", "map", pool=True),
    Measured("semeval-c-train2", "post", "ndcg@10"),
    ToldAgain("expats", "thread", "map", told=LEARNT, forum="eval/semeval-b-dev/threads", way=1),
    ToldAgain("teachers", "thread", "map", told=LEARNT, forum="corpora/matheducators", way=1),
    ToldAgain("languages", "thread", "map", told=LEARNT, forum="formats/stackexchange_xml_conlang/threads", way=1),
    ToldAgain("beer, coffee", "thread", "map", told=KEPT, forum="corpora/beer-coffee"),
)
SHIPPED = "as shipped"
VARIANTS: Mapping[str, Weights] = {
    SHIPPED: WEIGHTS,
    "no words": replace(WEIGHTS, words=0.0),
    "words .1": replace(WEIGHTS, words=0.1),
    "words .15": replace(WEIGHTS, words=0.15),
    "words .25": replace(WEIGHTS, words=0.25),
    "no middle": replace(WEIGHTS, middle=0.0),
    "middle .35": replace(WEIGHTS, middle=0.35),
    "middle .65": replace(WEIGHTS, middle=0.65),
    "middle alone": replace(WEIGHTS, middle=1.0),
    "question half at 80": replace(WEIGHTS, question_half=80.0),
    "half at 80, middle .35": replace(WEIGHTS, question_half=80.0, middle=0.35),
    "question half at 330": replace(WEIGHTS, question_half=330.0),
    "own .3": replace(WEIGHTS, own=0.3),
    "own .8": replace(WEIGHTS, own=0.8),
}
UNTOUCHED = "common direction kept"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "eval"
    results = {one.name: found for one in SETS if (found := _measure(folder, one))}
    chosen = [one for one in SETS if one.name in results]
    print(f"{'':24}" + "".join(f"{one.name:>18}" for one in chosen))
    print(f"{'':24}" + "".join(f"{one.measure:>18}" for one in chosen))
    for variant in (*VARIANTS, UNTOUCHED):
        print(f"{variant:24}" + "".join(f"{results[one.name][variant].measures[one.measure]:18.4f}" for one in chosen))
        if variant != SHIPPED:
            print(f"{'':24}" + "".join(f"{_difference(results[one.name], variant, one):>18}" for one in chosen))


def _measure(folder: Path, one: Measured) -> dict[str, Evaluation]:
    """The set's figures by variant; none where the set is not there."""
    found: dict[str, Evaluation] = {}
    with suppress(InputError):
        judged = _told_again(folder.parent, one) if isinstance(one, ToldAgain) else load_set(folder / one.name)
        with indexed(judged, Settings()) as assistant:
            for variant, weights in VARIANTS.items():
                retriever = Retriever(assistant.index, assistant.store, weights=weights)
                run = rankings(assistant, retriever, judged, level=one.level, pool=one.pool)
                found[variant] = measured(judged, run, one.least)
            _keep_the_direction(assistant)
            run = rankings(assistant, assistant.retriever, judged, level=one.level, pool=one.pool)
            found[UNTOUCHED] = measured(judged, run, one.least)
    return found


def _told_again(shared: Path, one: ToldAgain) -> JudgedSet:
    threads = shared / f"{one.forum}.jsonl.gz"
    if not threads.is_file():
        raise InputError(f"{threads} is not there.")
    rows = [json.loads(line) for line in one.told.read_text("utf-8").splitlines()]
    asked = {
        f"{row['thread']} {way}": (question, row["thread"])
        for row in rows
        if row.get("corpus", one.forum) == one.forum
        for way, question in enumerate(row["questions"] if one.way is None else [row["questions"][one.way]])
    }
    queries = {name: question for name, (question, _) in asked.items()}
    return JudgedSet(one.name, threads, queries, {name: {thread: 1} for name, (_, thread) in asked.items()}, {}, {})


def _keep_the_direction(assistant: Assistant) -> None:
    """Take the mean away from passages and nothing else; nobody but this measurement wants that."""
    memory = assistant.index._vectors
    memory._common = memory.state, replace(memory.common(), share=0.0)


def _difference(results: Mapping[str, Evaluation], variant: str, one: Measured) -> str:
    [found] = [c for c in compare(results[SHIPPED], results[variant]) if c.measure == one.measure]
    return f"{found.second - found.first:+.4f} p {found.p:.2f}"


if __name__ == "__main__":
    main()
