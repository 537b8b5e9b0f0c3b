"""Follow-ups and changes of subject over the demo forum: `python -m bench.conversations [--missed] [FILE...]`.

Each line of a FILE is one conversation: `turns`, for each turn the `threads` that should be found (none: nobody there
answers it, and it is not counted), and `fresh`, whether it changes the subject. Recall@5 is the share of a turn's
threads among the first five. Beside it stands what the same turn finds when it is asked alone: for a follow-up that is
what the talk adds, for a fresh subject it is what the talk must not take away.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from threadwise.assistant import Assistant
from threadwise.config import Settings, demo_folder
from threadwise.importing import ImportOptions, run_import
from threadwise.retrieval.query import understand

LABELS = Path(__file__).resolve().parents[1] / "tests" / "labels"
FIRST = 5
KINDS = ("opening", "follow-up", "fresh")


@dataclass(frozen=True, slots=True)
class Turn:
    """One labelled turn of a conversation, and its recall within the talk and alone."""

    source: str
    kind: str
    said: str
    history: tuple[str, ...]
    within: float
    alone: float
    all_again: bool = False
    first_again: bool = False


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:] if not name.startswith("--")]
    with demo() as assistant:
        turns = list(measured(assistant, paths or sorted(LABELS.glob("conversations-*.jsonl"))))
    print(f"{'':26} {'':9} {'turns':>5} {'recall@5':>9} {'asked alone':>12}")
    for source in [*dict.fromkeys(turn.source for turn in turns), "all"]:
        for kind in KINDS:
            _line(source, kind, [turn for turn in turns if turn.kind == kind and source in (turn.source, "all")])
    for name, some in (
        ("conversations-FIELD", _follow_ups(turns, kept=False)),
        ("kept", _follow_ups(turns, kept=True)),
    ):
        all_again, first_again = sum(turn.all_again for turn in some), sum(turn.first_again for turn in some)
        print(f"{name:26} repeats   {len(some):5} all points {all_again}, the first one {first_again}")
    if "--missed" in sys.argv:
        for turn in turns:
            if turn.within < 1:
                print(f"\n{turn.kind} {turn.within:.2f} (alone {turn.alone:.2f}) in {turn.source}")
                print("\n".join(f"  {said}" for said in (*turn.history, turn.said)))


def _follow_ups(turns: list[Turn], *, kept: bool) -> list[Turn]:
    return [turn for turn in turns if turn.kind == "follow-up" and turn.source.endswith("-kept") == kept]


def measured(assistant: Assistant, paths: list[Path]) -> Iterator[Turn]:
    """Every turn of these conversations that somebody in the corpus answers."""
    for path in paths:
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            for place, (said, wanted) in enumerate(zip(row["turns"], row["threads"], strict=True)):
                history = tuple(row["turns"][:place])
                kind = "opening" if not place else "fresh" if row["fresh"][place] else "follow-up"
                if wanted:
                    within, alone = (_recall(assistant, said, talk, wanted) for talk in (history, ()))
                    again = _again(assistant, said, history) if kind == "follow-up" else (False, False)
                    yield Turn(path.stem, kind, said, history, within, alone, *again)


@contextmanager
def demo() -> Iterator[Assistant]:
    """An assistant over the demo forum, in a home that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), cache=Settings().cache_folder)
        with Assistant.open(settings) as assistant:
            run_import(assistant, [demo_folder()], ImportOptions())
            yield assistant


def _recall(assistant: Assistant, said: str, history: tuple[str, ...], wanted: list[str]) -> float:
    found = {hit.item for hit in assistant.retriever.search(understand(said, history), k=FIRST).threads}
    return len(found & set(wanted)) / min(FIRST, len(wanted))


def _again(assistant: Assistant, said: str, history: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether a turn gets all points of the answer before it again, and its first one."""
    *earlier, last = history
    before = [point.text for point in assistant.ask(last, earlier).points]
    now = [point.text for point in assistant.ask(said, history).points]
    return bool(now) and set(now) == set(before), now[:1] == before[:1] != []


def _line(source: str, kind: str, turns: list[Turn]) -> None:
    if turns:
        within, alone = (sum(getattr(turn, name) for turn in turns) / len(turns) for name in ("within", "alone"))
        print(f"{source:26} {kind:9} {len(turns):5} {within:9.3f} {alone:12.3f}")


if __name__ == "__main__":
    main()
