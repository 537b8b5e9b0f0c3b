"""Put statements that give the same advice together, and count the people who gave it.

Pure. An author is one person, in however many posts and threads they say it; a copy of somebody's words is nobody's
second voice; the asker advises nobody. Votes, acceptance and outcomes stand beside the count and never enter it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from threadwise.advice.lists import LONGEST
from threadwise.advice.outcomes import Report
from threadwise.advice.people import about_posts, agrees, objects, person
from threadwise.advice.relevance import Candidate, warns
from threadwise.advice.sentences import read_post
from threadwise.advice.statements import Statement, widened
from threadwise.advice.words import stems, telling, tokens, weigh
from threadwise.domain import OutcomeLabel, Post, Thread

SAME_ADVICE = 0.5
"""Weighted overlap from which two statements are one point."""

SAME_SCOPE = 0.3
"""Part of the longer statement that has to be shared, so that a long list does not swallow everything.

Of what only states, half of it as well: two people may name the same museum and say quite different things of it.
"""

ENOUGH_WEIGHT = 9.0
"""Least weight of shared words, in nats: about two telling words, so that one common word never joins two points."""


TELLING_WEIGHT = 5.0
"""Least weight of those that are neither numbers nor measures; about one telling word ("rest for a week")."""


COPIED = 0.8
"""Part of the words of two statements together that both have, from which one copies the other."""

COPIED_WORDS = 6
"""Different words below which two people may well say the same by themselves ("See a doctor today")."""

NAMED = 6.0
"""Least weight of shared words by which a report names one of several pieces of advice; about one telling word."""


CLOSE = 0.4
"""How much worse a statement may match than the best that says the same, to be shown in its place."""

MANY = 12
"""People from whom it can be told which words everybody uses; one who posts a lot is one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report of what came of advice, with the thread that it stands in."""

    thread: Thread
    report: Report

    @property
    def by_asker(self) -> bool:
        """Whether the one who asked in that thread tells it; anybody else may say what they like of others' advice."""
        post = self.thread.post(self.report.post_id)
        return post is not None and post.is_asker

    @property
    def follows(self) -> bool:
        """Whether it tells what came of somebody else's advice, as it says it does.

        Whoever answers the question itself and names nobody gives advice of their own: on sites of questions and
        answers, where everybody does, "I like porters better" is no result of the answer before it.
        """
        post = self.thread.post(self.report.post_id)
        if post is None or self.by_asker or post.reply_to != self.thread.question.id:
            return True
        return self.report.about_post in about_posts(self.thread, post, post.text)


@dataclass(frozen=True, slots=True)
class Group:
    """One piece of advice: the statement that is shown, one of each other person, and what came of it.

    `lift` is how much results count for its place, 0 to 1.
    """

    members: tuple[Candidate, ...]
    outcomes: tuple[Told, ...] = ()
    lift: float = 1.0

    @property
    def best(self) -> Candidate:
        """The statement whose words are shown."""
        return self.members[0]

    @property
    def people(self) -> int:
        """How many different people gave this advice."""
        return len({speaker(one.statement) for one in self.members})

    @property
    def threads(self) -> int:
        """In how many threads it was given."""
        return len({one.statement.thread.id for one in self.members})

    @property
    def support(self) -> float:
        """What the order of points follows: fit, then people and the asker's results; neither outweighs a bad fit."""
        labels = [told.report.label for told in self.outcomes if told.by_asker]
        helped, same = (min(labels.count(one), 2) for one in (OutcomeLabel.HELPED, OutcomeLabel.NO_CHANGE))
        results = 0.4 * (helped > 0) + 0.2 * helped - (0.1 if helped else 0.25) * same
        results -= 0.5 * (OutcomeLabel.WORSE in labels)
        return self.best.match + 0.25 * min(self.people - 1, 4) + (self.lift * results if results > 0 else results)


def speaker(statement: Statement) -> tuple[str, ...]:
    """Who makes a statement."""
    return person(statement.thread, statement.post)


