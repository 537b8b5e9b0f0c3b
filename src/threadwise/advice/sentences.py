"""Which sentences of a post advise: tell the asker what to do, not to do, or what did it for somebody.

Questions, thanks, jokes, quotes of others and complaints are not advice. A linear model over mood, modality and word
n-grams and a small network over words; pure, text in, probabilities out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from threadwise.advice.chatter import chats, names_source
from threadwise.advice.jokes import jests, takes_back_the_last
from threadwise.advice.mood import features, tokens
from threadwise.advice.network import Network, shipped_network
from threadwise.advice.references import is_entry, whole_entries
from threadwise.domain import Post
from threadwise.index.spans import sentence_spans

IN_A_REPLY = 0.32
"""Probability from which a sentence of a reply is taken as advice; people who reply to a question mostly advise.

Source: docs/decisions/0005-advice-sentences.md; lower than the best F1 on tests/labels/advice-demo-fit.jsonl
asks for, by what answers cite on the development half of tests/labels/citations.jsonl.
"""

NETWORK_SHARE = 0.3
"""How much the network says in the logit beside the linear model: with more of it answers leave out a post that must be
cited (docs/decisions/0005-advice-sentences.md).
"""

_AT_ONCE = 256  # sentences in one pass

_QUOTE = re.compile(r"\s*>")
_ITEM = re.compile(r"[ \t]*(?:[-*+•–—]|\(?(?:\d{1,2}|[a-z])[.)])\s")


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model over the features of `mood`, and a network over words that has its `NETWORK_SHARE` in the logit.

    `threshold` is the best one for any forum sentence.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    network: Network

    def chances(self, texts: Sequence[str]) -> list[float]:
        """How likely each sentence advises, 0 to 1."""
        found: list[float] = []
        for at in range(0, len(texts), _AT_ONCE):
            some = texts[at : at + _AT_ONCE]
            logits = self.network.logits([tokens(text) for text in some]).tolist()
            found += map(self._chance, some, logits)
        return found

    def _chance(self, text: str, logit: float) -> float:
        if _QUOTE.match(text):
            return 0.0
        known = self.weights
        linear = self.bias + sum(known.get(name, 0.0) * value for name, value in features(text).items())
        return 1 / (1 + math.exp(-blended(linear, logit)))


Logit = TypeVar("Logit", float, NDArray[np.float64])


def blended(linear: Logit, network: Logit) -> Logit:
    """The logit of both models together."""
    return (1 - NETWORK_SHARE) * linear + NETWORK_SHARE * network


@cache
def shipped() -> Model:
    """The model that comes with Threadwise; docs/decisions/0005-advice-sentences.md says how it was trained."""
    with resources.files("threadwise.advice").joinpath("weights.npz").open("rb") as file, np.load(file) as data:
        names = data["names"].tobytes().decode().split("\n")
        bias, threshold = data["offset"].tolist()
        weights = dict(zip(names, data["coefficients"].astype(float).tolist(), strict=True))
    return Model(weights, bias, threshold, shipped_network())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span [start, end) of a post, where it stands, and how likely it is that it advises.

    `block` numbers the paragraph or list item that it is in; `item` numbers the list (0: in none), `item_start` says
    that it opens an item; `quoted` that it repeats somebody else; `joke` that it is not meant, or not for who reads it
    later (`chatter`); `aside` that it only names a source.
    """

    text: str
    start: int
    end: int
    block: int
    item: int
    item_start: bool
    quoted: bool
    advice: float
    joke: bool = False
    aside: bool = False

    @property
    def advises(self) -> bool:
        """Whether it counts as advice."""
        return self.advice >= IN_A_REPLY and not self.asks and not self.joke and not self.aside

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip("\"'”’)»*_ ").endswith("?")


@lru_cache(maxsize=16384)
def chance(text: str) -> float:
    """How likely a sentence advises, by the shipped model; the same threads are asked about again and again."""
    return shipped().chances([text])[0]


@lru_cache(maxsize=4096)
def read_post(post: Post) -> tuple[Sentence, ...]:
    """The sentences of a post in order."""
    found: list[Sentence] = []
    block = items = last_item = 0
    end = 0
    spans = whole_entries(post.text, sentence_spans(post.text))
    advice = shipped().chances([post.text[start:stop] for start, stop in spans])
    for (start, stop), chance_ in zip(spans, advice, strict=True):
        text, gap = post.text[start:stop], post.text[end:start]
        opens = bool(_ITEM.match(text))
        parted = not found or gap.count("\n") > 1 or opens or found[-1].quoted != bool(_QUOTE.match(text))
        block += parted
        if opens:
            items += not last_item
            last_item = items
        elif parted:
            last_item = 0
        quoted = bool(_QUOTE.match(text))
        if found and found[-1].block == block and takes_back_the_last(text):
            found[-1] = replace(found[-1], joke=True)
        joke, aside = jests(text) or chats(text), is_entry(text) or names_source(text, gap)
        found.append(Sentence(text, start, stop, block, last_item, opens, quoted, chance_, joke, aside))
        end = stop
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Measured:
    """How well the shipped model finds the sentences that people labelled as advice."""

    precision: float
    recall: float
    f1: float


def measure(rows: Iterable[tuple[str, bool]]) -> Measured:
    """Compare the model that answers are composed with, at its threshold for any sentence, with labels.

    Args:
        rows: Sentences, each with whether it advises.
    """
    model = shipped()
    judged = list(rows)
    chances = model.chances([text for text, _ in judged])
    verdicts = [(one >= model.threshold, advice) for one, (_, advice) in zip(chances, judged, strict=True)]
    right = sum(said and advice for said, advice in verdicts)
    said, true = sum(said for said, _ in verdicts), sum(advice for _, advice in verdicts)
    return Measured(right / said if said else 0.0, right / true if true else 0.0, 2 * right / max(1, said + true))
