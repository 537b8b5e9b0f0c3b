"""Prove an exported answer against the corpus, also long after it was given.

An answer carries for each citation the ids, the span, the quote and the quote's hash. Nothing else is needed to say
whether the quote still stands where it stood, and if not, what happened since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from threadwise.corpus.store import Store
from threadwise.domain import PARAPHRASE, QUOTE, Answer, Thread, content_hash
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
        What differs, by citation number: quotes that the corpus no longer has, and sentences of points, outcomes and
        disagreements that are neither the quote they cite nor supported by it. Empty where everything stands.

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
    doubted = {difference.n for difference in found}
    found += _unproved(answer, {citation["n"]: citation for citation in citations if citation["n"] not in doubted})
    return sorted(found, key=lambda difference: difference.n)


def _unproved(answer: Mapping[str, Any], citations: Mapping[int, Mapping[str, Any]]) -> Iterator[Difference]:
    """Sentences that do not stand on the citation whose words they claim to be."""
    from threadwise.advice.verify import supports  # its word lists take a while, and only proving needs them

    for where, n, text, kind in _sentences(answer):
        if n not in citations:
            continue  # what is wrong with it has been said
        quote, author = citations[n]["quote"], citations[n].get("author")
        if kind == PARAPHRASE:
            verdict = supports(text, quote, speaker=author if isinstance(author, str) else None)
            if not verdict.supported:
                yield Difference(n, where, f"what it cites does not support it: {verdict.reason}")
        elif text != quote:
            yield Difference(n, where, "it is not the quote that it cites")


def _sentences(answer: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    """Place, citation, text and kind of each sentence that an answer shows as somebody's."""
    for place, point in enumerate(_objects(answer.get("points"))):
        for n in point.get("citations", [])[:1]:
            yield f"points[{place}].text", n, str(point.get("text")), str(point.get("kind", QUOTE))
        for at, told in enumerate(_objects(point.get("outcomes"))):
            yield f"points[{place}].outcomes[{at}].quote", told.get("n", 0), str(told.get("quote")), QUOTE
    for place, dispute in enumerate(_objects(answer.get("disagreements"))):
        for at, side in enumerate(_objects(dispute.get("sides"))):
            for n in side.get("citations", [])[:1]:
                yield f"disagreements[{place}].sides[{at}].text", n, str(side.get("text")), QUOTE


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Revision:
    """What became of a saved answer: the citations that it lost, and whether it was withdrawn altogether."""

    answer_id: str
    lost: tuple[int, ...]
    withdrawn: bool


def revise(store: Store, changed: Iterable[str]) -> list[Revision]:
    """Bring saved answers level after threads were edited or deleted.

    A quote that only moved gets its new place, and one whose author or thread is called otherwise now (a pseudonym)
    that name. A point whose own words are gone goes; a point that lost only further voices keeps the others. An answer
    that has no point left is withdrawn: its question stays, and what became of it.
    What was lost is noted in `changes` by its ids alone, so that whoever is forgotten is forgotten there too.

    Args:
        store: The corpus as it is now; saved answers are changed in it.
        changed: Ids of the threads that were edited or deleted.

    Returns:
        What was done to each saved answer that had to change, in the order of their first saving.
    """
    ids = frozenset(changed)
    done: list[Revision] = []
    for saved in list(store.saved_answers()):
        document: dict[str, Any] = json.loads(saved.document)
        if not ids.intersection(citation["thread_id"] for citation in document.get("citations", [])):
            continue
        revised = as_it_stands(document, store)
        if revised is document:
            continue
        known = len(document.get("changes", []))
        lost = tuple(sorted(change["n"] for change in revised.get("changes", [])[known:]))
        store.save_answer(replace(saved, document=json.dumps(revised, ensure_ascii=False), generation=store.generation))
        done.append(Revision(saved.id, lost, not revised["points"]))
    return done


