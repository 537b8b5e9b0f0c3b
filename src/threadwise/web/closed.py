"""Gradio, imported so that it stays at home, and the gate in front of it.

Gradio looks at the environment when it is imported, so what must hold is set here, before, whatever the user's own
environment says: no analytics, no version check, no look at a model hub. The gate answers only the addresses that the
pages need, only to this machine's names, and forbids the browser to fetch anything from elsewhere.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    GRADIO_MCP_SERVER="False",
    GRADIO_SHARE="False",
    GRADIO_SSR_MODE="False",
    GRADIO_ALLOWED_PATHS="",
)


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Keep Gradio from writing type stubs into its own folder at each start, which is half of its start-up time."""
    real = inspect.getfile

    def getfile(thing: Any) -> str:
        if sys._getframe(1).f_globals.get("__name__") == "gradio.component_meta":
            raise OSError("no stubs wanted")  # what Gradio takes for a class without a file, which gets none
        return real(thing)

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = real


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector from looking through thousands of new classes again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


with _without_stubs(), _without_collecting():
    import gradio
    from gradio.routes import App as GradioApp

__all__ = ["Gate", "building", "gradio"]


@contextmanager
def building() -> Iterator[None]:
    """While pages are made, keep Gradio from making a whole server for each; the one they are mounted in comes last."""
    real = GradioApp.create_app
    GradioApp.create_app = staticmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        GradioApp.create_app = staticmethod(real)


Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_PAGES = ("/", "/browse", "/add")
_NEEDED = (
    "/assets/",
    "/static/",
    "/threadwise/",
    "/theme.css",
    "/config",
    "/favicon.ico",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/upload",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/heartbeat/",
    "/gradio_api/startup-events",
)
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio compiles its templates in the page
        "script-src-attr 'none'",  # no onerror=, no onclick=
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), clipboard-read=()"),
]


class Gate:
    """Lets through what the pages need, and tells the browser to stay on this machine."""

    def __init__(self, app: App, *, hosts: frozenset[str] | None, largest_body: int) -> None:
        """Stand before an app.

        Args:
            app: What answers.
            hosts: Names under which this server may be called (against DNS rebinding); None for any.
            largest_body: Most bytes of a request.
        """
        self._app = app
        self._hosts = hosts
        self._largest = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            return
        elif refusal := self._refusal(scope):
            status, text = refusal
            accepted = dict(scope["headers"]).get(b"accept", b"")
            await _refuse(send, status, text, as_page=status == 404 and b"text/html" in accepted)
        else:
            await self._app(scope, receive, _guarded(send))

    def _refusal(self, scope: Scope) -> tuple[int, bytes] | None:
        headers = dict(scope["headers"])
        host = _host_name(headers.get(b"host", b"").decode("latin-1"))
        if self._hosts is not None and host not in self._hosts:
            return 421, b"This server answers only under its own address."
        path = scope["path"]
        if path not in _PAGES and not path.startswith(_NEEDED):
            return 404, b"There is no such page. Threadwise has /, /browse and /add."
        if b"transfer-encoding" in headers:  # of which nobody knows how much will come; browsers say it
            return 411, b"Say how long the body is (Content-Length)."
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._largest:
            return 413, b"That is too large; THREADWISE_MAX_FILE_MB raises the limit."
        return None


def _host_name(host: str) -> str:
    return host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0].lower()


def _guarded(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in _HEADERS}
            message["headers"] = [pair for pair in message["headers"] if pair[0].lower() not in names] + _HEADERS
        await send(message)

    return guarded


_LOST = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>No such page \xc2\xb7 Threadwise</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 20px}a{margin-right:1rem}
</style><h1>There is no such page</h1><p>The address may be misspelled.</p>
<p><a href="/">Ask</a> <a href="/browse">Browse</a> <a href="/add">Add</a></p></html>"""
"""What a person gets who followed a wrong address; a program gets one line."""


async def _refuse(send: Send, status: int, text: bytes, *, as_page: bool = False) -> None:
    text = _LOST if as_page else text
    kind = b"text/html; charset=utf-8" if as_page else b"text/plain; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(text)).encode())]
    headers += _HEADERS if as_page else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
