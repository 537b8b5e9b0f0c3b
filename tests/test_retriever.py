"""From a question to threads, with an encoder made by hand: what filters leave, similar threads, and a stable order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import WordEncoder, make_thread
from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.domain import Post, Thread
from threadwise.errors import QueryError
from threadwise.index.indexer import Index
from threadwise.retrieval.query import Query, understand
from threadwise.retrieval.retriever import Retriever

WORDS = ["knee", "pain", "downhill", "stairs", "running", "shoes", "ice", "rest", "bike", "saddle", "soil", "rice"]

KNEE = make_thread("knee", "Knee pain downhill when running.", "Shorter steps downhill.", tags=("running",))
STAIRS = make_thread("stairs", "Knee pain on stairs.", "Rest and ice.", "Try steps backwards.", tags=("pain",))
SADDLE = make_thread("saddle", "Saddle pain on my bike.", "Other saddle, other shorts.", tags=("bikes", "pain"))
SOIL = make_thread("soil", "Flies in the soil.", "Let the soil dry out.", tags=("plants",))
RICE = make_thread("rice", "Rice is soggy.", "Less water in the pot.", tags=("cooking",))

Opened = Callable[[list[Thread]], Retriever]


@pytest.fixture
def opened(settings: Settings) -> Iterator[Opened]:
    """A retriever over these threads, stored in the order in which they are given."""
    with ExitStack() as stack:
        yield lambda threads: _opened(stack, settings, threads)


def _opened(stack: ExitStack, home: Settings, threads: list[Thread], batch: int = 3) -> Retriever:
    store = stack.enter_context(Store.open(home))
    index = Index.open(home, store, WordEncoder())
    stack.callback(index.close)
    for start in range(0, len(threads), batch):
        with writing(home):
            store.put(threads[start : start + batch])
            index.level()
    return Retriever(index, store)


def ranked(retriever: Retriever, question: str, k: int = 10) -> list[tuple[str, float]]:
    return [(hit.item, round(hit.score, 5)) for hit in retriever.search(understand(question), k).threads]


def test_a_filter_leaves_the_order_and_the_scores_as_they_are(opened: Opened) -> None:
    retriever = opened([KNEE, STAIRS, SADDLE, SOIL, RICE])
    everything = ranked(retriever, "knee pain when running downhill")

    assert everything[0][0] == "knee"
    assert ranked(retriever, "tag:pain knee pain when running downhill") == [
        found for found in everything if found[0] in ("stairs", "saddle")
    ]


def test_looking_into_some_threads_alone_ranks_them_as_they_are_ranked_among_all(opened: Opened) -> None:
    retriever = opened([KNEE, STAIRS, SADDLE, SOIL, RICE])
    query = Query("knee pain on a bike saddle")
    everything = [(hit.item, hit.score) for hit in retriever.search(query).threads]

    some = retriever.search(query, threads=["rice", "saddle", "knee"]).threads

    expected = [found for found in everything if found[0] in ("rice", "saddle", "knee")]
    assert [hit.item for hit in some] == [item for item, _ in expected]
    assert [hit.score for hit in some] == pytest.approx([score for _, score in expected])


def test_filters_find_a_thread_that_nothing_else_would_bring_up(opened: Opened) -> None:
    crowd = [make_thread(f"knee-{n}", "Knee pain downhill.", "Ice the knee.") for n in range(80)]
    mara = Thread("odd", "Odd", (Post("1", "Rice again.", "mara", "2023-05-04T10:00:00"), Post("2", "Yes.", "tom")))
    retriever = opened([*crowd, mara])

    assert [item for item, _ in ranked(retriever, "author:mara knee pain downhill")] == ["odd"]
    assert [item for item, _ in ranked(retriever, "after:2023-05 before:2023-06 knee pain")] == ["odd"]


@pytest.mark.slow
def test_words_to_leave_out_are_looked_past_however_many_threads_have_them(opened: Opened) -> None:
    crowd = [make_thread(f"run-{n}", "Knee pain downhill when running.", "Ice.") for n in range(90)]
    retriever = opened([*crowd, STAIRS, SADDLE, RICE])

    assert [item for item, _ in ranked(retriever, "knee pain -running", k=1)] == ["stairs"]


@pytest.mark.slow
def test_an_outcome_is_looked_for_beyond_the_nearest_threads(settings: Settings) -> None:
    crowd = [make_thread(f"run-{n}", "Knee pain downhill when running.", "Ice.") for n in range(90)]
    with ExitStack() as stack:
        known = _opened(stack, settings, [*crowd, STAIRS, RICE])
        retriever = Retriever(known._index, known._store, lambda thread: thread.id in ("stairs", "rice"))

        assert [item for item, _ in ranked(retriever, "has:outcome knee pain", k=1)] == ["stairs"]
        with pytest.raises(QueryError, match="nothing tells which threads have an outcome"):
            known.search(understand("has:outcome knee pain"))


def test_near_duplicates_are_folded_and_similar_threads_say_why(opened: Opened) -> None:
    text = "My knee hurts on the way down from the hill, every evening, and ice does nothing for it."
    first = make_thread("first", text, "Shorter steps.", title="Knee hurts on the way down")
    again = make_thread("second", text + " Help.", "Poles.", title="Knee hurts on the way down")
    other = make_thread("third", "My knee clicks when I climb stairs.", "Let it click.", title="Clicking knee")
    elsewhere = [make_thread(f"rice-{n}", "Rice is soggy from the pot.", "Less water.") for n in range(9)]
    retriever = opened([first, again, other, *elsewhere])

    found = retriever.similar("my knee hurts on the way down from a hill")

    assert (found[0].thread_id, found[0].folded) == ("second", ("first",))
    assert "first" not in {one.thread_id for one in found}
    assert {"hurts", "hill"} <= set(found[0].terms)
    assert not {"from", "on", "the"} & set(found[0].terms), "words that say nothing"
    assert found[0].sentence == text
    assert "evening" in found[0].differs
    assert "knee" not in found[0].differs


def test_a_thread_is_not_similar_to_itself(opened: Opened) -> None:
    retriever = opened([KNEE, STAIRS, SADDLE])

    assert "knee" not in {one.thread_id for one in retriever.similar(KNEE)}


_TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=4)


@pytest.mark.slow
@given(st.lists(_TEXTS, min_size=2, max_size=8), _TEXTS, st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_the_order_is_the_same_whatever_the_order_of_import(
    forum: list[list[str]], question: list[str], seed: int
) -> None:
    threads = [make_thread(f"t{n}", *texts) for n, texts in enumerate(forum)]
    shuffled = Random(seed).sample(threads, len(threads))

    assert _found(threads, question, batch=len(threads)) == _found(shuffled, question, batch=2)


def _found(threads: list[Thread], question: list[str], batch: int) -> tuple[object, ...]:
    with TemporaryDirectory() as folder, ExitStack() as stack:
        retriever = _opened(stack, Settings(home=Path(folder)), threads, batch)
        evidence = retriever.search(Query("\n".join(question)))
        similar = retriever.similar(" ".join(question))
        return (
            [(hit.item, round(hit.score, 5)) for hit in evidence.threads],
            [(hit.item, round(hit.score, 5)) for hit in evidence.posts],
            [(hit.item.thread_id, hit.item.post_id, round(hit.score, 5)) for hit in evidence.hits],
            [(one.thread_id, one.terms, one.sentence, one.differs, one.folded) for one in similar],
        )
