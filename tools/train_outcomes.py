"""Train the outcome model from tests/labels/outcomes-*.jsonl and the demo corpus, and write its weights.

    python tools/train_outcomes.py [FIELD ...]     # all fields where none is named; prints cross-validated figures

Needs scikit-learn; the package itself does not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from threadwise.advice.reporting.features import Scene, scenes
from threadwise.advice.reporting.model import NONE, Weights, parse
from threadwise.corpus.formats.markdown import parse as read_thread
from threadwise.domain import Thread

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ROOT / "src/threadwise/advice/reporting/weights.json"
CLASS_WEIGHTS = {NONE: 1, "intends": 2, "helped": 3, "no_change": 4, "worse": 8}
"""About the square root of how rare a class is; without it the rare ones are never said."""

STRENGTH = 0.3
"""Inverse of the L2 penalty; .2 to .5 are alike in cross-validation over five fields."""


def fields() -> list[str]:
    """The fields of the demo corpus."""
    return sorted(folder.name for folder in (ROOT / "corpus/demo").iterdir() if folder.is_dir())


def threads(field: str) -> list[Thread]:
    """The threads of a field."""
    return [read_thread(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "corpus/demo" / field).glob("*.md"))]


def labels(field: str) -> list[dict[str, str | None]]:
    """The labels of a field."""
    lines = (ROOT / "tests/labels" / f"outcomes-{field}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def examples(chosen: Sequence[str]) -> tuple[list[Scene], list[str]]:
    """Every clause that could report, and its label: that of the quote it shares most of its characters with."""
    found: list[Scene] = []
    classes: list[str] = []
    for field in chosen:
        by_post: dict[tuple[str | None, str | None], list[dict[str, str | None]]] = {}
        for line in labels(field):
            by_post.setdefault((line["thread_id"], line["post_id"]), []).append(line)
        for thread in threads(field):
            for scene in scenes(thread):
                found.append(scene)
                classes.append(_label(scene, by_post.get((thread.id, scene.post.id), [])))
    return found, classes


def _label(scene: Scene, lines: Sequence[dict[str, str | None]]) -> str:
    clause = scene.clause
    for line in lines:
        quote = line["quote"] or ""
        start = scene.post.text.find(quote)
        shared = min(start + len(quote), clause.end) - max(start, clause.start)
        if start >= 0 and shared > 0.5 * min(len(quote), clause.end - clause.start):
            return line["label"] or NONE
    return NONE


def train(found: Sequence[Scene], classes: Sequence[str]) -> Weights:
    """Fit the model."""
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(sorted(scene.features), 1) for scene in found])
    model = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight=CLASS_WEIGHTS).fit(matrix, list(classes))
    rows = np.round(model.coef_.T, 3)
    document = {
        "classes": [str(name) for name in model.classes_],
        "bias": [round(float(value), 3) for value in model.intercept_],
        "features": {
            str(name): [float(v) for v in row]
            for name, row in zip(vectorizer.get_feature_names_out(), rows, strict=True)
            if np.abs(row).max() >= 0.02
        },
    }
    return parse(json.dumps(document))


def write(weights: Weights, path: Path = WEIGHTS) -> None:
    """Write weights as JSON, a feature a line, so that a change can be read."""
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(list(row))}" for name, row in sorted(weights.features.items()))
    head = f'{{"classes": {json.dumps(list(weights.classes))},\n "bias": {json.dumps(list(weights.bias))},\n'
    path.write_text(f'{head} "features": {{\n{rows}\n }}}}\n', encoding="utf-8")


if __name__ == "__main__":
    chosen = sys.argv[1:] or fields()
    write(train(*examples(chosen)))
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes, from {', '.join(chosen)}")
