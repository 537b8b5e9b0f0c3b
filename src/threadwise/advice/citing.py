"""Number the spans that an answer shows, in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Sequence

from threadwise.advice.people import person
from threadwise.advice.points import Group, Told
from threadwise.advice.situation import situation
from threadwise.advice.statements import Statement
from threadwise.domain import Citation, Disagreement, OutcomeReport, Point, Post, Side, Thread
from threadwise.index.spans import sentence_spans

MOST_WITNESSES = 4
"""People cited for one point, the one quoted among them; further ones are counted."""

MOST_RESULTS = 2
"""Reports of what came of one point; the asker's first."""


LONGEST_REPORT = 240
"""Longest sentence in characters that a report is widened to."""


FEW_WORDS = 4
"""A report of fewer words is shown with the sentence after it: "THE STRING. I slept." """


class Numbering:
    """Gives each span one number, however often it is used."""

    def __init__(self, question: str) -> None:
        self._question = question
        self._found: dict[tuple[str, str, int, int], Citation] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation so far, by number."""
        return tuple(self._found.values())

    def point(self, group: Group) -> Point:
        """A group as a point of an answer."""
        results = sorted(_in_the_end(group.outcomes), key=lambda told: not told.by_asker)[:MOST_RESULTS]
        return Point(
            text=group.best.statement.text,
            citations=self._witnesses(group),
            people=group.people,
            threads=group.threads,
            outcomes=tuple(self._outcome(told, group.outcomes) for told in results),
        )

    def disagreement(self, about: str, groups: tuple[Group, Group]) -> Disagreement:
        """Two groups against each other, the better supported one first."""
        ordered = sorted(groups, key=lambda group: -group.support)
        sides = tuple(Side(one.best.statement.text, self._witnesses(one), one.people) for one in ordered)
        return Disagreement(about, sides)

    def _witnesses(self, group: Group) -> tuple[int, ...]:
        return tuple(self._statement(member.statement) for member in group.members[:MOST_WITNESSES])

    def _statement(self, statement: Statement) -> int:
        return self._cite(statement.thread, statement.post, statement.start, statement.end)

    def _outcome(self, told: Told, others: Sequence[Told]) -> OutcomeReport:
        report, post = told.report, _post(told)
        start, end = _sentence(told, others)
        number = self._cite(told.thread, post, start, end)
        return OutcomeReport(report.label, report.post_id, post.text[start:end], number)

    def _cite(self, thread: Thread, post: Post, start: int, end: int) -> int:
        key = thread.id, post.id, start, end
        if key not in self._found:
            number = len(self._found) + 1
            self._found[key] = Citation(
                n=number,
                thread_id=thread.id,
                thread_title=thread.heading,
                post_id=post.id,
                author=post.author,
                created=post.created,
                role=post.role,
                url=post.url or thread.url,
                start=start,
                end=end,
                quote=post.text[start:end],
                situation=situation(self._question, thread),
                standing=_standing(post),
            )
        return self._found[key].n


def _post(told: Told) -> Post:
    post = told.thread.post(told.report.post_id)
    assert post is not None, "reports are made from the thread"
    return post


def _in_the_end(outcomes: Sequence[Told]) -> list[Told]:
    """What each person says in the last post in which they report, each label once."""
    last = {person(told.thread, _post(told)): (told.thread.id, told.report.post_id) for told in outcomes}
    kept = {
        (who, told.report.label): told
        for told in outcomes
        if last[who := person(told.thread, _post(told))] == (told.thread.id, told.report.post_id)
    }
    return list(kept.values())


def reported(told: Told, others: Sequence[Told]) -> str:
    """What is shown of a report beside the others on the same advice."""
    start, end = _sentence(told, others)
    return _post(told).text[start:end]


def _sentence(told: Told, others: Sequence[Told]) -> tuple[int, int]:
    """The sentence of a report, so that it can be read by itself; its clause where the rest says something else."""
    report = told.report
    text = _post(told).text
    every = sentence_spans(text)
    spans = [at for at, span in enumerate(every) if span[0] < report.end and report.start < span[1]]
    start, end = min(report.start, every[spans[0]][0]), max(report.end, every[spans[-1]][1])
    if len(text[start:end].split()) < FEW_WORDS and spans[-1] + 1 < len(every):
        end = every[spans[-1] + 1][1]
    elsewhere = any(
        one.report.label is not report.label
        and (one.thread.id, one.report.post_id) == (told.thread.id, report.post_id)
        and one.report.start < end
        and start < one.report.end
        for one in others
    )
    return (report.start, report.end) if elsewhere or end - start > LONGEST_REPORT else (start, end)


def _standing(post: Post) -> str:
    votes = f"{post.score} vote{'' if abs(post.score) == 1 else 's'}" if post.score is not None else ""
    return ", ".join(filter(None, ("accepted" if post.accepted else "", votes)))
