import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.corpus.formats.html_text import html_to_text, parse_html
from threadwise.errors import FormatError


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two<br>lines.</p>", "One.\n\nTwo\nlines."),
        ("a  b\n c", "a b c"),
        ("Fish &amp; chips &lt;3 &eacute; &#x1F600; &nbsp;!", "Fish & chips <3 é 😀 !"),
        ("<p>Fish &amp; chips &lt;3 &eacute; &#x1F600;</p>", "Fish & chips <3 é 😀"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol start=3><li>a</li><li><p>b</p><p>more</p></li></ol>", "3. a\n\n4. b\n\n   more"),
        ("x<pre><code>def f():\n    return 1\n</code></pre>y", "x\n\ndef f():\n    return 1\n\ny"),
        ("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ("See <a href='https://x.example/a'>my guide</a>.", "See my guide (https://x.example/a)."),
        ("<a href='https://www.x.example/a/'>x.example/a</a>", "x.example/a"),
        ("<a href='https://x.example/a-very-long-page'>https://x.example/a-ve...</a>", "https://x.example/a-ve..."),
        ("<a href='javascript:alert(1)'>click</a> <a href='#top'>up</a>", "click up"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("so <img class='smilies' alt=':)' src='x'> <img alt='my knee' src='y'>", "so :) [image: my knee]"),
        ("a<script>alert(1)</script><style>b{}</style><noscript>c</noscript>d", "ad"),
        ("<p>text</p><div class='signature'>buy this</div><div class='message-lastEdit'>Edited by x</div>", "text"),
        ("<!-- no --><p>a<!-- b -->c</p><?php echo 1 ?>", "ac"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>&#0;&#xD800;x", "\ufffd\ufffdx"),
        ("<iframe src='https://evil.example'>x</iframe><object data='y'>z</object>a", "a"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "font"])
def test_html_nested_ten_thousand_deep_is_refused(tag: str) -> None:
    with pytest.raises(FormatError, match="nested too deep"):
        html_to_text(f"<{tag}>" * 10_000 + "deep")


def test_entities_of_its_own_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'

    text = html_to_text(f"{bomb}<p>&b;&x;</p>")

    assert "aaaa" not in text.replace('ENTITY a "aaaaaaaaaa"', "")
    assert "root:" not in text


@pytest.mark.parametrize("number", [1, 8, 11, 12, 14, 26, 31, 0xFFFE, 0xFFFF])
@pytest.mark.parametrize("form", ["&#{0};", "&#0{0};", "&#x{0:X};", "&#{0} ", "{0:c}"])
def test_no_character_is_read_that_an_element_cannot_hold(number: int, form: str) -> None:
    root = parse_html(f"<p title='x{form.format(number)}y'>a{form.format(number)}b &#127; &#1234; &#xE9;</p>")
    paragraph = root.find(".//p")
    assert paragraph is not None

    paragraph.tail = paragraph.text  # what lxml refuses, it refuses here
    paragraph.tail = paragraph.get("title")

    assert "".join((paragraph.text or "").split()) == "ab\x7fӒé"


@pytest.mark.parametrize(("written", "read"), [("&#1a", "a"), ("&#65534f;", "f;"), ("&#0031e", "e"), ("&#100", "d")])
def test_a_number_ends_where_no_more_digits_of_its_kind_come(written: str, read: str) -> None:
    root = parse_html(f"<p>{written}</p>")
    root.tail = root.findtext(".//p")  # refused where it is no text of XML
    assert root.tail == read


_tags = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<b>", "<ul>", "<li>", "</ul>", "</li>", "<blockquote>", "</blockquote>"),
        *("<pre>", "</pre>", "<a href='http://x.y/'>", "</a>", "<br>", "<td>", "<script>", "</script>", "<q>", "</q>"),
        *("<img alt='x'>", "&amp;", "&#0;", "<", ">", "<!--", "-->", "<ol>", "</ol>", "<cite>", "</cite>", "</body>"),
    ]
)


@given(st.lists(_tags | st.text(max_size=5), max_size=40).map("".join))
@settings(max_examples=250, deadline=None)
def test_any_markup_is_text_without_markup_that_runs(markup: str) -> None:
    text = html_to_text(markup)

    assert "\x00" not in text
    text.encode("utf-8")
