"""Vectors kept by the text they were made of."""

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from threadwise.index.cache import VectorCache
from threadwise.index.encoder import Floats


def rows(*vectors: tuple[float, float]) -> Floats:
    return np.array(vectors, dtype=np.float32)


def found(cache: VectorCache, *keys: str) -> dict[str, list[float]]:
    return {key: vector.tolist() for key, vector in cache.get(keys).items()}


def test_what_was_put_is_there_bit_for_bit_after_the_cache_is_opened_again(tmp_path: Path) -> None:
    first = VectorCache.open(tmp_path / "cache", "model@1", 2)
    first.put(["a", "b"], rows((0.6, 0.8), (1, 0)))
    first.close()

    again = VectorCache.open(tmp_path / "cache", "model@1", 2)

    assert found(again, "b", "a", "c") == {"a": rows((0.6, 0.8))[0].tolist(), "b": [1.0, 0.0]}
    assert found(again) == {}


def test_each_encoder_has_vectors_of_its_own(tmp_path: Path) -> None:
    VectorCache.open(tmp_path, "model@1", 2).put(["a"], rows((1, 0)))

    assert found(VectorCache.open(tmp_path, "model/1", 2), "a") == {}
    assert found(VectorCache.open(tmp_path, "model@1", 3), "a") == {}, "of another length, so of another model"


def test_a_later_vector_replaces_the_earlier_one(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)
    cache.put(["a"], rows((1, 0)))
    cache.put(["a"], rows((0, 1)))

    assert found(cache, "a") == {"a": [0.0, 1.0]}


def test_more_keys_than_one_statement_takes(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)
    keys = [f"key {n}" for n in range(12_000)]
    cache.put(keys, np.tile(rows((1, 0)), (12_000, 1)))

    assert len(cache.get(keys)) == 12_000


def test_only_what_is_asked_for_is_kept(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)
    cache.put(["a", "b", "c"], rows((1, 0), (0, 1), (1, 0)))

    assert cache.keep_only(["b", "unknown"]) == 2
    assert found(cache, "a", "b", "c") == {"b": [0.0, 1.0]}


def test_keeping_some_that_fails_on_the_way_drops_nothing_and_can_be_done_again(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)
    cache.put(["a", "b"], rows((1, 0), (0, 1)))

    def broken() -> Iterator[str]:
        yield "a"
        raise OSError("the catalog cannot be read")

    with pytest.raises(OSError, match="catalog"):
        cache.keep_only(broken())

    assert sorted(found(cache, "a", "b")) == ["a", "b"]
    assert cache.keep_only(["a"]) == 1
    assert sorted(found(cache, "a", "b")) == ["a"]


def test_a_damage_that_shows_when_some_are_kept_puts_the_cache_aside(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)
    keys = [f"key {n}" for n in range(2_000)]
    cache.put(keys, np.tile(rows((1, 0)), (2_000, 1)))
    cache.close()
    [path] = tmp_path.glob("*.db")
    data = bytearray(path.read_bytes())
    data[60_000:100_000] = b"\x5a" * 40_000
    path.write_bytes(data)

    again = VectorCache.open(tmp_path, "m", 2)

    assert again.keep_only(iter(keys[:10])) == 0
    assert list(tmp_path.glob("*.damaged"))


def test_a_put_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)

    with pytest.raises(ValueError, match="zip"):
        cache.put(["a", "b"], rows((1, 0)))

    assert found(cache, "a") == {}


@pytest.mark.parametrize("damage", ["all", "beginning", "middle"])
def test_a_damaged_cache_is_put_aside_and_started_anew(tmp_path: Path, damage: str) -> None:
    first = VectorCache.open(tmp_path, "m", 2)
    keys = [f"key {n}" for n in range(2_000)]
    first.put(keys, np.tile(rows((1, 0)), (2_000, 1)))
    first.close()
    [path] = tmp_path.glob("*.db")
    data = bytearray(path.read_bytes())
    where = {"all": slice(0, None), "beginning": slice(0, 50), "middle": slice(4096, 40_000)}[damage]
    data[where] = b"\x5a" * len(data[where])
    path.write_bytes(data)

    again = VectorCache.open(tmp_path, "m", 2)
    again.get(keys)
    again.put(["new"], rows((0, 1)))

    assert found(again, "new") == {"new": [0.0, 1.0]}
    assert list(tmp_path.glob("*.damaged"))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to the superuser")
def test_a_cache_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    first = VectorCache.open(tmp_path, "m", 2)
    first.put(["a"], rows((1, 0)))
    first.close()
    [path] = tmp_path.glob("*.db")
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert found(VectorCache.open(tmp_path, "m", 2), "a") == {"a": [1.0, 0.0]}
    finally:
        tmp_path.chmod(0o755)


def test_many_threads_and_connections_write_at_once(tmp_path: Path) -> None:
    caches = [VectorCache.open(tmp_path, "m", 2) for _ in range(2)]

    def work(n: int) -> int:
        caches[n % 2].put([f"key {n}"], rows((1, 0)))
        return len(caches[1 - n % 2].get([f"key {n}"]))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(100))) == [1] * 100


def test_the_file_is_plain_sqlite(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "all-MiniLM@53", 2)
    cache.put(["a"], rows((0.6, 0.8)))
    [path] = tmp_path.glob("vectors-all-MiniLM-53-*.db")

    with sqlite3.connect(path) as connection:
        [(key, data)] = connection.execute("SELECT key, vector FROM vectors")

    assert key == "a"
    assert np.frombuffer(data, dtype=np.float32).tolist() == rows((0.6, 0.8))[0].tolist()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists the files that a process has open")
def test_threads_that_are_gone_leave_no_connection_open(tmp_path: Path) -> None:
    cache = VectorCache.open(tmp_path, "m", 2)
    cache.put(["a"], rows((1, 0)))

    for _ in range(20):
        with ThreadPoolExecutor(1) as pool:
            assert len(pool.submit(cache.get, ["a"]).result()) == 1

    [path] = tmp_path.glob("*.db")
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert links.count(path) == 1
