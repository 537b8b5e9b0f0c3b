"""Which sentences advise."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.advice.mood import features, natural, tokens
from threadwise.advice.network import KINDS, NUMBER, OTHER, Network, kind_of
from threadwise.advice.sentences import IN_A_REPLY, chance, measure, read_post, shipped
from threadwise.domain import Post

LABELS = Path(__file__).parent / "labels"


@pytest.mark.parametrize(
    "text",
    [
        "You should take the crate to your bed.",
        "Rest it for a week at least, I did the same last year.",
        "I'd ring the vet before you give him anything.",
        "Fresh filter every few weeks.",
        "Don't put it in the dryer.",
        "2. Cut off the soft roots with clean scissors.",
    ],
)
def test_what_tells_somebody_what_to_do_is_advice(text: str) -> None:
    assert chance(text) >= IN_A_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Thank you so much!",
        "It took three weeks to heal.",
        "> You should take the crate to your bed.",
        "My dog does that too.",
        "How long did it take you?",
    ],
)
def test_thanks_reports_quotes_and_questions_are_none(text: str) -> None:
    assert chance(text) < IN_A_REPLY


def test_a_quote_has_no_chance_to_be_advice_at_all() -> None:
    assert chance("> You should take the crate to your bed.") == 0.0


def test_two_layers_look_at_three_words_each_and_the_top_weighs_strongest_sum_and_opening() -> None:
    nothing = np.zeros(1, dtype=np.float32)
    table = np.zeros((KINDS + 1, 1), dtype=np.float32)
    table[KINDS] = 1.0
    network = Network(
        places={"rest": KINDS},
        table=table,
        common={},
        vectors=np.zeros((1, 1), dtype=np.float32),
        first=np.array([[0.5, 1.0, -1.0], [0.0, 0.0, 0.0]], dtype=np.float32),
        first_bias=nothing,
        second=np.zeros((1, 3), dtype=np.float32),
        second_bias=nothing,
        top=np.array([1.0, 2.0, 4.0], dtype=np.float32),
        bias=-1.0,
    )

    found = network.logits([["rest"], ["then", "rest"], []])

    # "rest" is seen as 1 where it stands and as .5 by what follows it; what precedes it sees -1, which counts as 0.
    total = 1.5 / 2
    assert found.tolist() == pytest.approx(
        [1 + 2 * total / math.sqrt(3) + 4 * 1 - 1, 1 + 2 * total / math.sqrt(4) + 4 * 0 - 1, -1], abs=1e-5
    )


@given(st.lists(st.text(max_size=40), max_size=6))
def test_sentences_read_together_are_judged_as_each_alone(texts: list[str]) -> None:
    model = shipped()

    assert model.chances(texts) == pytest.approx([model.chances([text])[0] for text in texts], abs=1e-5)


def test_an_unknown_word_is_known_by_its_ending() -> None:
    assert [kind_of(word) for word in ("42", "frobbing", "frobbed", "frobly", "frobs", "frob", "s")] == [
        NUMBER, 4, 5, 7, 6, OTHER, OTHER,
    ]  # fmt: skip


def test_tokens_are_joined_to_what_people_type() -> None:
    assert natural("Do n't worry , it 's fine .") == "Don't worry, it's fine."
    assert tokens("Do n’t worry , it 's 5 PM .") == ["don't", "worry", ",", "it's", "5", "pm", "."]


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


def test_nothing_to_measure_is_no_error() -> None:
    assert measure([]).f1 == 0.0
