import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.corpus.formats.csv_table import CsvTable
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Thread
from threadwise.errors import FormatError

TABLE = """thread_id,post_id,title,author,date,text,votes,accepted,parent_id
7,1,"Drip, drip",mara,2024-03-04 18:22,"My tap drips.
All night. Help?",3,,
9,1,Squeak,li,2024-03-05,The stairs squeak.,,,
7,2,,tobi,2024-03-04 19:00,"New washer, ""size 12"".",7,yes,1
7,3,,mara,2024-03-06,It stopped!,1,no,2
"""


def read(text: str | bytes, report: Report | None = None) -> list[Thread]:
    data = text.encode() if isinstance(text, str) else text
    return list(CsvTable().read(Source((memory_file("d/posts.csv", data),)), report or Report()))


def test_a_table_of_posts_is_read_by_value() -> None:
    report = Report()

    drip, squeak = read(TABLE, report)

    assert (drip.id, drip.title, drip.source, drip.created) == ("7", "Drip, drip", "posts.csv", "2024-03-04T18:22")
    assert [
        (post.id, post.author, post.text, post.score, post.accepted, post.reply_to, post.role.value)
        for post in drip.posts
    ] == [
        ("1", "mara", "My tap drips.\nAll night. Help?", 3, False, None, "asker"),
        ("2", "tobi", 'New washer, "size 12".', 7, True, "1", "replier"),
        ("3", "mara", "It stopped!", 1, False, "2", "asker"),
    ]
    assert (squeak.id, squeak.question.text, squeak.question.score) == ("9", "The stairs squeak.", None)
    assert report.rejects == 0


@pytest.mark.parametrize("mark", ["\t", ";", "|"])
def test_the_delimiter_is_found(mark: str) -> None:
    [thread] = read(mark.join(["Title", "Body", "User Name"]) + "\n" + mark.join(["Drip", "My tap, it drips", "mara"]))

    assert (thread.id, thread.title, thread.question.text, thread.question.author) == (
        "drip",
        "Drip",
        "My tap, it drips",
        "mara",
    )


def test_rows_without_a_title_go_on_with_the_thread_above() -> None:
    [drip, squeak] = read("title,text\nDrip,It drips.\n,New washer.\nSqueak,It squeaks.\n")

    assert [post.text for post in drip.posts] == ["It drips.", "New washer."]
    assert [post.text for post in squeak.posts] == ["It squeaks."]


def test_questions_and_answers_in_one_row() -> None:
    [one] = read("question,answer,score\nHow long?,Ten minutes.,4\nHow long?,Five.,1\n")

    assert one.title == "How long?"
    assert [(post.id, post.text, post.role.value, post.score) for post in one.posts] == [
        ("1", "How long?", "asker", None),
        ("2", "Ten minutes.", "replier", 4),
        ("3", "Five.", "replier", 1),
    ]


def test_missing_columns_are_named_with_those_that_were_found() -> None:
    with pytest.raises(FormatError, match=r"here: Name, Date, Weight\. Known of them: Name, Date\."):
        read("Name,Date,Weight\nx,2024-01-01,3\n")


def test_a_row_of_another_width_is_rejected_with_its_line() -> None:
    report = Report()

    [thread] = read("title,text\nDrip,It drips.\nDrip,a,b\n", report)

    assert len(thread.posts) == 1
    assert [(each.where, each.why) for each in report.rejected] == [
        ("d/posts.csv:3", "The row has 3 cells, the header 2.")
    ]


def test_excels_encodings_are_read() -> None:
    text = "title;text\nRücken;Tut weh, läuft schlecht.\n"

    assert [read(text.encode(name))[0].title for name in ("utf-8-sig", "cp1252", "utf-16")] == ["Rücken"] * 3


def test_detection_goes_by_the_header() -> None:
    def sure(text: str, name: str = "x") -> float:
        return CsvTable().detect(Sample(name, text.encode()))

    assert sure(TABLE) == 0.8
    assert sure("Name,Weight\nx,3\n") == 0.0
    assert sure("Name,Weight\nx,3\n", "x.csv") == 0.5
    assert sure("Hello, my title is long\n\nand text, yes") == 0.0
    assert sure("Back soreness\n\nIt hurts") == 0.0


@given(st.text(st.sampled_from(list('abc,;"\n\t\r1é ')), max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_table_is_threads_or_a_format_error(text: str) -> None:
    try:
        threads = read(f"thread_id,text,author\n{text}")
    except FormatError:
        return
    assert all(thread.posts for thread in threads)
