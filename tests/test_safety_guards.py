"""A guard or a pattern that could never do anything is refused or found here, and no guard silences a crisis."""

from __future__ import annotations

from pathlib import Path

import pytest

from rule_examples import each_alternative, held_back
from threadwise.advice.safety import Governor
from threadwise.advice.word_patterns import PatternError, may_touch, parse
from threadwise.config import Settings
from threadwise.domain import NoticeKind
from threadwise.errors import SettingsError


@pytest.fixture(scope="module")
def governor() -> Governor:
    return Governor.load(Settings())


def kind(governor: Governor, question: str) -> str:
    notices = governor.consider(question).notices
    return notices[0].kind.value if notices else "none"


def test_every_word_and_phrase_of_the_rules_that_ship_matches_a_text_that_holds_it(governor: Governor) -> None:
    dead = [
        (rule.id, pattern.source, text)
        for rule in governor.book.rules
        for pattern in (*rule.question, *rule.post, *rule.unless, *rule.unless_near)
        for text in each_alternative(pattern)
        if not list(pattern.find(governor.read(text)))
    ]
    assert dead == []


def test_every_guard_of_the_rules_that_ship_touches_what_its_rule_finds_in_some_text(governor: Governor) -> None:
    guards = [(rule, guard) for rule in governor.book.rules for guard in rule.unless]
    assert len(guards) > 500
    assert [(rule.id, guard.source) for rule, guard in guards if held_back(governor, rule, guard) is None] == []


def test_no_pattern_of_the_rules_that_ship_is_always_held_back_by_its_own_guards(governor: Governor) -> None:
    silent = [
        (rule.id, pattern.source)
        for rule in governor.book.rules
        for pattern in rule.question
        if not any(rule.id in governor.consider(text).rules for text in each_alternative(pattern))
    ]
    assert silent == []


def test_no_crisis_is_held_back_by_a_word_that_merely_stands_near(governor: Governor) -> None:
    """Marriages end, people run and own puppies: none of that makes a danger smaller."""
    book = governor.book
    near = [rule.id for rule in book.rules if rule.unless_near and rule.question]
    assert [name for name in near if any(r.id == name and book.kind(r) is NoticeKind.CRISIS for r in book.rules)] == []


@pytest.mark.parametrize(
    "question",
    [
        "want to end it, my marriage is over and I lost my job",
        "I want to end it with pills",
        "i'm going to end it when the kids are asleep",
        "I want to die, running does nothing for me any more",
        "I overdosed, who takes my dog",
        "I dont want to live with this pain anymore",
        "no point living in this world",
        "I want to be at peace forever",
        "I want to kill myself, not even the trampoline with the kids makes me smile",
        "he hits me after every tennis match he loses",
        "she has cuts on her arms and says the kitten did it",
        "my relationship is over and ending it is the only way out",
        "sitting in the car I want to die",
        "this makes me want to die",
        "It hurts so much I want to die",
        "I'd rather die than live like this",
        "he pushed me down the stairs when I was holding the baby",
        "my dad hits mum every weekend",
        "I can't go on without her",
        "I can't go on with this pain",
        "what is the best way to end it",
        "painless way to go",
        "I want to kill myself with a knife",
        "I want to kill myself every night",
        "thinking of doing myself in",
        "i want to jump onto the tracks",
        "I want to jump into traffic",
        "I overdosed on pills and water",
        "I keep cutting myself while crying",
        "I'm going to hurt myself if she leaves",
        "i will take my life in the bathtub tonight",
        "going to hang myself over this",
        "I want to hang myself the moment they leave",
    ],
)
def test_what_else_somebody_in_danger_writes_about_does_not_silence_it(governor: Governor, question: str) -> None:
    assert kind(governor, question) == "crisis"


