"""Import to searchable against bare encoding of the same passages, in turn: the processor's time and the clock's.

    python -m bench.importing [FILE...] [--threads 0] [--rounds 3]

An import is the whole of it: reading, storing, cutting, encoding, indexing, into an empty home each time. Where it
encodes with torch, the seconds that importing torch takes in a process of its own are added to each import, since the
reference has imported it here already. Without files, both corpora of ../shared; `--threads` takes the first so many of
each.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.encode import timed
from bench.reference import SHARED, Reference
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.importing import ImportOptions, run_import
from threadwise.index.encoder import load_encoder
from threadwise.index.onnx_encoder import OnnxEncoder
from threadwise.index.passages import context, cut

TORCH = """
import time
clock, processor = time.perf_counter(), time.process_time()
import torch
print(time.perf_counter() - clock, time.process_time() - processor)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=sorted((SHARED / "corpora").glob("*.jsonl.gz")))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    reference = Reference()
    reference.encode(["warm up"] * 64)
    ratios: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as room:
        files = [shortened(path, Path(room), asked.threads) if asked.threads else path for path in asked.files]
        load_encoder(Settings(home=Path(room)))  # exports it once
        for number in range(asked.rounds):
            ours, texts = imported(Path(room), number, files)
            theirs = timed(lambda: reference.encode(texts))  # noqa: B023 - called at once
            ratios.append((theirs[0] / ours[0], theirs[1] / ours[1]))
            print(f"{len(texts)} passages: import {ours[0]:.1f} s, bare encoding {theirs[0]:.1f} s", flush=True)
    clock, processor = (statistics.median(ratio[i] for ratio in ratios) for i in (0, 1))
    print(f"import to searchable: {clock:.2f} x the rate of bare encoding (clock), {processor:.2f} x (processor time)")


def imported(room: Path, number: int, files: list[Path]) -> tuple[tuple[float, float], list[str]]:
    """What an import took, on the clock and of the processor, and the passages as they are embedded."""
    home = room / f"home-{number}"
    home.mkdir()
    (home / "cache").mkdir()
    for export in (room / "cache").glob("encoder-*"):
        (home / "cache" / export.name).symlink_to(export)
    with Assistant.open(Settings(home=home)) as assistant:
        assistant.index.encode(["warm up"])
        clock, processor = timed(lambda: run_import(assistant, files, ImportOptions()))
        texts = [context(thread, passage) for thread in assistant.store.threads() for passage in cut(thread)]
        if assistant.index.generation != assistant.store.generation:
            sys.exit("The index is not level with the corpus; the figure would mean nothing.")
        encoder = assistant.index._encoding.encoder()
        if isinstance(encoder, OnnxEncoder) and encoder._many is not None:
            done = subprocess.run([sys.executable, "-c", TORCH], capture_output=True, text=True, check=True)
            extra = [float(part) for part in done.stdout.split()]
            clock, processor = clock + extra[0], processor + extra[1]
    return (clock, processor), texts


def shortened(path: Path, folder: Path, threads: int) -> Path:
    """The first threads of a file, in a file of its own."""
    short = folder / path.name.removesuffix(".gz")
    with gzip.open(path, "rb") as lines, short.open("wb") as out:
        for _, line in zip(range(threads), lines, strict=False):
            out.write(line)
    return short


if __name__ == "__main__":
    main()
