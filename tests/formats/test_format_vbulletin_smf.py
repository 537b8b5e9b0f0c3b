# ruff: noqa: E501 - markup as forums write it
import pytest
from saved_pages import read

from threadwise.corpus.formats.forum_html import ForumHtml
from threadwise.corpus.formats.registry import detect
from threadwise.corpus.formats.smf import Smf
from threadwise.corpus.formats.source import Sample
from threadwise.corpus.formats.vbulletin import VBulletin
from threadwise.domain import Role

VB3_POST = """<div id="edit{id}"><table class="tborder" id="post{id}" cellpadding="6" width="100%"><tr>
<td class="thead"><div class="normal" style="float:right">&nbsp;#<a href="showpost.php?p={id}&amp;postcount={n}" id="postcount{id}"><strong>{n}</strong></a></div>
<div class="normal"><a name="post{id}"><img src="post_old.gif" /></a> {date}</div></td></tr>
<tr><td class="alt2"><div id="postmenu_{id}"><a class="bigusername" href="member.php?u={user}">{author}</a></div><div class="smallfont">Join Date: Jan 2009</div></td></tr>
<tr><td class="alt1" id="td_post_{id}"><div id="post_message_{id}">{text}</div>
<div>__________________<br />Bake on</div>{edited}</td></tr></table></div>"""
VB3_QUOTE = """<div style="margin:20px; margin-top:5px; "><div class="smallfont" style="margin-bottom:2px">Quote:</div>
<table cellpadding="6" border="0" width="100%"><tr><td class="alt2" style="border:1px inset"><div>Originally Posted by <strong>Ann</strong>
<a href="showthread.php?p=101#post101" rel="nofollow"><img class="inlineimg" src="viewpost.gif" alt="View Post" /></a></div>
<div style="font-style:italic">Why is it dry?</div></td></tr></table></div>More water.<br />And wait."""
VB3 = (
    """<!DOCTYPE html><html><head><meta name="generator" content="vBulletin 3.8.7" />
<link rel="canonical" href="https://bread.example/showthread.php?t=77" /><title>Dry sourdough - Bread Forum</title></head><body>
<table><tr><td class="navbar"><a href="index.php">Home</a></td></tr><tr><td class="navbar"><strong>Dry sourdough</strong></td></tr></table>
<div class="pagenav"><table><tr><td class="vbmenu_control">Page 1 of 2</td></tr></table></div><div id="posts">"""
    + VB3_POST.format(
        id=101, n=1, date="13-02-2011, 06:22 PM", user=9, author="Ann", text="Why is it dry?",
        edited='<div class="smallfont"><hr /><em>Last edited by Ann; 14-02-2011 at <span class="time">08:00 AM</span>.. Reason: typo</em></div>',
    )
    + VB3_POST.format(id=102, n=2, date="03-04-2011, 09:05 AM", user=10, author="Bob", text=VB3_QUOTE, edited="")
    + "</div></body></html>"
)  # fmt: skip

VB4_POST = """<li class="postbitlegacy postbitim postcontainer old" id="post_{id}"><div class="posthead"><span class="postdate old">
<span class="date">{date}&nbsp;<span class="time">{time}</span></span></span><span class="nodecontrols"><a name="post{id}" href="showthread.php?77-Dry-sourdough&amp;p={id}" class="postcounter">#1</a></span></div>
<div class="postdetails"><div class="userinfo"><div class="username_container"><div class="popupmenu memberaction"><a class="username offline popupctrl" href="member.php?9-{author}"><strong>{author}</strong></a></div></div></div>
<div class="postbody"><div class="postrow has_after_content"><h2 class="title icon">Re: Dry</h2><div class="content"><div id="post_message_{id}"><blockquote class="postcontent restore ">{text}</blockquote></div></div></div>
<div class="after_content">{edited}<blockquote class="signature restore"><div class="signaturecontainer">Bake on</div></blockquote></div></div></div></li>"""
QUOTE45 = """<div class="bbcode_container"><div class="bbcode_quote"><div class="quote_container"><div class="bbcode_quote_container"></div>
<div class="bbcode_postedby"><img src="quote_icon.png" alt="Quote" /> Originally Posted by <strong>Ann</strong> <a href="{link}" rel="nofollow"><img class="inlineimg" src="v.png" alt="View Post" /></a></div>
<div class="message">Why is it dry?</div></div></div></div>More water.<br />And wait."""
VB4 = (
    """<!DOCTYPE html><html id="vbulletin_html"><head><meta name="generator" content="vBulletin 4.2.5" />
<link rel="canonical" href="https://bread.example/showthread.php?77-Dry-sourdough" /><title>Dry sourdough</title></head><body>
<div id="pagetitle"><h1>Thread: <span class="threadtitle"><a href="showthread.php?77-Dry-sourdough">Dry sourdough</a></span></h1></div>
<div id="pagination_top" class="pagination_top"><form><span><a class="popupctrl">Page 1 of 2</a></span></form></div>
<dl id="thread_tags_list"><dd><a href="tags.php?tag=sourdough">sourdough</a></dd></dl><ol id="posts" class="posts">"""
    + VB4_POST.format(
        id=101, date="February 13th, 2011,", time="06:22 PM", author="Ann", text="Why is it dry?",
        edited='<blockquote class="postcontent lastedited">Last edited by Ann; February 14th, 2011 at <span class="time">08:00 AM</span>.</blockquote>',
    )
    + VB4_POST.format(
        id=102, date="April 3rd, 2011,", time="09:05 AM", author="Bob", edited="",
        text=QUOTE45.format(link="showthread.php?p=101#post101"),
    )
    + "</ol></body></html>"
)  # fmt: skip

