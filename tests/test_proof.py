from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from threadwise.advice.proof import Revision, differences, revise
from threadwise.config import Settings
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import Post, Thread, content_hash, with_roles
from threadwise.errors import InputError

WAX, PLANE = "Rub wax along the edge.", "Plane it, a millimetre at a time."


def door(wax: str = f"Hi! {WAX}", plane: str | None = PLANE) -> Thread:
    posts = [Post("1", "My door sticks.", "anna"), Post("2", wax, "tom")]
    return Thread("door", "Door", with_roles((*posts, *([Post("3", plane, "eva")] if plane else []))))


def citation(n: int, post: str, quote: str, start: int) -> dict[str, Any]:
    return {"n": n, "thread_id": "door", "thread_title": "Door", "post_id": post, "created": None, "role": "replier",
            "author": {"2": "tom", "3": "eva"}[post], "url": None, "start": start, "end": start + len(quote),
            "quote": quote, "sha256": content_hash(quote)}  # fmt: skip


def answer() -> dict[str, Any]:
    return {
        "question": "My door sticks, what now?",
        "status": "answered",
        "text": f"What people say:\n\n- {WAX} [1]\n- {PLANE} [2]",
        "citations": [citation(1, "2", WAX, 4), citation(2, "3", PLANE, 0)],
        "points": [
            {"text": WAX, "citations": [1], "people": 1, "threads": 1, "outcomes": []},
            {"text": PLANE, "citations": [2], "people": 1, "threads": 1, "outcomes": []},
        ],
        "disagreements": [],
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(Settings(home=tmp_path)) as opened:
        opened.put([door()])
        yield opened


def saved(store: Store) -> list[dict[str, Any]]:
    return [json.loads(one.document) for one in store.saved_answers()]


def save(store: Store) -> None:
    store.save_answer(SavedAnswer("a1", json.dumps(answer()), store.generation))


def why(store: Store, document: dict[str, Any]) -> list[tuple[int, str]]:
    return [(difference.n, difference.why) for difference in differences(document, store)]


def test_an_answer_equal_to_the_corpus_is_proved(store: Store) -> None:
    assert differences(answer(), store) == []


def test_a_sentence_put_into_an_answer_by_hand_is_found_out(store: Store) -> None:
    document = answer()
    document["points"][0]["text"] = "Burn the door."
    document["points"][1]["outcomes"] = [{"label": "helped", "post_id": "3", "quote": "It cured me.", "n": 2}]
    document["disagreements"] = [{"about": "wax", "sides": [{"text": "Never wax.", "citations": [1], "people": 1}]}]

    assert [(one.n, one.where, one.why) for one in differences(document, store)] == [
        (1, "points[0].text", "it is not the quote that it cites"),
        (1, "disagreements[0].sides[0].text", "it is not the quote that it cites"),
        (2, "points[1].outcomes[0].quote", "it is not the quote that it cites"),
    ]


def test_a_paraphrase_stands_as_far_as_its_post_supports_it(store: Store) -> None:
    document = answer()
    document["points"][0] |= {"kind": "paraphrase", "text": "You should rub wax along the edge."}
    document["points"][1] |= {"kind": "paraphrase", "text": "Plane it, a centimetre at a time."}

    [found] = differences(document, store)

    assert (found.n, found.where) == (2, "points[1].text")
    assert found.why.startswith("what it cites does not support it: ")


def test_an_edit_that_moves_a_quote_says_where_it_stands_now(store: Store) -> None:
    store.put([door(wax=f"Hello there! {WAX}")])

    assert why(store, answer()) == [(1, "the post was edited since; the quote stands at [13, 36) now")]


def test_an_edit_a_deleted_post_and_a_deleted_thread_are_told_apart(store: Store) -> None:
    store.put([door(wax="Forget the wax.", plane=None)])
    assert why(store, answer()) == [
        (1, "the post was edited since, and no longer says this"),
        (2, "the post was deleted since"),
    ]

    store.delete("door")
    assert why(store, answer()) == [(1, "the thread was deleted since"), (2, "the thread was deleted since")]


def test_a_quote_changed_in_the_answer_is_found_by_its_hash(store: Store) -> None:
    document = answer()
    document["citations"][0]["quote"] = WAX.replace("wax", "oil")

    assert why(store, document) == [(1, "the quote was changed in the answer itself: it does not fit its own hash")]


def test_a_marker_without_citation_is_a_difference(store: Store) -> None:
    document = answer()
    document["text"] += " And more [7]."

    assert why(store, document) == [(7, "the answer refers to a citation that is not in it")]


def test_what_is_no_answer_is_refused_by_name_of_the_field(store: Store) -> None:
    with pytest.raises(InputError, match="no list `citations`"):
        differences({}, store)
    with pytest.raises(InputError, match=r"citations\[0\].start"):
        differences({"citations": [citation(1, "2", WAX, 4) | {"start": "4"}]}, store)


def test_a_saved_answer_loses_the_point_whose_words_are_gone(store: Store) -> None:
    save(store)
    store.put([door(wax="Forget the wax.")])

    assert revise(store, ["door"]) == [Revision("a1", (1,), False)]
    [document] = saved(store)
    assert [point["text"] for point in document["points"]] == [PLANE]
    assert document["text"].splitlines() == [
        "What people in these threads say:",
        "",
        f"1. “{PLANE}” — eva [2]",
        "",
        "Sources:",
        "",
        "[2] eva, in Door  ",
    ]
    assert document["changes"] == [
        {"n": 1, "thread_id": "door", "post_id": "2", "why": "the post was edited since, and no longer says this"}
    ]
    assert differences(document, store) == []


def test_a_report_on_a_point_that_is_gone_is_no_source_any_more(store: Store) -> None:
    document = answer()
    told = {"label": "helped", "post_id": "3", "quote": PLANE, "n": 2}
    document["points"] = [document["points"][0] | {"outcomes": [told]}, document["points"][1] | {"citations": [3]}]
    document["citations"].append(document["citations"][1] | {"n": 3})
    document["text"] = "What people say: [1] [3]"
    store.save_answer(SavedAnswer("a1", json.dumps(document), store.generation))
    store.put([door(wax="Forget the wax.")])

    assert revise(store, ["door"]) == [Revision("a1", (1,), False)]
    assert [one["n"] for one in saved(store)[0]["citations"]] == [3]


def test_no_line_of_a_lost_quote_stays_in_the_text(store: Store) -> None:
    lines = "Do this:\n\n- rub wax along the edge\n- wipe it off"
    store.put([door(wax=lines)])
    document = answer()
    document["citations"][0] |= citation(1, "2", lines, 0)
    document["points"][0]["text"] = lines
    document["text"] = (
        "What people in these threads say:\n\n1. “Do this:  \n   \\- rub wax along the edge  \n"
        f"   \\- wipe it off” — tom [1]\n2. “{PLANE}” — eva [2]"
    )
    store.save_answer(SavedAnswer("a1", json.dumps(document), store.generation))
    store.put([door(wax="Forget the wax.")])
    revise(store, ["door"])

    assert "wax" not in saved(store)[0]["text"]
    assert "wipe" not in saved(store)[0]["text"]
    assert f"1. “{PLANE}” — eva [2]" in saved(store)[0]["text"].splitlines()


def test_a_report_and_a_voice_that_are_lost_go_from_the_text_and_from_the_count_of_people(store: Store) -> None:
    report = "It closes since."
    store.put([door(plane=f"{PLANE} {report}")])
    document = answer()
    told = {"label": "helped", "post_id": "3", "quote": report, "n": 3}
    document["citations"].append(citation(3, "3", report, len(PLANE) + 1))
    document["points"] = [document["points"][0] | {"citations": [1, 2], "people": 2, "outcomes": [told]}]
    document["text"] = (
        f"1. “{WAX}” — tom [1]\n   Two people say so, also eva [2]. "
        f"eva tried it and reports that it helped: “{report}” [3]."
    )
    store.save_answer(SavedAnswer("a1", json.dumps(document), store.generation))
    store.put([door(plane="Nothing.")])

    assert revise(store, ["door"]) == [Revision("a1", (2, 3), False)]
    [left] = saved(store)
    assert [(point["citations"], point["people"], point["outcomes"]) for point in left["points"]] == [([1], 1, [])]
    assert left["text"].splitlines()[2:] == [f"1. “{WAX}” — tom [1]", "", "Sources:", "", "[1] tom, in Door  "]


def test_a_saved_answer_follows_a_quote_that_moved(store: Store) -> None:
    save(store)
    store.put([door(wax=f"Hello there! {WAX}")])

    assert revise(store, ["door"]) == [Revision("a1", (), False)]
    assert differences(saved(store)[0], store) == []


def test_a_saved_answer_without_a_point_left_is_withdrawn_and_says_why(store: Store) -> None:
    save(store)
    store.delete("door")

    assert revise(store, ["door"]) == [Revision("a1", (1, 2), True)]
    [document] = saved(store)
    assert document["text"] == ""
    assert (document["points"], document["citations"]) == ([], [])
    assert [(one["n"], one["why"]) for one in document["changes"]] == [
        (1, "the thread was deleted since"),
        (2, "the thread was deleted since"),
    ]
    assert WAX not in json.dumps(document)
    assert revise(store, ["door"]) == []


def test_a_saved_answer_that_cites_other_threads_stays(store: Store) -> None:
    save(store)

    assert revise(store, ["window"]) == []
    assert revise(store, ["door"]) == []
    assert saved(store) == [answer()]
