"""How fast, and in how much memory, a Stack Exchange data dump is read: a synthetic one of any size.

    python bench/import_dump.py                      1,000,000 posts, as many comments as every second post
    python bench/import_dump.py --posts 100000

Prints one JSON line: posts and comments read per second (without encoding or storing them), the most memory that the
process held, and the size of the dump. Answers stand far from their questions, as in real dumps.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import quoteattr

from threadwise.config import load_settings
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.source import Report

WORDS = (
    "the back hurts after running and nobody knows why it helps to stretch every morning before work but only when the "
    "weather is warm enough for a slow walk along the river with an old friend who listens and says very little"
).split()
USERS = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None, help="keep the dump here instead of a temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        folder = (given.folder or Path(room)) / "bench.stackexchange.com"
        folder.mkdir(parents=True, exist_ok=True)
        comments = write(folder, given.posts)
        print(json.dumps(measure(folder, given.posts, comments)))


def measure(folder: Path, posts: int, comments: int) -> dict[str, object]:
    report = Report()
    before = peak_mb()
    start = time.perf_counter()
    threads = read = 0
    for thread in read_path(folder, load_settings(), report):
        threads += 1
        read += len(thread.posts)
    seconds = time.perf_counter() - start
    if read != posts + comments or report.rejects:
        sys.exit(f"read {read} posts, expected {posts + comments}; {report.rejects} rejected")
    return {
        "posts": posts,
        "comments": comments,
        "threads": threads,
        "dump_mb": round(sum(path.stat().st_size for path in folder.iterdir()) / 2**20),
        "seconds": round(seconds, 1),
        "posts_and_comments_per_second": round(read / seconds),
        "peak_mb": round(peak_mb()),
        "peak_mb_before": round(before),
    }


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write(folder: Path, posts: int) -> int:
    """A dump of a third questions and two thirds answers, shuffled; returns the number of comments."""
    chance = random.Random(0)
    questions = max(1, posts // 3)
    with (folder / "Posts.xml").open("w", encoding="utf-8") as out:
        out.write('\ufeff<?xml version="1.0" encoding="utf-8"?>\n<posts>\n')
        for number in range(1, posts + 1):
            about = (
                f'Id="{number}" CreationDate="{moment(number)}" Score="{number % 7}" OwnerUserId="{number % USERS + 1}"'
            )
            body = quoteattr(html(chance))
            if number <= questions:
                out.write(f'  <row {about} PostTypeId="1" Title="Question {number}" Tags="|a|b|" Body={body} />\n')
            else:
                out.write(f'  <row {about} PostTypeId="2" ParentId="{chance.randint(1, questions)}" Body={body} />\n')
        out.write("</posts>")
    comments = posts // 2
    with (folder / "Comments.xml").open("w", encoding="utf-8") as out:
        out.write('\ufeff<?xml version="1.0" encoding="utf-8"?>\n<comments>\n')
        for number in range(1, comments + 1):
            out.write(
                f'  <row Id="{number}" PostId="{chance.randint(1, posts)}" Score="0" Text={quoteattr(text(chance, 20))}'
                f' CreationDate="{moment(number)}" UserId="{number % USERS + 1}" />\n'
            )
        out.write("</comments>")
    with (folder / "Users.xml").open("w", encoding="utf-8") as out:
        out.write('\ufeff<?xml version="1.0" encoding="utf-8"?>\n<users>\n')
        out.writelines(f'  <row Id="{number}" DisplayName="user {number}" />\n' for number in range(1, USERS + 1))
        out.write("</users>")
    return comments


def html(chance: random.Random) -> str:
    return (
        f"<p>{text(chance, 60)}</p>\n\n<ul>\n<li>{text(chance, 10)}</li>\n<li><em>{text(chance, 8)}</em></li>\n</ul>\n"
    )


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))


def moment(number: int) -> str:
    return f"20{10 + number % 14:02d}-{number % 12 + 1:02d}-{number % 28 + 1:02d}T{number % 24:02d}:00:00.000"


if __name__ == "__main__":
    main()
