"""The encoder of a home and the cache of its vectors, each opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock

from threadwise.config import Settings
from threadwise.domain import content_hash
from threadwise.index.cache import VectorCache
from threadwise.index.encoder import Encoder, load_encoder
from threadwise.index.files import bringing_level

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

    def encode_missing(self, keys: Sequence[str], texts: Sequence[str]) -> int:
        """Encode the texts whose keys the cache does not know; returns how many."""
        cache = self.cache()
        known = cache.get(keys)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            cache.put(list(fresh), self.encoder().encode(list(fresh.values())))
        return len(fresh)

    def prepare(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> int:
        """Encode what the cache does not know, in portions; returns how many.

        Args:
            texts: As they are embedded.
            progress: Called with texts done and texts in all.
        """
        encoded = 0
        for start in range(0, len(texts), ENCODED_AT_ONCE):
            portion = texts[start : start + ENCODED_AT_ONCE]
            with bringing_level(self._settings.cache_folder):
                encoded += self.encode_missing([content_hash(text) for text in portion], portion)
            if progress:
                progress(start + len(portion), len(texts))
        return encoded

    def close(self) -> None:
        """Let go of the cache's file."""
        with self._loading:
            if self._cache is not None:
                self._cache.close()
