"""Kill writers with SIGKILL at random moments and check that nothing acknowledged is lost and nothing half is seen.

    python -m bench.kill --kills 200 --writers 3 --seed 1
    python -m bench.kill --kills 20 --fronts command
    python -m bench.kill --kills 50 --trouble full       a disk of 24 MB that is now and then full (needs mount)
    python -m bench.kill --kills 50 --trouble fsync      every fourth fsync fails now and then (needs cc)

Several processes add, import, edit and delete threads, forget people, make the index anew and take backups, each
through the command line, the Assistant or the store alone. Each says in a journal what it is about to do and, when the
call has returned, that it is done. After each kill the corpus must have every thread of that writer as last
acknowledged, the one call under way wholly or not at all (an import: each thread), an Assistant that starts then must
find its index level, whole and the same as the corpus, and the quotes of an answer must stand where it says. In the end
the corpus must be exactly what was acknowledged, each thread under an id of its own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.kill.fronts import FRONTS
from bench.kill.harness import run
from bench.kill.trouble import FaultyDisk, FullDisk, small_disk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fronts", default=",".join(FRONTS), help="what the writers go through, in turn")
    parser.add_argument("--trouble", choices=("full", "fsync"), help="what is wrong with the disk")
    parser.add_argument("--home", type=Path, help="keep the corpus here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home, trouble = chosen.home or Path(folder) / "home", None
        if chosen.trouble == "full":
            trouble = FullDisk(stack.enter_context(small_disk(home, 24)))
        elif chosen.trouble == "fsync":
            trouble = FaultyDisk(Path(folder))
        figures = run(
            home,
            chosen.kills,
            writers=chosen.writers,
            seed=chosen.seed,
            fronts=chosen.fronts.split(","),
            say=print,
            trouble=trouble,
        )
    print(json.dumps(figures.as_dict()))


if __name__ == "__main__":
    main()
