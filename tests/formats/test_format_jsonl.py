import gzip
import json
from pathlib import Path

import orjson
import pytest
from any_threads import threads
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.corpus.formats.jsonl import Jsonl, thread_to_dict, write
from threadwise.corpus.formats.source import Limits, Report, Sample, Source, memory_file
from threadwise.domain import Role, Thread

SHARED = Path(__file__).parents[3] / "shared"


def read(data: bytes | str, report: Report | None = None) -> list[Thread]:
    data = data.encode() if isinstance(data, str) else data
    return list(Jsonl().read(Source((memory_file("t.jsonl", data),)), report or Report()))


def refused(data: bytes | str) -> list[tuple[str, str]]:
    report = Report()
    read(data, report)
    return [(each.where, each.why) for each in report.rejected]


@given(st.lists(threads, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_threads_come_back_exactly(given_threads: list[Thread]) -> None:
    report = Report()

    assert read(b"".join(map(write, given_threads)), report) == given_threads
    assert (report.rejects, report.warnings) == (0, 0)


@given(threads)
@settings(max_examples=50, deadline=None)
def test_one_document_over_many_lines_comes_back_exactly(thread: Thread) -> None:
    value = thread_to_dict(thread)

    assert read(json.dumps(value, indent=1)) == [thread]
    assert read(json.dumps([value], indent=1)) == [thread]
    assert read(json.dumps([value])) == [thread]


def test_other_spellings_are_taken_and_what_is_unknown_is_ignored() -> None:
    [thread] = read(
        '{"id": 7, "title": null, "url": "https://f.example/7", "license": "CC0", "created": 1700000000, "extra": [1],'
        ' "duplicate_of": 5, "posts": [{"id": 1, "text": "q", "author": "mo", "score": "3", "is_op": true},'
        ' {"id": 2, "text": "", "parent": 1, "accepted": true, "kind": "answer", "edited": "2024-03-04",'
        ' "author_url": "https://f.example/u/2"}]}'
    )

    assert (thread.id, thread.title, thread.licence, thread.created) == ("7", "", "CC0", "2023-11-14T22:13:20")
    assert thread.duplicate_of == ("5",)
    question, reply = thread.posts
    assert (question.id, question.author, question.score, question.role) == ("1", "mo", 3, Role.ASKER)
    assert (reply.text, reply.reply_to, reply.accepted, reply.kind) == ("", "1", True, "answer")
    assert (reply.edited, reply.author_url, reply.role) == ("2024-03-04", "https://f.example/u/2", Role.REPLIER)


def test_roles_are_told_by_the_author_where_nothing_else_tells() -> None:
    [thread] = read(
        '{"id":"a","title":"t","posts":[{"text":"q","author":"mo"},{"text":"r"},{"text":"thx","author":"mo"}]}'
    )

    assert [(post.id, post.role.value) for post in thread.posts] == [("1", "asker"), ("2", "replier"), ("3", "asker")]


def test_a_thread_without_an_id_gets_one_from_its_title() -> None:
    assert read('{"title":"Back soreness!","posts":[{"text":"q"}]}')[0].id == "back-soreness"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id":"a","posts":[]}', "has no `posts`"),
        ('{"id":"a","title":"x"}', "has no `posts`"),
        ('{"id":"a","posts":[1]}', "Post 1 is no JSON object"),
        ('{"id":"a","posts":[{"id":"1","text":null}]}', "Post 1 has no `text`"),
        ('{"id":"a","posts":[{"id":"1","text":"x"},{"id":"1","text":"y"}]}', "two posts with the id '1'"),
        ('{"id":" a","posts":[{"id":"1","text":"x"}]}', "without spaces at its ends"),
        ('{"id":{},"posts":[{"id":"1","text":"x"}]}', "must be a text or a number"),
        ('{"id":"a","posts":[{"id":"1","text":"a\\u0000b"}]}', "NUL"),
        ('{"id":"a","posts":[{"id":"1","text":"\\ud800"}]}', "not JSON"),
        ('{"id":"a","posts":[{"id":"1","text":"x","role":"boss"}]}', "`role` is `asker` or `replier`"),
        ('{"id":"a","posts":[{"id":"1","te', "breaks off"),
        ('{"id":"a",,}', "not JSON in line 1, column 11"),
        ("[1, 2]", "JSON object"),
        ("x" * 50, "not JSON"),
        ('{"a":' * 10_000, "nested too deep"),
        ("[" * 10_000, "nested too deep"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_goes_in(line: str, why: str) -> None:
    good = '{"id":"%s","title":"t","posts":[{"id":"1","text":"q"}]}'
    report = Report()

    found = read("\n".join([good % "first", line, "", good % "last"]), report)

    assert [thread.id for thread in found] == ["first", "last"]
    [remark] = report.rejected
    assert remark.where == "t.jsonl:2"
    assert why in remark.why


def test_a_date_or_score_that_makes_no_sense_is_left_out_with_a_warning() -> None:
    report = Report()

    [thread] = read('{"id":"a","posts":[{"id":"1","text":"q","created":"last week","score":"many"}]}', report)

    assert (thread.question.created, thread.question.score) == (None, None)
    assert [(each.where, each.why) for each in report.warned] == [
        ("t.jsonl:1: post 1", "`score` 'many' is no whole number and was left out."),
        ("t.jsonl:1: post 1", "`created` 'last week' is no date that is known and was left out."),
    ]


def test_half_a_document_says_where_it_breaks_off() -> None:
    with pytest.raises(Exception, match=r"t\.jsonl: the JSON breaks off in line 3, column \d+; was it"):
        read('{\n "id": "a",\n "posts": [{"id"')


def test_a_document_in_utf_16_is_read() -> None:
    [thread] = read('{"id":"a","posts":[{"id":"1","text":"é"}]}'.encode("utf-16"))

    assert thread.question.text == "é"


def test_a_line_over_the_limit_is_refused_and_the_rest_goes_in() -> None:
    line = b'{"id":"%s","posts":[{"id":"1","text":"%s"}]}\n'
    lines = line % (b"a", b"x") + line % (b"b", b"x" * 200) + line % (b"c", b"x")
    report = Report()

    found = list(Jsonl().read(Source((memory_file("t.jsonl", lines),), Limits(whole_bytes=100)), report))

    assert [thread.id for thread in found] == ["a", "c"]
    [long] = report.rejected
    assert long.where == "t.jsonl:2"
    assert long.why.startswith("The line is longer than")


def test_detection_knows_its_own_and_takes_charge_of_unknown_json() -> None:
    def sure(text: str) -> float:
        return Jsonl().detect(Sample("x", text.encode()))

    assert sure('{"id":"a","title":"b","posts":[{"id":"1","text":"q"') == 1.0
    assert sure('[{"id":"a","posts":[{"id":"1","text":"q"') == 1.0
    assert sure('{"foo": 1}') == 0.5
    assert sure("Hello [1] and {2}") == 0.0
    assert sure("[b]Hello[/b]") == 0.0


@pytest.mark.parametrize("name", ["beer-coffee", "matheducators"])
def test_a_real_corpus_is_read_whole_and_written_back_equal(name: str) -> None:
    path = SHARED / "corpora" / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    data = gzip.decompress(path.read_bytes())
    report = Report()

    found = read(data, report)

    lines = [orjson.loads(line) for line in data.splitlines()]
    assert [thread.id for thread in found] == [line["id"] for line in lines]
    assert [[post.text for post in thread.posts] for thread in found] == [
        [p["text"] for p in t["posts"]] for t in lines
    ]
    assert [[post.reply_to for post in thread.posts] for thread in found] == [
        [post.get("parent") for post in line["posts"]] for line in lines
    ]
    assert [[post.is_asker for post in thread.posts] for thread in found] == [
        [post["is_op"] for post in line["posts"]] for line in lines
    ]
    assert (report.rejects, report.warnings) == (0, 0)
    assert read(b"".join(map(write, found))) == found


def test_the_first_corpus_thread_is_read_by_value() -> None:
    path = SHARED / "corpora" / "beer-coffee.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")

    first = read(gzip.decompress(path.read_bytes()).splitlines()[0])[0]

    assert (first.id, first.licence, first.source) == ("beer-1", "CC BY-SA 3.0", "beer.stackexchange.com")
    assert (first.posts[1].author, first.posts[1].accepted, first.posts[1].score) == ("user12", True, 13)
    assert first.posts[1].created == "2014-01-21T20:31:18.540"
