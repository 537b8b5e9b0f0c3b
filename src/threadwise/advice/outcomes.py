"""What helped whom: find where people report what came of the advice in a thread, and which advice it was.

A report is a clause in which somebody who did not give the advice says that they will try it (`intends`), that it
helped, that it changed nothing or that it made things worse. What is only wished for, supposed, asked, or told of
others is no report, and an intention is never a result. Rules read the cues (`reporting`), a small model weighs them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from threadwise.advice.reporting.features import RESULT_GROUPS, TOLD, Scene, scenes
from threadwise.advice.reporting.following import OUTRIGHT, OUTRIGHT_GOOD, follows
from threadwise.advice.reporting.links import about, earlier, facts
from threadwise.advice.reporting.model import NONE, Weights, shipped
from threadwise.advice.reporting.removed import lacks_posts, speaks_for
from threadwise.domain import OutcomeLabel, Thread, known_name

SURE = 0.34
"""Least chance of a label; chosen by cross-validation over five fields of the demo corpus."""

EVEN = 0.5
"""Chance below which a report gives way to a surer one of the same post about the same advice that says otherwise."""

SHORT = 5
"""A clause of fewer words is quoted with its sentence."""


_BEFORE_READING = re.compile(r"\bbefore (?:I|we) (?:had )?(?:read|saw|found) this\b", re.IGNORECASE)
"""What was done then followed no advice of this thread."""

_BEFORE_ASKING = re.compile(
    r"\bbefore (?:(?:I|we) (?:asked|posted|wrote|came)|asking|posting|writing|coming) (?:you|here|(?:to|in|on) \w+)\b",
    re.IGNORECASE,
)
"""What was done then is the asker's situation, no result of any advice."""

_OWN_LIST = re.compile(
    r"\b(?:\d|two|three|four|five|six|a (?:few|couple of)|several|some|these) (?:(?:small|simple|other|different) )?"
    r"things? (?:that |which )?(?:(?:really|finally|actually) )?(?:helped|worked|sorted|fixed|solved|cured)\b",
    re.IGNORECASE,
)
"""Opens what somebody did of their own accord; from anybody but the asker all that follows is advice, no report on what
others advised."""


_ADVISES = frozenset({"advises:2", "advises:3"})
_OWN = frozenset({"c:tried", "c:after_reading", "c:first_person", "asker"})
_LIVED = frozenset(
    f"{where}:{cue}"
    for where in "cs"
    for cue in ("tried", "tried_bare", "after_reading", "time_passed", "return", "now")
) | {"c:first_person", "c:duration"}
"""Features of a clause by which somebody who did not ask tells what they did, not what they think."""

