"""A server on 127.0.0.1 that speaks the OpenAI protocol, or misbehaves as a test wants it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

Excerpts: TypeAlias = dict[str, str]
"""What a model was given: texts by id."""


class Handler(BaseHTTPRequestHandler):
    """One request; `stream` and `send` write to it."""

    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.asked = json.loads(self.rfile.read(length))
        self.server.requests.append((self.path, dict(self.headers), self.asked))
        self.close_connection = True
        try:
            self.server.behave(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.left.set()

    @property
    def excerpts(self) -> Excerpts:
        data = json.loads(self.asked["messages"][-1]["content"])
        return {one["id"]: one["text"] for one in data["excerpts"]}

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def send(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def event(self, text: str, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        self.send(f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n")

    def wait_until_left(self) -> None:
        """Say nothing more until the client hangs up."""
        self.connection.settimeout(10)
        if self.connection.recv(1) == b"":
            self.server.left.set()

    def stream(self, text: str, size: int = 7) -> None:
        """The whole of a well-behaved answer."""
        self.begin()
        self.send(": keep-alive\n\n")
        for at in range(0, len(text), size):
            self.event(text[at : at + size])
        self.event("", "stop")
        self.send("data: [DONE]\n\n")

    def log_message(self, *_: Any) -> None:
        pass


Behave: TypeAlias = Callable[[Handler], None]


class ModelServer(ThreadingHTTPServer):
    """Runs while the context lasts. `requests` are what it was asked: path, headers, body; `left`: a client hung up."""

    daemon_threads = True

    def __init__(self, behave: Behave) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behave = behave
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.left = threading.Event()

    @property
    def generator(self) -> str:
        """The setting that names it."""
        return f"openai:http://127.0.0.1:{self.server_address[1]}/v1#small"

    def __enter__(self) -> ModelServer:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def says(write: Callable[[Excerpts], str] | str) -> Behave:
    """A model that writes this, whatever it is asked; or what a function makes of the excerpts."""
    return lambda request: request.stream(write if isinstance(write, str) else write(request.excerpts))
