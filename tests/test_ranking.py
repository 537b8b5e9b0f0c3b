"""How matches become scores, with numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.domain import Post, Role
from threadwise.index.matches import Matches
from threadwise.retrieval import ranking
from threadwise.retrieval.ranking import Weights

PLAIN = Weights(question_half=10, middle=0, words=0, own=0.5, asker=0.2, accepted=0.1, votes=0.02)


def made(*rows: tuple[str, str, bool, float, float]) -> Matches:
    """Matches of rows (thread, post, asked, centred cosine, BM25), each ten characters long, by thread."""
    threads = tuple(dict.fromkeys(row[0] for row in rows))
    posts = tuple(dict.fromkeys((row[0], row[1]) for row in rows))
    cosine = np.array([row[3] for row in rows], dtype=np.float32)
    return Matches(
        threads,
        posts,
        np.arange(len(rows)),
        np.array([threads.index(row[0]) for row in rows], dtype=np.int64),
        np.array([posts.index((row[0], row[1])) for row in rows], dtype=np.int64),
        np.full(len(rows), 10),
        np.array([row[2] for row in rows], dtype=np.bool_),
        np.stack([cosine, np.sqrt(1 - cosine**2)], axis=1) if rows else np.empty((0, 2), dtype=np.float32),
        cosine,
        cosine,
        np.array([row[4] for row in rows], dtype=np.float32),
        max((row[4] for row in rows), default=0.0),
    )


def test_a_thread_is_its_question_and_the_mean_of_its_three_best_replies() -> None:
    matches = made(
        ("t", "1", True, 0.8, 0), ("t", "2", False, 0.6, 0), ("t", "3", False, 0.1, 0), ("t", "4", False, 0.5, 0),
        ("t", "5", False, 0.4, 0),
    )  # fmt: skip

    # Ten characters of question and a half of ten: question and replies count alike.
    assert ranking.threads(matches, PLAIN) == pytest.approx([0.5 * 0.8 + 0.5 * (0.6 + 0.5 + 0.4) / 3])


def test_a_long_question_counts_more_than_a_short_one() -> None:
    matches = made(
        ("t", "1", True, 0.8, 0), ("t", "1", True, 0.2, 0), ("t", "1", True, 0.1, 0), ("t", "2", False, 0, 0)
    )

    assert ranking.threads(matches, PLAIN) == pytest.approx([30 / 40 * 0.8])


def test_a_thread_without_replies_is_its_question_and_one_without_a_question_its_replies() -> None:
    matches = made(("asked", "1", True, 0.6, 0), ("said", "2", False, 0.4, 0))

    assert ranking.threads(matches, PLAIN) == pytest.approx([0.6, 0.4])


def test_the_middle_of_a_thread_is_where_its_passages_point_together() -> None:
    # Two unit rows at cosines .6 and .8 from the question: their sum is (1.4, 1.4), 45 degrees from it.
    matches = made(("t", "1", True, 0.6, 0), ("t", "2", False, 0.8, 0))

    assert ranking.threads(matches, Weights(middle=1, words=0)) == pytest.approx([np.sqrt(0.5)])


def test_words_add_their_share_to_the_best_and_less_to_others() -> None:
    matches = made(("t", "1", True, 0, 2), ("t", "2", False, 0, 2), ("u", "1", True, 0, 1), ("v", "1", True, 0, 0))

    # The best passage anywhere has 2: (1^4 + 1^4)^(1/4) against (.5^4)^(1/4).
    assert ranking.threads(matches, Weights(middle=0, words=0.2)) == pytest.approx([0.2 * 2**0.25, 0.1, 0])


def test_a_post_stands_on_its_own_best_passage_and_on_its_thread() -> None:
    matches = made(("t", "1", True, 0.8, 0), ("t", "2", False, 0.3, 0), ("t", "2", False, 0.6, 0))

    assert ranking.posts(matches, np.array([0.7]), {}, PLAIN) == pytest.approx([0.7 + 0.4, 0.7 + 0.3])


def test_votes_and_acceptance_lift_a_post_and_the_asker_seldom_answers() -> None:
    matches = made(*(("t", str(i), False, 0.0, 0) for i in range(4)))
    known = {
        ("t", "0"): Post("0", "x", score=4),
        ("t", "1"): Post("1", "x", score=-9, accepted=True),
        ("t", "2"): Post("2", "x", role=Role.ASKER),
    }

    assert ranking.posts(matches, np.array([0.5]), known, PLAIN) == pytest.approx([0.51, 0.6, 0.3, 0.5])


def test_a_passage_stands_on_its_post_its_meaning_and_its_words() -> None:
    matches = made(("t", "1", True, 0.8, 2), ("t", "2", False, 0.4, 1))

    scores = ranking.passages(matches, np.array([0.5, 0.6]), Weights(own=0.5, words=0.2))

    assert scores == pytest.approx([0.5 + 0.4 + 0.2, 0.6 + 0.2 + 0.1])


def test_questions_are_alike_as_far_as_their_passages_point_the_same_way() -> None:
    # Unit rows at cosines .6 and .8 from the first axis: together at 45 degrees. The other question lies along it.
    matches = made(
        ("t", "1", True, 0.6, 0), ("t", "1", True, 0.8, 0), ("t", "2", False, 0.1, 0), ("u", "1", True, 1, 0)
    )

    assert ranking.alike(matches, 0) == pytest.approx([1, np.sqrt(0.5)])
    assert ranking.alike(matches, 1) == pytest.approx([np.sqrt(0.5), 1])
    assert ranking.alike(made(("u", "2", False, 1, 0)), 0) == pytest.approx([0])


def test_nothing_found_is_no_score() -> None:
    nothing = made()

    assert ranking.threads(nothing).shape == (0,)
    assert ranking.posts(nothing, np.zeros(0), {}).shape == (0,)
    assert ranking.passages(nothing, np.zeros(0)).shape == (0,)


_ROWS = st.lists(
    st.tuples(st.sampled_from("tuv"), st.sampled_from("123"), st.booleans(), st.floats(-1, 1), st.floats(0, 30)),
    min_size=1,
    max_size=12,
).map(sorted)


@given(_ROWS)
def test_other_threads_change_no_score(rows: list) -> None:  # type: ignore[type-arg]
    together = made(*rows)
    alone = replace(made(*(row for row in rows if row[0] == rows[0][0])), most_bm25=together.most_bm25)

    assert ranking.threads(alone)[0] == pytest.approx(ranking.threads(together)[0], abs=1e-6)
    assert np.isfinite(ranking.threads(together)).all()