_NOT_SAID = frozenset(
    {"asks", "advises:3"}
    | {f"c:{name}" for name in "informed elsewhere if hedged modal command you unsure not_worse MEANS".split()}
)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says came of advice; `quote` is the post's text at [start, end).

    `about_post` is None where that is not known, or the post that it was about is gone.
    """

    post_id: str
    author: str | None
    label: OutcomeLabel
    about_post: str | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Finding:
    """A clause with its label, how sure that is, and what it is about."""

    scene: Scene
    label: OutcomeLabel
    chance: float
    about_post: str | None


def reports(thread: Thread, weights: Weights | None = None) -> list[Report]:
    """What people in a thread say came of the advice in it.

    Args:
        thread: Any thread; the opening post reports nothing, as nobody has advised yet.
        weights: Another model than the shipped one, for measuring.

    Returns:
        At most one report for each post, label and advice, in the order of the posts.
    """
    weights = weights or shipped()
    meant: dict[str | None, set[str]] = defaultdict(set)
    found: list[Report] = []
    lacking = lacks_posts(thread)
    for _, group in groupby(scenes(thread), key=lambda scene: scene.post.id):
        findings = _linked(thread, _labelled(group, weights), meant, weights, lacking=lacking)
        found += [_report(finding) for finding in _best(findings)]
    return found


def told(thread: Thread) -> bool:
    """Whether somebody in a thread tells what came of advice; an intention is no outcome."""
    return any(report.label is not OutcomeLabel.INTENDS for report in reports(thread))


def _labelled(group: Iterable[Scene], weights: Weights) -> Iterator[tuple[Scene, OutcomeLabel, float]]:
    own = False
    for scene in group:
        own = own or _opens_own_list(scene)
        if own or "asks" in scene.features or _BEFORE_ASKING.search(scene.post.text, *scene.clause.sentence):
            continue
        chances = weights.chances(scene.features)
        possible = [(chance, name) for name, chance in chances.items() if name != NONE and _shown(name, scene.features)]
        chance, name = max(possible, default=(0.0, NONE))
        plain = _plain(scene.features)
        if plain and (plain != name or chance < SURE):
            yield scene, plain, max(EVEN, chances[plain])
        elif chance >= SURE:
            yield scene, OutcomeLabel(name), chance


def _opens_own_list(scene: Scene) -> bool:
    clause = scene.clause
    return not scene.post.is_asker and bool(_OWN_LIST.search(scene.post.text, clause.start, clause.end))


def _plain(features: frozenset[str]) -> OutcomeLabel | None:
    """What a clause says in so many words of what its writer did: "I got the cover, it made things worse for me"."""
    if not features & _OWN or features & _NOT_SAID or not follows(features):
        return None
    if features & {"c:worse", "c:more_bad"}:
        return OutcomeLabel.WORSE
    if "c:no_effect" in features:
        return OutcomeLabel.NO_CHANGE
    done = features & {"c:tried", "c:tried_bare"} and features & {"c:no_more", "c:better", "c:difference"}
    helped = (features & OUTRIGHT_GOOD or done) and "asker" in features and "c:SAME" not in features
    return OutcomeLabel.HELPED if helped else None


def _shown(label: str, features: frozenset[str]) -> bool:
    """Whether the clause itself can carry the label, whatever its neighbours say.

    An intention is no result: a clause, or a sentence, that only speaks of what will be done has no result yet.
    """
    if label == OutcomeLabel.INTENDS:
        return True
    if features & {"c:MEANS", "s:MEANS"} and (not features & RESULT_GROUPS or "c:if" in features):
        return False
    if "c:MEANS" in features and not features & OUTRIGHT:
        return False
    if "c:hedged" in features and not features & RESULT_GROUPS:  # "before I call it a failure"
        return False
    if not features & TOLD or not follows(features):  # "Brilliant!" praises the idea
        return False
    if features & {"c:elsewhere", "s:elsewhere"}:  # "my brother was very happy with them"
        return False
    if "asker" not in features and not features & _LIVED:  # "pebble trays do nothing" is an opinion
        return False
    if label == OutcomeLabel.HELPED:
        return "c:informed" not in features
    if features & _ADVISES and not features & (_OWN | {"c:tried_bare"}):  # it tells others what to do
        return False
    if label == OutcomeLabel.WORSE:
        return "c:WORSE" in features
    return bool(features & {"c:SAME", "c:WORSE"})


def _linked(
    thread: Thread,
    labelled: Iterable[tuple[Scene, OutcomeLabel, float]],
    meant: dict[str | None, set[str]],
    weights: Weights,
    *,
    lacking: bool,
) -> Iterator[_Finding]:
    advice = None
    for scene, label, chance in labelled:
        post = scene.post
        advice = earlier(thread, post) if advice is None else advice
        rows = facts(scene, label, advice, thread, meant[post.author])
        likeliest = about(rows, weights.links)
        before = _BEFORE_READING.search(post.text, 0, scene.clause.end)
        gone = lacking and not speaks_for(thread, scene, advice[likeliest], rows[likeliest])
        target = None if before or gone else advice[likeliest].post.id
        if label is OutcomeLabel.INTENDS and target and known_name(post.author):
            meant[post.author].add(target)
        yield _Finding(scene, label, chance, target)


def _best(findings: Iterable[_Finding]) -> list[_Finding]:
    """The surest clause for each label and advice, in the order of the text."""
    best: dict[tuple[OutcomeLabel, str | None], _Finding] = {}
    for finding in findings:
        key = finding.label, finding.about_post
        if key not in best or finding.chance > best[key].chance:
            best[key] = finding
    return sorted(
        (one for one in best.values() if not _contradicted(one, best.values())), key=lambda one: one.scene.clause.start
    )


def _contradicted(finding: _Finding, others: Iterable[_Finding]) -> bool:
    """Whether the same post says of the same advice, and more surely, that something else came of it."""
    return finding.label is not OutcomeLabel.INTENDS and any(
        other.about_post == finding.about_post
        and other.label not in (finding.label, OutcomeLabel.INTENDS)
        and other.chance >= EVEN > finding.chance
        for other in others
    )


def _report(finding: _Finding) -> Report:
    post, clause = finding.scene.post, finding.scene.clause
    start, end = clause.start, clause.end
    if len(re.findall(r"\w+", post.text[start:end])) < SHORT:
        start, end = clause.sentence
    return Report(post.id, post.author, finding.label, finding.about_post, post.text[start:end], start, end)
