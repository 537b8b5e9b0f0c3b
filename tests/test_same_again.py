"""The same question gets the same answer in every process: what is summed does not hang on how a set is ordered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = ("0", "1", "7", "11")

_SUMS = """
from threadwise.advice.reporting.links import _shared
from threadwise.advice.reporting.model import shipped
from threadwise.advice.words import weigh

words = [f"word{i}" for i in range(300)]
weights = {word: 1 / (i + 3) ** 2 for i, word in enumerate(words)}
names = frozenset(list(shipped().features)[:400])
print(repr((weigh(frozenset(words)), _shared(words, weights), shipped().chances(names))))
"""

_REPORTS = """
from threadwise.advice.outcomes import reports
from threadwise.config import demo_folder
from threadwise.corpus.formats import markdown

for path in sorted(demo_folder().rglob("*.md")):
    print(reports(markdown.parse(path.read_text(encoding="utf-8"), str(path))))
"""

_ANSWERS = """
import json
import sys
from pathlib import Path

from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.importing import ImportOptions, run_import

home, labels = map(Path, sys.argv[1:])
rows = [line for path in sorted(labels.glob("questions-*.jsonl")) for line in path.read_text("utf-8").splitlines()[:2]]
with Assistant.open(Settings(home=home)) as assistant:
    if not assistant.store.counts().threads:
        run_import(assistant, [demo_folder()], ImportOptions())
    for row in rows:
        answer = assistant.ask(json.loads(row)["question"])
        print(answer.status, answer.text, answer.points, answer.citations, answer.similar, answer.notices)
"""


def _printed(script: str, seed: str, *arguments: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_sums_over_a_set_are_the_same_to_the_last_bit_however_it_is_ordered() -> None:
    assert len({_printed(_SUMS, seed) for seed in SEEDS}) == 1


@pytest.mark.slow
def test_the_same_reports_are_read_in_every_process() -> None:
    first, *others = [_printed(_REPORTS, seed) for seed in SEEDS[2:]]

    assert first.count(b"Report(") > 200
    assert others == [first]


@pytest.mark.model
@pytest.mark.slow
def test_twenty_questions_are_answered_byte_for_byte_alike_in_every_process(tmp_path: Path) -> None:
    labels = Path(__file__).parent / "labels"
    first, *others = [_printed(_ANSWERS, seed, str(tmp_path), str(labels)) for seed in SEEDS[1:]]

    assert first.count(b"answered") + first.count(b"partial") >= 20
    assert others == [first, first]
