import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from threadwise.config import Settings
from threadwise.corpus.formats import registry
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.reddit import Reddit
from threadwise.corpus.formats.source import Report, Sample, Source, memory_file
from threadwise.domain import Thread
from threadwise.errors import ThreadwiseError

REAL = Path(__file__).parents[3] / "shared" / "formats" / "reddit_listing_json"
SUBMISSION = {
    "id": "aa1",
    "name": "t3_aa1",
    "title": "My tap drips &amp; drips",
    "selftext": "All night. Help?",
    "author": "mara",
    "subreddit": "DIY",
    "num_comments": 3,
    "created_utc": 1709576520,
    "score": 12,
    "permalink": "/r/DIY/comments/aa1/my_tap/",
    "link_flair_text": "plumbing",
    "is_self": True,
    "edited": False,
}


def comment(id_: str, parent: str, body: str, after: int, author: str = "tobi", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "link_id": "t3_aa1",
        "parent_id": parent,
        "body": body,
        "author": author,
        "created_utc": str(1709576520 + after),
        "score": 3,
        "subreddit": "DIY",
        **more,
    }


def listing(*children: Any) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(children)}}


def read(*files: bytes, report: Report | None = None) -> list[Thread]:
    members = tuple(memory_file(f"d/{i}.json", data) for i, data in enumerate(files))
    return list(Reddit().read(Source(members), report or Report()))


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def test_a_listing_is_read_by_value() -> None:
    answer = comment("c2", "t1_c1", "&gt; New washer\n\nIt stopped!", 60, "mara", edited=1709580000.0)
    first = comment(
        "c1",
        "t3_aa1",
        "New washer.",
        30,
        distinguished="moderator",
        replies=listing(
            {"kind": "t1", "data": answer},
            {"kind": "more", "data": {"count": 4, "parent_id": "t1_c1", "children": ["x"], "id": "x"}},
        ),
    )
    gone = comment("c3", "t3_aa1", "[removed]", 10, "[deleted]", replies="")
    value = [listing({"kind": "t3", "data": SUBMISSION}), listing(*({"kind": "t1", "data": c} for c in (first, gone)))]
    report = Report()

    [thread] = read(json.dumps(value).encode(), report=report)

    assert (thread.id, thread.title, thread.source) == ("reddit-aa1", "My tap drips & drips", "reddit.com")
    assert (thread.url, thread.tags) == ("https://www.reddit.com/r/DIY/comments/aa1/my_tap/", ("DIY", "plumbing"))
    assert [(p.id, p.author, p.text, p.score, p.reply_to, p.kind, p.role.value) for p in thread.posts] == [
        ("t3_aa1", "mara", "All night. Help?", 12, None, None, "asker"),
        ("t1_c3", None, "", 3, "t3_aa1", "removed", "replier"),
        ("t1_c1", "tobi", "New washer.", 3, "t3_aa1", "staff", "replier"),
        ("t1_c2", "mara", "> New washer\n\nIt stopped!", 3, "t1_c1", "comment", "asker"),
    ]
    assert (thread.created, thread.posts[2].created) == ("2024-03-04T18:22:00", "2024-03-04T18:22:30")
    assert (thread.posts[3].edited, thread.posts[2].edited) == ("2024-03-04T19:20:00", None)
    assert thread.posts[2].url == "https://www.reddit.com/r/DIY/comments/aa1/my_tap/c1/"
    assert [remark.why for remark in report.warned] == [
        "4 comments were left out of the export, behind 1 `more` stubs."
    ]


