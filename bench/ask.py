"""Asking against the reference: `python -m bench.ask [FILE...]`; without files, both corpora of ../shared."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.reference import SHARED, Reference, median_ratio, processor_seconds, seconds
from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.domain import content_hash
from threadwise.importing import ImportOptions, run_import
from threadwise.index.passages import context, cut

MEMORY = """
import sys
from pathlib import Path
from threadwise.assistant import Assistant
from threadwise.config import Settings
from bench.reference import memory_mb
with Assistant.open(Settings(home=Path(sys.argv[1]), cache=Settings().cache_folder)) as assistant:
    assistant.ask("what helps against sore legs?")
    print(round(memory_mb()))
"""


def main() -> None:
    every = [json.loads(line)["question"] for line in _lines(Path("tests/labels"))]
    questions, others = every[:40], every[40:]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), cache=Settings().cache_folder)
        with Assistant.open(settings) as assistant:
            corpora = [Path(name) for name in sys.argv[1:]] or sorted((SHARED / "corpora").glob("*.jsonl.gz"))
            run_import(assistant, [demo_folder(), *corpora], ImportOptions())
            texts = [context(thread, passage) for thread in assistant.store.threads() for passage in cut(thread)]
            keys = [content_hash(text) for text in texts]
            known = assistant.index._encoding.cache().get(keys)
            reference = Reference()
            reference.index.add(np.stack([known[key] for key in keys]))
            for question in others:  # the rules that they need are read by then, as in a server that runs
                assistant.ask(question)
                reference.search(question)
            ours, theirs, retrieval = [], [], []
            for question in questions:
                theirs.append(seconds(lambda q=question: reference.search(q)))  # type: ignore[misc]
                ours.append(seconds(lambda q=question: assistant.ask(q)))  # type: ignore[misc]
                retrieval.append(assistant.ask(question).timings_ms["retrieve"] / 1000)
            worked = [processor_seconds(lambda q=question: assistant.ask(q)) for question in questions]  # type: ignore[misc]
        ours.sort()
        print(f"passages                        {len(texts)}")
        print(f"ask p50 / reference p50         {median_ratio(ours, theirs):.2f}")
        print(f"retrieval p50 / reference p50   {median_ratio(retrieval, theirs):.2f}")
        print(f"processor time of an answer, ms {statistics.median(worked) * 1000:.1f}")
        print(f"ask p95 / ask p50               {ours[int(len(ours) * 0.95)] / statistics.median(ours):.2f}")
        ran = subprocess.run([sys.executable, "-c", MEMORY, folder], capture_output=True, text=True, check=False)
        print(f"memory after a question, MB     {ran.stdout.strip()}{ran.stderr[-300:] if ran.returncode else ''}")


def _lines(folder: Path) -> list[str]:
    return [line for path in sorted(folder.glob("questions-*.jsonl")) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