@pytest.mark.parametrize(
    "question",
    [
        "thinking of ending it with my boyfriend, how do i say it",
        "my sister beat me at chess again, which openings should I learn",
        "I don't want to live with my parents anymore, how do I budget",
        "tired of living in a damp flat, what helps",
        "can't live without my dishwasher, repair or replace",
        "the kitten scratches on my arms, how do I stop it",
        "which bungee cords hold a bike on the rack",
        "my plant wants to die",
        "my phone is about to die at 20 percent",
        "I'd rather die than run another marathon",
        "I don't want to wake up early on sundays",
        "how do I go on a holiday with a puppy",
        "how not to kill yourself on icy stairs",
        "my friends pushed me to run a marathon",
        "my sister hits my brother at tennis every time we play",
        "I burn myself again and again on this oven tray, which gloves",
        "I jump on the train to work, how to stay fit",
        "how to hang myself a hammock on the balcony",
        "how do I take my life back from my phone",
        "how to use a mandoline without cutting myself",
        "I'm going to hurt myself on this wobbly ladder, how to fix it",
        "I don't want to carry on paying for the gym",
        "this app ate my data and half the battery",
        "toddler ate a bowl of berries with yoghurt",
        "my toddler's shoe is missing again",
        "the puppy chewed my left shoe",
        "smoke the salmon while the kids weed the garden",
        "my lungs are on fire after the climb, how do I pace it",
        "bang my head on the desk over this homework, how do I start",
        "fainted goats on a farm video, which breed",
        "the boiler pressure drops a little every month",
    ],
)
def test_the_same_words_about_a_home_a_game_or_a_friend_are_left_alone(governor: Governor, question: str) -> None:
    assert kind(governor, question) == "none"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("chest pain on the bench since this morning", "urgent"),
        ("toddler swallowed a hearing aid battery", "urgent"),
        ("dad's mouth is drooping since golf", "urgent"),
        ("bitten by a stray dog, is a rabies vaccination needed", "urgent"),
        ("dog ate all the chocolate at our dinner party", "urgent"),
        ("angina again on the stairs", "urgent"),
        ("I think it is a concussion", "urgent"),
        ("my nose bleed has lasted 30 minutes", "urgent"),
        ("unexplained bruising on my legs", "urgent"),
        ("toddler ate berries with his porridge from the hedge, red ones", "urgent"),
        ("my kid ate a battery from the remote, it still has power", "urgent"),
        ("dog ate grapes and the shoe", "urgent"),
        ("cat ate lily in our bed", "urgent"),
        ("the dog chewed a battery and the lead of my phone", "urgent"),
        ("she took two days of tablets in one go, breakfast and dinner", "urgent"),
        ("chest is tight, my jacket too, and pain goes to my jaw", "urgent"),
        ("passed out on the sofa, can't wake him, he is blue", "urgent"),
        ("dad collapsed in bed and is unresponsive, so is the phone", "urgent"),
        ("hit his head on the desk while doing homework and vomits", "urgent"),
        ("the socket is on fire, my legs shake", "urgent"),
        ("baby of 3 weeks has a temperature, room is 20 degrees", "urgent"),
        ("grandma collapsed into bed and her speech is slurred", "urgent"),
        ("my daughter of 12 ran away from problems at home, she is missing since last night with the dog", "crisis"),
        ("my sore back went and now I can't feel where I sit, which stretches", "urgent"),
        ("our boy of nine is missing since school, his shoe was on the path", "crisis"),
        ("drop the antidepressants under supervision of nobody, just stop cold turkey?", "caution"),
        ("my mate's tramadol from the cabinet drawer, can I take it for my tooth", "caution"),
        ("hair dye stains in the bath, can I mix bleach and ammonia", "caution"),
        ("can my cat eat onion soup, recipe has garlic", "caution"),
        ("recipe for dog treats: are raisins ok for dogs", "caution"),
        ("can I swap my own gas boiler pressure valve", "caution"),
        ("relight the pilot on a boiler, boiler pressure is fine", "caution"),
        ("car battery explodes when I jump start, can I charge it in the bedroom", "caution"),
        ("e-bike battery charges in the hallway overnight, its life is good", "caution"),
        ("puppy chewed the cot, can my baby sleep on her tummy", "caution"),
        ("my kids smoke weed in the garden", "caution"),
    ],
)
def test_an_emergency_is_heard_whatever_stands_beside_it(governor: Governor, question: str, expected: str) -> None:
    assert kind(governor, question) == expected


@pytest.mark.parametrize(
    "written",
    [
        "relationship|phone plan|affair",
        "end|ending it",
        "die laughing|hard",
        "?the|a phone",
        "{pet}|big dog",
        "kill|end off|up",
        "kill|end {pet}",
        "really|quite ?very",
    ],
)
def test_words_to_choose_from_beside_another_word_need_brackets(written: str) -> None:
    with pytest.raises(PatternError, match=r"two ways; put words to choose from in brackets, as in `\(kill\|end\) it`"):
        parse(written, {"pet": [("dog",)]})


@pytest.mark.parametrize(
    ("written", "matches", "not_this"),
    [
        ("(relationship|phone plan)", "my phone plan ends", "my phone and a plan"),
        ("(end|ending) it", "ending it", "it ends"),
        ("(kill|end) {self}", "end myself", "end it"),
        ("bike|car .. stolen", "car was stolen", "house was stolen"),
        ("(<n> days|ages) ago", "three days ago", "days ago"),
        ("(reach <n>|grow old)", "i reach 40", "i reach it"),
    ],
)
def test_brackets_say_what_belongs_together(governor: Governor, written: str, matches: str, not_this: str) -> None:
    pattern = parse(written, {"self": [("myself",)]})
    assert list(pattern.find(governor.read(matches)))
    assert not list(pattern.find(governor.read(not_this)))


@pytest.mark.parametrize("written", ["(my {pet}|dog)", "cracks?", "(a<b|c)", "^word"])
def test_a_sign_that_would_have_no_meaning_where_it_stands_is_refused(written: str) -> None:
    with pytest.raises(PatternError, match="is no word or phrase"):
        parse(written, {"pet": [("dog",)]})


def test_a_guard_that_shares_no_word_with_what_it_guards_cannot_touch_it() -> None:
    milk = parse("raw milk", {})
    assert not may_touch(parse("cheese", {}), [milk])
    assert may_touch(parse("raw milk cheese", {}), [milk])
    assert may_touch(parse("mil*", {}), [milk])
    assert may_touch(parse("boil .. first", {}), [milk])


@pytest.mark.parametrize(
    ("guard", "message"),
    [
        ("unless: [cheese]", r"line 5.*'cheese' has no word of what rule 'raw-milk' looks for.*unless_near"),
        ("unless_near: [recipe|boiled milk]", r"line 5.*can be read in two ways; put words to choose from in brackets"),
        ("unless: ['my {pet} milk|cheese']", r"line 5.*two ways"),
    ],
)
def test_a_guard_of_an_owner_that_could_never_act_is_refused_with_its_line(
    tmp_path: Path, guard: str, message: str
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"rules:\n  - id: raw-milk\n    topic: poisons\n    question: [raw milk]\n    {guard}\n", "utf-8")
    with pytest.raises(SettingsError, match=message):
        Governor.load(Settings(safety_rules=own))
