"""Run files as TREC has them: `question Q0 id rank score tag` on each line, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from threadwise.errors import InputError


def write_run(run: Mapping[str, Mapping[str, float]], path: Path, tag: str = "threadwise") -> None:
    """Write rankings; blanks and % in ids are written as in addresses, since blanks part the columns.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for question, ranking in run.items():
                order = sorted(ranking.items(), key=lambda item: (-item[1], item[0]))
                for rank, (item, score) in enumerate(order, 1):
                    file.write(f"{_word(question)} Q0 {_word(item)} {rank} {score:.6f} {tag}\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Read the rankings of a run file.

    Raises:
        InputError: It cannot be read, or a line is not one of a run file.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a run file; `threadwise eval --run FILE` writes one.") from error
    run: dict[str, dict[str, float]] = defaultdict(dict)
    for number, line in enumerate(lines, 1):
        try:
            question, _, item, _, score, *_ = line.split()
            run[unquote(question)][unquote(item)] = float(score)
        except ValueError as error:
            raise InputError(f"{path}:{number} is not `question Q0 id rank score tag`.") from error
    return dict(run)


def _word(value: str) -> str:
    return "".join(quote(char) if char.isspace() or char == "%" else char for char in value)
