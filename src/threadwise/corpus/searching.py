"""Which files hold any of some bytes: a program of its own, `python -m threadwise.corpus.searching`.

SQLite's locks belong to the process, and closing any file handle of a database drops all of them: a process that has
the corpus open must not open the file itself, or another process takes its log away. So the search runs in a process
that has nothing open. It reads {"pieces": [hexadecimal], "files": [path]} and writes the paths that hold one, as JSON.
Source: "How To Corrupt An SQLite Database File", section 2.2, sqlite.org.
"""

from __future__ import annotations

import json
import mmap
import sys


def holds(path: str, pieces: list[bytes]) -> bool:
    """Whether a file has any of these bytes; no, if it is gone or empty."""
    try:
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:  # noqa: PTH123
            return any(content.find(piece) >= 0 for piece in pieces)
    except (OSError, ValueError):
        return False


def main() -> None:
    """Read the request, write the answer."""
    request = json.load(sys.stdin)
    pieces = [bytes.fromhex(piece) for piece in request["pieces"]]
    json.dump([path for path in request["files"] if holds(path, pieces)], sys.stdout)


if __name__ == "__main__":
    main()
