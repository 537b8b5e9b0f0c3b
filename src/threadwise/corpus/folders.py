"""Whether a folder can be written, which its rights alone do not say."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path


def writable(folder: Path) -> bool:
    """Whether files may be made in a folder, also by the superuser; a full disk is no reason to say no."""
    probe = folder / f".writable-{os.getpid()}-{time.monotonic_ns()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM)
    return True
