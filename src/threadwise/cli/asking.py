"""Commands that read: ask, similar, show, outcomes, verify."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from threadwise.cli.session import AsJson, assistant, plain, progress, read_input, say, settings, show_json, stoppable
from threadwise.errors import InputError

if TYPE_CHECKING:
    from threadwise.corpus.duplicates import Elsewhere

_NAMED = 5
"""Other threads of one post that are named."""

K = Annotated[int, typer.Option("--k", "-k", min=1, max=100, help="How many at most.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (ask, similar, show, outcomes, verify):
        app.command()(stoppable(command))
    app.command("eval-advice")(stoppable(eval_advice))


def ask(
    question: Annotated[str, typer.Argument(help="In plain words; `-` reads it from standard input.")],
    k: K = 5,
    save: Annotated[bool, typer.Option("--save", help="Keep the answer; `threadwise answers` shows it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the threads, every sentence with its source."""
    limit = settings().max_question
    text = sys.stdin.read(limit + 1) if question == "-" else question
    with assistant() as helper:
        with progress("Indexing") as step:
            helper.catch_up(step)
        with progress("Writing", "points") as step:
            for answer in helper.ask_stream(text.strip() if question == "-" else text, k=k):
                step(len(answer.points), k)
        kept = helper.keep(answer).id if save and answer.points else None
        if not answer.similar and not helper.store.counts().threads:
            say("There are no threads yet: `threadwise add FILE` or `threadwise import PATH` puts some in.")
    if save:
        say(f"Kept as {kept}." if kept else "Nothing was kept: nobody in these threads answers this.")
    if as_json:
        show_json({**plain(answer), "kept_as": kept} if save else answer)
    else:
        from threadwise.cli.screen import answer_text

        print(answer_text(answer))


def similar(
    thread_id: Annotated[str, typer.Argument(help="A thread of the corpus.")] = "",
    text: Annotated[str, typer.Option(help="A text to compare with, instead of a thread.")] = "",
    k: K = 10,
    as_json: AsJson = False,
) -> None:
    """List the threads that are most like a thread, or like a text."""
    with assistant() as helper:
        found = helper.similar(thread_id or None, text=text or None, k=k)
    if as_json:
        show_json(found)
    else:
        from threadwise.cli.screen import similar_text

        print(similar_text(found))


def show(thread_id: str, as_json: AsJson = False) -> None:
    """Print one thread."""
    from threadwise.advice.visible import visible
    from threadwise.cli.screen import on_one_line
    from threadwise.corpus.formats import jsonl, markdown

    with assistant() as helper:
        thread = helper.show(thread_id)
        elsewhere = helper.elsewhere(thread)
    if as_json:
        places = [{"post_id": post_id, "in": also} for post_id, also in elsewhere.items()]
        show_json({**jsonl.thread_to_dict(thread), "cross_posts": places})
        return
    text = markdown.write(thread)
    print(visible(text) if sys.stdout.isatty() else text, end="", flush=True)  # a file gets it to the letter
    for post_id, also in elsewhere.items():
        say(on_one_line(f"Post {post_id} was also posted in {_places(also)}."))


def _places(also: Sequence[Elsewhere]) -> str:
    named = [f"{place.title} ({place.thread_id}, post {place.post_id})" for place in also[:_NAMED]]
    more = [f"{len(also) - _NAMED} more"] if len(also) > _NAMED else []
    return ", ".join(named + more)


def outcomes(thread_id: str, as_json: AsJson = False) -> None:
    """List who reports in a thread what came of which advice."""
    from threadwise.advice.outcomes import reports
    from threadwise.cli.screen import on_one_line

    with assistant() as helper:
        found = reports(helper.show(thread_id))
    if as_json:
        show_json(found)
    for report in [] if as_json else found:
        about = f" (about post {report.about_post})" if report.about_post else ""
        print(f'{report.label:10} {on_one_line(report.author or "somebody")}{about}: "{on_one_line(report.quote)}"')


def verify(
    file: Annotated[str, typer.Argument(help="An answer printed by `ask --json`.")] = "",
    claims: Annotated[str, typer.Option(help="Instead: lines of {source, claim} to check against each other.")] = "",
    as_json: AsJson = False,
) -> None:
    """Prove every quote of a saved answer against the corpus; exit code 1 where one differs."""
    if bool(file) == bool(claims):
        raise InputError("Give an answer to prove, or --claims and a file of claims to check: one of the two.")
    if claims:
        _check_claims(claims, as_json)
        return
    data = read_input(file, settings().max_file_mb)
    try:
        answer: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON ({error}); `threadwise ask --json` writes what is read here.") from error
    with assistant() as helper:
        found = helper.verify(answer)
    if as_json:
        show_json({"verified": not found, "differences": found})
    elif found:
        for difference in found:
            print(f"[{difference.n}] {difference.where}: {difference.why}")
    else:
        print(f"All {len(answer.get('citations', []))} quotes equal the corpus.")
    if found:
        raise typer.Exit(1)


def _check_claims(file: str, as_json: bool) -> None:
    from threadwise.advice.verify import supports

    checked = []
    for where, row in _rows(file, ("source", "claim")):
        if not isinstance(row["source"], str) or not isinstance(row["claim"], str):
            raise InputError(f"{where}: source and claim must be texts.")
        verdict = supports(row["claim"], row["source"])
        checked.append({**row, "supported": verdict.supported, "score": verdict.score, "reason": verdict.reason})
    if as_json:
        show_json(checked)
    for row in [] if as_json else checked:
        print(f"{'supported' if row['supported'] else 'refused'}\t{row['claim']}\t{row['reason']}")


def eval_advice(
    file: Annotated[str, typer.Argument(help="Lines of {text, advice}, plain or .gz.")], as_json: AsJson = False
) -> None:
    """Measure which sentences are taken for advice, by the model that answers use."""
    from threadwise.advice.sentences import measure

    judged = []
    for where, row in _rows(file, ("text", "advice")):
        if not isinstance(row["text"], str) or not isinstance(row["advice"], int | float):
            raise InputError(f"{where}: text must be a text, and advice true or false.")
        judged.append((row["text"], bool(row["advice"])))
    measured = measure(judged)
    result = {"precision": measured.precision, "recall": measured.recall, "f1": measured.f1}
    if as_json:
        show_json(result)
    else:
        print("  ".join(f"{name} {value:.3f}" for name, value in result.items()))


def _rows(file: str, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and content of each line of a file of JSON lines."""
    data = read_input(file, settings().max_file_mb)
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"{file} cannot be unpacked ({error}); was it copied completely?") from error
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{file}:{number} is not JSON: {error}.") from error
        if not isinstance(row, dict) or any(name not in row for name in needed):
            raise InputError(f"{file}:{number} needs the fields {' and '.join(needed)}.")
        yield f"{file}:{number}", row
