"""Nothing leaves the machine: the whole way from a paste to an answer, in a process that may not connect anywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLOSED = """
import socket
import sys

def refused(self, address, *rest):
    print("CONNECTS", address, file=sys.stderr)
    raise OSError("this process may not connect")

socket.socket.connect = refused
socket.socket.connect_ex = refused
socket.getaddrinfo = lambda host, *rest, **more: refused(None, host)
sys.argv[0] = "threadwise"
from threadwise.cli import main
main()
"""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    return subprocess.run(
        [sys.executable, "-c", CLOSED, "--home", str(home), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.mark.model
@pytest.mark.slow
def test_adding_and_asking_connect_to_nothing(tmp_path: Path) -> None:
    pasted = tmp_path / "thread.txt"
    pasted.write_text(
        "Sore calves\n\nMy calves ache after every run. What helps?\n\n"
        "- Stretch them against a wall for a minute, twice a day.\n\n- Lower the heel of your shoes slowly.\n",
        encoding="utf-8",
    )
    added = run(tmp_path / "home", "add", str(pasted))
    asked = run(tmp_path / "home", "ask", "what can I do about calves that hurt from running?", "--json")

    assert added.returncode == asked.returncode == 0, added.stderr + asked.stderr
    assert "CONNECTS" not in added.stderr + asked.stderr
    assert json.loads(asked.stdout)["citations"][0]["thread_id"] == "sore-calves"
