"""Fine-tune the packaged encoder on advice and let it judge sentences that nobody labelled.

    python tools/advice_teacher.py FOLDER    # keeps in FOLDER what `tools/train_advice.py FOLDER` learns from

Three copies are tuned, each without another third of the labelled submissions and threads. Of the other sentences the
last judges all, the first two every second one each. Needs torch and transformers.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from transformers import AutoModel, AutoTokenizer

from threadwise.advice.mood import natural
from threadwise.config import Settings
from threadwise.corpus.formats.markdown import parse as read_thread
from threadwise.index.encoder import find_model
from threadwise.index.spans import sentence_spans

Rows: TypeAlias = list[dict[str, Any]]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
LABELS = ROOT / "tests" / "labels"

BATCH = 32
LONGEST = 72  # word pieces
DEMO_COUNTS = 4.0  # as many of the others as one sentence of the demo forum
FEWEST_LETTERS = 8
MOST_LETTERS = 400


@dataclass(frozen=True, slots=True)
class Copy:
    """How a copy is tuned: passes, greatest rate, layers left as they are; which of the others it judges."""

    passes: int
    rate: float
    frozen: int
    judges: slice


COPIES = (
    Copy(2, 1e-4, 2, slice(0, None, 2)),
    Copy(2, 1e-4, 2, slice(1, None, 2)),
    Copy(3, 8e-5, 0, slice(None)),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Sentences with labels, groups that must not be parted, and weights."""

    texts: list[str]
    labels: NDArray[np.float32]
    groups: list[str]
    weights: NDArray[np.float32]


class Teacher(torch.nn.Module):
    """The packaged encoder, mean-pooled, with one number on top: the logit that a sentence advises."""

    def __init__(self, folder: Path, frozen: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder)
        self.top = torch.nn.Linear(self.encoder.config.hidden_size, 1)
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:frozen]) if frozen else ():
            part.requires_grad_(False)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Logits, shape (sentences,), of a batch of word pieces."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rows = self.encoder(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None]
        return self.top((rows.float() * mask).sum(1) / mask.sum(1))[:, 0]


def main(folder: Path) -> None:
    """Tune the copies and judge.

    Writes `labelled.jsonl.gz`, lines of a labelled sentence, its group, the number of the copy that has not seen the
    group, and the logit which that gives; and `judged.jsonl.gz`, lines of another sentence and the logit of each copy,
    null where it gave none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    labelled, others = read_labelled(), read_others()
    own, copies = np.zeros(len(labelled.texts)), np.zeros(len(labelled.texts), dtype=np.int64)
    judged = np.full((len(COPIES), len(others)), np.nan, dtype=np.float32)
    path = find_model(Settings().model).folder
    tokenizer = AutoTokenizer.from_pretrained(path)
    parts = GroupKFold(len(COPIES)).split(labelled.texts, groups=labelled.groups)
    for number, (copy, (learned, left)) in enumerate(zip(COPIES, parts, strict=True)):
        torch.manual_seed(number)
        model = Teacher(path, copy.frozen)
        tune(model, tokenizer, labelled, learned, copy)
        own[left] = judge(model, tokenizer, [labelled.texts[at] for at in left])
        copies[left] = number
        judged[number, copy.judges] = judge(model, tokenizer, others[copy.judges])
    rows = zip(labelled.groups, labelled.texts, copies.tolist(), own.tolist(), strict=True)
    _write(
        folder / "labelled.jsonl.gz",
        ({"group": group, "text": text, "copy": copy, "logit": round(logit, 3)} for group, text, copy, logit in rows),
    )
    _write(
        folder / "judged.jsonl.gz",
        (
            {"text": text, "logits": [None if math.isnan(one) else round(one, 3) for one in logits]}
            for text, logits in zip(others, judged.T.tolist(), strict=True)
        ),
    )


def group_of(row: dict[str, Any]) -> str:
    """What must not be parted: the submission or the thread that a labelled sentence is from, or what it is about."""
    return str(row.get("submission") or row.get("thread_id") or row["about"])


def read_labelled() -> Labelled:
    """The sentences of train and of the demo forum, in the order of their files."""
    train = read(SHARED / "eval" / "advice-sentences" / "train.jsonl.gz")
    fit = read(LABELS / "advice-demo-fit.jsonl")
    return Labelled(
        [natural(row["text"]) for row in [*train, *fit]],
        np.array([row["advice"] for row in [*train, *fit]], dtype=np.float32),
        [group_of(row) for row in [*train, *fit]],
        np.array([1.0] * len(train) + [DEMO_COUNTS] * len(fit), dtype=np.float32),
    )


def read_others() -> list[str]:
    """Sentences of replies in the development corpora and the demo forum's, each once, in a fixed order."""
    found: dict[str, None] = {}
    paths = sorted([*SHARED.glob("corpora/*.gz"), *SHARED.glob("eval/*/threads.jsonl.gz")])
    for path in paths:
        for thread in read(path):
            for post in thread["posts"]:
                if not post["is_op"] and post["text"]:
                    found.update(dict.fromkeys(_sentences(post["text"])))
    for path in sorted((ROOT / "corpus" / "demo").glob("*/*.md")):
        for post in read_thread(path.read_text(encoding="utf-8")).posts:
            if not post.is_asker:
                found.update(dict.fromkeys(_sentences(post.text)))
    known = {natural(row["text"]) for part in ("", "-fit") for row in read(LABELS / f"advice-demo{part}.jsonl")}
    return [text for text in found if text not in known]


