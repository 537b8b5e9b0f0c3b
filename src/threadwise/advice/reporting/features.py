"""Describe a clause of a thread for the outcome model: its cues, its neighbours, who speaks, when and to whom.

Pure: a thread in, names of features out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from threadwise.advice.reporting.clauses import Clause, clauses
from threadwise.advice.reporting.cues import RESULTS, cues, straight
from threadwise.advice.sentences import chance
from threadwise.domain import Post, Thread, same_author

_WORSE = frozenset({"worse", "harm", "more_bad"})
_SAME = frozenset({"no_effect", "did_nothing", "not_help", "no_better", "as_before", "still_bad", "fail", "not_gone"})
_GOOD = frozenset(RESULTS) - _WORSE - _SAME
_PLAIN = {
    "SAME!": frozenset({"no_effect", "did_nothing", "not_help", "no_better", "as_before"}),
    "GOOD!": frozenset({"helped", "worked", "trick", "solved", "difference", "better", "no_more"}),
}
_MEANS = frozenset({"will", "bare_future", "ordered", "future_time", "next", "give_try"})
RESULT_GROUPS = frozenset({"c:WORSE", "c:SAME", "c:GOOD"})
"""Features of a clause that has any cue of a result."""

TOLD = frozenset(f"c:{name}" for name in (_GOOD | _SAME | _WORSE) - {"praise"}) | {
    "c:tried",
    "c:tried_bare",
    "p:tried",
    "p:tried_bare",
    "p:time_passed",
}
"""Features of a clause that says more of a result than praise, or of a post in which something was tried."""

LOOKED_BACK = 200
"""Posts before one that a report in it may be about, so that the time for a thread grows with its length alone."""

_CONTEXT = frozenset({"tried", "tried_bare", "after_reading", "return", "time_passed", "elsewhere", "now"})


@dataclass(frozen=True, slots=True)
class Scene:
    """A clause in its post and thread, with its features."""

    post: Post
    clause: Clause
    features: frozenset[str]


def scenes(thread: Thread) -> Iterator[Scene]:
    """Every clause of every post that could report on advice given before it, in order."""
    for place, post in enumerate(thread.posts):
        if place and any(not other.is_asker for other in before(thread, place) if not same_person(other, post)):
            yield from _of_post(thread, place, post)


def before(thread: Thread, place: int) -> Sequence[Post]:
    """The posts before one, as far back as is looked."""
    return thread.posts[max(0, place - LOOKED_BACK) : place]


def _of_post(thread: Thread, place: int, post: Post) -> Iterator[Scene]:
    found = clauses(post.text)
    words = [cues(post.text[clause.start : clause.end]) for clause in found]
    around = _around(thread, place, post, frozenset().union(*words) if words else frozenset())
    for i, clause in enumerate(found):
        own = {f"c:{name}" for name in words[i]} | _groups("c", words[i])
        beside = [words[j] for j, other in enumerate(found) if j != i and other.sentence == clause.sentence]
        before = [words[j] for j in range(max(0, i - 2), i)]
        own |= _groups("s", frozenset().union(*beside)) | _groups("b", frozenset().union(*before))
        own |= {f"s:{name}" for one in beside for name in one & _CONTEXT}
        own |= _shape(post.text[clause.start : clause.end], clause, i, len(found))
        own |= around
        if not post.is_asker:
            start, end = clause.sentence
            own.add(f"advises:{min(int(chance(post.text[start:end]) * 4), 3)}")
        yield Scene(post, clause, frozenset(own | _crossed(own)))


def _groups(prefix: str, names: frozenset[str]) -> set[str]:
    groups = {"WORSE": _WORSE, "SAME": _SAME, "GOOD": _GOOD, "MEANS": _MEANS} | _PLAIN
    found = {f"{prefix}:{group}" for group, members in groups.items() if names & members}
    return found or {f"{prefix}:NONE"}


def _shape(text: str, clause: Clause, i: int, count: int) -> set[str]:
    words = len(text.split())
    found = {"len:" + ("1-3" if words < 4 else "4-8" if words < 9 else "9-20" if words < 21 else "21+")}
    if clause.asks:
        found.add("asks")
    if i == 0:
        found.add("opens")
    if i == count - 1:
        found.add("closes")
    if re.search(r"\d", text):
        found.add("number")
    if "!" in text:
        found.add("!")
    if re.search(r"[😭😢😩😞🙃😬😖😤😡☹]|:\(", text):
        found.add("sad")
    if re.search(r"[🌱🎉😄😁🥹🙌👍😍🥳✅]|:\)", text):
        found.add("glad")
    return found


def _around(thread: Thread, place: int, post: Post, words: frozenset[str]) -> set[str]:
    found = {"asker" if post.is_asker else "replier"}
    found |= {f"p:{name}" for name in words & _CONTEXT} | _groups("p", words)
    found.add("gap:" + _gap(thread, place, post))
    target = thread.post(post.reply_to) if post.reply_to else None
    if target is not None:
        found.add("to:" + ("asker" if target.is_asker else "replier"))
    if target is thread.question:
        found.add("to:question")
    earlier = before(thread, place)
    if any(mentions(post.text, other.author) for other in earlier if not same_person(other, post)):
        found.add("names")
    if any(same_person(other, post) and not other.is_asker for other in earlier):
        found.add("spoke")
    return found


def _gap(thread: Thread, place: int, post: Post) -> str:
    """How long after the last advice of another the post was written."""
    then = next((other for other in reversed(before(thread, place)) if not same_person(other, post)), None)
    try:
        days = (datetime.fromisoformat(post.created or "") - datetime.fromisoformat((then and then.created) or "")).days
    except (ValueError, TypeError):
        return "unknown"
    return "0" if days < 1 else "1-2" if days < 3 else "3-6" if days < 7 else "7+"


_ROLE_CROSSED = (
    "c:MEANS",
    "c:GOOD",
    "c:SAME",
    "c:WORSE",
    "c:NONE",
    "c:tried",
    "c:tried_bare",
    "c:time_passed",
    "c:you",
    "c:command",
)
_GAP_CROSSED = ("c:MEANS", "c:GOOD", "c:SAME", "c:WORSE", "c:now", "c:time_passed", "c:NONE")


def _crossed(own: set[str]) -> set[str]:
    role = "asker" if "asker" in own else "replier"
    gap = next(name for name in own if name.startswith("gap:"))
    found = {f"{role}&{name}" for name in _ROLE_CROSSED if name in own}
    found |= {f"{role}&{gap}&{name}" for name in _GAP_CROSSED if name in own}
    if role == "replier":
        for name in ("p:tried", "p:tried_bare", "p:after_reading", "p:time_passed", "names", "to:replier", "to:asker"):
            if name in own:
                found |= {
                    f"replier&{name}&{group}" for group in ("c:GOOD", "c:SAME", "c:WORSE", "c:MEANS") if group in own
                }
        if own & {"p:tried", "p:tried_bare"} and own & {"p:after_reading", "names"}:
            found.add("replier&followed")
    return found


# Who is named


def mentions(text: str, author: str | None) -> bool:
    """Whether a text names an author, by the handle or a part of it that people would call them by."""
    pattern = _called(author or "")
    return bool(pattern and pattern.search(straight(text)))


_COMMON = frozenset(
    "the and real old big mad dad mum man boy girl guy in of at on from with my me is a an no not user guest "
    "mr mrs ms dr  home house night day time back work first second third lost lucky happy sad red blue green "
    "black white cold hot out up  down over under corner flat street town city three four five six seven eight "
    "nine ten weekend family team shop fixes fix  kids cat dog cats dogs plant plants bike bikes run runner "
    "runs sleep tea cup just may will can mark grace hope joy art  late lazy quiet other new anonymous deleted "
    "unknown here there".split()
)


@lru_cache(maxsize=4096)
def _called(author: str) -> re.Pattern[str] | None:
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", author)
    parts = [part for part in re.split(r"[\W\d_]+", spaced) if len(part) >= 2]
    names = {re.escape(author)} if len(author) >= 3 and re.search(r"[\d_.\W]|[a-z][A-Z]", author) else set()
    loose, strict = set(), set()
    for part in parts:
        if len(part) == 2 or part.lower() in _COMMON:
            strict.add(re.escape(part.capitalize()))
        else:
            loose.add(re.escape(part))
    if len(parts) == 1 and len(parts[0]) >= 7 and parts[0].isalpha():
        word = parts[0].lower()
        strict |= {re.escape(word[cut:].capitalize()) for cut in (3, 4, 5) if len(word) - cut >= 3}
        strict |= {re.escape(word[:cut].capitalize()) for cut in (4, 5, 6) if len(word) - cut >= 2}
    options = [f"(?i:{name})" for name in sorted(names | loose)] + sorted(strict - {"The", "And", "My"})
    if not options:
        return None
    return re.compile(rf"(?<![\w])@?(?:{'|'.join(options)})(?:'s|s')?(?![\w])")


def same_person(one: Post, other: Post) -> bool:
    """Whether two posts are known to be by one person."""
    return one is other or same_author(one.author, other.author)
