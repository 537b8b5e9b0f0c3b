"""An index that outgrows its layout: real SQLite, FAISS and tantivy, an encoder made by hand, a limit of ten rows."""

import shutil
from collections.abc import Iterator
from threading import Event
from threading import Thread as Task

import pytest

from conftest import WordEncoder, make_thread
from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.domain import Hit, Part, Passage, Thread
from threadwise.index.indexer import Index
from threadwise.index.layout import EXACT, Layout

WORDS = "apple brick cloud dough eagle flint grape honey inlet jolly knoll lemon mango nylon ocean piano".split()


def thread(number: int) -> Thread:
    """A question, and a reply with words of its own."""
    word, other = WORDS[number % 16], WORDS[number // 16]
    return make_thread(f"t{number:03d}", f"what of {word} {other}?", f"take {word} {other} then number{number}")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"exact_limit": 10})


@pytest.fixture
def index(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Index]:
    opened = Index.open(settings, store, encoder)
    yield opened
    opened.close()


def level(settings: Settings, index: Index) -> None:
    with writing(settings):
        index.level()


def layout(index: Index, part: Part = Part.REPLY) -> Layout:
    return index._vectors.part(part).layout


def found(index: Index, number: int, k: int = 3) -> list[Hit[Passage]]:
    return index.nearest(index.encode([thread(number).posts[1].text]), k, part=Part.REPLY)[0]


def first(index: Index, number: int) -> str:
    return found(index, number)[0].item.thread_id


def test_what_outgrows_the_limit_is_laid_out_in_lists_and_found_as_before(
    settings: Settings, store: Store, index: Index, encoder: WordEncoder
) -> None:
    store.put([thread(n) for n in range(10)])
    level(settings, index)
    index.settle()
    assert layout(index) == EXACT
    store.put([thread(n) for n in range(10, 60)])
    level(settings, index)
    index.settle()

    assert layout(index) == Layout(lists=16, trained_at=60)
    exact = Index.open(settings.model_copy(update={"exact_limit": 1000}), store, encoder)
    shutil.rmtree(settings.index_folder / "vectors")
    assert layout(exact) == EXACT
    for number in range(60):
        assert [(hit.item.thread_id, hit.score) for hit in found(index, number, 1)] == [
            (hit.item.thread_id, pytest.approx(hit.score, abs=1e-5)) for hit in found(exact, number, 1)
        ]
    assert index.matches(index.encode(["apple"])[0], "apple", ["t000"]).rows == pytest.approx(
        exact.matches(index.encode(["apple"])[0], "apple", ["t000"]).rows, abs=1e-5
    )
    exact.close()


def test_lists_are_trained_anew_at_four_times_the_rows_and_given_up_at_half_the_limit(
    settings: Settings, store: Store, index: Index
) -> None:
    for end in (20, 80, 81):
        store.put([thread(n) for n in range(end)])
        level(settings, index)
        index.settle()
    assert layout(index).trained_at == 81
    assert (layout(index, Part.QUESTION).trained_at, len(index)) == (81, 162)
    for number in range(5, 81):
        store.delete(f"t{number:03d}")
    level(settings, index)
    index.settle()

    assert layout(index) == EXACT
    assert {hit.item.thread_id for hit in found(index, 0, 20)} == {f"t{n:03d}" for n in range(5)}


def test_in_lists_an_addition_is_found_an_edit_replaces_and_a_deletion_removes(
    settings: Settings, store: Store, index: Index
) -> None:
    store.put([thread(n) for n in range(40)])
    level(settings, index)
    index.settle()
    store.put([thread(50), make_thread("t003", "what of dough?", "something else entirely")])
    store.delete("t004")
    level(settings, index)

    assert first(index, 50) == "t050"
    assert "t004" not in {hit.item.thread_id for hit in found(index, 4, 41)}
    assert {hit.item.text for hit in found(index, 3, 41) if hit.item.thread_id == "t003"} == {"something else entirely"}


def test_the_new_layout_is_saved_and_other_processes_take_it(
    settings: Settings, store: Store, index: Index, encoder: WordEncoder
) -> None:
    store.put([thread(n) for n in range(40)])
    level(settings, index)
    other = Index.open(settings, store, encoder)
    assert layout(other) == EXACT
    index.settle()

    assert first(other, 7) == "t007"
    assert layout(other) == layout(index) == Layout(lists=16, trained_at=40)
    third = Index.open(settings, store, encoder)
    assert layout(third) == layout(index)
    assert first(third, 7) == "t007"
    third.close()
    other.close()


def test_questions_and_writes_go_on_while_lists_are_made(
    settings: Settings, store: Store, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The making is held up half-way, until questions were answered and threads added and deleted."""
    halfway, go_on = Event(), Event()
    original = index._vectors._empty

    def held_up(*given: object) -> object:
        halfway.set()
        assert go_on.wait(60)
        return original(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(index._vectors, "_empty", held_up)
    store.put([thread(n) for n in range(40)])
    level(settings, index)
    waiting = Task(target=index.settle)
    waiting.start()
    assert halfway.wait(60)
    assert first(index, 7) == "t007"
    store.put([thread(50)])
    store.delete("t004")
    level(settings, index)
    assert first(index, 50) == "t050"
    assert layout(index) == EXACT

    go_on.set()
    waiting.join()

    assert layout(index).lists == 16
    assert first(index, 50) == "t050"
    assert "t004" not in {hit.item.thread_id for hit in found(index, 4, 41)}
    assert len(found(index, 4, 41)) == 40


def test_closing_gives_up_what_is_being_made_and_the_next_start_makes_it(
    settings: Settings, store: Store, encoder: WordEncoder
) -> None:
    store.put([thread(n) for n in range(40)])
    hasty = Index.open(settings, store, encoder)
    hasty._vectors._closed.set()
    level(settings, hasty)
    hasty.close()

    again = Index.open(settings, store, encoder)
    assert layout(again) == EXACT
    again.settle()
    assert layout(again).lists == 16
    again.close()


def test_without_the_cache_lists_still_answer(settings: Settings, store: Store, encoder: WordEncoder) -> None:
    store.put([thread(n) for n in range(40)])
    before = Index.open(settings, store, encoder)
    level(settings, before)
    before.settle()
    before.close()
    shutil.rmtree(settings.cache_folder)

    index = Index.open(settings, store, encoder)
    assert layout(index).lists == 16
    assert first(index, 7) == "t007"
    assert index.matches(index.encode(["apple"])[0], "apple", ["t000"]).cosine.shape == (2,)
    index.close()


def test_a_deleted_index_in_lists_comes_back_the_same(settings: Settings, store: Store, encoder: WordEncoder) -> None:
    store.put([thread(n) for n in range(60)])
    lists: list[list[list[Hit[Passage]]]] = []
    for _ in range(2):
        index = Index.open(settings, store, encoder)
        level(settings, index)
        index.settle()
        assert layout(index).lists == 16
        lists.append([found(index, number, 10) for number in range(60)])
        index.close()
        shutil.rmtree(settings.index_folder)

    assert lists[0] == lists[1]
