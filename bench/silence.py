"""How well it is told whether the threads answer a question.

    python -m bench.silence            the demo corpus, and ../shared/corpora/beer-coffee.jsonl.gz where it is there
    python -m bench.silence --errors   the questions that are judged wrongly, too
    python -m bench.silence --curve    what other lines between partial and unanswered would do, and cost, too
    python -m bench.silence --lines    draw the lines between answered, partial and unanswered anew, on the demo corpus

`AUC`: area under the ROC of "should answer" by the evidence; `cosine` the same by the nearest passage alone; `length`
the same by the number of the question's words, which no thread enters into: what questions in other words have by
their style alone.
`answered`: questions that are not left unanswered, of those that the threads answer and of those that they do not, at
the lines as shipped; `let through at 95 %`: of those that they do not answer, where the line answers 95 % of the
others. Intervals are bootstrapped, 95 %.

`beer and coffee, told again`: what 300 threads of that forum ask, in other words, two ways each; every question is put
to the forum as it is, and as if its thread were not there. It is the same question both times, so that its style says
nothing. `right thread first` counts those questions alone for which the thread was found before all others.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from threadwise.advice.answerability import calibration, model, reading
from threadwise.advice.answerability.judge import Judge, Judgement
from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.domain import Status
from threadwise.importing import ImportOptions, run_import
from threadwise.retrieval.query import Query, understand

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"
WEIGHTS = ROOT / "src" / "threadwise" / "advice" / "answerability" / model.WEIGHTS
BEER_COFFEE = ROOT.parent / "shared" / "corpora" / "beer-coffee.jsonl.gz"

KEPT = 0.95, 0.7
"""Parts of the answerable questions that are to be not unanswered, and answered whole."""

COST = 3.0
"""What silence costs where the threads answer, in partial answers where they do not: it hides what was asked for."""

OTHER_LINES = (-2.2, -2.0, -1.8, -1.7, -1.6, -1.47, -1.3, -1.1, -0.9)


@dataclass(frozen=True)
class Judged:
    """A question, whether the threads answer it, and what was said of it."""

    question: str
    answerable: bool
    judgement: Judgement
    cosine: float
    right: bool
    milliseconds: float


def main() -> None:
    questions = [line for path in sorted(LABELS.glob("questions-*.jsonl")) for line in lines(path)]
    with corpus(demo_folder()) as assistant:
        file = assistant.settings.index_folder / calibration.FILE
        if "--lines" in sys.argv:
            _draw_lines(judged(assistant, questions, Judge()), calibration.load(file))
            return
        _report("demo corpus", judged(assistant, questions, Judge(file)), calibration.load(file))
    if BEER_COFFEE.exists():
        with corpus(BEER_COFFEE) as assistant:
            file = assistant.settings.index_folder / calibration.FILE
            beer = judged(assistant, lines(LABELS / "beer-coffee-questions.jsonl"), Judge(file))
            _report("beer and coffee", beer, calibration.load(file))
            _report_told_again(told_again(assistant, Judge(file)))


def lines(path: Path) -> list[dict[str, object]]:
    """The labelled questions of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@contextmanager
def corpus(path: Path) -> Iterator[Assistant]:
    """An assistant over a corpus in a home that is gone afterwards; vectors are kept where THREADWISE_CACHE says."""
    with tempfile.TemporaryDirectory() as home, Assistant.open(Settings(home=Path(home))) as assistant:
        run_import(assistant, [path], ImportOptions())
        yield assistant


def judged(assistant: Assistant, questions: Sequence[dict[str, object]], judge: Judge) -> list[Judged]:
    """Each question with its judgement; the time is what judging adds to a question, nothing of it remembered."""
    found = []
    for line in questions:
        query = understand(str(line["question"]))
        evidence = assistant.retriever.search(query)
        threads = assistant.store.get_many(hit.item for hit in evidence.threads)
        near = evidence.nearness
        reading._said.cache_clear()
        started = time.process_time()
        if near:
            assistant.index.encode([threads[near.thread_id].heading])
        judgement = judge.judge(query, evidence, threads)
        took = (time.process_time() - started) * 1000
        first = evidence.threads[0].item if evidence.threads else ""
        right = first in list(line["threads"])  # type: ignore[call-overload]
        found.append(Judged(query.text, bool(line["answerable"]), judgement, evidence.best_cosine, right, took))
    return found


def told_again(assistant: Assistant, judge: Judge) -> list[tuple[Judged, Judged]]:
    """Each question of the threads told again: with its thread in the corpus, and without."""
    rows = [json.loads(line) for line in (LABELS / "told-again-beer-coffee.jsonl").read_text("utf-8").splitlines()]
    asked = [(question, row["thread"]) for row in rows for question in row["questions"]]
    return [(_put(assistant, judge, *one, hidden=False), _put(assistant, judge, *one, hidden=True)) for one in asked]


def _put(assistant: Assistant, judge: Judge, question: str, thread: str, *, hidden: bool) -> Judged:
    evidence = assistant.retriever.search(Query(question), without=thread if hidden else "")
    judgement = judge.judge(Query(question), evidence, evidence.known)
    right = evidence.threads[0].item == thread if evidence.threads else False
    return Judged(question, not hidden, judgement, evidence.best_cosine, right, 0.0)


