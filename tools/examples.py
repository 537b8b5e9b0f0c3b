"""Write the examples of README.md anew: run each command that stands before a block, and put what it prints there.

`make examples` runs it, over the demo forum in a home of its own. Threads that are merely similar, listed after an
answer, are left out for shortness. A test compares the blocks with what is printed, so they cannot go stale unseen.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
EXAMPLE = re.compile(r"(`(threadwise [^`\n]+)`[^\n]*\n\n```\n).*?(^```$)", re.DOTALL | re.MULTILINE)


def main() -> None:
    """Rewrite README.md in place."""
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as home:
        printed(home, ["import", "corpus/demo"])
        fresh = EXAMPLE.sub(lambda found: found[1] + example(home, found[2]) + found[3], text)
    README.write_text(fresh, encoding="utf-8")


def example(home: str, command: str) -> str:
    """What a command prints, as the block shows it."""
    return printed(home, shlex.split(command)[1:]).partition("\n\nSimilar threads\n")[0].strip("\n") + "\n"


def printed(home: str, arguments: list[str]) -> str:
    """Standard output of a command over a home."""
    command = [sys.executable, "-m", "threadwise", "--home", home, "--quiet", *arguments]
    return subprocess.run(command, cwd=README.parent, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
