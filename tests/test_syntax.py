"""Filters are found in a question, and prose is never taken for one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.corpus.filters import Filters
from threadwise.errors import QueryError
from threadwise.retrieval.syntax import Parsed, parse


@pytest.mark.parametrize(
    ("question", "parsed"),
    [
        ("tag:running sore knee", Parsed("sore knee", Filters(tags=("running",)))),
        ("sore knee TAG:Running tag:pain", Parsed("sore knee", Filters(tags=("Running", "pain")))),
        ('author:"mara k" knee', Parsed("knee", Filters(authors=("mara k",)))),
        ("knee after:2023-05", Parsed("knee", Filters(since="2023-05-01T00:00:00"))),
        ("knee after:2023", Parsed("knee", Filters(since="2023-01-01T00:00:00"))),
        ("knee before:2024-2-29", Parsed("knee", Filters(until="2024-02-29T00:00:00"))),
        ("knee status:solved", Parsed("knee", Filters(solved=True))),
        ("knee status:unanswered", Parsed("knee", Filters(replied=False))),
        ("knee has:outcome", Parsed("knee", outcome=True)),
        ("knee min_score:3", Parsed("knee", Filters(min_score=3))),
        ("knee min_score:-2", Parsed("knee", Filters(min_score=-2))),
        ('"exact words" knee', Parsed("exact words knee", phrases=("exact words",))),
        ("“exact words”", Parsed("exact words", phrases=("exact words",))),
        ("sore knee -running", Parsed("sore knee", excluded=("running",))),
        ("-shoes knee -x-ray pain", Parsed("knee pain", excluded=("shoes", "x-ray"))),
        ("It hurts. What helps? -surgery -pills", Parsed("It hurts. What helps?", excluded=("surgery", "pills"))),
        ("sore  knee\n\n tag:running  when I run", Parsed("sore knee\nwhen I run", Filters(tags=("running",)))),
    ],
)  # fmt: skip
def test_filters_are_taken_out_of_the_question(question: str, parsed: Parsed) -> None:
    assert parse(question) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "note: 3:30 pm",
        "open 9:00-17:00, closed after: 5",
        "before: it was fine, after: it hurts",
        "a 10:1 ratio of water to vinegar",
        "it was -5 °C outside",
        "https://example.org/tag:running?author:me is broken",
        "he is 5'10\" and weighs 80 kg",
        'my doctor said "rest" and then, a week later, "move", so which is it?',
        "I tried ice - no change - and then heat, it got worse",
        "I tried it -nothing helped- and gave up, what now?",
        "re: tag: running",
        "well-known e-mail trick",
        "- first thing\n- second thing",
        "what about -- you know -- the other thing?",
        "hashtag:running",
    ],
)
def test_ordinary_text_is_no_filter(text: str) -> None:
    assert parse(text) == Parsed(text)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("knee after:spring", r"after:spring is not a date.*`after:2023-05`"),
        ("knee before:2023-13", "before:2023-13 is not a date"),
        ("knee after:2023-02-30", "is not a date"),
        ("knee status:done", "status:done is not known. It takes one of solved, unsolved, answered, unanswered"),
        ("knee has:pictures", "`has:outcome` finds threads"),
        ("knee min_score:many", "whole number, as in `min_score:3`"),
        ('knee author:""', "nothing in its quotation marks"),
    ],
)
def test_wrong_syntax_says_what_is_right(question: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parse(question)


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_with_a_reason(text: str) -> None:
    with suppress(QueryError):
        assert "\n\n" not in parse(text).text


@given(st.text("ab -\"'\n,.", max_size=60))
def test_no_letter_of_a_question_is_lost(text: str) -> None:
    parsed = parse(text)
    kept = "".join([parsed.text, *parsed.excluded])
    assert sorted(c for c in kept if c.isalpha()) == sorted(c for c in text if c.isalpha())
