# ruff: noqa: E501 - what is spliced in is data
"""Run every reader on damaged inputs: none may crash, hang or eat memory, whatever the bytes.

    python -m bench.fuzz_formats --seconds 600
    python -m bench.fuzz_formats --seconds 60 --format csv --seeds some/folder/of/files

Each input is a seed (those of fuzz_seeds.py, and any file of a folder given) with bytes cut, copied, swapped, flipped
or replaced by what parsers trip over; of a reader that is named, two of three seeds are of its own kind. A reader may
yield threads, report rejects or raise FormatError; anything else is a failure, and so is more than `--limit` seconds for
one input or memory beyond `--memory` MB. Failing inputs are written to a folder. Prints one JSON line; exit code 1 if
anything failed.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import resource
import signal
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import py7zr
import zstandard

from bench.fuzz_seeds import SEEDS
from threadwise.config import Settings
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.registry import FORMATS, detect
from threadwise.corpus.formats.source import Format, Limits, Report, Sample, Source, memory_file
from threadwise.errors import FormatError

SPLICES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\n", b"\r\n", b"\n\n", b'"', b"'", b"\\", b"\\ud800", b"{", b"}"),
    *(b"[", b"]", b"[" * 3000, b'{"a":' * 3000, b"<div>" * 3000, b"<row ", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<!--"),
    *(b"null", b"true", b"-1", b"1e999", b"99999999999999999999999", b"NaN", b"## Post 1\n", b"---\n", b": ", b"\t", b" wrote:\n"),
    *(b"> ", b"- ", b"1. ", b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"x" * 5000, b"\xe2\x80\xa8", b"(" * 2000),
)  # fmt: skip


class HangError(BaseException):
    """An input took longer than the limit. No `Exception`, so that no reader can catch it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--format", default=None, help="only this reader")
    parser.add_argument("--seeds", type=Path, default=None, help="folder with more seeds")
    parser.add_argument("--limit", type=float, default=10, help="most seconds for one input")
    parser.add_argument("--memory", type=int, default=3000, help="most memory in MB")
    parser.add_argument("--random", type=int, default=0)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (given.memory * 2**20, given.memory * 2**20))
    signal.signal(signal.SIGALRM, _hang)
    readers = [each for each in FORMATS if given.format in (None, each.name)]
    result = fuzz(readers, _seeds(given.seeds), given.seconds, given.limit, random.Random(given.random))
    print(json.dumps(result))
    sys.exit(1 if result["failures"] else 0)


def fuzz(
    readers: list[Format], seeds: list[bytes], seconds: float, limit: float, chance: random.Random
) -> dict[str, object]:
    """Feed damaged seeds to the readers in turn until the time is over."""
    inputs: Counter[str] = Counter()
    threads: Counter[str] = Counter()
    failures: list[str] = []
    slowest = 0.0
    own = [seed for seed in seeds if len(readers) == 1 and _knows(readers[0], seed)] or seeds
    end = time.monotonic() + seconds
    kept = Path(tempfile.mkdtemp(prefix="threadwise-fuzz-"))
    while time.monotonic() < end:
        data = damaged(chance.choice(chance.choice((own, own, seeds))), chance)
        for reader in (*readers, None):
            name = reader.name if reader else "files"
            start = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, limit)
            try:
                threads[name] += sum(1 for _ in _read(reader, data, kept))
            except FormatError:
                pass
            except (HangError, Exception) as error:  # noqa: BLE001 - finding any of them is the point
                failures.append(f"{name}: {type(error).__name__}: {error}"[:300])
                place = kept / f"failure-{len(failures)}-{name}"
                place.write_bytes(data)
                traceback.print_exc()
                print(f"input: {place}", file=sys.stderr)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            inputs[name] += 1
            slowest = max(slowest, time.monotonic() - start)
    return {
        "seconds": seconds,
        "inputs": sum(inputs.values()),
        "inputs_by_reader": dict(inputs),
        "threads_by_reader": dict(threads),
        "slowest_seconds": round(slowest, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "failures": failures,
    }


def _knows(reader: Format, seed: bytes) -> bool:
    found = detect(Sample("input", seed[:65_536]))
    return found is not None and found[0] is reader


def _read(reader: Format | None, data: bytes, room: Path) -> Iterator[object]:
    """One reader on the bytes as they are; without a reader, all of it: the file is detected, unpacked and read."""
    if reader is None:
        place = room / "input"
        place.write_bytes(data)
        yield from read_path(place, Settings(home=room), Report())
        return
    detect(Sample("input", data[:65_536]))
    yield from reader.read(Source((memory_file("folder/input", data),), Limits(whole_bytes=2**22)), Report())


def damaged(seed: bytes, chance: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 10))):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice((1, 2, 10, 100)))
        match chance.randrange(6):
            case 0:
                del data[at:to]
            case 1:
                data[at:at] = chance.choice(SPLICES)
            case 2:
                data[at:to] = chance.choice(SPLICES)
            case 3:
                data[at:at] = data[at:to] * chance.choice((1, 2, 50))
            case 4:
                del data[at:]
            case 5 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
    return bytes(data)


def _seeds(folder: Path | None) -> list[bytes]:
    more = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()] if folder else []
    return [*SEEDS, *_packed(SEEDS[3]), *(data for data in more if len(data) < 200_000)]


def _packed(data: bytes) -> list[bytes]:
    """A file in each way in which files are packed; the readers see only noise in them, `files` unpacks them."""
    packed = [gzip.compress(data), zstandard.compress(data)]
    for kind in ("zip", "tar", "7z"):
        out = io.BytesIO()
        if kind == "zip":
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a.jsonl", data)
        elif kind == "tar":
            with tarfile.open(fileobj=out, mode="w") as archive:
                info = tarfile.TarInfo("a.jsonl")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        else:
            with py7zr.SevenZipFile(out, "w") as archive:
                archive.writestr(data, "a.jsonl")
        packed.append(out.getvalue())
    return packed


def _hang(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


if __name__ == "__main__":
    main()