def test_a_parent_without_its_kind_is_found_as_a_number_in_base_ten_too() -> None:
    """aa1 is 13,321 in base 36, c1 is 433, c2 is 434."""
    replies = [comment("c1", 13_321, "New washer.", 10), comment("c2", 433, "It helped.", 20)]
    replies += [comment("c3", "c2", "Good.", 30), comment("c4", 999, "Lost.", 40, link_id=13_321)]
    lines = [json.dumps(row) for row in (SUBMISSION, *replies)]

    [thread] = read("\n".join(lines).encode())

    assert [(p.id, p.reply_to) for p in thread.posts[1:]] == [
        ("t1_c1", "t3_aa1"),
        ("t1_c2", "t1_c1"),
        ("t1_c3", "t1_c2"),
        ("t1_c4", "t1_rr"),
    ]


def test_dumps_in_separate_files_are_brought_together(tmp_path: Path) -> None:
    stranger = comment("c9", "t3_zz9", "Lost.", 5, link_id="t3_zz9")
    packed = zstandard.ZstdCompressor().compress
    (tmp_path / "RC_2024-03.zst").write_bytes(packed(lines(comment("c1", "t3_aa1", "New washer.", 30), stranger)))
    (tmp_path / "RS_2024-03.zst").write_bytes(packed(lines(SUBMISSION) + b"{broken\n"))
    report = Report()

    [thread] = list(read_path(tmp_path, Settings(home=tmp_path), report))

    assert [(p.id, p.text) for p in thread.posts] == [("t3_aa1", "All night. Help?"), ("t1_c1", "New washer.")]
    assert report.rejects == 2
    assert "RS_2024-03.zst:2" in report.rejected[0].where
    assert "1 comments" in report.rejected[1].why


def test_a_shared_link_is_the_text_of_a_submission_without_words() -> None:
    shared = {**SUBMISSION, "selftext": "", "is_self": False, "url": "https://example.org/tap"}

    [thread] = read(lines(shared))

    assert thread.question.text == "https://example.org/tap"


@pytest.mark.skipif(not REAL.exists(), reason="the real exports are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "comments", "behind"), [("57dw9a", 145, "1 branches"), ("6otocc", 10, None), ("graw_thread", 199, "1660")]
)
def test_real_listings(name: str, comments: int, behind: str | None) -> None:
    report = Report()

    [thread] = read((REAL / f"{name}.json").read_bytes(), report=report)

    assert (len(thread.posts), report.rejects) == (comments + 1, 0)
    assert [remark.why.startswith(behind or "") for remark in report.warned] == ([True] if behind else [])
    if name == "graw_thread":
        post = thread.post("t1_c9ftsjg")
        assert post is not None
        assert (post.author, post.score, post.created) == ("bacon_cake", 1058, "2013-04-15T20:51:28")
        assert post.text.startswith("Hey man,\n\nBecause of your post I just sent my girl")
        assert (post.reply_to, thread.question.author) == ("t3_1cebxh", "hglkgkjd")


def test_its_files_are_known_by_content() -> None:
    whole = json.dumps([listing({"kind": "t3", "data": SUBMISSION}), listing()]).encode()
    for data in (whole, lines(SUBMISSION), lines(comment("c1", "t3_aa1", "Hm", 1))):
        found = registry.detect(Sample("x", data))
        assert found is not None
        assert found[0].name == "reddit"


def test_deep_nesting_is_refused_with_a_reason() -> None:
    report = Report()

    assert read(b"[" * 10_000, lines(SUBMISSION) + b'{"a":' * 10_000 + b"\n", report=report)
    assert report.rejects == 2


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("kind", "data", "children", "id", "link_id", "body", "title", "replies", "count", "thing")
            ),
            inner | st.sampled_from(("Listing", "t1", "t3", "more")),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(_json, _json)
@settings(max_examples=60, deadline=None)
def test_odd_json_never_crashes_it(page: Any, value: Any) -> None:
    odd = [{**SUBMISSION, "permalink": value, "score": page}, {**comment("c1", "t3_aa1", "Hm", 1), "created_utc": page}]
    for data in (json.dumps(page).encode(), lines(page, value), json.dumps([*odd, listing(page)]).encode()):
        try:
            read(data)
        except ThreadwiseError:
            continue
