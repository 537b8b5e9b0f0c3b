"""What the Ask page does: questions, follow-ups, the posts behind the markers. Called by events, and by tests."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from threadwise.advice.kept import standing
from threadwise.domain import Answer
from threadwise.errors import InputError, ThreadwiseError
from threadwise.web import icons
from threadwise.web.html import count, html, joined, thread_address
from threadwise.web.payload import Payload, explained
from threadwise.web.readiness import Readiness
from threadwise.web.show_answer import Turn, conversation, problem
from threadwise.web.show_kept import NAMED, kept_list, kept_section, kept_view
from threadwise.web.show_thread import Spot, similar_list, thread_page

if TYPE_CHECKING:
    from threadwise.assistant import Assistant

MOST_CONVERSATIONS = 300
MOST_TURNS = 40
_EXAMPLES = 4
FRAME = 0.05
"""Seconds that a stage of a growing answer stays at least; what quotes alone make comes faster, and then at once."""

_WAIT = 180.0
_WRITING = "Writing"
_GONE = "What this answer quoted was edited or deleted since, so it is shown no more. Ask again."
_LEFT = "The page was closed before the answer was there. Ask again."
_CONVERSATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass
class Talk:
    """One conversation: its turns, and how many went before those kept."""

    turns: list[Turn] = field(default_factory=list)
    dropped: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


class Conversations:
    """The conversations of open pages, kept while the program runs; the longest unused go first."""

    def __init__(self) -> None:
        self._talks: OrderedDict[str, Talk] = OrderedDict()
        self._lock = threading.Lock()

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first; none of an unknown one."""
        with self._lock:
            talk = self._talks.get(conversation_id)
            return tuple(talk.turns) if talk else ()

    def stop(self, conversation_id: str) -> threading.Event:
        """Set when the conversation's reader no longer wants to wait for the answer that is being written."""
        with self._lock:
            talk = self._talks.get(conversation_id)
            return talk.stop if talk else threading.Event()

    def begin(self, conversation_id: str, question: str) -> tuple[Turn, ...]:
        """Add a question; the turns with it."""
        with self._lock:
            talk = self._talks.setdefault(conversation_id, Talk())
            self._talks.move_to_end(conversation_id)
            talk.stop = threading.Event()
            number = talk.dropped + len(talk.turns)
            talk.turns.append(Turn(question, address=f"/threadwise/answers/{conversation_id}/{number}"))
            if len(talk.turns) > MOST_TURNS:
                del talk.turns[0]
                talk.dropped += 1
            while len(self._talks) > MOST_CONVERSATIONS:
                self._talks.popitem(last=False)
            return tuple(talk.turns)

    def finish(self, conversation_id: str, turn: Turn) -> None:
        """Put what came of a question in its place."""
        with self._lock:
            talk = self._talks.get(conversation_id)
            if talk is not None:
                talk.turns = [turn if known.address == turn.address else known for known in talk.turns]

    def dropped(self, answer_id: str) -> None:
        """Note in every conversation that an answer is kept no longer."""
        with self._lock:
            for talk in self._talks.values():
                talk.turns = [replace(turn, kept="") if turn.kept == answer_id else turn for turn in talk.turns]

    def answer(self, conversation_id: str, number: int) -> Answer | None:
        """The answer to a question by its number in the conversation, from 0."""
        with self._lock:
            talk = self._talks.get(conversation_id)
            at = number - talk.dropped if talk else -1
            return talk.turns[at].answer if talk and 0 <= at < len(talk.turns) else None


@dataclass(frozen=True, slots=True)
class AskPage:
    """The regions of the Ask page: the conversation, and what stands beside it."""

    log: str
    rail: str


