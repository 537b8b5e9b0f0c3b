"""A crisis that is only hinted at is heard by the question's vector, where the rules find no word of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from threadwise.advice.hints import hints_at_danger
from threadwise.advice.safety import Assessment, Governor
from threadwise.advice.safety_rules import load_rules
from threadwise.config import load_settings
from threadwise.domain import NoticeKind
from threadwise.index.encoder import load_encoder

KEPT = Path(__file__).parent / "labels" / "hints-kept.jsonl"


@pytest.mark.model
def test_hints_are_heard_about_as_often_as_was_measured_and_ordinary_questions_seldom() -> None:
    rows = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]
    vectors = load_encoder(load_settings()).encode([row["question"] for row in rows])
    heard = [hints_at_danger(vector) for vector in vectors]

    danger = [one for one, row in zip(heard, rows, strict=True) if row["danger"]]
    ordinary = [one for one, row in zip(heard, rows, strict=True) if not row["danger"]]
    assert (len(danger), len(ordinary)) == (20, 60)
    assert sum(danger) >= 7
    assert sum(ordinary) <= 3


def test_another_encoders_vector_and_none_hint_at_nothing() -> None:
    assert not hints_at_danger(np.ones(3, dtype=np.float32))
    assert not hints_at_danger(np.zeros(384, dtype=np.float32))


def test_a_hint_puts_the_crisis_notice_first_and_screens_posts_as_in_a_crisis() -> None:
    governor = Governor.load(load_settings())
    before = governor.consider("how much ibuprofen may I take with beer")

    after = governor.hinted(before)

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

    assert governor.hinted(certain) == certain
    assert Governor(load_rules(own)).hinted(Assessment()) == Assessment()
