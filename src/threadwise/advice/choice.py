"""Choose which pieces of advice an answer shows, and in which order.

Best support first, and no filling up: what fits much worse than the best is left out, and so is what the forum voted
down, what made things worse (unless it was accepted: then the report stands beside it), and what a better-liked reply
warns against; such advice appears only as one side of a disagreement. The safety governor has the last word on every
sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, field, replace

from threadwise.advice.citing import reported
from threadwise.advice.disagreement import Clash
from threadwise.advice.people import objects
from threadwise.advice.points import Group, copies, said, speaker
from threadwise.advice.relevance import Candidate, most_liked
from threadwise.advice.safety import Governor, Screening, Verdict
from threadwise.advice.statements import Statement
from threadwise.domain import Notice, OutcomeLabel

MARGIN = 0.7
"""How much worse than the best one a point may fit; what came of it changes its place, not whether it fits."""

MOST_OF_A_POST = 2
"""Points quoted from one post; more of it is what the link is for."""

FEWEST_WORDS = 3
"""A point of fewer words says too little to follow: "e-reader", "more gel"."""

AGAIN = 0.7
"""Part of a point's words that another one of the same author has, from which they say it again."""

STUFFED = 0.4
"""Part of a point's words that are different ones, below which it only repeats itself to be found."""

LONG = 20
"""Words from which that can be told."""

