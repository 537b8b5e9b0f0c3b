"""What the Add page does: preview a paste, put it right, keep it; take in files of many threads. Called by events."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from threadwise.corpus.formats.source import Remark, Report
from threadwise.corpus.formats.values import slug
from threadwise.domain import SimilarThread, Thread
from threadwise.errors import ConflictError, FormatError, InputError
from threadwise.web import drafts
from threadwise.web.drafts import Draft
from threadwise.web.payload import Payload, explained
from threadwise.web.readiness import Readiness
from threadwise.web.show_answer import problem
from threadwise.web.show_draft import draft_view, imported_view, many_view, progress_view, saved_view

if TYPE_CHECKING:
    from threadwise.assistant import Assistant
    from threadwise.corpus.formats.progress import Told

_COUNTED = 500
"""Threads of an uploaded file that are counted before it is imported; more are 'at least' this many."""

_LIKE, _LIKE_SHOWN = 0.6, 3
"""From this likeness on a thread is shown beside a new one that asks for the same, and how many at most. Of the demo
corpus, questions told again have .75 to .96 with the thread that they tell again, others of the same field .3 to .5."""

_COMPARED = 2_000
"""Characters of a new thread's title and question by which such threads are looked for."""

_WAITING_FILES = 20
_TICK = 0.25


@dataclass(frozen=True, slots=True)
class AddPage:
    """The region of the Add page, and the thread that is being put right in it."""

    view: str
    draft: Draft | None = None


