from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.advice.claims.likeness import By, alike
from threadwise.advice.claims.numbers import measures, stated
from threadwise.advice.claims.text import tokens
from threadwise.advice.verify import supports

LABELS = Path(__file__).parent / "labels"

STRETCH = (
    "I stretched my calves for 30 seconds before every run, and after two weeks the pain was gone. "
    "My wife used ice instead."
)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("One person stretched their calves for 30 seconds before each run.", STRETCH),
        ("I stretched my calves for half a minute before every run.", STRETCH),
        ("The pain was gone after a fortnight.", STRETCH),
        ("Clean the pan with a soft cloth.", "Wipe the pan with a soft cloth, never with steel wool."),
        ("Add 500 ml of water.", "Pour in half a litre of water."),
        ("A poster says that the loft was damp.", "The loft was damp. We aired it."),
        ("Someone didn't oil it and it's rusty now.", "I did not oil it and it is rusty now."),
        ("Between coats, sand the door lightly.", "You should sand the door lightly between coats."),
        ("At night the boiler makes less noise.", "The boiler makes less noise at night."),
    ],
)
def test_a_faithful_paraphrase_passes(claim: str, source: str) -> None:
    assert supports(claim, source).supported, supports(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("I stretched my calves for 30 seconds after every run.", STRETCH),
        ("I stretched my calves for 60 seconds before every run.", STRETCH),
        ("I stretched my calves for 30 minutes before every run.", STRETCH),
        ("The pain was not gone after two weeks.", STRETCH),
        ("I used ice instead.", STRETCH),
        ("My wife stretched her calves before every run.", STRETCH),
        ("Stretch your hamstrings with a resistance band and foam roller.", STRETCH),
        ("Vinegar helps.", "Vinegar might help."),
        ("You must drain it.", "You could drain it."),
        ("Sand it.", "Sand it only if it is dull."),
        ("Buy the cheap ones.", "Don't buy the cheap ones."),
        ("You need mass, not cloth.", "If it is the rumble, you need mass, not cloth."),
        ("Call on Friday.", "Call on Monday."),
        ("Small dogs need the big crate.", "Big dogs need the small crate."),
        ("Boil it with unsalted water.", "Boil it with salted water."),
        ("With guests around the door goes.", "With guests around the door stays."),
        ("The plumber mended the tap again.", "The plumber mended the tap."),
        ("The rod straightens an edge that is gone.", "The rod straightens an edge that is still there."),
        ("One of you sleeps on the sofa.", "If the stairs are too much: one of you sleeps on the sofa."),
        ("Red wires are cheap and blue wires last.", "Blue wires are cheap and red wires last."),
        ("The deal with her is up to him.", "Deal with it. The rest is up to him and her."),
    ],
)
def test_a_distortion_is_refused(claim: str, source: str) -> None:
    verdict = supports(claim, source)

    assert not verdict.supported
    assert verdict.reason


@given(st.text(min_size=1, max_size=200), st.integers(0, 200), st.integers(1, 200))
def test_any_stretch_of_whole_words_of_a_source_passes(source: str, start: int, length: int) -> None:
    words = source.split()
    stretch = " ".join(words[start : start + length])
    if any(c.isalnum() for c in stretch):
        assert supports(stretch, source).supported


def test_typography_and_case_do_not_matter() -> None:
    assert supports('DON\'T "push" it - really', "Well, don’t “push”  it – really.").supported


def test_a_claim_without_words_is_not_supported() -> None:
    assert not supports("…", "Anything at all.").supported


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("30 seconds", "half a minute", True),
        ("2 weeks", "a fortnight", True),
        ("14 days", "two weeks", True),
        ("10 cm", "4 inches", True),
        ("20 °C", "68 °F", True),
        ("£30", "30 quid", True),
        ("£30", "€30", False),
        ("30 minutes", "30 seconds", False),
        ("15 km", "15-20 km", True),
        ("1,500 g", "1.5 kg", True),
        ("12", "13", False),
    ],
)
def test_numbers_are_compared_with_their_units(one: str, other: str, same: bool) -> None:
    [claimed] = measures(tokens(one))

    assert stated(claimed, measures(tokens(other))) is same


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ("dearer", "cheap", By.OPPOSITE),
        ("driest", "wet", By.OPPOSITE),
        ("hotter", "cold", By.OPPOSITE),
        ("garment", "jumper", By.SYNONYM),
        ("garment", "shirt", By.SYNONYM),
        ("jumper", "shirt", By.NOTHING),
    ],
)
def test_a_comparison_has_its_words_opposites_and_a_wide_word_joins_no_others(one: str, other: str, by: By) -> None:
    [first], [second] = tokens(one), tokens(other)

    assert alike(first, second).by is by
    assert alike(second, first).by is by


def test_nearly_all_labelled_distortions_are_refused_and_all_verbatim_spans_pass() -> None:
    """A guard against going back: the judge was trained on these labels, docs/decisions/0007 has the fair figures."""
    rows = labels("development")[::4] + labels("held-out")[::4]

    passed, refused = shares(rows)

    assert refused >= 0.98
    assert passed >= 0.36
    assert all(supports(row["source"], row["source"]).supported for row in rows)


def test_of_claims_whose_style_tells_nothing_few_pass_and_few_distortions_with_them() -> None:
    """Claims that the judge never saw: .112 passed and .930 refused when they were measured."""
    passed, refused = shares(labels("matched-kept"))

    assert refused >= 0.92
    assert passed >= 0.10


def test_matched_claims_are_pairs_of_one_length_about_sources_of_their_own() -> None:
    parts = [labels("matched"), labels("matched-kept")]

    for rows in parts:
        faithful, distorted = rows[::2], rows[1::2]
        assert [row["supported"] for row in rows] == [True, False] * 900
        for key in ("source", "kind", "pair"):
            assert [row[key] for row in faithful] == [row[key] for row in distorted]
        lengths = [sum(len(row["claim"].split()) for row in half) / 900 for half in (faithful, distorted)]
        assert lengths[0] == pytest.approx(lengths[1], rel=0.02)
    assert not {row["source"] for row in parts[0]} & {row["source"] for row in parts[1]}


def labels(part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (LABELS / f"claims-{part}.jsonl").read_text(encoding="utf-8").splitlines()]


def shares(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """The share of the faithful claims that pass, and of the distorted ones that are refused."""
    passed = {True: 0, False: 0}
    for row in rows:
        passed[row["supported"]] += supports(row["claim"], row["source"]).supported
    faithful = sum(row["supported"] for row in rows)
    return passed[True] / faithful, 1 - passed[False] / (len(rows) - faithful)
