"""A small corpus with friendly and hostile threads, and the web app running over it in Chromium."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from conftest import WordEncoder
from threadwise.advice.compose import make_composer
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.store import Store
from threadwise.domain import Post, Role, Thread
from threadwise.index.indexer import Index

BACK = Thread(
    "sore-back",
    "Sore lower back after running",
    (
        Post("1", "My lower back is sore after running. What helped you?", "slowpoke", "2024-03-04T10:00:00", 3,
             role=Role.ASKER),
        Post("2", "Try shorter runs first. You should stretch your hips after every run.", "ana",
             "2024-03-04T11:00:00", 9, accepted=True, reply_to="1", url="https://forum.example/sore-back#2"),
        Post("3", "Strengthen your core: do a plank every morning before running.", "ben", "2024-03-05T09:30:00", 4,
             reply_to="1"),
        Post("4", "The hip stretch helped, my back is fine after two weeks!", "slowpoke", "2024-03-20T08:00:00",
             role=Role.ASKER, reply_to="2"),
    ),
    url="https://forum.example/sore-back",
    created="2024-03-04T10:00:00",
    tags=("running", "back"),
)  # fmt: skip
PLANT = Thread(
    "droopy-plant",
    "Droopy plant by the window",
    (
        Post("1", "My plant hangs its leaves. I water it daily.", "fern", "2024-05-01T10:00:00", role=Role.ASKER),
        Post(
            "2", "Water it less. Let the soil dry before you water the plant again.", "mara", "2024-05-02T10:00:00", 6
        ),
    ),
    created="2024-05-01T10:00:00",
    tags=("plants",),
)
ATTACK = '<script>window.hacked=1</script><img src=x onerror="window.hacked=2"> ![](http://outside.test/a.png)'
HOSTILE = Thread(
    "hostile-<b>thread</b>",
    f"Kettle {ATTACK}",
    (
        Post("1", f"How do I clean my kettle? {ATTACK}", "<img src=x onerror=window.hacked=3>", "2024-06-01T10:00:00",
             role=Role.ASKER),
        Post("2", f"You should boil vinegar in the kettle. {ATTACK} <a href='javascript:window.hacked=4'>x</a> "
             "${1+1} {{value}} </textarea><iframe src=http://outside.test></iframe> \u202eevil\u202c",
             "</mark>\"' onclick=x", "2024-06-02T10:00:00", url="javascript:window.hacked=5", reply_to="1"),
        Post("3", "Rinse the kettle twice afterwards.\n> boil <b>vinegar</b>\nagreed", None, None,
             url="https://forum.example/k\" onmouseover=\"window.hacked=6"),
    ),
    url="javascript:alert(1)",
    tags=("kitchen", "<i>tag</i>\" onclick=\"window.hacked=7"),
)  # fmt: skip


@contextmanager
def assistant_over(settings: Settings, *threads: Thread, encoder: WordEncoder | None = None) -> Iterator[Assistant]:
    """An Assistant without a model over these threads."""
    with Store.open(settings) as store:
        index = Index.open(settings, store, encoder or WordEncoder())
        assistant = Assistant(settings, store, index, make_composer(settings))
        if threads:
            store.put(threads)
            assistant.level()
        yield assistant
        index.close()


@pytest.fixture
def assistant(settings: Settings) -> Iterator[Assistant]:
    """An Assistant over the sample threads."""
    with assistant_over(settings, BACK, PLANT, HOSTILE) as made:
        yield made


@pytest.fixture
def empty(settings: Settings) -> Iterator[Assistant]:
    """An Assistant over nothing."""
    with assistant_over(settings) as made:
        yield made


@dataclass
class Site:
    """A running web app, and what it was asked for and said meanwhile."""

    address: str
    assistant: Assistant
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """What was requested from anywhere else."""
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]

    def watch(self, page: Any) -> Any:
        """Note what a page requests, what fails, and what its console says."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda r: self.complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.set_default_timeout(20_000)
        return page


@contextmanager
def running(assistant: Assistant, uploads: Path) -> Iterator[Site]:
    """The whole app of an Assistant on a free port."""
    from threadwise.web.app import listening, site
    from threadwise.web.readiness import Readiness

    with listening("127.0.0.1", 0) as listener:
        app = site(assistant.settings, Readiness.of(assistant), uploads)
        config = uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", assistant)
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                 if Path(p).exists()), None)  # fmt: skip
    if path is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def site_(assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The app over the sample threads."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(uploads))
    with running(assistant, uploads) as made:
        yield made
        assert made.outside == [], "a page reached for another host"


@pytest.fixture
def page(chromium: Any, site_: Site) -> Iterator[Any]:
    """A desk-sized window."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield site_.watch(context.new_page())
    context.close()