class Asking:
    """The Ask page of one corpus."""

    def __init__(self, readiness: Readiness, conversations: Conversations, *, frame: float = FRAME) -> None:
        """Make the page's room.

        Args:
            readiness: The Assistant that answers.
            conversations: Where talks are kept.
            frame: Least seconds between two stages of a growing answer that are shown.
        """
        self._readiness = readiness
        self._frame = frame
        self._conversations = conversations

    def arrive(self, payload: Payload) -> AskPage:
        """The page as it was left, or its beginning."""
        return self._page(self._level(payload.text("conversation")))

    def ask(self, payload: Payload) -> Iterator[AskPage]:
        """Answer a question, showing each step: the question, the wait, then the answer as it grows."""
        talk, question = payload.text("conversation"), payload.text("question").strip()
        if not _CONVERSATION_ID.fullmatch(talk):
            yield AskPage(str(problem("This page is out of date; reload it and ask again.")), "")
            return
        history = [turn.question for turn in self._conversations.turns(talk) if turn.answer is not None]
        *before, turn = self._conversations.begin(talk, question)
        stop = self._conversations.stop(talk)
        last = replace(turn, error=_LEFT)  # what is kept if the page is closed before the end
        try:
            yield self._page((*before, replace(turn, waiting=self._waiting())))
            self._readiness.wait(_WAIT)
            answer, shown = None, time.monotonic()
            for answer in self._readiness.assistant.ask_stream(question, history, stop=stop):
                if time.monotonic() - shown >= self._frame:
                    yield self._page((*before, replace(turn, answer=answer, waiting=_WRITING)))
                    shown = time.monotonic()
            last = replace(turn, answer=answer)
        except Exception as error:  # noqa: BLE001 - the page must show something; the log has the rest
            last = replace(turn, error=explained(error))
        finally:
            self._conversations.finish(talk, last)
        yield self._page((*before, last))

    def stop(self, payload: Payload) -> None:
        """Wait no longer: the answer that is being written ends with what is there."""
        self._conversations.stop(payload.text("conversation")).set()

    def open_thread(self, payload: Payload) -> str:
        """A thread at the post that a marker stands for, its quote marked."""
        return str(panel(self._readiness, payload))

    def keep(self, payload: Payload) -> AskPage:
        """Keep an answer of the conversation."""
        talk, number = payload.text("conversation"), payload.number("number")
        turns = self._level(talk)
        turn = next((one for one in turns if one.address.endswith(f"/{number}")), None)
        if turn is None:
            return AskPage(str(problem("That answer is not here any more; ask again.")), "")
        if turn.answer is None:
            return self._page(turns)
        try:
            done = replace(turn, kept=self._readiness.assistant.keep(turn.answer).id, note="")
        except Exception as error:  # noqa: BLE001 - see ask
            done = replace(turn, note=explained(error))
        self._conversations.finish(talk, done)
        return self._page(self._conversations.turns(talk))

    def show_kept(self, payload: Payload) -> str:
        """A kept answer, or the list of all."""
        wanted = payload.text("kept")
        try:
            return str(kept_view(self._readiness.assistant.kept_answer(wanted))) if wanted else self._kept_list()
        except InputError:
            self._conversations.dropped(wanted)
            return self._kept_list("This answer is kept no longer.")
        except Exception as error:  # noqa: BLE001 - see ask
            return str(kept_list((), explained(error)))

    def drop_kept(self, payload: Payload) -> tuple[str, AskPage | None]:
        """Keep an answer no longer; the list without it, and the conversation unless it is being written to."""
        answer_id, talk = payload.text("kept"), payload.text("conversation")
        try:
            with suppress(InputError):  # another page was faster
                self._readiness.assistant.drop_kept(answer_id)
            self._conversations.dropped(answer_id)
            turns = self._conversations.turns(talk)
            return self._kept_list(), self._page(turns) if all(turn.settled for turn in turns) else None
        except Exception as error:  # noqa: BLE001 - see ask
            return str(kept_list((), explained(error))), None

    def _kept_list(self, note: str = "") -> str:
        return str(kept_list(self._readiness.assistant.kept_answers(), note))

    def _level(self, talk: str) -> tuple[Turn, ...]:
        """The turns without what the threads say no more: a page that is loaded again shows nobody's deleted words."""
        for turn in self._conversations.turns(talk):
            with suppress(ThreadwiseError):  # a corpus that cannot be read now is said with the next question
                given, store = turn.answer, self._readiness.assistant.store
                if given is None or given.generation == store.generation:
                    continue
                now = standing(store, given)
                if now is not given:
                    self._conversations.finish(talk, replace(turn, answer=now, error=None if now else _GONE))
        return self._conversations.turns(talk)

    def _waiting(self) -> str:
        if self._readiness.ready:
            return f"Reading {count(self._readiness.assistant.status().threads, 'thread')}"
        return "Starting up: the language model is being loaded. Your question is answered right after."

    def _page(self, turns: tuple[Turn, ...]) -> AskPage:
        growing = bool(turns) and not turns[-1].settled
        last = turns[-1].answer if turns and not growing else None
        state = "empty" if not turns else "working" if growing else "done"
        log = html(
            '<div class="conversation" data-state="{state}" data-turns="{n}">{it}</div>',
            state=state,
            n=len(turns),
            it=conversation(turns, self._welcome() if not turns else Markup("")),
        )
        rail = similar_list(last.similar) if last is not None and last.citations else Markup("")
        return AskPage(str(log), str(rail))

    def _welcome(self) -> Markup:
        try:
            return welcome(self._readiness.assistant)
        except Exception as error:  # noqa: BLE001 - see ask
            return problem(explained(error))


