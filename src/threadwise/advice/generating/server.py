"""Write with any server that speaks the OpenAI protocol: Ollama, vLLM, llama.cpp and others.

One streaming request to the address that the owner gave, and nowhere else: no redirects are followed and no proxy of
the environment is used. What comes back is checked as it is read.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from threadwise.advice.generating.writers import Message, Say
from threadwise.errors import GeneratorError, SettingsError

MOST_TOKENS = 1200
"""Longest answer; five points of a long sentence each take about 300."""

_LONGEST_LINE = 1_000_000
"""Bytes of one event; a server that sends more is not speaking this protocol."""

_TICK = 0.05
_HELP = "THREADWISE_GENERATOR names a server as openai:http://127.0.0.1:11434/v1#MODEL"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens (`http://127.0.0.1:11434/v1`), and which of its models is to write."""

    base: str
    model: str


def read_address(text: str) -> Address:
    """Read `<base url>#<model>`.

    Raises:
        SettingsError: It is no web address, or names no model.
    """
    base, _, model = text.partition("#")
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SettingsError(f"{base!r} is no web address ({error}). {_HELP}.") from error
    if parts.scheme not in ("http", "https") or not host or parts.query:
        raise SettingsError(f"{base!r} is no http or https address of a server. {_HELP}.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"Leave name and password out of the address; THREADWISE_GENERATOR_KEY takes a key. {_HELP}."
        )
    if not model.strip():
        raise SettingsError(f"The address names no model after a '#'. {_HELP}.")
    return Address(base.rstrip("/"), model.strip())


class ServerWriter:
    """A model behind an address."""

    def __init__(self, address: Address, key: str = "", connect: float = 5.0) -> None:
        self._address = address
        self._headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._connect = connect

    def write(self, messages: Sequence[Message], say: Say, stop: threading.Event) -> None:
        """See `Writer`."""
        try:
            asyncio.run(self._until(stop, self._ask(messages, say)))
        except httpx.ConnectTimeout as error:
            raise GeneratorError("its server could not be reached in time") from error
        except (httpx.ConnectError, httpx.InvalidURL) as error:
            raise GeneratorError("its server could not be reached") from error
        except httpx.HTTPError as error:
            raise GeneratorError("its server broke off") from error

    async def _until(self, stop: threading.Event, asking: Any) -> None:
        """Wait for the answer or for the end of anybody's interest in it, which closes the connection."""
        task = asyncio.ensure_future(asking)
        while not task.done():
            await asyncio.wait({task}, timeout=_TICK)
            if stop.is_set() and not task.done():
                task.cancel()
                await asyncio.wait({task})
                return
        await task

    async def _ask(self, messages: Sequence[Message], say: Say) -> None:
        body = {
            "model": self._address.model,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            "stream": True,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
        }
        # How long it may take to answer is up to the limits of `pieces`.
        timeout = httpx.Timeout(None, connect=self._connect)
        context = ssl.create_default_context() if self._address.base.startswith("https:") else False
        async with (
            httpx.AsyncClient(timeout=timeout, verify=context, trust_env=False) as client,
            client.stream(
                "POST", f"{self._address.base}/chat/completions", json=body, headers=self._headers
            ) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise GeneratorError(f"its server answered with status {response.status_code}")
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "text/event-stream":
                raise GeneratorError("its server did not stream an answer")
            await _read(_lines(response.aiter_bytes()), say)


async def _read(lines: AsyncIterator[str], say: Say) -> None:
    """Hand over the text of each event until the server says that it is done."""
    finished = False
    async for line in lines:
        if not line.startswith("data:"):
            continue  # comments that keep the connection open, names of events, blank lines
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        text, last = _event(data)
        finished = finished or last
        say(text)
    if not finished:
        raise GeneratorError("its server broke off")


def _event(data: str) -> tuple[str, bool]:
    """The text of one event, and whether it is the last one."""
    try:
        event = json.loads(data)
        if not isinstance(event, dict) or event.get("error"):
            raise GeneratorError("its server reported an error")
        text, finished = "", False
        for choice in event.get("choices") or []:
            text += (choice.get("delta") or {}).get("content") or ""
            finished = finished or bool(choice.get("finish_reason"))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise GeneratorError("its server sent what is no answer") from error
    return text, finished


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Lines of a stream, none of them endless."""
    kept = b""
    async for chunk in chunks:
        *whole, kept = (kept + chunk).split(b"\n")
        if len(kept) > _LONGEST_LINE:
            raise GeneratorError("its server sent what is no answer")
        for line in whole:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if kept:
        yield kept.decode("utf-8", "replace")
