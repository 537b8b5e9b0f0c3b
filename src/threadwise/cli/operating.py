"""Commands that run and keep level: index, status, check, serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from threadwise.cli.session import AsJson, assistant, counted, progress, say, settings, show_json, stoppable
from threadwise.config import Settings

if TYPE_CHECKING:
    from threadwise.assistant import Assistant
    from threadwise.checking import Report


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (index, status, check, serve):
        app.command()(stoppable(command))


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start anew; vectors come from the cache.")] = False,
) -> None:
    """Bring the index level with the corpus."""
    with assistant(anew=rebuild) as helper:
        with progress("Indexing") as step:
            helper.level(step, rebuild=rebuild)
        say(f"{counted(len(helper.index), 'passage')} can be searched.")


def status(as_json: AsJson = False) -> None:
    """How much there is, and how far the index is."""
    with assistant() as helper:
        corpus = helper.status()
    if as_json:
        show_json(corpus)
        return
    print(f"Home      {corpus.home}")
    kept = [counted(corpus.threads, "thread"), counted(corpus.posts, "post"), counted(corpus.authors, "author")]
    print(f"Corpus    {', '.join(kept)}")
    level = "level with the corpus" if corpus.generation == corpus.indexed_generation else "behind: `threadwise index`"
    print(f"Index     {counted(corpus.passages, 'passage')}, {level}")
    print(f"Model     {corpus.model}")


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False, as_json: AsJson = False
) -> None:
    """Verify corpus, kept answers, index and cache; exit code 1 where something is wrong."""
    from threadwise.checking import check as look

    with progress("Checking", "threads") as step:
        found = look(settings(), repair=repair, progress=step)
    if as_json:
        show_json(found)
    else:
        for fault in found.faults:
            print(f"{fault.where}: {fault.what}{' (mended)' if fault.repaired else ''}")
        for thread_id in found.corpus.lost:
            print(f"lost: thread {thread_id} cannot be read any more")
        if found.corpus.kept is not None:
            print(f"The damaged file is kept at {found.corpus.kept}.")
        print(_summary(found))
    if not found.sound:
        raise typer.Exit(1)


def _summary(found: Report) -> str:
    if not found.corpus.sound:
        return (
            f"{counted(len(found.faults), 'fault')} in the corpus; `threadwise check --repair` saves what can be read."
        )
    if not found.index_level:
        faults = counted(len(found.faults), "fault")
        return f"{faults}. The index is behind the corpus: `threadwise index` brings it level."
    open_ones = sum(not fault.repaired for fault in found.faults)
    remedy = " `threadwise check --repair` mends what can be mended." if open_ones else ""
    looked_at = f"Looked at {counted(found.corpus.threads, 'thread')} and {counted(found.passages, 'passage')}"
    return f"{looked_at}: {counted(len(found.faults), 'fault')}, {open_ones:,} of them open.{remedy}"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes the setting.")] = 0,
    demo: Annotated[bool, typer.Option("--demo", help="Start an empty corpus with the demo forum.")] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Open the web app."""
    from threadwise.web.app import serve as run

    chosen = settings(host=host or None, port=port or None)
    if demo and not chosen.database and not (chosen.corpus_folder / "threadwise.db").exists():
        _opened(chosen, demo=True).close()  # the first start: people see the bar before they see the page
    run(chosen, lambda: _opened(chosen, demo=demo), open_browser=open_browser)


def _opened(chosen: Settings, *, demo: bool) -> Assistant:
    """The Assistant of these settings; with `demo`, an empty corpus that nobody has written to gets the demo forum."""
    from threadwise.assistant import Assistant

    helper = Assistant.open(chosen)
    try:
        if demo and helper.store.generation == 0:
            _import_demo(helper)
    except BaseException:
        helper.close()
        raise
    return helper


def _import_demo(helper: Assistant) -> None:
    from threadwise.config import demo_folder
    from threadwise.importing import ImportOptions, run_import

    say("First start: importing the demo forum.")
    with progress("Indexing") as step:
        run_import(helper, [demo_folder()], ImportOptions(), indexing=step)
