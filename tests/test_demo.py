"""The demo forum that people meet first: complete, readable, and answered from with the real model."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.corpus.formats import markdown
from threadwise.domain import Status, Thread
from threadwise.importing import ImportOptions, run_import

FILES = sorted(demo_folder().rglob("*.md"))


@pytest.fixture(scope="module")
def threads() -> list[Thread]:
    return [markdown.parse(path.read_text(encoding="utf-8"), str(path)) for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_read_and_written_back_byte_for_byte(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert markdown.write(markdown.parse(text, str(path))) == text


def test_it_has_what_a_forum_has(threads: list[Thread]) -> None:
    assert len(threads) >= 80
    assert len({thread.id for thread in threads}) == len(threads)
    assert len({path.parent.name for path in FILES}) == 10
    lengths = Counter(len(thread.posts) for thread in threads)
    assert lengths[60] == 1
    assert lengths[1] >= 5, "some threads nobody answered"
    assert sum(thread.solved for thread in threads) >= 20
    assert sum(any(post.is_asker for post in thread.posts[1:]) for thread in threads) >= 40, "askers come back"
    places = Counter(author for thread in threads for author in {post.author for post in thread.posts})
    assert sum(count >= 5 for count in places.values()) >= 10, "people recur"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(Settings(home=tmp_path_factory.mktemp("demo"))) as opened:
        run_import(opened, [demo_folder()], ImportOptions())
        yield opened


@pytest.mark.model
@pytest.mark.slow
def test_the_first_question_is_answered_from_the_runner_with_the_sore_back(assistant: Assistant) -> None:
    answer = assistant.ask("my lower back is sore after running, what helped other people?")

    assert answer.status is Status.ANSWERED
    assert "sore-lower-back-after-longer-runs" in {citation.thread_id for citation in answer.citations}
    for citation in answer.citations:
        post = assistant.show(citation.thread_id).post(citation.post_id)
        assert post is not None
        assert post.text[citation.start : citation.end] == citation.quote
    words = " ".join(citation.quote for citation in answer.citations)
    assert "core" in words
    assert "feet roughly 3 ft apart" in words


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("question", ["How do I apply for a fishing licence in Norway?", "🙂 asdf qwerty zxcv"])
def test_what_nobody_wrote_about_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.UNANSWERED
    assert answer.points == answer.citations == ()


@pytest.mark.model
@pytest.mark.slow
def test_a_second_import_changes_nothing(assistant: Assistant) -> None:
    generation = assistant.store.generation
    again = run_import(assistant, [demo_folder()], ImportOptions())
    assert (again.threads_added, again.threads_updated) == (0, 0)
    assert assistant.store.generation == generation


@pytest.mark.model
def test_questions_in_plain_words_are_answered_and_questions_about_something_else_are_not(
    assistant: Assistant,
) -> None:
    answered = [
        "my lower back is sore after running, what helped other people?",
        "fungus gnats",
        "my monstera has yellow leaves",
    ]
    not_answered = ["how do I tune a piano in winter", "which gpu for deep learning", "asdf qwer zxcv"]

    assert all(assistant.ask(one).status is Status.ANSWERED for one in answered)
    for one in not_answered:
        answer = assistant.ask(one)
        assert (answer.status, answer.points, answer.citations) == (Status.UNANSWERED, (), ())
        assert answer.missing
        assert answer.draft
        assert answer.similar


@pytest.mark.model
def test_the_title_of_a_thread_with_replies_is_answered(assistant: Assistant) -> None:
    threads = [one for one in assistant.store.threads() if any(not post.is_asker for post in one.posts)]

    silent = [one.id for one in threads if assistant.ask(one.title).status is Status.UNANSWERED]

    assert silent == []


@pytest.mark.model
def test_a_question_that_leads_is_answered_against_its_premise_first(assistant: Assistant) -> None:
    answer = assistant.ask("everyone says ibuprofen before a race is good, how much should I take?")

    assert answer.points[0].text.startswith("Please don't.")
