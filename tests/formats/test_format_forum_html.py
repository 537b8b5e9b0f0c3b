# ruff: noqa: E501 - markup as forums write it
from pathlib import Path

import pytest

from threadwise.corpus.formats.forum_html import ForumHtml
from threadwise.corpus.formats.phpbb import PhpBB
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Role, Thread

FORMATS = Path(__file__).parents[3] / "shared" / "formats"


def read(reader: ForumHtml, *pages: str) -> tuple[list[Thread], Report]:
    report = Report()
    files = tuple(memory_file(f"pages/{n}.html", page.encode()) for n, page in enumerate(pages))
    return list(reader.read(Source(files), report)), report


def real(folder: str, *names: str) -> list[str]:
    paths = [FORMATS / folder / name for name in names]
    if not all(path.exists() for path in paths):
        pytest.skip("shared/formats is not beside the checkout")
    return [path.read_text(encoding="utf-8") for path in paths]


def test_pages_of_a_phpbb_topic_become_one_thread_whatever_their_order() -> None:
    pages = real("phpbb3_html", "t774_start30.html", "t774_start0.html", "t774_start15.html")
    [thread], report = read(PhpBB(), *pages)
    assert thread.id == "dostips.com-774"
    assert thread.title == "ECHO. FAILS to give text or blank line - Instead use ECHO/"
    assert len(thread.posts) == 39
    assert report.warnings == report.rejects == 0
    assert [post.created for post in thread.posts] == sorted(str(post.created) for post in thread.posts)
    sixteenth = thread.posts[15]
    assert (sixteenth.id, sixteenth.author, sixteenth.created) == ("6193", "amel27", "2011-01-20T07:28:00")
    assert sixteenth.url == "http://www.dostips.com/forum/viewtopic.php?p=6193#p6193"
    assert sixteenth.text.startswith(
        "> jeb wrote:\n> No it starts only once, the second delay is in the echo %%a itself.\n\nYes, I understand"
    )
    quoted = thread.post(sixteenth.reply_to or "")
    assert quoted is not None
    assert quoted.author == "jeb"


def test_a_phpbb_topic_with_pages_missing_says_so() -> None:
    [thread], report = read(PhpBB(), *real("phpbb3_html", "t774_start15.html"))
    assert len(thread.posts) == 15
    assert report.warned[0].why == "Only 15 of 39 posts of topic 774 are here; save the other pages too."


def test_topics_in_one_folder_stay_apart() -> None:
    threads, _ = read(PhpBB(), *real("phpbb3_html", "t13_start0.html", "t774_start0.html"))
    assert sorted((thread.title[:8], len(thread.posts)) for thread in threads) == [("ECHO. FA", 15), ("join txt", 8)]


PHPBB = """<!DOCTYPE html><html><head><title>Board - Dry sourdough - View topic</title>
<link rel="canonical" href="https://bread.example/viewtopic.php?t=5"></head><body id="phpbb">
<h2 class="topic-title"><a href="./viewtopic.php?t=5">Dry sourdough</a></h2>
<div class="pagination">2 posts &bull; Page <strong>1</strong> of <strong>1</strong></div>
<div id="p1" class="post bg2"><dl class="postprofile"><dt><a href="./memberlist.php?mode=viewprofile&amp;u=9" class="username">Ann</a></dt></dl>
<div class="postbody"><p class="author">by <a class="username">Ann</a> &raquo; Fri Jan 21, 2011 7:28 pm</p>
<div class="content">Why is it dry?</div><div class="notice">Last edited by Ann on Sat Jan 22, 2011 8:00 am, edited 1 time in total.</div>
<div class="signature">Bake on</div></div></div>
<div id="p2" class="post bg1"><dl class="postprofile"><dt><a class="username-coloured">Bob</a></dt></dl>
<div class="postbody"><p class="author">by Bob &raquo; <time datetime="2011-01-22T09:00:00+00:00">x</time></p>
<div class="content"><blockquote><div><cite><a href="./memberlist.php?u=9">Ann</a> wrote: <a href="./viewtopic.php?p=1#p1" data-post-id="1">&uarr;</a><div class="responsive-hide">Fri Jan 21</div></cite>Why is it dry?</div></blockquote>More water.</div></div></div>
</body></html>"""


def test_phpbb_authors_dates_edits_quotes_and_no_signatures() -> None:
    assert PhpBB().detect(Sample("x", PHPBB.encode())) > 0.5
    [thread], report = read(PhpBB(), PHPBB)
    ann, bob = thread.posts
    assert (thread.title, thread.source, thread.url) == (
        "Dry sourdough",
        "bread.example",
        "https://bread.example/viewtopic.php?t=5",
    )
    assert (ann.author, ann.created, ann.edited) == ("Ann", "2011-01-21T19:28:00", "2011-01-22T08:00:00")
    assert (ann.text, ann.role) == ("Why is it dry?", Role.ASKER)
    assert ann.author_url == "https://bread.example/memberlist.php?mode=viewprofile&u=9"
    assert (bob.author, bob.created, bob.reply_to) == ("Bob", "2011-01-22T09:00:00", "1")
    assert bob.text == "> Ann wrote:\n> Why is it dry?\n\nMore water."
    assert report.rejects == report.warnings == 0


def test_a_page_nested_ten_thousand_deep_is_refused_with_a_reason() -> None:
    deep = PHPBB.replace("Why is it dry?</div><div", "<div>" * 10_000 + "</div><div")
    threads, report = read(PhpBB(), deep)
    assert threads == []
    assert "nested too deep" in report.rejected[0].why