MOST_CLASHES = 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an answer shows, in order, and the warnings that have to stand beside it."""

    points: tuple[Group, ...]
    clashes: tuple[Clash, ...]
    notices: tuple[Notice, ...]


def choose(
    groups: Sequence[Group], against: Sequence[Clash], governor: Governor, topics: Collection[str], k: int
) -> Chosen:
    """At most k points and the disagreements about them.

    Args:
        groups: All advice that was found.
        against: Which of them contradict each other.
        governor: Judges every sentence that would be cited.
        topics: What the question was found to be about (`Assessment.topics`).
        k: Most points.
    """
    barred = {at for at, one in enumerate(groups) if _barred(one)} | _outvoted(groups, against)
    order = _everybody_once(groups, sorted(set(range(len(groups))) - barred, key=lambda at: (-groups[at].support, at)))
    taken = _Taken()
    # Not the highest: stuffing the words of a question raises that.
    best = groups[order[0]].best.match if order else 0.0
    for at in order:
        if len(taken.points) >= k:
            break
        if groups[at].best.match >= best - MARGIN:
            statement = groups[at].best.statement
            taken.offer(at, statement, governor.screen(statement.text, topics))
    points = _in_order(groups, taken, k)
    clashes, beside = _clashes(groups, against, points, governor, topics)
    shown = tuple(_screened(groups[at], governor, topics) for at in points)
    return Chosen(shown, clashes, tuple(dict.fromkeys((*taken.notices, *beside))) if points else ())


def safely_led(group: Group, governor: Governor, topics: Collection[str]) -> Group:
    """The group with the words of somebody who may be cited freely in front, where the best of it may not."""

    def free(member: Candidate) -> bool:
        return governor.screen(member.statement.text, topics).verdict is Verdict.ALLOW

    if len(group.members) == 1 or free(group.best):
        return group
    lead = next((one for one in group.members if one.statement.alone and free(one)), None)
    if lead is None:
        return group
    rest = (one for one in group.members if one is not lead)
    return replace(group, members=(replace(lead, match=group.best.match), *rest))


@dataclass
class _Taken:
    """What was taken so far, best first; `later` may stand beside a warning, but not open the answer."""

    points: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _posts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _said: list[tuple[tuple[str, ...], Set[str]]] = field(default_factory=list)

    def offer(self, at: int, statement: Statement, screening: Screening) -> None:
        """Take a statement unless it says nothing new, its post has said enough, or it may not be cited."""
        post = statement.thread.id, statement.post.id
        says = [(speaker(statement), frozenset(said(text))) for text in dict.fromkeys((statement.core, statement.text))]
        if not _readable(statement.text) or any(_repeats(who, words, self._said) for who, words in says):
            return
        if self._posts[post] >= MOST_OF_A_POST or screening.verdict is Verdict.WITHHOLD:
            return
        self._posts[post] += 1
        self._said += says
        if screening.notice:
            self.notices.append(screening.notice)
        (self.points if screening.verdict is Verdict.ALLOW or self.points else self.later).append(at)


def _in_order(groups: Sequence[Group], taken: _Taken, k: int) -> list[int]:
    """The points as they are shown: when to see a doctor comes after what to do."""
    if not taken.points:
        return []
    points = [*taken.points[:1], *taken.later, *taken.points[1:]][:k]
    ordered = sorted(points, key=lambda at: groups[at].best.warns)
    return points if ordered[0] in taken.later else ordered


def _clashes(
    groups: Sequence[Group],
    against: Sequence[Clash],
    points: Collection[int],
    governor: Governor,
    topics: Collection[str],
) -> tuple[tuple[Clash, ...], list[Notice]]:
    """The first disagreements about points that are shown, both sides of which may be cited, and their warnings."""
    shown: list[Clash] = []
    notices: list[Notice] = []
    for clash in against:
        if len(shown) < MOST_CLASHES and (clash.one in points or clash.other in points):
            sides = [governor.screen(groups[at].best.statement.text, topics) for at in (clash.one, clash.other)]
            if all(side.verdict is not Verdict.WITHHOLD for side in sides):
                shown.append(clash)
                notices += [side.notice for side in sides if side.notice]
    return tuple(shown), notices


def _readable(text: str) -> bool:
    """Whether a text says something: more than two words, and not the same ones over and over."""
    words = text.lower().split()
    return len(words) >= FEWEST_WORDS and (len(words) < LONG or len(set(words)) >= STUFFED * len(words))


def _repeats(who: tuple[str, ...], words: Set[str], taken: Sequence[tuple[tuple[str, ...], Set[str]]]) -> bool:
    """Whether a point says again what one above it says: in nearly the same words, or as a part of it by its author."""
    return any(
        copies(words, other) or (who == author and len(words & other) >= AGAIN * len(words)) for author, other in taken
    )


def _screened(group: Group, governor: Governor, topics: Collection[str]) -> Group:
    """The group without further voices and reports that may not be cited freely: they would stand there unread."""

    def free(text: str) -> bool:
        return governor.screen(text, topics).verdict is Verdict.ALLOW

    voices = (one for one in group.members[1:] if free(one.statement.text))
    results = (told for told in group.outcomes if free(reported(told, group.outcomes)))
    return replace(group, members=(group.best, *voices), outcomes=tuple(results))


def _everybody_once(groups: Sequence[Group], order: Sequence[int]) -> list[int]:
    """The best points of different people before the second one of anybody; what is far behind stays behind."""
    if not order:
        return []
    near = [at for at in order if groups[at].support >= groups[order[0]].support - MARGIN]
    said: Counter[str] = Counter()
    turn: dict[int, int] = {}
    for at in near:
        name = str(speaker(groups[at].best.statement))
        turn[at] = said[name]
        said[name] += 1
    return sorted(near, key=lambda at: turn[at]) + [at for at in order if at not in turn]


def _barred(one: Group) -> bool:
    labels = [told.report.label for told in one.outcomes if told.by_asker]
    post = one.best.statement.post
    if (post.score or 0) < 0:
        return True
    if post.accepted or any(told.report.label is OutcomeLabel.HELPED for told in one.outcomes):
        return False
    in_vain = OutcomeLabel.NO_CHANGE in labels and 2 * (post.score or 0) < most_liked(one.best.statement.thread)
    return OutcomeLabel.WORSE in labels or in_vain


def _outvoted(groups: Sequence[Group], against: Sequence[Clash]) -> set[int]:
    """Advice of one person that somebody with clearly more votes warns against."""
    lost: set[int] = set()
    for clash in against:
        for one, other in ((clash.one, clash.other), (clash.other, clash.one)):
            votes, more = (groups[at].best.statement.post.score or 0 for at in (one, other))
            warned = objects(groups[other].best.statement.text) and not objects(groups[one].best.statement.text)
            if warned and groups[one].people == 1 and more >= 2 * max(votes, 1) and more - votes >= 5:
                lost.add(one)
    return lost
