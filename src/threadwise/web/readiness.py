"""Open the corpus and get the encoder ready behind the page, so that the page is up before them.

Opening takes a second and loading the model another; the page waits for neither. What needs the corpus waits until it
is open, and the first question until the model is there, and says so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from threadwise.errors import StoreError, ThreadwiseError

if TYPE_CHECKING:
    from threadwise.assistant import Assistant

_log = logging.getLogger(__name__)

_LONGEST = 180.0
"""Seconds that a page waits for the corpus."""


class Readiness:
    """One Assistant on its way: opening, open, ready for questions. Safe to use from many threads."""

    def __init__(self) -> None:
        self._assistant: Assistant | None = None
        self._opened = threading.Event()
        self._ready = threading.Event()
        self.error: Exception | None = None

    @classmethod
    def of(cls, assistant: Assistant) -> Readiness:
        """An Assistant that is open already; whoever asks first loads the model."""
        made = cls()
        made._assistant = assistant
        made._opened.set()
        made._ready.set()
        return made

    def begin(self, opening: Callable[[], Assistant], failed: Callable[[], object] = lambda: None) -> None:
        """Open the Assistant in a thread of its own, and load what questions need.

        Args:
            opening: Opens it.
            failed: Called when it could not be opened; `error` says why.
        """
        arguments = (opening, failed)
        threading.Thread(target=self._load, args=arguments, name="threadwise-warm-up", daemon=True).start()

    @property
    def assistant(self) -> Assistant:
        """The Assistant; waits until it is open.

        Raises:
            ThreadwiseError: It could not be opened.
        """
        self._opened.wait(_LONGEST)
        if self._assistant is None:
            raise self.error or StoreError("The corpus is still being opened. Try again in a moment.")
        return self._assistant

    @property
    def opened(self) -> bool:
        """Whether the corpus can be read."""
        return self._assistant is not None

    @property
    def ready(self) -> bool:
        """Whether loading is over, well or not."""
        return self._ready.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until loading is over, at most this long; whether it is."""
        return self._ready.wait(seconds)

    def close(self) -> None:
        """Let go of the Assistant, if it was opened."""
        if self._assistant is not None:
            self._assistant.close()

    def _load(self, opening: Callable[[], Assistant], failed: Callable[[], object]) -> None:
        started = time.perf_counter()
        try:
            self._assistant = opening()
        except Exception as error:  # noqa: BLE001 - whoever serves the pages raises it
            self.error = error
        self._opened.set()
        if self._assistant is None:
            failed()
        else:
            self._warm(self._assistant)
        self._ready.set()
        _log.info("Ready for questions after %.1f s.", time.perf_counter() - started)

    def _warm(self, assistant: Assistant) -> None:
        try:
            assistant.catch_up()
            assistant.index.encode(["warm up"])
        except ThreadwiseError as error:
            _log.warning("%s", error)  # the question that needs it raises it again, for the reader to see
        except Exception:  # noqa: BLE001 - the page stays up; the question that needs the model says what is wrong
            _log.exception("The model could not be loaded ahead of the first question.")
