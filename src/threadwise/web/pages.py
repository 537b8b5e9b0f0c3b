"""The three pages as Gradio sees them: regions that hold markup, and the events that fill them.

The pages' script (`assets/threadwise.js`) turns clicks and keys into events of a `wire`, a component that shows
nothing; each event calls one method of the page's room and puts what it returns into regions. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threadwise.web import forms
from threadwise.web.adding import Adding, AddPage
from threadwise.web.asking import Asking, Conversations
from threadwise.web.browsing import Browsing
from threadwise.web.closed import building
from threadwise.web.closed import gradio as gr
from threadwise.web.payload import Payload
from threadwise.web.readiness import Readiness

QUEUE_LENGTH = 64
"""Most events that wait; more are refused with a note on the page."""

_CLOSED: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}


def build_pages(readiness: Readiness, conversations: Conversations, uploads: Path) -> gr.Blocks:
    """The pages of one corpus; `uploads` is the folder that uploaded files come to."""
    with building():
        with gr.Blocks(title="Threadwise", analytics_enabled=False, delete_cache=(600, 3600), fill_width=True) as pages:
            _ask_page(Asking(readiness, conversations))
        with pages.route("Browse", "/browse"):
            _browse_page(Browsing(readiness))
        with pages.route("Add", "/add"):
            _add_page(Adding(readiness, uploads))
        pages.queue(max_size=QUEUE_LENGTH, default_concurrency_limit=4, api_open=False)
    return pages


def _ask_page(room: Asking) -> None:
    def arrive(event: gr.EventData) -> tuple[str, str]:
        page = room.arrive(_payload(event))
        return page.log, page.rail

    def ask(event: gr.EventData) -> Iterator[tuple[str, str]]:
        for page in room.ask(_payload(event)):
            yield page.log, page.rail

    def stop(event: gr.EventData) -> None:
        room.stop(_payload(event))

    def open_thread(event: gr.EventData) -> str:
        return room.open_thread(_payload(event))

    wire = _wire("arrive", "ask_question", "stop_answer", "show_thread")
    with gr.Column(elem_id="ask-page", elem_classes="page"):
        log = _region("log")
        rail = _region("rail")
        gr.HTML(str(forms.composer()), elem_id="composer", js_on_load=None, apply_default_css=False)
        panel = _region("panel")
    wire.arrive(arrive, None, [log, rail], **_CLOSED)
    wire.ask_question(ask, None, [log, rail], concurrency_limit=4, trigger_mode="once", **_CLOSED)
    wire.stop_answer(stop, None, None, **_CLOSED)
    wire.show_thread(open_thread, None, panel, trigger_mode="always_last", **_CLOSED)


def _browse_page(room: Browsing) -> None:
    def threads(event: gr.EventData) -> Iterator[str]:
        yield from room.threads(_payload(event))

    def read(event: gr.EventData) -> Iterator[str]:
        yield from room.read(_payload(event))

    def delete(event: gr.EventData) -> tuple[str, str]:
        page = room.delete(_payload(event))
        return page.listing, page.reader

    wire = _wire("list_threads", "show_thread", "delete_thread")
    with gr.Column(elem_id="browse-page", elem_classes="page"):
        gr.HTML(str(forms.search_form()), elem_id="search", js_on_load=None, apply_default_css=False)
        listing = _region("listing")
        reader = _region("reader")
    wire.list_threads(threads, None, listing, trigger_mode="always_last", **_CLOSED)
    wire.show_thread(read, None, reader, trigger_mode="always_last", **_CLOSED)
    wire.delete_thread(delete, None, [listing, reader], trigger_mode="once", **_CLOSED)


def _add_page(room: Adding) -> None:
    def shown(page: AddPage) -> tuple[str, Any]:
        return page.view, page.draft

    def preview(event: gr.EventData) -> tuple[str, Any]:
        return shown(room.preview(_payload(event)))

    def edit(event: gr.EventData) -> tuple[str, Any]:
        return shown(room.edit(_payload(event)))

    def change(event: gr.EventData, draft: Any) -> tuple[str, Any]:
        return shown(room.change(_payload(event), draft))

    def save(event: gr.EventData, draft: Any) -> tuple[str, Any]:
        return shown(room.save(_payload(event), draft))

    def examine(event: gr.EventData) -> tuple[str, Any]:
        return shown(room.examine(_payload(event)))

    def take_in(event: gr.EventData) -> Iterator[tuple[str, Any]]:
        for page in room.take_in(_payload(event)):
            yield shown(page)

    wire = _wire("preview_text", "edit_thread", "change_draft", "save_draft", "examine_file", "import_file")
    with gr.Column(elem_id="add-page", elem_classes="page"):
        gr.HTML(str(forms.paste_form()), elem_id="paste", js_on_load=None, apply_default_css=False)
        view = _region("draft")
        draft = gr.State(None)
    region = [view, draft]
    wire.preview_text(preview, None, region, trigger_mode="always_last", **_CLOSED)
    wire.edit_thread(edit, None, region, **_CLOSED)
    wire.change_draft(change, draft, region, trigger_mode="once", **_CLOSED)
    wire.save_draft(save, draft, region, trigger_mode="once", concurrency_limit=1, **_CLOSED)
    wire.examine_file(examine, None, region, trigger_mode="once", concurrency_limit=1, **_CLOSED)
    wire.import_file(take_in, None, region, trigger_mode="once", concurrency_limit=1, **_CLOSED)


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
