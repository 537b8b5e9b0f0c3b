"""Whatever a server does, the answer comes: in quotes, in time, and with a word on what went wrong."""

from __future__ import annotations

import json
import socket
import time

import pytest

from model_server import Behave, Handler, ModelServer
from test_generate import DRY, DRY_AGAIN, ask, kinds, notes, quotes, stages
from threadwise.config import load_settings

QUICK = {"generator_first_timeout": 0.5, "generator_timeout": 1.0}
PATIENT = {"generator_connect_timeout": 60, "generator_first_timeout": 60, "generator_timeout": 60}
"""So that a busy machine is not taken for a slow server."""


def first_line(request: Handler) -> str:
    [name] = [name for name, text in request.excerpts.items() if text == DRY]
    return f"{DRY_AGAIN} [{name}]\n"


def status(code: int, **headers: str) -> Behave:
    def behave(request: Handler) -> None:
        request.begin(code, "application/json", **headers)
        request.send(json.dumps({"error": {"message": "secret detail <b>of the server</b>"}}))

    return behave


def sent(*parts: str, kind: str = "text/event-stream") -> Behave:
    def behave(request: Handler) -> None:
        request.begin(kind=kind)
        for part in parts:
            request.send(part)

    return behave


def silent(request: Handler) -> None:
    request.wait_until_left()


def silent_after_headers(request: Handler) -> None:
    request.begin()
    request.wait_until_left()


def dripping(request: Handler) -> None:
    request.begin()
    while True:
        request.send(": still thinking\n\n")
        time.sleep(0.02)


def endless_words(request: Handler) -> None:
    request.begin()
    while True:
        request.event("planks and lunges " * 50)


def endless_line(request: Handler) -> None:
    request.begin()
    while True:
        request.send("data: " + "x" * 100_000)


def endless_without_text(request: Handler) -> None:
    request.begin()
    while True:
        request.event("")
        time.sleep(0.001)


def hangs_up(request: Handler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behave", "why"),
    [
        (status(400), "its server answered with status 400"),
        (status(401), "its server answered with status 401"),
        (status(404), "its server answered with status 404"),
        (status(429), "its server answered with status 429"),
        (status(500), "its server answered with status 500"),
        (status(503), "its server answered with status 503"),
        (status(302, Location="http://127.0.0.1:1/elsewhere"), "its server answered with status 302"),
        (sent("<html><body>Please log in</body></html>", kind="text/html"), "its server did not stream an answer"),
        (sent('{"choices": []}', kind="application/json"), "its server did not stream an answer"),
        (sent("<html>data: no</html>\n"), "its server broke off"),
        (sent("data: <html>\n\n"), "its server sent what is no answer"),
        (sent("data: [1, 2]\n\n"), "its server reported an error"),
        (sent('data: {"error": {"message": "out of memory"}}\n\n'), "its server reported an error"),
        (sent('data: {"choices": "x"}\n\n'), "its server sent what is no answer"),
        (sent('data: {"choices": [{"delta": {"content": 7}}]}\n\n'), "its server sent what is no answer"),
        (sent("data: " + "[" * 100_000 + "\n\n"), "its server sent what is no answer"),
        (sent("\x00\xff\x01garbage" * 50), "its server broke off"),
        (sent(), "its server broke off"),
        (hangs_up, "its server broke off"),
        (silent, "it took too long"),
        (silent_after_headers, "it took too long"),
        (dripping, "it took too long"),
        (endless_without_text, "it took too long"),
        (endless_words, "it wrote without end"),
        (endless_line, "its server sent what is no answer"),
    ],
)
def test_a_server_that_fails_leaves_the_quotes_and_a_note(behave: Behave, why: str) -> None:
    started = time.monotonic()
    answer = ask(behave, **(QUICK if why == "it took too long" else PATIENT))

    assert time.monotonic() - started < 60
    own = quotes()
    assert (answer.points, answer.text, answer.citations) == (own.points, own.text, own.citations)
    assert notes(answer) == [
        f"The language model did not answer: {why}. This is what people wrote, in their own words."
    ]


def test_a_server_that_is_not_there_is_told_from_one_that_is_slow() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"openai:http://127.0.0.1:{taken.getsockname()[1]}/v1#m"
        answer = stages(load_settings(generator=nobody, **PATIENT), "gnats in pots")[-1]

    assert notes(answer)[0].startswith("The language model did not answer: its server could not be reached.")


def cut_after_a_line(request: Handler) -> None:
    request.begin()
    request.event(first_line(request))
    request.event("Do lunges")
    request.connection.shutdown(socket.SHUT_RDWR)


def error_after_a_line(request: Handler) -> None:
    request.begin()
    request.event(first_line(request))
    request.send('data: {"error": "out of memory"}\n\n')


def slow_after_a_line(request: Handler) -> None:
    request.begin()
    request.event(first_line(request))
    request.wait_until_left()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behave", "why"),
    [
        (cut_after_a_line, "its server broke off"),
        (error_after_a_line, "its server reported an error"),
        (slow_after_a_line, "it took too long"),
    ],
)
def test_what_was_checked_before_a_server_failed_stands(behave: Behave, why: str) -> None:
    answer = ask(behave, **(PATIENT | {"generator_timeout": 5} if behave is slow_after_a_line else PATIENT))

    assert list(kinds(answer).values()).count("paraphrase") == 1
    assert notes(answer) == [f"The language model did not finish: {why}. What it left is in people's own words."]


def test_the_request_is_the_protocols_with_the_key_and_only_spans_go_out() -> None:
    with ModelServer(lambda request: request.stream("")) as server:
        stages(load_settings(generator=server.generator, generator_key="s3cret"), "gnats in pots?")
        [(path, headers, body)] = server.requests

    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer s3cret"
    assert (body["model"], body["stream"]) == ("small", True)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "replier" not in json.dumps(body)
    data = json.loads(body["messages"][1]["content"])
    assert data["question"] == "gnats in pots?"
    assert {one["text"] for one in data["excerpts"]} == {point.text for point in quotes().points}


def test_ids_are_new_for_every_question() -> None:
    with ModelServer(lambda request: request.stream("")) as server:
        for _ in range(2):
            stages(load_settings(generator=server.generator), "gnats in pots?")
        one, other = (
            {e["id"] for e in json.loads(b["messages"][1]["content"])["excerpts"]} for _, _, b in server.requests
        )

    assert not one & other


def test_nothing_of_the_environment_sends_it_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert list(kinds(ask(lambda request: request.stream(first_line(request)))).values()).count("paraphrase") == 1


def test_a_line_in_the_smallest_pieces_is_read_whole() -> None:
    def behave(request: Handler) -> None:
        request.stream(first_line(request), size=1)

    assert DRY_AGAIN in kinds(ask(behave))


def test_a_key_is_not_shown_with_the_settings() -> None:
    assert "s3cret" not in repr(load_settings(generator_key="s3cret"))


def test_the_detail_of_an_error_is_for_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(status(500), **PATIENT)

    assert "secret" not in answer.text + notes(answer)[0]
    assert "status 500" in caplog.text
