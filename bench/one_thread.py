"""One thread added to and deleted from a corpus of 100,000 passages: how long until it is found, and found no more.

    python -m bench.one_thread [--passages 100000] [--rounds 15] [--folder FOLDER]

Everything is done as in the web app and on the command line (`Assistant.add`, `Assistant.delete`: the lock, the corpus
on the disk with its fsync, words, vectors, catalog), in a corpus of made-up threads of eight posts, a passage each.
Encoding is left out, as what is asked is the time beyond it: the vectors are made up, each between those of two real
passages, which takes about a millisecond a thread. After each step the thread is looked for by its words and by its
vector. Milliseconds are medians; the ratios are to R, which encodes one question with `SentenceTransformer.encode` at
its defaults and searches `IndexFlatIP` of as many vectors, in the same process. `--folder` keeps the corpus.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np

from bench.at_size import QUESTIONS, REPLIES, Between, Forum, level
from bench.reference import Reference, seconds
from bench.vectors_at_size import unit
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.store import Store
from threadwise.index.indexer import Index

AT_ONCE = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    faiss.omp_set_num_threads(1)
    with tempfile.TemporaryDirectory() as room, opened(asked.folder or Path(room)) as assistant:
        forum = Forum(0)
        fill(assistant, forum, asked.passages // (REPLIES + 1))
        print(f"{len(assistant.index):,} passages")
        adds, deletes = measure(assistant, forum, asked.rounds)
        theirs = reference(len(assistant.index), asked.rounds)
    print(f"R, a question: {1000 * theirs:.1f} ms")
    for name, times in (("added and found", adds), ("deleted and found no more", deletes)):
        middle, worst = statistics.median(times), max(times)
        print(f"{name}: {1000 * middle:.0f} ms, worst {1000 * worst:.0f}; {middle / theirs:.1f} times R's question")


@contextmanager
def opened(folder: Path) -> Iterator[Assistant]:
    """An Assistant whose vectors are made up."""
    settings = Settings(home=folder)
    with Store.open(settings) as store:
        index = Index.open(settings, store, Between(Settings()))
        with Assistant(settings, store, index, make_composer(settings)) as assistant:
            yield assistant


def fill(assistant: Assistant, forum: Forum, threads: int) -> None:
    """Put so many threads into the corpus, and bring the index level."""
    names = [f"t{number:07d}" for number in range(1, threads + 1)]
    for start in range(assistant.store.counts().threads, threads, AT_ONCE):
        assistant.store.put(map(forum.thread, names[start : start + AT_ONCE]))
        level(assistant.settings, assistant.index)
    assistant.index.settle()


def measure(assistant: Assistant, forum: Forum, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of each addition and of each deletion."""
    adds, deletes = [], []
    for number in range(rounds):
        thread = forum.thread(f"new{number:04d}")
        words = thread.posts[1].text
        started = time.perf_counter()
        assistant.add(thread)
        adds.append(time.perf_counter() - started)
        assert finds(assistant, words, thread.id)
        started = time.perf_counter()
        assistant.delete(thread.id)
        deletes.append(time.perf_counter() - started)
        assert not finds(assistant, words, thread.id)
    return adds, deletes


def finds(assistant: Assistant, words: str, thread_id: str) -> bool:
    """Whether a thread is found by words and by vector; an error where only one of them finds it."""
    by_words = {hit.item.thread_id for hit in assistant.index.words(words, 10)}
    [near] = assistant.index.nearest(assistant.index.encode([words]), 10)
    by_vector = {hit.item.thread_id for hit in near}
    assert (thread_id in by_words) == (thread_id in by_vector)
    return thread_id in by_words


def reference(passages: int, rounds: int) -> float:
    """Median seconds in which R encodes a question and searches as many vectors."""
    theirs = Reference()
    chance = np.random.default_rng(5)
    theirs.index.add(unit(chance.standard_normal((passages, 384), dtype=np.float32)))
    listed = [QUESTIONS[number % len(QUESTIONS)] for number in range(rounds + 1)]
    theirs.search(listed.pop())
    return statistics.median(seconds(lambda: theirs.search(question)) for question in listed)  # noqa: B023


if __name__ == "__main__":
    main()