VB5_POST = """<li data-node-id="{id}" itemscope itemtype="http://schema.org/Comment" class="b-post js-post js-comment-entry__parent h-restore--on-preview">
<a id="post{id}"></a><div class="b-post__grid-container"><div class="b-userinfo"><div class="author h-text-size--14"><strong><a href="https://bread.example/member/9-{author}" data-vbnamecard="9"><span itemprop="name">{author}</span></a></strong></div></div>
<div class="b-post__body"><div class="b-post__timestamp"><time itemprop="dateCreated" datetime="{date}">02-13-2011</time></div>
<div class="js-post__content-wrapper"><div class="js-post__content"><div class="js-post__content-text restore h-wordwrap" itemprop="text">{text}</div>
<div class="post-signature restore">Bake on</div></div>{edited}</div></div></div></li>"""
VB5 = (
    """<!DOCTYPE html><html><head><meta name="generator" content="vBulletin 5.6.4" />
<link rel="canonical" href="https://bread.example/forum/loaves/77-dry-sourdough" /><title>Dry sourdough - Bread</title></head><body>
<h1 class="main-title js-main-title">Dry sourdough</h1><div class="pagenav-controls"><form><input type="text" class="textbox js-pagenum" value="1" /> of <span class="pagetotal">2</span></form></div>
<ul class="conversation-list">"""
    + VB5_POST.format(
        id=101, date="2011-02-13T18:22:00", author="Ann", text="Why is it dry?",
        edited='<div class="b-post__edited">Last edited by <a href="/member/9-ann">Ann</a>; <span>02-14-2011, 08:00 AM</span>.</div>',
    )
    + VB5_POST.format(
        id=102, date="2011-04-03T09:05:00", author="Bob", edited="",
        text=QUOTE45.format(link="https://bread.example/forum/loaves/77-dry-sourdough?p=101#post101"),
    )
    + "</ul></body></html>"
)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "tags"), [(VB3, ()), (VB4, ("sourdough",)), (VB5, ())], ids=["vbulletin3", "vbulletin4", "vbulletin5"]
)
def test_a_vbulletin_page_by_value(page: str, tags: tuple[str, ...]) -> None:
    found = detect(Sample("page.html", page.encode()))
    assert found is not None
    assert found[0].name == "vbulletin"
    [thread], report = read(VBulletin(), page)
    ann, bob = thread.posts
    assert (thread.id, thread.title, thread.source) == ("bread.example-77", "Dry sourdough", "bread.example")
    assert thread.tags == tags
    assert (ann.id, ann.author, ann.role, ann.created) == ("101", "Ann", Role.ASKER, "2011-02-13T18:22:00")
    assert (ann.text, ann.edited, ann.reply_to) == ("Why is it dry?", "2011-02-14T08:00:00", None)
    assert (bob.id, bob.author, bob.role, bob.created) == ("102", "Bob", Role.REPLIER, "2011-04-03T09:05:00")
    assert bob.text == "> Ann wrote:\n> Why is it dry?\n\nMore water.\nAnd wait."
    assert bob.reply_to == "101"
    assert report.rejects == 0
    assert [each.why for each in report.warned] == ["Only 1 of 2 pages of topic 77 are here; save the other pages too."]


def test_vbulletin_addresses_lead_to_thread_post_and_author() -> None:
    [thread], _ = read(VBulletin(), VB4)
    assert thread.url == "https://bread.example/showthread.php?77-Dry-sourdough"
    assert thread.posts[1].url == "https://bread.example/showthread.php?p=102#post102"
    assert thread.posts[1].author_url == "https://bread.example/member.php?9-Bob"
    [thread], _ = read(VBulletin(), VB5)
    assert thread.posts[1].url == "https://bread.example/forum/loaves/77-dry-sourdough#post102"
    assert thread.posts[1].author_url == "https://bread.example/member/9-Bob"


