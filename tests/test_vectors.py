"""The vector index, with vectors made by hand."""

from collections.abc import Sequence
from pathlib import Path
from threading import Barrier, Thread

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.errors import DimensionError, IndexFault
from threadwise.index.layout import Layout
from threadwise.index.manifest import MANIFEST
from threadwise.index.shortlist import Shortlist
from threadwise.index.vectors import Floats, VectorIndex


def rows(*vectors: tuple[float, ...]) -> Floats:
    return np.array(vectors, dtype=np.float32)


EAST, NORTH, BETWEEN = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)


def test_the_nearest_row_comes_first_with_its_cosine() -> None:
    index = VectorIndex(dim=2)
    index.add([7, 9], rows(EAST, NORTH))

    [hits] = index.search(rows(BETWEEN), 5)

    assert [number for number, _ in hits] == [9, 7]
    assert [score for _, score in hits] == pytest.approx([0.8, 0.6])


def test_an_empty_index_finds_nothing() -> None:
    assert VectorIndex(dim=2).search(rows(EAST, NORTH), 3) == [[], []]


def test_no_query_no_result() -> None:
    assert VectorIndex(dim=2).search(np.empty((0, 2), dtype=np.float32), 3) == []


def test_search_within_some_rows_finds_those_alone() -> None:
    index = VectorIndex(dim=2)
    index.add([1, 2, 3], rows(EAST, NORTH, BETWEEN))

    [hits] = index.search(rows(EAST), 3, within=np.array([2, 3]))

    assert [number for number, _ in hits] == [3, 2]
    assert index.search(rows(EAST), 3, within=np.array([], dtype=np.int64)) == [[]]


def test_a_removed_row_is_gone_and_its_number_free() -> None:
    index = VectorIndex(dim=2)
    index.add([1, 2], rows(EAST, NORTH))
    index.remove([1, 99])

    assert [number for number, _ in index.search(rows(EAST), 5)[0]] == [2]
    index.add([1], rows(BETWEEN))
    assert index.vectors([1, 2]) == pytest.approx(rows(BETWEEN, NORTH))


@pytest.mark.parametrize(
    "bad", [np.zeros((1, 3), dtype=np.float32), np.zeros((1, 2), dtype=np.float64), np.zeros(2, dtype=np.float32)]
)
def test_vectors_of_another_shape_or_type_are_refused_and_change_nothing(bad: Floats) -> None:
    index = VectorIndex(dim=2)
    with pytest.raises(DimensionError, match="index needs float32"):
        index.add([1], bad)
    with pytest.raises(DimensionError, match="index needs float32"):
        index.search(bad, 1)
    assert len(index) == 0


def test_a_number_cannot_be_there_twice() -> None:
    index = VectorIndex(dim=2)
    index.add([1], rows(EAST))
    for twice in ([1], [2, 2]):
        with pytest.raises(IndexFault, match="twice"):
            index.add(twice, rows(*[NORTH] * len(twice)))
    assert len(index) == 1
    with pytest.raises(DimensionError, match="2 passages came with 1 vectors"):
        index.add([3, 4], rows(NORTH))


def test_what_is_saved_is_loaded_with_its_stamp(tmp_path: Path) -> None:
    index = VectorIndex(dim=2)
    index.add([3, 5], rows(EAST, NORTH))
    index.save(tmp_path, model="m", generation=4, epoch="e", stamp=11)
    index.remove([3])
    index.save(tmp_path, model="m", generation=5, epoch="e", stamp=12)

    loaded = VectorIndex.load(tmp_path, model="m", epoch="e")

    assert loaded is not None
    assert loaded[1] == 12
    assert loaded[0].search(rows(EAST), 2) == [[(5, 0.0)]]
    assert len(list(tmp_path.iterdir())) == 2, "the manifest and one file"


def test_an_index_of_another_model_is_an_error_that_names_both_and_the_remedy(tmp_path: Path) -> None:
    VectorIndex(dim=2).save(tmp_path, model="old-model", generation=0, epoch="e", stamp=0)

    with pytest.raises(DimensionError, match=r"'old-model'.*'new-model'.*threadwise index --rebuild"):
        VectorIndex.load(tmp_path, model="new-model", epoch="e")


