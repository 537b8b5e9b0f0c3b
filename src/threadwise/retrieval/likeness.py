"""Why one thread is like another: the rare words both have, the sentence that matches best, what only one of them has.

Words decide here, since words can be shown: a reader sees at once whether they are the ones that matter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

from threadwise.corpus.duplicates import NEARLY
from threadwise.corpus.fingerprint import jaccard, question_text, shingles
from threadwise.domain import SimilarThread, Thread
from threadwise.index.indexer import Index
from threadwise.index.spans import sentence_spans
from threadwise.retrieval.query import EMPTY

SHARED = 6
"""Words that are named as shared; more say nothing more."""

DIFFERENT = 4

TELLING = 1.0
"""Least rarity of a word that is named: about one passage in three has a word of 1."""

LONGEST_READ = 4_000
"""Characters of a question that are compared; what matters comes first."""

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)*")


class Words:
    """The words of a corpus: their stems and how rare they are. Made for one comparison, and forgotten after it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._passages = len(index)
        self._rarity: dict[str, float] = {}

    def forms(self, text: str) -> dict[str, str]:
        """The stems of a text, each with the word it was made from first."""
        found: dict[str, str] = {}
        for match in _WORD.finditer(text[:LONGEST_READ]):
            for stem in self._index.terms(match.group()):
                if len(stem) > 2:
                    found.setdefault(stem, match.group().lower())
        return found

    def rarity(self, stem: str) -> float:
        """How telling a stem is, in nats: about 0 where every passage has it."""
        if stem not in self._rarity:
            seen = self._index.frequency(stem)
            self._rarity[stem] = max(0.0, round(math.log((self._passages + 1) / (seen + 0.5)), 6))
        return self._rarity[stem]

    def weight(self, stems: Collection[str]) -> float:
        """The rarity of some stems together."""
        return math.fsum(self.rarity(stem) for stem in stems)

    def rarest(self, stems: Collection[str], forms: dict[str, str], most: int) -> tuple[str, ...]:
        """The words of the rarest of these stems, rarest first; words that say nothing are none of them."""
        telling = [stem for stem in stems if self.rarity(stem) > TELLING and forms[stem] not in EMPTY]
        return tuple(forms[stem] for stem in sorted(telling, key=lambda stem: (-self.rarity(stem), stem))[:most])


def explain(
    asked: dict[str, str], thread: Thread, score: float, folded: tuple[str, ...], words: Words
) -> SimilarThread:
    """Say why a thread is like a text.

    Args:
        asked: The stems of the text it was found for.
        thread: What was found.
        score: How well it matches.
        folded: Ids of threads that ask the same in nearly the same words and are left out for it.
        words: The corpus's words.
    """
    own = words.forms(question_text(thread))
    return SimilarThread(
        thread.id,
        thread.heading,
        round(score, 4),
        thread.url,
        words.rarest(own.keys() & asked.keys(), own, SHARED),
        _best_sentence(asked, thread, words),
        folded,
        words.rarest(own.keys() - asked.keys(), own, DIFFERENT),
    )


def fold(ranked: Sequence[tuple[Thread, float]]) -> list[tuple[Thread, float, tuple[str, ...]]]:
    """Keep the first of threads that ask the same in nearly the same words, with the ids of the others."""
    kept: list[tuple[Thread, float, list[str]]] = []
    runs: list[frozenset[int]] = []
    for thread, score in ranked:
        own = shingles(question_text(thread))
        like = next((i for i, other in enumerate(runs) if jaccard(own, other) >= NEARLY), None)
        if like is None:
            kept.append((thread, score, []))
            runs.append(own)
        else:
            kept[like][2].append(thread.id)
    return [(thread, score, tuple(folded)) for thread, score, folded in kept]


def _best_sentence(asked: Collection[str], thread: Thread, words: Words) -> str:
    """The sentence of the question whose words match best; the heading where none does."""
    text = thread.question.text[:LONGEST_READ]
    best, most = thread.heading, 0.0
    for start, end in sentence_spans(text):
        match = words.weight(words.forms(text[start:end]).keys() & set(asked))
        if match > most:
            best, most = text[start:end], match
    return best
