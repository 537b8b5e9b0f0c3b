"""Which threads pass a filter."""

import pytest

from conftest import make_thread
from threadwise.corpus.filters import Filters
from threadwise.corpus.store import Store
from threadwise.domain import Post, Role, Thread

KNEE = Thread(
    "knee",
    "Knee",
    (
        Post("1", "It hurts.", author="mara", created="2023-05-04T10:00:00", score=1, role=Role.ASKER),
        Post("2", "Rest.", author="Tobi", score=5, accepted=True),
    ),
    created="2023-05-04T10:00:00",
    tags=("Running", "pain"),
)
OVEN = make_thread("oven", "It smokes.", "Clean it.", tags=("Küche",), created="2024-01-01T00:00:00+02:00")
ALONE = make_thread("alone", "Anybody?")


@pytest.fixture
def corpus(store: Store) -> Store:
    store.put([KNEE, OVEN, ALONE])
    return store


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["alone", "knee", "oven"]),
        (Filters(tags=("running",)), ["knee"]),
        (Filters(tags=("running", "PAIN")), ["knee"]),
        (Filters(tags=("running", "oven")), []),
        (Filters(tags=("Küche",)), ["oven"]),
        (Filters(authors=("tobi",)), ["knee"]),
        (Filters(authors=("tobi", "asker")), ["alone", "knee", "oven"]),
        (Filters(since="2023-05-04T10:00:00"), ["alone", "knee", "oven"]),
        (Filters(since="2023-05-04T10:00:01"), ["alone", "oven"]),
        (Filters(until="2024-01-01T00:00:00"), ["knee", "oven"]),  # 22:00 on the last day of 2023 in UTC
        (Filters(solved=True), ["knee"]),
        (Filters(solved=False), ["alone", "oven"]),
        (Filters(replied=False), ["alone"]),
        (Filters(replied=True, min_score=5), ["knee"]),
        (Filters(min_score=6), []),
    ],
)
def test_threads_that_pass(corpus: Store, filters: Filters, expected: list[str]) -> None:
    assert corpus.matching_ids(filters) == expected


def test_posts_by_one_of_the_authors_with_enough_votes_are_admitted() -> None:
    asked, said = KNEE.posts

    assert [Filters(authors=("TOBI",)).admits(post) for post in (asked, said)] == [False, True]
    assert [Filters(min_score=2).admits(post) for post in (asked, said)] == [False, True]
    assert not Filters(min_score=0).admits(Post("3", "No votes known."))
    assert Filters().admits(asked)
