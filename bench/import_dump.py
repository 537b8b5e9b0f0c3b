"""How fast, and in how much memory, a Stack Exchange data dump comes in: a synthetic one of any size.

    python -m bench.import_dump                      1,000,000 posts, as many comments as every second post
    python -m bench.import_dump --posts 100000

Prints two JSON lines, of a process each: reading alone, and importing into a corpus, near-duplicates looked for, but
nothing encoded. Each has posts and comments per second and the most memory that the process held. Answers stand far
from their questions, as in real dumps.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from threadwise.config import Settings, load_settings
from threadwise.corpus.duplicates import alike_to_older
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.source import Report
from threadwise.corpus.lock import writing
from threadwise.corpus.store import Store
from threadwise.importing import ImportOptions, batches, incoming, keep

WORDS = (
    "the back hurts after running and nobody knows why it helps to stretch every morning before work but only when the "
    "weather is warm enough for a slow walk along the river with an old friend who listens and says very little"
).split()
USERS = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None, help="keep the dump here instead of a temporary folder")
    parser.add_argument("--measure", choices=MEASURES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.folder, given.posts + given.posts // 2)))
        return
    with tempfile.TemporaryDirectory() as room:
        folder = (given.folder or Path(room)) / "bench.stackexchange.com"
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, given.posts)
        for name in MEASURES:
            command = [sys.executable, "-m", "bench.import_dump", "--measure", name, "--posts", str(given.posts)]
            subprocess.run([*command, "--folder", str(folder)], check=True)


def read(folder: Path, report: Report) -> Iterator[int]:
    """Read every thread and drop it; the number of posts of each."""
    for thread in read_path(folder, load_settings(), report):
        yield len(thread.posts)


def store(folder: Path, report: Report) -> Iterator[int]:
    """Import into a corpus of its own, as `threadwise import` does; the number of posts of each batch."""
    with tempfile.TemporaryDirectory() as room:
        settings = Settings(home=Path(room))
        with Store.open(settings) as corpus:
            for batch in batches(incoming(settings, corpus, [folder], ImportOptions(), report)):
                with writing(settings):
                    done = keep(corpus, batch, report)
                alike_to_older(corpus, done.added)
                yield done.posts


MEASURES = {"read": read, "store": store}


def measure(name: str, folder: Path, expected: int) -> dict[str, object]:
    report = Report()
    before, start = peak_mb(), time.perf_counter()
    posts = sum(MEASURES[name](folder, report))
    seconds = time.perf_counter() - start
    if posts != expected or report.rejects:
        sys.exit(f"{name}: {posts} posts, expected {expected}; {report.rejects} rejected")
    return {
        "measure": name,
        "posts_and_comments": posts,
        "dump_mb": round(sum(path.stat().st_size for path in folder.iterdir()) / 2**20),
        "seconds": round(seconds, 1),
        "posts_and_comments_per_second": round(posts / seconds),
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
