"""How well the claim checker tells paraphrases from distortions: by rule from the demo corpus, and matched in style.

    python bench/claims.py

Every reply sentence of the demo corpus with 6 to 30 words is a source; each rule that fits makes one claim from it.
In the matched claims (tests/labels) each distortion is its paraphrase with one thing changed; the checker was trained
with `matched` and never with `matched-kept`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from claim_rules import DISTORTED, FAITHFUL
from sklearn.metrics import roc_auc_score
from train_claims import in_pairs, labels
from train_outcomes import fields, threads

from threadwise.advice.verify import supports
from threadwise.index.spans import sentence_spans


def main() -> None:
    sources = [
        text[a:b]
        for field in fields()
        for thread in threads(field)
        for text in (post.text for post in thread.posts[1:])
        for a, b in sentence_spans(text)
        if 6 <= len(text[a:b].split()) <= 30 and not text[a:b].startswith(">")
    ]
    took = 0.0
    for title, rules, wanted in (("faithful", FAITHFUL, True), ("distorted", DISTORTED, False)):
        print(f"\n{title:28} {'n':>5} {'right':>7}")
        right = total = 0
        for name, rule in rules.items():
            claims = [(rule(source, sources[i - 40]), source) for i, source in enumerate(sources)]
            made = [(claim, source) for claim, source in claims if claim and claim != source]
            started = time.perf_counter()
            good = sum(supports(claim, source).supported is wanted for claim, source in made)
            took += time.perf_counter() - started
            right, total = right + good, total + len(made)
            print(f"{name:28} {len(made):5} {good / max(1, len(made)):7.3f}")
        print(f"{'all':28} {total:5} {right / max(1, total):7.3f}")
    print(f"\n{len(sources)} sources, {took:.1f} s in all")
    matched()


def matched() -> None:
    """What the checker says of claims whose style tells nothing."""
    print(f"\n{'matched in style':16} {'n':>5} {'passed':>7} {'refused':>8} {'AUC':>6} {'in pairs':>9} {'ms':>5}")
    for part in ("matched", "matched-kept"):
        rows = labels(part)
        started = time.perf_counter()
        verdicts = [supports(row["claim"], row["source"]) for row in rows]
        each = (time.perf_counter() - started) / len(rows) * 1000
        scores = [verdict.score for verdict in verdicts]
        said = [row["supported"] for row in rows]
        passed = [verdict.supported for verdict, faithful in zip(verdicts, said, strict=True) if faithful]
        refused = [not verdict.supported for verdict, faithful in zip(verdicts, said, strict=True) if not faithful]
        print(
            f"{part:16} {len(rows):5} {sum(passed) / len(passed):7.3f} {sum(refused) / len(refused):8.3f}"
            f" {roc_auc_score(said, scores):6.3f} {in_pairs(rows, scores):9.3f} {each:5.1f}"
        )


if __name__ == "__main__":
    main()
