"""Write the question that nobody has answered so that it can be posted: a title and a body, in the asker's own words.

Pure. Nothing is added but capitals, a question mark and full stops: who posts it should recognise every word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadwise.advice.answerability.judge import is_one_letter
from threadwise.advice.words import rarity, stems, tokens
from threadwise.index.spans import sentence_spans
from threadwise.retrieval.query import Query

LONGEST_TITLE = 90
"""Characters of a title; forums cut longer ones."""

SAYS_LITTLE = 2
"""Words with a subject below which a sentence ("what now?") is no title."""

_ASKS = re.compile(
    r"^(?:(?:so|and|but|ok|hi|hello)\W+)*(?:how|what|what's|which|who|whose|when|where|why|is|are|am|was|were|do|does|did|can|could"
    r"|should|would|will|may|must|has|have|need)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\s*(?:[,;:–—(]|\s-\s|\b(?:and|but|because|since|so|which)\b)\s*")
_CLAUSE = re.compile(r"[,;:–]\s+")
_LONE_I = re.compile(r"(?<![\w'’.-])i(?=(?:['’](?:m|ve|d|ll))?(?![\w'’.-]))")
_ENDED = re.compile(r"[.!?…)\]\"'”’*~]$|[^\w\s]$")
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|ok|so)\b(?!-\w)|well\b(?=\s*[,.!-]\s))[\s,.!-]*(?:(?:all|everyone|everybody|there|folks)\b[\s,.!-]*)?",
    re.I,
)


def draft(query: Query) -> str | None:
    """The title, an empty line, and the body of a post that asks this; None where nothing was asked in words.

    A follow-up stands under the subject that it follows; what was said is kept in order. A body that says nothing
    besides the title is the title, without what it is opened with ("so", "hi all").
    """
    if query.text == " ".join(query.filters.tags) or is_one_letter(query.text):
        return None
    paragraphs = [" ".join(line.split()) for line in query.text.splitlines() if line.strip()]
    sentences = [part for line in paragraphs for part in _sentences(line)]
    title, body = _title(sentences), "\n\n".join(" ".join(map(_written, _sentences(line))) for line in paragraphs)
    if tokens(_GREETING.sub("", body)) == tokens(title):  # "So tired ..." below "Tired ..." is the question twice
        body = _written(_GREETING.sub("", body))
    return f"{title}\n\n{body}"


def _sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in sentence_spans(text) if text[start:end].strip()] or [text]


def _title(sentences: Sequence[str]) -> str:
    """What is asked, if one sentence says it; else the sentence that says most."""
    telling = [sentence for sentence in sentences if len(stems(sentence)) >= SAYS_LITTLE] or list(sentences)
    asking = [sentence for sentence in telling if _asks(sentence)]
    best = max(asking or telling, key=lambda sentence: sum(map(rarity, set(stems(sentence)))))
    return _written(_cut(_GREETING.sub("", best) or best), title=True)


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") or bool(_ASKS.match(sentence))


def _cut(sentence: str) -> str:
    """The sentence, or as many of its whole clauses, or words, as a title holds."""
    if len(sentence) <= LONGEST_TITLE:
        return sentence
    ends = [match.start() for match in _BREAK.finditer(sentence) if match.start() <= LONGEST_TITLE]
    if ends and len(tokens(sentence[: ends[-1]])) > SAYS_LITTLE:
        return sentence[: ends[-1]]
    return sentence[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _written(sentence: str, *, title: bool = False) -> str:
    """With capitals and an end, as people expect it in a post; the words stay."""
    text = _LONE_I.sub("I", sentence.strip())
    if text[:1].upper().lower() == text[:1]:  # not so for ß and µ, which become other letters
        text = text[:1].upper() + text[1:]
    if _ENDED.search(text):
        return text.rstrip(".") if title and not text.endswith("..") else text
    if _ASKS.match(text) or _ASKS.match(_CLAUSE.split(text)[-1]):
        return text + "?"
    return text if title else text + "."
