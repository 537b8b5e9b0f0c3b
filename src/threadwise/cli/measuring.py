"""Commands that measure: eval, over a judged set or over the corpus itself."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from threadwise.cli.session import AsJson, assistant, named, progress, say, settings, show_json, stoppable
from threadwise.errors import InputError

if TYPE_CHECKING:
    from threadwise.evaluation.metrics import Comparison
    from threadwise.evaluation.own import OwnSet
    from threadwise.evaluation.run import Evaluation


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command("eval")(stoppable(eval_))


def eval_(  # noqa: PLR0913, PLR0917 - each is an option of the command
    set_dir: Annotated[
        Path | None,
        typer.Argument(parser=named, metavar="SET_DIR", help="Folder with threads, queries and judgements."),
    ] = None,
    level: Annotated[str, typer.Option(help="thread or post.")] = "thread",
    pool: Annotated[bool, typer.Option("--pool", help="Rank the judged candidates alone.")] = False,
    min_relevance: Annotated[int, typer.Option(min=1, help="Least judgement that counts as relevant.")] = 1,
    own: Annotated[
        bool, typer.Option("--self", help="Make sets of this corpus: titles, accepted replies, duplicates.")
    ] = False,
    threads: Annotated[int, typer.Option(min=2, help="With --self: most threads that are searched.")] = 2000,
    questions: Annotated[int, typer.Option(min=1, help="With --self: most questions of each set.")] = 300,
    keep: Annotated[
        Path | None, typer.Option(parser=named, metavar="PATH", help="With --self: folder in which the sets are kept.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option(parser=named, metavar="PATH", help="Write what was ranked as a run file of TREC.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            parser=named, metavar="PATH", help="Compare with the run file of another configuration, by a paired test."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval on a judged set, or with --self on what the corpus itself knows to belong together."""
    from threadwise.evaluation.run import evaluate
    from threadwise.evaluation.runs import read_run, write_run

    if own == (set_dir is not None):
        raise InputError("Give the folder of a judged set, or --self to make sets of this corpus: one of the two.")
    if level not in ("thread", "post"):
        raise InputError(f"--level is thread or post, not {level!r}.")
    earlier = read_run(against) if against else None
    if set_dir is None:
        _measure_own(threads, questions, keep, run, earlier, as_json)
        return
    with progress("Asking", "questions") as step:
        result = evaluate(
            set_dir,
            level="thread" if level == "thread" else "post",
            settings=settings(),
            pool=pool,
            min_relevance=min_relevance,
            progress=step,
        )
    if run:
        write_run(result.run, run)
    differences = _compared(set_dir, result, earlier, min_relevance) if earlier is not None else []
    _show_one(result, differences, as_json)


def _measure_own(
    threads: int,
    questions: int,
    keep: Path | None,
    run: Path | None,
    earlier: Mapping[str, Mapping[str, float]] | None,
    as_json: bool,
) -> None:
    from threadwise.evaluation.own import own_sets
    from threadwise.evaluation.run import evaluate
    from threadwise.evaluation.runs import write_run

    with tempfile.TemporaryDirectory(prefix="threadwise-own-") as temporary:
        with assistant() as helper:
            sets = own_sets(helper.store, keep or Path(temporary), threads=threads, questions=questions)
        results: dict[str, Evaluation] = {}
        differences: dict[str, list[Comparison]] = {}
        for each in sets:
            if not each.questions:
                say(_none_of(each))
                continue
            with progress(f"Asking {each.name}", "questions") as step:
                results[each.name] = evaluate(
                    each.folder, level=each.level, settings=settings(), progress=step, keep_vectors=False
                )
            if earlier is not None:
                before = {key.partition(":")[2]: of for key, of in earlier.items() if key.startswith(f"{each.name}:")}
                differences[each.name] = _compared(each.folder, results[each.name], before, 1)
    if run:
        write_run({f"{name}:{key}": of for name, one in results.items() for key, of in one.run.items()}, run)
    if as_json:
        show_json({name: _as_dict(one, differences.get(name, [])) for name, one in results.items()})
    else:
        _show_table(results)
        for name, compared in differences.items():
            _show_comparison(compared, f"{name} ")


def _show_table(results: Mapping[str, Evaluation]) -> None:
    from threadwise.evaluation.metrics import NAMES

    print("  ".join([f"{'set':10}", f"{'questions':>9}", *(f"{name:>9}" for name in NAMES)]))
    for name, one in results.items():
        figures = (f"{one.measures[measure]:9.3f}" for measure in NAMES)
        print("  ".join([f"{name:10}", f"{one.measures['queries']:9.0f}", *figures]))


def _none_of(each: OwnSet) -> str:
    needed = {"titles": "titles of three words", "accepted": "accepted replies", "duplicates": "links to duplicates"}
    return f"{each.name}: not measured, the threads drawn have no {needed[each.name]}."


def _compared(
    folder: Path, result: Evaluation, earlier: Mapping[str, Mapping[str, float]], min_relevance: int
) -> list[Comparison]:
    from threadwise.evaluation.run import compare, measured
    from threadwise.evaluation.sets import load_set

    judged = load_set(folder)
    shared = {question: dict(of) for question, of in earlier.items() if question in judged.queries}
    if not shared:
        raise InputError("The run file has no question of this set; was it written for another set, or another draw?")
    before = measured(judged, shared, min_relevance)
    return compare(before, result)


def _show_one(result: Evaluation, differences: list[Comparison], as_json: bool) -> None:
    if as_json:
        show_json(_as_dict(result, differences))
        return
    for name, value in result.measures.items():
        print(f"{name:10} {value:g}")
    _show_comparison(differences)


def _as_dict(result: Evaluation, differences: list[Comparison]) -> dict[str, Any]:
    return result.as_dict() | ({"comparison": differences} if differences else {})


def _show_comparison(differences: list[Comparison], before: str = "") -> None:
    for one in differences:
        print(
            f"{before}{one.measure:10} {one.first:.4f} -> {one.second:.4f}  difference {one.second - one.first:+.4f} "
            f"(95 %: {one.low:+.4f} to {one.high:+.4f}), p = {one.p:.3f}"
        )
