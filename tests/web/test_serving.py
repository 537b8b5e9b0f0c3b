"""The web app as a program: it says where it is, waits for nothing, reaches nobody, and ends when it is told to."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from threadwise.config import Settings
from threadwise.corpus.store import Store

# Every connection to anything but this machine fails, and says so on standard error.
SOCKETS_CLOSED = """
import socket, sys
connect, lookup = socket.socket.connect, socket.getaddrinfo
def guarded(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        print("REACHED OUT", address, file=sys.stderr, flush=True)
        raise OSError("no network here")
    return connect(self, address)
def looked_up(host, *rest, **more):
    if host not in (None, "", "127.0.0.1", "::1", "localhost"):
        print("LOOKED UP", host, file=sys.stderr, flush=True)
        raise OSError("no names here")
    return lookup(host, *rest, **more)
socket.socket.connect, socket.getaddrinfo = guarded, looked_up
from threadwise.cli import main
main(sys.argv[1:])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, port: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`threadwise serve` as a process of its own, in an environment that asks Gradio to be open."""
    open_ones = {"GRADIO_ANALYTICS_ENABLED": "True", "GRADIO_SHARE": "True", "HF_HUB_OFFLINE": "0"}
    process = subprocess.Popen(
        [sys.executable, "-c", SOCKETS_CLOSED, "--home", str(home), "serve", "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **open_ones, "OMP_NUM_THREADS": "2"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def said(process: subprocess.Popen[str], pattern: str) -> str:
    """The first line of standard output that matches."""
    assert process.stdout is not None
    for line in process.stdout:
        if re.search(pattern, line):
            return line.strip()
    raise AssertionError(f"it never said {pattern!r}")


@pytest.mark.slow
def test_it_prints_its_address_answers_there_reaches_nobody_and_ends_cleanly(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as process:
        assert said(process, "http") == f"Threadwise is at http://127.0.0.1:{port} (Ctrl-C ends it)."
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=20).status_code == 200
        wait_until_ready(port)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "REACHED OUT" not in errors
    assert "LOOKED UP" not in errors
    assert "Traceback" not in errors


def state(port: int) -> dict[str, object]:
    answer: dict[str, object] = httpx.get(f"http://127.0.0.1:{port}/threadwise/state", timeout=20).json()
    return answer


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while not state(port)["ready"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.slow
def test_a_corpus_of_a_newer_version_ends_it_with_a_sentence_though_the_page_was_up(tmp_path: Path) -> None:
    with Store.open(Settings(home=tmp_path)):
        pass
    with sqlite3.connect(tmp_path / "corpus" / "threadwise.db") as connection:
        [table] = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%version%'").fetchone()
        connection.execute(f"INSERT INTO {table} (version) VALUES (9999)")
    connection.close()
    with serving(tmp_path, free_port()) as process:
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert re.fullmatch(r"threadwise: .*newer.*\n", errors)


@pytest.mark.model
@pytest.mark.slow
def test_the_first_start_brings_the_demo_forum_and_a_corpus_that_was_emptied_stays_empty(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port, "--demo") as process:
        assert said(process, "http").startswith("Threadwise is at")
        page = httpx.get(f"http://127.0.0.1:{port}/", timeout=20)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert page.status_code == 200
    assert "First start: importing the demo forum." in errors
    with Store.open(Settings(home=tmp_path)) as store:
        assert store.counts().threads == 93
        for thread in list(store.threads()):
            store.delete(thread.id)

    with serving(tmp_path, port, "--demo") as process:
        said(process, "http")
        wait_until_ready(port)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert "First start" not in errors
    with Store.open(Settings(home=tmp_path)) as store:
        assert store.counts().threads == 0


@pytest.mark.slow
def test_a_taken_port_ends_it_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(tmp_path, port) as process:
            _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert f"threadwise: Port {port} on 127.0.0.1 cannot be used" in errors
    assert "--port" in errors
    assert "Traceback" not in errors
