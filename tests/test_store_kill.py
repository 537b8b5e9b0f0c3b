"""Whatever is killed at whatever moment, what was acknowledged is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.kill.fronts import FRONTS
from bench.kill.harness import run


@pytest.mark.slow
def test_killed_writers_lose_nothing_acknowledged_and_leave_nothing_half_written(tmp_path: Path) -> None:
    """The full run of 200 kills is `python -m bench.kill`; it raises AssertionError where a promise is broken."""
    figures = run(tmp_path / "home", kills=10, seed=2, fronts=list(FRONTS), say=lambda _: None)
    assert figures.kills == 10
    assert figures.answers_verified == 11