def test_vbulletin_dates_are_month_first_unless_the_page_only_makes_sense_otherwise() -> None:
    def dates(first: str, second: str) -> list[str | None]:
        page = VB3.replace("13-02-2011", first).replace("03-04-2011", second)
        [thread], _ = read(VBulletin(), page)
        return [post.created for post in thread.posts]

    assert dates("02-03-2011", "03-04-2011") == ["2011-02-03T18:22:00", "2011-03-04T09:05:00"]
    assert dates("04-03-2011", "01-05-2011") == ["2011-03-04T18:22:00", "2011-05-01T09:05:00"]
    assert dates("13-02-2011", "03-04-2011") == ["2011-02-13T18:22:00", "2011-04-03T09:05:00"]
    assert dates("Yesterday", "03-04-2011") == [None, "2011-03-04T09:05:00"]


def test_pages_of_a_vbulletin_thread_are_joined() -> None:
    second = (
        VB4.replace("Page 1 of 2", "Page 2 of 2").replace("showthread.php?77-Dry-sourdough\" />", "showthread.php?77-Dry-sourdough/page2\" />")
        .replace("post_message_101", "post_message_103").replace("post_message_102", "post_message_104")
    )  # fmt: skip
    [thread], report = read(VBulletin(), second, VB4)
    assert [post.id for post in thread.posts] == ["101", "102", "103", "104"]
    assert report.warnings == report.rejects == 0


SMF20_POST = """<div class="windowbg"><span class="topslice"><span></span></span><div class="post_wrapper"><div class="poster">
<h4><img src="useroff.gif" alt="Offline" /> <a href="https://bread.example/index.php?action=profile;u={user}" title="View the profile of {author}">{author}</a></h4><ul class="reset smalltext"><li>Newbie</li></ul></div>
<div class="postarea"><div class="flow_hidden"><div class="keyinfo"><div class="messageicon"><img src="xx.gif" alt="" /></div>
<h5 id="subject_{id}"><a href="https://bread.example/index.php?topic=77.msg{id}#msg{id}" rel="nofollow">Re: Dry sourdough</a></h5>
<div class="smalltext">&#171; <strong>Reply #1 on:</strong> {date} &#187;</div><div id="msg_{id}_quick_mod"></div></div></div>
<div class="post"><div class="inner" id="msg_{id}">{text}</div></div></div>
<div class="moderatorbar"><div class="smalltext modified" id="modified_{id}">{edited}</div><div class="signature" id="msg_{id}_signature">Bake on</div></div></div></div>"""
SMF20_QUOTE = """<div class="quoteheader"><div class="topslice_quote"><a href="https://bread.example/index.php?topic=77.msg101#msg101">Quote from: Ann on February 13, 2011, 06:22:00 pm</a></div></div><blockquote class="bbc_standard_quote">Why is it dry?</blockquote><div class="quotefooter"><div class="botslice_quote"></div></div>More water.<br />And wait."""
SMF20 = (
    """<!DOCTYPE html><html><head><link rel="canonical" href="https://bread.example/index.php?topic=77.0" /><title>Dry sourdough</title>
<script>var smf_theme_url = "x"; var smf_scripturl = "https://bread.example/index.php";</script></head><body>
<div class="pagesection"><div class="pagelinks floatleft">Pages: [<strong>1</strong>] <a class="navPages" href="https://bread.example/index.php?topic=77.15">2</a></div></div>
<div id="forumposts"><div class="cat_bar"><h3 class="catbg"><span id="author">Author</span> Topic: Dry sourdough &nbsp;(Read 123 times)</h3></div><form>"""
    + SMF20_POST.format(
        id=101, user=9, author="Ann", date="February 13, 2011, 06:22:00 pm", text="Why is it dry?",
        edited="&#171; <em>Last Edit: February 14, 2011, 08:00:00 am by Ann</em> &#187;",
    )
    + SMF20_POST.format(id=102, user=10, author="Bob", date="April 03, 2011, 09:05:00 am", text=SMF20_QUOTE, edited="")
    + "</form></div></body></html>"
)  # fmt: skip

