from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.kill import run


@pytest.mark.slow
def test_killed_writers_lose_nothing_acknowledged_and_leave_nothing_half_written(tmp_path: Path) -> None:
    """The full run of 200 kills is `python -m bench.kill`; it raises AssertionError where a promise is broken."""
    figures = run(tmp_path, kills=15, writers=3, seed=2, through="bench.kill:StoreFront", say=lambda _: None)
    assert figures["kills"] == 15
    assert figures["generation"] >= figures["threads"] / 8
