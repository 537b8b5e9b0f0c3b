"""Threads whose id comes more than once in one import, as in exports of two days put together: the last one counts.

An import streams, so the first of them is in the corpus when the second comes. That it was replaced is noted in the
corpus by its content; when the same data is imported again, it waits until the end, and is dropped once the one that
replaced it has come, so that nothing changes. Notes are hashes alone and say nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from threadwise.corpus.formats.source import Report
from threadwise.corpus.rows import post_rows, thread_hash
from threadwise.corpus.store import PutResult, Store
from threadwise.domain import Thread, content_hash

_MOST = 50
"""Replaced threads of one id that are remembered; a file that has more of them updates some again each time."""


class Repeats:
    """What came more than once in one import. Batch by batch: `last_of_each`, `without_replaced`, put, `noted`."""

    def __init__(self, store: Store, report: Report) -> None:
        self._store, self._report = store, report
        self._began = store.generation
        self._waiting: dict[str, Thread] = {}
        self._replaced: dict[str, list[str]] = {}
        self._said: set[str] = set()
        self._marks: dict[str, tuple[str, int]] = {}

    @property
    def waiting(self) -> list[Thread]:
        """What was replaced in an earlier import and was not in this one: it has come back by itself."""
        return list(self._waiting.values())

    def last_of_each(self, batch: Sequence[Thread]) -> list[Thread]:
        """The batch without threads that another one of it replaces; those of other sources are other threads."""
        last: dict[tuple[str, str | None], Thread] = {}
        for thread in batch:
            waiting = self._waiting.get(thread.id)
            if waiting is not None and waiting.source == thread.source:
                del self._waiting[thread.id]
                if waiting != thread:
                    self._say(thread.id)
            key = thread.id, thread.source
            earlier = last.pop(key, thread)
            if earlier != thread:
                self._replaced.setdefault(thread.id, []).append(_hash(earlier))
                self._say(thread.id)
            last[key] = thread
        return list(last.values())

    def without_replaced(self, batch: Sequence[Thread], updated: Iterable[str]) -> list[Thread]:
        """The batch without those, of what would be updated, that were replaced when they came before; they wait."""
        self._marks = self._store.marks(updated)
        going = []
        for thread in batch:
            if thread.id in self._marks and _hash(thread) in self._known(thread.id):
                self._waiting[thread.id] = thread
            else:
                going.append(thread)
        return going

    def noted(self, done: PutResult) -> PutResult:
        """What was done with a batch, a thread that this import had put before not counted again; the replaced ones
        are noted in the corpus."""
        again = {i for i in done.updated if i in self._marks and self._marks[i][1] > self._began}
        for thread_id in again:
            self._replaced.setdefault(thread_id, []).insert(0, self._marks[thread_id][0])
            self._say(thread_id)
        for thread_id, replaced in self._replaced.items():
            known = dict.fromkeys([*self._known(thread_id), *replaced])
            self._store.remember(_key(thread_id), " ".join(list(known)[-_MOST:]))
        self._replaced = {}
        return replace(done, updated=tuple(i for i in done.updated if i not in again))

    def _known(self, thread_id: str) -> list[str]:
        """The hashes of what was replaced under this id, oldest first."""
        return (self._store.recall(_key(thread_id)) or "").split()

    def _say(self, thread_id: str) -> None:
        if thread_id in self._said:
            return
        self._said.add(thread_id)
        self._report.warn(thread_id, "This thread came more than once; the last one counts.")


def _hash(thread: Thread) -> str:
    return thread_hash(thread, post_rows(thread))


def _key(thread_id: str) -> str:
    return f"replaced {content_hash(thread_id)[:32]}"