SMF21_POST = """<div class="windowbg" id="msg{id}"><div class="post_wrapper"><div class="poster"><h4><a href="https://bread.example/index.php?action=profile;u={user}">{author}</a></h4><ul class="user_info"><li>Newbie</li></ul></div>
<div class="postarea"><div class="keyinfo"><div id="subject_{id}" class="subject_title subject_hidden"><a href="https://bread.example/index.php?msg={id}" rel="nofollow">Re: Dry sourdough</a></div>
<span class="page_number floatright">#1</span><div class="postinfo"><span class="messageicon"></span><a href="https://bread.example/index.php?msg={id}" rel="nofollow" title="Reply #1 - Re: Dry" class="smalltext">{date}</a>
<span class="smalltext modified floatright mvisible" id="modified_{id}">{edited}</span></div></div>
<div class="post"><div class="inner" data-msgid="{id}" id="msg_{id}">{text}</div></div></div><div class="moderatorbar"><div class="signature" id="msg_{id}_signature">Bake on</div></div></div></div>"""
SMF21_QUOTE = """<blockquote class="bbc_standard_quote"><cite><a href="https://bread.example/index.php?msg=101">Quote from: Ann on February 13, 2011, 06:22:00 PM</a></cite>Why is it dry?</blockquote>More water.<br>And wait."""
SMF21 = (
    """<!DOCTYPE html><html><head><link rel="canonical" href="https://bread.example/index.php?topic=77.0"><title>Dry sourdough</title>
<script>var smf_theme_url = "x"; var smf_scripturl = "https://bread.example/index.php";</script></head><body>
<div id="display_head" class="information"><h2 class="display_title"><span id="top_subject">Dry sourdough</span></h2></div>
<div class="pagesection"><div class="pagelinks"><span class="pages">Pages</span><span class="current_page">1</span> <a class="nav_page" href="https://bread.example/index.php?topic=77.15">2</a></div></div>
<div id="forumposts"><form>"""
    + SMF21_POST.format(
        id=101, user=9, author="Ann", date="February 13, 2011, 06:22:00 PM", text="Why is it dry?",
        edited='<span class="lastedit">Last Edit</span>: February 14, 2011, 08:00:00 AM by Ann',
    )
    + SMF21_POST.format(id=102, user=10, author="Bob", date="April 03, 2011, 09:05:00 AM", text=SMF21_QUOTE, edited="")
    + "</form></div></body></html>"
)  # fmt: skip


@pytest.mark.parametrize("page", [SMF20, SMF21], ids=["smf2.0", "smf2.1"])
def test_an_smf_page_by_value(page: str) -> None:
    found = detect(Sample("page.html", page.encode()))
    assert found is not None
    assert found[0].name == "smf"
    [thread], report = read(Smf(), page)
    ann, bob = thread.posts
    assert (thread.id, thread.title, thread.source) == ("bread.example-77", "Dry sourdough", "bread.example")
    assert thread.url == "https://bread.example/index.php?topic=77.0"
    assert (ann.id, ann.author, ann.role, ann.created) == ("101", "Ann", Role.ASKER, "2011-02-13T18:22:00")
    assert (ann.text, ann.edited, ann.reply_to) == ("Why is it dry?", "2011-02-14T08:00:00", None)
    assert (bob.id, bob.author, bob.role, bob.created) == ("102", "Bob", Role.REPLIER, "2011-04-03T09:05:00")
    assert bob.text == "> Ann wrote:\n> Why is it dry?\n\nMore water.\nAnd wait."
    assert bob.reply_to == "101"
    assert bob.url == "https://bread.example/index.php?msg=102"
    assert bob.author_url == "https://bread.example/index.php?action=profile;u=10"
    assert report.rejects == 0
    assert [each.why for each in report.warned] == ["Only 1 of 2 pages of topic 77 are here; save the other pages too."]


def test_a_moment_that_only_says_today_is_no_date() -> None:
    [thread], _ = read(Smf(), SMF20.replace("April 03, 2011, 09:05:00 am", "<strong>Today</strong> at 09:05:00 am"))
    assert [post.created for post in thread.posts] == ["2011-02-13T18:22:00", None]


@pytest.mark.parametrize(
    ("reader", "page"), [(VBulletin(), VB3), (VBulletin(), VB4), (VBulletin(), VB5), (Smf(), SMF20), (Smf(), SMF21)]
)
def test_a_page_that_breaks_off_anywhere_is_read_or_refused(reader: ForumHtml, page: str) -> None:
    for cut in range(0, len(page), 97):
        threads, report = read(reader, page[:cut])
        assert len(threads) + report.rejects == 1


@pytest.mark.parametrize(("reader", "page"), [(VBulletin(), VB3), (VBulletin(), VB4), (Smf(), SMF20)])
def test_posts_nested_in_a_post_are_not_read_once_for_each_level(reader: ForumHtml, page: str) -> None:
    inside = (
        "<div id='post_message_9' class='post_wrapper'><div class='bbcode_quote'><div class='inner' id='msg_9'>in</div>"
    )
    nested = page.replace("Why is it dry?", inside * 40 + "Why is it dry?")

    [thread], _ = read(reader, nested)

    assert thread.posts[0].id == "101"
    assert "9" not in [post.id for post in thread.posts]
    assert "Why is it dry?" in thread.posts[0].text
