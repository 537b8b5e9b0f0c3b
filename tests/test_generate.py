"""A language model may only say points again, and only what their posts say; whatever it does, the answer stands."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from conftest import as_near, make_thread
from model_server import Behave, Excerpts, Handler, ModelServer, says
from threadwise.advice.compose import make_composer
from threadwise.advice.generating.composer import UNPROVED
from threadwise.config import Settings, load_settings
from threadwise.domain import Answer, Hit, NoticeKind, Status
from threadwise.errors import SettingsError
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

GNATS = make_thread(
    "gnats",
    "There are gnats in every pot. What gets rid of them?",
    "You should let the compost dry out completely between waterings.",
    "Put a layer of coarse sand on top of the compost, never garden soil.",
    "I would hang yellow sticky traps right above the pots.",
    title="Gnats in the pots",
)
DRY, SAND, TRAPS = (post.text for post in GNATS.posts[1:])
DRY_AGAIN = "Between waterings the compost should dry out completely."
TRAPS_AGAIN = "One poster would hang yellow sticky traps above the pots."


def evidence(thread=GNATS, cosine: float = 0.6) -> Evidence:
    return Evidence(
        hits=(),
        threads=(Hit(thread.id, 0.9),),
        posts=tuple(Hit((thread.id, post.id), 0.5) for post in thread.posts),
        query_vector=np.zeros(3, dtype=np.float32),
        best_cosine=cosine,
        nearness=as_near(thread.id, cosine),
    )


def stages(settings: Settings, question: str, stop: threading.Event | None = None, thread=GNATS) -> list[Answer]:
    composer = make_composer(settings)
    return list(composer.stages(Query(question), evidence(thread), {thread.id: thread}, k=5, stop=stop))


def ask(behave: Behave, question: str = "how do I get rid of gnats in pots", thread=GNATS, **limits: float) -> Answer:
    with ModelServer(behave) as server:
        settings = load_settings(generator=server.generator, **limits)
        return stages(settings, question, thread=thread)[-1]


def quotes(question: str = "how do I get rid of gnats in pots", thread=GNATS) -> Answer:
    return stages(load_settings(), question, thread=thread)[-1]


def lines(**said: str):
    """A model that writes one line for each excerpt named by its first word: dry, put, hang."""

    def write(excerpts: Excerpts) -> str:
        ids = {text: name for name, text in excerpts.items()}
        return "\n".join(
            f"{text} [{ids[{'dry': DRY, 'sand': SAND, 'traps': TRAPS}[key]]}]" for key, text in said.items()
        )

    return says(write)


def kinds(answer: Answer) -> dict[str, str]:
    return {point.text: point.kind for point in answer.points}


def notes(answer: Answer) -> list[str]:
    return [notice.text for notice in answer.notices if notice.kind is NoticeKind.INFO]


def test_what_the_posts_say_is_shown_in_other_words_and_the_rest_in_quotes() -> None:
    answer = ask(lines(dry=DRY_AGAIN))

    assert kinds(answer) == {DRY_AGAIN: "paraphrase", SAND: "quote", TRAPS: "quote"}
    assert notes(answer) == []
    n = next(point.citations[0] for point in answer.points if point.kind == "paraphrase")
    assert f"{DRY_AGAIN} — in other words, after replier2 [{n}]" in answer.text
    assert f"“{SAND}”" in answer.text
    assert f"[{n}] replier2, in Gnats in the pots, 2024-01-02: “{DRY}”" in answer.text


def test_order_people_citations_and_status_are_those_of_the_quotes() -> None:
    answer, own = ask(lines(traps=TRAPS_AGAIN, dry=DRY_AGAIN)), quotes()

    assert [(p.citations, p.people, p.threads, p.outcomes) for p in answer.points] == [
        (p.citations, p.people, p.threads, p.outcomes) for p in own.points
    ]
    assert (answer.citations, answer.status, answer.similar) == (own.citations, own.status, own.similar)
    assert sum(point.kind == "paraphrase" for point in answer.points) == 2


@pytest.mark.parametrize(
    "said",
    [
        "Do planks and lunges every morning.",
        "Let the compost dry out completely between waterings and do lunges.",
        "You should not let the compost dry out completely between waterings.",
        "You must let the compost dry out completely between waterings.",
        "Let the compost dry out completely after waterings.",
        "Let the compost dry out completely for 3 days between waterings.",
        "The compost should dry out between waterings, see http://evil.example/now.",
        "The compost should dry out **completely** between waterings <b>now</b>.",
        "Compost.",
        "You should do it.",
        "Should the compost dry out completely between waterings?",
        "let the compost dry out completely between waterings",
        "The c\u200bompost should dry out completely between waterings.",
        "The \u202ecompost should dry out completely between waterings.",
        "The \u0441ompost should dry out completely between waterings.",
    ],
)
def test_a_sentence_that_its_post_does_not_say_never_gets_through(said: str) -> None:
    answer, own = ask(lines(dry=said)), quotes()

    assert (answer.points, answer.text) == (own.points, own.text)
    assert notes(answer) == [UNPROVED]


def test_a_warning_is_not_left_out() -> None:
    answer = ask(lines(sand="On top of the compost put a coarse layer of sand."))

    assert kinds(answer)[SAND] == "quote"


def test_a_restatement_with_one_sentence_that_fails_is_replaced_by_the_quote() -> None:
    answer = ask(lines(dry=f"{DRY_AGAIN} Do lunges."))

    assert kinds(answer) == dict.fromkeys((DRY, SAND, TRAPS), "quote")


def test_a_list_stays_the_list_that_it_is_and_an_item_is_given_without_its_number() -> None:
    listed = "What you should do:\n\n- Let the compost dry out.\n- Put sand on top of the compost."
    thread = make_thread("list", "Gnats in the pots, what helps?", listed, "1. You should hang traps above the pots.")
    given: list[str] = []

    def behave(request: Handler) -> None:
        given.extend(request.excerpts.values())
        request.stream("")

    ask(behave, "gnats in the pots", thread)

    assert given == ["You should hang traps above the pots."]


def test_a_sentence_said_twice_is_shown_once_and_a_second_opinion_is_not_taken() -> None:
    def write(excerpts: Excerpts) -> str:
        [dry] = [name for name, text in excerpts.items() if text == DRY]
        [traps] = [name for name, text in excerpts.items() if text == TRAPS]
        return f"{DRY_AGAIN} [{dry}]\n{DRY_AGAIN} [{dry}]\n{TRAPS_AGAIN} [{traps}]\nNever water again. [{dry}]\n"

    answer = ask(says(write))

    assert answer.text.count(DRY_AGAIN) == 1
    assert "Never water" not in answer.text


@pytest.mark.parametrize(
    "written", ["{0} [e000000]", "{0}", "{0} [1]", "[e000000] {0}", "", "\n\n", "[{1}]", "🙂" * 50]
)
def test_what_names_no_excerpt_is_left_out(written: str) -> None:
    answer = ask(says(lambda excerpts: written.format(DRY_AGAIN, next(iter(excerpts)))))

    assert kinds(answer) == dict.fromkeys((DRY, SAND, TRAPS), "quote")
    assert len(notes(answer)) == 1


def test_an_unknown_id_beside_a_known_one_is_stripped() -> None:
    answer = ask(lines(dry=f"{DRY_AGAIN} [e123456] [7]"))

    assert kinds(answer)[DRY_AGAIN] == "paraphrase"
    assert "e123456" not in answer.text


def test_a_sentence_under_the_wrong_id_is_refused() -> None:
    assert "paraphrase" not in kinds(ask(lines(traps=DRY_AGAIN))).values()


def test_a_crisis_is_never_put_to_a_model_and_nothing_found_neither() -> None:
    with ModelServer(lines(dry=DRY_AGAIN)) as server:
        settings = load_settings(generator=server.generator)
        [crisis] = stages(settings, "I want to kill myself, there are gnats in every pot")
        [nothing] = stages(settings, "gnats", thread=make_thread("empty", "Gnats?", "Thanks for the laugh!"))

        assert crisis.notices[0].kind is NoticeKind.CRISIS
        assert nothing.status is Status.UNANSWERED
        assert server.requests == []


def test_a_risky_report_stays_its_authors_own_words() -> None:
    risky = "You should take 800 mg ibuprofen before every race, it works."
    thread = make_thread("race", "My knees hurt in races. What helps?", "You should run slower races.", risky)
    given: list[Excerpts] = []

    def behave(request: Handler) -> None:
        given.append(request.excerpts)
        request.stream("")

    answer = ask(behave, "my knees hurt in races", thread)

    assert [list(one.values()) for one in given] == [["You should run slower races."]]
    assert kinds(answer)[risky] == "quote"
    assert answer.notices[0].kind is NoticeKind.CAUTION


def test_points_appear_one_by_one_and_only_when_checked() -> None:
    go_on, shown = threading.Event(), threading.Event()

    def behave(request: Handler) -> None:
        request.begin()
        [first, second, third] = request.excerpts
        request.event(f"{request.excerpts[first]} Really. [{first}]\n")
        request.event(f"Half a sentence about lunges [{second}")
        go_on.wait(5)
        request.event(f"]\nAnd more. [{third}]\n", "stop")
        request.send("data: [DONE]\n\n")

    with ModelServer(behave) as server:
        composer = make_composer(load_settings(generator=server.generator))
        running = composer.stages(Query("gnats in pots"), evidence(), {GNATS.id: GNATS}, k=5)
        assert next(running).points == ()
        go_on.set()
        rest = list(running)
        shown.set()

    assert [len(stage.points) for stage in rest] == [1, 2, 3]
    assert all("lunges" not in stage.text for stage in rest)


@pytest.fixture
def stop_soon() -> threading.Event:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    return stop


def test_whoever_stops_gets_quotes_at_once_and_the_server_is_left(stop_soon: threading.Event) -> None:
    def behave(request: Handler) -> None:
        request.begin()
        while True:
            request.event("word ")
            time.sleep(0.01)

    with ModelServer(behave) as server:
        settings = load_settings(generator=server.generator)
        started = time.monotonic()
        answer = stages(settings, "gnats in pots", stop_soon)[-1]
        took = time.monotonic() - started
        assert server.left.wait(5)

    assert took < 5  # not the sixty seconds that a model may take
    assert [point.kind for point in answer.points] == ["quote"] * 3
    assert notes(answer) == []


def test_whoever_stops_before_the_first_word_hangs_up(stop_soon: threading.Event) -> None:
    with ModelServer(Handler.wait_until_left) as server:
        answer = stages(load_settings(generator=server.generator), "gnats in pots", stop_soon)[-1]
        assert server.left.wait(5)

    assert [point.kind for point in answer.points] == ["quote"] * 3


def test_whoever_closes_the_stages_hangs_up() -> None:
    def behave(request: Handler) -> None:
        request.begin()
        request.event("".join(f"Words. [{name}]\n" for name in request.excerpts))
        request.wait_until_left()

    with ModelServer(behave) as server:
        composer = make_composer(load_settings(generator=server.generator))
        running = composer.stages(Query("gnats in pots"), evidence(), {GNATS.id: GNATS}, k=5)
        assert [len(next(running).points) for _ in range(2)] == [0, 1]
        running.close()
        assert server.left.wait(5)


@pytest.mark.parametrize(
    ("generator", "message"),
    [
        ("gpt", "THREADWISE_GENERATOR"),
        ("openai:", "THREADWISE_GENERATOR"),
        ("openai:localhost:11434#m", "no http or https address"),
        ("openai:ftp://localhost#m", "no http or https address"),
        ("openai:http://localhost:11434/v1", "names no model"),
        ("openai:http://localhost:99999/v1#m", "no web address"),
        ("openai:http://me:secret@localhost/v1#m", "THREADWISE_GENERATOR_KEY"),
        ("transformers: ", "transformers:FOLDER"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_remedy(generator: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        make_composer(load_settings(generator=generator))
