from pathlib import Path

import pytest

from threadwise.corpus.formats.mail import Mail
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Role, Thread

MBOX = Path(__file__).parents[3] / "shared" / "formats" / "mbox"

LIST = b"""From ann@x.example Mon Mar  4 18:22:00 2024
From: Ann Lee <ann@x.example>
Date: Mon, 4 Mar 2024 18:22:00 +0100
Subject: Dry sourdough
Message-ID: <1@x.example>
List-Id: Bread <bread.lists.example>

Why is it dry?
>From what I know, water helps.
--\x20
Ann, baker

From bob@x.example Tue Mar  5 09:00:00 2024
From: bob at x.example (=?ISO-8859-1?Q?B=F6b?=)
Date: Tue, 5 Mar 2024 09:00:00 +0000
Subject: Re: Dry sourdough
Message-ID: <2@x.example>
In-Reply-To: <1@x.example>
References: <1@x.example>

On Mon, 4 Mar 2024, Ann Lee wrote:
> Why is it dry?

More water.
From what I saw it helps.
_______________________________________________
Bread mailing list
"""


def read(*files: tuple[str, bytes]) -> tuple[list[Thread], Report]:
    report = Report()
    source = Source(tuple(memory_file(name, data) for name, data in files))
    return list(Mail().read(source, report)), report


def real(name: str) -> tuple[list[Thread], Report]:
    if not (MBOX / name).exists():
        pytest.skip("shared/formats is not beside the checkout")
    data = (MBOX / name).read_bytes()
    assert Mail().detect(Sample(name, data)) > 0.5
    return read((name, data))


def test_an_mbox_becomes_threads_without_quotes_and_signatures() -> None:
    [thread], report = read(("list.mbox", LIST))
    ann, bob = thread.posts
    assert (thread.id, thread.title, thread.source) == ("1@x.example", "Dry sourdough", "bread.lists.example")
    assert (ann.author, ann.created, ann.role) == ("Ann Lee", "2024-03-04T17:22:00", Role.ASKER)
    assert ann.text == "Why is it dry?\nFrom what I know, water helps."
    assert (bob.author, bob.created, bob.reply_to) == ("Böb", "2024-03-05T09:00:00", "1@x.example")
    assert bob.text == "More water.\nFrom what I saw it helps."
    assert report.rejects == report.warnings == 0


def test_a_maildir_is_one_source_and_its_messages_join() -> None:
    first, second = (part.partition(b"\n")[2] for part in LIST.split(b"\n\nFrom bob"))
    assert Mail().detect(Sample("1709.M1.host:2,S", first)) > 0.5
    assert Mail().group("box/cur/1") == Mail().group("box/new/2") == "box"
    [thread], _ = read(("box/new/2", second), ("box/cur/1", first))
    assert [post.id for post in thread.posts] == ["1@x.example", "2@x.example"]


def test_a_thread_keeps_the_id_of_its_first_message_however_long_it_grows() -> None:
    third = b"From: Cy <c@x.example>\nMessage-ID: <3@x>\nReferences: <1@x.example> <2@x.example>\n\nThanks."
    [thread], _ = read(("a.eml", third), ("list.mbox", LIST))
    assert (thread.id, len(thread.posts)) == ("1@x.example", 3)
    assert thread.posts[2].reply_to == "2@x.example"


def test_messages_without_id_date_or_with_a_wrong_one_go_in() -> None:
    threads, report = real("mbox_no_fields.mbox")
    first, nameless, last = (thread.question for thread in threads)
    assert (first.id, first.author) == ("4CF64D10.9020206@domain.com", "Göran Lastname")
    assert first.created == "2010-12-01T13:26:40"
    assert nameless.id.startswith("mail-")
    assert (last.id, last.created, last.author) == ("0000be042b7b@domain.com", "2016-09-21T19:42:07", "goran")
    assert last.text == "Hi!\n\nThis message contains an invalid date header"
    assert report.warnings == 3  # messages with the id of the first


def test_wrong_encodings_are_read_as_far_as_they_can_be() -> None:
    [thread], _ = real("mbox_iso8859_encoding.mbox")
    assert thread.question.author == "Lucía Charlie"
    assert thread.title == "[ovs-dev] Remittance Advice"


def test_multipart_mail_gives_its_plain_text() -> None:
    threads, report = real("mbox_multipart.mbox")
    assert [thread.posts[0].author for thread in threads] == ["yves (yingmin) yang", "Nehren, Daniel"]
    assert all("<" not in thread.posts[0].text[:200] for thread in threads)
    assert report.rejects == 0


def test_a_message_nested_too_deep_or_broken_off_is_no_crash() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000))
    threads, report = read(("deep.eml", b"From: a@x.example\nDate: x\n" + deep))
    assert threads == []
    assert "nested too deep" in report.rejected[0].why
    for cut in range(0, len(LIST), 13):
        threads, report = read(("cut.mbox", LIST[:cut]))
        assert len(threads) <= 2  # a message cut before its References stands alone


@pytest.mark.parametrize("text", ["From here on: no mail", "Title: x\n\nFrom: Ann\nhello", "# Dry\n\nFrom: Ann"])
def test_other_texts_are_not_taken_for_mail(text: str) -> None:
    assert Mail().detect(Sample("x.txt", text.encode())) == 0
