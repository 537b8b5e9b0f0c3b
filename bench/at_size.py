"""A question, an addition and a deletion where there are many passages: time and memory.

    python -m bench.at_size [--sizes 50000 1000000] [--questions 30] [--folder FOLDER]

The index is filled through the same code as by an import, from a corpus that is made up as it is read: posts of words
drawn from the passages of ../shared/corpora, and vectors between those of two such passages. Nothing is encoded but the
questions, so that a million passages take minutes and not hours. Each size is filled in a process of its own and then
served by another, whose memory is what serving takes: catalog, words, vectors, encoder and Python. Milliseconds are
medians, on the clock and (`cpu`) of the processor, which say more on a busy machine; `question` is retrieval with
encoding the question, without the corpus database and without composing an answer.
`--folder` keeps what was filled for another run.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from bench.encode import real_passages, timed
from bench.reference import memory_mb, peak_memory_mb
from bench.vectors_at_size import text_vectors, unit
from threadwise.config import Settings
from threadwise.corpus.filters import Filters
from threadwise.corpus.lock import writing
from threadwise.corpus.reads import Change
from threadwise.domain import Part, Post, Thread, with_roles
from threadwise.index.encoder import Floats, load_encoder
from threadwise.index.indexer import Index
from threadwise.retrieval.query import understand
from threadwise.retrieval.retriever import Retriever

REPLIES = 7
QUESTIONS = (
    "my coffee tastes bitter however I grind it",
    "what is the best way to teach fractions to children who are afraid of them?",
    "beer goes flat after two days in the keg, I cleaned the lines and changed the gas but nothing helped so far",
    "students copy homework",
    "how long can I keep roasted beans in the freezer without losing taste, and should they be ground before or after?",
    "proof by induction is never understood at the first go",
)


class Forum:
    """A corpus that is made up as it is read; it has what an index and a retriever ask of a store."""

    def __init__(self, threads: int) -> None:
        self.generation = threads
        self.gone: set[str] = set()
        self._words = [text.split() for text in real_passages()]

    def changes(self, since: int) -> Iterator[Change]:
        """One thread a generation; then what was deleted."""
        for number in range(since + 1, self.generation + 1):
            yield Change(f"t{number:07d}", number, f"t{number:07d}" in self.gone)

    def get_many(self, ids: Collection[str]) -> dict[str, Thread]:
        """The threads of these ids."""
        return {thread_id: self.thread(thread_id) for thread_id in ids}

    def __contains__(self, thread_id: object) -> bool:
        return thread_id not in self.gone

    def matching_ids(self, _: Filters) -> list[str]:
        """Every fiftieth thread."""
        return [f"t{number:07d}" for number in range(50, self.generation, 50)]

    def thread(self, thread_id: str) -> Thread:
        """A question and replies, each a passage, from words of one passage and some of another."""
        chance = random.Random(thread_id)
        posts = []
        for number in range(REPLIES + 1):
            first, second = chance.randrange(len(self._words)), chance.randrange(len(self._words))
            words = chance.sample(self._words[first], min(50, len(self._words[first])))
            words += chance.sample(self._words[second], min(10, len(self._words[second])))
            posts.append(Post(str(number), f"{' '.join(words)} {first}x{second}", author=f"p{number}"))
        named = posts[0].text.rpartition(" ")[2]  # titles are encoded too, so they name two passages as posts do
        return Thread(thread_id, f"Question {named}", with_roles(tuple(posts)))


class Between:
    """Vectors of made-up posts, between those of the two passages that they name; questions go to the real encoder."""

    def __init__(self, settings: Settings) -> None:
        self._real = load_encoder(settings)
        self._rows = text_vectors()
        self.name, self.dim = "between@1", self._real.dim

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (len(texts), dim)."""
        named = [text.rpartition(" ")[2].split("x") for text in texts]
        if len(texts) < 4 and not all(len(name) == 2 and name[0].isdigit() for name in named):
            return self._real.encode(texts)
        first, second = (self._rows[[int(name[i]) for name in named]] for i in (0, 1))
        share = np.asarray([[zlib.crc32(text.encode()) / 2**33] for text in texts], dtype=np.float32)
        return unit((1 - share) * first + share * second)

    def vocabulary(self) -> Collection[str]:
        """The real encoder's."""
        return self._real.vocabulary()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps({"fill": fill, "serve": serve}[asked.step](asked.folder, asked.sizes[0], asked.questions)))
        return
    results = []
    with tempfile.TemporaryDirectory() as room:
        for size in asked.sizes:
            folder = (asked.folder or Path(room)) / str(size)
            filled = step("fill", folder, size, asked.questions)
            results.append(step("serve", folder, size, asked.questions))
            print(json.dumps({"passages": size} | filled | results[-1]), flush=True)
    for name in ("question_ms", "question_cpu_ms"):
        print(f"{name}, last size against first: {results[-1][name] / results[0][name]:.2f}")


