"""Search by words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadwise.domain import Part
from threadwise.errors import IndexFault
from threadwise.index.lexical import Document, LexicalIndex

DOCUMENTS = [
    Document(1, "back", Part.QUESTION, "Sore back", "My lower back hurts after running."),
    Document(2, "back", Part.REPLY, "Sore back", "I stretched for two weeks and it helped."),
    Document(3, "noise", Part.REPLY, "Café noise", "Earplugs. The CAFÉ below is loud, I run home at night."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LexicalIndex]:
    opened = LexicalIndex.open(tmp_path_factory.mktemp("words"))
    opened.add(DOCUMENTS)
    opened.commit()
    yield opened
    opened.close()


def numbers(found: list[tuple[int, float]]) -> list[int]:
    return [number for number, _ in found]


def test_words_match_in_any_inflection_case_and_accent(index: LexicalIndex) -> None:
    assert numbers(index.search("stretching", 5)) == [2]
    assert numbers(index.search("cafe", 5)) == [3]
    assert set(numbers(index.search("runs", 5))) == {1, 3}


def test_the_own_words_of_a_passage_count_more_than_the_title_of_its_thread(index: LexicalIndex) -> None:
    found = index.search("back", 5)
    assert numbers(found) == [1, 2]
    assert found[0][1] > found[1][1] > 0


def test_a_part_or_a_set_of_passages_can_be_searched_alone(index: LexicalIndex) -> None:
    assert numbers(index.search("back running", 5, part=Part.REPLY)) == [3, 2]
    assert numbers(index.search("back running", 5, within=[2])) == [2]
    assert index.search("back", 5, within=[]) == []


def test_a_filter_changes_no_score(index: LexicalIndex) -> None:
    everywhere = dict(index.search("back running", 5))
    assert dict(index.search("back running", 5, part=Part.QUESTION, within=[1]))[1] == pytest.approx(everywhere[1])


def test_the_passages_of_some_threads_have_the_score_that_they_have_among_all(index: LexicalIndex) -> None:
    everywhere = dict(index.search("back running at home", 5))
    assert index.of_threads("back running at home", ["back"], 5) == pytest.approx({n: everywhere[n] for n in (1, 2)})
    assert index.of_threads("back running at home", ["noise", "unknown"], 5) == pytest.approx({3: everywhere[3]})
    assert index.of_threads("earplugs", ["back"], 5) == index.of_threads("", ["back"], 5) == {}
    assert index.of_threads("back", [], 5) == {}


def test_a_phrase_needs_its_words_together_and_in_order(index: LexicalIndex) -> None:
    assert numbers(index.phrase("lower back", 5)) == [1]
    assert index.phrase("back lower", 5) == []
    assert numbers(index.phrase("earplugs", 5)) == [3]


@pytest.mark.parametrize("odd", ["", "   ", "🙂🙂", '"[(*:^~AND OR NOT', "\x00\x07", "a" * 100_000, "back " * 20_000])
def test_odd_queries_find_something_or_nothing_but_never_fail(index: LexicalIndex, odd: str) -> None:
    assert len(index.search(odd, 5)) <= 2
    assert len(index.phrase(odd[:1000], 5)) <= 2


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_query(index: LexicalIndex, text: str) -> None:
    for _, score in index.search(text, 3):
        assert score > 0


def test_what_is_not_committed_is_not_found_and_what_is_removed_is_gone(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path)
    index.add(DOCUMENTS[:1])
    assert index.search("back", 5) == []
    index.commit()
    index.remove([1])
    assert numbers(index.search("back", 5)) == [1]
    index.commit()
    assert index.search("back", 5) == []
    index.close()


def test_passages_from_a_number_on_can_be_removed(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path)
    index.add(DOCUMENTS)
    index.commit()
    index.remove_from(2)
    index.commit()
    assert len(index) == 1
    assert numbers(index.search("back stretched cafe", 5)) == [1]
    index.close()


def test_two_open_indexes_take_turns_writing_and_see_each_other(tmp_path: Path) -> None:
    one, two = LexicalIndex.open(tmp_path), LexicalIndex.open(tmp_path)
    one.add(DOCUMENTS[:1])
    one.commit()
    two.add(DOCUMENTS[1:2])
    two.commit()
    one.refresh()
    assert numbers(one.search("helped hurts", 5)) == [1, 2] or numbers(one.search("helped hurts", 5)) == [2, 1]
    one.close()
    two.close()


def test_a_damaged_folder_is_an_index_fault_with_its_remedy(tmp_path: Path) -> None:
    LexicalIndex.open(tmp_path).close()
    (tmp_path / "meta.json").write_bytes(b"{ not json")
    with pytest.raises(IndexFault, match="threadwise index --rebuild"):
        LexicalIndex.open(tmp_path)


def test_a_commit_that_was_cut_off_does_not_stand_in_the_way_of_the_next_one(tmp_path: Path) -> None:
    """A process that dies, or a disk that fails, between the files of a commit and the list of them."""
    folder = tmp_path / "words"
    index = LexicalIndex.open(folder)
    index.add(DOCUMENTS)
    index.commit()
    index.close()
    before = (folder / "meta.json").read_bytes()
    index.remove([2])
    index.commit()
    index.close()
    assert list(folder.glob("*.del"))
    (folder / "meta.json").write_bytes(before)

    again = LexicalIndex.open(folder)
    assert again.numbers() == {1, 2, 3}
    again.remove([2])
    again.commit()
    assert again.numbers() == {1, 3}
    again.close()
