"""Make HTML out of other people's text without letting it act.

Pure. Every value that goes into a page passes `html`, which makes markup characters literal and drops the invisible
ones that reorder or hide text. Only strings written in this package are ever taken as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import LiteralString
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape

from threadwise.advice.visible import visible

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LONGEST_ADDRESS = 2_000


def html(template: LiteralString, /, **values: object) -> Markup:
    """Fill a template written in this package; each value that is not Markup is made literal."""
    safe = {name: value if isinstance(value, Markup) else escape(visible(str(value))) for name, value in values.items()}
    return Markup(template).format(**safe)  # noqa: S704 - the template is ours, the values were escaped above


def coded(text: str) -> Markup:
    """A sentence of ours in which what stands between backticks is something to type."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return html("{text}", text=text)
    return joined(
        html("<code>{part}</code>", part=part) if place % 2 else html("{part}", part=part)
        for place, part in enumerate(parts)
    )


def joined(parts: Iterable[Markup], between: LiteralString = "") -> Markup:
    """Pieces of markup after one another."""
    return Markup(between).join(parts)  # noqa: S704 - ours


def outside_link(url: str | None) -> str | None:
    """The address if it may be linked to: http or https, to a named host, without tricks; else None."""
    if not url or len(url) > _LONGEST_ADDRESS or url != visible(url) or re.search(r"[\s\\<>\"'`]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else None


def thread_address(thread_id: str, post_id: str = "", start: int = 0, end: int = 0) -> str:
    """Where the Browse page shows a thread, at a post, with a span of it marked."""
    fields: dict[str, str | int] = {"thread": thread_id}
    if post_id:
        fields["post"] = post_id
    if end > start:
        fields |= {"start": start, "end": end}
    return f"/browse?{urlencode(fields, quote_via=quote)}"


def day(created: str | None) -> str:
    """A date as people write it, `4 Mar 2024`; empty where it is unknown."""
    if created is None:
        return ""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return ""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def time_tag(created: str | None) -> Markup:
    """A date with its machine-readable form."""
    shown = day(created)
    return html('<time datetime="{iso}">{shown}</time>', iso=created, shown=shown) if shown else Markup("")


def count(number: int, one: str, many: str = "") -> str:
    """`1 reply`, `2 replies`, `1,200 posts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def name_of(author: str | None) -> str:
    """An author as a page names them."""
    return author.strip() if author and author.strip() else "unknown author"
