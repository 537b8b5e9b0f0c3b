"""Commands that read: ask, similar, show, outcomes, verify."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from threadwise.cli.session import AsJson, assistant, progress, read_input, settings, show_json, stoppable
from threadwise.errors import InputError

K = Annotated[int, typer.Option("--k", "-k", min=1, max=100, help="How many at most.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (ask, similar, show, outcomes, verify):
        app.command()(stoppable(command))


def ask(
    question: Annotated[str, typer.Argument(help="In plain words; `-` reads it from standard input.")],
    k: K = 5,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the threads, every sentence with its source."""
    limit = settings().max_question
    text = sys.stdin.read(limit + 1) if question == "-" else question
    with assistant() as helper:
        with progress("Indexing") as step:
            helper.catch_up(step)
        answer = helper.ask(text.strip() if question == "-" else text, k=k)
    if as_json:
        show_json(answer)
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
    from threadwise.corpus.formats import jsonl, markdown

    with assistant() as helper:
        thread = helper.show(thread_id)
    if as_json:
        show_json(jsonl.thread_to_dict(thread))
    else:
        print(markdown.write(thread), end="")


def outcomes(thread_id: str, as_json: AsJson = False) -> None:
    """List who reports in a thread what came of which advice."""
    from threadwise.advice.outcomes import reports

    with assistant() as helper:
        found = reports(helper.show(thread_id))
    if as_json:
        show_json(found)
    for report in [] if as_json else found:
        about = f" (about post {report.about_post})" if report.about_post else ""
        print(f'{report.label:10} {report.author or "somebody"}{about}: "{" ".join(report.quote.split())}"')


def verify(
    file: Annotated[str, typer.Argument(help="An answer printed by `ask --json`.")], as_json: AsJson = False
) -> None:
    """Prove every quote of a saved answer against the corpus; exit code 1 where one differs."""
    data = read_input(file, settings().max_file_mb)
    try:
        answer: Any = json.loads(data)
    except ValueError as error:
        raise InputError(
            f"{file} is not JSON ({error}); `threadwise ask --json` writes what this command reads."
        ) from error
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
