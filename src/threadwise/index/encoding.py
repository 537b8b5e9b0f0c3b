"""The encoder of a home and the cache of its vectors, each opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from threading import RLock

from threadwise.config import Settings
from threadwise.domain import content_hash
from threadwise.index.cache import VectorCache
from threadwise.index.encoder import Encoder, Floats, load_encoder
from threadwise.index.files import bringing_level

Progress = Callable[[int, int], None]

ENCODED_AT_ONCE = 512
"""Passages between two steps of progress, and lost at most when an import is stopped while it encodes."""


class Encoding:
    """Brings vectors into the cache. Any thread may ask; one of them loads."""

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        """Nothing is loaded yet.

        Args:
            settings: Which model, and where the cache lies.
            encoder: Instead of the model that the settings name.
        """
        self._settings = settings
        self._encoder = encoder
        self._cache: VectorCache | None = None
        self._loading = RLock()

    def encoder(self) -> Encoder:
        """The encoder, loaded if it is not yet."""
        with self._loading:
            if self._encoder is None:
                self._encoder = load_encoder(self._settings)
            return self._encoder

    def cache(self) -> VectorCache:
        """The cache of its vectors, opened if it is not yet."""
        with self._loading:
            if self._cache is None:
                encoder = self.encoder()
                self._cache = VectorCache.open(self._settings.cache_folder, encoder.name, encoder.dim)
            return self._cache

    def vector(self, text: str) -> Floats:
        """The unit vector of one text, shape (dim,): from the cache, or made now and not kept."""
        key = content_hash(text)
        known = self.cache().get([key])
        return known[key] if key in known else self.encoder().encode([text])[0]

    def encode_missing(self, texts: Mapping[str, str]) -> set[str]:
        """Encode the texts whose keys the cache does not know; returns those keys."""
        cache = self.cache()
        known = cache.get(list(texts))
        fresh = {key: text for key, text in texts.items() if key not in known}
        if fresh:
            cache.put(list(fresh), self.encoder().encode(list(fresh.values())))
        return set(fresh)

    def prepare(self, texts: Mapping[str, str], progress: Progress | None, passages: int) -> set[str]:
        """Encode what the cache does not know, in portions; returns its keys.

        Args:
            texts: As they are embedded, by key; those of passages first.
            progress: Called with passages done and passages in all.
            passages: How many those are.
        """
        encoded: set[str] = set()
        waiting, done = iter(texts.items()), 0
        while portion := dict(islice(waiting, ENCODED_AT_ONCE)):
            with bringing_level(self._settings.cache_folder):
                encoded |= self.encode_missing(portion)
            done += len(portion)
            if progress:
                progress(min(done, passages), passages)
        return encoded

    def close(self) -> None:
        """Let go of the cache's file."""
        with self._loading:
            if self._cache is not None:
                self._cache.close()
