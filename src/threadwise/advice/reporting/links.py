"""Find the advice that a report is about: who is named, what is replied to, which words come again.

Pure. Each earlier post by somebody else gets a score for the clause from a dozen plain facts; the weights of the facts
are in `weights.json`, made by `tools/train_outcomes.py`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from threadwise.advice.people import objects
from threadwise.advice.reporting.features import Scene, before, mentions, same_person
from threadwise.advice.sentences import read_post
from threadwise.advice.words import stems, weigh
from threadwise.domain import Post, Thread

SUBJECT = 6
"""How many words from its beginning on say what a clause is about."""


@dataclass(frozen=True, slots=True)
class Advice:
    """An earlier post by somebody else; its words, weighed by how few posts of advice have them.

    `advises` is how likely its surest sentence advises; `objects` says that it warns against another post, `doubted`
    that it was voted down or another post objects to it.
    """

    post: Post
    words: Mapping[str, float]
    first: frozenset[str]
    top: bool
    advises: float
    objects: bool
    doubted: bool


def earlier(thread: Thread, post: Post) -> list[Advice]:
    """The posts before one that could have advised its author, in order."""
    place = next(i for i, other in enumerate(thread.posts) if other is post)
    window = {other.id: other for other in before(thread, place)}
    others = [other for other in window.values() if not other.is_asker and not same_person(other, post)]
    bags = [_bag(other) for other in others]
    count = Counter(word for bag in bags for word in bag)
    known: set[str] = set()
    found = []
    refuted = {one.reply_to for one in others if one.reply_to and _objects(one)}
    for other, bag in zip(others, bags, strict=True):
        weights = {word: math.log(1 + len(bags) / count[word]) for word in bag}
        target = window.get(other.reply_to or "")
        top = target is None or target.is_asker
        doubted = (other.score or 0) < 0 or other.id in refuted
        found.append(Advice(other, weights, bag - known, top, _advises(other), _objects(other), doubted))
        known |= bag
    return found


def facts(
    scene: Scene, label: str, advice: Sequence[Advice], thread: Thread, meant: Collection[str]
) -> list[dict[str, float]]:
    """What speaks for each post being the one that a clause reports on.

    Args:
        scene: The clause.
        label: What it reports.
        advice: What `earlier` gave for its post.
        thread: The thread.
        meant: Posts that the same person said they would follow.
    """
    text, clause = scene.post.text, scene.clause
    own = text[clause.start : clause.end]
    rest = text[clause.sentence[0] : clause.start] + " " + text[clause.end : clause.sentence[1]]
    ahead = text[max(0, clause.sentence[0] - 160) : clause.sentence[0]]
    subject = " ".join((text[clause.sentence[0] : clause.sentence[1]]).split()[:SUBJECT])
    bags = {"own": stems(own), "rest": stems(rest), "before": stems(ahead), "subject": stems(subject)}
    whole = stems(text)
    places = {"own": own, "rest": rest, "before": ahead, "post": text}
    answered = thread.post(scene.post.reply_to) if scene.post.reply_to else None
    rows = []
    for i, one in enumerate(advice):
        row = {f"shared {name}": _shared(bag, one.words) for name, bag in bags.items()}
        row["first to say"] = _shared([word for word in bags["own"] + bags["rest"] if word in one.first], one.words)
        named = next((name for name, place in places.items() if mentions(place, one.post.author)), None)
        row |= {f"named {named}": 1.0} if named else {}
        row["replied"] = float(scene.post.reply_to == one.post.id)
        row["replied to its reply"] = float(answered is not None and answered.reply_to == one.post.id)
        row["meant"] = float(one.post.id in meant)
        row["accepted"] = float(one.post.accepted)
        row["to the asker"] = float(one.top)
        row["quotes"] = float(one.post.text.lstrip().startswith(">"))
        row["late"] = (i + 1) / len(advice)
        row["long"] = min(1.0, len(one.post.text) / 400)
        row["shared post"] = _shared(whole, one.words)
        row["rare"] = min(2.0, weigh(set(bags["own"]) & one.words.keys()) / 10)
        row["advises"] = one.advises
        row["objects"] = float(one.objects)
        row[f"doubted {label}"] = float(one.doubted)
        row[f"objects {label}"] = float(one.objects)
        row[f"accepted {label}"] = float(one.post.accepted)
        rows.append(row)
    somebody = any("named own" in row or "named rest" in row for row in rows)
    for row in rows:
        row["another is named"] = float(somebody and not ("named own" in row or "named rest" in row))
    for name in ("shared own", "shared rest", "shared before", "shared subject", "shared post", "rare"):
        most = max(row[name] for row in rows)
        for row in rows:
            row[f"most {name}"] = float(most > 0 and row[name] == most)
    return rows


def about(rows: Sequence[Mapping[str, float]], weights: Mapping[str, float]) -> int:
    """The place of the likeliest advice; of equals the later one."""
    totals = [sum(weights.get(name, 0.0) * value for name, value in row.items()) for row in rows]
    return max(range(len(rows)), key=lambda i: (totals[i], i))


@lru_cache(maxsize=4096)
def _bag(post: Post) -> frozenset[str]:
    return frozenset(stems(post.text))


@lru_cache(maxsize=4096)
def _advises(post: Post) -> float:
    return max((one.advice for one in read_post(post) if not one.asks), default=0.0)


@lru_cache(maxsize=4096)
def _objects(post: Post) -> bool:
    return any(objects(one.text) for one in read_post(post)[:3] if not one.quoted)


def _shared(words: Sequence[str], weights: Mapping[str, float]) -> float:
    """Weight of the words that come again, 0 to 3."""
    return min(3.0, math.fsum(weights.get(word, 0.0) for word in set(words)) * 0.5)
