# ruff: noqa: E501 - markup as forums write it
from pathlib import Path

import pytest
from saved_pages import read

from threadwise.corpus.formats.phpbb import PhpBB
from threadwise.corpus.formats.source import Sample
from threadwise.corpus.formats.xenforo import XenForo
from threadwise.domain import Role

FORMATS = Path(__file__).parents[3] / "shared" / "formats"


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


def test_a_box_of_a_phpbb_style_around_the_posts_is_no_post_itself() -> None:
    [plain], _ = read(PhpBB(), PHPBB)
    [boxed], _ = read(PhpBB(), PHPBB.replace('<div id="p', '<div class="post"><div id="p', 1))

    assert boxed.posts == plain.posts


def test_a_page_nested_ten_thousand_deep_is_refused_with_a_reason() -> None:
    deep = PHPBB.replace("Why is it dry?</div><div", "<div>" * 10_000 + "</div><div")
    threads, report = read(PhpBB(), deep)
    assert threads == []
    assert "nested too deep" in report.rejected[0].why


def test_a_xenforo_1_page_by_value() -> None:
    [page] = real("xenforo1_html", "thread_guest.html")
    assert XenForo().detect(Sample("x", page.encode()[:65_536])) > 0.5
    [thread], report = read(XenForo(), page)
    assert (thread.id, thread.title) == ("forum.novelupdates.com-3880", "word chain [pokemon edition]")
    assert thread.url == "https://forum.novelupdates.com/threads/word-chain-pokemon-edition.3880/"
    assert "pokemon atlas" in thread.tags
    assert len({post.author for post in thread.posts}) == 11
    first, fifth = thread.posts[0], thread.posts[4]
    assert (first.id, first.author, first.created) == ("172530", "Indiboy", "2016-02-27T16:04:00")
    assert first.edited == "2016-02-28T12:31:00"
    assert first.text.startswith("Ah this used to be the most played game")
    assert first.author_url == "https://forum.novelupdates.com/members/indiboy.8937/"
    assert (fifth.id, fifth.author, fifth.reply_to) == ("172547", "Wol0f", "172545")
    assert fifth.text == "> Ruruanashi wrote:\n> Nidorina\n\nAbra"
    assert fifth.url == "https://forum.novelupdates.com/posts/172547/"
    assert report.warned[0].why == "Only 1 of 107 pages of topic 3880 are here; save the other pages too."


XENFORO2 = """<!DOCTYPE html><html id="XF" lang="en-US" data-template="thread_view" data-content-key="thread-77">
<head><title>Dry sourdough | Bread</title><link rel="canonical" href="https://bread.example/threads/dry-sourdough.77/" /></head><body>
<h1 class="p-title-value"><span class="label label--red">Help</span><span class="label-append">&nbsp;</span>Dry sourdough</h1>
<article class="message message--post js-post" data-author="Ann" data-content="post-101" id="js-post-101">
<h4 class="message-name"><a href="/members/ann.9/" class="username">Ann</a></h4>
<ul class="message-attribution-main"><li><a href="/threads/dry-sourdough.77/post-101"><time class="u-dt" datetime="2021-03-04T18:22:00+0100">Mar 4, 2021</time></a></li></ul>
<article class="message-body js-selectToQuote"><div class="bbWrapper">Why is it dry?</div></article>
<div class="message-lastEdit">Last edited: <time class="u-dt" datetime="2021-03-05T18:22:00+0100">Mar 5</time></div>
<aside class="message-signature"><div class="bbWrapper">Bake on</div></aside></article>
<article class="message message--post message--solution js-post" data-author="Bob" data-content="post-102" id="js-post-102">
<header class="message-attribution"><time class="u-dt" datetime="2021-03-06T10:00:00+0000">x</time></header>
<article class="message-body"><div class="bbWrapper"><blockquote class="bbCodeBlock bbCodeBlock--expandable bbCodeBlock--quote" data-quote="Ann" data-source="post: 101">
<div class="bbCodeBlock-title"><a href="/goto/post?id=101" class="bbCodeBlock-sourceJump">Ann said:</a></div>
<div class="bbCodeBlock-content"><div class="bbCodeBlock-expandContent">Why is it dry?</div><div class="bbCodeBlock-expandLink"><a>Click to expand...</a></div></div></blockquote>
More water.</div></article></article></body></html>"""


def test_a_xenforo_2_page_by_value() -> None:
    assert XenForo().detect(Sample("x", XENFORO2.encode())) > 0.5
    [thread], report = read(XenForo(), XENFORO2)
    ann, bob = thread.posts
    assert (thread.id, thread.title) == ("bread.example-77", "Dry sourdough")
    assert (ann.id, ann.author, ann.created, ann.edited) == ("101", "Ann", "2021-03-04T17:22:00", "2021-03-05T17:22:00")
    assert (ann.text, ann.accepted) == ("Why is it dry?", False)
    assert (bob.author, bob.created, bob.reply_to, bob.accepted) == ("Bob", "2021-03-06T10:00:00", "101", True)
    assert bob.text == "> Ann wrote:\n> Why is it dry?\n\nMore water."
    assert report.rejects == report.warnings == 0


@pytest.mark.parametrize("page", [PHPBB, XENFORO2])
def test_a_page_that_breaks_off_anywhere_is_read_or_refused(page: str) -> None:
    for cut in range(0, len(page), 97):
        for reader in (PhpBB(), XenForo()):
            threads, report = read(reader, page[:cut])
            assert len(threads) + report.rejects == 1
