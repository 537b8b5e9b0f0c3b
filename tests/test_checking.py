"""`threadwise check` says what is wrong with corpus, answers, index and cache; `--repair` mends what can be."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from conftest import WordEncoder, make_thread
from threadwise.assistant import Assistant
from threadwise.checking import Report, check
from threadwise.config import Settings
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import content_hash

SLUGS = make_thread("slugs", "What keeps slugs away?", "Copper tape around the bed.", title="Slugs")
BREAD = make_thread("bread", "Why is my bread flat?", "Let the dough rise overnight.", title="Bread")


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two threads of two passages each, indexed; words for vectors."""
    monkeypatch.setattr("threadwise.index.encoding.load_encoder", lambda _: WordEncoder())
    with Assistant.open(settings) as assistant:
        assistant.add(SLUGS)
        assistant.add(BREAD)
    return settings


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def said(report: Report) -> list[tuple[str, str]]:
    return [(fault.where, fault.what) for fault in report.faults]


def mended(settings: Settings) -> bool:
    """Whether a repair leaves nothing to find, and both threads are found by their words."""
    assert check(settings, repair=True).sound
    with Assistant.open(settings) as assistant:
        found = {hit.item.thread_id for word in ("copper", "dough") for hit in assistant.index.words(word, 5)}
    return found == {"slugs", "bread"} and said(check(settings)) == []


def test_a_sound_home_has_no_faults_and_everything_was_looked_at(home: Settings) -> None:
    report = check(home)
    assert (report.sound, report.faults, report.corpus.threads, report.passages) == (True, (), 2, 4)


def test_an_offset_that_does_not_fit_the_post_is_found(home: Settings) -> None:
    change(
        home.index_folder / "catalog.db",
        "UPDATE passages SET start = start + 1, stop = stop + 1 WHERE thread_id = 'slugs' AND post_id = '2'",
    )
    assert said(check(home)) == [
        ("index, thread slugs", "post 2 does not have the passage at [1, 28)"),
        ("index, thread slugs", "its passages are not those of its posts"),
    ]
    assert mended(home)


def test_passages_that_are_missing_or_of_no_thread_are_found(home: Settings) -> None:
    change(
        home.index_folder / "catalog.db",
        "DELETE FROM passages WHERE thread_id = 'slugs' AND post_id = '2'",
        "UPDATE passages SET thread_id = 'ghost' WHERE thread_id = 'bread'",
    )
    found = said(check(home))
    assert ("index, thread slugs", "its passages are not those of its posts") in found
    assert ("index, thread bread", "its passages are not those of its posts") in found
    assert ("index, catalog", "2 passages belong to no thread of the corpus") in found
    assert ("index, words", "3 passages belong to no thread of the corpus") in found
    assert mended(home)


def test_words_that_are_lost_are_found(home: Settings) -> None:
    shutil.rmtree(home.index_folder / "words")
    assert said(check(home)) == [("index, words", "4 passages of the corpus are not there")]
    assert mended(home)


@pytest.mark.parametrize(
    ("vector", "what"),
    [
        ([0.5] + [0.0] * 63, "a vector of thread slugs is not of length one"),
        ([1.0] + [0.0] * 63, "a vector of thread slugs is not the one that its text has"),
    ],
)
def test_a_vector_in_the_cache_that_is_not_its_text_s_is_found_and_made_again(
    home: Settings, vector: list[float], what: str
) -> None:
    [cache] = home.cache_folder.glob("vectors-*.db")
    key = content_hash("Slugs\nWhat keeps slugs away?")
    with closing(sqlite3.connect(cache)) as connection, connection:
        data = np.array(vector, dtype=np.float32).tobytes()
        changed = connection.execute("UPDATE vectors SET vector = ? WHERE key = ?", (data, key)).rowcount
    assert changed == 1
    assert ("cache", what) in said(check(home))
    assert mended(home)


