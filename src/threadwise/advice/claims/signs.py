"""Signs that a claim does not say what its source says, each a number: 0 is no sign.

Most are about words: which have no counterpart, stand in another's place, or came in another order. `marks` holds those
of negation, numbers, certainty, quantity, condition and person. What the signs weigh is learned (`judge`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from threadwise.advice.claims.aligned import SAID, Aligned
from threadwise.advice.claims.lexicon import CRITICAL, FUNCTION, TIMELY, TURNED, opposites
from threadwise.advice.claims.likeness import By, is_common
from threadwise.advice.claims.marks import marks
from threadwise.advice.claims.text import Token

Signs = dict[str, float]

_BARE = frozenset("a the an is it of to and that be was are were this i".split())
_ARTICLES = frozenset("a an the some his her their your my this that own two three".split())


def signs(aligned: Aligned) -> Signs:
    """All signs of a claim laid beside its source."""
    return {**_missing(aligned), **_places(aligned), **_turned(aligned), **_order(aligned), **marks(aligned)}


def _missing(aligned: Aligned) -> Signs:
    """How much of the claim the source does not say."""
    lacks = [(1 - value) * word.weight for value, word in zip(aligned.values, aligned.claim_words, strict=True)]
    worst = [*sorted(lacks, reverse=True), 0.0, 0.0, 0.0]
    count = max(1, len(lacks))
    many = sum(lack > 0.5 for lack in lacks)
    unknown = sum(
        aligned.values[i] < 0.5 and not is_common(aligned.claim_words[i].token) for i in aligned.missing
    )  # fmt: skip
    return {
        "lack": 1 - aligned.coverage, "worst": worst[0], "second": worst[1], "third": worst[2], "many": many,
        "share": many / count, "sum": sum(lacks), "unknown": unknown,
    }  # fmt: skip


def _shared(said: Sequence[str], given: Sequence[str], n: int) -> float:
    there = set(zip(*(given[i:] for i in range(n)), strict=False))
    rows = [
        row for row in zip(*(said[i:] for i in range(n)), strict=False) if row[-1][0].isalnum() and row[0][0].isalnum()
    ]
    return sum(row in there for row in rows) / max(1, len(rows))


def _places(aligned: Aligned) -> Signs:
    """Words that stand where the source has another word, or none."""
    replaced = inserted = 0.0
    for i in aligned.missing:
        weight = aligned.claim_words[i].weight
        left, right = _anchor(aligned, range(i - 1, max(-1, i - 3), -1)), _anchor(aligned, range(i + 1, i + 3))
        if left is not None and right is not None and 0 < right - left <= 3:
            between = [j for j in range(left + 1, right) if j not in aligned.matched]
            if between:
                replaced += (1 - max(aligned.likenesses[i][j].value for j in between)) * weight
            else:
                inserted += (1 - aligned.values[i]) * weight
        elif left is not None or right is not None:
            j = left + 1 if left is not None else (right or 0) - 1
            if 0 <= j < len(aligned.source_words) and j not in aligned.matched:
                replaced += 0.6 * (1 - aligned.likenesses[i][j].value) * weight
            else:
                inserted += 0.5 * (1 - aligned.values[i]) * weight
    joined = dict(_joined(aligned))
    near = _is_near(aligned)
    return {
        "replaced": replaced,
        "replaced_near": replaced * _twos(aligned),
        "inserted": inserted,
        "with": joined.get("with", 0.0),
        "and": joined.get("and", 0.0),
        "near_lack": near * sum((1 - aligned.values[i]) * aligned.claim_words[i].weight for i in aligned.missing),
        "near_joined": near * sum(joined.values()),
    }


def _twos(aligned: Aligned) -> float:
    return _shared([token.stem for token in aligned.claim], [token.stem for token in aligned.source], 2)


def _is_near(aligned: Aligned) -> float:
    same = sum(pair is not None and pair.by is By.SAME for pair in aligned.pairs)
    return float(same >= 0.7 * max(1, len(aligned.pairs)))


def _anchor(aligned: Aligned, places: range) -> int | None:
    """The place in the source of the first of these words of the claim that it has exactly."""
    found = (aligned.pairs[k] for k in places if 0 <= k < len(aligned.pairs))
    return next((pair.place for pair in found if pair and pair.exact), None)


def _joined(aligned: Aligned) -> Iterator[tuple[str, float]]:
    """What a claim joins on by itself: `with a bay leaf`, `... and soap`."""
    content = {word.token.place for word in aligned.claim_words}
    for i in aligned.missing:
        word = aligned.claim_words[i]
        if word.weight < 1 or aligned.values[i] > 0.6:
            continue
        k = word.token.place - 1
        while k >= 0 and (aligned.claim[k].text in _ARTICLES or k in content):
            k -= 1
        before = aligned.claim[k].text if k >= 0 else ""
        if before in ("with", "using", "without", "plus", "through", "by"):
            yield "with", 1 - aligned.values[i]
        elif before in ("and", "or", ","):
            yield "and", 1 - aligned.values[i]


def _turned(aligned: Aligned) -> Signs:
    """Opposites and words of one kind in each other's place."""
    opposite = kind = 0.0
    for i, word in enumerate(aligned.claim_words):
        if aligned.values[i] >= 0.97:
            continue
        for other, likeness in zip(aligned.source_words, aligned.likenesses[i], strict=True):
            if likeness.by not in (By.OPPOSITE, By.KIND) or other.token.stem in aligned.claim_stems:
                continue
            weight = (1.0 if other.sentence in aligned.sentences else 0.5) * (0.5 if aligned.values[i] >= SAID else 1.0)
            if likeness.by is By.KIND:
                kind = max(kind, weight)
            else:
                opposite = max(opposite, weight * (1.0 if other.negative == word.negative else 0.3))
    small = sum(
        other in aligned.source_texts and other not in aligned.claim_texts
        for token in aligned.claim
        if token.text in FUNCTION and token.text not in aligned.source_texts
        for other in TURNED.get(token.text, ())
    )
    return {
        "opposite": opposite,
        "kind": kind,
        "small_opposite": small,
        "exchanged": _exchanged(aligned),
        "critical": _critical(aligned),
    }