@pytest.mark.parametrize("name", [MANIFEST, "e-1-0-vectors.faiss"])
@pytest.mark.parametrize("damage", [b"", b"\x00garbage\xff" * 9])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, name: str, damage: bytes) -> None:
    index = VectorIndex(dim=2)
    index.add([1], rows(EAST))
    index.save(tmp_path, model="m", generation=1, epoch="e", stamp=1)
    (tmp_path / name).write_bytes(damage)

    assert VectorIndex.load(tmp_path, model="m", epoch="e") is None


def test_an_index_of_another_epoch_is_as_good_as_none(tmp_path: Path) -> None:
    VectorIndex(dim=2).save(tmp_path, model="m", generation=1, epoch="before", stamp=1)
    assert VectorIndex.load(tmp_path, model="m", epoch="now") is None
    assert VectorIndex.load(tmp_path / "nowhere", model="m", epoch="now") is None


def test_search_goes_on_while_rows_come_and_go() -> None:
    faiss.omp_set_num_threads(1)
    index = VectorIndex(dim=2)
    index.add(range(100), rows(*[EAST] * 100))
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(300):
            [hits] = index.search(rows(EAST), 5)
            if len(hits) != 5 or any(abs(score - 1) > 1e-6 for _, score in hits):
                wrong.append(hits)

    askers = [Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for n in range(100, 400):
        index.add([n], rows(EAST))
        index.remove([n - 100])
    for asker in askers:
        asker.join()
    assert not wrong
    assert len(index) == 100


def in_lists(known: dict[int, Floats], lists: int = 4) -> VectorIndex:
    """The rows in trained lists, with their originals in a dictionary."""

    def originals(ids: Sequence[int]) -> dict[int, Floats]:
        return {number: known[number] for number in ids if number in known}

    everything = np.stack(list(known.values()))
    index = VectorIndex.trained(everything, Layout(lists, len(known)), originals)
    assert index is not None
    index.add(list(known), everything)
    return index


def scattered(count: int, dim: int = 8) -> dict[int, Floats]:
    """Unit rows in all directions, numbered from 10."""
    drawn = np.random.default_rng(3).standard_normal((count, dim)).astype(np.float32)
    return dict(enumerate(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), 10))


@given(seed=st.integers(0, 10_000), spread=st.sampled_from([0.0, 0.02, 1.0]))
@settings(max_examples=30, deadline=None)
def test_a_shortlist_finds_exactly_the_nearest_of_many_rows(seed: int, spread: float) -> None:
    """Rows all over, close together, and the same row many times; some along an axis, which copies cut off."""
    chance = np.random.default_rng(seed)
    made = chance.standard_normal((1, 16)) * (1 - spread) + chance.standard_normal((600, 16)) * spread
    made[:16] += 5 * np.eye(16)
    made = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    index = VectorIndex(dim=16)
    index.add(range(500), made[:500])
    for query in made[300:302], made[:2]:  # the second question is the first that has a shortlist
        for row, found in zip(query, index.search(query, 5), strict=True):
            assert [score for _, score in found] == pytest.approx(np.sort(made[:500] @ row)[:-6:-1], abs=1e-6)
    index.remove(range(0, 500, 2))
    index.add(range(500, 600), made[500:])

    [found] = index.search(made[550:551], 5)

    left = {number: float(made[number] @ made[550]) for number in [*range(1, 500, 2), *range(500, 600)]}
    assert [score for _, score in found] == pytest.approx(sorted(left.values())[:-6:-1], abs=1e-6)
    assert all(score == pytest.approx(left[number], abs=1e-6) for number, score in found)


