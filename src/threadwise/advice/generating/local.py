"""Write with a model on this machine, run by transformers: a folder, a .gguf file, or a name on the hub."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from threadwise.advice.generating.writers import Message, Say
from threadwise.errors import GeneratorError, SettingsError

MOST_TOKENS = 400
"""Longest answer; without a graphics card a model writes some ten tokens a second."""


class LocalWriter:
    """A model that is loaded at the first question and writes one answer at a time."""

    def __init__(self, name: str, most_tokens: int = MOST_TOKENS) -> None:
        """Name a model without loading it. SettingsError where no name is given."""
        if not name.strip():
            raise SettingsError(
                "THREADWISE_GENERATOR names a model of this machine as transformers:FOLDER, transformers:FILE.gguf or "
                "transformers:NAME-ON-THE-HUB."
            )
        self._name = name.strip()
        self._most_tokens = most_tokens
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def write(self, messages: Sequence[Message], say: Say, stop: threading.Event) -> None:
        """See `Writer`."""
        with self._lock:
            if stop.is_set():
                return
            if self._loaded is None:
                self._loaded = _load(self._name)
            if not stop.is_set():
                _generate(*self._loaded, self._most_tokens, messages, say, stop)


def _load(name: str) -> tuple[Any, Any]:
    """Tokenizer and model. GeneratorError where it cannot be loaded."""
    try:
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        where, file = _place(name)
        tokenizer = AutoTokenizer.from_pretrained(where, gguf_file=file, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(where, gguf_file=file, local_files_only=True)
    except Exception as error:
        raise GeneratorError("it could not be loaded") from error
    if not getattr(tokenizer, "chat_template", None):
        raise GeneratorError("it is no model that can be talked to: it has no chat template")
    return tokenizer, model.eval()


def _place(name: str) -> tuple[Path, str | None]:
    """The folder of a model and, where it is one file in it, the file's name; a name on the hub is fetched once."""
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        return path.parent, path.name
    if path.is_dir():
        return path, None
    from huggingface_hub import snapshot_download

    wanted = ["*.json", "*.txt", "*.model", "*.jinja", "*.safetensors"]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True)), None
    except FileNotFoundError:
        return Path(snapshot_download(name, allow_patterns=wanted)), None


def _generate(
    tokenizer: Any, model: Any, most_tokens: int, messages: Sequence[Message], say: Say, stop: threading.Event
) -> None:
    from transformers import StoppingCriteria, StoppingCriteriaList, TextStreamer

    class Stopped(StoppingCriteria):  # type: ignore[misc]
        def __call__(self, ids: Any, _scores: Any, **_: Any) -> Any:
            return ids.new_full((ids.shape[0],), stop.is_set(), dtype=bool)

    class Spoken(TextStreamer):  # type: ignore[misc]
        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:  # noqa: ARG002 - its interface
            say(text)

    talk = [{"role": message.role, "content": message.text} for message in messages]
    inputs = tokenizer.apply_chat_template(talk, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    model.generate(
        **inputs,
        max_new_tokens=most_tokens,
        do_sample=False,
        streamer=Spoken(tokenizer, skip_prompt=True, skip_special_tokens=True),
        stopping_criteria=StoppingCriteriaList([Stopped()]),
        pad_token_id=tokenizer.eos_token_id,
    )