class Adding:
    """The Add page of one corpus. Uploaded files must lie in `uploads`; they are removed once they are read."""

    def __init__(self, readiness: Readiness, uploads: Path) -> None:
        self._readiness = readiness
        self._uploads = uploads.resolve()
        self._files: OrderedDict[str, Path] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def _assistant(self) -> Assistant:
        return self._readiness.assistant

    def preview(self, payload: Payload) -> AddPage:
        """What a pasted text is understood as."""
        try:
            text = payload.text("text")
            return self._understood(text) if text.strip() else AddPage("")
        except Exception as error:  # noqa: BLE001 - the page must show something; the log has the rest
            return AddPage(str(problem(explained(error))))

    def edit(self, payload: Payload) -> AddPage:
        """A stored thread, to be put right."""
        try:
            thread = self._assistant.show(payload.text("edit"))
            draft = Draft(thread, stored=thread, named=True)
            return AddPage(str(draft_view(draft)), draft)
        except Exception as error:  # noqa: BLE001 - see preview
            return AddPage(str(problem(explained(error))))

    def change(self, payload: Payload, draft: Draft | None) -> AddPage:
        """Join, split, move or remove a post; what stands in the fields is kept."""
        if draft is None:
            return _lost()
        try:
            thread = drafts.corrected(draft.thread, payload.group("form"))
            draft = replace(draft, thread=thread)
            draft = replace(draft, thread=_changed(thread, payload))
            return AddPage(str(draft_view(draft)), draft)
        except Exception as error:  # noqa: BLE001 - see preview
            return AddPage(str(draft_view(draft, error=explained(error))), draft)

    def save(self, payload: Payload, draft: Draft | None) -> AddPage:
        """Keep the thread; a second press keeps nothing twice."""
        if draft is None:
            return _lost()
        if draft.saved is not None:
            return AddPage(
                str(saved_view(draft.saved, draft.thread.heading, len(draft.thread.posts), None, edited=False))
            )
        try:
            draft = replace(draft, thread=drafts.corrected(draft.thread, payload.group("form")))
            return self._kept(draft)
        except Exception as error:  # noqa: BLE001 - see preview
            return AddPage(str(draft_view(draft, error=explained(error))), draft)

    def examine(self, payload: Payload) -> Iterator[AddPage]:
        """What an uploaded file holds, showing how far the reading is: one thread goes to the preview, many wait for a
        yes."""
        try:
            path = self._uploaded(payload.text("path"))
            from threadwise.web.job import Job  # with all that it needs, after the page is up

            job = Job(lambda told, _: self._count(path, told))
            while not job.wait(_TICK):
                yield AddPage(str(progress_view(job.progress, leaving=False)))
            if job.result is None:
                raise job.error or FormatError(f"{path.name} cannot be read.")
            yield self._examined(path, *job.result)
        except Exception as error:  # noqa: BLE001 - see preview
            yield AddPage(str(problem(explained(error))))

    def _examined(self, path: Path, threads: list[Thread], more: bool, report: Report) -> AddPage:
        if len(threads) == 1 and not more:
            _remove(path)
            return self._drafted(_named_as_sent(threads[0], path))
        if not threads:
            _remove(path)
            why = _as_sent(report.rejected[0].why, path) if report.rejected else "No thread was found in it."
            raise FormatError(why if why.startswith(path.name) else f"{path.name} cannot be read as threads: {why}")
        return AddPage(str(many_view(path.name, len(threads), self._remember(path), more=more)))

    def take_in(self, payload: Payload) -> Iterator[AddPage]:
        """Import a file that was examined, showing how far it is."""
        with self._lock:
            path = self._files.pop(payload.text("token"), None)
        if path is None or not path.exists():
            yield AddPage(str(problem("That file is not here any more; choose it again.")))
            return
        from threadwise.importing import ImportOptions, run_import
        from threadwise.web.job import Job  # with all that they need, after the page is up

        job = Job(
            lambda told, indexed: run_import(self._assistant, [path], ImportOptions(), reading=told, indexing=indexed),
            finished=lambda: _remove(path),
        )
        while not job.wait(_TICK):
            yield AddPage(str(progress_view(job.progress)))
        if job.result is None:
            sentence = explained(job.error or FormatError(f"{path.name} cannot be read."))
            yield AddPage(str(problem(_as_sent(sentence, path))))
        else:
            rejected = [Remark(_as_sent(one.where, path), _as_sent(one.why, path)) for one in job.result.rejected]
            yield AddPage(str(imported_view(replace(job.result, rejected=rejected))))

    def _understood(self, text: str) -> AddPage:
        try:
            found = self._assistant.preview(text)
        except FormatError as error:
            many = self._pasted_many(text)
            if many is None:
                raise error from None
            return many
        return self._drafted(found.thread)

    def _drafted(self, thread: Thread) -> AddPage:
        near, also = self._assistant.duplicates(thread), self._assistant.elsewhere(thread)
        like = () if near else self._like(thread)
        draft = Draft(thread, near, named=thread.id != slug(thread.heading), elsewhere=also, like=like)
        return AddPage(str(draft_view(draft)), draft)

    def _like(self, thread: Thread) -> tuple[SimilarThread, ...]:
        """Threads that ask for the same in other words; none before the model is there: a preview waits for nothing."""
        if not self._readiness.ready:
            return ()
        asked = f"{thread.title}\n{thread.question.text}".strip()[:_COMPARED]
        found = self._assistant.similar(text=asked, k=_LIKE_SHOWN) if asked else []
        return tuple(one for one in found if one.score >= _LIKE)

    def _pasted_many(self, text: str) -> AddPage | None:
        """The question whether to import, where a paste holds more than one thread."""
        folder = Path(tempfile.mkdtemp(dir=self._uploads))
        path = folder / "the-text.txt"
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
        threads, more, _ = self._count(path)
        if len(threads) < 2:
            _remove(path)
            return None
        return AddPage(str(many_view("The text", len(threads), self._remember(path), more=more)))

    def _kept(self, draft: Draft) -> AddPage:
        thread = drafts.ready(draft.thread)
        if draft.stored is not None:
            if self._assistant.show(draft.stored.id) != draft.stored:
                raise ConflictError(
                    "The thread was changed elsewhere since this page was opened; nothing was saved. "
                    "Reload the page to see it as it is now."
                )
            added = self._assistant.edit(draft.stored.id, thread)
        else:
            if not draft.named:
                thread = replace(thread, id=slug(thread.heading))
            added = self._assistant.add(thread)
        view = saved_view(
            added.thread_id, added.title, added.posts, added.searchable_ms, edited=draft.stored is not None
        )
        return AddPage(str(view), replace(draft, thread=thread, saved=added.thread_id))

    def _count(self, path: Path, told: Told | None = None) -> tuple[list[Thread], bool, Report]:
        from threadwise.corpus.formats.files import read_path  # all readers, after the page is up
        from threadwise.corpus.formats.progress import Gauges

        report = Report()
        threads: list[Thread] = []
        gauges = Gauges(told) if told else Gauges()
        for thread in read_path(path, self._assistant.settings, report, gauges=gauges):
            if len(threads) == _COUNTED:
                return threads, True, report
            threads.append(thread)
        return threads, False, report

    def _uploaded(self, name: str) -> Path:
        path = Path(name).resolve()
        if not path.is_relative_to(self._uploads) or not path.is_file():
            raise InputError("That file is not here any more; choose it again.")
        return path

    def _remember(self, path: Path) -> str:
        token = path.parent.name
        with self._lock:
            self._files[token] = path
            while len(self._files) > _WAITING_FILES:
                _remove(self._files.popitem(last=False)[1])
        return token


def _changed(thread: Thread, payload: Payload) -> Thread:
    act, post_id = payload.text("act"), payload.text("post")
    acts: Mapping[str, Callable[[], Thread]] = {
        "join": lambda: drafts.joined_posts(thread, post_id),
        "split": lambda: drafts.split_post(thread, post_id, payload.number("at")),
        "up": lambda: drafts.moved_up(thread, post_id),
        "drop": lambda: drafts.without_post(thread, post_id),
    }
    if act not in acts:
        raise InputError("The page asked for a change that is not known; reload it and try again.")
    return acts[act]()


def _as_sent(sentence: str, path: Path) -> str:
    """A sentence that calls an uploaded file by its name alone, not by where it was put for reading."""
    return sentence.replace(f"{path.parent}/", "")


def _named_as_sent(thread: Thread, path: Path) -> Thread:
    """The thread, from the file as its sender calls it: another version of the file is from the same source."""
    inside = f"{path.parent.name}/"
    if thread.source is None or not thread.source.startswith(inside):
        return thread
    return replace(thread, source=thread.source.removeprefix(inside))


def _lost() -> AddPage:
    return AddPage(str(problem("This page was open for too long and lost its thread; paste it again.")))


def _remove(path: Path) -> None:
    """Remove an uploaded file and the folder that was made for it."""
    shutil.rmtree(path.parent, ignore_errors=True)
