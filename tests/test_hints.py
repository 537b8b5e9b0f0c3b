"""What is only hinted at, a crisis or an emergency, is heard by the question's vector, where the rules find no word."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from threadwise.advice.hints import CRISIS, EMERGENCY, LEAST_WORDS, Ears, Says, hinted_topics, packaged_ears, phrases
from threadwise.advice.safety import Assessment, Governor
from threadwise.advice.safety_rules import load_rules
from threadwise.config import load_settings
from threadwise.domain import NoticeKind
from threadwise.index.encoder import load_encoder

EAST = np.array([[1, 0]], dtype=np.float32)
KEPT = Path(__file__).parent / "labels" / "hints-kept.jsonl"


@pytest.mark.model
@pytest.mark.parametrize(
    ("kept", "topic", "dangers", "ordinary", "heard", "alarms"),
    [(KEPT, CRISIS, 20, 60, 10, 3), (KEPT.with_name("emergencies-kept.jsonl"), EMERGENCY, 20, 40, 16, 1)],
    ids=["crises", "emergencies"],
)
def test_hints_are_heard_about_as_often_as_was_measured_and_ordinary_questions_seldom(
    kept: Path, topic: str, dangers: int, ordinary: int, heard: int, alarms: int
) -> None:
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    vectors = load_encoder(load_settings()).encode([row["question"] for row in rows])
    found = [
        (row["danger"], topic in hinted_topics(row["question"], vector))
        for row, vector in zip(rows, vectors, strict=True)
    ]

    assert [sum(danger for danger, _ in found), sum(not danger for danger, _ in found)] == [dangers, ordinary]
    assert found.count((True, True)) >= heard
    assert found.count((False, True)) <= alarms


@pytest.mark.model
def test_rules_and_ears_together_hear_about_as_much_of_what_neither_was_made_from_as_was_measured() -> None:
    rows = [json.loads(line) for line in KEPT.with_name("hints-unseen.jsonl").read_text(encoding="utf-8").splitlines()]
    vectors = load_encoder(load_settings()).encode([row["question"] for row in rows])
    governor = Governor.load(load_settings())
    heard: Counter[tuple[str, bool]] = Counter()
    for row, vector in zip(rows, vectors, strict=True):
        found = governor.hinted(governor.consider(row["question"]), hinted_topics(row["question"], vector))
        heard["plain" if row.get("plain") else row["kind"], found.crisis or found.urgent] += 1

    assert heard["crisis", True] >= 40
    assert heard["urgent", True] >= 53
    assert heard["plain", True] >= 29
    assert heard["none", True] <= 5
    assert heard.total() == 224


def test_a_sentence_has_less_say_the_farther_away_it_is() -> None:
    """At a right angle the squared distance is 2, so that its weight of 1 counts exp(-3)."""
    ears = Ears(EAST, {}, {CRISIS: Says(np.ones(1, dtype=np.float32), np.zeros(0, dtype=np.float32), -0.5)})

    scores = ears.scores(["east", "north"], np.array([[1, 0], [0, 1]], dtype=np.float32))

    assert scores[CRISIS] == pytest.approx([0.5, 0.0498 - 0.5], abs=1e-4)


def test_known_words_and_pairs_of_words_have_their_say_and_share_it_with_one_another() -> None:
    """Two known phrases with the weights 1 and 3 say 4 / sqrt(2), one alone its own weight, an unknown one nothing."""
    weights = np.array([1, 3], dtype=np.float32)
    ears = Ears(EAST, {"belt": 0, "the belt": 1}, {CRISIS: Says(np.zeros(1, dtype=np.float32), weights, -0.5)})

    scores = ears.scores(["The Belt", "a belt", "a sander"], np.repeat(EAST, 3, axis=0))

    assert scores[CRISIS] == pytest.approx([2.8284 - 0.5, 0.5, -0.5], abs=1e-4)


def test_phrases_are_words_and_neighbours_without_case_and_apostrophes() -> None:
    assert phrases("I can't. I can\N{RIGHT SINGLE QUOTATION MARK}t!") == {"i", "cant", "i cant", "cant i"}
    assert phrases("...") == set()


def test_what_sounds_like_danger_itself_is_heard_from_five_words_on() -> None:
    ears = packaged_ears()
    loudest = ears.sentences[int(ears.scores([""] * len(ears.sentences), ears.sentences)[CRISIS].argmax())]

    assert CRISIS in hinted_topics("lorem ipsum dolor sit amet", loudest)
    assert hinted_topics(" ".join(["lorem"] * (LEAST_WORDS - 1)), loudest) == ()


@pytest.mark.model
def test_whoever_only_greets_the_program_is_not_told_whom_to_turn_to_in_a_crisis() -> None:
    tried = ["hey", "ok", "how are you?", "who are you?", "I need advice", "I have a question", "hello world"]
    tried += [
        "I am new here",
        "tell me a story",
        "I'm bored",
        "hey you",
        "okay",
        "my name is Anna",
        "who made you",
        "when",
    ]

    vectors = load_encoder(load_settings()).encode(tried)
    assert [text for text, vector in zip(tried, vectors, strict=True) if hinted_topics(text, vector)] == []


def test_another_encoders_vector_and_none_hint_at_nothing() -> None:
    assert hinted_topics("who can tell me this", np.ones(3, dtype=np.float32)) == ()
    assert hinted_topics("who can tell me this", np.zeros(384, dtype=np.float32)) == ()


def test_a_hint_puts_the_crisis_notice_first_and_screens_posts_as_in_a_crisis() -> None:
    governor = Governor.load(load_settings())
    before = governor.consider("how much ibuprofen may I take with beer")

    after = governor.hinted(before, [CRISIS])

    assert [notice.kind for notice in before.notices] == [NoticeKind.CAUTION]
    assert [notice.kind for notice in after.notices] == [NoticeKind.CRISIS, NoticeKind.CAUTION]
    assert "self-harm" in after.topics


def test_what_the_rules_found_stays_and_a_switched_off_topic_says_nothing(tmp_path: Path) -> None:
    governor = Governor.load(load_settings())
    certain = governor.consider("I want to kill myself")
    own = tmp_path / "rules.yaml"
    own.write_text(
        "topics:\n  hinted: {enabled: false, acknowledge: people in danger will see no notice}\n", encoding="utf-8"
    )

    assert governor.hinted(certain, [CRISIS, EMERGENCY]) == certain
    assert Governor(load_rules(own)).hinted(Assessment(), [CRISIS]) == Assessment()


def test_a_hinted_emergency_stands_below_a_hinted_crisis_and_above_a_caution() -> None:
    governor = Governor.load(load_settings())
    cautious = governor.consider("how much ibuprofen may I take with beer")

    after = governor.hinted(cautious, [CRISIS, EMERGENCY])

    assert [notice.kind for notice in after.notices] == [NoticeKind.CRISIS, NoticeKind.URGENT, NoticeKind.CAUTION]


def test_a_hinted_emergency_leaves_posts_as_they_are_screened_and_adds_nothing_to_one_that_the_rules_found() -> None:
    governor = Governor.load(load_settings())
    found = governor.consider("I have chest pain and a numb left arm")

    assert governor.hinted(Assessment(), [EMERGENCY]).topics == {EMERGENCY}
    assert governor.hinted(found, [EMERGENCY]) == found
