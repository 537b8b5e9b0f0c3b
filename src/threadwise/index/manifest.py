"""What a saved file of vectors says of itself, in a file beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from threadwise.index.files import write_whole
from threadwise.index.layout import Layout

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a saved index says of itself; `epoch` and `stamp` are the catalog's state that it holds."""

    format: int
    model: str
    dim: int
    generation: int
    count: int
    epoch: str
    stamp: int
    file: str
    total: list[float] | None = None
    lists: int = 0
    trained_at: int = 0

    @property
    def layout(self) -> Layout:
        """How the rows are laid out."""
        return Layout(self.lists, self.trained_at)

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest of a folder; None where there is none that can be read."""
        try:
            return cls(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Put it into a folder in the place of an older one."""
        write_whole(folder / MANIFEST, json.dumps(asdict(self), indent=2).encode())
