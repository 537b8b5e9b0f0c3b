"""Answers that people keep: under a readable id, with what changed since in the posts that they quote.

When a thread is edited, deleted or imported anew, `proof.revise` takes out of kept answers what stands no more and
notes it there; what changed in another way since (a backup that was put back) is found by comparing. One whose last
point is gone stays as its question, withdrawn, so that nobody looks for it in vain.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from threadwise.advice.proof import as_it_stands, differences
from threadwise.corpus.formats.values import slug
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import Answer
from threadwise.errors import InputError

_LEFT_OUT = frozenset({"similar", "timings_ms", "draft"})
"""What of an answer is of the moment; titles of threads that it does not quote would outlive them."""

_LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class ChangeSince:
    """What happened to something that an answer quotes: the citation's number, the thread and post, and what."""

    n: int
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept answer: when it was kept (ISO 8601, UTC), its points today, and what changed since."""

    id: str
    question: str
    kept: str
    points: int
    changes: tuple[ChangeSince, ...]
    document: Mapping[str, Any]

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it stands any more."""
        return not self.points

    @property
    def answer(self) -> Answer:
        """What stands of it, as an answer."""
        return _read(self.document)


def keep(store: Store, answer: Answer) -> Kept:
    """Keep an answer; one that is kept already, quote for quote, stays as it is. The caller holds the writing lock.

    Raises:
        InputError: It advises nothing, or what it quotes is gone since it was given, so there is nothing to keep.
    """
    if not answer.points:
        raise InputError("Nobody in these threads answers this, so there is nothing to keep.")
    whole = {name: value for name, value in dataclasses.asdict(answer).items() if name not in _LEFT_OUT}
    given = json.loads(json.dumps({**whole, "kept": datetime.now(UTC).isoformat(timespec="seconds")}))
    document = as_it_stands(given, store)  # whoever was forgotten meanwhile does not come back with it
    if not document["points"]:
        raise InputError("What it quotes was edited or deleted meanwhile, so there is nothing to keep. Ask again.")
    base, taken = slug(answer.question)[:_LONGEST_ID].strip("-"), set[str]()
    for saved in store.saved_answers():
        old = json.loads(saved.document)
        if all(old.get(name) == document[name] for name in ("question", "citations", "points")):
            return _kept(saved, store)
        taken.add(saved.id)
    number = 1
    while (own := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    saved = SavedAnswer(own, json.dumps(document, ensure_ascii=False), answer.generation)
    store.save_answer(saved)
    return _kept(saved, store)


def standing(store: Store, answer: Answer) -> Answer | None:
    """An answer given a while ago, as far as the corpus still says what it quotes; None where no point is left."""
    if not answer.citations:
        return answer
    document = json.loads(json.dumps(dataclasses.asdict(answer)))
    now = as_it_stands(document, store)
    if now is document:
        return answer
    return _read(now) if now["points"] else None


def kept_answers(store: Store, newest: int | None = None) -> list[Kept]:
    """The answers kept, newest first, at most so many."""
    return [_kept(saved, store) for saved in list(store.saved_answers())[::-1][:newest]]


def kept_answer(store: Store, answer_id: str) -> Kept:
    """One kept answer.

    Raises:
        InputError: None has this id.
    """
    for saved in store.saved_answers():
        if saved.id == answer_id:
            return _kept(saved, store)
    raise InputError(f"No answer is kept under {answer_id[:80]!r}; `threadwise answers` lists those that are.")


def _read(document: Mapping[str, Any]) -> Answer:
    from pydantic import TypeAdapter  # reads a document into the types that it was written from

    return TypeAdapter(Answer).validate_python({**document})


def _kept(saved: SavedAnswer, store: Store) -> Kept:
    document: dict[str, Any] = json.loads(saved.document)
    noted = [
        ChangeSince(one["n"], f"{one['thread_id']}/{one['post_id']}", one["why"]) for one in document.get("changes", [])
    ]
    since = [ChangeSince(one.n, one.where, one.why) for one in differences(document, store)]
    return Kept(
        saved.id,
        str(document.get("question", "")),
        str(document.get("kept", "")),
        len(document.get("points", [])),
        (*noted, *since),
        document,
    )
