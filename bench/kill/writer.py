"""One writer: adds, imports, edits, deletes, forgets, compacts and backs up until it is killed.

python -m bench.kill.writer HOME NAME SEED FRONT
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from bench.kill.fronts import FRONTS, Front, make_small
from bench.kill.journal import Journal, Versions
from bench.kill.threads import id_of, make
from threadwise.config import Settings
from threadwise.corpus.store import Store
from threadwise.errors import ThreadwiseError

CALLS = {"add": 4, "take": 5, "edit": 4, "delete": 3, "forget": 1, "rebuild": 1, "copy": 1}
"""What a writer does, and how often out of all of that."""

_MOST = 12  # threads of one writer


class Writer:
    """Does one call after the other, and says each in its journal before and after."""

    def __init__(self, home: Path, journal: Path, seed: int, front: str) -> None:
        self._settings = Settings(home=home)
        self._store, self._front = self._opened(front)
        self._choose = random.Random(seed)
        self._journal = Journal(journal).read()
        self._name = f"{journal.stem}-{seed:x}"
        self._made = 0

    def run(self) -> None:
        """Until somebody kills the process."""
        while True:
            call, what = self._next()
            self._journal.begin(call, what, whole=call != "take")
            try:
                self._do(call, what)
            except ThreadwiseError:
                self._journal.settle(self._store, refused=True)
                time.sleep(0.2)  # the disk is full, or another writer was at it for too long
            else:
                self._journal.end()
            time.sleep(self._choose.uniform(0, 0.03))

    def _opened(self, front: str) -> tuple[Store, Front]:
        """On a full disk not even a log can be begun; try until there is room."""
        while True:
            try:
                return Store.open(self._settings), FRONTS[front](self._settings)
            except ThreadwiseError:
                time.sleep(0.2)

    def _next(self) -> tuple[str, Versions]:
        mine = [who for who, version in self._journal.done.items() if version is not None]
        call = self._choose.choices(list(CALLS), list(CALLS.values()))[0]
        if not mine and call in ("edit", "delete", "forget"):
            call = "add"
        if len(mine) >= _MOST and call in ("add", "take"):
            call = "delete"
        if call == "add":
            return call, {self._somebody(): 1}
        if call == "take":
            old = {who: (self._journal.done[who] or 0) + 1 for who in self._choose.sample(mine, min(len(mine), 3))}
            return call, old | {self._somebody(): 1 for _ in range(self._choose.randint(1, 4))}
        if call == "edit":
            who = self._choose.choice(mine)
            return call, {who: (self._journal.done[who] or 0) + 1}
        if call in ("delete", "forget"):
            return call, {self._choose.choice(mine): None}
        return call, {}

    def _do(self, call: str, what: Versions) -> None:
        who, version = next(iter(what.items()), ("", None))
        if call == "add":
            self._front.add(make(who, version or 0, self._posts()))
        elif call == "take":
            self._front.take(
                [make(one, n or 0, self._posts(), id_of(self._store, one) or one) for one, n in what.items()]
            )
        elif call == "edit":
            self._front.edit(make(who, version or 0, self._posts(), id_of(self._store, who) or ""))
        elif call == "delete":
            self._front.delete(id_of(self._store, who) or "")
        elif call == "forget":
            self._front.forget(who)
        elif call == "rebuild":
            self._front.rebuild()
        else:
            self._copy()

    def _copy(self) -> None:
        path = self._settings.home / f"{self._name}.backup"
        self._front.copy(path)
        with Store.open(self._settings, read_only=True, file=path) as copied:
            assert not list(copied.faults()), f"the backup {path} is not sound"

    def _posts(self) -> int:
        return self._choose.randint(1, 9)

    def _somebody(self) -> str:
        self._made += 1
        return f"{self._name}-{self._made}"


if __name__ == "__main__":
    make_small()
    Writer(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]).run()
