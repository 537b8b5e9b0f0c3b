"""Forum text as it may be shown: without characters that nobody sees, or that turn what stands around them round.

Pure. What is stored and quoted stays as it was written, to the letter; only what is shown passes here. Source: the
control and format characters of Unicode 15.1; docs/decisions/0012-language-model.md says which stay.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("(?<![^\\x00-\\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\x00-\\x7f])")
"""Emoji, Persian and Indic scripts are written with joiners; between other letters they only hide."""

_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
"""No language stacks more marks on a letter; a pile of them covers the lines around."""


def visible(text: str) -> str:
    """The text without characters that are invisible, reorder or cover what stands around them, or move a cursor."""
    if text.isascii() and text.isprintable():
        return text
    plain = _UNSEEN.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )
    return _STACKED.sub(r"\1", _JOINERS.sub("", plain))