def group(candidates: Sequence[Candidate]) -> list[Group]:
    """Groups of the same advice, in the order of their best statement.

    A statement joins the first group whose shown statement it repeats, so that a chain of half-alike statements never
    becomes one point. Whoever only agrees joins the advice that they agree with.
    """
    ordered = sorted(candidates, key=_rank)
    common = _common([one.statement for one in ordered])
    groups: list[list[Candidate]] = []
    for candidate in ordered:
        statement = candidate.statement
        if not statement.alone or (statement.seconds and _agreed_with(statement, ordered)):
            continue
        home = next((members for members in groups if same_advice(members[0].statement, statement, common)), None)
        if home is None:
            groups.append([candidate])
        else:
            home.append(candidate)
    for candidate in ordered:
        if candidate.statement.seconds:
            _join(candidate, groups)
    return [Group(tuple(_one_each(_best_first(members)))) for members in groups]


@lru_cache(maxsize=8192)
def said(core: str) -> tuple[str, ...]:
    """The words of a statement in order; each is compared with all others, for question after question."""
    return tuple(tokens(core))


def copies(words: Set[str], other: Set[str]) -> bool:
    """Whether two texts have nearly all of their words in common; of a few words nobody can tell."""
    smaller, larger = sorted((len(words), len(other)))
    alike = smaller >= COPIED * larger and len(words & other) >= COPIED * len(words | other)
    return smaller >= COPIED_WORDS and alike


def same_advice(one: Statement, other: Statement, common: Set[str] = frozenset()) -> bool:
    """Whether two statements advise the same: enough words in common, and neither denies what the other asks for.

    Args:
        one: A statement.
        other: Another one.
        common: Stems that all advice here is about, so that to share them says nothing.
    """
    if said(one.core) == said(other.core):
        return True
    shared = (one.words & other.words) - common
    weight = weigh(telling(shared))
    if weigh(shared) < ENOUGH_WEIGHT or weight < TELLING_WEIGHT:
        return False
    if opposed(one, other) or _answers(one, other) or _answers(other, one):
        return False
    lighter, heavier = sorted(weigh(telling(statement.words)) for statement in (one, other))
    scope = SAME_ADVICE if one.states or other.states else SAME_SCOPE
    return weight >= SAME_ADVICE * lighter and weight >= scope * heavier


def _common(statements: Sequence[Statement]) -> frozenset[str]:
    """Stems that more than a quarter of many people use: in a thread about screws everybody speaks of screws."""
    said: dict[tuple[str, ...], set[str]] = {}
    for one in statements:
        said.setdefault(speaker(one), set()).update(one.words)
    if len(said) < MANY:
        return frozenset()
    count = Counter(word for words in said.values() for word in words)
    return frozenset(word for word, number in count.items() if number > len(said) / 4)


def _answers(one: Statement, other: Statement) -> bool:
    """Whether one objects to the other, or repeats its words in a reply that does not agree."""
    if one.thread.id != other.thread.id or one.post.reply_to != other.post.id:
        return objects(one.text) and not objects(other.text)
    return not agrees(one.text)


def opposed(one: Statement, other: Statement) -> frozenset[str]:
    """Stems that one statement denies and the other does not."""
    return (one.denies & other.words - other.denies) | (other.denies & one.words - one.denies)


def with_outcomes(groups: Sequence[Group], told: Iterable[Told], lift: float = 1.0) -> list[Group]:
    """Give each report of a result to the advice that it is about; intentions are no results.

    Args:
        groups: Pieces of advice.
        told: What people report.
        lift: How much good results count for the place of a piece of advice.
    """
    found: list[list[Told]] = [[] for _ in groups]
    for one in told:
        if one.report.label in (OutcomeLabel.HELPED, OutcomeLabel.NO_CHANGE, OutcomeLabel.WORSE):
            at = _meant(one, groups)
            if at is not None:
                found[at].append(one)
    return [replace(one, outcomes=tuple(some), lift=lift) for one, some in zip(groups, found, strict=True)]


def joined(groups: Sequence[Group]) -> list[Group]:
    """Groups in which what one person says in one breath is one point: the items of a list, a paragraph's advice.

    Advice that somebody else gives too stays by itself, so that a count never speaks for words that it does not cover.
    """
    places: dict[tuple[str, str, int, int], list[int]] = {}
    for at, one in enumerate(groups):
        statement = one.best.statement
        places.setdefault((statement.thread.id, statement.post.id, *statement.frame), []).append(at)
    found: dict[int, Group] = {}
    for inside in places.values():
        if not all(_own(groups[at]) for at in inside):
            found |= {at: groups[at] for at in inside}
            continue
        inside.sort(key=lambda at: groups[at].best.statement.start)
        for run in _runs([groups[at] for at in inside]):
            found[min(at for at in inside if groups[at] in run)] = _as_one(run)
    return [found[at] for at in sorted(found)]


