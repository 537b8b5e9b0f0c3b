"""What the safety governor sees in questions and posts, and what it leaves alone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from threadwise.advice.safety import Governor, Verdict
from threadwise.advice.safety_rules import ACKNOWLEDGEMENT
from threadwise.config import LONGEST_QUESTION, Settings, load_settings
from threadwise.domain import NoticeKind
from threadwise.errors import SettingsError

LABELS = Path(__file__).parent / "labels" / "safety-questions.jsonl"
POSTS = LABELS.with_name("safety-posts.jsonl")
STRICTNESS = (Verdict.ALLOW, Verdict.ATTRIBUTED, Verdict.WITHHOLD)


@pytest.fixture(scope="module")
def governor() -> Governor:
    return Governor.load(Settings())


def kind(governor: Governor, question: str, history: tuple[str, ...] = ()) -> str:
    notices = governor.consider(question, history).notices
    return notices[0].kind.value if notices else "none"


def test_no_labelled_crisis_is_missed_and_few_ordinary_questions_raise_a_notice(governor: Governor) -> None:
    lines = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    found = Counter((line["kind"], kind(governor, line["question"])) for line in lines)
    assert found["crisis", "crisis"] == sum(line["kind"] == "crisis" for line in lines)
    ordinary = sum(line["kind"] == "none" for line in lines)
    assert (ordinary - found["none", "none"]) / ordinary <= 0.03


def test_no_labelled_emergency_passes_without_a_notice(governor: Governor) -> None:
    lines = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 200
    assert [x["question"] for x in lines if x["kind"] == "urgent" and kind(governor, x["question"]) == "none"] == []


def test_dangerous_posts_are_held_back_at_least_as_labelled_and_ordinary_ones_are_not(governor: Governor) -> None:
    lines = [json.loads(line) for line in POSTS.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 200
    strict = [(STRICTNESS.index(governor.screen(x["text"]).verdict), STRICTNESS.index(x["verdict"]), x) for x in lines]
    assert [x["text"] for found, wanted, x in strict if wanted == 0 and found] == []
    assert [x["text"] for found, wanted, x in strict if wanted and not found] == []
    assert sum(found >= wanted for found, wanted, _ in strict) / len(strict) >= 0.99


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I just don't see the point of waking up any more", "crisis"),
        ("I hope the morning never comes", "crisis"),
        ("my cousin put his hand in my trousers", "crisis"),
        ("my ex says he will kill himself if I leave", "crisis"),
        ("one pupil is bigger since he fell off the ladder", "urgent"),
        ("does grapefruit go with the pill?", "caution"),
        ("kill the engine or let it idle?", "none"),
        ("I could die of boredom on this turbo trainer", "none"),
        ("my printer is suicidal, it eats every page", "crisis"),
        ("overdosed the soup with chilli, can I save it?", "none"),
    ],
)
def test_what_is_said_sideways_is_heard_and_idioms_are_not(governor: Governor, question: str, expected: str) -> None:
    """The printer is heard as a crisis: better once too often."""
    assert kind(governor, question) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "I want to k i l l myself",
        "killmyself",
        "k1ll mys3lf",
        "k*ll myself",
        "I want to kiiiill myself",
        "I w\u200bant to ki\u200bll myself",
        "I. want. to. die.",
        "suicdie",
        "ki ll myself",
        "I want to \u043aill myself",
    ],
)
def test_a_disguised_crisis_is_still_a_crisis(governor: Governor, typed: str) -> None:
    assert kind(governor, typed) == "crisis"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I have chest pain", "urgent"),
        ("my back is sore, no chest pain, no numbness", "none"),
        ("no fever, cough or chest pain, only a stiff back", "none"),
        ("can I mix bleach and vinegar?", "caution"),
        ("vinegar and baking soda for the drain?", "none"),
        ("numb hands on the handlebar after an hour", "none"),
        ("my friend says she wants to die", "crisis"),
        ("my plant wants to die", "none"),
    ],
)
def test_a_rule_hears_what_is_meant(governor: Governor, question: str, expected: str) -> None:
    assert kind(governor, question) == expected


def test_the_most_serious_notice_comes_first(governor: Governor) -> None:
    notices = governor.consider("I took all my pills to kill myself, how much ibuprofen is too much with wine?").notices
    assert notices[0].kind is NoticeKind.CRISIS
    assert [n.kind for n in notices] == sorted((n.kind for n in notices), key=["crisis", "urgent", "caution"].index)


def test_a_crisis_stays_with_the_conversation_and_a_follow_up_completes_an_earlier_question(governor: Governor) -> None:
    assert kind(governor, "and what about tomorrow?", ("I want to kill myself", "hm")) == "crisis"
    assert kind(governor, "and with vinegar?", ("can I clean the shower with bleach?",)) == "caution"
    assert kind(governor, "which rice cooker is good?", ("can I mix bleach and vinegar?",)) == "none"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("I just mix bleach and vinegar, works a treat.", Verdict.WITHHOLD),
        ("Never mix bleach and vinegar.", Verdict.ALLOW),
        ("Give him salt water so he throws up.", Verdict.WITHHOLD),
        ("Don't make him vomit, ring the vet.", Verdict.ALLOW),
        ("Just put in a bigger fuse.", Verdict.WITHHOLD),
        ("I take 800 mg ibuprofen before every race.", Verdict.ATTRIBUTED),
        ("Ask your pharmacist before you take ibuprofen.", Verdict.ALLOW),
        ("Just stop taking your antidepressants.", Verdict.WITHHOLD),
        ("Do three sets of dead bugs a week.", Verdict.ALLOW),
        ("Go kill yourself.", Verdict.WITHHOLD),
    ],
)
def test_a_sentence_is_judged_before_it_is_cited(governor: Governor, sentence: str, verdict: Verdict) -> None:
    assert governor.screen(sentence).verdict is verdict


def test_words_that_could_be_a_method_are_not_quoted_to_somebody_in_a_crisis(governor: Governor) -> None:
    topics = governor.consider("I want to end my life").topics
    assert governor.screen("There is a nice bridge by the river.").verdict is Verdict.ALLOW
    assert governor.screen("There is a nice bridge by the river.", topics).verdict is Verdict.WITHHOLD


def load(tmp_path: Path, text: str) -> Governor:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return Governor.load(Settings(safety_rules=path))


def test_an_owner_can_switch_a_topic_off_change_its_words_and_add_a_rule(tmp_path: Path) -> None:
    own = load(
        tmp_path,
        "help: {local: 'Here: 0800 123.'}\n"
        "topics:\n  legal: {enabled: false}\n"
        "rules:\n  - id: raw-milk\n    topic: poisons\n    kind: caution\n    notice: Boil it.\n"
        "    question: [raw milk]\n",
    )
    assert kind(own, "landlord won't return my deposit") == "none"
    assert own.consider("is raw milk ok").notices[0].text == "Boil it."
    assert "Here: 0800 123." in own.consider("I want to kill myself").notices[0].text


def test_crisis_notices_cannot_be_switched_off_in_silence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"own\.yaml, line 2.*acknowledge"):
        load(tmp_path, "topics:\n  self-harm: {enabled: false}\n")
    own = load(tmp_path, f"topics:\n  self-harm: {{enabled: false, acknowledge: {ACKNOWLEDGEMENT}}}\n")
    assert len(own.warnings) == 1
    assert "switched off" in own.warnings[0]
    assert kind(own, "I want to kill myself") == "none"
    assert own.screen("Go kill yourself.").verdict is Verdict.WITHHOLD


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("topics:\n  no-such: {enabled: false}\n", "line 2.*no topic 'no-such'"),
        ("rules:\n  - id: a\n    topic: legal\n", "looks for nothing"),
        ("rules:\n  - id: a\n    topic: legal\n    question: ['{nope}']\n", r"line 4.*no list \{nope\}"),
        ("rules:\n  - id: a\n    topic: legal\n    question: ['..']\n", "no word that must be there"),
        ("colours: {}\n", "'colours' is not known"),
        ("rules: [\n", "line"),
    ],
)
def test_a_wrong_rule_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, text)


def test_a_crisis_at_the_end_of_the_longest_question_is_heard(governor: Governor) -> None:
    end = "I want to kill myself"
    question = ("and so on " * LONGEST_QUESTION)[: LONGEST_QUESTION - len(end)] + end

    assert governor.consider(question).crisis
    assert governor.consider("Why?", [question]).crisis


def test_a_question_cannot_be_made_longer_than_what_is_read() -> None:
    with pytest.raises(SettingsError, match="THREADWISE_MAX_QUESTION: Input should be less than or equal to 40000"):
        load_settings(max_question=LONGEST_QUESTION + 1)


def test_words_cut_in_two_thousands_of_times_are_read(governor: Governor) -> None:
    assert governor.read("my self " * 3000) == f" ¶ {'myself ' * 3000}¶ "
