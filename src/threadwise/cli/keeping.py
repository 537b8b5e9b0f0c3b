"""Commands that change what is kept: add, edit, delete, import, export, forget, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threadwise.cli.session import (
    AsJson,
    assistant,
    counted,
    named,
    progress,
    read_input,
    say,
    settings,
    show_json,
    steps,
    stoppable,
)

if TYPE_CHECKING:
    from threadwise.importing import ImportResult

File = Annotated[str, typer.Argument(help="A file with one thread, or `-` for standard input.")]

APath = Annotated[Path, typer.Argument(parser=named, metavar="PATH")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (add, edit, delete, export, forget, backup, restore):
        app.command()(stoppable(command))
    app.command("import")(stoppable(import_))


def add(file: File, as_json: AsJson = False) -> None:
    """Add one thread: pasted plain text, Markdown or JSON. Prints its id."""
    data = read_input(file, settings().max_file_mb)
    with assistant() as helper:
        thread = helper.read(data, name=file)
        near = [other for other in helper.duplicates(thread) if other.thread_id != thread.id]
        added = helper.add(thread)
    if near:
        say(f"Nearly the same thread is there already: {near[0].title} ({near[0].thread_id}).")
    if added.searchable_ms is None:
        say("The thread is stored, but the index could not follow; `threadwise index` brings it level.")
    show_json(added) if as_json else print(added.thread_id)


def edit(thread_id: str, file: File, as_json: AsJson = False) -> None:
    """Replace a thread's title and posts by those of a file."""
    data = read_input(file, settings().max_file_mb)
    with assistant() as helper:
        changed = helper.edit(thread_id, helper.read(data, name=file))
    show_json(changed) if as_json else print(changed.thread_id)


def delete(thread_id: str, as_json: AsJson = False) -> None:
    """Remove a thread from the corpus and from everything that is searched."""
    with assistant() as helper:
        gone = helper.show(thread_id)
        helper.delete(thread_id)
    if as_json:
        show_json({"thread_id": thread_id, "title": gone.heading, "posts": len(gone.posts)})
    else:
        say(f"Deleted {thread_id}.")


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(parser=named, metavar="PATH", help="Files, folders or archives of any known format."),
    ],
    source: Annotated[str, typer.Option(help="Keep these threads apart under this name.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    pseudonymise: Annotated[bool, typer.Option("--pseudonymise", help="Replace authors by keyed hashes.")] = False,
    mask_contacts: Annotated[bool, typer.Option("--mask-contacts", help="Mask e-mail and phone numbers.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(parser=named, metavar="PATH", help="Where to write what could not be read.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in whole forums; importing the same data again changes nothing."""
    from threadwise.importing import ImportOptions, run_import

    choices = ImportOptions(
        source=source, dry_run=dry_run, pseudonymise=pseudonymise, mask_contacts=mask_contacts, rejects=rejects
    )
    with assistant() as helper, steps() as read, progress("Encoding", line=1, open_end=True) as index:
        result = run_import(helper, paths, choices, reading=read, indexing=index)
    for warning in result.warnings[:20]:
        say(warning)
    if as_json:
        show_json(result)
    else:
        _show_import(result, dry_run=dry_run)
    if result.rejects:
        raise typer.Exit(3)


def _show_import(result: ImportResult, *, dry_run: bool) -> None:
    verb = "would be added" if dry_run else "added"
    print(
        f"{counted(result.threads_added, 'thread')} {verb}, {result.threads_updated:,} updated, "
        f"{result.threads_unchanged:,} unchanged; {counted(result.posts, 'post')} in {result.seconds:.1f} s."
    )
    for pair in result.near_duplicates[:5]:
        print(f"nearly the same as {pair.like}: {pair.thread_id}")
    if result.duplicates > 5:
        print(f"... and {result.duplicates - 5:,} more threads ask nearly the same as an older one.")
    for reject in result.rejected[:20]:
        place = "" if reject.why.startswith(reject.where) else f"{reject.where}: "
        print(f"rejected {place}{reject.why}")
    if result.rejects:
        place = f"; all of it is in {result.rejects_file}" if result.rejects_file else ""
        print(f"{result.rejects:,} rejected{place}.")


def export(
    path: Annotated[
        Path | None,
        typer.Argument(parser=named, metavar="PATH", help="File (jsonl) or folder (markdown); none: standard output."),
    ] = None,
    format: Annotated[str, typer.Option(help="jsonl or markdown.")] = "jsonl",
) -> None:
    """Write the whole corpus, to be read back identically."""
    from threadwise.exporting import run_export

    with assistant() as helper:
        count = run_export(helper.store, path, format)
    say(f"Exported {counted(count, 'thread')}.")


def forget(author: str, as_json: AsJson = False) -> None:
    """Remove a person's posts everywhere, and prove it."""
    with assistant() as helper:
        forgotten = helper.forget(author)
    if as_json:
        show_json(forgotten)
    else:
        print(
            f"{author}: {counted(forgotten.posts, 'post')} removed; {counted(len(forgotten.changed), 'thread')} "
            f"changed, {len(forgotten.deleted):,} deleted; posts of others edited: {forgotten.edited:,}; kept answers "
            f"dropped: {forgotten.answers:,}. Looked again: their words stand in "
            f"{counted(len(forgotten.left), 'place')} and {counted(len(forgotten.files), 'file')}."
        )
        for path in forgotten.files:
            print(f"still has their words: {path}")
        for thread_id, post_id in forgotten.mentions:
            print(f"the name still stands, perhaps as an ordinary word: {thread_id}/{post_id}")


def backup(path: APath) -> None:
    """Copy the corpus to a file, while everything goes on running."""
    from threadwise.corpus import backup as copies

    copies.backup(settings(), path)
    say(f"Backed up to {path}.")


def restore(path: APath) -> None:
    """Put a backup in the place of the corpus, and index it."""
    from threadwise.corpus import backup as copies

    copies.restore(settings(), path)
    with assistant() as helper, progress("Indexing") as step:
        helper.level(step)
    say(f"Restored from {path}.")
