"""Get the encoder ready behind the page, so that the page is up before it.

Loading the model takes seconds and opening the page must not wait for it; the first question does, and says so.
"""

from __future__ import annotations

import logging
import threading
import time

from threadwise.assistant import Assistant
from threadwise.errors import ThreadwiseError

_log = logging.getLogger(__name__)


class Readiness:
    """Whether questions can be answered without another wait; safe to use from many threads."""

    def __init__(self) -> None:
        self._done = threading.Event()

    def begin(self, assistant: Assistant) -> None:
        """Load what questions need in a thread of its own, and bring the index level with the corpus."""
        threading.Thread(target=self._load, args=(assistant,), name="threadwise-warm-up", daemon=True).start()

    @property
    def ready(self) -> bool:
        """Whether loading is over, well or not."""
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until loading is over, at most this long; whether it is."""
        return self._done.wait(seconds)

    def skip(self) -> None:
        """Wait for nothing: whoever asks first loads the model."""
        self._done.set()

    def _load(self, assistant: Assistant) -> None:
        started = time.perf_counter()
        try:
            assistant.catch_up()
            assistant.index.encode(["warm up"])
        except ThreadwiseError as error:
            _log.warning("%s", error)  # the question that needs it raises it again, for the reader to see
        except Exception:  # noqa: BLE001 - the page stays up; the question that needs the model says what is wrong
            _log.exception("The model could not be loaded ahead of the first question.")
        finally:
            self._done.set()
            _log.info("Ready for questions after %.1f s.", time.perf_counter() - started)
