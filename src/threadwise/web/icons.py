"""The few pictures of the pages, drawn here so that nothing is fetched for them."""

from __future__ import annotations

from markupsafe import Markup

_OPEN = (
    '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
    'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
)


def _icon(paths: str) -> Markup:
    return Markup(_OPEN + paths + "</svg>")  # noqa: S704 - drawn below


CLOSE = _icon('<path d="M6 6l12 12M18 6L6 18"/>')
COPY = _icon('<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V6a2 2 0 0 1 2-2h8"/>')
DOWNLOAD = _icon('<path d="M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 20h14"/>')
PLUS = _icon('<path d="M12 5v14M5 12h14"/>')
SEARCH = _icon('<circle cx="11" cy="11" r="6.5"/><path d="M20 20l-4.2-4.2"/>')
PEOPLE = _icon(
    '<circle cx="9" cy="8" r="3.4"/><path d="M2.8 19.5c.5-3.4 3-5.3 6.2-5.3s5.7 1.9 6.2 5.3"/>'
    '<path d="M16 5.1a3.4 3.4 0 0 1 0 5.9M18 14.7c1.8.7 2.9 2.3 3.2 4.8"/>'
)
KEEP = _icon('<path d="M7 4.5h10v15l-5-4-5 4z"/>')
CHECK = _icon('<path d="M5 12.5l4.5 4.5L19 7.5"/>')
ALERT = _icon('<path d="M12 4L2.8 20h18.4L12 4zM12 10v4.5M12 17.3v.1"/>')
HEART = _icon('<path d="M12 20s-7.5-4.6-7.5-10.2A4.2 4.2 0 0 1 12 7.3a4.2 4.2 0 0 1 7.5 2.5C19.5 15.4 12 20 12 20z"/>')
INFO = _icon('<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.9v.1"/>')
UP = _icon('<path d="M12 19V6M6 11.5L12 5.5l6 6"/>')
STOP = _icon('<rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor"/>')
FUNNEL = _icon('<path d="M4 5.5h16l-6.2 7.2V19l-3.6-2v-4.3z"/>')
BACK = _icon('<path d="M19 12H6M11.5 6L5.5 12l6 6"/>')
OUT = _icon(
    '<path d="M14 5h5v5M19 5l-8 8M18 14v4a1.5 1.5 0 0 1-1.5 1.5H6.5A1.5 1.5 0 0 1 5 18V8a1.5 1.5 0 0 1 1.5-1.5H10"/>'
)
EDIT = _icon('<path d="M4.5 19.5l1-4.2L16 4.8a2 2 0 0 1 2.8 0l.4.4a2 2 0 0 1 0 2.8L8.7 18.5l-4.2 1z"/>')
TRASH = _icon('<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5"/>')
FILE = _icon('<path d="M7 3.5h7l4 4v13H7zM14 3.5v4h4"/>')
TALK = _icon('<path d="M4.5 5.5h15v10.5h-8l-4.5 3.5v-3.5h-2.5z"/>')
SUN = _icon(
    '<circle cx="12" cy="12" r="4"/><path d="M12 3v2.2M12 18.8V21M3 12h2.2M18.8 12H21M5.6 5.6l1.6 1.6'
    'M16.8 16.8l1.6 1.6M18.4 5.6l-1.6 1.6M7.2 16.8l-1.6 1.6"/>'
)
MOON = _icon('<path d="M20 14.5A8.2 8.2 0 0 1 9.5 4a8.2 8.2 0 1 0 10.5 10.5z"/>')
