"""What the store says and keeps when the disk, the file or another program is in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from store_samples import most_file_size, no_right_to_write, reachable_folder, settings, thread
from threadwise.corpus import schema
from threadwise.corpus.store import Store
from threadwise.errors import BusyError, SchemaError, SettingsError, StoreError


def _file(home: Path) -> Path:
    return home / "corpus" / "threadwise.db"


def test_a_write_that_the_disk_does_not_take_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put(thread(f"kept-{i}") for i in range(50))
        with (
            most_file_size(200_000),
            pytest.raises(StoreError, match=r"disk"),
        ):
            store.put(thread(f"new-{i}", "x" * 10_000) for i in range(500))
        assert store.generation == 1
        assert store.counts().threads == 50
        assert store.put([thread("after")]).added == ("after",)


@pytest.mark.slow
def test_a_really_full_disk_loses_nothing_that_was_acknowledged(small_disk: Path) -> None:
    acknowledged: list[str] = []
    with Store.open(settings(small_disk)) as store:

        def fill() -> None:
            for i in range(10_000):
                store.put([thread(f"t{i}", "x" * 20_000)])
                acknowledged.append(f"t{i}")

        with pytest.raises(StoreError, match=r"full|does not take"):
            fill()
        assert [each.id for each in store.threads()] == sorted(acknowledged)
    with Store.open(settings(small_disk), read_only=True) as store:
        assert [each.id for each in store.threads()] == sorted(acknowledged)
        assert store.generation == len(acknowledged) > 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_read_only_home_can_be_read_but_says_no_to_a_write() -> None:
    with reachable_folder() as home:
        with Store.open(settings(home)) as store:
            store.put([thread("a")])
        with no_right_to_write(home):
            with Store.open(settings(home), read_only=True) as store:
                assert store.get("a") == thread("a")
                with pytest.raises(StoreError, match=r"cannot be written"):
                    store.put([thread("b")])
            with (
                pytest.raises(StoreError, match=r"cannot be (written|opened).*--home"),
                Store.open(settings(home)) as store,
            ):
                store.put([thread("b")])


def test_reading_a_home_without_a_corpus_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no corpus at .*`threadwise import` makes one"):
        Store.open(settings(tmp_path), read_only=True)


def test_a_home_that_cannot_be_made_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"cannot be made .*--home"):
        Store.open(settings(tmp_path / "file"))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    _file(tmp_path).parent.mkdir()
    _file(tmp_path).write_bytes(b"These are my notes, not a database. " * 200)
    with pytest.raises(StoreError, match=r"not a database, or damaged.*threadwise restore"):
        Store.open(settings(tmp_path))
    assert _file(tmp_path).read_bytes().startswith(b"These are my notes")


def test_a_damaged_database_is_named_as_such(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put(thread(f"t{i}", "word " * 200) for i in range(300))
    content = bytearray(_file(tmp_path).read_bytes())
    content[20_000:120_000] = b"\xff" * 100_000
    _file(tmp_path).write_bytes(content)
    with (
        pytest.raises(StoreError, match=r"is damaged.*threadwise check --repair"),
        Store.open(settings(tmp_path)) as store,
    ):
        list(store.threads())


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    _file(tmp_path).parent.mkdir()
    with closing(sqlite3.connect(_file(tmp_path))) as other:
        other.execute("CREATE TABLE posts (subject TEXT)")
    with pytest.raises(StoreError, match=r"table 'posts' but is no Threadwise corpus"):
        Store.open(settings(tmp_path))


def test_a_write_waits_for_another_program_and_then_says_so(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path, lock_timeout=0.1)) as store:
        store.put([thread("a")])
        with closing(sqlite3.connect(_file(tmp_path), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(BusyError, match=r"Another process is writing"):
                store.put([thread("b")])
            assert store.get("a") == thread("a")
        assert store.put([thread("b")]).added == ("b",)


def test_a_corpus_of_a_newer_schema_is_refused_unchanged(tmp_path: Path) -> None:
    Store.open(settings(tmp_path)).close()
    with closing(sqlite3.connect(_file(tmp_path), isolation_level=None)) as other:
        other.execute("INSERT INTO schema_version VALUES (99)")
    before = _file(tmp_path).read_bytes()
    with pytest.raises(SchemaError, match=r"schema 99, this Threadwise knows .*newer Threadwise"):
        Store.open(settings(tmp_path))
    assert _file(tmp_path).read_bytes() == before


def test_a_migration_that_fails_leaves_the_older_schema(tmp_path: Path) -> None:
    def broken(_: object) -> None:
        raise StoreError("the step failed")

    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        schema.migrate(connection, schema.STEPS[:1])
    with pytest.raises(StoreError, match=r"the step failed"), engine.begin() as connection:
        schema.migrate(connection, [schema.STEPS[0], broken])
    with engine.begin() as connection:
        assert connection.scalars(select(schema.versions.c.version)).all() == [1]
        connection.execute(insert(schema.notes), {"key": "k", "value": "still works"})
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("no url at all", "not a database URL"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("nosuchdatabase://host/name", "driver"),
    ],
)
def test_a_wrong_database_url_is_named(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"THREADWISE_DATABASE.*{words}"):
        Store.open(settings(tmp_path, database=url))


def test_a_home_with_odd_characters_works(tmp_path: Path) -> None:
    home = tmp_path / "a b?c%20d#é"
    with Store.open(settings(home)) as store:
        store.put([thread("a")])
    with Store.open(settings(home), read_only=True) as store:
        assert "a" in store
    assert _file(home).is_file()


def test_every_table_can_be_made_in_postgresql_too() -> None:
    dialect = postgresql.dialect()
    for table in schema.metadata.sorted_tables:
        assert "WITHOUT ROWID" not in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            CreateIndex(index).compile(dialect=dialect)


def test_two_processes_may_make_the_same_corpus_at_the_same_moment(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from threadwise.config import Settings;"
        "from threadwise.corpus.store import Store; sys.stdin.readline();"
        "print(Store.open(Settings(home=Path(sys.argv[1]))).generation)"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()
    assert [maker.communicate()[0] for maker in makers] == ["0\n"] * 4