def welcome(assistant: Assistant) -> Markup:
    """What the page says before the first question: how much there is, and questions that people here asked."""
    counts = assistant.store.counts()
    if not counts.threads:
        return html(
            '<div class="welcome"><h1>There are no threads here yet</h1><p>Threadwise answers from forum threads that '
            "you give it, and cites a post for every sentence.</p>"
            '<p><a class="primary" href="/add">Add the first thread</a></p></div>'
        )
    people = f" by {count(counts.authors, 'person', 'people')}" if counts.authors else ""
    examples = joined(
        html(
            '<li><button type="button" class="example" data-ask="{title}" dir="auto">{title}</button></li>', title=title
        )
        for title in example_questions(assistant)
    )
    return html(
        '<div class="welcome"><h1>What would you like advice on?</h1><p>Answers come only from {threads}{people}. '
        "Every sentence is somebody’s, and leads to the post it was taken from.</p>"
        '<h2 class="label">People here asked</h2><ul class="examples">{examples}</ul>{kept}</div>',
        threads=count(counts.threads, "thread"),
        people=people,
        examples=examples,
        kept=kept_section(assistant.kept_answers(newest=NAMED + 1)),
    )


def example_questions(assistant: Assistant) -> list[str]:
    """Titles of well-answered threads, each of another of the most used tags."""
    chosen: dict[str, str] = {}
    for tag, _ in assistant.store.tags()[:24]:
        for summary in assistant.store.summaries(tag=tag, order="posts", limit=6):
            if summary.id not in chosen and summary.posts > 2 and summary.title.strip():
                chosen[summary.id] = summary.title
                break
        if len(chosen) == _EXAMPLES:
            break
    for summary in assistant.store.summaries(order="posts", limit=_EXAMPLES):
        if len(chosen) < _EXAMPLES:
            chosen.setdefault(summary.id, summary.title)
    return list(chosen.values())


def panel(readiness: Readiness, payload: Payload) -> Markup:
    """A thread for the panel beside an answer."""
    spot = Spot(payload.text("post"), payload.number("start"), payload.number("end"))
    thread_id = payload.text("thread")
    start_at = payload.number("from") if payload.text("from") else None
    title = ""
    try:
        helper = readiness.assistant
        thread = helper.show(thread_id)
        title = thread.heading
        page = thread_page(thread, spot, start_at=start_at, elsewhere=helper.elsewhere)
    except Exception as error:  # noqa: BLE001 - see ask
        page = problem(explained(error))
    return html(
        '<div class="panel-bar"><span class="named" aria-hidden="true" dir="auto">{title}</span>'
        '<a class="quiet" href="{address}">Open in Browse</a>'
        '<button type="button" class="quiet close" data-close aria-label="Close the thread">{close}</button></div>'
        '<div class="panel-body" data-thread="{id}">{page}</div>',
        title=title,
        id=thread_id,
        page=page,
        close=icons.CLOSE,
        address=thread_address(thread_id, spot.post_id, spot.start, spot.end),
    )
