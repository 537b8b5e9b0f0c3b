"""Know contractions without their apostrophe: half of those who type leave it out (`cant`, `dont`, `im`)."""

from __future__ import annotations

from collections.abc import Iterable

_OTHER_WORDS = frozenset("ill hell id shell shed wed well were".split())
"""What looks like a contraction without its apostrophe and is more often another word ("a Qatar ID", "id number")."""


def and_bare(words: Iterable[str]) -> frozenset[str]:
    """These words, and their contractions without the apostrophe too."""
    known = frozenset(words)
    return known | ({word.replace("'", "") for word in known if "'" in word} - _OTHER_WORDS)