def as_it_stands(document: dict[str, Any], store: Store) -> dict[str, Any]:
    """An answer as far as the corpus still says what it quotes; the same object where nothing changed.

    What was lost is added to `changes`; where no point is left, nothing of its words is.
    """
    citations = [dict(citation) for citation in document.get("citations", [])]
    threads = store.get_many({citation["thread_id"] for citation in citations})
    standing = [moved for c in citations if (moved := _now(c, threads.get(c["thread_id"]))) is not None]
    if standing == citations:
        return document
    lost = {citation["n"] for citation in citations} - {citation["n"] for citation in standing}
    revised = _without(document | {"citations": standing}, lost)
    if not revised["points"]:
        revised |= {"text": "", "citations": [], "disagreements": [], "notices": []}
    noted = [
        {"n": c["n"], "thread_id": c["thread_id"], "post_id": c["post_id"], "why": _lost(c, threads)}
        for c in citations
        if c["n"] in lost
    ]
    return revised | ({"changes": [*document.get("changes", []), *noted]} if noted else {})


def _lost(citation: Mapping[str, Any], threads: Mapping[str, Thread]) -> str:
    return _what_differs(citation, threads.get(citation["thread_id"])) or ""


def _now(citation: dict[str, Any], thread: Thread | None) -> dict[str, Any] | None:
    """The citation at its place in the corpus of today, under today's names; None where its quote stands no more."""
    post = thread.post(citation["post_id"]) if thread else None
    if thread is None or post is None:
        return None
    names = {"author": post.author, "thread_title": thread.heading, "url": post.url or thread.url}
    now = citation | {name: value for name, value in names.items() if name in citation}
    if _what_differs(citation, thread) is None:
        return now
    start = post.text.find(citation["quote"]) if citation["quote"] else -1
    return now | {"start": start, "end": start + len(citation["quote"])} if start >= 0 else None


def _without(document: dict[str, Any], lost: Collection[int]) -> dict[str, Any]:
    """The answer without some citations: what rested on them goes from points and disagreements.

    The text is written anew, as a quote of several lines or a report between others cannot be cut out of it.
    """
    points = []
    for point in document.get("points", []):
        if point["citations"] and point["citations"][0] not in lost:
            told = [outcome for outcome in point.get("outcomes", []) if outcome.get("n") not in lost]
            points.append(_heard(point, lost) | {"outcomes": told})
    disputes = [
        dispute | {"sides": [_heard(side, lost) for side in dispute["sides"]]}
        for dispute in document.get("disagreements", [])
        if not any(n in lost for side in dispute["sides"] for n in side["citations"][:1])
    ]
    left = document | {"points": points, "disagreements": disputes, "text": ""}
    used = _cited(left) | {n for _, n, _, _ in _sentences(left)}
    used |= {n for dispute in disputes for side in dispute["sides"] for n in side["citations"]}
    left["citations"] = [one for one in document["citations"] if one["n"] in used]
    return left | {"text": _written(left) if points else ""}


def _heard(said: dict[str, Any], lost: Collection[int]) -> dict[str, Any]:
    """A point or a side without the voices that are lost; each citation is another person."""
    left = [n for n in said["citations"] if n not in lost]
    return said | {"citations": left, "people": max(1, said["people"] - len(said["citations"]) + len(left))}


def _written(document: dict[str, Any]) -> str:
    """The Markdown of what is left of an answer."""
    from pydantic import TypeAdapter  # reads a document into the types that it was written from

    from threadwise.advice.render import answer_text

    return answer_text(TypeAdapter(Answer).validate_python(document))


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
                raise InputError(
                    f"This is not an answer: citations[{place}].{name} is missing or no {kind.__name__}; {remedy}"
                )
    return list(answer["citations"])


def _cited(answer: Mapping[str, Any]) -> set[int]:
    points = answer.get("points") if isinstance(answer.get("points"), list) else []
    numbers = {n for point in points or [] if isinstance(point, Mapping) for n in point.get("citations", [])}
    text = answer.get("text")
    return {n for n in numbers if isinstance(n, int)} | {
        int(n) for n in _MARKER.findall(text if isinstance(text, str) else "")
    }
