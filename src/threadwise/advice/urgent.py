"""Leave of what people advise only what gets somebody help at once.

Where every minute counts, a reader must not have to find "ring the vet" between exercises, stories and a quarrel about
salt. What else people say, however well it was liked, stays in the threads that are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from threadwise.advice.people import objects
from threadwise.advice.points import Group
from threadwise.advice.sentences import read_post
from threadwise.advice.statements import Statement

NOTHING_ELSE = "This needs somebody who can help now, not advice from a forum."
"""What is said where nobody in the threads sends people to help at once."""

_AT_ONCE = re.compile(
    r"""\b(?:emergency|a&e|ambulance|hospital|poison\s+(?:line|control|information)|fire\s+brigade|999|112|911
      |(?:get|call|fetch|ring\s+for)\s+(?:\w+\s+)?help|(?:don['’]?t|do\s+not|no|not|never)\s+(?:wait|waiting)
      |(?:ring|phone|call|see|to)\s+(?:a|the|your|any|an)\s+(?:\w+\s+)?(?:vet|doctor|gp)
      |(?:vet|doctor|gp|a&e)\s+(?:now|today|straight\s+away|right\s+away|immediately|at\s+once)
      |vet\s+on\s+the\s+phone|everybody\s+out)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FORBIDS = re.compile(r"^\W*(?:no|don['’]?t|do\s+not|never|stop)\b", re.IGNORECASE)


def only_help(groups: Iterable[Group]) -> list[Group]:
    """The advice that sends people to help at once, without what stands before it and what came of it."""
    kept = []
    for one in groups:
        if _AT_ONCE.search(one.best.statement.text):
            best = replace(one.best, statement=_from_the_call(one.best.statement))
            kept.append(replace(one, members=(best, *one.members[1:]), outcomes=()))
    return kept


def _from_the_call(statement: Statement) -> Statement:
    """A statement from its first sentence on that sends for help or forbids something."""
    if statement.listed:
        return statement
    inside = [one for one in read_post(statement.post) if statement.start <= one.start < statement.end]
    calls = (one.start for one in inside if _AT_ONCE.search(one.text) or _FORBIDS.match(one.text) or objects(one.text))
    return replace(statement, start=next(calls, statement.start))
