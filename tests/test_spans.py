"""Sentences of forum text as exact spans."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.index.spans import MAX_SENTENCE, sentence_spans

ODD = st.text(st.sampled_from(" \n\r\t\u2028\u00a0.!?…。:;)(>-*#`~1aAIé\u0301😀\u200d\ufe0f\"'”x"))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It hurts. Then I rested.", ["It hurts.", "Then I rested."]),
        ("i run daily. it hurts. what now?", ["i run daily.", "it hurts.", "what now?"]),
        ("Dr. Smith said rest. I did.", ["Dr. Smith said rest.", "I did."]),
        ("I ran 3.5 km. It was fine.", ["I ran 3.5 km.", "It was fine."]),
        ("Use ice, e.g. frozen peas, i.e. cold.", ["Use ice, e.g. frozen peas, i.e. cold."]),
        (
            "Peas, beans, etc. are fine. Corn, etc. Then eat.",
            ["Peas, beans, etc. are fine.", "Corn, etc.", "Then eat."],
        ),
        (
            "I get up at 6 a.m. and run. I eat at 7 a.m. Then I work.",
            ["I get up at 6 a.m. and run.", "I eat at 7 a.m.", "Then I work."],
        ),
        ("Take vitamin C. It helped me.", ["Take vitamin C.", "It helped me."]),
        ("J. R. Hartley wrote it. So did I. Then he left.", ["J. R. Hartley wrote it.", "So did I.", "Then he left."]),
        ("Well... maybe it helps... I doubt it.", ["Well... maybe it helps...", "I doubt it."]),
        ("Really?! Yes!!! ok", ["Really?!", "Yes!!!", "ok"]),
        ('"Does it hurt?" he asked. "No." I said.', ['"Does it hurt?" he asked.', '"No."', "I said."]),
        ("(It was late.) I slept.", ["(It was late.)", "I slept."]),
        ("It helped.Then I stopped!Thanks all", ["It helped.", "Then I stopped!", "Thanks all"]),
        ("I use Node.js and System.Out.println.", ["I use Node.js and System.Out.println."]),
        ("See http://a.example/x.y?b=1.2&c=3. It says so.", ["See http://a.example/x.y?b=1.2&c=3.", "It says so."]),
        ("Great 😀 I will try it", ["Great 😀", "I will try it"]),
        ("Great! 😀👍🏽 Thanks.", ["Great! 😀👍🏽", "Thanks."]),
        ("I love it :) It helped :D", ["I love it :)", "It helped :D"]),
        ("See fig. 3 and no. 5 on p. 12. Done.", ["See fig. 3 and no. 5 on p. 12.", "Done."]),
        ("膝が痛い。どうすればいい？休んで", ["膝が痛い。", "どうすればいい？", "休んで"]),
        ("घुटना दुखता है। क्या करूँ?", ["घुटना दुखता है।", "क्या करूँ?"]),
        ("  \n ", []),
        ("", []),
        ("... !", ["... !"]),
    ],
)
def test_sentences_of_one_paragraph(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "What helped:\n- shorter steps\n- new shoes. Good ones.",
            ["What helped:", "- shorter steps", "- new shoes.", "Good ones."],
        ),
        ("1. Ice it\n2. Rest. Really.\n3) Walk", ["1. Ice it", "2. Rest.", "Really.", "3) Walk"]),
        ("Then\n-\n\nrest\n-\nwalk", ["Then", "-\n\nrest", "-\nwalk"]),
        ("You need\nmilk\neggs\nbread", ["You need", "milk", "eggs", "bread"]),
        ("I tried this\nand it helped.", ["I tried this\nand it helped."]),
        (
            "My knee aches since last week, after a run on hills, and\nsince the\nLondon doctors are shut.",
            ["My knee aches since last week, after a run on hills, and\nsince the\nLondon doctors are shut."],
        ),
        ("First paragraph without stop\n\nSecond one", ["First paragraph without stop", "Second one"]),
        ("> it hurts\n> at night\nTry ice", ["> it hurts\n> at night", "Try ice"]),
        ("# Knees\nThey ache", ["# Knees", "They ache"]),
        ("Run:\n```\na = 1. B\n\nc()\n```\nDone. Bye", ["Run:", "```\na = 1. B\n\nc()\n```", "Done.", "Bye"]),
        ("Try:\n```\nnever closed", ["Try:", "```\nnever closed"]),
        ("one\r\ntwo\rthree\u2028four", ["one", "two", "three", "four"]),
    ],
)
def test_line_breaks_end_items_but_not_wrapped_lines(text: str, expected: list[str]) -> None:
    assert [" ".join(s.split(" ")) for s in sentences(text)] == expected


def test_a_very_long_sentence_is_cut_at_a_clause_or_white_space_and_blindly_only_without_any() -> None:
    clauses = sentences("word " * 150 + "end; " + "word " * 150)
    assert clauses[0].endswith("end;")
    words = sentences("abcdefgh " * 120_000)
    assert {word for s in words for word in s.split()} == {"abcdefgh"}
    assert [len(s) for s in sentences("x" * 2500)] == [1000, 1000, 500]
    assert all(not s.startswith("\u0301") for s in sentences("e\u0301" * 2000))


@given(st.one_of(st.text(), ODD, st.builds(lambda t, n: t * n, ODD, st.integers(1, 60))))
def test_spans_are_ordered_stripped_and_cover_every_visible_character(text: str) -> None:
    spans = sentence_spans(text)

    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert end - start <= MAX_SENTENCE
        position = end
    assert not text[position:].strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", [".", "! ", "a.", "a\n", "😀 ", "> a\n", "A. ", '."', "[[[", "```\n", "e\u0301", "- ", " :)"]
)
def test_time_is_linear_in_the_length_of_hostile_text(unit: str) -> None:
    def seconds(size: int) -> float:
        started = time.perf_counter()
        sentence_spans(unit * (size // len(unit)))
        return time.perf_counter() - started

    seconds(1000)
    assert seconds(400_000) < 40 * max(seconds(40_000), 0.002)
