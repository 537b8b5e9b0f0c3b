"""When to be silent: near in meaning counts for a thread, shared words alone do not, and what is open is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import WordEncoder, make_thread
from threadwise.advice.answerability import calibration
from threadwise.advice.answerability.judge import Judge, Judgement
from threadwise.advice.answerability.model import Model, parsed, shipped
from threadwise.advice.answerability.phrases import named, phrases
from threadwise.advice.answerability.reading import Reading, lacking, read
from threadwise.advice.answerability.things import is_everyday, things
from threadwise.advice.compose import make_composer
from threadwise.advice.words import rarity, stem, weigh
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.corpus.store import Store
from threadwise.domain import Hit, Status, Thread
from threadwise.index.indexer import Index
from threadwise.retrieval.nearness import Nearness
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

PAN = make_thread(
    "pan",
    "Eggs stick to my cast iron pan. What do I do?",
    "Heat it slowly. Wipe it with oil afterwards.",
    title="Everything sticks to my pan",
)
NEAR = Nearness("pan", title=0.5, asked=0.6, reply=0.4, replies=0.3)

_STEP = ((1, 0.5, 1, 2, 0.0), (-1, 0.0, 0, 0, -2.0), (-1, 0.0, 0, 0, 2.0))
ONE_TREE = Model(trees=(_STEP,), bias=0.5, silent=-1.0, sure=1.0, usual=0.0)
"""Asks the second number, `asked`: -2 up to .5, else 2; and adds a half."""


def evidence(near: Nearness | None, cosine: float = 0.0) -> Evidence:
    threads = (Hit("pan", 0.9),) if near else ()
    return Evidence((), threads, (), np.zeros(3, dtype=np.float32), cosine, near)


def test_a_reading_tells_what_is_near_and_which_words_are_shared() -> None:
    reading = read("will eggs stick to enamel", PAN, NEAR)

    total = weigh(map(stem, ("eggs", "stick", "enamel")))
    assert (reading.title, reading.asked, reading.reply, reading.replies) == (0.5, 0.6, 0.4, 0.3)
    assert reading.in_title == pytest.approx(rarity("stick") / total)
    assert reading.in_asked == pytest.approx((rarity("egg") + rarity("stick")) / total)
    assert reading.in_reply == 0.0
    assert reading.of_title == pytest.approx(rarity("stick") / weigh(("stick", "pan")))
    assert reading.lacks == pytest.approx(rarity("enamel"))


def test_a_word_counts_as_much_as_the_word_most_like_it_in_what_was_asked() -> None:
    drip = make_thread("drip", "It drips.", "Replace the washer.", title="The kitchen tap")

    faucet, kitchen = (read(question, drip, NEAR).covered for question in ("faucet", "kitchen"))
    both = read("kitchen faucet washer", drip, NEAR).covered

    assert (faucet, kitchen) == (0.9, 1.0)  # a synonym, and the word itself
    washer = read("washer", drip, NEAR).covered  # said in the reply alone
    parts = {"faucet": faucet, "kitchen": kitchen, "washer": washer}
    total = sum(rarity(stem(word)) * value for word, value in parts.items())
    assert washer < 0.8
    assert both == pytest.approx(total / weigh(map(stem, parts)))


def lacks(question: str, *threads: Thread) -> list[str]:
    return [one.word for one in lacking(question, threads or (PAN,))]


def test_what_a_thread_lacks_is_named_rarest_first() -> None:
    assert rarity("enamel") > rarity("boat")
    assert lacks("is a boat with a cast iron pan better than one with enamel") == ["enamel", "boat"]


@pytest.mark.parametrize(
    "question",
    [
        "how do I cope with a tasty pan that everything sticks to so fast",
        "why does this arrive, lack, ruin or get rid of everything so slowly",
        "eggs are sticking to my pans",
        "what is the best way to stop it and quickly fix the problem",
        "is it warmer, easier and more usefully done",
    ],
)
def test_words_of_every_day_and_other_forms_of_what_is_said_are_not_lacking(question: str) -> None:
    assert lacks(question) == []


def test_a_synonym_of_what_is_said_is_not_lacking_but_a_thing_beside_it_is() -> None:
    drip = make_thread("drip", "My houseplant drips on the sofa.", "Replace the washer.", title="The kitchen tap")

    assert lacks("a faucet above the plants and the couch", drip) == []
    assert lacks("a radiator above the curtains", drip) == ["curtains", "radiator"]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("eggs on enamel in Norway", "norway"),
        ("eggs and bacon without butter", "butter"),
        ("not gluten, enamel", "gluten"),
    ],
)
def test_names_and_what_is_left_out_are_named_before_rarer_words(question: str, first: str) -> None:
    assert lacks(question)[0] == first
    assert [one.strong for one in lacking(question, [PAN])] == [True, *[False] * (len(lacks(question)) - 1)]


@pytest.mark.parametrize(
    ("question", "strong"),
    [
        ("Norway has eggs", []),  # it stands first, as any word may
        ("Eggs stick. Bacon too", []),
        ("How To Fry Eggs In Norway", []),  # written as a heading is
        ("EGGS IN NORWAY", []),
        ("Anything about Laplace or norway?", ["laplace"]),
        ("lunch without a stove", ["stove"]),
        ("lunch without worrying", []),
        ("lunch that does not digest", []),
        ("lunch, not supper", ["supper"]),
        ("I am not sure about no lunch", ["lunch"]),
    ],
)
def test_a_name_is_known_by_its_capital_and_what_is_left_out_by_the_word_before(
    question: str, strong: list[str]
) -> None:
    assert [one.word for one in things(question) if one.strong] == strong


@pytest.mark.parametrize(
    ("question", "numbers"),
    [("for 4 year olds", ["4"]), ("30,000 riyals", ["30,000"]), ("awake at 3am", []), ("the root of 9 is 3", [])],
)
def test_a_number_counts_with_what_it_counts(question: str, numbers: list[str]) -> None:
    assert [one.word for one in things(question) if one.word[0].isdigit()] == numbers


@pytest.mark.parametrize(
    "word", ["car", "cars", "friends", "interest", "ladder", "belly", "butterfly", "procrastinating"]
)
def test_a_word_that_only_looks_like_one_of_every_day_names_something(word: str) -> None:
    assert not is_everyday(word)


@given(st.text(max_size=200))
def test_what_a_question_names_stands_in_it(question: str) -> None:
    for one in things(question):
        assert one.word in question.lower().replace("’", "'")


def test_evidence_is_the_bias_and_the_leaf_of_each_tree() -> None:
    low = Reading(0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0)

    assert ONE_TREE.evidence(low) == -1.5
    assert ONE_TREE.evidence(replace(low, asked=0.51)) == 2.5


_PART = st.floats(0, 1)


_NEARER = "title asked reply replies own_asked own_replies own_middle lead above".split()


@given(st.lists(_PART, min_size=15, max_size=15), st.floats(0, 9), st.sampled_from(_NEARER), _PART)
def test_nearer_in_meaning_never_counts_less(values: list[float], lacks: float, name: str, more: float) -> None:
    reading = Reading(*values[:8], lacks, *values[8:])
    nearer = replace(reading, **{name: max(more, getattr(reading, name))})

    assert shipped().evidence(nearer) >= shipped().evidence(reading) - 1e-9


def test_a_model_of_other_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="train it anew"):
        parsed({"numbers": ["title"], "trees": [], "bias": 0, "silent": 0, "sure": 0, "usual": 0})


@pytest.mark.parametrize(
    ("found", "status"),
    [(0.4, Status.UNANSWERED), (0.6, Status.ANSWERED)],
)
def test_the_lines_part_answered_from_unanswered(found: float, status: Status) -> None:
    near = replace(NEAR, asked=found)

    assert Judge(model=ONE_TREE).judge(Query("eggs on enamel"), evidence(near), {"pan": PAN}).status is status


def test_between_the_lines_an_answer_is_partial_and_says_what_is_open() -> None:
    judge = Judge(model=replace(ONE_TREE, sure=3.0))

    judgement = judge.judge(Query("do eggs stick to a pan of enamel"), evidence(NEAR), {"pan": PAN})

    assert judgement.status is Status.PARTIAL
    assert (
        judgement.missing == "What follows is about something like it: the nearest thread says nothing about “enamel”."
    )


def test_where_only_words_of_every_day_are_lacking_nothing_is_named() -> None:
    judge = Judge(model=replace(ONE_TREE, sure=3.0))

    judgement = judge.judge(Query("how do I cope with eggs that stick so badly"), evidence(NEAR), {"pan": PAN})

    assert judgement.missing == "What follows is about something like it, perhaps not about exactly this."


@pytest.mark.parametrize(
    ("question", "status", "open_"),
    [
        ("eggs stick to my pan in Norway", Status.PARTIAL, ("in Norway",)),
        ("eggs stick to my pan without butter", Status.PARTIAL, ("without butter",)),
        ("eggs stick to my enamel pan", Status.ANSWERED, ("enamel",)),
    ],
)
def test_what_has_no_word_about_a_name_or_what_is_left_out_is_not_answered_whole(
    question: str, status: Status, open_: tuple[str, ...]
) -> None:
    judgement = Judge(model=ONE_TREE).judge(Query(question), evidence(NEAR), {"pan": PAN})

    assert (judgement.status, judgement.open) == (status, open_)


def test_a_name_that_a_third_of_the_other_threads_have_is_what_the_forum_is_about() -> None:
    others = [
        make_thread(f"t{n}", "Which pan?", "This.", title="A pan in Norway" if n < 2 else "Pan") for n in range(6)
    ]
    judge, asked = Judge(model=ONE_TREE), Query("eggs stick to my pan in Norway")

    def judged(*threads: Thread) -> Judgement:
        return judge.judge(asked, evidence(NEAR), {one.id: one for one in (PAN, *threads)})

    assert judged(*others).open == ()  # two of six
    assert judged(*others[1:]).open == ("in Norway",)  # one of five
    assert judged(*others[:3]).open == ("in Norway",)  # too few to know


def test_a_word_that_another_thread_has_which_the_answer_draws_on_is_not_open() -> None:
    other = make_thread("other", "Is enamel any good?", "Enamel chips.", title="Enamel")
    found = replace(evidence(NEAR), alike={"pan": 1.0, "other": 0.6})

    judgement = Judge(model=ONE_TREE).judge(
        Query("do eggs stick to enamel on a boat"), found, {"pan": PAN, "other": other}
    )

    assert judgement.open == ("on a boat",)
    assert judgement.several
    unanswered = replace(judgement, status=Status.UNANSWERED, heading="")
    assert unanswered.missing == "The nearest threads say nothing about “on a boat”."


def test_a_thread_without_a_reply_answers_nothing_however_near_it_is() -> None:
    alone = Thread("pan", PAN.title, PAN.posts[:1])

    judgement = Judge().judge(
        Query("everything sticks to my pan"), evidence(Nearness("pan", 1, 1, 0, 0, replied=False)), {"pan": alone}
    )

    assert judgement.status is Status.UNANSWERED
    assert judgement.missing == (
        "Somebody has asked something like this, “Everything sticks to my pan”, and nobody has replied."
    )


@pytest.mark.parametrize(("asked", "said"), [(0.6, "nobody has replied"), (0.4, "says nothing about “enamel”")])
def test_who_is_told_that_nobody_replied_has_asked_what_the_thread_asks(asked: float, said: str) -> None:
    alone = Thread("pan", PAN.title, PAN.posts[:1])
    near = Nearness("pan", 0.5, asked, 0.0, 0.0, replied=False)

    judgement = Judge(model=ONE_TREE).judge(Query("do eggs stick to enamel"), evidence(near), {"pan": alone})

    assert judgement.status is Status.UNANSWERED
    assert said in (judgement.missing or "")
    assert judgement.evidence == (2.5 if asked == 0.6 else -1.5)  # by the tree, whatever is said


@pytest.mark.parametrize("said", ["a", "I", "x?", "7", "(é)"])
def test_one_letter_asks_nothing_whatever_is_near(said: str) -> None:
    nearness = Nearness("t", 0.99, 0.99, 0.99, 0.99)
    thread = make_thread("t", "A question", "An answer.")
    judged = Judge().judge(Query(said), evidence(nearness), {"t": thread})

    assert judged.status is Status.UNANSWERED
    assert judged.missing == "One letter does not say what you want to know; ask in a few words."


def test_where_nothing_is_found_nothing_is_answered() -> None:
    judgement = Judge().judge(Query("eggs"), evidence(None), {})

    assert judgement == Judgement(Status.UNANSWERED, nothing=True)
    assert judgement.missing == "No thread was found that has anything to do with it."


@pytest.mark.parametrize(
    ("question", "lacks", "open_"),
    [
        ("my V-brakes squeal on the rim, how do I stop that", ["rim"], ["on the rim"]),
        ("can I do it without a stand?", ["stand"], ["without a stand"]),
        ("what helps my toddler at night", ["toddler"], ["toddler"]),
        ("melatonin for my 4 year old on the plane", ["plan", "4"], ["on the plane", "for my 4 year old"]),
        ("the old cast iron pan", ["iron", "old"], ["iron", "old"]),  # not "cast", which is said
        ("the old cast iron pan", ["iron", "cast"], ["cast iron"]),
        ("my bike chain skips under load", [stem("bike")], ["bike"]),
        ("a grinder for turkish coffee on a boat", ["turkish"], ["turkish"]),
        ("a grinder for turkish coffee on a boat", ["turkish", stem("coffee")], ["for turkish coffee"]),
        ("numb legs after lifting a box", [stem("legs"), stem("lifting")], ["legs", "after lifting"]),
    ],
)
def test_what_is_open_is_said_in_the_words_of_the_question(question: str, lacks: list[str], open_: list[str]) -> None:
    assert phrases(question, lacks) == open_


def test_phrases_are_named_in_quotation_marks() -> None:
    assert named(["a", "b", "c"]) == "“a”, “b” or “c”"
    assert named(["a"]) == "“a”"


@given(st.text(max_size=200))
def test_every_phrase_is_a_part_of_the_question(question: str) -> None:
    words = [stem(word) for word in question.lower().split()]

    for phrase in phrases(question, words):
        assert phrase in " ".join(question.split())


# Calibration


def forum(settings: Settings, store: Store, count: int) -> Assistant:
    """A corpus of threads that share their first words and differ in the last."""
    store.put(
        make_thread(f"t{n}", f"My lamp flickers in room number{n}", f"Change bulb number{n}") for n in range(count)
    )
    return Assistant(settings, store, Index.open(settings, store, WordEncoder()), make_composer(settings))


def test_a_corpus_is_measured_by_its_own_questions_once_it_is_indexed(settings: Settings, store: Store) -> None:
    assistant = forum(settings, store, calibration.ENOUGH)
    assistant.level()
    file = settings.index_folder / calibration.FILE

    known = calibration.load(file)

    assert known is not None
    assert known.threads == calibration.ENOUGH
    assert known == calibration.measure(assistant.retriever, list(store.threads()), calibration.ENOUGH)
    assert not calibration.is_due(file, round(calibration.ENOUGH * 1.2))
    assert calibration.is_due(file, round(calibration.ENOUGH * 1.3))


def test_a_small_corpus_says_nothing_about_itself(settings: Settings, store: Store) -> None:
    forum(settings, store, calibration.ENOUGH - 1).level()

    assert not (settings.index_folder / calibration.FILE).exists()


def test_a_corpus_that_has_become_small_forgets_what_was_measured_when_it_was_large(
    settings: Settings, store: Store
) -> None:
    assistant = forum(settings, store, 5)
    file = settings.index_folder / calibration.FILE
    calibration.save(
        file, replace(calibration.Calibration(shipped().usual + 2.0, 1000), weights=calibration._fingerprint(shipped()))
    )

    assistant.level()

    known = calibration.load(file)
    assert known is not None
    assert (known.usual, known.threads) == (shipped().usual, 5)
    assert not calibration.is_due(file, 5)


def test_what_was_measured_moves_the_lines_when_the_file_changes(tmp_path: Path) -> None:
    file = tmp_path / calibration.FILE
    judge = Judge(file)
    before = judge.judge(Query("eggs stick"), evidence(NEAR), {"pan": PAN}).evidence
    calibration.save(
        file, replace(calibration.Calibration(shipped().usual + 2.0, 40), weights=calibration._fingerprint(shipped()))
    )

    after = judge.judge(Query("eggs stick"), evidence(NEAR), {"pan": PAN}).evidence

    assert after == pytest.approx(before - 0.5)  # a quarter of it


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", json.dumps({"usual": 1.0, "threads": 40, "format": 1, "weights": "of another"})]
)
def test_what_cannot_be_read_or_was_measured_with_another_model_is_measured_again(tmp_path: Path, text: str) -> None:
    file = tmp_path / calibration.FILE
    file.write_text(text, "utf-8")

    assert calibration.load(file) is None
    assert calibration.is_due(file, 40)


def test_a_thread_asks_by_its_title_or_by_its_opening_words_where_that_says_little() -> None:
    assert calibration.question_of(PAN) == "Everything sticks to my pan Eggs stick to my cast iron pan. What do I do?"
    assert calibration.question_of(replace(PAN, title="Eggs stick to cast iron")) == "Eggs stick to cast iron"


def test_the_sample_is_the_same_whatever_the_order() -> None:
    ids = [f"t{n}" for n in range(200)]

    assert calibration.sample(ids) == calibration.sample(ids[::-1])
    assert len(calibration.sample(ids)) == calibration.ASKED


# What the model learns from


def test_every_thread_to_learn_from_has_questions_it_answers_and_near_misses() -> None:
    folder = Path(__file__).resolve().parents[1] / "tools" / "answerability"
    texts = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.txt")))
    threads = texts.split("\nT ")[1:]

    assert len(threads) == 232
    assert all(one.count("\nq ") == 2 and one.count("\nn ") == 2 and one.count("\nR ") == 1 for one in threads)
