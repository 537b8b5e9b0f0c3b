"""Read what a language model writes, while it writes: sentences, and the ids of the excerpts that they restate.

Pure. Models number, quote and decorate their lines and put ids before or after; what cannot be read as a sentence with
an id that was given is left out here. Whether a sentence is true is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 1500
"""Characters of a line; a longer one restates nothing."""

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_GROUP = re.compile(r"\s*[\[(【][^\[\]()【】\s]{1,40}[\])】]")
"""What looks like a reference; those to excerpts were taken out before."""
_DECORATED = re.compile(r"^(?:[-*•–—>#\s]+|\(?\d{1,3}[.):]\s+|\"(?=.*\"\W*$))+")


@dataclass(frozen=True, slots=True)
class Restated:
    """A sentence or a few of a model, and the id of the excerpt that they say they restate."""

    name: str
    text: str


class Reader:
    """Takes pieces of text and gives back sentences, one line after another."""

    def __init__(self, names: Iterable[str]) -> None:
        """Name the ids that were given to the model; others are none."""
        any_name = "|".join(map(re.escape, names))
        self._named = re.compile(rf"[\s,;:(\[【*_]*\b({any_name})\b[\])】:*_]*")
        self._kept = ""
        self._before = ""

    def feed(self, piece: str) -> Iterator[Restated]:
        """Read on; what a line says is known at its end."""
        self._kept += piece
        if self._kept.lstrip().startswith("<think>") and "</think>" not in self._kept:
            return
        *lines, self._kept = _THOUGHTS.sub("", self._kept).split("\n")
        for line in lines:
            yield from self._line(line)

    def end(self) -> Iterator[Restated]:
        """Read what stands without an end of line."""
        line, self._kept = _THOUGHTS.sub("", self._kept), ""
        yield from self._line(line)

    def _line(self, line: str) -> Iterator[Restated]:
        if len(line) > LONGEST_LINE:
            return
        parts = self._named.split(line)
        texts, names = [_bare(text) for text in parts[0::2]], parts[1::2]
        if not names:
            self._before = texts[0] or self._before
            return
        if not any(texts):  # an id on a line of its own belongs to the line before
            texts[0] = self._before
        self._before = ""
        ahead = not texts[0]  # "[id] sentence" instead of "sentence [id]"
        said = ""
        for place, name in enumerate(names):
            said = texts[place + 1 if ahead else place] or said  # "sentence [one][two]" restates both
            if said:
                yield Restated(name, said)


def _bare(text: str) -> str:
    """A sentence without numbering, decoration, and references to what was not given."""
    plain = _DECORATED.sub("", _GROUP.sub("", text).replace("**", "").replace("__", ""))
    plain = plain.strip().strip('"“”').strip(" \t*_:;,")
    return plain if any(c.isalnum() for c in plain) else ""
