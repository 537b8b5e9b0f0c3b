# ruff: noqa: E501 - a row of a dump is one line
import gzip
import json
import re
from pathlib import Path

import pytest

from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.corpus.formats.stackexchange import StackExchangeApi
from threadwise.corpus.formats.stackexchange_dump import StackExchangeDump
from threadwise.domain import Thread
from threadwise.errors import FormatError

FORMATS = Path(__file__).parents[3] / "shared" / "formats"

POSTS = """\ufeff<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="5" CreationDate="2018-02-06T20:19:50.957" Score="10" Body="&lt;p&gt;How do I &lt;em&gt;sharpen&lt;/em&gt; a knife?&lt;/p&gt;&#xA;&lt;pre&gt;&lt;code&gt;a  b&lt;/code&gt;&lt;/pre&gt;" OwnerUserId="7" LastEditDate="2018-03-01T10:00:00.000" Title="Sharp &amp; safe" Tags="&lt;knives&gt;&lt;care&gt;" ContentLicense="CC BY-SA 3.0" />
  <row Id="2" PostTypeId="1" CreationDate="2010-01-01T00:00:00.000" Score="0" Body="" OwnerDisplayName="user99" Title="Old" Tags="|care|steel|" />
  <row Id="3" PostTypeId="4" CreationDate="2018-02-06T20:19:50.957" Score="0" Body="a tag's text" />
  <row Id="5" PostTypeId="2" ParentId="1" CreationDate="2018-06-01T00:00:00.000" Score="-3" Body="&lt;ul&gt;&lt;li&gt;Whetstone.&lt;/li&gt;&lt;li&gt;See &lt;a href=&quot;https://cooking.stackexchange.com/q/2&quot;&gt;this&lt;/a&gt;.&lt;/li&gt;&lt;/ul&gt;" OwnerUserId="8" ContentLicense="CC BY-SA 4.0" />
  <row Id="6" PostTypeId="2" ParentId="2" CreationDate="2018-06-01T00:00:00.000" Score="1" Body="x" OwnerDisplayName="user99" />
  <row Id="7" PostTypeId="2" ParentId="44" CreationDate="2018-06-01T00:00:00.000" Score="1" Body="lost" OwnerUserId="8" />
</posts>
"""
COMMENTS = """<?xml version="1.0" encoding="utf-8"?>
<comments>
  <row Id="1" PostId="5" Score="2" Text="@Ann 20 &amp;deg;? *thanks*" CreationDate="2018-06-02T00:00:00.000" UserId="7" />
  <row Id="2" PostId="1" Score="0" Text="Which knife?" CreationDate="2018-02-07T00:00:00.000" UserDisplayName="gone" />
</comments>
"""
USERS = """<users>
  <row Id="7" DisplayName="Béa" />
  <row Id="8" DisplayName="Ann" />
</users>
"""
LINKS = """<postlinks>
  <row Id="1" PostId="5" RelatedPostId="2" LinkTypeId="1" />
  <row Id="2" PostId="1" RelatedPostId="2" LinkTypeId="3" />
</postlinks>
"""  # fmt: skip


def dump(folder: str = "dump", **tables: str) -> Source:
    return Source(tuple(memory_file(f"{folder}/{name}.xml", text.encode()) for name, text in tables.items()))


def read(source: Source, report: Report | None = None) -> list[Thread]:
    return list(StackExchangeDump().read(source, report or Report()))


def test_a_dump_is_read_by_value() -> None:
    report = Report()

    sharp, old = read(dump(Posts=POSTS, Comments=COMMENTS, Users=USERS, PostLinks=LINKS), report)

    assert (sharp.id, sharp.title, sharp.tags) == ("cooking-1", "Sharp & safe", ("knives", "care"))
    assert (sharp.url, sharp.source) == ("https://cooking.stackexchange.com/questions/1", "cooking.stackexchange.com")
    assert (sharp.licence, sharp.duplicate_of) == ("CC BY-SA 3.0, CC BY-SA 4.0", ("cooking-2",))
    assert [
        (post.id, post.author, post.role.value, post.kind, post.reply_to, post.score, post.accepted)
        for post in sharp.posts
    ] == [
        ("p1", "Béa", "asker", "question", None, 10, False),
        ("c2", "gone", "replier", "comment", "p1", 0, False),
        ("p5", "Ann", "replier", "answer", "p1", -3, True),
        ("c1", "Béa", "asker", "comment", "p5", 2, False),
    ]
    assert [post.text for post in sharp.posts] == [
        "How do I sharpen a knife?\n\na  b",
        "Which knife?",
        "- Whetstone.\n- See this (https://cooking.stackexchange.com/q/2).",
        "@Ann 20 &deg;? *thanks*",
    ]
    assert [post.created for post in sharp.posts[:2]] == ["2018-02-06T20:19:50.957", "2018-02-07T00:00:00.000"]
    assert sharp.question.edited == "2018-03-01T10:00:00.000"
    assert [post.url for post in sharp.posts[2:]] == [
        "https://cooking.stackexchange.com/a/5",
        "https://cooking.stackexchange.com/q/1#comment1_5",
    ]
    assert [post.author_url for post in sharp.posts[:2]] == ["https://cooking.stackexchange.com/users/7", None]
    assert (old.tags, old.licence) == (("care", "steel"), "CC BY-SA 2.5, CC BY-SA 4.0")
    assert [(post.author, post.role.value, post.text) for post in old.posts] == [
        ("user99", "asker", ""),
        ("user99", "asker", "x"),
    ]
    assert [(each.where, each.why) for each in report.rejected] == [
        ("dump/Posts.xml: post 7", "It answers question 44, which is not in the dump.")
    ]
    assert report.warnings == 0