def test_many_who_ask_at_once_make_one_shortlist(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.stack(list(scattered(500).values()))
    index = VectorIndex(dim=8)
    index.add(range(500), rows)
    index.search(rows[:1], 5)
    made, add = list[Shortlist](), Shortlist.add
    monkeypatch.setattr(Shortlist, "add", lambda self, numbers, some: (made.append(self), add(self, numbers, some)))
    gate = Barrier(8)

    def ask() -> None:
        gate.wait()
        assert index.search(rows[7:8], 1)[0][0][0] == 7

    askers = [Thread(target=ask) for _ in range(8)]
    for each in askers:
        each.start()
    for each in askers:
        each.join()

    assert len(made) == 1


def test_lists_find_what_comparing_every_row_finds_with_the_same_cosines() -> None:
    known = scattered(500)
    exact, lists = VectorIndex(dim=8), in_lists(known)
    exact.add(list(known), np.stack(list(known.values())))
    query = known[77][None, :]

    [expected], [found] = exact.search(query, 10), lists.search(query, 10)

    assert [number for number, _ in found] == [number for number, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)
    assert lists.vectors([12, 77, 12]).tolist() == exact.vectors([12, 77, 12]).tolist()
    assert lists.total == pytest.approx(exact.total, abs=1e-4)


def test_a_filter_on_lists_finds_all_that_it_leaves() -> None:
    lists = in_lists(scattered(500))
    within = np.arange(100, 130)

    [found] = lists.search(scattered(1)[10][None, :], 50, within=within)

    assert sorted(number for number, _ in found) == list(range(100, 130))


def test_rows_come_and_go_in_lists() -> None:
    known = scattered(300)
    index = in_lists(known)
    known[999] = rows((1, 0, 0, 0, 0, 0, 0, 0))[0]

    index.add([999], known[999][None, :])
    index.remove([10, 11, 5])

    assert len(index) == 299
    assert (999 in index, 10 in index, 5 in index) == (True, False, False)
    assert index.search(known[999][None, :], 1) == [[(999, 1.0)]]
    assert 10 not in dict(index.search(known[10][None, :], 299)[0])
    with pytest.raises(IndexFault, match="twice"):
        index.add([999], known[999][None, :])
    with pytest.raises(IndexFault, match="Passage 10 is not in the index"):
        index.vectors([10])


def test_where_originals_are_lost_eight_bits_serve() -> None:
    known = scattered(300)
    index = in_lists(known)
    query, before = known[40].copy(), dict(known)
    known.clear()

    [found] = index.search(query[None, :], 3)

    assert found[0] == (40, pytest.approx(1, abs=0.02))
    assert index.vectors([41, 40]) == pytest.approx(np.stack([before[41], before[40]]), abs=0.01)


def test_lists_are_saved_and_loaded_with_their_layout(tmp_path: Path) -> None:
    known = scattered(300)
    in_lists(known).save(tmp_path, model="m", generation=4, epoch="e", stamp=11)

    loaded = VectorIndex.load(tmp_path, model="m", epoch="e", originals=lambda ids: {i: known[i] for i in ids})

    assert loaded is not None
    assert loaded[0].layout == Layout(lists=4, trained_at=300)
    assert (len(loaded[0]), 10 in loaded[0], 310 in loaded[0]) == (300, True, False)
    assert loaded[0].search(known[40][None, :], 1) == [[(40, pytest.approx(1))]]
    loaded[0].add([310], known[40][None, :])
    assert len(loaded[0]) == 301


def test_lists_without_rows_find_nothing_and_few_rows_make_few_lists() -> None:
    index = VectorIndex.trained(rows(EAST, NORTH), Layout(lists=64, trained_at=2))
    assert index is not None
    assert index.layout.lists == 2
    assert index.search(rows(EAST), 3) == [[]]


def test_training_stops_when_it_is_told_to() -> None:
    assert VectorIndex.trained(rows(EAST, NORTH), Layout(2, 2), stopped=lambda: True) is None


def test_rows_that_are_removed_while_they_are_read_are_there_or_said_to_be_gone() -> None:
    """Twenty rows are removed one by one while all twenty are read: whole, or IndexFault, and nothing else."""
    index = VectorIndex(dim=2)
    gone = False
    for _ in range(20):
        index.add(range(20), np.repeat(rows(BETWEEN), 20, axis=0))
        remover = Thread(target=lambda: [index.remove([number]) for number in range(20)])
        remover.start()
        while remover.is_alive():
            try:
                assert index.vectors(list(range(20))) == pytest.approx(np.repeat(rows(BETWEEN), 20, axis=0))
            except IndexFault as error:
                gone = gone or "is not in the index" in str(error)
        remover.join()
    assert gone
