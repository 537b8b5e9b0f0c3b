"""Imports: what is shown on the way, what stopping leaves, what is left out, and what doing it again does."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from conftest import WordEncoder, make_thread
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.duplicates import Likeness
from threadwise.corpus.formats.progress import Step
from threadwise.corpus.formats.source import Remark
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.errors import BusyError, InputError
from threadwise.importing import ImportOptions, ImportResult, run_import
from threadwise.index.encoder import Floats
from threadwise.index.indexer import Index

COMMAND = [sys.executable, str(Path(__file__).with_name("small_model.py"))]


@pytest.fixture
def assistant(settings: Settings, store: Store, encoder: WordEncoder) -> Iterator[Assistant]:
    with Assistant(settings, store, Index.open(settings, store, encoder), make_composer(settings)) as opened:
        yield opened


def written(path: Path, *threads: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(thread) + "\n" for thread in threads), encoding="utf-8")
    return path


def many(number: int, posts: int = 4) -> list[dict[str, Any]]:
    return [
        {
            "id": f"t{n:03}",
            "title": f"Thread {n}",
            "posts": [{"id": str(i), "author": f"a{i}", "text": f"Post {i} of thread {n}."} for i in range(posts)],
        }
        for n in range(number)
    ]


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--home", str(folder / "home"), *arguments],
        cwd=folder, capture_output=True, text=True, check=False, env=os.environ | environment,
    )  # fmt: skip


# Stopping


@pytest.mark.slow
def test_ctrl_c_says_what_is_kept_and_the_same_command_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """250 threads of 4 posts are two batches of 500 posts and 125 titles, 512 of them encoded at once; the encoder,
    whose first call makes it ready, is interrupted in its fourth, the first of the second batch."""
    written(tmp_path / "all.jsonl", *many(250))
    importing = subprocess.Popen(
        [*COMMAND, "--home", str(tmp_path / "home"), "import", "all.jsonl"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"SLOW_AFTER": "4"},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (tmp_path / "encoding").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    importing.send_signal(signal.SIGINT)
    out, err = importing.communicate(timeout=30)
    assert (importing.returncode, out) == (1, "")
    assert err == (
        "threadwise: Stopped. 125 threads (500 posts) of this import are stored and stay; "
        "the same command goes on where it stopped.\n"
    )

    status = json.loads(run(tmp_path, "status", "--json").stdout)
    assert (status["threads"], status["passages"]) == (125, 500)
    again = json.loads(run(tmp_path, "import", "all.jsonl", "--json").stdout)
    assert (again["threads_added"], again["threads_unchanged"], again["posts"]) == (125, 125, 500)


def test_what_a_killed_import_had_stored_is_indexed_by_the_next_one_though_nothing_is_new(
    assistant: Assistant, tmp_path: Path
) -> None:
    path = written(tmp_path / "all.jsonl", *many(3))
    run_import(assistant, [path], ImportOptions())
    thread = assistant.store.get("t001")
    assistant.store.delete("t001")
    assistant.store.put([thread])  # as a process leaves it that dies between the corpus and the index
    assert assistant.index.generation < assistant.store.generation

    again = run_import(assistant, [path], ImportOptions())

    assert again.threads_unchanged == 3
    assert assistant.index.generation == assistant.store.generation
    [hits] = assistant.index.nearest(assistant.index.encode(["any"]), 10, threads=["t001"])
    assert {hit.item.post_id for hit in hits} == {"0", "1", "2", "3"}


# On the terminal


def on_terminal(folder: Path, *arguments: str) -> str:
    """What a terminal of 100 columns shows of standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, "--home", str(folder / "home"), *arguments],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=os.environ | {"SLOW": "0.4"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(60) == 0
    return shown.decode()


def letters(number: int) -> str:
    return "".join(
        f"From a@example.org Mon Mar  4 10:00:00 2024\nFrom: A <a@example.org>\nMessage-ID: <{n}@x>\n\nLetter {n}.\n\n"
        for n in range(number)
    )


@pytest.mark.slow
def test_a_format_that_is_sorted_first_is_counted_by_the_threads_that_can_be_found(
    assistant: Assistant, tmp_path: Path
) -> None:
    box = tmp_path / "list.mbox"
    box.write_text(letters(1_200), encoding="utf-8")
    steps: list[Step] = []

    run_import(assistant, [box], ImportOptions(), reading=steps.append)

    size = box.stat().st_size
    assert [step for step in steps if step.what == "Sorting"][-1] == Step("Sorting", "bytes", size, size)
    taken = [step for step in steps if step.what == "Taking in"]
    assert {(step.unit, step.total) for step in taken} == {("threads", 1_200)}
    # Two batches of 500 and one of 200, each told when it is encoded and when it is kept; the thread that is handed on
    # last is not counted yet then.
    assert [step.done for step in taken] == [499, 499, 999, 999, 1_200, 1_200]
    assert assistant.store.counts().threads == 1_200


def test_what_is_found_unchanged_counts_as_done_and_files_to_come_are_known(
    assistant: Assistant, tmp_path: Path
) -> None:
    paths = [written(tmp_path / f"{name}.jsonl", *many(130)) for name in ("a", "b")]
    run_import(assistant, paths[:1], ImportOptions())
    steps: list[Step] = []

    run_import(assistant, paths, ImportOptions(), reading=steps.append)

    size = paths[0].stat().st_size
    assert {step.total for step in steps if step.what == "Reading"} == {2 * size}
    assert steps[-1] == Step("Reading", "bytes", 2 * size, 2 * size)


@pytest.mark.slow
def test_a_terminal_shows_progress_with_rate_and_time_left_unless_quiet(tmp_path: Path) -> None:
    written(tmp_path / "all.jsonl", *many(500, posts=6))
    assert on_terminal(tmp_path, "--quiet", "import", "all.jsonl") == ""
    (tmp_path / "home").rename(tmp_path / "done")
    shown = on_terminal(tmp_path, "import", "all.jsonl")
    assert "Encoding" in shown
    assert "passages/s" in shown
    assert "<00:0" in shown  # the time left, after the time taken


@pytest.mark.slow
def test_a_terminal_shows_the_time_left_of_what_is_sorted_first(tmp_path: Path) -> None:
    (tmp_path / "list.mbox").write_text(letters(2_000), encoding="utf-8")
    shown = on_terminal(tmp_path, "import", "list.mbox")
    [at] = {line.partition("|")[2].partition("|")[2].split()[0] for line in shown.split("Taking in")[2:3]}
    assert at.endswith("/2.00k") or at.endswith("/2000")
    assert "threads/s" in shown
    assert re.search(r"Taking in[^\r]*<00:\d\d", shown)


@pytest.mark.slow
def test_what_is_no_terminal_gets_no_bar(tmp_path: Path) -> None:
    written(tmp_path / "all.jsonl", *many(500, posts=6))
    done = run(tmp_path, "import", "all.jsonl", SLOW="0.4")
    assert done.stderr == ""
    assert done.stdout.startswith("500 threads added, 0 updated, 0 unchanged; 3,000 posts in ")


# Rejects


def test_what_cannot_be_read_is_counted_and_written_with_file_place_and_reason_and_the_rest_goes_in(
    assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "all.jsonl"
    good = json.dumps(many(1)[0])
    path.write_text(f'{good}\n{{"id": "half", \n{{"id": "empty", "title": "T", "posts": []}}\n', encoding="utf-8")

    done = run_import(assistant, [path], ImportOptions(rejects=tmp_path / "rejects.jsonl"))

    assert (done.threads_added, done.rejects) == (1, 2)
    assert done.rejected[0].where == f"{path}:2"
    assert "breaks off" in done.rejected[0].why
    assert done.rejected[1] == Remark(
        f"{path}:3", "The thread has no `posts`; the first of them is the asker's question."
    )
    lines = (tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"where": remark.where, "why": remark.why} for remark in done.rejected
    ]


def test_a_rejects_file_that_cannot_be_made_is_said_before_anything_is_imported(
    assistant: Assistant, tmp_path: Path
) -> None:
    path = written(tmp_path / "all.jsonl", *many(2))
    with pytest.raises(InputError, match=r"rejects file .*nowhere.* cannot be written: No such file"):
        run_import(assistant, [path], ImportOptions(rejects=tmp_path / "nowhere" / "rejects.jsonl"))
    assert assistant.store.generation == 0


def test_the_longest_id_is_kept_and_one_too_long_behind_the_name_of_a_source_stops_no_other_thread(
    assistant: Assistant, tmp_path: Path
) -> None:
    longest, other = many(2)
    path = written(tmp_path / "all.jsonl", {**longest, "id": "x" * 512}, other)

    assert run_import(assistant, [path], ImportOptions()).threads_added == 2
    done = run_import(assistant, [path], ImportOptions(source="s"))

    assert (done.threads_added, done.rejects) == (1, 1)
    assert done.rejected[0].where == "x" * 512
    assert "must be 1 to 512 characters" in done.rejected[0].why


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_the_corpus_does_not_take_stops_no_other_thread(
    assistant: Assistant, tmp_path: Path, dry_run: bool
) -> None:
    one, large, two = many(3)
    large["posts"][1]["score"] = -(2**63)  # one more than the database has room for
    again = {**one, "title": "Another forum's", "source": "other.example"}
    path = written(tmp_path / "all.jsonl", one, large, again, two)

    done = run_import(assistant, [path], ImportOptions(dry_run=dry_run))

    assert (done.threads_added, done.rejects) == (2, 2)
    assert [remark.where for remark in done.rejected] == ["t001", "t000"]
    assert "out of range" in done.rejected[0].why
    assert "another source" in done.rejected[1].why
    assert run_import(assistant, [path], ImportOptions(dry_run=True)).threads_unchanged == (0 if dry_run else 2)


# Again


def test_an_updated_export_changes_what_changed_and_encodes_that_alone(
    assistant: Assistant, encoder: WordEncoder, tmp_path: Path
) -> None:
    threads = many(3)
    path = written(tmp_path / "all.jsonl", *threads)
    run_import(assistant, [path], ImportOptions())
    encoder.encoded.clear()

    threads[1]["posts"].append({"id": "4", "author": "late", "text": "A late reply with an idea."})
    written(path, *threads)
    done = run_import(assistant, [path], ImportOptions())

    assert (done.threads_added, done.threads_updated, done.threads_unchanged) == (0, 1, 2)
    assert [text.splitlines()[-1] for text in encoder.encoded] == ["A late reply with an idea."]
    assert [change.thread_id for change in assistant.store.changes(1)] == ["t001"]
    assert assistant.status().threads == 3


def test_a_dry_run_tells_the_same_and_changes_nothing(assistant: Assistant, tmp_path: Path) -> None:
    run_import(assistant, [written(tmp_path / "old.jsonl", *many(2))], ImportOptions())
    threads = many(4)
    threads[0]["title"] = "Another title"
    path = written(tmp_path / "new.jsonl", *threads)
    before = assistant.status()

    dry = run_import(assistant, [path], ImportOptions(dry_run=True))

    assert (dry.threads_added, dry.threads_updated, dry.threads_unchanged, dry.posts) == (2, 1, 1, 12)
    assert assistant.status() == before
    assert assistant.show("t000").title == "Thread 0"
    done = run_import(assistant, [path], ImportOptions())
    assert (done.threads_added, done.threads_updated, done.threads_unchanged, done.posts) == (2, 1, 1, 12)


# Others meanwhile


class NosyEncoder(WordEncoder):
    """Looks, whenever it encodes, whether somebody else could write meanwhile."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings.model_copy(update={"lock_timeout": 5.0})
        self.free: list[bool] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        other = threading.Thread(target=self._look)
        other.start()
        other.join()
        return super().encode(texts)

    def _look(self) -> None:
        with suppress(BusyError), writing(self._settings):
            self.free.append(True)
            return
        self.free.append(False)


def test_nobody_waits_for_the_encoding_of_an_import_or_of_a_thread(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    encoder = NosyEncoder(settings)
    path = written(tmp_path / "all.jsonl", *many(3))
    with Assistant(settings, store, Index.open(settings, store, encoder), make_composer(settings)) as assistant:
        run_import(assistant, [path], ImportOptions())
        assistant.add(make_thread("added", "What helps?", "Tea."))
        assistant.edit("added", make_thread("added", "What helps?", "Water."))
        assert encoder.free == [True, True, True, True]  # the first readies the encoder of an empty index
        assert assistant.index.generation == assistant.store.generation == 3


# Near-duplicates

QUESTION = "My back is sore after every run since I bought new shoes in spring, what helped you?"


def asked(thread_id: str, text: str) -> dict[str, Any]:
    return {"id": thread_id, "title": "Back", "posts": [{"id": "1", "text": text}]}


def test_threads_that_ask_nearly_the_same_as_an_older_one_are_named(assistant: Assistant, tmp_path: Path) -> None:
    first = written(tmp_path / "first.jsonl", asked("old", QUESTION), asked("other", "How do I sharpen a plane iron?"))
    assert run_import(assistant, [first], ImportOptions()).near_duplicates == []
    second = written(
        tmp_path / "second.jsonl", asked("copy", QUESTION.upper()), asked("edited", QUESTION.replace("spring", "May"))
    )

    done = run_import(assistant, [second], ImportOptions())

    # 17 words of title and question make 16 runs of three; 3 of them have the changed word: 13 of 19 are shared.
    assert done.near_duplicates == [Likeness("copy", "old", 1.0), Likeness("edited", "old", 0.684)]
    assert done.duplicates == 2
    assert run_import(assistant, [second], ImportOptions()).duplicates == 0


@pytest.mark.slow
def test_a_thousand_copies_are_each_compared_with_the_oldest(assistant: Assistant, tmp_path: Path) -> None:
    path = written(tmp_path / "all.jsonl", *(asked(f"c{n:04}", QUESTION) for n in range(1_200)))
    done = run_import(assistant, [path], ImportOptions())
    assert done.duplicates == 1_199
    assert len(done.near_duplicates) == 1_000
    assert {pair.like for pair in done.near_duplicates} == {"c0000"}


# An id that comes more than once


def versions(*texts: str) -> list[dict[str, Any]]:
    return [{"id": "knee", "title": "Knee", "posts": [{"id": "1", "text": text}]} for text in texts]


def counted(done: ImportResult) -> tuple[int, int, int]:
    return done.threads_added, done.threads_updated, done.threads_unchanged


@pytest.mark.parametrize("between", [0, 130], ids=["in one batch", "in several batches"])
def test_of_threads_with_one_id_the_last_counts_and_the_same_import_again_changes_nothing(
    assistant: Assistant, tmp_path: Path, between: int
) -> None:
    first, second, third = versions("It hurts.", "It hurts at night.", "It hurts all day.")
    some = many(between)
    path = written(tmp_path / "all.jsonl", first, *some, second, *many(between), third)

    once = run_import(assistant, [path], ImportOptions())
    generation = assistant.store.generation
    again = run_import(assistant, [path], ImportOptions())

    assert counted(once) == (1 + between, 0, between)
    assert once.warnings[0] == "knee: This thread came more than once; the last one counts."
    assert counted(again) == (0, 0, 1 + 2 * between)
    assert again.warnings[0] == once.warnings[0]
    assert (again.posts, again.rejects) == (0, 0)
    assert assistant.store.generation == generation
    assert assistant.store.get("knee").question.text == "It hurts all day."


def test_an_older_version_that_comes_by_itself_is_taken(assistant: Assistant, tmp_path: Path) -> None:
    old, new = versions("It hurts.", "It hurts at night.")
    run_import(assistant, [written(tmp_path / "both.jsonl", old, new)], ImportOptions())

    done = run_import(assistant, [written(tmp_path / "old.jsonl", old, *many(1))], ImportOptions())

    assert counted(done) == (1, 1, 0)
    assert assistant.store.get("knee").question.text == "It hurts."


def test_what_waits_is_not_dropped_for_a_thread_of_another_source(assistant: Assistant, tmp_path: Path) -> None:
    old, new = ({**each, "source": "ours"} for each in versions("It hurts.", "It hurts at night."))
    [other] = versions("Somebody else's knee.")
    run_import(assistant, [written(tmp_path / "both.jsonl", old, new)], ImportOptions())

    again = written(tmp_path / "again.jsonl", old, *many(130), {**other, "source": "theirs"})
    done = run_import(assistant, [again], ImportOptions())

    assert (counted(done), done.rejects) == ((130, 1, 0), 1)
    assert assistant.store.get("knee").question.text == "It hurts."


def test_a_dry_run_counts_an_id_that_comes_twice_once(assistant: Assistant, tmp_path: Path) -> None:
    first, second = versions("It hurts.", "It hurts at night.")
    path = written(tmp_path / "all.jsonl", first, *many(130), second)

    assert counted(run_import(assistant, [path], ImportOptions(dry_run=True))) == (131, 0, 0)
    assert assistant.store.generation == 0


# Where rejects go


def test_what_is_to_be_imported_is_never_overwritten_with_its_rejects(assistant: Assistant, tmp_path: Path) -> None:
    path = written(tmp_path / "all.jsonl", *many(1))
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"is what is to be imported, so the rejects cannot be written there"):
        run_import(assistant, [path], ImportOptions(rejects=path))
    assert path.read_bytes() == before


def test_a_rejects_file_in_the_folder_that_is_imported_is_no_export(assistant: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    written(folder / "all.jsonl", *many(2), {"id": "none", "title": "T", "posts": []})
    for _ in range(2):
        done = run_import(assistant, [folder], ImportOptions(rejects=folder / "rejects.jsonl"))
        assert [Path(each.where).name for each in done.rejected] == ["all.jsonl:3"]
    assert counted(done) == (0, 0, 2)
