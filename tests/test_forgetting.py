"""`threadwise forget`: nothing of a person is left in any file of a home, and the command proves it by the bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import WordEncoder, make_thread
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.backup import backup, clear_drafts
from threadwise.corpus.formats import jsonl
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import Post, Thread
from threadwise.errors import InputError, StoreError
from threadwise.importing import ImportOptions, run_import
from threadwise.index.indexer import Index

WORDS = "Quinoaporridge with zwetschgen at five in the morning settled my stomach before every run."


@pytest.fixture
def assistant(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Assistant]:
    with Assistant(settings, store, Index.open(settings, store, encoder), make_composer(settings)) as opened:
        yield opened


def stomach() -> Thread:
    plain = make_thread("stomach", "What settles a stomach before a run?", "Ginger tea helped me.", title="Stomach")
    return Thread(
        plain.id, plain.title, (*plain.posts, Post("3", WORDS, "zoe_q77"), Post("4", "Thanks zoe_q77!", "mo"))
    )


def files_with(home: Path, *words: bytes) -> list[str]:
    """Names of the files whose bytes have any of these words, in any case."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(word in path.read_bytes().lower() for word in words)]


def test_nothing_of_a_forgotten_person_is_in_any_file_of_the_home(assistant: Assistant, settings: Settings) -> None:
    assistant.add(stomach())
    assistant.add(make_thread("other", "What keeps slugs away?", "Copper tape."))
    answer = {"citations": [{"thread_id": "stomach", "quote": WORDS}], "text": WORDS}
    assistant.store.save_answer(SavedAnswer("a", json.dumps(answer), 1))
    asked = {"question": "Does the porridge of zoe_q77 help?", "citations": [], "points": []}
    assistant.store.save_answer(SavedAnswer("does-it-help", json.dumps(asked), 1))
    assistant.store.save_answer(SavedAnswer("zoe", json.dumps({"question": "Who is zoe?", "citations": []}), 1))
    traces = (b"quinoaporridge", b"zwetschgen", b"zoe_q77")
    assert {"threadwise.db-wal", "catalog.db-wal"} <= set(files_with(settings.home, *traces))

    forgotten = assistant.forget("zoe_q77")

    assert files_with(settings.home, *traces) == []
    assert (forgotten.posts, forgotten.edited, forgotten.answers) == (1, 1, 2)
    assert (forgotten.left, forgotten.files) == ((), ())
    assert [post.text for post in assistant.show("stomach").posts][2:] == ["Thanks [removed]!"]
    assert assistant.index.words("quinoaporridge", 5) == []


def test_a_file_that_still_has_their_words_is_named(assistant: Assistant, settings: Settings) -> None:
    assistant.add(stomach())
    copied = backup(settings, settings.corpus_folder / "copy.db").path
    assert assistant.forget("zoe_q77").files == (str(copied),)
    copied.unlink()
    assert assistant.forget("zoe_q77").files == ()


def test_a_file_that_still_has_what_they_wrote_under_their_pseudonym_is_named(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "forum.jsonl").write_bytes(jsonl.write(stomach()))
    run_import(assistant, [tmp_path / "forum.jsonl"], ImportOptions(pseudonymise=True))
    copied = backup(settings, settings.corpus_folder / "copy.db").path

    forgotten = assistant.forget("zoe_q77")

    assert (forgotten.posts, forgotten.files) == (1, (str(copied),))


def test_words_that_somebody_else_says_too_are_no_trace(assistant: Assistant) -> None:
    assistant.add(stomach())
    assistant.add(make_thread("copy", "What did you eat?", WORDS))  # word for word, and no quotation
    forgotten = assistant.forget("zoe_q77")
    assert forgotten.files == ()
    assert assistant.show("copy").posts[1].text == WORDS


def test_forgetting_that_was_interrupted_is_finished_by_the_same_command(
    assistant: Assistant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.add(stomach())

    def full(_: Store) -> None:
        raise StoreError("The disk is full. Free some space and try again.")

    with monkeypatch.context() as disk:
        disk.setattr(Store, "compact", full)
        with pytest.raises(StoreError, match=r"are removed, but their old text .* `threadwise forget` with the same"):
            assistant.forget("zoe_q77")
    assert files_with(settings.home, b"quinoaporridge")

    again = assistant.forget("zoe_q77")

    assert (again.posts, again.files) == (0, ())
    assert files_with(settings.home, b"quinoaporridge", b"zoe_q77") == []
    with pytest.raises(InputError, match="Nobody named 'zoe_q78'"):
        assistant.forget("zoe_q78")


def test_a_forgotten_person_stays_out_of_imports(assistant: Assistant, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    posts = [{"id": "1", "text": "Stomach?", "author": "asker"}, {"id": "3", "text": WORDS, "author": "zoe_q77"}]
    path.write_text(json.dumps({"id": "stomach", "title": "Stomach", "posts": posts}), encoding="utf-8")
    run_import(assistant, [path], ImportOptions())
    assistant.forget("zoe_q77")
    assert run_import(assistant, [path], ImportOptions()).threads_unchanged == 1
    assert files_with(settings.home, b"quinoaporridge", b"zoe_q77") == []


def test_pseudonyms_and_masked_contacts_are_what_an_import_keeps(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "export.jsonl"
    posts = [
        {"id": "1", "text": "Who repairs an old accordion?", "author": "mara_k"},
        {"id": "2", "text": "Thanks @mara_k, mail me: bellows@example.org or +49 30 901820.", "author": "TobiB7"},
    ]
    path.write_text(json.dumps({"id": "t", "title": "Accordion", "posts": posts}), encoding="utf-8")

    run_import(assistant, [path], ImportOptions(pseudonymise=True, mask_contacts=True))

    question, reply = assistant.show("t").posts
    assert question.author is not None
    assert question.author.startswith("person-")
    assert reply.text == f"Thanks @{question.author}, mail me: [e-mail] or [phone]."
    assert files_with(settings.home, b"mara_k", b"tobib7", b"bellows", b"901820") == []
    assert run_import(assistant, [path], ImportOptions(pseudonymise=True, mask_contacts=True)).threads_unchanged == 1


def test_what_a_killed_backup_left_is_cleared_away(tmp_path: Path) -> None:
    dead, alive, other = (tmp_path / name for name in (".a.db.999999999.draft", ".a.db.1.draft-wal", "b.draft"))
    for path in (dead, alive, other):
        path.touch()
    clear_drafts(tmp_path)
    assert [path.exists() for path in (dead, alive, other)] == [False, True, True]


def test_what_is_written_after_the_search_through_the_files_reaches_other_processes(
    assistant: Assistant, settings: Settings
) -> None:
    """SQLite's locks end when their process closes a file of the database, and another process takes the log away."""

    def elsewhere() -> int:
        script = (
            "import sys; from pathlib import Path; from threadwise.config import Settings;"
            "from threadwise.corpus.store import Store\n"
            "with Store.open(Settings(home=Path(sys.argv[1]))) as store: print(store.counts().threads)"
        )
        command = [sys.executable, "-c", script, str(settings.home)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assistant.add(stomach())
    assistant.forget("zoe_q77")
    assert elsewhere() == 1
    assistant.add(make_thread("later", "What keeps slugs away?", "Copper tape."))
    assert elsewhere() == 2
