"""The index brought level with the corpus: real SQLite, FAISS and tantivy, an encoder made by hand."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread as Task

import pytest

from conftest import WordEncoder, make_thread
from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.domain import Hit, Part, Passage
from threadwise.errors import DimensionError
from threadwise.index.indexer import Index

BACK = make_thread("sore-back", "My back is sore after running.", "Stretch it every evening.", "Rest for a week.")
GNATS = make_thread("gnats", "Tiny flies in my pots!", "Let the soil dry out.")


@pytest.fixture
def index(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Index]:
    opened = Index.open(settings, store, encoder)
    yield opened
    opened.close()


def level(settings: Settings, index: Index) -> int:
    with writing(settings):
        return index.level().encoded


def found(hits: list[Hit[Passage]]) -> list[str]:
    return [f"{hit.item.thread_id}/{hit.item.post_id}" for hit in hits]


def nearest(index: Index, text: str, **filters: object) -> list[str]:
    return found(index.nearest(index.encode([text]), 3, **filters)[0])  # type: ignore[arg-type]


def test_an_empty_corpus_is_searched_without_a_word(index: Index) -> None:
    assert nearest(index, "sore back") == []
    assert index.words("sore back", 3) == []
    assert len(index) == 0


def test_what_was_put_is_found_by_meaning_and_by_words(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK, GNATS])
    assert level(settings, index) == 5

    assert nearest(index, "let the soil dry out")[0] == "gnats/2"
    assert found(index.words("soil drying", 3)) == ["gnats/2"]
    assert index.generation == store.generation == 1
    assert len(index) == 5


def test_questions_and_replies_are_kept_apart(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK, GNATS])
    level(settings, index)

    assert set(nearest(index, "back", part=Part.QUESTION)) == {"sore-back/1", "gnats/1"}
    assert set(nearest(index, "back", part=Part.REPLY)) == {"sore-back/2", "sore-back/3", "gnats/2"}
    assert found(index.words("back", 3, part=Part.QUESTION)) == ["sore-back/1"]


def test_some_threads_can_be_searched_alone(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK, GNATS])
    level(settings, index)

    assert set(nearest(index, "sore back", threads=["gnats"])) == {"gnats/1", "gnats/2"}
    assert found(index.words("back soil", 3, threads=["gnats"])) == ["gnats/2"]
    assert nearest(index, "sore back", threads=[]) == []


def test_a_passage_is_exactly_its_span_of_the_post(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK])
    level(settings, index)

    [hits] = index.nearest(index.encode(["back"]), 10, threads=["sore-back"])
    assert hits
    for passage in (hit.item for hit in hits):
        post = BACK.post(passage.post_id)
        assert post is not None
        assert post.text[passage.start : passage.end] == passage.text


def test_an_edit_replaces_and_a_deletion_removes(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK, GNATS])
    level(settings, index)
    store.put([make_thread("sore-back", "My back is sore after running.", "Buy a better mattress.")])
    store.delete("gnats")
    level(settings, index)

    assert found(index.words("mattress", 3)) == ["sore-back/2"]
    assert index.words("stretch soil", 3) == []
    assert set(nearest(index, "let the soil dry out")) == {"sore-back/1", "sore-back/2"}


def test_only_new_text_is_encoded(settings: Settings, store: Store, index: Index, encoder: WordEncoder) -> None:
    store.put([BACK])
    level(settings, index)
    encoder.encoded.clear()
    store.put([make_thread("sore-back", "My back is sore after running.", "Stretch it every evening.", "Swim.")])
    level(settings, index)
    assert encoder.encoded == ["sore back\nSwim."]


def test_a_title_is_encoded_when_it_is_indexed_and_not_when_it_is_asked_for(
    settings: Settings, store: Store, index: Index, encoder: WordEncoder
) -> None:
    store.put([BACK])
    level(settings, index)
    index.trim_cache()
    encoder.encoded.clear()

    assert index.title(BACK) @ index.encode(["sore back"])[0] == pytest.approx(1.0)
    assert encoder.encoded == ["sore back"]


def test_a_title_whose_vector_was_lost_is_encoded_when_it_is_asked_for(
    settings: Settings, store: Store, index: Index, encoder: WordEncoder
) -> None:
    store.put([BACK])
    level(settings, index)

    assert index.title(GNATS) == pytest.approx(encoder.encode(["gnats"])[0])


def test_the_progress_of_encoding_ends_where_all_is_done_though_posts_repeat_each_other(index: Index) -> None:
    steps: list[tuple[int, int]] = []
    twice = make_thread("twice", "Does it hurt?", "Swim.", "Swim.")

    assert index.prepare([twice], lambda done, total: steps.append((done, total))) == 2
    assert steps == [(2, 2)]


def test_a_deleted_index_comes_back_from_the_cache(settings: Settings, store: Store, encoder: WordEncoder) -> None:
    store.put([BACK, GNATS])
    first = Index.open(settings, store, encoder)
    level(settings, first)
    before = first.nearest(first.encode(["soil"]), 5)
    first.close()
    shutil.rmtree(settings.index_folder)
    encoder.encoded.clear()

    again = Index.open(settings, store, encoder)
    assert level(settings, again) == 0
    assert encoder.encoded == []
    assert again.nearest(again.encode(["soil"]), 5) == before
    again.close()


def test_a_deleted_cache_costs_encoding_but_loses_nothing(
    settings: Settings, store: Store, encoder: WordEncoder
) -> None:
    store.put([BACK])
    first = Index.open(settings, store, encoder)
    level(settings, first)
    first.close()
    shutil.rmtree(settings.cache_folder)

    again = Index.open(settings, store, encoder)
    again.refresh()
    assert again.generation != store.generation, "it knows that vectors are missing"
    assert level(settings, again) == 3
    assert again.generation == store.generation
    assert nearest(again, "stretch it every evening")[0] == "sore-back/2"
    again.close()


@pytest.mark.parametrize("damaged", ["catalog.db", "words/meta.json"])
def test_a_damaged_index_is_made_anew(settings: Settings, store: Store, encoder: WordEncoder, damaged: str) -> None:
    store.put([BACK])
    first = Index.open(settings, store, encoder)
    level(settings, first)
    first.close()
    for path in settings.index_folder.glob(f"{damaged}*"):
        path.write_bytes(b"not what it was" * 100)

    again = Index.open(settings, store, encoder)
    level(settings, again)
    assert found(again.words("stretch", 3)) == ["sore-back/2"]
    assert nearest(again, "stretch it every evening")[0] == "sore-back/2"
    again.close()


def test_another_process_sees_what_was_indexed(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK])
    level(settings, index)
    other = Index.open(settings, store, WordEncoder())
    assert nearest(other, "stretch it every evening")[0] == "sore-back/2"

    store.put([GNATS])
    store.delete("sore-back")
    level(settings, index)

    assert nearest(other, "let the soil dry out") == ["gnats/2", "gnats/1"]
    assert found(other.words("soil stretch", 3)) == ["gnats/2"]
    assert other.generation == store.generation
    other.close()


def test_a_rebuild_elsewhere_is_seen_too(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK])
    level(settings, index)
    other = Index.open(settings, store, WordEncoder())
    other.refresh()
    with writing(settings):
        index.rebuild()
    assert nearest(other, "stretch it every evening")[0] == "sore-back/2"
    assert len(nearest(other, "back")) == 3
    other.close()


def test_words_of_a_batch_that_never_counted_are_removed(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK])
    level(settings, index)
    original = index._catalog.apply

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    index._catalog.apply = killed  # type: ignore[method-assign]
    store.put([GNATS])
    with pytest.raises(KeyboardInterrupt):
        level(settings, index)
    index._catalog.apply = original  # type: ignore[method-assign]

    assert found(index.words("soil", 5)) == [], "no catalog row, no hit"
    level(settings, index)
    assert found(index.words("soil", 5)) == ["gnats/2"]
    assert len(index._lexical) == 5


def test_a_large_change_is_saved_and_a_small_one_is_replayed(
    settings: Settings, store: Store, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadwise.index.memory.SNAPSHOT_ROWS", 3)
    first = Index.open(settings, store, encoder)
    store.put([make_thread(f"t{n}", f"question number{n}", f"advice number{n}") for n in range(5)])
    level(settings, first)
    saved = sorted(path.name for path in Path(settings.index_folder / "vectors" / "reply").iterdir())
    store.put([make_thread("late", "a late question", "late advice")])
    level(settings, first)
    assert sorted(path.name for path in Path(settings.index_folder / "vectors" / "reply").iterdir()) == saved
    first.close()

    again = Index.open(settings, store, encoder)
    assert nearest(again, "late advice")[0] == "late/2"
    assert len(again.nearest(again.encode(["advice"]), 20)[0]) == 12
    again.close()


def test_another_model_is_an_error_that_names_both_and_a_rebuild_heals_it(
    settings: Settings, store: Store, index: Index
) -> None:
    store.put([BACK])
    level(settings, index)
    index.close()
    other = settings.model_copy(update={"model": "another-model"})

    with pytest.raises(DimensionError, match=r"'all-MiniLM-L6-v2'.*'another-model'.*threadwise index --rebuild"):
        Index.open(other, store, WordEncoder())


def test_the_order_of_import_does_not_change_what_is_found(tmp_path: Path) -> None:
    twins = [make_thread(f"twin-{n}", "What helps?", "Ginger tea helped me.") for n in range(12)]
    lists = []
    for name, threads in {"forth": twins, "back": twins[::-1]}.items():
        settings = Settings(home=tmp_path / name)
        with Store.open(settings) as store:
            index = Index.open(settings, store, WordEncoder())
            for thread in threads:
                store.put([thread])
            level(settings, index)
            lists.append((nearest(index, "ginger tea"), found(index.words("ginger tea", 3))))
            index.close()
    assert lists[0] == lists[1] == (["twin-0/2", "twin-1/2", "twin-10/2"],) * 2


def test_questions_go_on_while_the_index_follows_a_writer(settings: Settings, store: Store, index: Index) -> None:
    store.put([BACK])
    level(settings, index)
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(60):
            hits = index.nearest(index.encode(["stretch it every evening"]), 3)[0]
            if not hits or hits[0].item.thread_id != "sore-back":
                wrong.append(hits)
            for hit in index.words("stretch", 5):
                if "tretch" not in hit.item.text:
                    wrong.append(hit)

    askers = [Task(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for n in range(8):
        store.put([make_thread(f"t{n}", f"question number{n}", f"other advice number{n}")])
        level(settings, index)
    for asker in askers:
        asker.join()
    assert not wrong
    assert len(index) == 3 + 16


def test_what_is_not_indexed_any_more_can_be_dropped_from_the_cache(
    settings: Settings, store: Store, index: Index, encoder: WordEncoder
) -> None:
    store.put([BACK, GNATS])
    level(settings, index)
    store.delete("gnats")
    level(settings, index)
    assert index.trim_cache() == 3  # two passages and the title
    encoder.encoded.clear()
    store.put([GNATS])
    level(settings, index)
    assert len(encoder.encoded) == 3
