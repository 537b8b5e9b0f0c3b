"""How often sentences that a model could write would stand for a quote: turned round as a whole, or torn apart.

Made by rule from the replies of the demo forum, with a fixed seed: the two halves of a sentence at its comma exchanged
(the same advice, nearly always), all words shuffled, two words exchanged (mostly nonsense or something else).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from threadwise.advice.generating.checking import checked
from threadwise.config import demo_folder
from threadwise.corpus.formats import markdown
from threadwise.index.spans import sentence_spans


def sentences() -> list[str]:
    """The sentences of 8 to 25 words that people reply with."""
    found: list[str] = []
    for file in sorted(demo_folder().rglob("*.md")):
        for post in markdown.parse(file.read_text(encoding="utf-8"), str(file)).posts[1:]:
            found += [post.text[start:end] for start, end in sentence_spans(post.text)]
    return [one for one in found if 8 <= len(one.split()) <= 25]


def turned(sentence: str, _: random.Random) -> str | None:
    """Both halves, exchanged."""
    if sentence.count(", ") != 1 or sentence.endswith("?"):
        return None
    one, other = sentence.rstrip(".!").split(", ")
    return f"{other[0].upper()}{other[1:]}, {one[0].lower()}{one[1:]}."


def shuffled(sentence: str, chance: random.Random) -> str | None:
    """All its words, in any order."""
    words = sentence.rstrip(".!").split()
    chance.shuffle(words)
    return " ".join(words) + "."


def exchanged(sentence: str, chance: random.Random) -> str | None:
    """Two of its longer words in each other's place."""
    words = sentence.split()
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if len(long) < 2:
        return None
    one, other = chance.sample(long, 2)
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def main() -> None:
    known = sentences()
    kinds: dict[str, Callable[[str, random.Random], str | None]] = {
        "turned round at the comma, stand": turned,
        "words shuffled, stand": shuffled,
        "two words exchanged, stand": exchanged,
    }
    for name, make in kinds.items():
        chance = random.Random(5)
        made = [(said, quote) for quote in known if (said := make(quote, chance)) and said != quote]
        stand = sum(bool(checked([said], quote)) for said, quote in made)
        print(f"{name}: {stand} of {len(made)} ({stand / len(made):.3f})")


if __name__ == "__main__":
    main()
