"""How matches become scores, with numbers worked out by hand."""

import pytest

from threadwise.domain import Part, Passage, Post
from threadwise.retrieval import ranking


def passage(thread: str, post: str, part: Part = Part.REPLY) -> Passage:
    return Passage(thread, post, 0, 1, "x", part)


ASKED, SAID, OTHER = passage("t", "1", Part.QUESTION), passage("t", "2"), passage("u", "2")


def test_cosine_and_bm25_are_fused_by_fixed_shares() -> None:
    scores = ranking.fuse({ASKED: 0.5, SAID: 0.8, OTHER: 0.2}, {SAID: 4.0, OTHER: 8.0})

    assert scores == pytest.approx({ASKED: 0.35, SAID: 0.56 + 0.15, OTHER: 0.14 + 0.3})


def test_without_any_word_in_common_the_cosine_decides() -> None:
    assert ranking.fuse({SAID: 0.5}, {}) == pytest.approx({SAID: 0.35})
    assert ranking.fuse({}, {}) == {}


def test_a_thread_is_its_best_passage_its_question_and_their_support() -> None:
    scores = {ASKED: 0.6, SAID: 0.9, passage("t", "3"): 0.3, passage("t", "4"): 0.1}

    assert ranking.threads(scores) == pytest.approx({"t": 0.5 * 0.9 + 0.3 * 0.6 + 0.2 * 0.6})


def test_a_thread_whose_question_was_not_found_counts_its_weakest_good_passage_for_it() -> None:
    assert ranking.threads({SAID: 0.9, passage("t", "3"): 0.3}) == pytest.approx({"t": 0.45 + 0.09 + 0.12})


def test_hits_of_one_thread_support_each_other() -> None:
    scores = {SAID: 0.7, passage("t", "3"): 0.7, OTHER: 0.7, passage("u", "3"): 0.2}
    by_thread = ranking.threads(scores)
    assert by_thread["t"] > by_thread["u"]


def test_a_post_stands_on_its_own_match_and_on_its_thread() -> None:
    scores = {SAID: 0.8, passage("t", "3"): 0.4}

    assert ranking.posts(scores, {"t": 0.5}, {}) == pytest.approx(
        {("t", "2"): 0.7 * 0.8 + 0.3 * 0.5, ("t", "3"): 0.7 * 0.4 + 0.3 * 0.5}
    )


def test_acceptance_and_votes_count_a_bit_and_down_votes_nothing() -> None:
    known = {
        ("t", "2"): Post("2", "x", accepted=True, score=4),
        ("t", "3"): Post("3", "x", score=-7),
    }
    scores = {SAID: 0.5, passage("t", "3"): 0.5}

    by_post = ranking.posts(scores, {"t": 0.5}, known)

    assert by_post == pytest.approx({("t", "2"): 0.5 + 0.03 + 0.01, ("t", "3"): 0.5})
