"""Teach the network of src/threadwise/advice/network.py which sentences advise; `tools/train_advice.py` calls this.

The same layers in torch, which is needed for teaching alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from threadwise.advice.claims.likeness import common_words
from threadwise.advice.network import CLOSES, KINDS, LONGEST, OPENS, OTHER, PAUSE, Network, kind_of, spread

WORDS = 6000
LEAST_SEEN = 3  # in labelled sentences
LEAST_SEEN_IN_ALL = 6
LABELLED_COUNTS = 15  # as often a word counts among the commonest when it stands in a labelled sentence
OWN = 32
WIDTH = 96
PASSES = 4
BATCH = 256
RATE = 3e-3
DROPPED = 0.2
FORGOTTEN_WORDS = 0.05


@dataclass(frozen=True, slots=True)
class Lesson:
    """Sentences as tokens, how likely each is said to advise, and how much it counts."""

    sentences: Sequence[Sequence[str]]
    chances: NDArray[np.float32]
    weights: NDArray[np.float32]


class Layers(torch.nn.Module):
    """The network over places of words, shape (sentences, longest), in its own table and among the common words."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        super().__init__()
        self.table = torch.nn.Embedding(WORDS + KINDS, OWN, padding_idx=PAUSE)
        torch.nn.init.normal_(self.table.weight, std=0.3)
        with torch.no_grad():
            self.table.weight[PAUSE] = 0
        self.register_buffer("vectors", torch.from_numpy(vectors))
        self.first = torch.nn.Conv1d(OWN + vectors.shape[1], WIDTH, 3, padding=1)
        self.second = torch.nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.top = torch.nn.Linear(3 * WIDTH, 1)
        self.dropped = torch.nn.Dropout(DROPPED)

    def forward(self, own: torch.Tensor, common: torch.Tensor) -> torch.Tensor:
        """Logits, shape (sentences,)."""
        words = (own != PAUSE)[:, None].float()
        rows = self.dropped(torch.cat([self.table(own), self.vectors[common]], 2)).transpose(1, 2)
        seen = torch.relu(self.first(rows)) * words
        seen = seen + torch.relu(self.second(seen)) * words
        strongest = (seen - (1 - words) * 1e3).amax(2)
        total = seen.sum(2) / (2 * words.sum(2).sqrt())
        return self.top(self.dropped(torch.cat([strongest, total, seen[:, :, 1]], 1)))[:, 0]


def commonest(labelled: Iterable[Sequence[str]], others: Iterable[Sequence[str]]) -> dict[str, int]:
    """The words that get vectors of their own, with their places in the table."""
    seen: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for tokens in labelled:
        seen.update(tokens)
        known.update(set(tokens))
    for tokens in others:
        seen.update(tokens)
    words = [word for word, count in seen.items() if count >= LEAST_SEEN_IN_ALL or known[word] >= LEAST_SEEN]
    words.sort(key=lambda word: (-seen[word] - LABELLED_COUNTS * known[word], word))
    return {word: place for place, word in enumerate(words[:WORDS], KINDS)}


def teach(lesson: Lesson, places: dict[str, int], seed: int = 0) -> Network:
    """A network taught by `lesson`; batches of like length, the rate rising for a tenth of the way and falling."""
    torch.manual_seed(seed)
    common, vectors = common_words()
    own, beside = _places(lesson.sentences, places, common)
    sizes = (own != PAUSE).sum(1).numpy()
    chances, weights = torch.from_numpy(lesson.chances), torch.from_numpy(lesson.weights)
    layers = Layers(spread(vectors))
    optimizer = torch.optim.AdamW(layers.parameters(), lr=RATE, weight_decay=1e-4)
    steps = PASSES * -(-len(sizes) // BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps + 1, pct_start=0.1)
    shuffled = np.random.default_rng(seed)
    loss_of = torch.nn.BCEWithLogitsLoss(reduction="none")
    for _ in range(PASSES):
        order = np.argsort(sizes + shuffled.uniform(0, 4, len(sizes)))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        for at in shuffled.permutation(len(batches)):
            rows = batches[at]
            longest = sizes[rows].max()
            said = layers(*_forgetting(own[rows, :longest], beside[rows, :longest]))
            loss = (loss_of(said, chances[rows]) * weights[rows]).sum() / weights[rows].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rate.step()
    return _network(layers, places, common)


def write(network: Network, target: Path) -> None:
    """Keep a network: its table in bytes with a scale for each word, its layers in half precision."""
    scales = np.maximum(np.abs(network.table).max(axis=1), 1e-6) / 127
    np.savez_compressed(
        target,
        words=np.frombuffer("\n".join(network.places).encode(), dtype=np.uint8),
        table=np.round(network.table / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float16),
        first=network.first.astype(np.float16),
        first_bias=network.first_bias,
        second=network.second.astype(np.float16),
        second_bias=network.second_bias,
        top=network.top.astype(np.float16),
        bias=np.float32(network.bias),
    )


def _places(
    sentences: Sequence[Sequence[str]], places: dict[str, int], common: dict[str, int]
) -> tuple[torch.Tensor, torch.Tensor]:
    own = np.full((len(sentences), LONGEST + 2), PAUSE, dtype=np.int64)
    beside = np.zeros_like(own)
    for at, sentence in enumerate(sentences):
        row = sentence[:LONGEST]
        own[at, : len(row) + 2] = [OPENS, *(places.get(word) or kind_of(word) for word in row), CLOSES]
        beside[at, 1 : len(row) + 1] = [common.get(word, -1) + 1 for word in row]
    return torch.from_numpy(own), torch.from_numpy(beside)


def _forgetting(own: torch.Tensor, beside: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Some words as if they were unknown, so that no sentence hangs on one of them."""
    forgotten = (torch.rand(own.shape) < FORGOTTEN_WORDS) & (own > CLOSES)
    return own.masked_fill(forgotten, OTHER), beside.masked_fill(forgotten, 0)


def _network(layers: Layers, places: dict[str, int], common: dict[str, int]) -> Network:
    sides = {
        name: np.ascontiguousarray(layer.weight.detach().numpy().transpose(2, 1, 0).swapaxes(0, 1))
        for name, layer in (("first", layers.first), ("second", layers.second))
    }
    return Network(
        places=places,
        table=layers.table.weight.detach().numpy(),
        common=common,
        vectors=layers.vectors.numpy(),
        first=sides["first"].reshape(-1, 3 * WIDTH),
        first_bias=layers.first.bias.detach().numpy(),
        second=sides["second"].reshape(-1, 3 * WIDTH),
        second_bias=layers.second.bias.detach().numpy(),
        top=layers.top.weight.detach().numpy()[0],
        bias=float(layers.top.bias.detach()),
    )
