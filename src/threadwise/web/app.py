"""Open the web app: `build` makes the pages, `serve` answers on one port of this machine until it is stopped."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import shutil
import socket
import tempfile
import threading
import warnings
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI, Response

from threadwise.config import Settings
from threadwise.domain import Answer
from threadwise.errors import SettingsError
from threadwise.web.asking import Conversations
from threadwise.web.closed import App, Gate, gradio
from threadwise.web.frame import Frame, asset
from threadwise.web.pages import build_pages
from threadwise.web.readiness import Readiness

if TYPE_CHECKING:
    from threadwise.assistant import Assistant

_log = logging.getLogger(__name__)

_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_ANYWHERE = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104 - compared with, not bound to
_GRACE = 2  # seconds that open pages get when the program ends


def build(assistant: Assistant) -> gradio.Blocks:
    """The pages alone, as Gradio takes them; `serve` puts the frame and the gate around them."""
    return build_pages(assistant.settings, Readiness.of(assistant), Conversations(), _upload_folder())


def site(settings: Settings, readiness: Readiness, uploads: Path) -> App:
    """The whole web app, gate and all, for a server to run."""
    conversations = Conversations()
    api = FastAPI(title="Threadwise", docs_url=None, redoc_url=None, openapi_url=None)

    @api.get("/threadwise/state")
    def state() -> dict[str, Any]:
        generation = readiness.assistant.store.generation if readiness.opened else None
        return {"generation": generation, "ready": readiness.ready}

    @api.get("/threadwise/assets/{name}")
    def assets(name: str) -> Response:
        found = asset(name)
        if found is None:
            return Response(status_code=404)
        return Response(found[0], media_type=found[1], headers={"Cache-Control": "public, max-age=31536000, immutable"})

    @api.get("/threadwise/answers/{conversation}/{number}")
    def answers(conversation: str, number: int) -> Response:
        answer = conversations.answer(conversation, number)
        if answer is None:
            return Response("That answer is not here any more; ask again.", status_code=404, media_type="text/plain")
        name = 'attachment; filename="threadwise-answer.json"'
        return Response(answer_json(answer), media_type="application/json", headers={"Content-Disposition": name})

    _mount(api, build_pages(settings, readiness, conversations, uploads), settings)
    hosts = None if settings.host in _ANYWHERE else _LOCAL | {settings.host.lower()}
    return Gate(Frame(api), hosts=hosts, largest_body=int(settings.max_file_mb * 1_200_000))


def _mount(api: FastAPI, pages: gradio.Blocks, settings: Settings) -> None:
    """Put Gradio's part in its place, with everything off that the pages do not need."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that several pages go without server-side rendering
        gradio.mount_gradio_app(
            api,
            pages,
            path="/",
            server_name=settings.host,
            server_port=settings.port,
            footer_links=[],
            run_history=False,
            allowed_paths=[],
            blocked_paths=[str(settings.home)],
            show_error=False,
            max_file_size=settings.max_file_mb * 1_000_000,
            ssr_mode=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
        )


def answer_json(answer: Answer) -> str:
    """An answer as `threadwise ask --json` prints it."""
    return json.dumps(dataclasses.asdict(answer), ensure_ascii=False, indent=2)


def serve(settings: Settings, opening: Callable[[], Assistant], *, open_browser: bool = False) -> None:
    """Answer on the settings' address until Ctrl-C; the corpus is opened once the pages are up.

    Args:
        settings: Host, port, limits.
        opening: Opens the Assistant that answers; it is closed at the end.
        open_browser: Show the first page in the user's browser.

    Raises:
        SettingsError: The address cannot be listened on; the message names the option that chooses another.
        ThreadwiseError: The corpus cannot be opened.
    """
    with listening(settings.host, settings.port) as listener, _uploads() as uploads:
        readiness = Readiness()
        app = site(settings, readiness, uploads)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            lifespan="on",
        )
        address = f"http://{_shown_host(settings.host)}:{settings.port}"

        def once_up() -> None:
            _announce(address, open_browser=open_browser)
            readiness.begin(opening, failed=server.end)

        server = _Server(config, once_up)
        try:
            with suppress(KeyboardInterrupt):  # that is how it ends
                server.run(sockets=[listener])
        finally:
            readiness.close()
        if readiness.error is not None:
            raise readiness.error


class _Server(uvicorn.Server):
    """Says when it is up, and can be ended from another thread."""

    def __init__(self, config: uvicorn.Config, once_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._once_up = once_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._once_up()

    def end(self) -> None:
        self.should_exit = True


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to an address of this machine.

    Raises:
        SettingsError: It is taken, not allowed, or no address of this machine.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(f"{host!r} is no address of this machine; --host takes one such as 127.0.0.1.") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Another program, or another Threadwise, may "
            "have it: choose one with --port 7861 or THREADWISE_PORT=7861."
        ) from error
    try:
        yield listener
    finally:
        listener.close()


@contextmanager
def _uploads() -> Iterator[Path]:
    folder = _upload_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _upload_folder() -> Path:
    """A folder of its own for what is uploaded; Gradio is told through the one way that it knows."""
    folder = Path(tempfile.mkdtemp(prefix="threadwise-uploads-"))
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def _shown_host(host: str) -> str:
    if host in _ANYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _announce(address: str, *, open_browser: bool) -> None:
    print(f"Threadwise is at {address} (Ctrl-C ends it).", flush=True)
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
