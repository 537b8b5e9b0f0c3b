"""Encoding passages of real threads: the shipped encoder against sentence-transformers at its defaults.

    python -m bench.encode [--passages 400] [--rounds 3] [--threads 2] [--batches]

All run in this process in turn, on passages of ../shared/corpora of all lengths, each with a title before it: the
reference, the exported graph, and what an import uses, which is bfloat16 where the processor is made for it. Overlap is
the share of the ten nearest passages that both name, over every passage asked as a question. `--batches` times other
batch sizes than the shipped one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.reference import SHARED, Reference
from threadwise.config import Settings
from threadwise.domain import Post, Thread
from threadwise.index import onnx_encoder
from threadwise.index.encoder import load_encoder
from threadwise.index.passages import context, cut


def real_passages(limit: int | None = None, seed: int = 7) -> list[str]:
    """Passages of both corpora as they are embedded, in random order."""
    texts = []
    for path in sorted((SHARED / "corpora").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                thread = Thread(row["id"], row["title"], tuple(Post(p["id"], p["text"]) for p in row["posts"]))
                texts += [context(thread, passage) for passage in cut(thread)]
    random.Random(seed).shuffle(texts)
    return texts[:limit]


def overlap(ours: Any, theirs: Any, k: int = 10) -> float:
    """Mean share of the k nearest other rows that two sets of vectors agree on."""
    near = [np.argsort(-(rows @ rows.T), axis=1)[:, 1 : k + 1] for rows in (ours, theirs)]
    return float(np.mean([len(set(a) & set(b)) / k for a, b in zip(*near, strict=True)]))


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor that a call takes."""
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - clock, time.process_time() - processor


def compare(name: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]], passages: int) -> None:
    clock, processor = (statistics.median(t[i] / o[i] for o, t in zip(ours, theirs, strict=True)) for i in (0, 1))
    rate = passages / statistics.median(o[0] for o in ours)
    print(f"{name:<28} {rate:7.1f} passages/s {clock:6.2f} x R on the clock {processor:6.2f} x R of processor time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--batches", action="store_true")
    asked = parser.parse_args()

    texts = real_passages(asked.passages)
    reference = Reference()
    import torch

    torch.set_num_threads(asked.threads)
    with tempfile.TemporaryDirectory() as home:
        graph = load_encoder(Settings(home=Path(home), backend="onnx"))
        importing = load_encoder(Settings(home=Path(home)))
        sizes = [256, 512, 1024, 2048, 4096] if asked.batches else [onnx_encoder.BATCH_PIECES]
        runs = {(name, size): encoder for name, encoder in [("graph", graph), ("import", importing)] for size in sizes}
        for encoder in runs.values():
            encoder._workers = asked.threads  # type: ignore[attr-defined]
        importing.encode([f"warm up {n}" for n in range(onnx_encoder.MANY)])  # loads what it uses for many
        theirs: list[tuple[float, float]] = []
        ours: dict[tuple[str, int], list[tuple[float, float]]] = {run: [] for run in runs}
        query: list[list[tuple[float, float]]] = [[], []]
        for _ in range(asked.rounds):
            theirs.append(timed(lambda: reference.encode(texts)))
            for run, encoder in runs.items():
                onnx_encoder.BATCH_PIECES = run[1]
                ours[run].append(timed(lambda: encoder.encode(texts)))  # noqa: B023 - called at once
            for text in texts[:20]:
                question = [text[:60]]
                query[0].append(timed(lambda: graph.encode(question)))  # noqa: B023
                query[1].append(timed(lambda: reference.encode(question)))  # noqa: B023
        rows = {"graph": graph.encode(texts), "import": importing.encode(texts)}
        true = reference.encode(texts)

    lengths = sorted(len(text.split()) for text in texts)
    print(
        f"{len(texts)} passages of {lengths[0]} to {lengths[-1]} words, median {lengths[len(lengths) // 2]}; "
        f"{asked.threads} threads, median of {asked.rounds} rounds in turn"
    )
    compare("R: sentence-transformers", theirs, theirs, len(texts))
    for name, size in runs:
        compare(f"{name}, {size} pieces a batch", ours[name, size], theirs, len(texts))
    print(
        f"one question: ours {1000 * statistics.median(q[0] for q in query[0]):.1f} ms, "
        f"R {1000 * statistics.median(q[0] for q in query[1]):.1f} ms"
    )
    for name, found in rows.items():
        print(
            f"{name}: top-10 overlap with R {overlap(found, true):.4f}, "
            f"largest difference {np.abs(found - true).max():.1e}"
        )


if __name__ == "__main__":
    main()
