"""What a writer says that it is about to do, and that it is done: the promises that a kill must not break.

A line is appended in one call, so a killed writer leaves whole lines and at most a cut one, which was never said.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from bench.kill.threads import version_of
from threadwise.corpus.store import Store

Versions = dict[str, int | None]
"""Author -> version of their thread, None where it is deleted."""


@dataclass
class Journal:
    """`done` is acknowledged. `doing` may have been going on; `whole` if it must be done as a whole or not at all."""

    path: Path
    done: Versions = field(default_factory=dict)
    doing: Versions | None = None
    whole: bool = True
    call: str = ""
    refusals: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    unsure: Versions = field(default_factory=dict)

    def read(self) -> Journal:
        """All that was said, from the file."""
        self.done, self.doing, self.calls, self.refusals, self.unsure = {}, None, {}, 0, {}
        for line in self.path.read_text().splitlines(keepends=True) if self.path.exists() else ():
            if not line.endswith("\n"):
                break
            self._hear(json.loads(line))
        return self

    def begin(self, call: str, what: Versions, *, whole: bool) -> None:
        """Say what is about to happen."""
        self._say({"say": "doing", "call": call, "what": what, "whole": whole})

    def end(self) -> None:
        """Say that it has."""
        self._say({"say": "done"})

    def settle(self, store: Store, *, refused: bool = False) -> bool:
        """Compare the corpus with what was said; whether a call had been under way.

        Args:
            store: The corpus, read after the writer was killed or its call had ended.
            refused: The call under way has raised: then it has changed nothing, or (an import) whole batches.

        Raises:
            AssertionError: Something acknowledged is not there, or a call is half done.
        """
        doing = self.doing or {}
        for who, version in list(self.done.items()):
            if who not in doing:
                found = version_of(store, who)
                if who in self.unsure and found == self.unsure[who]:
                    self._say({"say": "after all", "what": {who: found}})
                else:
                    assert found == version, f"{who}: acknowledged version {version}, found {found}"
        if self.doing is None:
            return False
        found = {who: version_of(store, who) for who in doing}
        before = {who: self.done.get(who) for who in doing}
        if self.whole:
            assert found in (before, doing), f"a call is half done: {doing}, found {found}"
            # Who is forgotten stays so where the file could not be rewritten afterwards; the message says it.
            changed = refused and found != before and self.call != "forget"
            assert not changed, f"a call was refused and did something: {doing}, found {found}"
        for who in doing:
            assert found[who] in (before[who], doing[who]), f"{who}: {before[who]} or {doing[who]}, found {found[who]}"
        self._say({"say": "refused" if refused else "settled", "what": found, "meant": doing})
        return True

    def _hear(self, entry: dict[str, object]) -> None:
        said, what = entry["say"], entry.get("what")
        if said == "doing":
            assert isinstance(what, dict)
            self.doing, self.whole = what, bool(entry["whole"])
            self.call = str(entry["call"])
            self.calls[self.call] = self.calls.get(self.call, 0) + 1
            return
        if said == "after all":
            assert isinstance(what, dict)
            self.done |= what
            self.unsure = {who: n for who, n in self.unsure.items() if who not in what}
            return
        if said == "refused":
            self.refusals += 1
            assert isinstance(what, dict)
            assert isinstance(entry["meant"], dict)
            # Where fsync failed, nobody knows what the disk has: after a crash the transaction may be there after all.
            self.unsure |= {who: n for who, n in entry["meant"].items() if what[who] != n}
        else:
            for who in self.doing or what or ():  # type: ignore[attr-defined]
                self.unsure.pop(who, None)
        self.done |= (self.doing or {}) if said == "done" else what  # type: ignore[operator]
        self.doing = None

    def _say(self, entry: dict[str, object]) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(descriptor, json.dumps(entry).encode() + b"\n")
        os.close(descriptor)
        self._hear(entry)
