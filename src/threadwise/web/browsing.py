"""What the Browse page does: lists, search, the thread reader, deleting. Called by events, and by tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from markupsafe import Markup

from threadwise.corpus.summaries import summary_of
from threadwise.domain import Thread
from threadwise.errors import InputError
from threadwise.web import icons
from threadwise.web.html import html
from threadwise.web.payload import Payload, explained
from threadwise.web.readiness import Readiness
from threadwise.web.show_answer import problem
from threadwise.web.show_list import ORDERS, PER_PAGE, Found, Listing, Wanted, listing_view
from threadwise.web.show_thread import Spot, similar_list, thread_page

MOST_FOUND = 100
"""Threads that a search shows, best first."""

_WAIT = 180.0
_NEAR = "No thread has these words. These are the nearest in meaning."
_LOADING = "Titles only for now: search by meaning starts as soon as the language model is loaded."


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """The regions of the Browse page after something was deleted."""

    listing: str
    reader: str


class Browsing:
    """The Browse page of one corpus."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    def threads(self, payload: Payload) -> Iterator[str]:
        """The list that the address asks for; while the model loads, by title first."""
        try:
            wanted = wanted_of(payload)
            if wanted.text and not self._readiness.ready:
                yield str(listing_view(self._by_title(wanted, note=_LOADING)))
                self._readiness.wait(_WAIT)
            yield str(listing_view(self._search(wanted) if wanted.text else self._by_title(wanted)))
        except Exception as error:  # noqa: BLE001 - the page must show something; the log has the rest
            yield str(problem(explained(error)))

    def read(self, payload: Payload) -> Iterator[str]:
        """A thread with the place that the address names, then the threads that are like it."""
        thread_id = payload.text("thread")
        if not thread_id:
            yield str(_nothing_open())
            return
        try:
            thread = self._readiness.assistant.show(thread_id)
            spot = Spot(payload.text("post"), payload.number("start"), payload.number("end"))
            start_at = payload.number("from") if payload.text("from") else None
            page = thread_page(thread, spot, start_at=start_at, elsewhere=self._readiness.assistant.elsewhere)
            yield str(_reader(thread, page, html('<p class="hint">Looking for similar threads</p>')))
            self._readiness.wait(_WAIT)
            yield str(_reader(thread, page, self._similar(thread)))
        except Exception as error:  # noqa: BLE001 - see threads
            yield str(html('<div class="toolbar">{back}</div>{said}', back=_back(), said=problem(explained(error))))

    def delete(self, payload: Payload) -> BrowsePage:
        """Remove a thread, then show the list without it."""
        try:
            self._readiness.assistant.delete(payload.text("thread"))
            listing = listing_view(self._by_title(replace(wanted_of(payload), thread="", text="")))
            gone = html(
                '<div class="empty"><p role="status">{icon} The thread was deleted.</p></div>', icon=icons.CHECK
            )
            return BrowsePage(str(listing), str(gone))
        except Exception as error:  # noqa: BLE001 - see threads
            sentence = problem(explained(error))
            return BrowsePage(str(listing_view(self._by_title(wanted_of(payload)))), str(sentence))

    def _similar(self, thread: Thread) -> Markup:
        try:
            found = self._readiness.assistant.similar(thread.id, k=6)
        except Exception as error:  # noqa: BLE001 - the thread itself stays readable
            return problem(explained(error))
        return similar_list(found) or html('<p class="hint">No thread is like this one.</p>')

    def _by_title(self, wanted: Wanted, note: str = "") -> Listing:
        store = self._readiness.assistant.store
        tags = tuple(store.tags())
        tag = wanted.tag or None
        if wanted.text:
            found = store.summaries(text=wanted.text, tag=tag, limit=MOST_FOUND)
            page = found[(wanted.page - 1) * PER_PAGE : wanted.page * PER_PAGE]
            total = len(found)
        else:
            offset = (wanted.page - 1) * PER_PAGE
            page = store.summaries(tag=tag, order=wanted.order, limit=PER_PAGE, offset=offset)
            total = dict(tags).get(wanted.tag, 0) if tag else store.counts().threads
        return Listing(wanted, tuple(Found(one) for one in page), total, tags, note)

    def _search(self, wanted: Wanted) -> Listing:
        """Threads that the question's retrieval finds, with the passage that matched best in each."""
        from threadwise.retrieval.query import understand  # with all that it needs, after the page is up

        if len(wanted.text) > self._readiness.assistant.settings.max_question:
            raise InputError("The search is too long. A few words, or a question in a line or two, find more.")
        self._readiness.assistant.catch_up()
        query = understand(wanted.text)
        evidence = self._readiness.assistant.retriever.search(query, k=MOST_FOUND)
        passages: dict[str, str] = {}
        for hit in evidence.hits:
            passages.setdefault(hit.item.thread_id, " ".join(hit.item.text.split()))
        threads = self._readiness.assistant.store.get_many(hit.item for hit in evidence.threads)
        found = [
            Found(summary_of(thread), passages.get(thread.id, ""))
            for thread in threads.values()
            if not wanted.tag or wanted.tag in thread.tags
        ]
        page = found[(wanted.page - 1) * PER_PAGE : wanted.page * PER_PAGE]
        note = _NEAR if found and not evidence.repairs and not self._has_a_word(query.text) else ""
        return Listing(
            wanted,
            tuple(page),
            len(found),
            tuple(self._readiness.assistant.store.tags()),
            note,
            more=len(evidence.threads) >= MOST_FOUND,
        )

    def _has_a_word(self, text: str) -> bool:
        """Whether a word of the text is anywhere in the corpus; true of a text without words too."""
        index = self._readiness.assistant.index
        words = index.terms(text)
        return not words or any(index.frequency(word) for word in words)


def wanted_of(payload: Payload) -> Wanted:
    """What the page's address asks for; what makes no sense in it counts as not given."""
    order = payload.text("order")
    return Wanted(
        text=" ".join(payload.text("q").split()),
        tag=payload.text("tag"),
        order=order if order in ORDERS else "newest",
        page=max(1, payload.number("page", 1)),
        thread=payload.text("thread"),
    )


def _nothing_open() -> Markup:
    return html('<div class="empty"><p>Choose a thread to read it here.</p></div>')


def _back() -> Markup:
    """To the list, where a narrow screen shows only the thread."""
    return html('<button type="button" class="quiet back" data-back>{icon} All threads</button>', icon=icons.BACK)


def _reader(thread: Thread, page: Markup, similar: Markup) -> Markup:
    return html(
        '<div class="reader" data-thread="{id}"><div class="toolbar">{back}<span class="grow"></span>'
        '<a class="quiet" href="/?{ask}">{talk}<span>Ask about it</span></a>'
        '<a class="quiet" href="/add?{edit}">{pen}<span>Edit</span></a>'
        '<button type="button" class="quiet danger" data-delete="{id}" data-title="{title}">{bin}<span>Delete</span>'
        "</button></div>"
        "{page}<aside>{similar}</aside></div>",
        id=thread.id,
        title=thread.heading,
        back=_back(),
        ask=_query("q", thread.heading),
        talk=icons.TALK,
        edit=_query("edit", thread.id),
        pen=icons.EDIT,
        bin=icons.TRASH,
        page=page,
        similar=similar,
    )


def _query(name: str, value: str) -> str:
    return urlencode({name: value}, quote_via=quote)
