"""The command line: read arguments, call one Assistant method, show the result."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; what it needs is imported first then."""
    try:
        from threadwise.cli.program import run

        run(arguments)
    except KeyboardInterrupt:  # before a command began, or after it ended
        print("threadwise: Stopped. What was stored stays stored.", file=sys.stderr)
        sys.exit(1)
