"""An answer is told while it grows, and at every stage it is one that can be checked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from conftest import WordEncoder, make_thread
from model_server import ModelServer, says
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.store import Store
from threadwise.domain import Answer, NoticeKind
from threadwise.errors import InputError
from threadwise.index.indexer import Index

ASKED = "gnats in every pot what gets rid of them"
ALONE = "gnats in every pot of my plants what gets rid of gnats"


@pytest.fixture
def assistant(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Assistant]:
    """A corpus of one thread with three pieces of advice."""
    index = Index.open(settings, store, encoder)
    helper = Assistant(settings, store, index, make_composer(settings))
    helper.add(
        make_thread(
            "gnats",
            "Gnats in every pot. What gets rid of them?",
            "You should let the compost dry out completely between waterings.",
            "Put a centimetre of coarse sand on top of every pot.",
            "I would hang yellow sticky traps right above the pots.",
        )
    )
    yield helper
    index.close()


def shown(stages: list[Answer]) -> list[list[str]]:
    return [[point.text for point in stage.points] for stage in stages]


def test_threads_come_first_then_point_by_point_then_the_whole(assistant: Assistant) -> None:
    stages = list(assistant.ask_stream(ASKED))

    whole = stages[-1]
    assert len(whole.points) == 3
    assert shown(stages) == [[p.text for p in whole.points[:n]] for n in (0, 1, 2, 3)]
    assert [one.thread_id for one in stages[0].similar] == ["gnats"]
    assert stages[0].text == ""
    assert [stage.text.count("“") for stage in stages] == [0, 1, 2, 3]


def test_a_stage_cites_what_it_shows_by_numbers_that_stay(assistant: Assistant) -> None:
    *stages, whole = assistant.ask_stream(ASKED)

    final = {citation.n: citation for citation in whole.citations}
    assert len(stages) == len(whole.points) == 3
    for stage in stages:
        assert {c.n for c in stage.citations} == {n for point in stage.points for n in point.citations}
        assert all(final[citation.n] == citation for citation in stage.citations)


def test_ask_is_the_last_stage(assistant: Assistant) -> None:
    *_, last = assistant.ask_stream(ASKED)
    answer = assistant.ask(ASKED)

    assert (answer.text, answer.points, answer.citations) == (last.text, last.points, last.citations)
    assert answer.question == ASKED


def test_whoever_stops_gets_the_whole_at_once(assistant: Assistant) -> None:
    stop = threading.Event()
    stages = assistant.ask_stream(ASKED, stop=stop)
    first = next(stages)
    stop.set()

    assert first.points == ()
    assert [len(stage.points) for stage in stages] == [3]


def test_nothing_found_is_told_at_once(assistant: Assistant) -> None:
    [only] = assistant.ask_stream("quantum chromodynamics lattice")

    assert only.points == ()


def test_a_crisis_stays_with_the_talk_and_no_model_speaks_in_it(assistant: Assistant) -> None:
    with ModelServer(says("")) as server:
        assistant.composer = make_composer(Settings(generator=server.generator))
        crisis = "I want to kill myself"
        [at_once] = assistant.ask_stream(crisis)
        [next_one] = assistant.ask_stream(ALONE, [crisis])
        later = assistant.ask(ALONE, [crisis, "something else: how do I water a fern?"])

        assert [answer.notices[0].kind for answer in (at_once, next_one, later)] == [NoticeKind.CRISIS] * 3
        # The third point is about hanging something up; its words are not quoted in such a talk.
        assert [len(answer.points) for answer in (at_once, next_one, later)] == [0, 0, 2]
        assert server.requests == []


def test_an_empty_question_is_refused_before_anything_is_read(assistant: Assistant) -> None:
    with pytest.raises(InputError, match="empty"):
        assistant.ask_stream(" ")