def _sentences(text: str) -> Iterable[str]:
    for start, end in sentence_spans(text):
        sentence = natural(text[start:end])
        if FEWEST_LETTERS <= len(sentence) <= MOST_LETTERS and not sentence.startswith(">"):
            yield sentence


def tune(model: Teacher, tokenizer: Any, labelled: Labelled, learned: NDArray[np.int64], copy: Copy) -> None:
    """Pass over the sentences learned from, batches of like length, the rate rising for a tenth and falling."""
    shuffled = np.random.default_rng(int(torch.initial_seed()))
    size = np.array([len(text) for text in labelled.texts])
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=copy.rate, weight_decay=0.01)
    steps = copy.passes * -(-len(learned) // BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, copy.rate, steps, pct_start=0.1, anneal_strategy="linear")
    loss_of = torch.nn.BCEWithLogitsLoss(reduction="none")
    model.train()
    for epoch in range(copy.passes):
        order = learned[np.argsort(size[learned] * shuffled.uniform(0.8, 1.25, len(learned)), kind="stable")]
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        total = 0.0
        for at in shuffled.permutation(len(batches)):
            rows = batches[at]
            weights = torch.from_numpy(labelled.weights[rows])
            logits = model(_batch(tokenizer, [labelled.texts[r] for r in rows]))
            losses = loss_of(logits, torch.from_numpy(labelled.labels[rows]))
            loss = (losses * weights).sum() / weights.sum()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            rate.step()
            total += loss.item()
        print(f"pass {epoch + 1}: loss {total / len(batches):.3f}", flush=True)


def judge(model: Teacher, tokenizer: Any, texts: Sequence[str]) -> NDArray[np.float32]:
    """Logits of sentences, in their order."""
    model.eval()
    found = np.zeros(len(texts), dtype=np.float32)
    order = np.argsort([len(text) for text in texts], kind="stable")
    with torch.inference_mode():
        for at in range(0, len(order), 64):
            rows = order[at : at + 64]
            found[rows] = model(_batch(tokenizer, [texts[r] for r in rows])).numpy()
    return found


def _batch(tokenizer: Any, texts: list[str]) -> dict[str, torch.Tensor]:
    return dict(tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"))


def read(path: Path) -> Rows:
    """The lines of a file of JSON lines, compressed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
