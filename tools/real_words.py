"""List the real words one slip away from a word of the safety rules, so that they are not taken for misspellings.

    python tools/real_words.py WORDS... > src/threadwise/advice/rules/not-misspelled.txt

WORDS are files with one English word a line (any word list will do, several are better). Run it after the rules have
new words; only real words next to a rule's word are kept, a few thousand of the hundred thousand that a word list has.
"""

from __future__ import annotations

import sys
from pathlib import Path

from threadwise.advice.plain_words import Reader
from threadwise.advice.safety import vocabulary
from threadwise.advice.safety_rules import load_rules


def main() -> None:
    """Print the words, sorted, several a line."""
    known = vocabulary(load_rules())
    reader = Reader(known)
    words = {word for name in sys.argv[1:] for word in Path(name).read_text(encoding="utf-8").lower().split()}
    near = sorted(word for word in words if word.isalpha() and word not in known and reader.spelling(word) != word)
    line = ""
    for word in near:
        if len(line) + len(word) >= 118:
            print(line)
            line = ""
        line = f"{line} {word}".lstrip()
    print(line)


if __name__ == "__main__":
    main()
