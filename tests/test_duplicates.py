from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from store_samples import settings, texts, thread
from threadwise.corpus import fingerprint, schema
from threadwise.corpus.duplicates import Elsewhere, cross_posts, elsewhere, near_duplicates
from threadwise.corpus.fingerprint import bands, jaccard, minhash, shingles
from threadwise.corpus.store import Store
from threadwise.domain import Post, Thread

QUESTION = (
    "Since I run three times a week my lower back is sore in the morning. It gets better after I walked a little. "
    "I bought new shoes in spring and I sit all day at work. What did you do about it? I would like to keep running."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(settings(tmp_path)) as opened:
        yield opened


def asked(thread_id: str, text: str, title: str = "Sore back") -> Thread:
    return Thread(thread_id, title, (Post("1", text, author="ana"),))


def test_shingles_are_runs_of_three_words_without_case_and_punctuation() -> None:
    assert len(shingles("a b c d e")) == 3
    assert shingles("A b; c!\nd") == shingles("a b c d")
    assert shingles("a b c d") > shingles("a b c")
    assert shingles("c b a") != shingles("a b c")
    assert len(shingles("hello")) == len(shingles("hello there")) == 1
    assert shingles(" … !") == frozenset()


def test_jaccard_is_the_share_of_all_that_both_have() -> None:
    assert jaccard(frozenset({1, 2, 3}), frozenset({2, 3, 4})) == 0.5
    assert jaccard(frozenset(), frozenset({1})) == 0.0
    assert jaccard(frozenset(), frozenset()) == 0.0


def test_minima_equal_those_of_datasketch() -> None:
    datasketch = pytest.importorskip("datasketch", reason="datasketch is not installed")
    found = shingles(QUESTION)
    sketch = datasketch.MinHash(num_perm=30, seed=1, scheme="affine32", hashfunc=int)
    sketch.update_batch(found)
    own = minhash(np.array(list(found), dtype=np.uint32), np.array([0]))
    assert own[0].tolist() == sketch.hashvalues.tolist()


def test_stored_keys_never_change() -> None:
    """Written out: a corpus keeps them, so a change needs a migration that files every thread again."""
    assert bands(["hello world"])[0][:3] == [5065408415170590529, 125483433740692609, 8600451515701453070]


@given(st.lists(texts, max_size=6))
def test_keys_of_a_text_do_not_depend_on_the_texts_beside_it(given_texts: list[str]) -> None:
    assert bands(given_texts) == [bands([text])[0] for text in given_texts]
    assert [len(own) for own in bands(given_texts)] == [10 if shingles(text) else 0 for text in given_texts]


def test_texts_meet_as_often_as_their_similarity_says() -> None:
    """Pairs of Jaccard 0.5 share a band with probability 1 - (1 - 0.5 ** 3) ** 10 = 0.737 (400 pairs, +- 4 sigma)."""
    random = np.random.default_rng(7)
    met = 0
    for _ in range(400):
        both = random.integers(0, 2**32, 60, dtype=np.uint32)
        runs = [np.concatenate([both, random.integers(0, 2**32, 30, dtype=np.uint32)]) for _ in range(2)]
        one, other = fingerprint._keys(minhash(np.concatenate(runs), np.array([0, 90])))
        met += bool((one == other).any())
    assert met / 400 == pytest.approx(0.737, abs=0.09)


def test_the_same_question_under_another_id_is_found_with_similarity_1(store: Store) -> None:
    store.put(
        [asked("a", QUESTION), asked("z", "My tomatoes have yellow leaves since it rains every day.", "Tomatoes")]
    )
    assert near_duplicates(store, asked("b", QUESTION.upper())) == [("a", 1.0)]


def test_an_edited_copy_is_found_and_the_nearest_comes_first(store: Store) -> None:
    longer = QUESTION + " Thanks for any idea, I am a bit lost here and my doctor has no time."
    store.put([asked("copy", QUESTION), asked("longer", longer)])
    found = near_duplicates(store, asked("new", QUESTION.replace("spring", "May")))
    assert [thread_id for thread_id, _ in found] == ["copy", "longer"]
    assert found[0][1] == pytest.approx(45 / 51)  # 50 words make 48 runs; 3 have the changed word
    assert 0.5 < found[1][1] < found[0][1]


def test_other_threads_are_not_called_duplicates(store: Store) -> None:
    store.put([asked("a", QUESTION)])
    reworded = (
        "My back hurts when I get up, mostly after running. I wear new shoes and sit a lot. Any ideas what helps?"
    )
    assert near_duplicates(store, asked("b", reworded)) == []
    assert near_duplicates(store, asked("c", "", "")) == []


def test_replies_do_not_matter_and_an_edit_or_deletion_is_seen_at_once(store: Store) -> None:
    original = asked("a", QUESTION)
    answered = replace(original, posts=(*original.posts, Post("2", "Try shorter runs.")))
    store.put([answered])
    assert near_duplicates(store, asked("b", QUESTION)) == [("a", 1.0)]
    store.put([asked("a", "Something else entirely, about the price of shoes in the shop downtown.")])
    assert near_duplicates(store, asked("b", QUESTION)) == []
    store.put([original])
    assert near_duplicates(store, original) == [("a", 1.0)]
    store.delete("a")
    assert near_duplicates(store, asked("b", QUESTION)) == []


def test_many_copies_are_cut_at_the_limit(store: Store) -> None:
    store.put(asked(f"t{i}", QUESTION) for i in range(30))
    found = near_duplicates(store, asked("new", QUESTION), limit=3)
    assert found == [("t0", 1.0), ("t1", 1.0), ("t10", 1.0)]


def test_an_older_corpus_is_brought_up_to_date_and_its_duplicates_are_found(tmp_path: Path) -> None:
    """A corpus as schema 1 left it: without fingerprints."""
    with Store.open(settings(tmp_path)) as store:
        store.put([asked(f"t{i}", f"number {i} of many questions about things") for i in range(600)])
        store.put([asked("a", QUESTION)])
    with closing(sqlite3.connect(tmp_path / "corpus" / "threadwise.db", isolation_level=None)) as raw:
        raw.execute("DROP TABLE fingerprints")
        raw.execute("DELETE FROM schema_version WHERE version > 1")
    with Store.open(settings(tmp_path)) as store:
        assert near_duplicates(store, asked("b", QUESTION)) == [("a", 1.0)]
        assert near_duplicates(store, asked("b", "number 599 of many questions about things"), least=0.9) == [
            ("t599", 1.0)
        ]
        assert store.generation == 2


def test_a_migrated_database_has_the_same_tables_as_a_new_one(tmp_path: Path) -> None:
    layouts = []
    for name, stops in (("new", [len(schema.STEPS)]), ("old", range(1, len(schema.STEPS) + 1))):
        engine = create_engine(f"sqlite:///{tmp_path / name}.db")
        for stop in stops:
            with engine.begin() as connection:
                schema.migrate(connection, schema.STEPS[:stop])
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as raw:
            layouts.append(raw.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall())
        engine.dispose()
    assert layouts[0] == layouts[1]


ADVICE = "Shorter strides and a few squats in the evening made my back calm within two weeks."


def test_posts_of_one_author_in_several_threads_count_as_one() -> None:
    groups = cross_posts(
        [
            ("t1", Post("2", ADVICE, author="ben")),
            ("t2", Post("5", "Hi! " + ADVICE, author="ben")),
            ("t3", Post("1", ADVICE, author="cleo")),
            ("t3", Post("9", "Stretching did nothing for me, but a warmer room at night did.", author="ben")),
        ]
    )
    assert groups == [frozenset({("t1", "2"), ("t2", "5")})]


def test_copies_without_a_known_author_are_one_voice_but_short_thanks_are_not() -> None:
    groups = cross_posts(
        [
            ("t1", Post("1", "Thanks, that helped!", author="ben")),
            ("t2", Post("1", "Thanks, that helped!", author="ben")),
            ("t1", Post("2", ADVICE)),
            ("t2", Post("2", ADVICE.lower())),
        ]
    )
    assert groups == [frozenset({("t1", "2"), ("t2", "2")})]


def test_posts_that_are_alike_in_a_chain_are_one_group_and_groups_come_in_order() -> None:
    first, second, third = ADVICE, ADVICE + " Try it for a month.", ADVICE + " Try it for a month. And sleep well too."
    other = "I sold the bike and bought a better one, which cost me more than I had planned to spend."
    groups = cross_posts(
        [
            ("a", Post("1", other, author="cleo")),
            ("b", Post("1", first, author="ben")),
            ("c", Post("1", third, author="ben")),
            ("d", Post("1", second, author="ben")),
            ("e", Post("1", other, author="cleo")),
        ]
    )
    assert groups == [frozenset({("a", "1"), ("e", "1")}), frozenset({("b", "1"), ("c", "1"), ("d", "1")})]


def test_the_other_places_of_a_post_are_found_in_the_whole_corpus(store: Store) -> None:
    def with_reply(thread_id: str, author: str | None) -> Thread:
        return Thread(thread_id, thread_id, (Post("1", "Any ideas?", author="ana"), Post("2", ADVICE, author=author)))

    store.put([with_reply("a", "ben"), with_reply("b", "ben"), with_reply("c", "cleo"), with_reply("d", None)])
    assert elsewhere(store, store.get("a")) == {"2": (Elsewhere("b", "b", "2"),)}
    assert elsewhere(store, store.get("c")) == {}
    assert elsewhere(store, store.get("d")) == {}


def test_titles_are_part_of_the_question(store: Store) -> None:
    store.put([thread("a", "Please help.", title="How do I get red wine out of a white woollen carpet")])
    paste = thread("b", "Please help.", title="How do I get red wine out of a white woollen carpet?")
    assert near_duplicates(store, paste) == [("a", 1.0)]
