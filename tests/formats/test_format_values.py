import pytest

from threadwise.corpus.formats.registry import read_text
from threadwise.corpus.formats.source import Limits
from threadwise.corpus.formats.values import as_date, as_id, as_int, slug
from threadwise.errors import FormatError


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-03-04", "2024-03-04"),
        ("2018-02-06T20:19:50.957", "2018-02-06T20:19:50.957"),
        ("2013-05-02 19:43:00", "2013-05-02T19:43:00"),
        ("2024-03-04T18:22:00Z", "2024-03-04T18:22:00"),
        ("2024-03-04T18:22:00+02:00", "2024-03-04T16:22:00"),
        (1459975066, "2016-04-06T20:37:46"),
        ("1459975066", "2016-04-06T20:37:46"),
        (1459975066000, "2016-04-06T20:37:46"),
        ("Mon, 4 Mar 2024 18:22:00 +0100", "2024-03-04T17:22:00"),
        ("Mon Mar 04, 2024 7:05 pm", "2024-03-04T19:05:00"),
        ("March 4th, 2024", "2024-03-04"),
        ("4 March 2024 at 18:22", "2024-03-04T18:22:00"),
        ("3.4.2024", "2024-04-03"),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (1e30, None),
        ("0001-01-01T00:00:00+23:59", None),
        ([1], None),
    ],
)
def test_dates_become_iso_in_utc(value: object, date: str | None) -> None:
    assert as_date(value) == date


def test_numbers_and_ids_are_taken_from_what_exports_write() -> None:
    assert [as_int(value) for value in (3, "3", " -4 ", 4.0, 4.5, True, "x", 2**63, None)] == [
        *(3, 3, -4, 4, None, None, None, None, None)
    ]
    assert [as_id(value) for value in (7, " a b ", "", "a\nb", None, "x" * 600)] == ["7", "a b", None, None, None, None]


def test_slugs_are_readable_in_any_script() -> None:
    assert [slug(text) for text in ("Back soreness!", "Rücken & Knie", "Боль в спине", "腰痛", "?!", "a" * 90)] == [
        *("back-soreness", "rucken-knie", "боль-в-спине", "腰痛", "thread", "a" * 60)
    ]


def test_a_paste_may_be_plain_markdown_or_json() -> None:
    plain = read_text("Sore knee\n\nIt hurts. Ideas?\n\n- Rest.\n- Ice.")
    markdown = read_text("---\nid: knee\n---\n\n## Post 1\n\nIt hurts.\n")
    as_json = read_text('{"title": "Sore knee", "posts": [{"text": "It hurts."}]}')

    assert [plain.id, markdown.id, as_json.id] == ["sore-knee", "knee", "sore-knee"]
    assert [len(each.posts) for each in (plain, markdown, as_json)] == [3, 1, 1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (" \n", "Paste a thread"),
        ("\x00abc", "NUL characters"),
        ('{"id": "a", "posts": [{"te', "breaks off"),
        ('{"id":"a","posts":[{"text":"x"}]}\n' * 2, "more than one thread"),
        ("---\nid: a\n---\n\n## Post 1\nscore: lots\n", "`score` must be a whole number"),
        ("word " * 300_000, "longer than 1 MB"),
    ],
)
def test_a_paste_that_cannot_be_a_thread_is_refused(text: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read_text(text, Limits(whole_bytes=1_000_000))
