"""The corpus in PostgreSQL, which is a URL away: `python -m bench.postgresql postgresql+psycopg://USER@/EMPTY_DATABASE`.

Needs a server, an empty database and the driver, and says what works there: every write and read of the Assistant, the
check, and sixteen writers at once. AssertionError where it is not as with SQLite.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bench.kill.fronts import WordVectors, open_assistant
from bench.kill.threads import make
from threadwise.checking import check
from threadwise.config import Settings, demo_folder
from threadwise.corpus.filters import Filters
from threadwise.corpus.store import SavedAnswer
from threadwise.importing import ImportOptions, run_import
from threadwise.index import encoding


def main() -> None:
    with tempfile.TemporaryDirectory() as room:
        settings = Settings(home=Path(room), database=sys.argv[1])
        encoding.load_encoder = lambda _settings: WordVectors()
        with open_assistant(settings) as assistant:
            store = assistant.store
            assert store.generation == 0, "the database is not empty"
            started = time.perf_counter()
            first = run_import(assistant, [demo_folder()], ImportOptions())
            print(
                f"imported {first.threads_added} threads, {first.posts} posts in {time.perf_counter() - started:.1f} s"
            )
            assert run_import(assistant, [demo_folder()], ImportOptions()).threads_unchanged == first.threads_added
            thread = make("somebody", 1, 4)
            added = assistant.add(thread)
            assert store.get(added.thread_id) == replace(thread, id=added.thread_id)
            assistant.edit(added.thread_id, make("somebody", 2, 3))
            assert assistant.duplicates(make("somebody", 2, 3))[0].score == 1.0
            assert [place for place, _ in store.posts_of("somebody")] == [added.thread_id] * 3
            assert assistant.ask("sore back, stretch every morning").citations
            assert store.matching_ids(Filters(tags=(store.tags()[0][0],), min_score=1))
            assert store.summaries(text="back", limit=3)
            store.save_answer(SavedAnswer("a", "{}", 1))
            assert [saved.id for saved in store.saved_answers()] == ["a"]
            store.drop_answers(["a"])
            assert assistant.forget("somebody").deleted == (added.thread_id,)
            with ThreadPoolExecutor(16) as pool:
                puts = pool.map(lambda n: store.put([make(f"writer{n}", 1, 2, f"w{n}")]).generation, range(32))
            assert len(set(puts)) == 32, "two writers were given one generation"
            assistant.delete("w1")
            assert sum(1 for _ in store.changes(0)) == first.threads_added + 33
        found = check(settings)
        assert found.sound, found.faults
        print(f"checked {found.corpus.threads} threads and {found.passages} passages: no faults")


if __name__ == "__main__":
    main()
