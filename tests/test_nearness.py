"""How near a question is to the thread that could answer it, with numbers worked out by hand."""

import numpy as np
import pytest

from test_ranking import made
from threadwise.domain import Hit
from threadwise.retrieval import nearness

ALIKE = {"first": 1.0, "twin": 0.6, "other": 0.2, "last": 0.1}
RANKED = [Hit("first", 0.9), Hit("twin", 0.8), Hit("other", 0.5), Hit("last", 0.3)]


def test_question_replies_and_middle_are_measured_apart() -> None:
    matches = made(
        ("first", "1", True, 0.8, 2.0), ("first", "2", False, 0.6, 4.0), ("first", "3", False, 0.0, 0.0),
        ("first", "4", False, 0.5, 0.0), ("first", "5", False, 0.4, 0.0), ("last", "1", True, 0.3, 8.0),
    )  # fmt: skip

    found = nearness.measure(matches, RANKED, ALIKE, "first", 0.7, replied=True)

    assert (found.thread_id, found.title, found.replied) == ("first", 0.7, True)
    assert (found.asked, found.reply, found.replies) == pytest.approx((0.8, 0.6, 0.5))
    assert (found.own_asked, found.own_replies) == pytest.approx((0.8, 0.5))
    assert found.by_words == 0.5  # 4 of the 8 that the best passage of the index has
    cosines = np.array([0.8, 0.6, 0.0, 0.5, 0.4])
    middle = np.array([cosines.sum(), np.sqrt(1 - cosines**2).sum()])
    assert found.own_middle == pytest.approx(middle[0] / np.hypot(*middle), abs=1e-6)


def test_the_lead_is_over_threads_that_ask_something_else() -> None:
    found = nearness.measure(made(("first", "1", True, 0.8, 0.0)), RANKED, ALIKE, "first", 0.0, replied=False)

    assert found.lead == pytest.approx(0.9 - 0.5)
    assert found.above == pytest.approx(0.9 - (0.5 + 0.3) / 2)


def test_a_thread_alone_in_its_forum_leads_over_nothing() -> None:
    found = nearness.measure(
        made(("first", "1", True, 0.8, 0.0)), RANKED[:1], {"first": 1.0}, "first", 0.0, replied=False
    )

    assert (found.lead, found.above) == (pytest.approx(0.9), pytest.approx(0.9))
    assert (found.reply, found.replies, found.own_replies) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("answered", "able"),
    [({"first", "twin"}, "first"), ({"twin", "other"}, "twin"), ({"other"}, None), (set(), None)],
)
def test_a_thread_that_asks_the_same_may_answer_in_the_place_of_the_first(answered: set[str], able: str | None) -> None:
    assert nearness.able(ALIKE, answered) == able
