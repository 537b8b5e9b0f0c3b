"""How well the claim checker tells paraphrases from distortions made by rule from the demo corpus.

    python bench/claims.py

Every reply sentence of the demo corpus with 6 to 30 words is a source; each rule that fits makes one claim from it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from claim_rules import DISTORTED, FAITHFUL
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


if __name__ == "__main__":
    main()
