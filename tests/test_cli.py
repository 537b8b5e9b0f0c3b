"""The command line is a contract: what is printed where, with which exit code."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from conftest import SHARED, Command
from threadwise.advice.instead import NOTHING_ASKED, introduction
from threadwise.assistant import Assistant
from threadwise.cli import program
from threadwise.corpus.formats import jsonl

SEED = SHARED / "seed" / "000_8a0aa124bbc2bce0.txt"

PASTED = """Slugs in the lettuce

Every night half of my lettuce is gone. What keeps slugs away?

- Put a ring of copper tape around the bed. Mine have not crossed it in two years.

- Water in the morning instead of the evening, then the soil is dry when they come out.

- Thanks, I'll try the copper tape this weekend.
"""


@pytest.fixture
def command(command: Command, tmp_path: Path) -> Command:
    """Run a command in this process, in a home of its own, with words for vectors."""
    return partial(command, tmp_path / "home")


@pytest.fixture
def pasted(tmp_path: Path) -> str:
    path = tmp_path / "pasted.txt"
    path.write_text(PASTED, encoding="utf-8")
    return str(path)


def test_a_new_home_is_an_empty_corpus(command: Command) -> None:
    status = command("status", "--json")
    assert status.code == 0
    assert {
        "threads": 0,
        "posts": 0,
        "passages": 0,
        "generation": 0,
        "indexed_generation": 0,
    }.items() <= status.json.items()
    assert status.json["model"] == "all-MiniLM-L6-v2"

    asked = command("ask", "what keeps slugs away", "--json")
    assert asked.code == 0
    assert asked.json["status"] == "unanswered"
    assert asked.json["citations"] == []
    assert "There are no threads yet: `threadwise add FILE` or `threadwise import PATH` puts some in." in asked.err


@pytest.mark.parametrize("nothing", ["okay", "how", "thanks", "hello", "?"])
def test_who_asks_nothing_is_told_what_to_type(command: Command, pasted: str, nothing: str) -> None:
    command("add", pasted)
    asked = command("ask", nothing, "--json")

    assert asked.code == 0
    assert (asked.json["question"], asked.json["status"]) == (nothing, "unanswered")
    assert asked.json["missing"] == asked.json["text"] == NOTHING_ASKED
    assert asked.json["points"] == asked.json["citations"] == asked.json["similar"] == []
    assert asked.json["draft"] is None
    assert command("ask", "lettuce", "--json").json["similar"][0]["thread_id"] == "slugs-in-the-lettuce"


@pytest.mark.parametrize("asked", ["what can you do?", "what is this?", "help", "How do you work?", "who are you"])
def test_who_asks_what_this_is_gets_an_introduction(command: Command, pasted: str, asked: str) -> None:
    command("add", pasted)

    told = command("ask", asked, "--json").json

    assert told["text"] == told["missing"] == introduction(1)
    assert introduction(1).startswith("Answers here come from the one thread of this forum")
    assert introduction(1200).startswith("Answers here come from the 1,200 threads of this forum")
    assert (told["status"], told["draft"], told["similar"]) == ("unanswered", None, [])


def test_who_somebody_is_is_answered_with_how_to_find_what_they_wrote(command: Command, tmp_path: Path) -> None:
    (tmp_path / "forum.jsonl").write_text("\n".join(map(json.dumps, FORUM)), encoding="utf-8")
    command("import", str(tmp_path / "forum.jsonl"))

    told = command("ask", "who is Mara?", "--json").json
    said = command("ask", "what did ann say about the knee?", "--json").json

    assert told["text"].startswith("mara has written 1 post in 1 thread here; nothing else is known of them.")
    assert "author:mara" in told["text"]
    assert {one["author"] for one in said["citations"]} <= {"ann"}
    assert command("ask", "knee downhill author:mara", "--json").json["citations"][0]["author"] == "mara"


def test_one_of_a_thing_is_counted_as_one(command: Command, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Slugs in the lettuce\n\nWhat keeps slugs away?\n", encoding="utf-8")
    command("add", str(tmp_path / "one.txt"))

    status = command("status").out
    assert "Corpus    1 thread, 1 post, 0 authors\n" in status
    assert "Index     1 passage, level with the corpus\n" in status


def test_delete_says_as_json_what_is_gone(command: Command, pasted: str) -> None:
    command("add", pasted)
    gone = command("delete", "slugs-in-the-lettuce", "--json")

    assert gone.json == {"thread_id": "slugs-in-the-lettuce", "title": "Slugs in the lettuce", "posts": 4}
    assert command("show", "slugs-in-the-lettuce").code == 1
    assert command("delete", "slugs-in-the-lettuce", "--json").code == 1


def test_add_prints_the_id_and_the_thread_is_found_at_once(command: Command, pasted: str) -> None:
    added = command("add", pasted, "--json")
    assert added.code == 0
    assert added.json["thread_id"] == "slugs-in-the-lettuce"
    assert added.json["title"] == "Slugs in the lettuce"
    assert added.json["posts"] == 4
    assert added.json["searchable_ms"] > 0

    asked = command("ask", "what keeps slugs away from lettuce?", "--json")
    assert {citation["thread_id"] for citation in asked.json["citations"]} == {"slugs-in-the-lettuce"}


def test_an_answer_has_every_field_of_the_contract_and_quotes_to_the_letter(command: Command, pasted: str) -> None:
    command("add", pasted)
    answer = command("ask", "what keeps slugs away from lettuce?", "--json").json

    assert {
        "question", "status", "text", "points", "citations", "similar", "notices", "timings_ms", "generation",
    } <= answer.keys()  # fmt: skip
    assert answer["question"] == "what keeps slugs away from lettuce?"
    assert answer["status"] in {"answered", "partial"}
    shown = command("show", "slugs-in-the-lettuce", "--json").json
    texts = {post["id"]: post["text"] for post in shown["posts"]}
    assert answer["citations"]
    for citation in answer["citations"]:
        assert {
            "n", "thread_id", "thread_title", "post_id", "author", "created", "role", "url", "start", "end", "quote",
        } <= citation.keys()  # fmt: skip
        assert texts[citation["post_id"]][citation["start"] : citation["end"]] == citation["quote"]
    numbers = {citation["n"] for citation in answer["citations"]}
    for point in answer["points"]:
        assert {"text", "citations", "people", "threads"} <= point.keys()
        assert point["citations"]
        assert set(point["citations"]) <= numbers
        assert f"[{point['citations'][0]}]" in answer["text"]


def test_show_has_the_fields_of_the_contract(command: Command, pasted: str) -> None:
    command("add", pasted)
    shown = command("show", "slugs-in-the-lettuce", "--json").json
    assert {"id", "title", "url", "source", "licence", "created", "tags", "posts"} <= shown.keys()
    assert {"id", "author", "created", "text", "score", "is_op", "accepted", "reply_to"} <= shown["posts"][0].keys()
    assert [post["is_op"] for post in shown["posts"]] == [True, False, False, True]


def test_adding_the_same_paste_twice_keeps_one(command: Command, pasted: str) -> None:
    assert command("add", pasted).out.strip() == command("add", pasted).out.strip() == "slugs-in-the-lettuce"
    assert command("status", "--json").json["threads"] == 1


def test_another_paste_with_the_same_title_gets_an_id_of_its_own(command: Command, pasted: str, tmp_path: Path) -> None:
    command("add", pasted)
    other = tmp_path / "other.txt"
    other.write_text("Slugs in the lettuce\n\nWhich lettuce do slugs hate?\n\n- Romaine, they say.\n", encoding="utf-8")
    assert command("add", str(other)).out.strip() == "slugs-in-the-lettuce-2"


def test_an_edit_is_found_and_what_it_replaced_is_not(command: Command, pasted: str, tmp_path: Path) -> None:
    command("add", pasted)
    new = tmp_path / "new.txt"
    new.write_text(PASTED.replace("copper tape around the bed", "coffee grounds around the bed"), encoding="utf-8")
    assert command("edit", "slugs-in-the-lettuce", str(new)).code == 0

    quotes = " ".join(
        c["quote"] for c in command("ask", "what keeps slugs away from lettuce?", "--json").json["citations"]
    )
    assert "coffee grounds around" in quotes
    assert "copper tape around" not in quotes


def test_a_deleted_thread_is_gone_from_everywhere(command: Command, pasted: str) -> None:
    command("add", pasted)
    assert command("delete", "slugs-in-the-lettuce").code == 0
    assert command("ask", "what keeps slugs away?", "--json").json["citations"] == []
    assert command("similar", "--text", "slugs in lettuce", "--json").json == []
    assert command("show", "slugs-in-the-lettuce").code == 1


def test_importing_again_changes_nothing_and_an_update_changes_one(command: Command, tmp_path: Path) -> None:
    def lines(advice: str) -> str:
        threads = [
            {
                "id": f"t{n}",
                "title": f"Thread {n}",
                "posts": [{"id": "a", "text": f"question {n}"}, {"id": "b", "text": advice}],
            }
            for n in range(3)
        ]
        return "\n".join(json.dumps(thread) for thread in threads)

    path = tmp_path / "threads.jsonl"
    path.write_text(lines("drink tea"), encoding="utf-8")
    first = command("import", str(path), "--json")
    generation = command("status", "--json").json["generation"]
    again = command("import", str(path), "--json")
    assert (first.code, first.json["threads_added"], first.json["posts"]) == (0, 3, 6)
    assert (again.json["threads_added"], again.json["threads_updated"], again.json["threads_unchanged"]) == (0, 0, 3)
    assert command("status", "--json").json["generation"] == generation

    path.write_text(lines("drink tea").replace("drink tea", "drink water", 1), encoding="utf-8")
    update = command("import", str(path), "--json").json
    assert (update["threads_added"], update["threads_updated"], update["threads_unchanged"]) == (0, 1, 2)


def test_a_dry_run_says_what_would_happen_and_changes_nothing(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "threads.jsonl"
    path.write_text('{"id": "t", "title": "T", "posts": [{"id": "a", "text": "q"}]}', encoding="utf-8")
    assert command("import", "--dry-run", str(path), "--json").json["threads_added"] == 1
    assert command("status", "--json").json["threads"] == 0


def test_an_import_with_rejects_is_done_in_part(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "threads.jsonl"
    path.write_text(
        '{"id": "good", "title": "T", "posts": [{"id": "a", "text": "q"}]}\n{"id": "bad", \n', encoding="utf-8"
    )
    result = command("import", str(path), "--json")
    assert result.code == 3
    assert result.json["threads_added"] == 1
    [reject] = result.json["rejected"]
    assert "threads.jsonl:2" in reject["where"]
    rejects = Path(result.json["rejects_file"])
    assert json.loads(rejects.read_text(encoding="utf-8")) == reject


def test_an_id_of_another_source_is_refused_unless_kept_apart(command: Command, tmp_path: Path) -> None:
    for source in ("one.example", "two.example"):
        thread = {"id": "7", "title": source, "source": source, "posts": [{"id": "a", "text": "q"}]}
        (tmp_path / f"{source}.jsonl").write_text(json.dumps(thread), encoding="utf-8")
    command("import", str(tmp_path / "one.example.jsonl"))

    refused = command("import", str(tmp_path / "two.example.jsonl"), "--json")
    assert refused.code == 3
    assert "one.example" in refused.json["rejected"][0]["why"]
    assert "--source" in refused.json["rejected"][0]["why"]
    assert command("show", "7", "--json").json["title"] == "one.example"

    kept = command("import", str(tmp_path / "two.example.jsonl"), "--source", "two", "--json")
    assert kept.json["threads_added"] == 1
    assert command("status", "--json").json["threads"] == 2


@pytest.mark.parametrize("form", ["jsonl", "markdown"])
def test_what_is_exported_is_read_back_identically(command: Command, pasted: str, tmp_path: Path, form: str) -> None:
    command("add", pasted)
    target = tmp_path / ("all.jsonl" if form == "jsonl" else "all")
    before = command("show", "slugs-in-the-lettuce").out
    assert command("export", "--format", form, str(target)).code == 0
    assert command("import", str(target), "--json").json["threads_unchanged"] == 1
    command("delete", "slugs-in-the-lettuce")
    command("import", str(target))
    assert command("show", "slugs-in-the-lettuce").out == before


def test_no_thread_overwrites_another_in_an_export_to_files(command: Command, tmp_path: Path) -> None:
    ids = ["a b", "a/b", "a_b", "A", "a", ".a", "..", "x" * 200 + "1", "x" * 200 + "2", "\U0001d49c" * 300]
    threads = [{"id": each, "title": f"About {each}", "posts": [{"id": "1", "text": "What helps?"}]} for each in ids]
    whole = tmp_path / "all.jsonl"
    whole.write_text("\n".join(json.dumps(thread) for thread in threads), encoding="utf-8")
    command("import", str(whole))

    assert command("export", "--format", "markdown", str(tmp_path / "files")).code == 0

    names = [file.name for file in (tmp_path / "files").iterdir()]
    assert len({name.casefold() for name in names}) == len(ids)
    assert {"a.md", "a_b.md"} <= set(names)
    assert command("import", str(tmp_path / "files"), "--json").json["threads_unchanged"] == len(ids)


def test_an_answer_is_proved_and_a_changed_post_disproves_it(command: Command, pasted: str, tmp_path: Path) -> None:
    command("add", pasted)
    saved = tmp_path / "answer.json"
    saved.write_text(command("ask", "what keeps slugs away from lettuce?", "--json").out, encoding="utf-8")
    assert command("verify", str(saved)).code == 0

    new = tmp_path / "new.txt"
    new.write_text(PASTED.replace("copper", "zinc").replace("morning", "night"), encoding="utf-8")
    command("edit", "slugs-in-the-lettuce", str(new))
    broken = command("verify", str(saved), "--json")
    assert broken.code == 1
    assert broken.json["differences"]
    assert "edited" in broken.json["differences"][0]["why"]


def test_similar_lists_threads_with_scores(command: Command, pasted: str) -> None:
    command("add", pasted)
    found = command("similar", "--text", "slugs eat my lettuce", "--json").json
    assert found[0]["thread_id"] == "slugs-in-the-lettuce"
    assert {"thread_id", "title", "score"} <= found[0].keys()


def test_a_rebuilt_index_answers_the_same(command: Command, pasted: str) -> None:
    command("add", pasted)
    before = command("ask", "what keeps slugs away from lettuce?", "--json").json
    assert command("index", "--rebuild").code == 0
    after = command("ask", "what keeps slugs away from lettuce?", "--json").json
    assert {**after, "timings_ms": 0} == {**before, "timings_ms": 0}


def test_global_options_may_stand_after_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        program.run(["status", "--json", "--home", str(tmp_path), "--quiet"])
    assert not end.value.code
    assert json.loads(capsys.readouterr().out)["home"] == str(tmp_path)


@pytest.mark.parametrize("wrong", [["ask"], ["ask", "q", "--k", "0"], ["nonsense"], ["status", "--what"], []])
def test_wrong_usage_is_two(command: Command, wrong: list[str]) -> None:
    outcome = command(*wrong)
    assert outcome.code == 2
    assert outcome.out == "" or not wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ask", ""], "The question is empty"),
        (["ask", "  \n "], "The question is empty"),
        (["ask", "🙂🙂"], "no words"),
        (["ask", "\x07\x1b"], "no words"),
        (["ask", "help " * 25_000], "125,000 characters"),
        (["show", "nowhere"], "nowhere"),
        (["delete", "nowhere"], "nowhere"),
        (["similar", "nowhere"], "nowhere"),
        (["similar"], "thread id or a text"),
        (["add", "/nowhere/at-all.txt"], "cannot be read"),
        (["import", "/nowhere/at-all"], "not there"),
        (["export", "--format", "xml"], "jsonl or markdown"),
        (["verify", "/nowhere.json"], "cannot be read"),
        (["show", "half a pair \udcff"], "surrogate pair"),
        (["delete", "half a pair \udcff"], "surrogate pair"),
        (["forget", "half a pair \udcff"], "surrogate pair"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_one(command: Command, arguments: list[str], sentence: str) -> None:
    outcome = command(*arguments)
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith("threadwise: ")
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n\n"),
        ("binary.bin", bytes(range(256)) * 40),
        ("half.json", b'{"id": "t", "title": "T", "posts": [{"id": "a", "te'),
        ("deep.json", b"[" * 10_000 + b"]" * 10_000),
        ("no-posts.json", b'{"id": "t", "title": "T", "posts": []}'),
    ],
)
def test_a_file_that_is_no_thread_is_refused_and_changes_nothing(
    command: Command, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    outcome = command("add", str(path))
    assert outcome.code == 1
    assert outcome.err.startswith("threadwise: ")
    assert "went wrong" not in outcome.err
    assert command("status", "--json").json["threads"] == 0


@pytest.mark.parametrize(
    ("arguments", "content", "sentence"),
    [
        (["verify"], b"[" * 100_000, "is not JSON"),
        (["verify", "--claims"], b"[" * 100_000, "is not JSON"),
        (["verify", "--claims"], b"\x1f\x8bnot packed", "cannot be unpacked"),
        (["eval-advice"], gzip.compress(b"{}" * 100)[:-9], "cannot be unpacked"),
        (["eval-advice"], b'{"text": null, "advice": 1}', "text must be a text"),
        (["eval-advice"], b'{"text": "Rest.", "advice": "no"}', "advice true or false"),
    ],
)
def test_a_damaged_file_to_check_or_measure_is_one_sentence(
    command: Command, tmp_path: Path, arguments: list[str], content: bytes, sentence: str
) -> None:
    (tmp_path / "damaged").write_bytes(content)
    outcome = command(*arguments, str(tmp_path / "damaged"))
    assert (outcome.code, outcome.out) == (1, "")
    assert sentence in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_question_in_bytes_that_are_no_utf8_is_asked_all_the_same(command: Command, pasted: str) -> None:
    command("add", pasted)
    answer = command("ask", "\udcffhow do I keep slugs out of the lettuce?", "--json").json
    assert answer["question"] == "?how do I keep slugs out of the lettuce?"
    assert answer["citations"]
    assert command("similar", "--text", "\udcff slugs in the lettuce", "--json").json


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("ask - <&-", 1, "The question is empty"),
        ("add - <&-", 1, "There are no words in the text"),
        ("export >&-", 0, "Exported 0 threads"),
        ("status >/dev/full", 1, "There is no room left for the file that the result goes to"),
    ],
)
def test_a_closed_or_full_stream_is_no_defect(tmp_path: Path, line: str, code: int, sentence: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m threadwise --home {tmp_path / 'home'} {line}"],
        capture_output=True, text=True, check=False, env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert done.returncode == code
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_text_that_is_not_utf8_is_read_by_its_own_encoding(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(
        "Zu süß\n\nMein Käsekuchen ist immer zu süß, was hilft?\n\n- Weniger Zucker natürlich.\n".encode("cp1252")
    )
    assert command("add", str(path)).code == 0
    assert "Käsekuchen" in command("show", "zu-suss").out or "Käsekuchen" in command("show", "zu-su").out


def test_a_file_of_200_mb_is_refused_before_it_is_read(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    outcome = command("add", str(path))
    assert outcome.code == 1
    assert "threadwise import" in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize("words", [["add"], ["import"]])
def test_a_megabyte_is_a_million_bytes_for_one_file_and_for_an_import(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("THREADWISE_MAX_FILE_MB", "1")
    path = tmp_path / "large.txt"
    path.write_text("Slugs\n\nWhat keeps them away?\n\n- " + "Copper tape. " * 78_000, encoding="utf-8")  # 1.014 MB

    refused = command(*words, str(path))

    assert refused.code in (1, 3)
    assert "larger than 1 MB" in refused.out + refused.err


def test_threads_without_replies_or_title_and_with_thousands_of_posts(command: Command, tmp_path: Path) -> None:
    alone = tmp_path / "alone.txt"
    alone.write_text("Why is my bread so flat?", encoding="utf-8")
    assert command("add", str(alone), "--json").json["posts"] == 1

    posts = [{"id": str(n), "text": f"reply number {n} about bread"} for n in range(5_000)]
    long = tmp_path / "long.json"
    long.write_text(json.dumps({"id": "long", "title": None, "posts": posts}), encoding="utf-8")
    assert command("add", str(long), "--json").json["posts"] == 5_000

    large = tmp_path / "large.json"
    large.write_text(
        json.dumps({"id": "large", "posts": [{"id": "1", "text": "bread and butter. " * 60_000}]}), encoding="utf-8"
    )
    assert command("add", str(large), "--json").json["title"].startswith("bread and butter")
    assert command("ask", "flat bread", "--json").code == 0


@pytest.mark.model
@pytest.mark.slow
def test_a_question_can_come_from_standard_input_and_start_with_a_dash(tmp_path: Path, pasted: str) -> None:
    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "threadwise", "--home", str(tmp_path / "home"), *arguments],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
        )

    asked = run("ask", "-", "--json", given="what keeps slugs away?\n")
    assert json.loads(asked.stdout)["question"] == "what keeps slugs away?"
    assert json.loads(run("ask", "--json", "--", "-word only").stdout)["status"] == "unanswered"
    assert run("--version").stdout.startswith("threadwise ")


def test_a_newer_database_is_refused_with_its_remedy(command: Command, pasted: str, tmp_path: Path) -> None:
    command("add", pasted)
    import sqlite3

    connection = sqlite3.connect(tmp_path / "home" / "corpus" / "threadwise.db")
    [table] = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%version%'")
    ] or [None]
    assert table, "the schema has a version"
    with connection:
        connection.execute(f"INSERT INTO {table} (version) VALUES (9999)")
    connection.close()
    outcome = command("status")
    assert outcome.code == 1
    assert "newer" in outcome.err


@pytest.mark.skipif(not SEED.exists(), reason="the shared folder with the seed thread is not here")
def test_the_seed_thread_is_understood_exactly_as_it_is(command: Command) -> None:
    added = command("add", str(SEED), "--json").json
    assert added["title"] == "Back soreness"
    assert added["posts"] == 4
    posts = command("show", added["thread_id"], "--json").json["posts"]
    assert [post["is_op"] for post in posts] == [True, False, False, True]
    assert posts[0]["text"].startswith("I've been running for about 2 months")
    assert posts[3]["text"].startswith("Great advice!")


def test_opening_an_assistant_twice_in_one_process_is_fine(tmp_path: Path) -> None:
    from threadwise.config import Settings

    settings = Settings(home=tmp_path / "home")
    with Assistant.open(settings) as one, Assistant.open(settings) as two:
        assert one.status() == two.status()


def test_a_wrong_setting_is_refused_before_a_home_is_made(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREADWISE_SAFETY_RULES", str(tmp_path / "not-there.yaml"))

    refused = command("status")

    assert refused.code == 1
    assert "not-there.yaml" in refused.err
    assert not (tmp_path / "home").exists()


def test_a_corpus_measures_itself_and_two_configurations_are_compared(command: Command, tmp_path: Path) -> None:
    rows = [
        {"id": f"t{n}", "title": f"What about {word} today", "posts": [
            {"id": f"t{n}-1", "text": f"Tell me of {word} please.", "author": "ann"},
            {"id": f"t{n}-2", "text": f"For {word} use water.", "author": "bob", "accepted": True},
            {"id": f"t{n}-3", "text": "No idea.", "author": "cid"},
        ]}
        for n, word in enumerate(("slugs", "bread", "tyres", "knees"))
    ]  # fmt: skip
    (tmp_path / "forum.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert command("import", str(tmp_path / "forum.jsonl")).code == 0

    found = command("eval", "--self", "--run", str(tmp_path / "run"), "--json")
    assert found.code == 0
    assert list(found.json) == ["titles", "accepted"]
    assert found.json["titles"]["queries"] == found.json["accepted"]["queries"] == 4
    assert found.json["titles"]["mrr@10"] == found.json["accepted"]["mrr@10"] == 1.0
    assert "duplicates: not measured" in found.err

    again = command("eval", "--self", "--against", str(tmp_path / "run"))
    assert again.code == 0
    assert "titles mrr@10" in again.out
    assert "p = 1.000" in again.out

    refused = command("eval")
    assert refused.code == 1
    assert "one of the two" in refused.err


def test_check_says_what_it_looked_at_what_is_wrong_and_what_it_mended(
    command: Command, pasted: str, tmp_path: Path
) -> None:
    command("add", pasted)
    sound = command("check")
    assert (sound.code, sound.out) == (0, "Looked at 1 thread and 4 passages: 0 faults, 0 of them open.\n")

    shutil.rmtree(tmp_path / "home" / "index" / "words")
    broken = command("check")
    assert broken.code == 1
    assert broken.out == (
        "index, words: 4 passages of the corpus are not there\n"
        "Looked at 1 thread and 4 passages: 1 fault, 1 of them open. "
        "`threadwise check --repair` mends what can be mended.\n"
    )
    mended = command("check", "--repair", "--json")
    assert mended.code == 0
    assert mended.json["index"] == [
        {"where": "index, words", "what": "4 passages of the corpus are not there", "repaired": True}
    ]
    assert command("check").code == 0


FORUM = [
    {"id": "knee", "title": "Knee hurts downhill", "tags": ["running"], "created": "2023-05-04T10:00:00", "posts": [
        {"id": "1", "author": "ann", "text": "My knee hurts when I run downhill.", "is_op": True},
        {"id": "2", "author": "mara", "text": "Take shorter steps on the way down.", "score": 5, "accepted": True},
        {"id": "3", "author": "ann", "text": "I took shorter steps and my knee is fine now.", "is_op": True}]},
    {"id": "stairs", "title": "Knee hurts on stairs", "tags": ["home"], "created": "2024-02-01T10:00:00", "posts": [
        {"id": "1", "author": "bo", "text": "My knee hurts when I climb stairs.", "is_op": True},
        {"id": "2", "author": "tom", "text": "Step up backwards, and rest the knee.", "score": 1}]},
    {"id": "bike", "title": "Knee clicks on the bike", "tags": ["bikes"], "created": "2024-06-01T10:00:00", "posts": [
        {"id": "1", "author": "cy", "text": "My knee clicks on the bike.", "is_op": True}]},
]  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("tag:running", {"knee"}),
        ("author:mara", {"knee"}),
        ("after:2024-02", {"stairs", "bike"}),
        ("after:2023-05 before:2024-03-01", {"knee", "stairs"}),
        ("status:solved", {"knee"}),
        ("status:unanswered", {"bike"}),
        ("has:outcome", {"knee"}),
        ("min_score:3", {"knee"}),
        ('"climb stairs"', {"stairs"}),
        ("-downhill -bike", {"stairs"}),
    ],
)
def test_each_filter_leaves_its_threads(command: Command, tmp_path: Path, filters: str, expected: set[str]) -> None:
    (tmp_path / "forum.jsonl").write_text("\n".join(map(json.dumps, FORUM)), encoding="utf-8")
    command("import", str(tmp_path / "forum.jsonl"))

    asked = command("ask", f"knee {filters}", "--json")

    assert asked.code == 0
    assert {one["thread_id"] for one in asked.json["citations"] + asked.json["similar"]} == expected


@pytest.mark.parametrize("wrong", ["after:spring", "before:2023-13", "status:done", "has:pictures", "min_score:many"])
def test_a_wrong_filter_is_refused_with_what_it_takes(command: Command, wrong: str) -> None:
    asked = command("ask", f"knee {wrong}")

    assert asked.code == 1
    assert wrong in asked.err
    assert "`" in asked.err, "an example of how to write it"


def test_a_restored_backup_is_what_is_found_again(command: Command, pasted: str, tmp_path: Path) -> None:
    command("add", pasted)
    assert command("backup", str(tmp_path / "copy.db")).err == f"Backed up to {tmp_path / 'copy.db'}.\n"
    command("delete", "slugs-in-the-lettuce")
    later = tmp_path / "later.txt"
    later.write_text("Flat bread\n\nWhy is my bread so flat?\n\n- Let the dough rise overnight.\n", encoding="utf-8")
    command("add", str(later))

    assert command("restore", str(tmp_path / "copy.db")).code == 0

    asked = command("ask", "what keeps slugs away from lettuce?", "--json").json
    assert {citation["thread_id"] for citation in asked["citations"]} == {"slugs-in-the-lettuce"}
    assert command("similar", "--text", "flat bread dough", "--json").json[0]["thread_id"] == "slugs-in-the-lettuce"
    assert command("show", "flat-bread").code == 1
    assert command("check").code == 0


@pytest.mark.parametrize(
    "words", [["import"], ["backup"], ["restore"], ["export"], ["export", "--format", "markdown"], ["eval"]]
)
def test_an_empty_path_is_not_the_current_folder(command: Command, words: list[str]) -> None:
    refused = command(*words, "")
    assert refused.code == 2
    assert "the path is empty. The folder that you are in is written as a dot." in " ".join(refused.err.split())


@pytest.mark.parametrize("words", [["add"], ["edit", "some-thread"]])
def test_an_empty_name_is_no_file(command: Command, words: list[str]) -> None:
    refused = command(*words, "")
    assert (refused.code, refused.err) == (
        1, "threadwise: The name of the file is empty; `-` reads standard input.\n",
    )  # fmt: skip


TAPE = "Put a ring of copper tape around the bed. Mine have not crossed it in two years, not once."


def test_show_tells_where_a_post_was_put_too_and_what_it_prints_can_be_read_back(
    command: Command, tmp_path: Path
) -> None:
    for n in (1, 2):
        posts = [{"id": "1", "author": f"asker{n}", "text": "What keeps slugs away?"}, {"id": "2", "author": "mara"}]
        posts[1]["text"] = TAPE
        path = tmp_path / f"{n}.json"
        path.write_text(json.dumps({"id": f"slugs-{n}", "title": f"Slugs {n}", "posts": posts}), encoding="utf-8")
        assert command("add", str(path)).code == 0

    shown = command("show", "slugs-1")
    assert "also posted" not in shown.out
    assert shown.err == "Post 2 was also posted in Slugs 2 (slugs-2, post 2).\n"
    as_json = command("show", "slugs-1", "--json")
    assert as_json.json["cross_posts"] == [
        {"post_id": "2", "in": [{"thread_id": "slugs-2", "title": "Slugs 2", "post_id": "2"}]}
    ]
    (tmp_path / "back.json").write_text(as_json.out, encoding="utf-8")
    again = command("import", str(tmp_path / "back.json"), "--json")
    assert again.json["threads_unchanged"] == 1
    assert command("show", "slugs-2", "--quiet").err == ""


def test_an_answer_is_kept_listed_shown_proved_and_kept_no_longer(
    command: Command, pasted: str, tmp_path: Path
) -> None:
    command("add", pasted)
    assert command("answers").out == "No answer is kept. `threadwise ask --save QUESTION` keeps one.\n"
    asked = command("ask", "--save", "what keeps slugs away", "--json")
    assert asked.json["kept_as"] == "what-keeps-slugs-away"
    assert asked.err == "Kept as what-keeps-slugs-away.\n"
    assert "kept_as" not in command("ask", "what keeps slugs away", "--json").json

    [listed] = command("answers", "--json").json
    assert (listed["question"], listed["points"], listed["changes"]) == (
        "what keeps slugs away", len(asked.json["points"]), [],
    )  # fmt: skip
    shown = command("answers", "what-keeps-slugs-away", "--json")
    assert shown.json["points"] == asked.json["points"]
    (tmp_path / "kept.json").write_text(shown.out, encoding="utf-8")
    assert command("verify", str(tmp_path / "kept.json")).code == 0

    long = "what keeps slugs away " * 20
    command("ask", "--save", long)
    assert f"  {long[:160]}…  (what-keeps-slugs-away-what-" in command("answers").out

    command("delete", "slugs-in-the-lettuce")
    assert "what keeps slugs away  (what-keeps-slugs-away: withdrawn, " in command("answers").out
    text = command("answers", "what-keeps-slugs-away").out
    assert "Withdrawn: nothing that it quoted stands any more." in text
    assert "slugs-in-the-lettuce/3: the thread was deleted since" in text
    assert command("answers", "what-keeps-slugs-away", "--delete").code == 0
    refused = command("answers", "what-keeps-slugs-away")
    assert (refused.code, refused.err) == (
        1,
        "threadwise: No answer is kept under 'what-keeps-slugs-away'; `threadwise answers` lists those that are.\n",
    )
    nothing = command("ask", "--save", "z")
    assert nothing.code == 0
    assert nothing.err.endswith("Nothing was kept: nobody in these threads answers this.\n")


def test_an_export_is_whole_or_leaves_what_was_there_and_never_replaces_the_corpus(
    command: Command, pasted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("add", pasted)
    database = tmp_path / "home" / "corpus" / "threadwise.db"
    refused = command("export", str(database))
    assert refused.code == 1
    assert "is the corpus itself. Name another file for the export." in refused.err
    assert command("status", "--json").json["threads"] == 1

    out = tmp_path / "out.jsonl"
    out.write_text("as it was", encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(jsonl, "write", lambda _: {}["no room"])
        assert command("export", str(out)).code == 1
    assert out.read_text(encoding="utf-8") == "as it was"
    assert command("export", str(out)).code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["id"] == "slugs-in-the-lettuce"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out.jsonl", "pasted.txt"]


def test_an_export_to_a_link_goes_where_it_points_and_keeps_the_rights_of_the_file(
    command: Command, pasted: str, tmp_path: Path
) -> None:
    command("add", pasted)
    (tmp_path / "far").mkdir()
    kept, link = tmp_path / "far" / "kept.jsonl", tmp_path / "link.jsonl"
    kept.touch(mode=0o600)
    link.symlink_to(kept)

    assert command("export", str(link)).code == 0

    assert link.is_symlink()
    assert json.loads(kept.read_text(encoding="utf-8"))["id"] == "slugs-in-the-lettuce"
    assert kept.stat().st_mode & 0o777 == 0o600
    refused = command("export", str(tmp_path / "nowhere" / "out.jsonl"))
    assert (refused.code, "nowhere is not there, so nothing was exported." in refused.err) == (1, True)
    assert not (tmp_path / "nowhere").exists()
