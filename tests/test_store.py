from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from store_samples import settings, thread, threads
from threadwise.corpus.formats.values import slug
from threadwise.corpus.reads import Change
from threadwise.corpus.store import PutResult, SavedAnswer, Store
from threadwise.domain import Post, Thread
from threadwise.errors import ConflictError, InputError, UnknownThreadError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(settings(tmp_path)) as opened:
        yield opened


def test_an_empty_home_is_an_empty_corpus_of_generation_0(store: Store) -> None:
    assert store.generation == 0
    assert list(store.threads()) == []
    assert (store.counts().threads, store.counts().posts, store.counts().authors) == (0, 0, 0)


@given(st.lists(threads, max_size=5))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_field_of_any_thread_comes_back_as_it_was(given_threads: list[Thread]) -> None:
    latest = {each.id: each for each in given_threads}
    with tempfile.TemporaryDirectory() as home:
        with Store.open(settings(Path(home))) as store:
            store.put(given_threads)
        with Store.open(settings(Path(home))) as again:
            assert {each.id: each for each in again.threads()} == latest
            assert again.get_many(latest) == latest
            assert [each.id for each in again.threads()] == sorted(latest)
            assert len(again.put(latest.values()).unchanged) == len(latest)


def test_a_put_says_what_it_did_and_takes_one_generation(store: Store) -> None:
    assert store.put([thread("a"), thread("b")]) == PutResult(("a", "b"), (), (), 4, 1)
    assert store.put([thread("a"), thread("b", "It moved."), thread("c")]) == PutResult(("c",), ("b",), ("a",), 4, 2)
    assert store.generation == 2


def test_putting_the_same_again_changes_nothing(store: Store) -> None:
    store.put([thread("a"), thread("b")])
    assert store.put([thread("b"), thread("a")]) == PutResult((), (), ("b", "a"), 0, 1)
    assert list(store.changes(1)) == []


def test_an_id_given_twice_in_one_put_counts_once_and_the_later_thread_stays(store: Store) -> None:
    result = store.put([thread("a", "first"), thread("b"), thread("a", "second"), thread("a", "second")])
    assert (result.added, result.updated, result.unchanged) == (("a", "b"), (), ())
    assert store.get("a").question.text == "second"
    assert store.counts().posts == 4


@pytest.mark.parametrize(("first", "second"), [("forum-a", "forum-b"), (None, "forum-b"), ("forum-a", None)])
def test_an_id_of_another_source_is_refused_and_the_whole_put_undone(
    store: Store, first: str | None, second: str | None
) -> None:
    store.put([thread("a", source=first)])
    with pytest.raises(ConflictError, match="`--source NAME` keeps them apart"):
        store.put([thread("new", source=second), thread("a", "other", source=second)])
    assert [each.id for each in store.threads()] == ["a"]
    assert store.generation == 1


def test_without_replace_a_changed_thread_is_refused_but_the_same_one_is_fine(store: Store) -> None:
    store.put([thread("a")])
    assert store.put([thread("a")], replace=False).unchanged == ("a",)
    with pytest.raises(ConflictError, match="other content"):
        store.put([thread("b"), thread("a", "other")], replace=False)
    assert "b" not in store


def test_a_put_that_raises_halfway_leaves_everything_as_it_was(store: Store) -> None:
    def broken() -> Iterator[Thread]:
        yield from (thread(f"t{i}") for i in range(1200))
        raise InputError("the file ends in the middle")

    store.put([thread("kept")])
    with pytest.raises(InputError, match="in the middle"):
        store.put(broken())
    assert [each.id for each in store.threads()] == ["kept"]
    assert store.generation == 1


def test_a_score_beyond_64_bits_is_refused_before_anything_is_written(store: Store) -> None:
    with pytest.raises(InputError, match=r"score \d+ is out of range"):
        store.put([thread("a"), Thread("b", "b", (Post("1", "x", score=2**63),))])
    assert store.generation == 0


def test_a_replaced_thread_keeps_no_posts_tags_or_links_of_the_old_one(store: Store) -> None:
    store.put([thread("a", tags=("back", "run"), duplicate_of=("x",))])
    shorter = Thread("a", "New", (Post("1", "Only this.", author="cy"),), tags=("run",))
    store.put([shorter])
    assert store.get("a") == shorter
    assert store.tags() == [("run", 1)]
    assert store.counts().authors == 1


def test_a_deleted_thread_is_gone_and_is_told_as_a_change_until_it_comes_back(store: Store) -> None:
    store.put([thread("a"), thread("b")])
    assert store.delete("a") == 2
    assert "a" not in store
    assert store.counts().posts == 2
    assert list(store.changes(0)) == [Change("b", 1, False), Change("a", 2, True)]
    assert list(store.changes(1)) == [Change("a", 2, True)]
    store.put([thread("a")])
    assert list(store.changes(1)) == [Change("a", 3, False)]


def test_changes_stream_over_many_pages_in_order_and_each_thread_once(store: Store) -> None:
    store.put(thread(f"t{i:05}") for i in range(6001))
    store.put([thread("t00003", "edited")])
    store.delete("t00004")
    changes = list(store.changes(0))
    assert [(c.generation, c.thread_id) for c in changes] == sorted((c.generation, c.thread_id) for c in changes)
    assert len({c.thread_id for c in changes}) == len(changes) == 6001
    assert changes[-2:] == [Change("t00003", 2, False), Change("t00004", 3, True)]


def test_all_threads_stream_by_id_from_any_place(store: Store) -> None:
    store.put(thread(f"t{i:03}") for i in reversed(range(450)))
    assert [each.id for each in store.threads()] == [f"t{i:03}" for i in range(450)]
    assert [each.id for each in store.threads(after="t446")] == ["t447", "t448", "t449"]


