import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pasted import EXAMPLES, Example

from threadwise.corpus.formats.plain import Plain, parse
from threadwise.corpus.formats.source import Limits, Report, Sample, Source, memory_file
from threadwise.domain import Role
from threadwise.errors import FormatError

SEED = Path(__file__).parents[3] / "shared" / "seed" / "000_8a0aa124bbc2bce0.txt"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_pasted_thread_is_understood(example: Example) -> None:
    thread = parse(example.text)

    assert [(post.role.value, post.text, post.author, post.created, post.reply_to) for post in thread.posts] == [
        tuple(said) for said in example.posts
    ]
    assert thread.title == example.title
    assert [post.id for post in thread.posts] == [str(number) for number in range(1, len(thread.posts) + 1)]


def test_the_seed_thread_is_understood_exactly_as_it_is() -> None:
    if not SEED.exists():
        pytest.skip(f"{SEED} is not there")
    text = SEED.read_text(encoding="utf-8")

    thread = parse(text)

    assert (thread.id, thread.title) == ("back-soreness", "Back soreness")
    assert [post.role for post in thread.posts] == [Role.ASKER, Role.REPLIER, Role.REPLIER, Role.ASKER]
    starts = [post.text.split(" ")[0] for post in thread.posts]
    ends = [post.text.split(" ")[-1] for post in thread.posts]
    assert starts == ["I've", "Have", "I", "Great"]
    assert ends == ["thanks!", "idea.", "run.", "ratio.\n\nThx again".rsplit(" ", maxsplit=1)[-1]]
    assert thread.question.text in text
    # The indentation below a bullet is the only thing left out.
    for post in thread.posts[1:]:
        assert all(line in text for line in post.text.split("\n"))


def test_a_label_run_into_a_number_is_a_word() -> None:
    [post] = parse("Which lamp fits?\n\nMine says\nop000").posts

    assert post.text.endswith("op000")


# Without labels: `op000: words` and `reply 12: words` are headings, and a heading's number is no word.
_words = st.from_regex(r"(?!(?:op|reply|answer|post)[0-9])[a-z]{2,6}[0-9]{3}", fullmatch=True)
_marks = st.sampled_from(
    [
        *("", "\n", "\n\n", "\n\n\n", "\n\n  • ", "\n- ", "\n\n- ", "\n1. ", "\n\n2) ", "\n> ", "\n\n> ", "\n---\n"),
        *(" wrote:\n", ": ", "?\n\n", ".\n\n", "\n\nPosted by ", "\nOn 4 March 2024, ", "\n\nReply 1: ", "\n\nRe: "),
        *("\t", "\u00a0", "\r\n", "\n# ", " (OP):\n"),
    ]
)


@given(st.lists(st.tuples(_marks, _words), min_size=1, max_size=25))
@settings(max_examples=250, deadline=None)
def test_no_word_is_ever_lost(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{mark} {word}" for mark, word in parts)

    thread = parse(text)

    kept = " ".join([thread.title, *(f"{post.author or ''} {post.text}" for post in thread.posts)])
    assert {word for _, word in parts} <= set(re.findall(r"[a-z]+[0-9]{3}", kept))


@given(st.text(max_size=300) | st.lists(st.sampled_from(list("ab?:->•*#1.) \t\n\r\u2028@")), max_size=80).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_thread_or_a_format_error(text: str) -> None:
    try:
        thread = parse(text.replace("\x00", ""))
    except FormatError:
        assert not text.replace("\x00", "").replace("\ufeff", "").strip()
    else:
        assert thread.posts[0].role is Role.ASKER


def test_a_long_text_takes_no_long_time() -> None:
    text = "Title\n\n" + "\n\n".join(f"- {'word ' * 30}\n  more of it, do you see?" for _ in range(5_000))

    thread = parse(text)

    assert len(thread.posts) == 5_001


@pytest.mark.timeout(20)
@pytest.mark.parametrize("before", ["", "bob wrote:\nRub soap into the joint.\n\n"])
def test_a_long_text_full_of_quotations_takes_no_long_time(before: str) -> None:
    """Each stands under a heading that may announce a post or name whose words are quoted."""
    quoting = "".join(f"ann{n} wrote:\n> The step squeaks.\n\n{'word ' * 50}{n}\n\n" for n in range(2_000))

    thread = parse(f"Stairs\n\nThe step squeaks.\n\n{before}{quoting}")

    assert "word 1999" in thread.posts[-1].text


def test_a_quotation_is_looked_for_up_to_the_heading_above_it_and_no_further() -> None:
    """What is quoted is John's; that Kat quotes him before says nothing of the heading above Mary's quotation."""
    text = "Stairs\n\nThe step squeaks?\n\nJohn wrote:\nRub soap into it.\n\n"
    text += "Kat wrote:\n> Rub soap into it.\n\nIt helped.\n\nMary wrote:\n> Rub soap into it.\n\nNot here.\n\n"
    text += "Kat wrote:\n> Screw it down.\n\nNobody said that.\n"

    thread = parse(text)

    assert [post.author for post in thread.posts] == [None, "John", "Kat", "Mary"]
    assert (
        thread.posts[3].text == "> Rub soap into it.\n\nNot here.\n\nKat wrote:\n> Screw it down.\n\nNobody said that."
    )


@pytest.mark.parametrize(
    "line", ["a " * 60_000, "x:" * 60_000, "- " * 60_000, "(" * 60_000, "on " * 60_000, "1." * 60_000]
)
def test_one_endless_line_takes_no_long_time(line: str) -> None:
    assert len(parse(f"Title\n\n{line}").posts) >= 1


def test_nothing_is_refused_with_a_sentence() -> None:
    with pytest.raises(FormatError, match=r"The text is empty\. Paste a thread: its title,"):
        parse(" \n\t\n")


def test_a_file_is_called_after_its_name_so_that_it_is_found_again() -> None:
    source = Source((memory_file("seed/Back soreness 2.txt", b"Back\n\nIt hurts.\n"),))

    [thread] = Plain().read(source, Report())

    assert (thread.id, thread.source, thread.title) == ("back-soreness-2", "seed/Back soreness 2.txt", "Back")


def test_text_in_another_encoding_is_read() -> None:
    text = "Rückenschmerzen\n\nNach dem Laufen tut mir der Rücken weh. Was hilft?\n\n- Dehnübungen\n- Wärme"
    [thread] = Plain().read(Source((memory_file("a.txt", text.encode("cp1252")),)), Report())

    assert thread.title == "Rückenschmerzen"
    assert thread.posts[1].text == "Dehnübungen"


def test_what_cannot_be_text_is_reported() -> None:
    report = Report()

    assert list(Plain().read(Source((memory_file("a.png", b"\x89PNG\r\n\x1a\n\0\0\0"),)), report)) == []
    assert list(Plain().read(Source((memory_file("b.txt", b"x" * 101),), Limits(whole_bytes=100)), report)) == []
    assert [each.why.split(";")[0] for each in report.rejected] == [
        "a.png is a PNG image, not text.",
        "b.txt is larger than 0 MB, the most that is read at once. Split it, or raise THREADWISE_MAX_FILE_MB.",
    ]


def test_detection_leaves_pages_and_binaries_alone() -> None:
    def sure(data: bytes) -> float:
        return Plain().detect(Sample("x", data))

    assert sure(b"Any text\n\nat all") == 0.25
    assert sure(b"<!DOCTYPE html><html>") == 0.0
    assert sure(b"<?xml version='1.0'?>") == 0.0
    assert sure(b"\x89PNG\r\n\x1a\n\0\0\0") == 0.0
