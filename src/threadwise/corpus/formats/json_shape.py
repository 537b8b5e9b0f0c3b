"""Which keys a JSON text has, told from its beginning alone, so that a format knows its own without parsing it all."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(:?)|[{}\[\]]|[^\s{}\[\]",:]+', re.DOTALL)
DEPTH = 6
"""Keys deeper than this tell formats apart no better."""


@lru_cache(maxsize=4)
def key_paths(text: str) -> frozenset[str]:
    """The paths of all keys in the beginning of a JSON text, or of JSON lines.

    Args:
        text: A JSON text, perhaps cut off anywhere.

    Returns:
        Paths such as `items[].question_id`; `[].id` for a list at the top; empty if the text is no JSON object or list
        as far as can be seen.
    """
    text = text.lstrip("\ufeff \t\r\n")
    if not re.match(r'\{\s*"|\[\s*[{\[]', text):
        return frozenset()
    paths: set[str] = set()
    open_at: list[tuple[str, str]] = []  # "{" or "[", and the path of what it opens
    here = ""
    for token in _TOKEN.finditer(text):
        mark = token[0][0]
        if mark == '"' and token[2] and open_at:
            within = open_at[-1][1]
            here = f"{within}.{token[1]}" if within else token[1]
            if len(open_at) <= DEPTH:
                paths.add(here)
        elif mark in "{[":
            open_at.append((mark, here))
            here = f"{here}[]" if mark == "[" else here
        elif mark in "}]" and open_at:
            open_at.pop()
            here = f"{open_at[-1][1]}[]" if open_at and open_at[-1][0] == "[" else ""
    return frozenset(paths)