def _own(one: Group) -> bool:
    """Whether the one who is quoted alone says it in words of their own; who agrees, agrees with the whole post."""
    return all(member.statement.seconds for member in one.members[1:])


def _runs(groups: Sequence[Group]) -> list[list[Group]]:
    """Neighbours that make one point: a whole list, or as much of a paragraph as is not too long."""
    if groups[0].best.statement.listed:
        return [list(groups)]
    runs: list[list[Group]] = []
    for one in groups:
        if runs and one.best.statement.end - runs[-1][0].best.statement.start <= LONGEST:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _as_one(run: Sequence[Group]) -> Group:
    best = max((one.best for one in run), key=lambda one: one.match)
    warned = warns([one.best.statement.text for one in run])
    whole = replace(best, statement=widened([one.best.statement for one in run]), warns=warned)
    others = _one_each([whole, *(member for one in run for member in one.members[1:])])
    return Group(tuple(others))


def _agreed_with(statement: Statement, candidates: Sequence[Candidate]) -> bool:
    """Whether a post that is agreed with advises anything that is known here."""
    return any(
        one.statement.post.id in statement.seconds
        and one.statement.thread.id == statement.thread.id
        and one.statement.alone
        for one in candidates
    )


def _join(candidate: Candidate, groups: Sequence[list[Candidate]]) -> None:
    """Add somebody who agrees to the advice of the post meant; where it advises more things, to the one they name."""
    statement = candidate.statement
    meant = [
        (weigh(statement.says & member.statement.words), -at)
        for at, members in enumerate(groups)
        for member in members
        if member.statement.post.id in statement.seconds and member.statement.thread.id == statement.thread.id
    ]
    if meant:
        shared, at = max(meant)
        if shared > 0 or len({at for _, at in meant}) <= 2:
            groups[-at].append(candidate)


def _best_first(members: Sequence[Candidate]) -> list[Candidate]:
    """Whose words are shown does not hang on how near their threads are: that moves with what others post there."""
    best = max(
        members, key=lambda one: (one.match >= members[0].match - CLOSE and not one.statement.seconds, one.worth)
    )
    rest = [one for one in members if one is not best]
    return [replace(best, match=members[0].match), *rest]


def _one_each(members: Sequence[Candidate]) -> list[Candidate]:
    """One statement of each person, the best; nearly the same words are one voice, whoever's name they bear."""
    kept: list[Candidate] = []
    people: set[tuple[str, ...]] = set()
    heard: list[Set[str]] = []
    for member in members:
        words = frozenset(said(member.statement.core))
        who = speaker(member.statement)
        copied = any(copies(words, other) for other in heard)
        if who not in people and not copied:
            kept.append(member)
        people.add(who)
        heard.append(words)
    return kept


def _meant(told: Told, groups: Sequence[Group]) -> int | None:
    """Which group a report is about: of those from the post meant, the one that it names, else what advises most."""
    if told.report.about_post is None:
        return None
    post = told.thread.post(told.report.post_id)
    if post is None:
        return None
    sentence, whole = frozenset(stems(_sentence(told.report, post))), frozenset(stems(post.text))
    meant = [
        (at, member.statement)
        for at, one in enumerate(groups)
        for member in one.members
        if member.statement.thread.id == told.thread.id
        and member.statement.post.id == told.report.about_post
        and member.statement.alone
        # What went worse is what somebody warned against, not the warning.
        and not (told.report.label is OutcomeLabel.WORSE and objects(member.statement.text))
    ]
    for said, enough in ((sentence, NAMED), (whole, 2 * NAMED)):
        shared, at = max(((weigh(said & statement.words), -at) for at, statement in meant), default=(0.0, 0))
        if shared >= enough:
            return -at
    return max(meant, key=lambda pair: (pair[1].listed, pair[1].advice), default=(None, None))[0]


def _sentence(report: Report, post: Post) -> str:
    """The sentence that a report stands in: it names what was tried, the report itself what came of it."""
    return " ".join(one.text for one in read_post(post) if one.start < report.end and report.start < one.end)


def _rank(candidate: Candidate) -> tuple[float, str, str, int]:
    statement = candidate.statement
    return -candidate.match, statement.thread.id, statement.post.id, statement.start
