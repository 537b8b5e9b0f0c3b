"""How well questions find their threads and posts in the demo forum, with the real model: it must not silently fall.

The bounds lie about two questions, or turns, below what was measured when they were set (docs/decisions/0003, 0009).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.importing import ImportOptions, run_import
from threadwise.retrieval.query import understand
from threadwise.retrieval.retriever import Evidence

pytestmark = [pytest.mark.model, pytest.mark.slow]

LABELS = Path(__file__).parent / "labels"


def labelled(kind: str) -> list[dict[str, Any]]:
    paths = sorted(LABELS.glob(f"{kind}-*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def share(values: list[bool] | list[float]) -> float:
    return sum(values) / len(values)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(Settings(home=tmp_path_factory.mktemp("demo"))) as opened:
        run_import(opened, [demo_folder()], ImportOptions())
        yield opened


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[tuple[dict[str, Any], Evidence]]:
    """The questions that somebody in the demo forum answers, each with what is found for it."""
    questions = [question for question in labelled("questions") if question["answerable"]]
    return [(asked, assistant.retriever.search(understand(asked["question"]))) for asked in questions]


Answers = list[tuple[dict[str, Any], Evidence]]


def test_a_thread_that_answers_is_among_the_first(answers: Answers) -> None:
    places = [[hit.item in asked["threads"] for hit in found.threads] for asked, found in answers]

    assert len(places) == 80
    assert share([place[0] for place in places]) >= 0.82  # measured: .850
    assert share([any(place[:5]) for place in places]) >= 0.97  # 1.0


def test_a_post_that_answers_is_among_the_first(answers: Answers) -> None:
    places = [["/".join(hit.item) in asked["posts"] for hit in found.posts[:10]] for asked, found in answers]

    assert share([place[0] for place in places]) >= 0.58  # measured: .613
    assert share([sum(p) / min(10, len(a["posts"])) for p, (a, _) in zip(places, answers, strict=True)]) >= 0.83  # .856


def test_follow_ups_find_what_they_are_about_and_fresh_subjects_lose_nothing(assistant: Assistant) -> None:
    recalls: dict[str, list[float]] = {"follow-up": [], "fresh": [], "fresh alone": []}
    for talk in labelled("conversations"):
        for place, (said, wanted) in enumerate(zip(talk["turns"], talk["threads"], strict=True)):
            if place and wanted:
                kind = "fresh" if talk["fresh"][place] else "follow-up"
                recalls[kind].append(recall(assistant, said, talk["turns"][:place], wanted))
                if talk["fresh"][place]:
                    recalls["fresh alone"].append(recall(assistant, said, [], wanted))

    assert {kind: len(found) for kind, found in recalls.items()} == {"follow-up": 155, "fresh": 42, "fresh alone": 42}
    assert share(recalls["follow-up"]) >= 0.97  # measured: .994
    assert share(recalls["fresh"]) >= share(recalls["fresh alone"])  # 1.0 and 1.0


def recall(assistant: Assistant, said: str, history: list[str], wanted: list[str]) -> float:
    found = {hit.item for hit in assistant.retriever.search(understand(said, history), k=5).threads}
    return len(found & set(wanted)) / len(wanted)
