from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from store_samples import no_right_to_write, reachable_folder, settings
from threadwise.corpus.lock import writing
from threadwise.errors import BusyError, StoreError

_HOLD = """
import sys, time
from pathlib import Path
from threadwise.config import Settings
from threadwise.corpus.lock import writing
with writing(Settings(home=Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def _holder(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_writes_and_what_to_do(tmp_path: Path) -> None:
    holder = _holder(tmp_path)
    try:
        started = time.monotonic()
        with (
            pytest.raises(BusyError, match=rf"process \({holder.pid}\) has been writing.*THREADWISE_LOCK_TIMEOUT"),
            writing(settings(tmp_path, lock_timeout=0.2)),
        ):
            pass
        assert 0.2 <= time.monotonic() - started < 5
    finally:
        holder.kill()
        holder.wait()


def test_a_process_that_is_killed_lets_go(tmp_path: Path) -> None:
    holder = _holder(tmp_path)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with writing(settings(tmp_path, lock_timeout=1)):
        pass


def test_a_thread_may_enter_again_but_another_thread_may_not(tmp_path: Path) -> None:
    chosen = settings(tmp_path, lock_timeout=0.1)
    told: list[str] = []

    def try_it() -> None:
        try:
            with writing(chosen):
                told.append("entered")
        except BusyError as error:
            told.append(str(error))

    with writing(chosen), writing(chosen):
        with writing(chosen):
            pass
        other = threading.Thread(target=try_it)
        other.start()
        other.join()
    assert told[0].startswith("Another task of this process")
    try_it()
    assert told[1] == "entered"


def test_the_lock_is_free_again_after_an_error_inside(tmp_path: Path) -> None:
    chosen = settings(tmp_path, lock_timeout=0)
    with pytest.raises(KeyboardInterrupt), writing(chosen):
        raise KeyboardInterrupt
    entered: list[bool] = []

    def enter() -> None:
        with writing(chosen):
            entered.append(True)

    other = threading.Thread(target=enter)
    other.start()
    other.join()
    assert entered == [True]


def test_many_threads_enter_one_at_a_time(tmp_path: Path) -> None:
    chosen, inside, most = settings(tmp_path), [0], [0]

    def work() -> None:
        for _ in range(5):
            with writing(chosen):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.002)
                inside[0] -= 1

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert most == [1]


def _try_in_child(home: str, answers: multiprocessing.Queue[str]) -> None:
    try:
        with writing(settings(Path(home), lock_timeout=0)):
            answers.put("entered")
    except BusyError:
        answers.put("busy")


def test_a_forked_child_does_not_inherit_the_lock_and_does_not_free_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = context.Queue()  # type: ignore[assignment]
    with writing(settings(tmp_path)):
        for _ in range(2):
            child = context.Process(target=_try_in_child, args=(str(tmp_path), answers))
            child.start()
            child.join()
    assert [answers.get(), answers.get()] == ["busy", "busy"]


def test_two_homes_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with writing(settings(tmp_path / "one")), writing(settings(tmp_path / "two", lock_timeout=0)):
        pass


def test_a_home_that_is_a_file_is_refused_in_clear_words(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with (
        pytest.raises(StoreError, match=r"cannot be written \(Not a directory\).*--home"),
        writing(settings(tmp_path / "home")),
    ):
        pass


def test_a_read_only_home_is_refused_in_clear_words() -> None:
    with (
        reachable_folder() as home,
        no_right_to_write(home),
        pytest.raises(StoreError, match=r"cannot be written \(Permission denied\)"),
        writing(settings(home)),
    ):
        pass
