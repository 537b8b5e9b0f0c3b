"""What all passages have in common is found and taken away, with vectors made by hand."""

from collections.abc import Iterator

import numpy as np
import pytest

from conftest import WordEncoder, make_thread
from threadwise.config import Settings
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.index.common import DIRECTION_SHRINK, SHRINK, Common, in_common
from threadwise.index.indexer import Index
from threadwise.index.vectors import Floats, VectorIndex


def rows(*values: tuple[float, ...]) -> Floats:
    return np.array(values, dtype=np.float32)


def test_the_mean_is_drawn_to_zero_and_forgets_what_was_removed() -> None:
    questions, replies = VectorIndex(dim=2), VectorIndex(dim=2)
    questions.add([1, 2], rows((1, 0), (0, 1)))
    replies.add([3, 4], rows((1, 0), (1, 0)))
    replies.remove([4])

    common = in_common([questions, replies], rows((1, 0), (0, 1), (1, 0)))

    assert common.mean.tolist() == pytest.approx([2 / (3 + SHRINK), 1 / (3 + SHRINK)])
    assert common.share == pytest.approx(3 / (3 + DIRECTION_SHRINK))


def test_the_direction_is_that_in_which_passages_differ_most() -> None:
    vectors = VectorIndex(dim=3)
    vectors.add([1, 2, 3, 4], rows((0.6, 0.8, 0), (-0.6, 0.8, 0), (0, 0.8, 0.6), (0, 0.8, -0.6)))

    # Along the first axis two samples lie apart, along the third none; the second is mostly the mean.
    common = in_common([vectors], rows((0.8, 0.1, 0), (-0.8, 0.1, 0)))

    assert np.abs(common.direction).tolist() == pytest.approx([1, 0, 0], abs=1e-6)


def test_a_row_without_it_is_what_is_left_at_unit_length() -> None:
    common = Common(rows((0, 0, 0.5))[0], rows((1, 0, 0))[0], 1.0)

    left = common.without(rows((0.6, 0.8, 0.5), (0, 0, 0.6)))

    assert left.tolist() == [pytest.approx([0, 1, 0]), pytest.approx([0, 0, 1])]
    assert common.without(rows((0.6, 0.8, 0.5))[0]).tolist() == pytest.approx([0, 1, 0])


def test_half_a_share_leaves_half_of_what_lies_along_the_direction() -> None:
    left = Common(rows((0, 0))[0], rows((1, 0))[0], 0.5).without(rows((0.8, 0.3)))

    assert left.tolist() == [pytest.approx([0.8, 0.6])]  # (.4, .3), half as long


def test_nothing_has_nothing_in_common() -> None:
    common = in_common([VectorIndex(dim=2)], np.empty((0, 2), dtype=np.float32))

    assert common.mean.tolist() == [0, 0]
    assert common.share == 0
    assert common.without(rows((0.6, 0.8))).tolist() == [pytest.approx([0.6, 0.8])]


@pytest.fixture
def index(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Index]:
    opened = Index.open(settings, store, encoder)
    yield opened
    opened.close()


def test_what_is_in_common_follows_the_corpus(
    index: Index, settings: Settings, store: Store, encoder: WordEncoder
) -> None:
    def centred() -> float:
        with writing(settings):
            index.level()
        return float(index.matches(encoder.encode(["soil"])[0], "soil", ["gnats"]).centred.max())

    store.put([make_thread("gnats", "Flies in the soil.", "Let the soil dry out.")])
    alone = centred()
    store.put([make_thread(f"soil-{n}", "Soil.", "More soil.") for n in range(60)])
    among_sixty = centred()

    assert among_sixty < alone, "where every thread is about soil, the word tells less"
