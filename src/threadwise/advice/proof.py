"""Prove an exported answer against the corpus, also long after it was given.

An answer carries for each citation the ids, the span, the quote and the quote's hash. Nothing else is needed to say
whether the quote still stands where it stood, and if not, what happened since.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from threadwise.corpus.store import Store
from threadwise.domain import Thread, content_hash
from threadwise.errors import InputError

_MARKER = re.compile(r"(?<!\\)\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Difference:
    """A citation that cannot be proved: its number, where it points, and what happened there."""

    n: int
    where: str
    why: str


def differences(answer: Mapping[str, Any], store: Store) -> list[Difference]:
    """Compare every quote of an answer, as `ask --json` prints it, with the corpus.

    Args:
        answer: The parsed JSON document.
        store: The corpus to prove it against.

    Returns:
        What differs, by citation number; empty where everything stands as quoted.

    Raises:
        InputError: The document is not an answer; the message names the field.
    """
    citations = _citations(answer)
    threads = store.get_many({citation["thread_id"] for citation in citations})
    found = [
        Difference(citation["n"], f"{citation['thread_id']}/{citation['post_id']}", why)
        for citation in citations
        if (why := _what_differs(citation, threads.get(citation["thread_id"])))
    ]
    numbers = [citation["n"] for citation in citations]
    for n in sorted({n for n in numbers if numbers.count(n) > 1}):
        found.append(Difference(n, "citations", "the number stands for more than one citation"))
    for n in sorted(_cited(answer) - set(numbers)):
        found.append(Difference(n, "text", "the answer refers to a citation that is not in it"))
    return sorted(found, key=lambda difference: difference.n)


def _what_differs(citation: Mapping[str, Any], thread: Thread | None) -> str | None:
    if "sha256" in citation and citation["sha256"] != content_hash(citation["quote"]):
        return "the quote was changed in the answer itself: it does not fit its own hash"
    if thread is None:
        return "the thread was deleted since"
    post = thread.post(citation["post_id"])
    if post is None:
        return "the post was deleted since"
    quote, start, end = citation["quote"], citation["start"], citation["end"]
    if post.text[start:end] == quote and 0 <= start < end:
        return None
    elsewhere = post.text.find(quote)
    if quote and elsewhere >= 0:
        return f"the post was edited since; the quote stands at [{elsewhere}, {elsewhere + len(quote)}) now"
    return "the post was edited since, and no longer says this"


def _citations(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    remedy = "`threadwise ask --json` writes what can be verified."
    if not isinstance(answer, Mapping) or not isinstance(answer.get("citations"), list):
        raise InputError(f"This is not an answer: it has no list `citations`; {remedy}")
    kinds = {"n": int, "thread_id": str, "post_id": str, "start": int, "end": int, "quote": str}
    for place, citation in enumerate(answer["citations"]):
        for name, kind in kinds.items():
            value = citation.get(name) if isinstance(citation, Mapping) else None
            if not isinstance(value, kind) or isinstance(value, bool):
                raise InputError(f"This is not an answer: citations[{place}].{name} is missing or no {kind.__name__}; {remedy}")
    return list(answer["citations"])


def _cited(answer: Mapping[str, Any]) -> set[int]:
    points = answer.get("points") if isinstance(answer.get("points"), list) else []
    numbers = {n for point in points or [] if isinstance(point, Mapping) for n in point.get("citations", [])}
    text = answer.get("text")
    return {n for n in numbers if isinstance(n, int)} | {int(n) for n in _MARKER.findall(text if isinstance(text, str) else "")}
