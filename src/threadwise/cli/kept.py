"""The command for answers that are kept: answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from threadwise.cli.session import AsJson, assistant, counted, plain, say, show_json, stoppable
from threadwise.errors import InputError

if TYPE_CHECKING:
    from threadwise.advice.kept import Kept

_NAMED_LENGTH = 160
"""Characters of its question by which a kept answer is named in the list."""


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(stoppable(answers))


def answers(
    answer_id: Annotated[str, typer.Argument(help="A kept answer, to show it whole; none: list all.")] = "",
    delete: Annotated[bool, typer.Option("--delete", help="Keep this answer no longer.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the answers that `ask --save` or the page kept, or show one, with what changed since in what they quote."""
    with assistant() as helper:
        if delete:
            if not answer_id:
                raise InputError("Say which answer: `threadwise answers ID --delete`.")
            helper.drop_kept(answer_id)
            say(f"{answer_id} is kept no longer.")
            return
        found = [helper.kept_answer(answer_id)] if answer_id else helper.kept_answers()
    if as_json:
        show_json(_whole(found[0]) if answer_id else [_line(one) for one in found])
    elif answer_id:
        _show(found[0])
    else:
        _list(found)


def _line(one: Kept) -> dict[str, Any]:
    own = {name: getattr(one, name) for name in ("id", "question", "kept", "points", "withdrawn", "changes")}
    return dict(plain(own))


def _whole(one: Kept) -> dict[str, Any]:
    """The answer as `ask --json` prints it, so that `verify` takes it too, and what is known of its keeping."""
    return {**one.document, **{name: value for name, value in _line(one).items() if name != "points"}}


def _list(found: Sequence[Kept]) -> None:
    from threadwise.cli.screen import on_one_line

    if not found:
        print("No answer is kept. `threadwise ask --save QUESTION` keeps one.")
    for one in found:
        points = "withdrawn" if one.withdrawn else counted(one.points, "point")
        changed = f", {len(one.changes)} changed since" if one.changes else ""
        question = on_one_line(one.question)
        named = question if len(question) <= _NAMED_LENGTH else f"{question[:_NAMED_LENGTH]}…"
        print(f"{one.kept[:10]}  {named}  ({one.id}: {points}{changed})")


def _show(one: Kept) -> None:
    from threadwise.cli.screen import answer_text, on_one_line

    print(f"{on_one_line(one.question)}\nKept on {one.kept[:10]}.\n")
    print("Withdrawn: nothing that it quoted stands any more." if one.withdrawn else answer_text(one.answer))
    if one.changes:
        print("\nChanged since:")
    for change in one.changes:
        print(f"[{change.n}] {on_one_line(change.where)}: {on_one_line(change.why)}")
