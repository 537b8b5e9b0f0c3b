"""Disks that are full and disks that fail: where this machine can make such ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol


class CannotTroubleError(Exception):
    """This machine cannot make that trouble; the message says why."""


class Trouble(Protocol):
    """Something that is wrong with the disk, on and off."""

    environment: dict[str, str]

    def begin(self) -> None:
        """From now on."""

    def end(self) -> None:
        """Until now."""

    def met(self) -> int:
        """How often it was met, as far as that is known."""


class NoTrouble:
    """The disk is fine."""

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}

    def begin(self) -> None:
        pass

    def end(self) -> None:
        pass

    def met(self) -> int:
        return 0


class FullDisk:
    """A disk of its own that is filled up to the last bytes."""

    def __init__(self, folder: Path) -> None:
        self.environment: dict[str, str] = {}
        self._ballast = folder / "ballast"
        self._times = 0

    def begin(self) -> None:
        self._times += 1
        for size in (1_000_000, 4096):
            with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
                while file.write(b"\0" * size):
                    pass

    def end(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def met(self) -> int:
        return self._times


class FaultyDisk:
    """Every fourth fsync fails."""

    def __init__(self, folder: Path) -> None:
        """Compile what makes it fail into a folder."""
        compiler, library = shutil.which("cc"), folder / "faulty_fsync.so"
        if compiler is None:
            raise CannotTroubleError("there is no C compiler `cc` to make fsync fail with")
        source = Path(__file__).with_name("faulty_fsync.c")
        done = subprocess.run(
            [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CannotTroubleError(f"what makes fsync fail does not compile: {done.stderr.strip()}")
        self._marker, self._count = folder / "failing", folder / "failed"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FSYNC_FAILS_WHILE": str(self._marker),
            "FSYNC_FAILS_EVERY": "4",
            "FSYNC_FAILED": str(self._count),
        }

    def begin(self) -> None:
        self._marker.touch()

    def end(self) -> None:
        self._marker.unlink(missing_ok=True)

    def met(self) -> int:
        return self._count.stat().st_size if self._count.exists() else 0


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of so many MB in memory, at this folder.

    Raises:
        CannotTroubleError: It cannot be mounted here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    ) if os.name == "posix" and shutil.which("mount") else None  # fmt: skip
    if done is None or done.returncode:
        raise CannotTroubleError(f"a small disk cannot be mounted here: {done.stderr.strip() if done else 'no mount'}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
