"""Run a BERT encoder with products in bfloat16: half the time where the processor has instructions for it.

Only for many texts at once, since torch takes a second to import. Weights and what is multiplied with them have 8
significant bits; sums, normalisation and the running state keep 24, so that vectors stay within 0.01 of the original's
(`python -m bench.encode` measures it). Leaves to others: word pieces, and which texts go into a batch.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

_FLAGS = {"avx512_bf16", "amx_bf16"}


def worthwhile() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32; False where that cannot be told."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return not _FLAGS.isdisjoint(flags.split())


class HalfBert:
    """The encoder of a model's folder. Many threads may call it at once, each on one core."""

    def __init__(self, folder: Path) -> None:
        """Load the weights. The folder is of a kind that `bert_graph` accepts."""
        import torch  # takes a second; for many texts alone

        from threadwise.index.bert_graph import read_shape  # needs onnx, which a question does without

        self._torch = torch
        self._shape = read_shape(folder)
        self._weights = {
            name: torch.from_numpy(values) for name, values in load_file(folder / "model.safetensors").items()
        }
        self._layers = [self._layer(f"encoder.layer.{n}.") for n in range(self._shape.layers)]
        self._threads = threading.local()

    def __call__(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Unit rows of texts given as word pieces, shape (texts, dim); texts of like length waste least."""
        torch = self._torch
        if not getattr(self._threads, "ready", False):
            torch.set_num_threads(1)  # a batch a core, not all cores for a batch
            self._threads.ready = True
        lengths = [len(row) for row in pieces]
        longest = max(lengths)
        ids = np.zeros((len(pieces), longest), dtype=np.int64)
        for row, text in zip(ids, pieces, strict=True):
            row[: len(text)] = text
        own = np.arange(longest) < np.asarray(lengths)[:, None]
        with torch.inference_mode():
            rows: NDArray[np.float32] = self._run(torch.from_numpy(ids), torch.from_numpy(own)).numpy()
        return rows

    def _run(self, ids: Any, own: Any) -> Any:
        torch, functional = self._torch, self._torch.nn.functional
        hidden = self._embedded(ids)
        # The same for all heads and places; without padding there is nothing to leave out.
        padding = None if bool(own.all()) else torch.zeros(own.shape).masked_fill(~own, -torch.inf)[:, None, None, :]
        for layer in self._layers:
            attended = self._attended(functional.linear(hidden.to(torch.bfloat16), *layer["joined"]), padding)
            hidden = self._normal(hidden + functional.linear(attended, *layer["attended"]), layer["first norm"])
            inner = functional.gelu(functional.linear(hidden.to(torch.bfloat16), *layer["inner"]))
            hidden = self._normal(hidden + functional.linear(inner, *layer["outer"]), layer["second norm"])
        pooled = hidden[:, 0] if self._shape.first_token else (hidden * own[:, :, None]).sum(dim=1)
        return functional.normalize(pooled, dim=-1)

    def _attended(self, joined: Any, padding: Any) -> Any:
        """Attention written out: torch's fused one is half as fast where texts and heads are this small."""
        torch, heads = self._torch, self._shape.heads
        texts, longest, _ = joined.shape
        parts = joined.view(texts, longest, 3, heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = (part.reshape(texts * heads, longest, -1) for part in parts)
        scores = torch.bmm(query, key.transpose(1, 2)).view(texts, heads, longest, longest).float()
        scores *= query.shape[-1] ** -0.5
        if padding is not None:
            scores += padding
        shares = torch.softmax(scores, dim=-1).bfloat16().view(texts * heads, longest, longest)
        return torch.bmm(shares, value).view(texts, heads, longest, -1).transpose(1, 2).reshape(texts, longest, -1)

    def _embedded(self, ids: Any) -> Any:
        words, places, segments = (
            self._weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        summed = words[ids] + (places[: ids.shape[1]] + segments[0])
        return self._normal(summed, self._pair("embeddings.LayerNorm."))

    def _normal(self, hidden: Any, norm: tuple[Any, Any]) -> Any:
        return self._torch.nn.functional.layer_norm(hidden, hidden.shape[-1:], *norm, self._shape.epsilon)

    def _layer(self, prefix: str) -> dict[str, tuple[Any, Any]]:
        parts = [self._pair(f"{prefix}attention.self.{name}.") for name in ("query", "key", "value")]
        products = {
            "joined": tuple(self._torch.cat(pair) for pair in zip(*parts, strict=True)),
            "attended": self._pair(prefix + "attention.output.dense."),
            "inner": self._pair(prefix + "intermediate.dense."),
            "outer": self._pair(prefix + "output.dense."),
        }
        halves = {name: (pair[0].bfloat16(), pair[1].bfloat16()) for name, pair in products.items()}
        return halves | {
            "first norm": self._pair(prefix + "attention.output.LayerNorm."),
            "second norm": self._pair(prefix + "output.LayerNorm."),
        }

    def _pair(self, prefix: str) -> tuple[Any, Any]:
        return self._weights[prefix + "weight"], self._weights[prefix + "bias"]
