"""The `threadwise` command with words for vectors, for tests that need it as a process: `python small_model.py ARGS`.

SLOW_AFTER=N in the environment makes the encoder write a file `encoding` and take a minute from its N-th call on;
SLOW=SECONDS makes every call take as long.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from conftest import WordEncoder
from threadwise.cli import main
from threadwise.index import encoding
from threadwise.index.encoder import Floats


class SlowEncoder(WordEncoder):
    """Words as directions, taking its time."""

    calls = 0

    def encode(self, texts: Sequence[str]) -> Floats:
        self.calls += 1
        time.sleep(float(os.environ.get("SLOW", "0")))
        if self.calls >= int(os.environ.get("SLOW_AFTER", "1000000")):
            Path("encoding").touch()
            time.sleep(60)
        return super().encode(texts)


if __name__ == "__main__":
    encoding.load_encoder = lambda settings: SlowEncoder()
    main(sys.argv[1:])
