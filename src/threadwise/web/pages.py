"""The three pages as Gradio sees them: regions that hold markup, and the events that fill them.

The pages' script (`assets/threadwise.js`) turns clicks and keys into events of a `wire`, a component that shows
nothing; each event calls one method of the page's room and puts what it returns into regions. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from threadwise.config import Settings
from threadwise.web import forms
from threadwise.web.adding import Adding, AddPage
from threadwise.web.asking import Asking, Conversations
from threadwise.web.browsing import Browsing
from threadwise.web.closed import building
from threadwise.web.closed import gradio as gr
from threadwise.web.newest import Newest
from threadwise.web.payload import Payload
from threadwise.web.readiness import Readiness

QUEUE_LENGTH = 64
"""Most events that wait; more are refused with a note on the page."""

ASKING, WAITING = 2, 8
"""Questions answered at once; others wait their turn. Python runs one thread at a time, so that more than two of them
only take the processor from one another (`python -m bench.visitors`); with a language model they wait for it instead.
"""

_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}
_CLOSED = {**_PRIVATE, "trigger_mode": "multiple"}
_ONE_AT_A_TIME = {**_PRIVATE, "trigger_mode": "once"}
"""What changes something is not done again while it is being done."""


def build_pages(settings: Settings, readiness: Readiness, conversations: Conversations, uploads: Path) -> gr.Blocks:
    """The pages of one corpus.

    Args:
        settings: Who writes the answers, and the largest file.
        readiness: The Assistant behind them.
        conversations: Where talks are kept.
        uploads: The folder that uploaded files come to.
    """
    with building():
        with gr.Blocks(title="Threadwise", analytics_enabled=False, delete_cache=(600, 3600), fill_width=True) as pages:
            _ask_page(Asking(readiness, conversations), ASKING if settings.generator == "extract" else WAITING)
        with pages.route("Browse", "/browse"):
            _browse_page(Browsing(readiness))
        with pages.route("Add", "/add"):
            _add_page(Adding(readiness, uploads), settings.max_file_mb)
        pages.queue(max_size=QUEUE_LENGTH, default_concurrency_limit=4, api_open=False)
    return pages


def _ask_page(room: Asking, at_once: int) -> None:
    order = Newest()

    def arrive(payload: Payload) -> Iterator[tuple[str, str]]:
        page = room.arrive(payload)
        yield page.log, page.rail

    def ask(payload: Payload) -> Iterator[tuple[str, str]]:
        for page in room.ask(payload):
            yield page.log, page.rail

    def open_thread(payload: Payload) -> Iterator[str]:
        yield room.open_thread(payload)

    def keep(payload: Payload) -> Iterator[tuple[str, str]]:
        page = room.keep(payload)
        yield page.log, page.rail

    def show_kept(payload: Payload) -> Iterator[str]:
        yield room.show_kept(payload)

    def drop_kept(payload: Payload) -> Iterator[Any]:
        listed, page = room.drop_kept(payload)
        yield (listed, page.log, page.rail) if page else (listed, gr.skip(), gr.skip())

    def stop(event: gr.EventData) -> None:
        room.stop(_payload(event))

    wire = _wire("arrive", "ask_question", "stop_answer", "show_thread", "keep_answer", "show_kept", "drop_kept")
    with gr.Column(elem_id="ask-page", elem_classes="page"):
        log = _region("log")
        rail = _region("rail")
        gr.HTML(str(forms.composer()), elem_id="composer", js_on_load=None, apply_default_css=False)
        panel = _region("panel")
    wire.arrive(_filling(order, arrive, "log"), None, [log, rail], **_CLOSED)
    wire.ask_question(_filling(order, ask, "log"), None, [log, rail], concurrency_limit=at_once, **_CLOSED)
    wire.show_thread(_filling(order, open_thread, "panel"), None, panel, **_CLOSED)
    wire.keep_answer(_filling(order, keep, "log"), None, [log, rail], **_ONE_AT_A_TIME)
    wire.show_kept(_filling(order, show_kept, "panel"), None, panel, **_CLOSED)
    wire.drop_kept(_filling(order, drop_kept, "panel"), None, [panel, log, rail], **_ONE_AT_A_TIME)
    wire.stop_answer(stop, None, None, **_CLOSED)


def _browse_page(room: Browsing) -> None:
    order = Newest()

    def delete(payload: Payload) -> Iterator[tuple[str, str]]:
        page = room.delete(payload)
        yield page.listing, page.reader

    wire = _wire("list_threads", "show_thread", "delete_thread")
    with gr.Column(elem_id="browse-page", elem_classes="page"):
        gr.HTML(str(forms.search_form()), elem_id="search", js_on_load=None, apply_default_css=False)
        listing = _region("listing")
        reader = _region("reader")
    wire.list_threads(_filling(order, room.threads, "listing"), None, listing, **_CLOSED)
    wire.show_thread(_filling(order, room.read, "reader"), None, reader, **_CLOSED)
    wire.delete_thread(_filling(order, delete, "listing", "reader"), None, [listing, reader], **_CLOSED)


def _add_page(room: Adding, largest_mb: int) -> None:
    order = Newest()

    def preview(event: gr.EventData) -> Iterator[Any]:
        yield from filling(lambda payload: iter([room.preview(payload)]), event)

    def edit(event: gr.EventData) -> Iterator[Any]:
        yield from filling(lambda payload: iter([room.edit(payload)]), event)

    def change(event: gr.EventData, draft: Any) -> Iterator[Any]:
        yield from filling(lambda payload: iter([room.change(payload, draft)]), event)

    def save(event: gr.EventData, draft: Any) -> Iterator[Any]:
        yield from filling(lambda payload: iter([room.save(payload, draft)]), event)

    def examine(event: gr.EventData) -> Iterator[Any]:
        yield from filling(room.examine, event)

    def take_in(event: gr.EventData) -> Iterator[Any]:
        yield from filling(room.take_in, event)

    def filling(fill: Callable[[Payload], Iterator[AddPage]], event: gr.EventData) -> Iterator[Any]:
        return _filling(order, lambda payload: ((page.view, page.draft) for page in fill(payload)), "draft")(event)

    wire = _wire("preview_text", "edit_thread", "change_draft", "save_draft", "examine_file", "import_file")
    with gr.Column(elem_id="add-page", elem_classes="page"):
        gr.HTML(str(forms.paste_form(largest_mb)), elem_id="paste", js_on_load=None, apply_default_css=False)
        view = _region("draft")
        draft = gr.State(None)
    region = [view, draft]
    wire.preview_text(preview, None, region, **_CLOSED)
    wire.edit_thread(edit, None, region, **_CLOSED)
    wire.change_draft(change, draft, region, **_ONE_AT_A_TIME)
    wire.save_draft(save, draft, region, concurrency_limit=1, **_ONE_AT_A_TIME)
    wire.examine_file(examine, None, region, concurrency_limit=1, **_ONE_AT_A_TIME)
    wire.import_file(take_in, None, region, concurrency_limit=1, **_ONE_AT_A_TIME)


def _filling(
    order: Newest, fill: Callable[[Payload], Iterator[Any]], *regions: str
) -> Callable[[gr.EventData], Iterator[Any]]:
    """The handler of an event that fills regions: what comes after a newer event has begun to fill them is left out."""

    def handle(event: gr.EventData) -> Iterator[Any]:
        payload = _payload(event)
        newest = order.began(payload, *regions)
        for page in fill(payload):
            yield page if newest() else gr.skip()

    return handle


def _wire(*events: str) -> gr.HTML:
    """A component that shows nothing and carries the page's events."""
    names = ", ".join(f"'{name}'" for name in events)
    script = f"threadwise.connect(trigger, typeof upload === 'undefined' ? null : upload, [{names}]);"
    return gr.HTML("", elem_id="wire", js_on_load=script, apply_default_css=False)


def _region(name: str) -> gr.HTML:
    """A place of the page that events fill; the script is told after each change."""
    script = f"watch('value', () => threadwise.filled('{name}', element));"
    return gr.HTML("", elem_id=name, js_on_load=script, apply_default_css=False)


def _payload(event: gr.EventData) -> Payload:
    return Payload(event._data)
