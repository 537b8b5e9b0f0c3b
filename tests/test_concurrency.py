"""Several processes on one home: what one writes the others see, and nobody gets in another's way."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import crowd

from conftest import WordEncoder, make_thread
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.errors import UnknownThreadError
from threadwise.index.indexer import Index

COMMAND = [sys.executable, str(Path(__file__).with_name("small_model.py"))]


@pytest.fixture
def assistant(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Assistant]:
    with Assistant(settings, store, Index.open(settings, store, encoder), make_composer(settings)) as opened:
        yield opened


def run(settings: Settings, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [*COMMAND, "--home", str(settings.home), *arguments],
        input=given, capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    return done.stdout


def test_who_asks_while_the_first_index_is_made_waits_for_it(settings: Settings, assistant: Assistant) -> None:
    assistant.store.put([make_thread("taps", "Why does my tap drip?", "Change the washer.")])
    busy = Event()

    def write() -> None:
        with writing(settings):
            busy.set()
            time.sleep(0.3)

    other = Thread(target=write)
    other.start()
    busy.wait()
    assert assistant.similar(text="tap")[0].thread_id == "taps"
    other.join()


def test_an_index_of_an_earlier_version_is_discarded_once_whoever_opens_it(
    settings: Settings, store: Store, encoder: WordEncoder
) -> None:
    Index.open(settings, store, encoder).close()
    path = settings.index_folder / "catalog.db"
    with closing(sqlite3.connect(path)) as catalog, catalog:
        catalog.execute("PRAGMA user_version = 3")
    gate = Barrier(6)

    def opened(_: int) -> str:
        gate.wait()
        index = Index.open(settings, store, encoder)
        epoch = index._catalog.state().epoch
        index.close()
        return epoch

    with ThreadPoolExecutor(6) as openers:
        epochs = set(openers.map(opened, range(6)))

    with closing(sqlite3.connect(path)) as catalog:
        assert epochs == {catalog.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]}


@pytest.mark.slow
def test_sixteen_threads_ask_while_two_processes_import_without_error_or_wrong_citation(
    assistant: Assistant, tmp_path: Path
) -> None:
    """The full run is `python -m bench.crowd`. Each process imports 150 threads and then the same ones, grown."""
    seen, done = crowd.run(assistant, tmp_path, COMMAND, threads=150, asking=16, replies=(2, 4))
    assert (seen.errors, seen.wrong) == ([], [])
    assert done["imports"] == [[0, 0], [0, 0]]
    assert (done["threads"], done["level"]) == (300, True)
    assert done["found_after_seconds"] < 2
    assert seen.citations > 0


@pytest.mark.slow
def test_what_one_process_writes_the_other_finds_within_two_seconds_and_the_reverse(
    settings: Settings, assistant: Assistant
) -> None:
    def quotes() -> set[str]:
        return {
            citation.thread_id for point in [assistant.ask("what keeps slugs away?")] for citation in point.citations
        }

    assistant.add(make_thread("ours", "What keeps slugs away?", "You should put copper tape around the bed."))
    answer = json.loads(run(settings, "ask", "what keeps slugs away?", "--json"))
    assert {citation["thread_id"] for citation in answer["citations"]} == {"ours"}

    theirs = {
        "id": "theirs",
        "title": "Slugs",
        "posts": [
            {"id": "1", "author": "asker", "text": "What keeps slugs away at night?"},
            {"id": "2", "author": "helper", "text": "Try to water the lettuce in the morning, that keeps slugs away."},
        ],
    }
    run(settings, "add", "-", given=json.dumps(theirs))
    returned = time.monotonic()
    while "theirs" not in quotes():
        assert time.monotonic() - returned < 2
    assert assistant.show("theirs").title == "Slugs"

    run(settings, "delete", "theirs")
    returned = time.monotonic()
    while "theirs" in quotes():
        assert time.monotonic() - returned < 2
    with pytest.raises(UnknownThreadError):
        assistant.show("theirs")
