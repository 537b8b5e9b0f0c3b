"""The `threadwise` command: global options, and errors as one sentence with an exit code.

Exit codes: 0 done, 1 refused with one clear sentence, 2 wrong usage, 3 done in part (an import with rejects).
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from threadwise import __version__
from threadwise.cli import asking, keeping, kept, measuring, operating, session
from threadwise.errors import ThreadwiseError

app = typer.Typer(
    name="threadwise",
    help="Suggestions from forum threads, every sentence with its source.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_GLOBAL_FLAGS = {"--quiet", "--version"}


def _print_version(asked: bool) -> None:
    if asked:
        print(f"threadwise {__version__}")
        raise typer.Exit


@app.callback()
def options(
    home: Annotated[str, typer.Option(envvar="THREADWISE_HOME", help="Folder with corpus/ and index/.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no remarks.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback has printed it and left
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Suggestions from forum threads, every sentence with its source."""
    session.configure(home=home, quiet=quiet)


for room in (asking, kept, keeping, operating, measuring):
    room.register(app)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    try:
        app(args=_globals_first(given), prog_name="threadwise")
    except ThreadwiseError as error:
        print(f"threadwise: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        print(f"threadwise: {_no_room(error) if full else _defect(error)}", file=sys.stderr)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a defect of ours; people get a sentence, the report goes to a file
        print(f"threadwise: {_defect(error)}", file=sys.stderr)
        sys.exit(1)


def _prepare_streams() -> None:
    """Forum text is UTF-8, whatever the locale says; a stream that the caller has closed is an empty one."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nothing = Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nothing)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _no_room(error: OSError) -> str:
    place = error.filename or "the file that the result goes to"
    return (
        f"There is no room left for {place} ({error.strerror}). Make room and try again; what was stored stays stored."
    )


def _defect(error: Exception) -> str:
    with tempfile.NamedTemporaryFile("w", prefix="threadwise-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    return (
        f"something went wrong that should not ({type(error).__name__}: {error}). What was stored stays stored. "
        f"The report is in {log.name}."
    )


def _globals_first(arguments: list[str]) -> list[str]:
    """Let the global options stand anywhere before `--`."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _GLOBAL_FLAGS or word.startswith("--home="):
            front.append(word)
        elif word == "--home":
            front += [word, *([value] if (value := next(words, None)) is not None else [])]
        else:
            rest.append(word)
    return front + rest
