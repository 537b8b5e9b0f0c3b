"""How far the reading is, told by value: no part of it stands still, and each knows how much there is in all."""

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from threadwise.config import Settings
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.progress import Gauge, Gauges, Step
from threadwise.corpus.formats.source import Report

LETTER = "From ann@example.org Mon Mar  4 10:00:00 2024\nFrom: Ann <ann@example.org>\nMessage-ID: <{n}@x>\n\nHi {n}\n\n"


def told(path: Path) -> tuple[list[str], list[Step]]:
    """The ids of the threads and what was told; where a thread is handed on stands a step named by its id."""
    steps: list[Step] = []
    ids = []
    for thread in read_path(path, Settings(home=path), Report(), gauges=Gauges(steps.append)):
        ids.append(thread.id)
        steps.append(Step(thread.id, "", 0, 0))
    return ids, steps


def row(number: int, kind: int, parent: int) -> str:
    return (
        f'  <row Id="{number}" PostTypeId="{kind}" ParentId="{parent}" Title="t" Body="b" CreationDate="2020-01-01" />'
    )


def dump(folder: Path) -> None:
    rows = [row(1, 1, 0), row(2, 1, 0), row(3, 2, 1)]
    (folder / "Posts.xml").write_text("<posts>\n" + "\n".join(rows) + "\n</posts>")


def reddit(folder: Path) -> None:
    asked = [{"id": f"s{n}", "subreddit": "taps", "title": f"T{n}", "num_comments": 1} for n in (1, 2)]
    said = {"id": "c1", "link_id": "t3_s1", "parent_id": "t3_s1", "body": "Turn it off."}
    (folder / "RS.jsonl").write_text("".join(json.dumps(each) + "\n" for each in asked))
    (folder / "RC.jsonl").write_text(json.dumps(said) + "\n")


def mail(folder: Path) -> None:
    (folder / "list.mbox").write_text(LETTER.format(n=1) + LETTER.format(n=2))


def slack(folder: Path) -> None:
    rows = [{"type": "message", "user": "U1", "text": "Hi", "ts": f"171{n}.1"} for n in (1, 2)]
    (folder / "2024-03-04.json").write_text(json.dumps(rows))


def discourse(folder: Path) -> None:
    for topic in (1, 2):
        posts = [{"id": topic, "topic_id": topic, "post_number": 1, "cooked": "<p>Hi</p>", "username": "ann"}]
        (folder / f"{topic}.json").write_text(json.dumps({"id": topic, "title": "T", "post_stream": {"posts": posts}}))


@pytest.mark.parametrize("make", [dump, reddit, mail, slack, discourse])
def test_what_is_sorted_first_counts_its_bytes_and_then_its_threads(make: object, tmp_path: Path) -> None:
    assert callable(make)
    make(tmp_path)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())

    ids, steps = told(tmp_path)

    assert len(ids) == 2
    sorting = [step for step in steps if step.what == "Sorting"]
    assert sorting[-1] == Step("Sorting", "bytes", size, size)
    assert steps[steps.index(sorting[-1]) + 1 :] == [
        Step(ids[0], "", 0, 0),
        Step("Taking in", "threads", 1, 2),
        Step(ids[1], "", 0, 0),
        Step("Taking in", "threads", 2, 2),
    ]


def test_the_pages_of_a_forum_count_as_read_with_their_topic(tmp_path: Path) -> None:
    post = '<div id="p{n}" class="post"><p class="author">by <strong>ann</strong> &raquo; Mon Mar 04, 2024</p>'
    post += '<div class="content">Hi</div></div>'
    page = '<html><body id="phpbb" class="nojs"><h2 class="topic-title"><a href="./viewtopic.php?t={n}">T</a></h2>'
    for n in (1, 2):
        (tmp_path / f"{n}.html").write_text((page + post + "</body></html>").format(n=n))
    size = (tmp_path / "1.html").stat().st_size

    ids, steps = told(tmp_path)

    assert [step.what for step in steps[:4]] == ["Looking at the files"] * 4  # to know the format, and the topic
    assert steps[4:] == [
        Step("Reading", "bytes", size, 2 * size),
        Step(ids[0], "", 0, 0),
        Step("Reading", "bytes", 2 * size, 2 * size),
        Step(ids[1], "", 0, 0),
    ]


def test_an_archive_is_unpacked_before_what_is_in_it_is_read(tmp_path: Path) -> None:
    line = b'{"id":"a","title":"t","posts":[{"id":"1","text":"q"}]}\n'
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.jsonl", line)

    _, steps = told(tmp_path / "a.zip")

    assert steps == [
        Step("Unpacking", "bytes", len(line), len(line)),
        Step("Looking at the files", "files", 1, 1),
        Step("Reading", "bytes", len(line), len(line)),
        Step("a", "", 0, 0),
    ]


def test_a_tar_counts_as_it_lies_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id":"a","title":"t","posts":[{"id":"1","text":"q"}]}\n')
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "a.jsonl", "a.jsonl")
    size = (tmp_path / "a.tar.gz").stat().st_size

    _, steps = told(tmp_path / "a.tar.gz")

    assert [step for step in steps if step.what == "Unpacking"][-1] == Step("Unpacking", "bytes", size, size)


def test_what_may_come_later_counts_in_the_total() -> None:
    steps: list[Step] = []
    gauge = Gauge("Reading", "bytes", steps.append, guess=50)
    gauge.expect(10)
    gauge.advance(4)
    assert steps == [Step("Reading", "bytes", 4, 60)]
