from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store_samples import most_file_size, settings, thread
from threadwise.corpus.backup import backup, check, restore
from threadwise.corpus.duplicates import near_duplicates
from threadwise.corpus.people import forget
from threadwise.corpus.reads import Change
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import Post, Thread
from threadwise.errors import BusyError, InputError, SchemaError, StoreError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(settings(tmp_path)) as opened:
        yield opened


def _file(home: Path) -> Path:
    return home / "corpus" / "threadwise.db"


def _change_by_hand(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(_file(home), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


# Backup


def test_a_backup_is_one_file_with_everything_and_can_be_restored_elsewhere(tmp_path: Path, store: Store) -> None:
    store.put([thread("a"), thread("b", tags=("x",))])
    store.save_answer(SavedAnswer("1", "{}", 1))
    store.remember("mark", "here")
    copied = backup(settings(tmp_path), tmp_path / "copies" / "one.db")
    assert (copied.threads, copied.posts, copied.generation) == (2, 4, 1)
    assert [path.name for path in copied.path.parent.iterdir()] == ["one.db"]
    restore(settings(tmp_path / "elsewhere"), copied.path)
    with Store.open(settings(tmp_path / "elsewhere")) as other:
        assert list(other.threads()) == [thread("a"), thread("b", tags=("x",))]
        assert list(other.saved_answers()) == [SavedAnswer("1", "{}", 1)]
        assert other.recall("mark") == "here"


def test_a_backup_into_a_folder_is_named_by_the_date(tmp_path: Path, store: Store) -> None:
    store.put([thread("a")])
    assert backup(settings(tmp_path), tmp_path).path.name.startswith("threadwise-20")


def test_a_backup_while_others_write_holds_one_moment(tmp_path: Path, store: Store) -> None:
    """Each put replaces both threads by the same text; a copy in between would have two texts."""
    stop = threading.Event()

    def write() -> None:
        round_ = 0
        while not stop.is_set():
            round_ += 1
            store.put([thread("a", f"round {round_}"), thread("z", f"round {round_}")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            copied = backup(settings(tmp_path), tmp_path / f"{number}.db")
            with Store.open(settings(tmp_path), read_only=True, file=copied.path) as other:
                assert len({each.question.text for each in other.threads()}) <= 1
                assert other.generation == copied.generation
    finally:
        stop.set()
        writer.join()


def test_a_backup_of_nothing_or_onto_itself_or_into_nowhere_is_refused(tmp_path: Path, store: Store) -> None:
    store.put([thread("a")])
    with pytest.raises(InputError, match="is the corpus itself"):
        backup(settings(tmp_path), _file(tmp_path))
    with pytest.raises(StoreError, match="There is no corpus at"):
        backup(settings(tmp_path / "new"), tmp_path / "copy.db")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"cannot be written \(File exists\)"):
        backup(settings(tmp_path), tmp_path / "file" / "copy.db")
    assert store.get("a") == thread("a")


def test_a_backup_replaces_an_older_one_and_no_other_file(tmp_path: Path, store: Store) -> None:
    store.put([thread("a")])
    letter, database, nightly = tmp_path / "letter.txt", tmp_path / "other.db", tmp_path / "nightly.db"
    letter.write_text("Dear landlord")
    with closing(sqlite3.connect(database)) as other:
        other.execute("CREATE TABLE birds (name)")
    birds = database.read_bytes()

    for path in (letter, database):
        with pytest.raises(InputError, match="is there already and is no backup, so it stays as it is"):
            backup(settings(tmp_path), path)
    backup(settings(tmp_path), nightly)
    store.put([thread("b")])

    assert backup(settings(tmp_path), nightly).threads == 2
    assert (letter.read_text(), database.read_bytes()) == ("Dear landlord", birds)


# Restore


def test_a_restore_is_told_as_the_changes_that_it_makes(tmp_path: Path, store: Store) -> None:
    store.put([thread("same"), thread("edited"), thread("lost")])
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    store.put([thread("edited", "new words"), thread("newer")])
    store.delete("lost")
    assert store.generation == 3
    restored = restore(settings(tmp_path), copied.path)
    assert restored.generation == 4
    assert list(store.threads()) == [thread("edited"), thread("lost"), thread("same")]
    assert list(store.changes(3)) == [
        Change("edited", 4, False),
        Change("lost", 4, False),
        Change("newer", 4, True),
    ]
    assert next(store.changes(0)) == Change("same", 1, False)
    assert store.put([thread("after")]).generation == 5


def test_readers_go_on_during_a_restore_and_see_one_corpus_or_the_other(tmp_path: Path, store: Store) -> None:
    store.put(thread(f"t{i}", "old") for i in range(50))
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    store.put(thread(f"t{i}", "new") for i in range(50))
    stop, torn = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            words = {each.question.text for each in store.get_many(["t0", "t25", "t49"]).values()}
            if len(words) != 1:
                torn.append(words)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        restore(settings(tmp_path), copied.path)
    finally:
        stop.set()
        reader.join()
    assert torn == []
    assert store.get("t0").question.text == "old"


def test_a_damaged_backup_is_refused_and_the_corpus_stays(tmp_path: Path, store: Store) -> None:
    store.put(thread(f"t{i}", "word " * 100) for i in range(100))
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    content = bytearray(copied.path.read_bytes())
    content[30_000:60_000] = b"\xff" * 30_000
    copied.path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged"):
        restore(settings(tmp_path), copied.path)
    copied.path.write_text("no database")
    with pytest.raises(StoreError, match=r"copy\.db is no backup of a corpus: it is no database\. Nothing was changed"):
        restore(settings(tmp_path), copied.path)
    assert store.generation == 1
    assert store.counts().threads == 100
    assert sorted(path.name for path in (tmp_path / "corpus").iterdir() if "draft" in path.name) == []


@pytest.mark.parametrize("content", ["empty", "another program's"])
def test_a_database_that_is_no_corpus_does_not_replace_one(tmp_path: Path, store: Store, content: str) -> None:
    store.put([thread("a")])
    other = tmp_path / "other.db"
    other.touch()
    if content != "empty":
        with closing(sqlite3.connect(other)) as connection:
            connection.execute("CREATE TABLE threads (id)")

    with pytest.raises(StoreError, match=r"other.db is no backup of a corpus.* Nothing was changed"):
        restore(settings(tmp_path), other)

    assert [each.id for each in store.threads()] == ["a"]


def test_a_backup_of_a_newer_threadwise_is_refused(tmp_path: Path, store: Store) -> None:
    store.put([thread("a")])
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    with closing(sqlite3.connect(copied.path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99)")
    with pytest.raises(SchemaError, match="schema 99"):
        restore(settings(tmp_path), copied.path)
    with pytest.raises(InputError, match="There is no file"):
        restore(settings(tmp_path), tmp_path / "nothing.db")
    assert store.generation == 1


def test_a_restore_that_the_disk_does_not_take_leaves_the_corpus_in_its_place(tmp_path: Path, store: Store) -> None:
    store.put(thread(f"t{i:03}", "x" * 50_000) for i in range(100))
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    store.put([thread("new")])
    place = _file(tmp_path).stat().st_ino
    draft = copied.path.stat().st_size  # the log that it is written through needs some bytes more for each page

    with most_file_size(draft + 12_288), pytest.raises(StoreError, match="disk"):
        restore(settings(tmp_path), copied.path)

    assert _file(tmp_path).stat().st_ino == place  # others have it open
    assert store.get("new") == thread("new")
    assert store.put([thread("after")]).added == ("after",)


def test_a_restore_replaces_a_corpus_that_is_beyond_reading(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put([thread("a")])
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    _file(tmp_path).write_bytes(b"\0" * 50_000)
    restore(settings(tmp_path), copied.path)
    with Store.open(settings(tmp_path)) as store:
        assert store.get("a") == thread("a")


def test_who_was_forgotten_since_the_backup_stays_forgotten(tmp_path: Path, store: Store) -> None:
    store.put([thread("a")])
    copied = backup(settings(tmp_path), tmp_path / "copy.db")
    forget(settings(tmp_path), store, "ben")
    restore(settings(tmp_path), copied.path)
    assert [post.author for post in store.get("a").posts] == ["ana"]
    assert len(store.forgotten()) == 1


# Check and repair


def test_a_sound_corpus_has_no_faults(tmp_path: Path, store: Store) -> None:
    store.put(thread(f"t{i}") for i in range(450))
    store.delete("t1")
    checked = check(settings(tmp_path))
    assert (checked.threads, checked.faults, checked.sound) == (449, (), True)
    with pytest.raises(StoreError, match="There is no corpus at"):
        check(settings(tmp_path / "new"))


def test_a_corpus_that_is_just_being_made_is_said_to_have_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "corpus" / "threadwise.db"
    path.parent.mkdir()
    path.touch()
    with pytest.raises(StoreError, match=r"There is nothing in the corpus .* yet.*`threadwise import`"):
        check(settings(tmp_path))


def test_changed_text_lost_posts_and_wrong_counters_are_found_and_put_right(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put([thread("text"), thread("post"), thread("print"), thread("fine")])
    _change_by_hand(
        tmp_path,
        "UPDATE posts SET text = 'forged' WHERE thread_key = 1 AND position = 1",
        "DELETE FROM posts WHERE thread_key = 2 AND position = 1",
        "DELETE FROM fingerprints WHERE thread_key = 3",
        "UPDATE counters SET value = 0",
        "INSERT INTO deletions VALUES ('fine', 1)",
    )
    checked = check(settings(tmp_path))
    assert [(fault.where, fault.what) for fault in checked.faults] == [
        ("generation", "the counter is behind the newest change, 1"),
        ("thread keys", "the counter is behind the highest key, 4"),
        ("thread fine", "it is there and counts as deleted"),
        ("thread post", "its content is not what its checksum says"),
        ("thread print", "its fingerprints are not those of its question"),
        ("thread text", "its content is not what its checksum says"),
    ]
    assert not checked.sound
    repaired = check(settings(tmp_path), repair=True)
    assert repaired.sound
    assert check(settings(tmp_path)).faults == ()
    with Store.open(settings(tmp_path)) as store:
        assert len(store.get("post").posts) == 1
        assert near_duplicates(store, thread("x", title="About print"))[0] == ("print", 1.0)
        assert store.put([thread("new")]).added == ("new",)


def test_what_a_damaged_file_still_has_is_saved_and_the_file_is_kept(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put(Thread(f"t{i:03}", f"Title {i}", (Post("1", f"{i} " * 800, author="ana"),)) for i in range(200))
        store.remember("mark", "here")
    content = bytearray(_file(tmp_path).read_bytes())
    middle = content.index(b"100 100 100 100 100 100")
    content[middle - 4096 : middle + 4096] = b"\xff" * 8192
    _file(tmp_path).write_bytes(content)
    found = check(settings(tmp_path))
    assert not found.sound
    repaired = check(settings(tmp_path), repair=True)
    assert repaired.kept is not None
    assert repaired.kept.read_bytes() == bytes(content)
    assert 0 < len(repaired.lost) < 20
    assert repaired.threads + len(repaired.lost) == 200
    with Store.open(settings(tmp_path)) as store:
        assert store.counts().threads == repaired.threads
        assert store.get("t199").question.text == "199 " * 800
        assert store.recall("mark") == "here"
    assert check(settings(tmp_path)).faults == ()


def test_a_repair_tells_how_many_threads_it_has_saved_and_never_fewer_than_before(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put(thread(f"t{i}") for i in range(250))
    _change_by_hand(tmp_path, "UPDATE counters SET value = 0")
    told: list[int] = []

    check(settings(tmp_path), repair=True, progress=told.append)

    assert told == [250, 100, 200, 250]  # looked at, then saved in portions of a hundred


def test_a_file_in_which_nothing_can_be_read_is_not_replaced_by_an_empty_corpus(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put([thread("a")])
    _file(tmp_path).write_bytes(b"\xff" * 50_000)
    assert "not a database" in check(settings(tmp_path)).faults[0].what
    with pytest.raises(StoreError, match=r"Nothing can be read .*threadwise restore BACKUP"):
        check(settings(tmp_path), repair=True)
    assert _file(tmp_path).read_bytes() == b"\xff" * 50_000


def test_a_repair_waits_for_a_writer_and_then_says_so(tmp_path: Path) -> None:
    with Store.open(settings(tmp_path)) as store:
        store.put([thread("a")])
    _change_by_hand(tmp_path, "UPDATE counters SET value = 0")
    with closing(sqlite3.connect(_file(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            check(settings(tmp_path, lock_timeout=0.1), repair=True)
    assert len(check(settings(tmp_path)).faults) == 2
