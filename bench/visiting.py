"""The web app as a process of its own, and visitors who ask it over HTTP as the page does."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(home: Path, cache: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`python app.py` over a home; yields its address at once, while it starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "app.py"), "--home", str(home), "--quiet", "--port", str(port)]
    environment = {**_environment(), "THREADWISE_CACHE": str(cache)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(20)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("THREADWISE_")}


def first_page(address: str, *, patience: float = 120.0) -> None:
    """Ask for the first page until it comes."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=patience) as page:
                page.read()
            return
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f"{address} never answered.")


def processor_seconds(pid: int) -> float:
    """How long processors have worked for a process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Visitor:
    """One open page: a session and a conversation of its own."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=300)
        self._session, self._conversation = uuid.uuid4().hex, uuid.uuid4().hex
        config = self._client.get("/config").json()
        self._event = next(one for one in config["dependencies"] if one["targets"][0][1] == "ask_question")

    def ask(self, question: str) -> str:
        """The page's markup once the answer is whole.

        Raises:
            RuntimeError: The question was refused, or the answer is no answer.
        """
        body = {
            "data": [],
            "fn_index": self._event["id"],
            "session_hash": self._session,
            "trigger_id": self._event["targets"][0][0],
            "event_data": {"question": question, "conversation": self._conversation},
        }
        self._client.post("/gradio_api/queue/join", json=body).raise_for_status()
        markup = ""
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as lines:
            for line in lines.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    markup = str(message["output"]["data"][0])
                if message.get("msg") == "close_stream":
                    break
        if not re.search(r'data-state="done".*class="status ', markup, re.DOTALL) or 'role="alert"' in markup:
            raise RuntimeError(f"{question!r} got no answer: {markup[:300]}")
        return markup
