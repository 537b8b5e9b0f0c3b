"""Which sentences advise."""

from __future__ import annotations

import json
from pathlib import Path

from threadwise.advice.mood import features, natural
from threadwise.advice.sentences import measure, read_post, shipped
from threadwise.domain import Post

LABELS = Path(__file__).parent / "labels"


def test_an_instruction_is_likelier_advice_than_thanks_a_question_or_a_quote() -> None:
    chance = shipped().chance
    advice = chance("You should take the crate to your bed.")

    assert advice > 0.5
    assert chance("Thank you so much!") < 0.2
    assert chance("> You should take the crate to your bed.") == 0.0
    assert chance("Is it aggression?") < advice


def test_tokens_are_joined_to_what_people_type() -> None:
    assert natural("Do n't worry , it 's fine .") == "Don't worry, it's fine."


def test_mood_is_read_from_the_first_verb() -> None:
    found = features("Then rinse it well, and never boil it.")

    assert {"imp", "clause_neg", "first:rinse"} <= found.keys()
    assert "q" in features("Did it help?")


def test_sentences_of_a_post_know_their_list_and_their_quotes() -> None:
    text = "> you said\n\nDo this:\n\n- dead bugs\n- planks"

    found = read_post(Post("1", text))

    assert [one.text for one in found] == ["> you said", "Do this:", "- dead bugs", "- planks"]
    assert [one.quoted for one in found] == [True, False, False, False]
    assert [one.item for one in found] == [0, 0, 1, 1]


def test_the_shipped_model_is_as_good_on_the_demo_forum_as_measured() -> None:
    rows = [json.loads(line) for line in (LABELS / "advice-demo.jsonl").read_text(encoding="utf-8").splitlines()]

    assert measure((row["text"], bool(row["advice"])) for row in rows).f1 > 0.6
