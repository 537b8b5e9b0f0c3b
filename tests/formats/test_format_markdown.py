from pathlib import Path

import pytest
from any_threads import threads
from hypothesis import given, settings

from threadwise.corpus.formats.markdown import Markdown, parse, write
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Post, Role, Thread
from threadwise.errors import FormatError, InputError

DEMO = Path(__file__).parents[2] / "corpus" / "demo"

EXAMPLE = """---
id: sore-knee-going-downhill
title: Sore knee, but only going downhill
source: threadwise-demo
licence: Apache-2.0
created: 2024-03-04T18:22:00
tags: [running, knee]
---

## Post 1
author: mara_k
created: 2024-03-04T18:22:00
score: 3

Hi all! The front of my knee aches after hilly runs.

It is fine on the flat.

## Post 2
author: tobi
created: 2024-03-04T19:05:00
score: 7
accepted: yes
reply_to: 1

Shorter steps downhill did it for me.
"""


@given(threads)
@settings(max_examples=200, deadline=None)
def test_any_thread_comes_back_exactly(thread: Thread) -> None:
    assert parse(write(thread)) == thread


def test_the_documented_example_is_read_by_value_and_written_byte_for_byte() -> None:
    thread = parse(EXAMPLE)

    assert thread == Thread(
        id="sore-knee-going-downhill",
        title="Sore knee, but only going downhill",
        source="threadwise-demo",
        licence="Apache-2.0",
        created="2024-03-04T18:22:00",
        tags=("running", "knee"),
        posts=(
            Post(
                id="1",
                author="mara_k",
                created="2024-03-04T18:22:00",
                score=3,
                role=Role.ASKER,
                text="Hi all! The front of my knee aches after hilly runs.\n\nIt is fine on the flat.",
            ),
            Post(
                id="2",
                author="tobi",
                created="2024-03-04T19:05:00",
                score=7,
                accepted=True,
                reply_to="1",
                text="Shorter steps downhill did it for me.",
            ),
        ),
    )
    assert write(thread) == EXAMPLE


@pytest.mark.parametrize("path", sorted(DEMO.rglob("*/*.md")), ids=lambda path: path.stem)
def test_every_demo_file_is_written_back_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()

    assert write(parse(data.decode("utf-8"), path.name)).encode("utf-8") == data


def test_a_later_post_of_the_asker_is_the_askers_without_saying_so() -> None:
    thread = parse(
        "---\nid: a\n---\n\n## Post 1\nauthor: mo\n\nq\n\n## Post 2\nauthor: li\n\nr\n\n## Post 3\nauthor: mo\n\nthx\n"
    )

    assert [post.role for post in thread.posts] == [Role.ASKER, Role.REPLIER, Role.ASKER]


def test_a_heading_inside_a_text_is_escaped_and_comes_back() -> None:
    thread = Thread(id="a", title="", posts=(Post("1", "## Post 9\n\\## Post 9", role=Role.ASKER),))

    assert write(thread) == "---\nid: a\n---\n\n## Post 1\n\n\\## Post 9\n\\\\## Post 9\n"
    assert parse(write(thread)) == thread


def test_values_that_yaml_would_misread_are_quoted() -> None:
    thread = Thread(id="null", title="Knee: what now? #2", tags=("a, b", "c"), posts=(Post("1", "q", role=Role.ASKER),))

    assert write(thread).splitlines()[1:4] == ["id: null", 'title: "Knee: what now? #2"', 'tags: ["a, b", c]']
    assert parse(write(thread)) == thread


def test_what_people_write_by_hand_is_taken_too() -> None:
    text = "---\r\nid: a\r\ntitle: Knee: what now?\r\ntags:\r\n  - run\r\n  - 'it''s'\r\n---\r\n## Post 1\r\nHello\r\n"

    thread = parse(text)

    assert (thread.title, thread.tags, thread.question.text) == ("Knee: what now?", ("run", "it's"), "Hello")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "begins with a line of three hyphens"),
        ("---\nid: a\n", "has no end"),
        ("---\nid: a\n---\n", "no posts"),
        ("---\nid: a\n---\nhello\n", r":4: expected a line `## Post ID`, found 'hello'"),
        ("---\nid: a\n*\n---\n## Post 1\n", "not YAML"),
        ("---\n" + "[" * 20_000 + "\n---\n## Post 1\n", "nested too deep|not YAML"),
        ("---\nid: a\ntags: {b: c}\n---\n## Post 1\n", "`tags` must be a list"),
        ("---\nid: a\n---\n## Post 1\nscore: lots\n", "`score` must be a whole number, not 'lots'"),
        ("---\nid: a\n---\n## Post 1\naccepted: maybe\n", "`accepted` is `yes`"),
        ("---\nid: a\n---\n## Post 1\nrole: boss\n", "`role` is `asker` or `replier`"),
        ('---\nid: a\n---\n## Post 1\nauthor: "half\n', "no JSON string"),
        ("---\nid: a\n---\n## Post 1\ncreated: yesterday\n", "not an ISO 8601 date"),
        ("---\nid: a\n---\n## Post 1\nx\n\n## Post 1\ny\n", "two posts with the id '1'"),
    ],
)
def test_a_broken_file_is_refused_with_the_place_and_the_reason(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse(text)


def test_aliases_in_front_matter_do_not_blow_up() -> None:
    bomb = "a0: &a0 [x,x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1},*a{i - 1}]\n" for i in range(1, 60))

    thread = parse(f"---\nid: a\n{bomb}---\n## Post 1\n\nq\n")

    assert thread.id == "a"


def test_detection_goes_by_content() -> None:
    def sure(text: str) -> float:
        return Markdown().detect(Sample("x.txt", text.encode()))

    assert sure(EXAMPLE) == 1.0
    assert sure("# Some notes\n\n## Post 1\n") == 0.0
    assert sure("---\nlayout: page\n---\nHello") == 0.0


def test_a_file_in_a_folder_that_cannot_be_read_goes_to_the_report() -> None:
    report = Report()

    assert list(Markdown().read(Source((memory_file("a.md", b"---\nid: a\n"),)), report)) == []
    assert [(each.where, each.why.partition(";")[0]) for each in report.rejected] == [
        ("a.md", "a.md:1: the front matter has no end")
    ]


def test_format_errors_are_input_errors() -> None:
    assert issubclass(FormatError, InputError)
