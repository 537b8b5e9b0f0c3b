"""README.md tells the truth: commands exist and run, examples print what is shown, the table is the settings."""

import re
import shlex
import subprocess
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pytest
from typer.main import get_command

from threadwise.cli import program
from threadwise.config import Settings, demo_folder

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
SHOWN = re.compile(r"`(threadwise [^`\n]+)`[^\n]*\n\n```\n(.*?)^```$", re.DOTALL | re.MULTILINE)

PASTED = "Flat tyre, again\n\nThird flat this week. What should I check?\n\n- Look for glass inside the tyre.\n"


def written(text: str, start: str) -> list[str]:
    """Commands of a text that begin with a word: lines of its blocks without comments, and inline code."""
    lines = [line.partition("  #")[0].strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    found = [*lines, *(code.strip() for code in INLINE.findall(BLOCK.sub("", text)))]
    return list(dict.fromkeys(line for line in found if line.startswith(f"{start} ")))


def words_of(command: str) -> list[str]:
    """A command's words after the program's name, as a shell takes them apart."""
    return shlex.split(command)[1:]


def test_commands_are_found_in_blocks_and_in_the_text() -> None:
    text = "Say `make one` or\n\n```\nmake two   # twice\n  other\n```\n\n```\nother\nmake one\n```\nand `makefile`."

    assert written(text, "make") == ["make two", "make one"]


@pytest.mark.parametrize("command", written(README, "make"))
def test_a_goal_of_make_is_there(command: str) -> None:
    goal = next(word for word in words_of(command) if "=" not in word)

    planned = subprocess.run(["make", "-n", goal], cwd=ROOT, capture_output=True, text=True, check=False)
    assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize("command", written(README, "threadwise"))
def test_a_command_of_threadwise_takes_what_is_written(command: str) -> None:
    name, *rest = words_of(command)
    context = get_command(program.app).make_context("threadwise", [name], resilient_parsing=True)
    known = get_command(program.app).get_command(context, name)  # type: ignore[attr-defined]

    assert known is not None, name
    options = {option for parameter in known.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


@pytest.mark.parametrize("command", written(README, "python"))
def test_a_module_that_is_run_is_there(command: str) -> None:
    module = words_of(command)[1]
    places = [ROOT / "src", ROOT]
    assert any(
        (place / module.replace(".", "/")).with_suffix(".py").is_file()
        or (place / module.replace(".", "/") / "__main__.py").is_file()
        for place in places
    )


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_what_is_linked_to_is_there(target: str) -> None:
    assert (ROOT / target).exists()


def unmarked(text: str) -> str:
    """Without what Markdown adds to words: code marks, links to more."""
    return re.sub(r" \(\[\w+\]\([^)]*\)\)", "", text).replace("`", "").replace("\\|", "|")


def test_the_table_of_settings_is_the_settings() -> None:
    rows = re.findall(r"^\| `(THREADWISE_\w+)` \| (.*?) ?\| (.*?) \|$", README, re.MULTILINE)
    rows = [(name, usual, unmarked(said)) for name, usual, said in rows]
    fields = [
        (
            f"THREADWISE_{name.upper()}",
            "the checkout, else the user's data folder" if name == "home" else str(field.default or ""),
            unmarked(str(field.description)),
        )
        for name, field in Settings.model_fields.items()
    ]

    assert rows == fields


Command = Callable[[str], str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo forum, as the first start makes it."""
    made = tmp_path_factory.mktemp("readme")
    with pytest.raises(SystemExit) as end:
        program.run(["--home", str(made), "--quiet", "import", str(demo_folder())])
    assert not end.value.code
    return made


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """What a command line prints, run in that home."""

    def run(line: str) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            program.run(["--home", str(home), "--quiet", *words_of(line)])
        printed = capsys.readouterr()
        assert not end.value.code, printed.err
        return printed.out

    return run


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize(("line", "shown"), SHOWN.findall(README), ids=lambda value: value.split(" ")[1])
def test_an_example_prints_what_is_shown(command: Command, line: str, shown: str) -> None:
    printed = plain(command(line))
    quotes = [plain(quote) for quote in re.findall(r"“[^”]{12,}”", shown)]
    sources = [plain(source) for source in re.findall(r"^\[\d+\] (.+?, in .+?), \d{4}", shown, re.MULTILINE)]
    threads = re.findall(r"\(([a-z0-9-]{8,})\)$", shown, re.MULTILINE)

    assert quotes or threads, "an example shows something"
    assert [part for part in quotes + sources if part not in printed] == []
    assert re.findall(r"\(([a-z0-9-]{8,})\)", printed)[: len(threads)] == threads


@pytest.mark.model
@pytest.mark.slow
def test_what_stands_in_the_text_runs(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    saved, pasted = tmp_path / "answer.json", tmp_path / "thread.txt"
    pasted.write_text(PASTED, encoding="utf-8")
    saved.write_text(command('threadwise ask --json "fungus gnats in my pots, what helps?"'), encoding="utf-8")
    places = {"ANSWER.json": str(saved), "FILE": str(pasted), "PATH...": str(demo_folder())}
    need_more = re.compile(r"\b[A-Z]{3,}\b")

    lines = written(README, "threadwise")
    ran = []
    for line in (reduce(lambda text, one: text.replace(*one), places.items(), text) for text in lines):
        goes_on = words_of(line)[0] == "serve"  # until Ctrl-C
        if not goes_on and not need_more.search(re.sub(r'"[^"]*"|/\S+', "", line)):
            assert command(line) or line == "threadwise index", line
            ran.append(words_of(line)[0])

    assert {"ask", "verify", "similar", "add", "import", "index", "eval-advice"} <= set(ran)