def _exchanged(aligned: Aligned) -> float:
    """Where the source has a word and its opposite, whether the claim's one has the neighbours of the other."""
    said, given = ([token for token in tokens if token.is_word] for tokens in (aligned.claim, aligned.source))
    most = 0.0
    for k, token in enumerate(said):
        against = (
            opposites().get(token.stem, frozenset()) | TURNED.get(token.text, frozenset())
        ) & aligned.source_stems
        mine = _neighbours(said, k) if against else frozenset()
        if not mine:
            continue
        own = max((_common(mine, given, q) for q, other in enumerate(given) if other.stem == token.stem), default=0.0)
        theirs = max((_common(mine, given, q) for q, other in enumerate(given) if other.stem in against), default=0.0)
        most = max(most, theirs - own if theirs > own + 0.01 else 0.0)
    return most


def _common(mine: frozenset[str], given: Sequence[Token], place: int) -> float:
    return len(mine & _neighbours(given, place)) / len(mine)


def _neighbours(tokens: Sequence[Token], place: int) -> frozenset[str]:
    near = tokens[max(0, place - 3) : place + 4]
    return frozenset(t.stem for t in near if len(t.text) > 1 and t.text not in _BARE and t.stem != tokens[place].stem)


def _critical(aligned: Aligned) -> float:
    """Small words that matter (`before`, `only`, `without`) and stand on one side alone, between words of both."""
    found = 0.0
    for (i, one), (k, other) in pairwise(enumerate(aligned.pairs)):
        if one and other and one.exact and other.exact and 0 < other.place - one.place <= 2:
            said = _between(aligned.claim, aligned.claim_words[i].token, aligned.claim_words[k].token)
            given = _between(
                aligned.source, aligned.source_words[one.place].token, aligned.source_words[other.place].token
            )
            found += len(said - given) + 0.7 * len(given - said)
    first = aligned.pairs[0] if aligned.pairs else None
    if first and first.by is By.SAME:
        said = frozenset(t.text for t in aligned.claim[: aligned.claim_words[0].token.place]) & CRITICAL
        place = aligned.source_words[first.place].token.place
        found += 0.7 * len(said - {t.text for t in aligned.source[max(0, place - 3) : place]})
    return found


def _between(tokens: Sequence[Token], one: Token, other: Token) -> frozenset[str]:
    return frozenset(token.text for token in tokens[one.place + 1 : other.place]) & CRITICAL


def _order(aligned: Aligned) -> Signs:
    """Words that come in another order than in the source, and words of the source left out between them."""
    found = [
        (aligned.source_words[pair.place].token.place, aligned.source_words[pair.place].sentence)
        for pair in aligned.pairs
        if pair and pair.value >= SAID
    ]
    turns = [k for k, (a, b) in enumerate(pairwise(found)) if b[0] < a[0] - 1 and a[1] == b[1]]
    # One block moved to the other end is how people reword; two words in each other's place is not.
    moved = len(turns) == 1 and min(found[: turns[0] + 1])[0] > max(found[turns[0] + 1 :])[0]
    swapped = float(len(turns) > 1 or (len(turns) == 1 and not moved))
    near = _is_near(aligned)
    out = sum(
        1
        for (a, _), (b, _) in pairwise(found)
        for j, word in enumerate(aligned.source_words)
        if a < word.token.place < b and j not in aligned.matched
    )
    return {
        "turns": len(turns) / max(1, len(found)),
        "swapped": swapped,
        "swapped_near": swapped * near,
        "moved_in_time": float(moved and bool(aligned.claim_texts & TIMELY)) * near,
        "left_out": out / max(1, len(found)),
    }
