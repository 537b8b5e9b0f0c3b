"""The frame of every page: head, header with the way to each page, and what is shown until the page itself is there.

Gradio sends a page of its own; this turns it into ours. What it says about itself to the outside goes, our style sheet
and script come in, and the header stands before anything is loaded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from threadwise.web import icons
from threadwise.web.closed import App, Receive, Scope, Send
from threadwise.web.html import html, joined

_ASSETS = Path(__file__).resolve().parent / "assets"
PAGES = {"/": ("ask", "Ask"), "/browse": ("browse", "Browse"), "/add": ("add", "Add")}
_DROPPED = re.compile(
    r'<meta\s[^>]*(?:property="og:|name="twitter:)[^>]*>'  # names outside hosts
    r'|<link rel="manifest"[^>]*>'
    r"|<base [^>]*>",  # would send "#place" to the first page
    re.DOTALL,
)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_FRAMING = re.compile(r"<script>\s*\(\(\) => \{\s*const root = .*?iframeResizer.*?</script>", re.DOTALL)
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def asset(name: str) -> tuple[bytes, str] | None:
    """A file of the pages and its type, or None."""
    path = _ASSETS / name
    if path.parent != _ASSETS or path.suffix not in _TYPES or not path.is_file():
        return None
    return path.read_bytes(), _TYPES[path.suffix]


def asset_address(name: str) -> str:
    """The address of a file of the pages; it changes with the file, so that browsers may keep it."""
    found = asset(name)
    version = hashlib.sha256(found[0]).hexdigest()[:12] if found else ""
    return f"/threadwise/assets/{name}?v={version}"


def framed(page: str, path: str) -> str:
    """Gradio's page as a page of Threadwise."""
    name, label = PAGES[path]
    page = _FRAMING.sub("", _TITLE.sub("", _DROPPED.sub("", page)))
    page = page.replace('<html\n\tlang="en"', f'<html lang="en" data-page="{name}"', 1)
    page = page.replace("<head>", f"<head>{head(label)}", 1)
    return re.sub(r"(<body[^>]*>)", lambda found: found.group(1) + str(body(path)), page, count=1)


def head(label: str) -> Markup:
    """What stands in the head: title, style, script, and the look that was chosen last."""
    return html(
        '<title>{label} · Threadwise</title><meta name="color-scheme" content="light dark">'
        '<meta name="description" content="Suggestions from forum threads, every sentence with its source.">'
        '<link rel="icon" type="image/svg+xml" href="{icon}"><link rel="stylesheet" href="{style}">'
        '<link rel="preload" as="font" type="font/woff2" crossorigin '
        'href="/static/fonts/SourceSansPro/SourceSansPro-Regular.woff2">'
        '<script src="{script}"></script>',
        label=label,
        icon=asset_address("icon.svg"),
        style=asset_address("threadwise.css"),
        script=asset_address("threadwise.js"),
    )


def body(path: str) -> Markup:
    """What stands before Gradio's part: header, messages, the question before something is deleted."""
    links = joined(
        html(
            '<li><a href="{there}"{here}>{label}</a></li>',
            there=there,
            here=html(' aria-current="page"') if there == path else "",
            label=label,
        )
        for there, (_, label) in PAGES.items()
    )
    return html(
        '<a class="skip" href="#content">Skip to the content</a>'
        '<header class="site"><a class="brand" href="/"><img src="{icon}" alt="" width="28" height="28">Threadwise</a>'
        '<nav aria-label="Pages"><ul>{links}</ul></nav>'
        '<button type="button" class="quiet look" data-look aria-label="Change between light and dark">'
        '<span class="sun">{sun}</span><span class="moon">{moon}</span></button></header>'
        '<div id="offline" class="offline" role="alert" hidden>Threadwise does not answer. Is it still running?</div>'
        '<div id="announce" class="sr" aria-live="polite"></div>'
        '<div id="loading" class="loading" aria-hidden="true"><i></i><i></i><i></i></div>'
        "<noscript><p>Threadwise needs JavaScript, from this machine only.</p></noscript>"
        '<dialog id="confirm" aria-labelledby="confirm-title"><form method="dialog"><h2 id="confirm-title">Delete this '
        'thread?</h2><p id="confirm-text"></p><p>It will be gone from search, answers and similar threads. '
        'This cannot be undone.</p><div class="actions"><button value="no" class="quiet" autofocus>Keep it</button>'
        '<button value="yes" class="primary danger">Delete</button></div></form></dialog>',
        icon=asset_address("icon.svg"),
        links=links,
        sun=icons.SUN,
        moon=icons.MOON,
    )


class Frame:
    """Puts the frame around the pages that an app sends."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; of a page, collect it first and change it."""
        if scope["type"] != "http" or scope["path"] not in PAGES or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        start: MutableMapping[str, Any] = {}
        parts: list[bytes] = []

        async def collect(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self._app({**scope, "headers": plain}, receive, collect)
        content = b"".join(parts)
        if start["status"] == 200:
            content = framed(content.decode("utf-8"), scope["path"]).encode("utf-8")
        kept = [pair for pair in start["headers"] if pair[0].lower() not in (b"content-length", b"cache-control")]
        start["headers"] = [*kept, (b"content-length", str(len(content)).encode()), (b"cache-control", b"no-cache")]
        await send(start)
        await send({"type": "http.response.body", "body": content})
