"""What a sentence looks like when it advises: the features of the advice model.

Mood (an imperative opens the sentence or a clause of it), modality (`you should`, `I'd`), who is spoken of, tense,
shape (a question, a list item, how long) and word n-grams. Pure; the same function serves training and answering.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|[?!:;.,()→=>/-]|[^\sa-z\d]")
_TOKENISED = (
    # Corpora come cut into tokens (`do n't`, `it 's`, `word ,`); joined again they look like what people type.
    (re.compile(r"\b(\w+)\s+(n['’]t)\b"), r"\1\2"),
    (re.compile(r"\s+(['’](?:s|re|ve|ll|d|m))\b"), r"\1"),
    (re.compile(r"\s+([.,!?;:%)\]}]+)"), r"\1"),
    (re.compile(r"([(\[{$£€#])\s+"), r"\1"),
    (re.compile(r"\b(ca|wo|gon|wan|got|gim|lem|can)\s+(n['’]t|na|ta|me|not)\b", re.IGNORECASE), r"\1\2"),
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_CLAUSE = re.compile(r"[,;:.!?()→=]| - | then | and | but ")
_CONDITIONAL = re.compile(r"\W*(?:if|when|unless|once|for)\b")
_COPULA = re.compile(r"\b(?:is|are|was|were|isn't|aren't|it's|that's|there's|he's|she's|they're)\b")

_SKIPPED = (
    "and but so then please just also or first second instead now ok okay well definitely maybe honestly seriously "
    "always simply next finally otherwise yes no plus once meanwhile either"
)
_OPENERS = frozenset(_SKIPPED.split())
_SUBJECT_WORDS = "i you he she we they it this that there my your the a an his her their our who which"
_SUBJECTS = frozenset(_SUBJECT_WORDS.split())
_MODALS = frozenset(
    ["should", "must", "need", "have", "ought", "could", "can", "might", "may", "would", "will", "want"]
)
_FORBIDS = frozenset(["don't", "never", "dont", "do", "avoid"])
_PAST = frozenset(["was", "were", "had", "did", "went", "got", "took", "made", "gave", "came", "said", "told"])
_FIRST = frozenset(["i", "i'm", "i've", "my", "me", "mine", "we", "our"])
_SECOND = frozenset(["you", "your", "you're", "you'll"])
_THIRD = frozenset(["he", "she", "they", "his", "her", "their", "him", "them"])


def features(text: str) -> dict[str, float]:
    """The features of a sentence by name, mostly 0 or 1."""
    low = _plain(text)
    row = tokens(text)
    words = [token for token in row if token[0].isalpha()]
    found: dict[str, float] = {}
    _shape(low, words, found)
    _mood(low, words, found)
    _persons(words, found)
    found.update((f"1:{one}", 1.0) for one in row)
    row = ["<s>", *row, "</s>"]
    found.update((f"2:{one} {two}", 1.0) for one, two in pairwise(row))
    found.update((f"3:{one} {two} {three}", 1.0) for one, two, three in zip(row, row[1:], row[2:], strict=False))
    return found


def tokens(text: str) -> list[str]:
    """The words, numbers and marks of a sentence in order, in small letters, as people type them."""
    return _TOKEN.findall(_plain(text))


@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    return natural(text).lower().replace("’", "'")


def natural(text: str) -> str:
    """A sentence as people type it, whatever tokens it was cut into."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and '""' in text:
        text = text[1:-1]
    text = text.replace('""', '"').replace("``", '"').replace("''", '"')
    for pattern, instead in _TOKENISED:
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def _shape(low: str, words: list[str], found: dict[str, float]) -> None:
    shapes = {
        "item": _LIST_MARK.match(low),
        "short": len(words) <= 3,
        "q": low.endswith("?"),
        "lead": low.endswith(":"),
        "quote": low.startswith(">"),
        "if": _CONDITIONAL.match(low),
        "noverb": not any(word in base_verbs() or word in ("is", "are", "was", "were") for word in words),
        "cop": _COPULA.search(low),
        "num": any(c.isdigit() for c in low),
    }
    found.update((name, 1.0) for name, holds in shapes.items() if holds)
    found[f"len:{min(len(words) // 4, 8)}"] = 1.0


def _mood(low: str, words: list[str], found: dict[str, float]) -> None:
    at = _first(words)
    if at < len(words):
        verb, after = words[at], words[at + 1] if at + 1 < len(words) else ""
        if verb in _FORBIDS:
            found["neg_imp"] = 1.0
        if verb in base_verbs():
            found["imp"] = 1.0
            kind = "pron" if after in _SUBJECTS else "v" if after in base_verbs() else "x" if after else "end"
            found[f"imp_n:{kind}"] = 1.0
        found[f"first:{verb}"] = 1.0
        found[f"subj:pron_{verb}" if verb in _SUBJECTS else "subj:other"] = 1.0
    for clause in _CLAUSE.split(low)[1:]:
        inner = [token for token in _TOKEN.findall(clause) if token[0].isalpha()]
        at = _first(inner)
        if at < len(inner):
            if inner[at] in base_verbs() and inner[at] not in ("is", "be", "do"):
                found["clause_imp"] = 1.0
            if inner[at] in ("don't", "never", "dont"):
                found["clause_neg"] = 1.0
    for one, two in pairwise(words):
        if one == "you" and two in _MODALS:
            found[f"you_{two}"] = 1.0
    if "i'd" in words or "i'll" in words:
        found["i'd"] = 1.0


def _persons(words: list[str], found: dict[str, float]) -> None:
    past = sum(word.endswith("ed") or word in _PAST for word in words)
    counts = {"past": past} | {
        name: sum(word in persons for word in words)
        for name, persons in (("I", _FIRST), ("you", _SECOND), ("3rd", _THIRD))
    }
    found.update((name, min(count, 3) / 3) for name, count in counts.items() if count)


def _first(words: list[str]) -> int:
    """Where a sentence starts once `and then please` is skipped."""
    return next((at for at, word in enumerate(words) if word not in _OPENERS), len(words))


@cache
def base_verbs() -> frozenset[str]:
    """Base forms of verbs; an imperative starts with one."""
    text = resources.files("threadwise.advice").joinpath("verbs.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
