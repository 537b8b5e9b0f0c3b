"""Whatever is killed at whatever moment, what was acknowledged is there."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.kill.fronts import FRONTS
from bench.kill.harness import run
from bench.kill.trouble import CannotTroubleError, FaultyDisk, FullDisk, small_disk


@pytest.mark.slow
def test_killed_writers_lose_nothing_acknowledged_and_leave_nothing_half_written(tmp_path: Path) -> None:
    """The full run of 200 kills is `python -m bench.kill`; it raises AssertionError where a promise is broken."""
    figures = run(tmp_path / "home", kills=10, seed=2, fronts=list(FRONTS), say=lambda _: None)
    assert figures.kills == 10
    assert figures.answers_verified == 11


@pytest.mark.slow
def test_a_disk_that_is_now_and_then_full_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """The longer run is `python -m bench.kill --kills 50 --trouble full`."""
    with ExitStack() as stack:
        try:
            home = stack.enter_context(small_disk(tmp_path / "home", megabytes=24))
        except CannotTroubleError as error:
            pytest.skip(str(error))
        figures = run(home, kills=4, seed=3, fronts=list(FRONTS), say=lambda _: None, trouble=FullDisk(home))
    assert figures.kills == 4
    assert figures.troubles > 0


@pytest.mark.slow
def test_a_disk_whose_fsync_fails_now_and_then_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """The longer run is `python -m bench.kill --kills 50 --trouble fsync`."""
    try:
        trouble = FaultyDisk(tmp_path)
    except CannotTroubleError as error:
        pytest.skip(str(error))
    for seed in range(3, 9):  # on a fast machine four kills may all come before any trouble
        figures = run(
            tmp_path / f"home{seed}", kills=4, seed=seed, fronts=list(FRONTS), say=lambda _: None, trouble=trouble
        )
        assert figures.kills == 4
        if figures.troubles:
            break
    assert figures.troubles > 0
