"""What all commands share: the settings of this run, the Assistant, how results and progress are shown."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from threadwise.config import Settings, load_settings
from threadwise.errors import InputError, ThreadwiseError

if TYPE_CHECKING:
    from threadwise.assistant import Assistant
    from threadwise.corpus.formats.progress import Step, Told

P = ParamSpec("P")
R = TypeVar("R")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

_home = ""
_quiet = False


def named(path: str) -> Path:
    """A path from the command line; an empty one, as of a variable that is not set, would be the current folder."""
    if not path:
        raise typer.BadParameter("the path is empty. The folder that you are in is written as a dot.")
    return Path(path)


def configure(*, home: str, quiet: bool) -> None:
    """Remember the global options of this run."""
    global _home, _quiet
    _home, _quiet = home, quiet


def settings(**overrides: Any) -> Settings:
    """The settings of this run: the environment, then the command line."""
    return load_settings(home=Path(_home).expanduser().absolute() if _home else None, **overrides)


@contextmanager
def assistant(*, anew: bool = False, **overrides: Any) -> Iterator[Assistant]:
    """The Assistant of this run; `anew` where its index is rebuilt next."""
    from threadwise.assistant import Assistant

    with Assistant.open(settings(**overrides), anew=anew) as opened:
        yield opened


def stoppable(command: Callable[P, R]) -> Callable[P, R]:
    """Turn Ctrl-C into a sentence; what was acknowledged stays."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt as error:
            raise ThreadwiseError(
                "Stopped. What was stored stays stored; the same command goes on where it stopped."
            ) from error

    return run


def show_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:
    """Dataclasses as dictionaries, tuples as lists, paths as strings."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def counted(number: int, one: str) -> str:
    """`1 thread`, `2 threads`, `1,200 posts`."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def say(text: str) -> None:
    """A remark on standard error, unless --quiet."""
    if not _quiet:
        print(text, file=sys.stderr, flush=True)


@contextmanager
def progress(
    what: str, unit: str = "passages", *, line: int = 0, open_end: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """A bar with rate and time left, shown once there is something to wait for, on a terminal alone.

    Args:
        what: What is being done.
        unit: What is counted, several of it; bytes are shown as kB, MB and so on.
        line: Which line of the screen, where several bars stand below each other.
        open_end: Whether the total is only what is known by now, so that no time left can be told from it.
    """
    from tqdm import tqdm

    bar: tqdm[Any] | None = None
    hidden = True if _quiet else None  # None: hidden where standard error is no terminal

    def step(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and total > 0:
            bar = tqdm(
                total=None if open_end else total, desc=what, unit="B" if unit == "bytes" else f" {unit}",
                unit_scale=unit == "bytes", position=line, file=sys.stderr, disable=hidden, leave=False, delay=0.5,
            )  # fmt: skip
        if bar is not None:
            bar.total = None if open_end else max(total, done)
            bar.update(done - bar.n)

    try:
        yield step
    finally:
        if bar is not None:
            bar.close()


@contextmanager
def steps() -> Iterator[Told]:
    """A bar for what is being done at the moment, another one for each step of it."""
    with ExitStack() as shown:
        now = ""
        move: Callable[[int, int], None]

        def tell(step: Step) -> None:
            nonlocal now, move
            if step.what != now:
                shown.close()
                now, move = step.what, shown.enter_context(progress(step.what, step.unit))
            move(step.done, step.total)

        yield tell


def read_input(file: str, limit_mb: int) -> bytes:
    """The bytes of a file, or of standard input for `-`.

    Raises:
        InputError: It is not there, not a file, not readable, or larger than the limit.
    """
    limit = limit_mb * 1_000_000
    if not file:
        raise InputError("The name of the file is empty; `-` reads standard input.")
    if file == "-":
        data = sys.stdin.buffer.read(limit + 1)
    else:
        path = Path(file)
        if path.is_dir():
            raise InputError(f"{file} is a folder; `threadwise import {file}` takes folders.")
        try:
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    if len(data) > limit:
        raise InputError(
            f"{file} is larger than {limit_mb} MB, too much for one thread; `threadwise import` takes large files."
        )
    return data
