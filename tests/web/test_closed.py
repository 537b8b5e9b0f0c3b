"""What the web app keeps out: other hosts, other addresses, tags that fetch, an open interface."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from threadwise.assistant import Assistant
from threadwise.errors import SettingsError
from threadwise.web.app import listening
from web.conftest import Site


@pytest.fixture
def client(site_: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site_.address, timeout=20) as made:
        yield made


def test_each_page_has_an_address_and_names_no_other_host(client: httpx.Client) -> None:
    for path, name in (("/", "Ask"), ("/browse", "Browse"), ("/add", "Add")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert f"<title>{name} · Threadwise</title>" in answer.text
        assert f'<a href="{path}" aria-current="page">{name}</a>' in answer.text
        for word in (
            "githubusercontent",
            "gradio.app",
            "cdnjs",
            "fonts.googleapis",
            "og:image",
            "twitter:",
            "manifest",
        ):
            assert word not in answer.text.split("window.gradio_config")[0], word


def test_the_browser_is_told_to_fetch_nothing_from_elsewhere(client: httpx.Client) -> None:
    policy = client.get("/").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "script-src-attr 'none'" in policy
    assert "http" not in policy
    assert client.get("/").headers["referrer-policy"] == "no-referrer"


def test_only_the_needed_addresses_answer(client: httpx.Client) -> None:
    paths = [
        "/docs", "/openapi.json", "/gradio_api/info", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://a.test",
        "/monitoring", "/gradio_api/runs", "/login", "/gradio_api/deep_link", "/manifest.json", "/gradio_api/call/x",
        "/threadwise/assets/..%2fapp.py", "/threadwise/assets/nothing.css", "/threadwise/answers/none/0",
    ]  # fmt: skip
    for path in paths:
        assert client.get(path).status_code in (404, 405), path


def test_a_name_that_is_not_ours_is_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"host": "rebound.test"}).status_code == 421
    assert client.get("/", headers={"host": "localhost:9"}).status_code == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site_: Site) -> None:
    host, port = site_.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000000000\r\n\r\n"
        connection.sendall(head.encode())
        answer = connection.recv(400)

    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_of_unknown_length_is_refused_before_it_is_read(site_: Site) -> None:
    host, port = site_.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        answer = connection.recv(400)

    assert answer.startswith(b"HTTP/1.1 411")


def test_no_event_is_an_open_interface(client: httpx.Client) -> None:
    config = client.get("/config").json()

    assert config["dependencies"]
    assert {one["api_visibility"] for one in config["dependencies"]} == {"private"}
    assert config["footer_links"] == []


def test_uploaded_files_come_to_a_folder_that_is_not_served(client: httpx.Client, tmp_path: Path) -> None:
    answer = client.post("/gradio_api/upload", files={"files": ("note.txt", b"private")})

    assert answer.status_code == 200
    [path] = answer.json()
    assert Path(path).is_relative_to(tmp_path / "uploads")
    assert client.get(f"/gradio_api/file={path}").status_code == 404


def test_a_taken_port_is_a_sentence_that_names_the_option() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"Port {port} .*--port"), listening("127.0.0.1", port):
            pass


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(SettingsError, match=r"--port|--host"), listening("192.0.2.1", 7860):
        pass


def test_the_pages_can_be_built_alone(assistant: Assistant) -> None:
    from threadwise.web.app import build

    pages = build(assistant)

    assert [page[0] for page in pages.pages] == ["", "browse", "add"]
