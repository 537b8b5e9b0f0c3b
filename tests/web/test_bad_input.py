"""What cannot be used on the pages: each a sentence that says what to do, and nothing that was stored is lost."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from threadwise.assistant import Assistant
from threadwise.domain import Post, Role, Thread
from threadwise.web.adding import Adding, AddPage
from threadwise.web.asking import Asking, Conversations
from threadwise.web.browsing import Browsing
from threadwise.web.payload import Payload
from threadwise.web.readiness import Readiness
from threadwise.web.show_thread import POSTS_SHOWN
from web.conftest import BACK, HOSTILE, PLANT, Site
from web.test_show import words

Upload = Callable[[str, bytes], AddPage]


@pytest.fixture
def room(assistant: Assistant, tmp_path: Path) -> Adding:
    return Adding(Readiness.of(assistant), tmp_path)


@pytest.fixture
def upload(room: Adding, tmp_path: Path) -> Upload:
    """Examine a file as if it had been dropped on the page."""

    def examine(name: str, data: bytes) -> AddPage:
        folder = tmp_path / f"of-{name}"
        folder.mkdir()
        (folder / name).write_bytes(data)
        *_, page = room.examine(Payload({"path": str(folder / name)}))
        return page

    return examine


@pytest.fixture(autouse=True)
def nothing_is_lost(assistant: Assistant) -> Iterator[None]:
    yield
    for thread in (BACK, PLANT, HOSTILE):
        assert assistant.show(thread.id) == thread


def test_half_a_json_file_is_refused_with_its_place(upload: Upload) -> None:
    page = upload("half.json", b'{"id": "t", "title": "T", "posts": [{"id": "a", "te')

    assert page.draft is None
    assert re.search(r"half\.json cannot be read as threads: .*JSON", words(page.view))


def test_a_dump_cut_off_in_the_middle_is_imported_as_far_as_it_goes(upload: Upload, room: Adding) -> None:
    lines = [json.dumps({"id": f"t{n}", "title": "T", "posts": [{"id": "1", "text": f"Q{n}"}]}) for n in range(3)]
    page = upload("cut.jsonl", "\n".join(lines).encode()[:-9])
    token = re.findall(r'data-token="([^"]*)"', page.view)[0]
    *_, last = room.take_in(Payload({"token": token}))

    assert "added 2 updated 0 unchanged 0 posts 2 rejected 1" in words(last.view)
    assert "cut.jsonl:3" in words(last.view)


def test_a_file_in_another_encoding_is_read_by_it(upload: Upload) -> None:
    text = "Zu süß\n\nMein Käsekuchen ist immer zu süß, was hilft?\n\n- Weniger Zucker natürlich.\n"

    assert "Mein Käsekuchen ist immer zu süß" in upload("latin.txt", text.encode("cp1252")).view


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("Why is my bread so flat?", "A question without replies"),
        ("\n\nno title, just this long question, which goes on and on: why is my bread so flat", "A question without"),
    ],
)
def test_a_thread_without_replies_or_title_is_taken(room: Adding, text: str, understood: str) -> None:
    page = room.preview(Payload({"text": text}))
    saved = room.save(Payload({"form": {}}), page.draft)

    assert understood in words(page.view)
    assert "Thread saved" in words(saved.view)


def test_a_thread_of_5000_posts_is_shown_in_part_and_kept_whole(room: Adding, assistant: Assistant) -> None:
    posts = [{"id": str(n), "text": f"reply number {n} about bread"} for n in range(5_000)]
    page = room.preview(Payload({"text": json.dumps({"id": "long", "title": "Long", "posts": posts})}))
    room.save(Payload({"form": {}}), page.draft)
    [shown, *_] = Browsing(Readiness.of(assistant)).read(Payload({"thread": "long"}))

    assert page.view.count('<li class="post') == 60
    assert "and 4,940 more posts, kept as they were read." in words(page.view)
    assert shown.count('<li class="post') == POSTS_SHOWN
    assert len(assistant.show("long").posts) == 5_000


def test_a_post_of_a_megabyte_is_shown_in_part_and_kept_whole(assistant: Assistant) -> None:
    text = "bread and butter. " * 60_000
    assistant.add(Thread("large", "Large", (Post("1", text, role=Role.ASKER),)))
    [shown, *_] = Browsing(Readiness.of(assistant)).read(Payload({"thread": "large"}))

    assert len(shown) < 60_000
    assert "more characters" in words(shown)
    assert assistant.show("large").posts[0].text == text


@pytest.mark.parametrize("question", ["¿Por qué me duele la espalda?", "背中が痛い", "ظهري يؤلمني"])
def test_another_language_is_answered_or_plainly_not(assistant: Assistant, question: str) -> None:
    asking = Asking(Readiness.of(assistant), Conversations())
    *_, page = asking.ask(Payload({"question": question, "conversation": "0123456789abcdef"}))

    assert re.search(r'class="status (answered|partial|unanswered)"', page.log)


def test_a_file_of_200_mb_is_refused_before_it_is_read(site_: Site) -> None:
    host, port = site_.address.removeprefix("http://").split(":")
    head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: 200000000\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode())
        answer = b""
        while not answer.endswith(b"limit.") and (more := connection.recv(1000)):
            answer += more

    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.endswith(b"That is too large; THREADWISE_MAX_FILE_MB raises the limit.")


@pytest.mark.browser
def test_a_file_that_is_too_large_is_told_so_on_the_page_and_not_sent(page: Any, site_: Site, tmp_path: Path) -> None:
    large = tmp_path / "forum.zip"
    with large.open("wb") as stream:
        stream.truncate(200_000_000)
    page.goto(site_.address + "/add")
    page.wait_for_selector("html.ready")
    page.set_input_files("[data-file]", str(large))
    page.wait_for_function("document.querySelector('[data-file-note]').textContent !== ''")

    assert page.inner_text("[data-file-note]") == (
        "forum.zip has 200 MB; the page takes 100. On the command line, threadwise import takes files of any size."
    )
    assert not [url for url in site_.requests if "upload" in url]
