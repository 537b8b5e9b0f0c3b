"""Import to searchable against bare encoding of the same passages: `python -m bench.importing [FILE]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.reference import SHARED, Reference, seconds
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.importing import ImportOptions, run_import
from threadwise.index.passages import context, cut


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "corpora" / "beer-coffee.jsonl.gz"
    reference = Reference()
    reference.encode(["warm up"] * 64)
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(home=Path(folder))) as assistant:
        assistant.index.encode(["warm up"])
        took = seconds(lambda: run_import(assistant, [path], ImportOptions()))
        texts = [context(thread, passage) for thread in assistant.store.threads() for passage in cut(thread)]
        posts = assistant.status().posts
        if assistant.index.generation != assistant.store.generation:
            sys.exit("The index is not level with the corpus; the figure would mean nothing.")
    bare = seconds(lambda: reference.encode(texts))
    print(f"posts {posts}, passages {len(texts)}")
    print(f"import to searchable: {bare / took:.2f} x the rate of bare encoding of the same passages")


if __name__ == "__main__":
    main()