def test_the_site_is_told_by_the_folders_name() -> None:
    [sharp, _] = read(dump("x/bicycles.stackexchange.com", Posts=POSTS, Users=USERS))

    assert (sharp.id, sharp.source) == ("bicycles-1", "bicycles.stackexchange.com")


def test_without_users_and_links_the_numbers_remain_and_the_report_says_so() -> None:
    report = Report()

    [sharp, _] = read(dump(Posts=POSTS), report)

    assert (sharp.id, sharp.url, sharp.question.author) == ("1", None, "user7")
    assert [each.why.split(",")[0] for each in report.warned] == [
        "Users.xml is missing",
        "Which site this is cannot be told",
    ]


def test_a_damaged_row_is_rejected_with_its_line_and_the_rest_goes_in() -> None:
    report = Report()
    damaged = POSTS.replace('<row Id="2" PostTypeId="1"', '<row Id="2" PostTypeId=1')

    threads = read(dump(Posts=damaged, Users=USERS), report)

    assert [thread.id for thread in threads] == ["1"]
    assert [each.where for each in report.rejected] == [
        "dump/Posts.xml:4",
        "dump/Posts.xml: post 6",
        "dump/Posts.xml: post 7",
    ]


def test_half_a_table_says_where_it_breaks_off() -> None:
    report = Report()

    threads = read(dump(Posts=POSTS[: POSTS.index("Whetstone")], Users=USERS), report)

    assert [thread.id for thread in threads] == ["1", "2"]
    assert report.rejected[0].where == "dump/Posts.xml:6"
    assert "breaks off" in report.rejected[0].why


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE posts [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE posts SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE posts [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused(head: str) -> None:
    text = POSTS.replace("<posts>", f"{head}\n<posts>").replace("a tag's text", "&b;")

    with pytest.raises(FormatError, match="document type"):
        read(dump(Posts=text))


def test_tables_without_posts_are_refused() -> None:
    with pytest.raises(FormatError, match=r"Posts\.xml is not among"):
        read(dump(Users=USERS))


def test_html_nested_too_deep_loses_one_post_only() -> None:
    deep = "&lt;div&gt;" * 10_000
    report = Report()

    threads = read(dump(Posts=POSTS.replace("&lt;ul&gt;", deep), Users=USERS), report)

    assert [post.id for post in threads[0].posts] == ["p1"]
    assert "nested too deep" in report.rejected[1].why


def test_every_table_is_known_and_nothing_else() -> None:
    def sure(text: str) -> float:
        return StackExchangeDump().detect(Sample("x", text.encode()))

    assert (sure(POSTS), sure(COMMENTS), sure(USERS), sure(LINKS)) == (1.0, 1.0, 1.0, 1.0)
    assert sure('\ufeff<?xml version="1.0" encoding="utf-8"?>\n<badges>\n  <row Id="1" />') == 1.0
    assert sure("<posts><post>hello</post></posts>") == 0.0


def test_the_archives_of_a_split_dump_are_one_source() -> None:
    keys = {StackExchangeDump().group(f"d/stackoverflow.com-{table}.7z!/{table}.xml") for table in ("Posts", "Users")}

    assert keys == {"d/stackoverflow.com"}


def test_a_real_dump_agrees_with_its_reference() -> None:
    folder = FORMATS / "stackexchange_xml_conlang"
    if not folder.exists():
        pytest.skip(f"{folder} is not there")
    files = tuple(memory_file(str(path), path.read_bytes()) for path in sorted(folder.glob("*.xml")))
    lines = gzip.decompress((folder / "threads.jsonl.gz").read_bytes()).splitlines()
    reference = {line["id"]: line for line in map(json.loads, lines)}
    report = Report()

    threads = read(Source(files), report)

    assert (len(threads), sum(len(thread.posts) for thread in threads), report.rejects) == (54, 399, 0)
    for thread in threads:
        expected = reference[thread.id.rpartition("-")[2]]
        assert (thread.title, thread.created, list(thread.tags)) == (
            expected["title"],
            expected["created"],
            expected["tags"],
        )
        for post, theirs in zip(thread.posts, expected["posts"], strict=True):
            assert (post.id, post.author, post.created, post.score, post.accepted, post.kind, post.reply_to) == (
                theirs["id"],
                theirs["author"],
                theirs["created"],
                theirs["score"],
                theirs["accepted"],
                theirs["kind"],
                theirs.get("parent"),
            )
            assert post.is_asker == theirs["is_op"]
            # Addresses, numbers of lists and what images show are in our text only.
            assert set(words(theirs["text"])) <= set(words(post.text)), post.id


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


API = {
    "items": [
        {
            "question_id": 11,
            "title": "What&#39;s a proof box?",
            "body": "<p>And do I need one?</p>",
            "link": "https://cooking.stackexchange.com/questions/11/whats-a-proof-box",
            "creation_date": 1459908076,
            "score": 4,
            "tags": ["bread"],
            "content_license": "CC BY-SA 3.0",
            "accepted_answer_id": 12,
            "owner": {
                "user_id": 3,
                "display_name": "B&#233;a",
                "link": "https://cooking.stackexchange.com/users/3/bea",
            },
            "closed_details": {"original_questions": [{"question_id": 5}]},
            "answers": [
                {
                    "answer_id": 12,
                    "body_markdown": "No. An oven with the *light* on.\r\n\r\nReally &amp; truly.",
                    "creation_date": 1459975066,
                    "score": 9,
                    "owner": {"user_type": "does_not_exist", "display_name": "user77"},
                    "comments": [
                        {
                            "comment_id": 1,
                            "body": "Thanks &lt;3",
                            "creation_date": 1459975070,
                            "owner": {"user_id": 3, "display_name": "B&#233;a"},
                        }
                    ],
                }
            ],
        }
    ],
    "has_more": False,
}


def test_the_api_is_read_by_value() -> None:
    source = Source((memory_file("page.json", json.dumps(API).encode()),))

    [thread] = StackExchangeApi().read(source, Report())

    assert (thread.id, thread.title, thread.tags) == ("cooking-11", "What's a proof box?", ("bread",))
    assert (thread.licence, thread.duplicate_of) == ("CC BY-SA 3.0", ("cooking-5",))
    assert thread.url == "https://cooking.stackexchange.com/questions/11"
    assert [
        (post.id, post.author, post.role.value, post.text, post.created, post.score, post.accepted, post.reply_to)
        for post in thread.posts
    ] == [
        ("p11", "Béa", "asker", "And do I need one?", "2016-04-06T02:01:16", 4, False, None),
        (
            *("p12", "user77", "replier", "No. An oven with the *light* on.\n\nReally & truly."),
            *("2016-04-06T20:37:46", 9, True, "p11"),
        ),
        ("c1", "Béa", "asker", "Thanks <3", "2016-04-06T20:37:50", None, False, "p12"),
    ]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"error_id": 502, "error_message": "too many requests"}, "answered with an error: too many requests"),
        ("{", "breaks off"),
    ],
)
def test_an_answer_that_is_no_page_is_refused(value: object, says: str) -> None:
    data = value.encode() if isinstance(value, str) else json.dumps(value).encode()

    with pytest.raises(FormatError, match=says):
        list(StackExchangeApi().read(Source((memory_file("page.json", data),)), Report()))


