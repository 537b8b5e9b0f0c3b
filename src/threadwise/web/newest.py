"""Keep a page on what was asked last: of two events that fill the same region, the later one counts.

Typing and clicking are faster than answers under load. Gradio can hold an event back until the one before it is done,
but then sends the older one again; so each page numbers its events, and what an older one would show is left out.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from threadwise.web.payload import Payload

_MOST = 2_000
"""Regions of pages that are remembered; the longest unused go first."""


class Newest:
    """The number of the last event of each region of each open page; safe to use from many threads."""

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._lock = threading.Lock()

    def began(self, payload: Payload, *regions: str) -> Callable[[], bool]:
        """Note an event that will fill these regions; what comes back says whether it is still the last of them.

        An event without a `tab` counts as the last.
        """
        tab, number = payload.text("tab"), payload.number("sent")
        if not tab:
            return lambda: True
        places = [(tab, region) for region in regions]
        with self._lock:
            for place in places:
                self._last[place] = max(number, self._last.get(place, 0))
                self._last.move_to_end(place)
            while len(self._last) > _MOST:
                self._last.popitem(last=False)
        return lambda: all(self._last.get(place, 0) <= number for place in places)
