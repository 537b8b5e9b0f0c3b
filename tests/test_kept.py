"""Answers that are kept: under a readable id, once, and with what changed since in the posts that they quote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import WordEncoder, make_thread
from threadwise.advice.compose import make_composer
from threadwise.advice.kept import ChangeSince
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.formats import jsonl
from threadwise.corpus.store import Store
from threadwise.domain import Thread
from threadwise.errors import InputError
from threadwise.importing import ImportOptions, run_import
from threadwise.index.indexer import Index

QUESTION = "What keeps slugs away from lettuce?"
TAPE = "You should put copper tape around the lettuce, that keeps slugs away."
DRY = "Water the lettuce in the morning, slugs stay away from dry soil."


def slugs(*replies: str) -> Thread:
    return make_thread("slugs", QUESTION, *replies, title="Slugs in the lettuce")


@pytest.fixture
def assistant(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Assistant]:
    with Assistant(settings, store, Index.open(settings, store, encoder), make_composer(settings)) as opened:
        opened.add(slugs(TAPE, DRY))
        yield opened


def test_a_kept_answer_is_found_again_as_it_was_given(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    kept = assistant.keep(answer)

    assert (kept.id, kept.question) == ("what-keeps-slugs-away-from-lettuce", QUESTION)
    assert (kept.points, kept.changes, kept.withdrawn) == (len(answer.points), (), False)
    again = assistant.kept_answer(kept.id)
    assert again == kept
    assert (again.answer.points, again.answer.citations, again.answer.text) == (
        answer.points, answer.citations, answer.text,
    )  # fmt: skip
    assert assistant.verify(again.document) == []


def test_what_is_kept_twice_is_kept_once_and_another_answer_to_the_question_beside_it(assistant: Assistant) -> None:
    first = assistant.keep(assistant.ask(QUESTION))
    assert assistant.keep(assistant.ask(QUESTION)) == first
    assistant.edit("slugs", slugs(DRY))
    second = assistant.keep(assistant.ask(QUESTION))

    assert [one.id for one in assistant.kept_answers()] == [f"{first.id}-2", first.id]
    assert second.id == f"{first.id}-2"
    assert [one.id for one in assistant.kept_answers(newest=1)] == [second.id]


def test_what_advises_nothing_is_not_kept(assistant: Assistant) -> None:
    with pytest.raises(InputError, match="so there is nothing to keep"):
        assistant.keep(assistant.ask("Which zither strings?"))
    assert assistant.kept_answers() == []


def test_whoever_was_forgotten_since_an_answer_was_given_does_not_come_back_with_it(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert {TAPE, DRY} == {one.quote for one in answer.citations}
    assistant.forget("replier2")

    kept = assistant.keep(answer)
    assert [point.text for point in kept.answer.points] == [DRY]
    assert TAPE not in json.dumps(kept.document)

    assistant.delete("slugs")
    with pytest.raises(InputError, match=r"edited or deleted meanwhile, so there is nothing to keep\. Ask again\."):
        assistant.keep(answer)


def test_a_kept_answer_says_what_was_edited_away_and_keeps_what_stands(assistant: Assistant) -> None:
    kept = assistant.keep(assistant.ask(QUESTION))
    lost = next(one.n for one in kept.answer.citations if one.quote == TAPE)
    assistant.edit("slugs", slugs("Forget about it.", DRY))

    now = assistant.kept_answer(kept.id)

    assert [point.text for point in now.answer.points] == [DRY]
    assert now.changes == (ChangeSince(lost, "slugs/2", "the post was edited since, and no longer says this"),)


def test_an_import_of_an_updated_export_revises_kept_answers_too(assistant: Assistant, tmp_path: Path) -> None:
    kept = assistant.keep(assistant.ask(QUESTION))
    path = tmp_path / "again.jsonl"
    posts = [{"id": "1", "author": "asker", "text": QUESTION}, {"id": "3", "author": "replier3", "text": DRY}]
    path.write_text(json.dumps({"id": "slugs", "title": "Slugs in the lettuce", "posts": posts}), encoding="utf-8")

    run_import(assistant, [path], ImportOptions())

    now = assistant.kept_answer(kept.id)
    assert [point.text for point in now.answer.points] == [DRY]
    assert [(one.where, one.why) for one in now.changes] == [("slugs/2", "the post was deleted since")]


def test_an_answer_of_which_nothing_stands_is_withdrawn_and_can_be_dropped(assistant: Assistant) -> None:
    kept = assistant.keep(assistant.ask(QUESTION))
    assistant.delete("slugs")

    now = assistant.kept_answer(kept.id)
    assert (now.question, now.withdrawn, now.points) == (QUESTION, True, 0)
    assert {one.why for one in now.changes} == {"the thread was deleted since"}

    assistant.drop_kept(kept.id)
    assert assistant.kept_answers() == []
    with pytest.raises(InputError, match="`threadwise answers` lists those that are"):
        assistant.drop_kept(kept.id)


def test_what_changed_past_threadwise_is_found_by_comparing(assistant: Assistant) -> None:
    kept = assistant.keep(assistant.ask(QUESTION))
    assistant.store.put([slugs(f"Hello. {TAPE}", DRY)])  # as after a restore, which revises nothing

    [change] = assistant.kept_answer(kept.id).changes
    assert change.where == "slugs/2"
    assert change.why == f"the post was edited since; the quote stands at [7, {7 + len(TAPE)}) now"


def test_whoever_is_forgotten_is_in_no_kept_answer(assistant: Assistant) -> None:
    assistant.keep(assistant.ask(QUESTION))
    assert assistant.forget("replier2").answers == 1
    assert assistant.kept_answers() == []


def test_a_kept_answer_calls_people_by_their_pseudonyms_once_they_have_one(
    assistant: Assistant, tmp_path: Path
) -> None:
    kept = assistant.keep(assistant.ask(QUESTION))
    path = tmp_path / "again.jsonl"
    path.write_bytes(jsonl.write(assistant.show("slugs")))

    run_import(assistant, [path], ImportOptions(pseudonymise=True))

    now = assistant.kept_answer(kept.id)
    assert {one.author for one in now.answer.citations} == {
        post.author for post in assistant.show("slugs").posts if not post.is_asker
    }
    assert not any(name in json.dumps(now.document) for name in ("replier2", "replier3"))
    assert ([point.text for point in now.answer.points], now.changes) == ([TAPE, DRY], ())