@pytest.mark.parametrize(
    ("file", "statement", "fault"),
    [
        (
            "cache",
            "DELETE FROM vectors WHERE key = ?",
            ("cache", "the vector of the title of thread slugs is not there"),
        ),
        (
            "cache",
            "UPDATE vectors SET vector = zeroblob(256) WHERE key = ?",
            ("cache", "the vector of the title of thread slugs is not of length one"),
        ),
        (
            "index",
            "DELETE FROM titles WHERE vector = ?",
            ("index, thread slugs", "its title is not the one that is indexed"),
        ),
    ],
)
def test_a_title_without_a_sound_vector_is_found_and_made_again(
    home: Settings, file: str, statement: str, fault: tuple[str, str]
) -> None:
    [path] = home.cache_folder.glob("vectors-*.db") if file == "cache" else [home.index_folder / "catalog.db"]
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, (content_hash("Slugs"),)).rowcount == 1
    assert said(check(home)) == [fault]
    assert mended(home)


def test_a_cache_file_with_faults_is_found_and_begun_anew(home: Settings) -> None:
    """A key in the cache's own index is changed, which SQLite alone can see."""
    [cache] = home.cache_folder.glob("vectors-*.db")
    change(cache, "PRAGMA wal_checkpoint(TRUNCATE)")
    content, key = bytearray(cache.read_bytes()), content_hash("Slugs\nWhat keeps slugs away?").encode()
    content[content.rindex(key)] ^= 1
    cache.write_bytes(content)
    assert "cache" in {where for where, _ in said(check(home))}
    assert mended(home)
    assert [path.name for path in home.cache_folder.glob("*.damaged")] == [f"{cache.name}.damaged"]


def test_a_cache_that_cannot_be_opened_is_put_aside_and_its_vectors_are_made_again(home: Settings) -> None:
    [cache] = home.cache_folder.glob("vectors-*.db")
    cache.write_bytes(b"no database" * 1000)
    assert check(home).sound  # by itself, as the next question would, with a notice in the log
    assert cache.with_name(f"{cache.name}.damaged").read_bytes() == b"no database" * 1000
    assert mended(home)


def test_an_index_that_is_behind_is_said_and_brought_level_by_a_repair(home: Settings) -> None:
    with Store.open(home) as store:
        store.put([make_thread("late", "A late question?")])
    report = check(home)
    assert (report.index_level, report.sound, report.faults) == (False, False, ())
    repaired = check(home, repair=True)
    assert (repaired.index_level, repaired.sound, repaired.passages) == (True, True, 5)


def test_a_kept_answer_whose_quote_stands_no_more_is_found_and_revised(home: Settings) -> None:
    with Assistant.open(home) as assistant:
        answer = assistant.ask("What keeps slugs away?")
    assert answer.citations
    citation = {"n": 1, "thread_id": "slugs", "post_id": "2", "start": 0, "end": 6, "quote": "Copper"}
    document = {"citations": [citation], "points": [{"text": "Copper", "citations": [1]}], "text": "Copper [1]"}
    with Store.open(home) as store:
        store.save_answer(SavedAnswer("a1", json.dumps(document), 2))
    change(home.corpus_folder / "threadwise.db", "UPDATE answers SET document = replace(document, 'Copper', 'Silver')")
    assert said(check(home)) == [
        ("kept answer a1", "[1] slugs/2: the post was edited since, and no longer says this"),
    ]
    repaired = check(home, repair=True)
    assert [fault.repaired for fault in repaired.answers] == [True]
    with Store.open(home) as store:
        [kept] = store.saved_answers()
    withdrawn = json.loads(kept.document)
    assert (withdrawn["points"], withdrawn["citations"]) == ([], [])
    assert check(home).answers == ()


def test_a_corpus_that_is_not_sound_is_said_before_anything_is_compared_with_it(home: Settings) -> None:
    change(home.corpus_folder / "threadwise.db", "UPDATE posts SET text = 'forged' WHERE position = 1")
    report = check(home)
    assert said(report) == [
        ("thread bread", "its content is not what its checksum says"),
        ("thread slugs", "its content is not what its checksum says"),
    ]
    assert (report.sound, report.passages) == (False, 0)
    repaired = check(home, repair=True)  # what stands in the corpus now is the truth, and the index follows it
    assert (repaired.sound, repaired.passages) == (True, 4)
    with Assistant.open(home) as assistant:
        assert [hit.item.thread_id for hit in assistant.index.words("forged", 5)] == ["bread", "slugs"]
