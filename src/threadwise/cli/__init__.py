"""The command line: read arguments, call one Assistant method, show the result."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; what it needs is imported first then."""
    from threadwise.cli.program import run

    run(arguments)
