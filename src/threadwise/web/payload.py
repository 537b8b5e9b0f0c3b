"""What a page sends with an event, read field by field, and how a failure is put to the reader."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from threadwise.errors import InputError, ThreadwiseError, UnknownThreadError

_log = logging.getLogger(__name__)

_UNEXPECTED = (
    "Something went wrong inside Threadwise; the details are in its log. Nothing that was stored is lost. "
    "Try again; if it stays, restart Threadwise."
)

_NO_THREAD = "This thread is not here: it was deleted, or its address is wrong. Browse shows those that are."
"""Its own remedy is a command."""


class Payload:
    """The fields of an event. They come from outside, so each is checked as it is read."""

    def __init__(self, fields: object) -> None:
        self._fields: Mapping[str, Any] = fields if isinstance(fields, Mapping) else {}

    def text(self, name: str, usual: str = "") -> str:
        """A text field.

        Raises:
            InputError: It is something else.
        """
        value = self._fields.get(name)
        if value is None:
            return usual
        if not isinstance(value, str):
            raise InputError(f"The page sent no text for {name!r}; reload it and try again.")
        return value

    def number(self, name: str, usual: int = 0) -> int:
        """A whole number, 0 or more; `usual` where it is missing or no number."""
        value = self._fields.get(name)
        try:
            return max(0, min(int(value), 2**31)) if value is not None and value != "" else usual
        except (TypeError, ValueError):
            return usual

    def group(self, name: str) -> Mapping[str, Any]:
        """A group of fields; empty where it is missing."""
        value = self._fields.get(name)
        return value if isinstance(value, Mapping) else {}


def explained(error: Exception) -> str:
    """A failure in one sentence for the reader; what is not meant for readers goes to the log."""
    if isinstance(error, UnknownThreadError):
        return _NO_THREAD
    if isinstance(error, ThreadwiseError):
        return str(error)
    _log.error("A page's request failed.", exc_info=error)
    return _UNEXPECTED
