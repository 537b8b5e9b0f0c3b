"""`make bench`: every benchmark of this folder, one after the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

OTHERS = {"__init__", "__main__", "reference", "visiting", "fuzz_formats", "fuzz_seeds", "postgresql", "rivals"}
"""Not a figure, hours long when run in full, or in need of packages that nothing else needs."""


def main() -> None:
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in OTHERS:
            print(f"\n== python -m bench.{path.stem}", flush=True)
            subprocess.run([sys.executable, "-m", f"bench.{path.stem}"], check=False)


if __name__ == "__main__":
    main()
