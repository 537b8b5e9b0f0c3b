"""Check everything that a home keeps: the corpus, what answers quote from it, the index with its offsets, the cache.

From the bottom up: an index can only be compared with a corpus that is sound. What is derived is repaired by making it
anew; of what people wrote, a repair saves what can be read and says what it lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace

from threadwise.advice.proof import differences, revise
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus import backup
from threadwise.corpus.backup import Checked
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.corpus.upkeep import Fault
from threadwise.index.audit import Audit
from threadwise.index.indexer import Index

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and found; `passages` is 0 where the corpus was not sound enough to look at the index."""

    corpus: Checked
    answers: tuple[Fault, ...] = ()
    index: tuple[Fault, ...] = ()
    index_level: bool = False
    passages: int = 0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All of them, in the order in which they were found."""
        return (*self.corpus.faults, *self.answers, *self.index)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, or nothing any more."""
        return self.index_level and all(fault.repaired for fault in self.faults)


def check(settings: Settings, *, repair: bool = False, progress: Progress | None = None) -> Report:
    """Look at everything once; put right what can be.

    Args:
        settings: Whose home.
        repair: Whether to put right what is found.
        progress: Called with threads whose index was looked at, and threads in all.

    Raises:
        StoreError: There is no corpus, nothing can be read in it, or it cannot be written for another reason.
        BusyError: Another process is writing.
        ModelError: The model that is to be compared with cannot be loaded.
    """
    corpus = backup.check(settings, repair=repair)
    if not corpus.sound:
        return Report(corpus)
    with Assistant.open(settings) as assistant:
        answers = _answers(assistant.store)
        if assistant.index.generation != assistant.store.generation and not repair:
            return Report(corpus, tuple(answers))

        def looked_at(threads: int) -> None:
            if progress is not None:
                progress(threads, corpus.threads)

        with nullcontext() if assistant.store.read_only else writing(settings):
            assistant.index.level()
            found = assistant.index.audit(looked_at)
            if repair and answers:
                answers = _revised(assistant.store, answers)
            if repair and found.faults:
                found = _remade(assistant.index, found)
        level = assistant.index.generation == assistant.store.generation
    return Report(corpus, tuple(answers), tuple(found.faults), level, found.passages)


def _answers(store: Store) -> list[Fault]:
    """Kept answers that quote what does not stand in the corpus."""
    found = []
    for saved in store.saved_answers():
        for difference in differences(json.loads(saved.document), store):
            found.append(Fault(f"kept answer {saved.id}", f"[{difference.n}] {difference.where}: {difference.why}"))
    return found


def _revised(store: Store, found: list[Fault]) -> list[Fault]:
    """Take out of kept answers what stands no more; what is still found then is not repaired."""
    documents = [json.loads(saved.document) for saved in store.saved_answers()]
    revise(store, {str(each["thread_id"]) for document in documents for each in document.get("citations", [])})
    left = set(_answers(store))
    return [replace(fault, repaired=fault not in left) for fault in found]


def _remade(index: Index, found: Audit) -> Audit:
    """Make the index anew and look again; what is still found then is not repaired."""
    index.remake(found)
    again = index.audit()
    repaired = [replace(fault, repaired=True) for fault in found.faults if fault not in again.faults]
    return replace(again, faults=[*repaired, *again.faults])