def _report_told_again(pairs: Sequence[tuple[Judged, Judged]]) -> None:
    print(f"\nbeer and coffee, told again: {len(pairs)} questions, each with its thread and without")
    print(f"right thread first                  {np.mean([there.right for there, _ in pairs]):.3f}")
    first = [pair for pair in pairs if pair[0].right]
    for name, some in (("", [one for pair in pairs for one in pair]), (", right thread first", [*sum(first, ())])):
        good = np.array([one.answerable for one in some])
        cosine = roc_auc_score(good, [one.cosine for one in some])
        print(f"AUC{name:33}{_interval(good, _evidence(some), roc_auc_score)}, cosine {cosine:.3f}")
        print(f"let through at 95 %{name:21} {_interval(good, _evidence(some), let_through)}")
        _print_curve(good, _evidence(some))
    both = [[one.judgement.status for one in side] for side in zip(*pairs, strict=True)]
    spoken, whole = ([np.mean([wanted(one) for one in side]) for side in both] for wanted in (_is_spoken, _is_whole))
    print(f"answered or partial                 {spoken[0]:.2f} with the thread, {spoken[1]:.2f} without")
    print(f"answered whole                      {whole[0]:.2f} with the thread, {whole[1]:.2f} without")


def _is_spoken(status: Status) -> bool:
    return status is not Status.UNANSWERED


def _is_whole(status: Status) -> bool:
    return status is Status.ANSWERED


def _evidence(some: Sequence[Judged]) -> NDArray[np.float64]:
    """The evidence of each; what has no reply at all has least."""
    return np.array([-20.0 if one.judgement.unreplied else one.judgement.evidence for one in some])


def _report(name: str, some: Sequence[Judged], usual: calibration.Calibration | None) -> None:
    good = np.array([one.answerable for one in some])
    evidence = _evidence(some)
    cosine = np.array([one.cosine for one in some])
    spoken = np.array([one.judgement.status is not Status.UNANSWERED for one in some])
    whole = np.array([one.judgement.status is Status.ANSWERED for one in some])
    print(f"\n{name}: {good.sum()} that the threads answer, {(~good).sum()} that they do not")
    print(f"usual evidence of its near misses   {usual.usual if usual else float('nan'):.2f}")
    took = [one.milliseconds for one in some]
    first = [one.right for one in some if one.answerable]
    print(f"right thread first, answerable      {np.mean(first):.2f}")
    print(f"AUC                                 {_interval(good, evidence, roc_auc_score)}")
    print(f"AUC, cosine                         {_interval(good, cosine, roc_auc_score)}")
    length = np.array([float(len(one.question.split())) for one in some])
    print(f"AUC, length                         {_interval(good, length, roc_auc_score)}")
    print(f"let through at 95 %                 {_interval(good, evidence, let_through)}")
    print(f"let through at 95 %, cosine         {_interval(good, cosine, let_through)}")
    print(
        f"answered or partial                 {spoken[good].mean():.2f} of the answerable, "
        f"{spoken[~good].mean():.2f} of the others"
    )
    print(
        f"answered whole                      {whole[good].mean():.2f} of the answerable, "
        f"{whole[~good].mean():.2f} of the others"
    )
    print(f"judging, cold, CPU, p50 and most    {statistics.median(took):.1f} ms, {max(took):.1f} ms")
    _print_curve(good, evidence)
    if "--errors" in sys.argv:
        for one in sorted(some, key=lambda one: one.judgement.evidence):
            if one.answerable != (one.judgement.status is not Status.UNANSWERED):
                what = "missed " if one.answerable else "through"
                print(f"  {one.judgement.evidence:6.2f} {what} {one.question[:110]!r}")


def let_through(good: NDArray[np.bool_], evidence: NDArray[np.float64]) -> float:
    """Part of the unanswerable at the line that answers 95 % of the answerable."""
    line = np.sort(evidence[good])[int(np.floor((1 - KEPT[0]) * good.sum()))]
    return float((evidence[~good] >= line).mean())


def _print_curve(good: NDArray[np.bool_], evidence: NDArray[np.float64]) -> None:
    """What is answered or partial at other lines, and what silence and answers that are wrong cost there."""
    for line in OTHER_LINES if "--curve" in sys.argv else ():
        spoken = evidence >= line
        answered, others = spoken[good].mean(), spoken[~good].mean()
        print(f"  line {line:5.2f}: {answered:.3f} against {others:.3f}, cost {COST * (1 - answered) + others:.3f}")


def _interval(
    good: NDArray[np.bool_],
    evidence: NDArray[np.float64],
    measure: Callable[[NDArray[np.bool_], NDArray[np.float64]], float],
) -> str:
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        at = np.r_[rng.choice(np.flatnonzero(good), good.sum()), rng.choice(np.flatnonzero(~good), (~good).sum())]
        drawn.append(measure(good[at], evidence[at]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{measure(good, evidence):.3f} [{low:.3f}, {high:.3f}]"


def _draw_lines(some: Sequence[Judged], usual: calibration.Calibration | None) -> None:
    data = json.loads(WEIGHTS.read_text("utf-8"))
    evidence = np.sort([one.judgement.evidence for one in some if one.answerable])
    for name, part in zip(("silent", "sure"), KEPT, strict=True):
        data[name] = round(float(np.quantile(evidence, 1 - part)), 3)
    data["usual"] = round(usual.usual, 3) if usual else 0.0
    WEIGHTS.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")
    print({name: data[name] for name in ("silent", "sure", "usual")})


if __name__ == "__main__":
    main()
