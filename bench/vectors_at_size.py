"""How much of what comparing every vector finds the lists find, how fast, and in how much memory.

    python -m bench.vectors_at_size [--sizes 200000 1000000] [--kinds clustered text] [--queries 200] [--probes 64 256]

`clustered` are random middles with random rows around them, one middle for a hundred rows. `text` are the vectors of
all passages of ../shared/corpora, multiplied: each is a mixture of two passages' vectors and noise, so that their shape
is that of real text, but no text says them. `real` are those vectors themselves, a few thousand, whatever size is asked
for; they fill fewer lists, so that `--probes` has to be a like share of them. Recall is the share of the ten nearest by
comparing all (float32) that the shipped index names among its first ten, and under a filter that keeps a random 2 % the
same among those. Milliseconds are of the processor for one question: on a busy machine the clock tells of the others.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import faiss
import numpy as np

from bench.encode import real_passages
from threadwise.config import Settings
from threadwise.index import layout
from threadwise.index.encoder import load_encoder
from threadwise.index.layout import SAMPLED, wanted
from threadwise.index.vectors import Floats, Ids, VectorIndex

DIM = 384
KEPT = 0.02
CHUNK = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", default=["clustered", "text"])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--probes", type=int, nargs="+", default=[layout.PROBED], help="lists looked into")
    asked = parser.parse_args()
    faiss.omp_set_num_threads(1)
    print(
        "kind       rows     lists  probes recall@10  under filter  ms     ms filtered  bytes/row  trained s  filled s"
    )
    for kind in asked.kinds:
        for size in asked.sizes:
            for line in measure(kind, *made(kind, size, asked.queries), asked.probes):
                print(line, flush=True)


def made(kind: str, size: int, queries: int) -> tuple[Floats, Floats]:
    """Rows to be searched, and others to search with."""
    chance = np.random.default_rng(5)
    if kind == "real":
        rows = chance.permutation(text_vectors())
        return rows[queries:], rows[:queries]
    make = clustered(chance, size) if kind == "clustered" else text(chance)
    rows = np.empty((size, DIM), dtype=np.float32)
    for start in range(0, size, CHUNK):
        rows[start : start + CHUNK] = make(min(CHUNK, size - start))
    return rows, make(queries)


def measure(kind: str, rows: Floats, asked: Floats, probes: Sequence[int]) -> Iterator[str]:
    """A line of the table for each number of lists looked into."""
    chance, size = np.random.default_rng(6), len(rows)
    everything = np.arange(size)
    some = np.sort(chance.choice(size, int(size * KEPT), replace=False))
    true, true_of_some = nearest(rows, asked, everything), nearest(rows, asked, some)

    plan = wanted(size, 0)
    started = time.perf_counter()
    sample = rows[chance.choice(size, min(size, plan.lists * SAMPLED), replace=False)]
    index = VectorIndex.trained(sample, plan, lambda ids: {i: rows[i] for i in ids})
    assert index is not None
    trained = time.perf_counter()
    for start in range(0, size, CHUNK):
        index.add(range(start, min(size, start + CHUNK)), rows[start : start + CHUNK])
    filled = time.perf_counter()
    del sample
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder), model="", generation=0, epoch="", stamp=0)
        # What is saved is what is held once it is loaded, and a byte a number beside it.
        held = next(Path(folder).glob("*.faiss")).stat().st_size / size + 1
    for layout.PROBED in probes:
        recall, took = ask(index, asked, true, None)
        recall_some, took_some = ask(index, asked, true_of_some, some)
        yield (
            f"{kind:<10} {size:<8} {plan.lists:<6} {layout.PROBED:<6} {recall:.4f}     {recall_some:.4f}        "
            f"{took:<6.2f} {took_some:<12.2f} {held:<10.0f} {trained - started:<10.0f} {filled - trained:.0f}"
        )


def ask(index: VectorIndex, asked: Floats, true: Sequence[set[int]], within: Ids | None) -> tuple[float, float]:
    """Recall@10, and the median of milliseconds."""
    shares, times = [], []
    for query, expected in zip(asked, true, strict=True):
        started = time.thread_time()
        [found] = index.search(query[None, :], 10, within=within)
        times.append(time.thread_time() - started)
        shares.append(len({number for number, _ in found} & expected) / 10)
    return statistics.mean(shares), 1000 * statistics.median(times)


def nearest(rows: Floats, asked: Floats, among: Ids) -> list[set[int]]:
    """The ten nearest of some rows, by comparing all of them."""
    scores = np.full((len(asked), 10), -2, dtype=np.float32)
    numbers = np.zeros((len(asked), 10), dtype=np.int64)
    for start in range(0, len(among), CHUNK):
        some = among[start : start + CHUNK]
        scores = np.concatenate([scores, asked @ rows[some].T], axis=1)
        numbers = np.concatenate([numbers, np.broadcast_to(some, (len(asked), len(some)))], axis=1)
        best = np.argpartition(-scores, 9, axis=1)[:, :10]
        scores, numbers = np.take_along_axis(scores, best, 1), np.take_along_axis(numbers, best, 1)
    return [set(row.tolist()) for row in numbers]


Make = Callable[[int], Floats]


def clustered(chance: np.random.Generator, size: int) -> Make:
    """Rows at a cosine of about 0.74 from their middle."""
    middles = unit(chance.standard_normal((size // 100, DIM), dtype=np.float32))

    def make(count: int) -> Floats:
        around = chance.standard_normal((count, DIM), dtype=np.float32) * np.float32(0.9 / DIM**0.5)
        return unit(middles[chance.integers(0, len(middles), count)] + around)

    return make


def text(chance: np.random.Generator) -> Make:
    """Rows between two passages' vectors, nearer to the first, with noise of a length of 0.4."""
    real = text_vectors()

    def make(count: int) -> Floats:
        first, second = (real[chance.integers(0, len(real), count)] for _ in range(2))
        share = chance.uniform(0, 0.5, (count, 1)).astype(np.float32)
        noise = chance.standard_normal((count, DIM), dtype=np.float32) * np.float32(0.4 / DIM**0.5)
        return unit((1 - share) * first + share * second + noise)

    return make


def text_vectors() -> Floats:
    """The vectors of all passages of both corpora, kept in a file beside the exported encoder."""
    settings = Settings()
    path = settings.cache_folder / "bench-passages.npy"
    texts = real_passages()
    if path.exists() and len(rows := np.load(path)) == len(texts):
        return np.asarray(rows, dtype=np.float32)
    rows = load_encoder(settings).encode(texts)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, rows)
    return rows


def unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()
