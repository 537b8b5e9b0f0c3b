"""Other people's text in a page: literal, visible, and never a link to where it should not lead."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from threadwise.advice.visible import visible
from threadwise.web.html import count, day, html, outside_link, thread_address, time_tag


def test_values_are_made_literal_and_markup_is_kept() -> None:
    made = html('<p title="{title}">{bold}{text}</p>', title='a" onclick="x', bold=Markup("<b>ok</b>"), text="<i>&")

    assert made == '<p title="a&#34; onclick=&#34;x"><b>ok</b>&lt;i&gt;&amp;</p>'


def test_braces_in_a_value_are_text() -> None:
    assert html("<p>{text}</p>", text="{0} {text} {{value}} ${1+1} %s") == "<p>{0} {text} {{value}} ${1+1} %s</p>"


def test_characters_that_hide_or_reorder_text_are_dropped_and_those_that_write_it_stay() -> None:
    assert visible("a\u202eb\u2066c\u200bd\ufeff\x07e\u00adf") == "abcdef"
    assert visible("one\r\ntwo\rthree\tfour") == "one\ntwo\nthree\tfour"
    assert visible("👨\u200d👩\u200d👧 שלום क्\u200dष") == "👨\u200d👩\u200d👧 שלום क्\u200dष"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [tag, *(name for name, _ in attrs)]


@given(st.text())
def test_no_text_whatever_adds_a_tag_or_an_attribute(text: str) -> None:
    tags = Tags()
    tags.feed(str(html('<p title="{t}">{t}</p>', t=text)))

    assert tags.seen == ["p", "title"]


@pytest.mark.parametrize(
    "url", ["https://forum.example/t/1?a=b#c", "http://127.0.0.1:8000/x", "https://[2001:db8::1]/"]
)
def test_addresses_of_the_web_may_be_linked_to(url: str) -> None:
    assert outside_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//outside.test/x", "/relative",
        "https:///nohost", "https://user:pw@outside.test/", "https://a.test/\" onclick=\"x", "https://a.test/<b>",
        "ht\ttps://a.test", "https://a.test/\u202egnp.exe", " https://a.test", "https://[broken", "file:///etc/passwd",
        "https://a.test\\@b.test/", "https://a.test/" + "x" * 3000,
    ],
)  # fmt: skip
def test_everything_else_is_no_link(url: str | None) -> None:
    assert outside_link(url) is None


def test_an_address_of_a_thread_carries_any_id() -> None:
    address = thread_address("what?/<a>&b=c", "5 6", 3, 9)

    assert address == "/browse?thread=what%3F%2F%3Ca%3E%26b%3Dc&post=5%206&start=3&end=9"


def test_dates_and_numbers_as_people_write_them() -> None:
    assert day("2024-03-04T18:22:00") == "4 Mar 2024"
    assert time_tag("2024-03-04") == '<time datetime="2024-03-04">4 Mar 2024</time>'
    assert (day(None), time_tag("never")) == ("", "")
    assert (count(1, "reply", "replies"), count(0, "reply", "replies"), count(1200, "post")) == (
        "1 reply",
        "0 replies",
        "1,200 posts",
    )