@pytest.mark.parametrize(
    ("name", "questions", "posts"),
    [
        ("stackexchange_question", 1, ["p1", "c60495069", "a1"]),
        ("stackexchange_question_page", 1, ["p1", "c60495069", "a1", "c2", "p2"]),
        ("stackexchange_question_page_2", 1, ["p1", "c60495069", "a1", "c2", "p2"]),
        ("stackexchange_question_backoff_page", 1, ["p1", "c60495069", "a1", "c2", "p2"]),
        ("stackexchange_question_parse", 1, ["p1", "c60495069", "a1", "c2", "p2"]),
    ],
)
def test_real_pages_are_read_with_all_answers(name: str, questions: int, posts: list[str]) -> None:
    path = FORMATS / "stackexchange_api_json" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    file = memory_file(name, path.read_bytes())
    report = Report()

    threads = list(StackExchangeApi().read(Source((file,)), report))

    assert StackExchangeApi().detect(file.sample()) == 1.0
    assert len(threads) == questions
    assert [post.id for thread in threads for post in thread.posts] == posts
    assert (threads[0].id, threads[0].question.author) == ("stackoverflow-1", "zhquan_example_3")
    assert (threads[0].question.score, threads[0].tags) == (1, ("python", "pandas"))
    assert threads[0].posts[2].created == "2016-04-06T20:37:46"
    assert report.rejects == 0
