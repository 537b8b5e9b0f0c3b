"""Let a language model write, piece by piece, within limits, until it is done or nobody waits any more.

A writer only turns messages into text. Time, length and cancelling are decided here, in one place for all writers: the
writer works in a thread of its own, so that a server that hangs or a model that takes minutes to load keeps nobody
waiting longer than the limits say.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from threadwise.advice.stages import Stop
from threadwise.config import Settings
from threadwise.errors import GeneratorError

_log = logging.getLogger(__name__)

_TICK = 0.05
"""Seconds between two looks at whether somebody has stopped waiting."""

Say: TypeAlias = Callable[[str], None]
"""Takes the next piece of text; raises GeneratorError where there is too much of it."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a role says to a model: `system` or `user`."""

    role: str
    text: str


class Writer(Protocol):
    """A language model."""

    def write(self, messages: Sequence[Message], say: Say, stop: threading.Event) -> None:
        """Write an answer to the messages.

        Args:
            messages: The instructions, then the data.
            say: Called with each piece of text as it comes.
            stop: Once it is set, return soon; nobody reads on.

        Raises:
            GeneratorError: It could not be written, or not to its end; the message is meant for the reader.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until the first piece and until the end, and the most characters that are read."""

    first: float
    total: float
    longest: int = 20_000


def pieces(
    writer: Writer, messages: Sequence[Message], limits: Limits, stop: Stop = None
) -> Generator[str, None, None]:
    """What a writer writes, as it comes; ends early where `stop` is set, and stops the writer where it is closed.

    Raises:
        GeneratorError: The writer failed, was too slow, or wrote without end; what came before stands.
    """
    halt = threading.Event()
    said: queue.SimpleQueue[str | GeneratorError | None] = queue.SimpleQueue()
    # No daemon: a library that computes while the program ends would bring it down; `halt` ends it within a token.
    worker = threading.Thread(target=_work, args=(writer, messages, limits.longest, said, halt), name="writer")
    started = time.monotonic()
    deadline = started + min(limits.first, limits.total)
    worker.start()
    try:
        while stop is None or not stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                raise GeneratorError("it took too long")
            try:
                piece = said.get(timeout=min(_TICK, left))
            except queue.Empty:
                continue
            if piece is None:
                return
            if isinstance(piece, GeneratorError):
                raise piece
            deadline = started + limits.total
            yield piece
    finally:
        halt.set()


def _work(
    writer: Writer,
    messages: Sequence[Message],
    longest: int,
    said: queue.SimpleQueue[str | GeneratorError | None],
    halt: threading.Event,
) -> None:
    """Run a writer to its end, whatever that is."""
    length = 0

    def say(piece: str) -> None:
        nonlocal length
        length += len(piece)
        if length > longest:
            raise GeneratorError("it wrote without end")
        if piece:
            said.put(piece)

    try:
        writer.write(messages, say, halt)
    except GeneratorError as error:
        _log.warning("The language model failed: %s", error.__cause__ or error)
        said.put(error)
    except Exception:  # noqa: BLE001 - whatever a library raises, the answer is written in quotes
        _log.exception("The language model failed.")
        said.put(GeneratorError("it failed"))
    else:
        said.put(None)


def make_writer(settings: Settings) -> Writer:
    """The writer that `generator` names; nothing is connected to or loaded before the first question.

    Raises:
        SettingsError: `generator` names none.
    """
    kind, _, rest = settings.generator.partition(":")
    if kind == "openai":
        from threadwise.advice.generating.server import ServerWriter, read_address

        return ServerWriter(
            read_address(rest), settings.generator_key.get_secret_value(), settings.generator_connect_timeout
        )
    from threadwise.advice.generating.local import LocalWriter

    return LocalWriter(rest)
