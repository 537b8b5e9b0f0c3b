"""Questions that lead: "everyone says X is good, how much?" is answered with what the posts say against X first.

A question that already knows the answer asks for a detail of it; whoever in the thread warns against it answers better
than whoever gives the detail. Rules, and only the order of what would be quoted anyway changes, or a warning comes in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadwise.advice.choice import Chosen
from threadwise.advice.points import Group
from threadwise.advice.words import denied, rarity, stems

MOST = 2
"""Warnings that are put first; they come from different people where they can."""

TELLING = 3.0
"""Rarity of a word that a warning and the question share, so that it is about the same thing: 1 in 20 posts has it."""

_SAYS = r"(?:say|says|said|saying|tell|tells|told|swears?|recommends?|claims?|insists?|thinks?|knows?|promised?)"
_SUBJECT = (
    r"(?:i|you|we|they|he|she|it|that|this|these|those|there|the|a|an|my|your|our|their|his|her|its|some|most|many|all|"
    r"every\w*|any\w*|some\w+|people|one)"
)
_LEADS = re.compile(
    rf"""\b(?:everyone|everybody|all\ my\ \w+|people|they|(?:my|the|our|a)\ (?:\w+\ )?\w+)\ (?:(?:all|always|keeps?)\ )?
         {_SAYS}\b
      |^\W*(?:is|are|was|were|do|does|did|ca|wo|would|should|could)n['’]?t\ {_SUBJECT}\b
      |^\W*(?:is|are|was|were|do|does|did)n['’]?t\ (?!\w+ing\b|(?:know|want|have|get|like|work|feel|seem)\b)
         (?:(?!\b(?:what|how|why|which|who|where|when)\b)[^,.;:!?])+\?
      |\bi(?:['’]ve|\ have)?\ (?:heard|read|was\ told|been\ told|know)\b(?!\ (?:how|what|why|where|if|whether))
      |\b(?:is|are|was|do|does|did|ca|wo|would|should|could)(?:n['’]?t)\ (?:it|they|that|this|you|he|she|i|we)\W*\?
      |,\s*(?:right|correct|yes|no|true)\W*\?
      |\b(?:surely|obviously|of\ course|as\ we\ all\ know|since\ it\ is\ (?:proven|known)|it['’]?s\ (?:well\ )?known)\b
      |\bsupposed\ to\ (?:be\ (?:good|great|best)|help|work)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WARNS = re.compile(
    r"""^\W*(?:(?:oh|god|please|honestly|seriously|yes|ok(?:ay)?|sorry|nooo*|no)\b[\s,.!:;–-]*)*
        (?:don['’]?t\b|do\ not\b|never\b|avoid\b|nobody\b|not\ a\ good\b|bad\ idea\b|stop\b|hands\ off\b
          |i\ would(?:\ not|n['’]?t)\b)""",
    re.IGNORECASE | re.VERBOSE,
)


def leads(question: str) -> bool:
    """Whether a question takes for granted what it should ask.

    `can't I just use bleach?` does; `can't sleep, what helps?` only leaves out who cannot.
    """
    return bool(_LEADS.search(question))


def warnings(question: str, groups: Sequence[Group]) -> list[Group]:
    """What warns against what a leading question takes for granted, best liked first; nothing for other questions.

    From the thread that fits best alone: a warning elsewhere is about something else.
    """
    if not groups or not leads(question):
        return []
    best = max(groups, key=lambda group: group.support).best.statement.thread.id
    asked = {stem for stem in stems(question) if rarity(stem) >= TELLING}
    found = [one for one in groups if one.best.statement.thread.id == best and _warns(one.best.statement.text, asked)]
    found.sort(key=lambda one: (-(one.best.statement.post.score or 0), -one.support))
    return found[:MOST]


def ahead(first: Chosen, rest: Chosen, k: int) -> Chosen:
    """What was chosen, with other points before them; at most k."""
    if not first.points or not rest.points:
        return rest
    points = (*first.points, *(one for one in rest.points if one not in first.points))
    notices = dict.fromkeys([*rest.notices, *first.notices])
    return Chosen(points[:k], rest.clashes, tuple(notices))


def _warns(text: str, asked: set[str]) -> bool:
    return bool(_WARNS.match(text)) or bool(asked & denied(text))
