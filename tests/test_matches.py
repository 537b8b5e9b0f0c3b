"""How every passage of some threads matches a question, with an encoder made by hand."""

from collections.abc import Iterator

import numpy as np
import pytest

from conftest import WordEncoder, make_thread
from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.index.indexer import Index

BACK = make_thread("sore-back", "My back is sore.", "Stretch it every evening.", "Rest for a week.")
GNATS = make_thread("gnats", "Tiny flies in my pots!", "Let the soil dry out.")


@pytest.fixture
def index(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Index]:
    store.put([GNATS, BACK])
    opened = Index.open(settings, store, encoder)
    with writing(settings):
        opened.level()
    yield opened
    opened.close()


def test_every_passage_of_the_threads_is_a_row_in_the_order_of_threads_and_posts(index: Index) -> None:
    found = index.matches(index.encode(["soil"])[0], "soil", ["sore-back", "gnats", "unknown"])

    assert found.thread_ids == ("gnats", "sore-back")
    assert found.post_ids == (
        ("gnats", "1"),
        ("gnats", "2"),
        ("sore-back", "1"),
        ("sore-back", "2"),
        ("sore-back", "3"),
    )
    assert found.thread.tolist() == [0, 0, 1, 1, 1]
    assert found.post.tolist() == [0, 1, 2, 3, 4]
    assert found.asked.tolist() == [True, False, True, False, False]
    assert found.length.tolist() == [22, 21, 16, 25, 16]
    assert [index.passages_at([n])[n].text for n in found.number.tolist()][1] == "Let the soil dry out."


def test_words_and_meaning_are_compared_row_by_row(index: Index) -> None:
    query = index.encode(["let the soil dry out"])[0]

    found = index.matches(query, "soil drying", ["gnats", "sore-back"])

    assert found.bm25[1] > 0
    assert found.bm25[[0, 2, 3, 4]].tolist() == [0, 0, 0, 0]
    assert found.cosine[1] == pytest.approx(float(index.encode(["gnats\nLet the soil dry out."])[0] @ query))
    assert np.linalg.norm(found.rows, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert int(found.centred.argmax()) == 1


def test_threads_that_are_not_there_match_with_nothing(index: Index) -> None:
    found = index.matches(index.encode(["soil"])[0], "soil", ["unknown"])

    assert found.thread_ids == ()
    assert found.cosine.shape == (0,)


def test_stems_are_listed_with_the_passages_that_hold_them(index: Index) -> None:
    assert index.stems("so") == [("sore", 3), ("soil", 1)]  # all three passages have "sore" in their thread's title
    assert [passage.text for passage in index.holding("soil", 5)] == ["Let the soil dry out."]
    assert index.holding("sore", 5)[0].text == "My back is sore."
    assert index.holding("unknown", 5) == []
