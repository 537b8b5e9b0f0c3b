"""Disks that are read-only or full, files that are damaged: a sentence that says what to do, and nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.kill.trouble import CannotTroubleError, FullDisk, small_disk

from conftest import Command, Outcome

SLUGS = """Slugs in the lettuce

Every night half of my lettuce is gone. What keeps slugs away?

- Put a ring of copper tape around the bed. Mine have not crossed it in two years.
"""


@pytest.fixture
def slugs(tmp_path: Path) -> str:
    path = tmp_path / "slugs.txt"
    path.write_text(SLUGS, encoding="utf-8")
    return str(path)


def refused(outcome: Outcome, words: str) -> bool:
    """Exit code 1 with one sentence on standard error that has these words."""
    one_line = len(outcome.err.strip().splitlines()) == 1 and outcome.err.startswith("threadwise: ")
    planned = "went wrong" not in outcome.err and "Traceback" not in outcome.err
    return outcome.code == 1 and outcome.out == "" and one_line and planned and words in outcome.err


# A read-only home


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Shows a folder at another place where nothing can be written, not even by the superuser."""
    mounted: list[Path] = []

    def mount(folder: Path) -> Path:
        place = tmp_path / "read-only"
        place.mkdir()
        for options in (["--bind", str(folder), str(place)], ["-o", "remount,bind,ro", str(place)]):
            done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"a read-only disk cannot be mounted here: {done.stderr.strip()}")
            mounted[:] = [place]
        return place

    if shutil.which("mount") is None:
        pytest.skip("a read-only disk cannot be mounted here: there is no mount")
    yield mount
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_read_only_home_answers_and_refuses_every_change(
    command: Command, slugs: str, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    home = tmp_path / "home"
    assert command(home, "add", slugs).code == 0
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    place = read_only(home)

    asked = command(place, "ask", "what keeps slugs away?", "--json")
    assert (asked.code, '"thread_id": "slugs-in-the-lettuce"' in asked.out) == (0, True)
    assert command(place, "show", "slugs-in-the-lettuce").code == 0
    assert command(place, "check").out == "Looked at 1 thread and 2 passages: 0 faults, 0 of them open.\n"
    assert command(place, "import", "--dry-run", slugs).code == 0
    assert command(place, "backup", str(tmp_path / "copy.db")).code == 0
    for arguments in (
        ["add", slugs],
        ["edit", "slugs-in-the-lettuce", slugs],
        ["delete", "slugs-in-the-lettuce"],
        ["import", slugs],
        ["index"],
        ["forget", "somebody"],
    ):
        assert refused(command(place, *arguments), "cannot be written (Read-only file system)")
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_an_index_of_an_earlier_version_in_a_read_only_home_says_what_to_do(
    command: Command, slugs: str, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    home = tmp_path / "home"
    command(home, "add", slugs)
    with closing(sqlite3.connect(home / "index" / "catalog.db")) as catalog, catalog:
        catalog.execute("PRAGMA user_version = 3")

    refusal = command(read_only(home), "ask", "what keeps slugs away?")
    assert refused(refusal, "of another version (3); `threadwise index --rebuild` makes it anew.")
    assert "cannot be written (Read-only file system)" in refusal.err
    assert command(home, "ask", "what keeps slugs away?").code == 0


def test_a_home_that_cannot_be_made_names_what_to_do(
    command: Command, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    (tmp_path / "folder").mkdir()
    place = read_only(tmp_path / "folder")
    assert refused(command(place / "home", "status"), "Choose another with --home")


# A full disk


def test_a_full_disk_is_said_and_loses_nothing_and_the_same_command_works_when_there_is_room(
    command: Command, slugs: str, tmp_path: Path
) -> None:
    try:
        with small_disk(tmp_path / "home", megabytes=8) as home:
            assert command(home, "add", slugs).code == 0
            large = tmp_path / "large.txt"
            large.write_text(
                "Compost heap\n\nWhat goes on it?\n\n- " + "Try leaves and straw. " * 20_000, encoding="utf-8"
            )
            disk = FullDisk(home)
            disk.begin()

            assert refused(command(home, "add", str(large)), "full")
            assert refused(command(home, "import", str(large)), "full")
            shown = command(home, "show", "slugs-in-the-lettuce")  # even reading makes a small file beside the corpus
            assert "copper tape" in shown.out or refused(shown, "full")

            disk.end()
            assert command(home, "add", str(large)).out == "compost-heap\n"
            assert command(home, "check").code == 0
            assert '"threads": 2' in command(home, "status", "--json").out
    except CannotTroubleError as error:
        pytest.skip(str(error))


# A damaged index

DAMAGES = {
    "catalog": "catalog.db",
    "words, the list of files": "words/meta.json",
    "words, a file of a segment": "words/*.term",
    "vectors": "vectors/*/*.faiss",
}


@pytest.mark.parametrize("half", [False, True], ids=["rubbish", "half"])
@pytest.mark.parametrize("pattern", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_made_anew_or_says_how_and_nothing_is_lost(
    command: Command, slugs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, half: bool
) -> None:
    monkeypatch.setattr("threadwise.index.memory.SNAPSHOT_ROWS", 0)
    home = tmp_path / "home"
    command(home, "add", slugs)
    damaged = list((home / "index").glob(pattern))
    assert damaged
    for path in damaged:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] if half else b"rubbish" * (len(content) // 7))

    first = command(home, "ask", "what keeps slugs away?", "--json")
    assert first.code == 0 or refused(first, "threadwise index --rebuild")

    assert command(home, "index", "--rebuild").code == 0
    asked = command(home, "ask", "what keeps slugs away?", "--json")
    assert '"thread_id": "slugs-in-the-lettuce"' in asked.out
    assert command(home, "check").code == 0


def test_a_page_of_the_catalog_that_turns_out_damaged_says_how_to_mend_it(
    command: Command, slugs: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    command(home, "add", slugs)
    catalog = home / "index" / "catalog.db"
    content = bytearray(catalog.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)  # the first page, by which it is opened, stays
    catalog.write_bytes(content)

    first = command(home, "ask", "what keeps slugs away?", "--json")
    assert first.code == 0 or refused(first, "threadwise index --rebuild")
    assert command(home, "index", "--rebuild").code == 0
    assert command(home, "check").code == 0


def test_an_index_of_another_model_is_made_anew_when_that_is_asked_for(
    command: Command, slugs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    command(home, "add", slugs)
    monkeypatch.setenv("THREADWISE_MODEL", "another-model")
    assert refused(command(home, "ask", "slugs?"), "`threadwise index --rebuild`")
    assert command(home, "index", "--rebuild").code == 0
    assert command(home, "ask", "what keeps slugs away?").code == 0