def test_an_unknown_id_names_ids_that_look_like_it(store: Store) -> None:
    store.put([thread("sore-back-after-running"), thread("tomato-leaves-curl")])
    with pytest.raises(UnknownThreadError, match=r"Did you mean sore-back-after-running\?"):
        store.get("sore-back-after-runing")
    with pytest.raises(UnknownThreadError, match="Did you mean sore-back"):
        store.delete("back-after-running")
    with pytest.raises(UnknownThreadError, match="threadwise similar"):
        store.get("100% _other_")
    assert store.generation == 1


def test_get_many_keeps_the_order_asked_for_and_leaves_out_what_is_not_there(store: Store) -> None:
    store.put([thread("a"), thread("b"), thread("c")])
    assert list(store.get_many(["c", "x", "a", "c"])) == ["c", "a"]


def test_summaries_show_what_a_list_needs(store: Store) -> None:
    store.put([thread("a", "My  back\nis sore. " + "word " * 80, tags=("back", "run"), created="2024-03-04")])
    [summary] = store.summaries()
    assert (summary.id, summary.title, summary.created) == ("a", "About a", "2024-03-04")
    assert (summary.tags, summary.posts, summary.solved, summary.asker) == (("back", "run"), 2, True, "ana")
    assert summary.excerpt.startswith("My back is sore. word word")
    assert summary.excerpt.endswith(" word…")
    assert len(summary.excerpt) <= 281


def test_summaries_are_found_by_words_of_the_title_and_by_tag_and_ordered(store: Store) -> None:
    store.put(
        [
            thread("a", title="Ärger mit dem Rücken", created="2024-01-01T00:30:00+02:00", tags=("back",)),
            thread("b", title="Back pain 100%", created="2023-12-31T23:00:00", tags=("back", "run")),
            Thread("c", "", (Post("1", "No title, back", created="2020-01-01"),)),
            Thread("d", "No date", (Post("1", "x"),)),
        ]
    )

    def found(**values: object) -> list[str]:
        return [summary.id for summary in store.summaries(**values)]  # type: ignore[arg-type]

    assert found() == ["b", "a", "c", "d"]  # 23:00 UTC is after 22:30 UTC; no date comes last
    assert found(order="oldest") == ["c", "a", "b", "d"]
    assert found(text="ärger RÜCKEN") == ["a"]
    assert found(text="back") == ["b", "c"]
    assert found(text="0%") == ["b"]
    assert found(text="%") == ["b"]
    assert found(tag="back", order="title") == ["b", "a"]
    assert found(order="posts", limit=2, offset=1) == ["b", "c"]
    assert store.summaries(text="no title")[0].title == "No title, back"
    with pytest.raises(InputError, match="newest, oldest, title, posts"):
        store.summaries(order="best")


def test_tags_are_counted_by_thread_most_used_first(store: Store) -> None:
    store.put([thread("a", tags=("x", "y", "x")), thread("b", tags=("y",)), thread("c", tags=("z",))])
    assert store.tags() == [("y", 2), ("x", 1), ("z", 1)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("My lower back is sore!", "my-lower-back-is-sore"),
        ("Crème brûlée & Straße, don't", "creme-brulee-strasse-dont"),
        ("腰が痛い 😀", "腰が痛い"),
        ("", "thread"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_slug_is_readable_and_of_at_most_60_characters(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_a_new_id_is_one_that_no_thread_has(store: Store) -> None:
    assert store.new_id("Sore back") == "sore-back"
    store.put([thread("sore-back"), thread("sore-back-3"), thread("sore-back-2")])
    assert store.new_id("Sore back?") == "sore-back-4"
    assert store.new_id("Sore") == "sore"


def test_notes_are_kept_replaced_and_forgotten_without_a_new_generation(store: Store) -> None:
    assert store.recall("mark") is None
    store.remember("mark", "1")
    store.remember("mark", "2")
    assert store.recall("mark") == "2"
    store.remember("mark", None)
    assert store.recall("mark") is None
    assert store.generation == 0


def test_answers_are_kept_in_order_replaced_by_id_and_dropped(store: Store) -> None:
    first, second = SavedAnswer("z", '{"status": "answered"}', 3), SavedAnswer("a", "{}", 3)
    store.save_answer(first)
    store.save_answer(second)
    store.save_answer(replace(first, generation=4))
    assert list(store.saved_answers()) == [replace(first, generation=4), second]
    store.drop_answers(["z", "unknown"])
    assert list(store.saved_answers()) == [second]


def test_another_process_sees_a_write_at_once(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as one, Store.open(settings(tmp_path)) as other:
        one.put([thread("a")])
        assert other.generation == 1
        assert other.get("a") == thread("a")


@pytest.mark.slow
def test_readers_see_whole_writes_only_and_never_wait(store: Store) -> None:
    """Each put replaces all ten threads; whoever reads two of them together must find them of the same put."""
    store.put(thread(f"t{i}", "round 0") for i in range(10))
    stop, torn, reads = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            found = {each.question.text for each in store.get_many(["t0", "t9"]).values()}
            reads.append(1)
            if len(found) != 1:
                torn.append(found)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for each in readers:
        each.start()
    for round_ in range(1, 30):
        store.put(thread(f"t{i}", f"round {round_}") for i in range(10))
    stop.set()
    for each in readers:
        each.join()
    assert torn == []
    assert reads


def test_writers_in_many_threads_each_get_their_own_generation(store: Store) -> None:
    def write(name: str) -> None:
        for i in range(5):
            store.put([thread(f"{name}-{i}")])

    writers = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(6)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert store.generation == 30
    assert sorted(change.generation for change in store.changes(0)) == list(range(1, 31))
