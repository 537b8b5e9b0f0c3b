"""Which layout so many vectors get, and how many lists a question looks into."""

from threadwise.index.layout import EXACT, Layout, probes, wanted


def test_vectors_are_compared_one_by_one_up_to_the_limit_and_lie_in_lists_above_it() -> None:
    assert wanted(0, 200_000) == EXACT
    assert wanted(200_000, 200_000) == EXACT
    assert wanted(200_001, 200_000) == Layout(lists=1024, trained_at=200_001)
    assert wanted(1_000_000, 200_000) == Layout(lists=2048, trained_at=1_000_000)
    assert wanted(1, 0) == Layout(lists=2, trained_at=1)


def test_lists_are_trained_anew_when_there_is_four_times_as_much() -> None:
    now = Layout(lists=1024, trained_at=200_001)

    assert wanted(800_004, 200_000, now) == now
    assert wanted(800_005, 200_000, now) == Layout(lists=2048, trained_at=800_005)


def test_a_corpus_that_shrinks_keeps_its_lists_until_it_is_half_the_limit() -> None:
    now = Layout(lists=1024, trained_at=200_001)

    assert wanted(150_000, 200_000, now) == now
    assert wanted(100_000, 200_000, now) == EXACT


def test_a_filter_looks_into_more_lists_and_few_rows_are_all_compared() -> None:
    lists = Layout(lists=2048, trained_at=1_000_000)

    assert probes(lists, 1_000_000) == 384
    assert probes(lists, 1_000_000, selected=500_000) == 768
    assert probes(lists, 1_000_000, selected=20_000) == 2048
    assert probes(lists, 1_000_000, selected=0) == 2048
    assert probes(Layout(lists=4, trained_at=10), 10) == 4