def step(name: str, folder: Path, size: int, questions: int) -> dict[str, Any]:
    """Run one step in a process of its own."""
    command = [sys.executable, "-m", "bench.at_size", "--step", name, "--folder", str(folder), "--sizes", str(size)]
    done = subprocess.run([*command, "--questions", str(questions)], stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def opened(folder: Path, size: int) -> tuple[Settings, Forum, Index]:
    """The index of a folder over a forum of so many passages."""
    faiss.omp_set_num_threads(1)
    settings = Settings(home=folder)
    forum = Forum(size // (REPLIES + 1))
    return settings, forum, Index.open(settings, forum, Between(Settings()))  # type: ignore[arg-type]


def fill(folder: Path, size: int, _: int) -> dict[str, Any]:
    """Index everything, as an import does."""
    settings, forum, index = opened(folder, size)
    started = time.perf_counter()
    target, forum.generation = forum.generation, min(index.generation, forum.generation)
    while forum.generation < target:
        forum.generation = min(target, forum.generation + 2_500)
        level(settings, index)
        index.settle()
    seconds = time.perf_counter() - started
    index.close()
    return {"filled_s": round(seconds), "fill_peak_mb": round(peak_memory_mb())}


def serve(folder: Path, size: int, questions: int) -> dict[str, Any]:
    """Ask, add and delete."""
    started = time.perf_counter()
    settings, forum, index = opened(folder, size)
    asking = Retriever(index, forum)  # type: ignore[arg-type]
    asking.search(understand(QUESTIONS[0]))
    start_s = time.perf_counter() - started
    listed = [QUESTIONS[n % len(QUESTIONS)] + " " * (n // len(QUESTIONS)) for n in range(questions)]
    steps: list[dict[str, float]] = []
    runs = [timed(lambda: steps.append(asking.search(understand(text)).timings_ms)) for text in listed]  # noqa: B023
    filtered = [timed(lambda: asking.search(understand(f"tag:any {text}"))) for text in listed[: questions // 3]]  # noqa: B023
    result = {
        "lists": [index._vectors.part(part).layout.lists for part in Part],
        "start_s": round(start_s, 1),
        "steps_ms": {name: round(statistics.median(run[name] for run in steps), 1) for name in steps[0]},
        "memory_mb": round(memory_mb()),
    }
    adds, deletes = [], []
    for _ in range(12):
        forum.generation += 1
        adds.append(timed(lambda: level(settings, index)))
        gone = f"t{forum.generation:07d}"
        forum.gone.add(gone)
        forum.changes = lambda _, gone=gone: iter([Change(gone, forum.generation, True)])  # type: ignore[method-assign]
        forum.generation += 1
        forum.gone.add(f"t{forum.generation:07d}")
        deletes.append(timed(lambda: level(settings, index)))
        del forum.changes  # type: ignore[attr-defined]
    index.close()
    for name, times in {"question": runs, "filtered": filtered, "add": adds, "delete": deletes}.items():
        for kind, place in (("ms", 0), ("cpu_ms", 1)):
            result[f"{name}_{kind}"] = round(1000 * statistics.median(time[place] for time in times), 1)
    return result


def level(settings: Settings, index: Index) -> None:
    """Make what was written searchable."""
    with writing(settings):
        index.level()


if __name__ == "__main__":
    main()
