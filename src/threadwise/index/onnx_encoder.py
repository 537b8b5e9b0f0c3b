"""Run an exported encoder with onnxruntime: what a question needs, without torch and what it drags in.

A text is computed in a batch with texts of nearly its length, in batches small enough for the processor's cache, one
batch a core. The batch a text is in changes its vector by less than 1e-6 (padding is masked, but sums are grouped
otherwise). Many texts at once may go to another, faster run of the same model (`Many`), which changes vectors by less
than 0.01; the vector cache makes the first one final.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from threadwise.errors import ModelError
from threadwise.index.files import sha256_of, write_whole

FORMAT = 1
GRAPH = "encoder.onnx"
MANIFEST = "encoder.json"

BATCH_PIECES = 1024
"""Word pieces a batch, padding included. Measured on a busy AMD EPYC core with 512 KB of second-level cache, passages
of 128 pieces, three rounds: 512 and 1024 alike, 2048 1.1 to 1.6 times slower, 4096 1.3 to 1.7 times
(`python -m bench.encode --batches`)."""

MANY = 400
"""Texts from which loading another run for many pays: it takes as long as it saves over about 200."""

MANY_LOADED = 32
"""Texts that go to it once it is loaded."""

Run: TypeAlias = Callable[[Sequence[Sequence[int]]], Any]
"""Unit rows of a batch of texts, given as word pieces."""

Many: TypeAlias = Callable[[], Run]
"""Loads a run that is faster with many texts."""

_TOKENIZED_AT_ONCE = 2048

_HALF_PAIRS = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Export:
    """What an exported encoder says of itself.

    `difference` is the largest one between a component of its vectors and the original's, on sample texts; `refused`
    says why there is no graph, where there is none, so that it is not tried again at every start.
    """

    format: int
    name: str
    dim: int
    longest: int
    source: str
    graph: str
    difference: float
    refused: str = ""

    @classmethod
    def read(cls, folder: Path, source: str) -> Export | None:
        """What is exported in a folder from the weights with this SHA-256; None where nothing is."""
        try:
            export = cls(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return export if export.format == FORMAT and export.source == source else None

    def write(self, folder: Path) -> None:
        """Write the manifest; the graph must be there already."""
        write_whole(folder / MANIFEST, json.dumps(asdict(self), indent=2).encode())


class OnnxEncoder:
    """An exported encoder. Many threads may encode at once, through one session."""

    def __init__(self, graph: Path, tokenizer: Path, export: Export, many: Many | None = None) -> None:
        """Load the graph.

        Args:
            graph: The exported model.
            tokenizer: What cuts texts into word pieces.
            export: What the graph says of itself.
            many: Loads what runs many texts at once, where there is something faster.

        Raises:
            ModelError: The graph or the tokenizer is missing or damaged.
        """
        self.name = export.name
        self.dim = export.dim
        found = sha256_of(graph)
        if found != export.graph:
            raise ModelError(
                f"{graph} has the SHA-256 {found}, {MANIFEST} beside it says {export.graph}. "
                f"Delete the folder {graph.parent}; it is made anew from the model."
            )
        self._session = _session(graph)
        self._tokenizer = _tokenizer(tokenizer, export.longest)
        self._vocabulary: frozenset[str] | None = None
        self._workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._load_many = many
        self._many: Run | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit float32 rows, shape (len(texts), dim), in the order of the texts; equal texts are computed once."""
        unique = list(dict.fromkeys(texts))
        rows = np.empty((len(unique), self.dim), dtype=np.float32)
        run = self._run_for(len(unique))
        for start in range(0, len(unique), _TOKENIZED_AT_ONCE):
            self._fill(rows[start : start + _TOKENIZED_AT_ONCE], unique[start : start + _TOKENIZED_AT_ONCE], run)
        if len(unique) == len(texts):
            return rows
        places = {text: i for i, text in enumerate(unique)}
        return rows[[places[text] for text in texts]]

    def vocabulary(self) -> Collection[str]:
        """The word pieces that it reads."""
        if self._vocabulary is None:
            self._vocabulary = frozenset(self._tokenizer.get_vocab())
        return self._vocabulary

    def _run_for(self, texts: int) -> Run:
        with self._lock:
            if self._many is None and self._load_many is not None and texts >= MANY:
                self._many = self._load_many()
            return self._many if self._many is not None and texts >= MANY_LOADED else self._run

    def _fill(self, rows: NDArray[np.float32], texts: Sequence[str], run: Run) -> None:
        pieces = self._pieces(texts)
        batches = list(_batches([len(ids) for ids in pieces]))

        def fill(batch: list[int]) -> None:
            rows[batch] = run([pieces[i] for i in batch])

        if len(batches) == 1 or self._workers == 1:
            for batch in batches:
                fill(batch)
            return
        # The longest first, so that no core is left with them at the end.
        for _ in self._threads().map(fill, reversed(batches)):
            pass

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        # Half a surrogate pair, from a broken terminal or file name, is no character.
        clean = [_HALF_PAIRS.sub("\ufffd", text) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(clean)]

    def _run(self, pieces: Sequence[Sequence[int]]) -> Any:
        ids = np.zeros((len(pieces), max(map(len, pieces))), dtype=np.int32)
        mask = np.zeros_like(ids)
        for i, row in enumerate(pieces):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        return self._session.run(["vectors"], {"ids": ids, "mask": mask})[0]

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="encode")
            return self._pool


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, shortest first; at most `BATCH_PIECES` a batch, little of it padding."""
    batch: list[int] = []
    held = 0
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        held += lengths[place]
        padded = (len(batch) + 1) * lengths[place]
        # A run costs about as much as a few dozen pieces do.
        if batch and (padded > BATCH_PIECES or padded - held > max(32, held // 10)):
            yield batch
            batch, held = [], lengths[place]
        batch.append(place)
    if batch:
        yield batch


def _session(graph: Path) -> Any:
    options = onnxruntime.SessionOptions()
    # A batch runs on the thread that asks for it: cores are shared between batches and people, not inside a batch.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The graph is written with fused operators; looking for more to fuse doubles the time to load it.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, all of Exception
        raise ModelError(f"{graph} cannot be loaded ({error}). Delete its folder; it is made anew.") from error


def _tokenizer(path: Path, longest: int) -> Any:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises plain Exception
        raise ModelError(f"{path} cannot be read ({error}). Install the model again.") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer
