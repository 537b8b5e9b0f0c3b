"""Tell whether somebody speaks of advice that they followed, or only goes on talking.

Most threads are no clinics: people answer, ask back, compare and chat, and words of change ("finally", "from 2 to 5
years", "it works fine here") are in all of it. Who reports shows it: by what they did or the time that passed, by
answering or naming who advised, or in so many words. Without these rules hardly anything that was read as a result on
four real forums was one (docs/decisions/0006-outcomes.md).
"""

from __future__ import annotations

OUTRIGHT_GOOD = frozenset({"c:helped", "c:worked", "c:trick", "c:solved"})
OUTRIGHT = OUTRIGHT_GOOD | frozenset(
    f"c:{name}"
    for name in "difference no_effect did_nothing not_help no_better as_before still_bad worse more_bad harm".split()
)
"""Cues that tell a result by themselves; "no more", "finally" and "perfect" go as well with what is meant."""

_SINCE = frozenset({"p:tried_bare", "p:time_passed"})
"""Features of a post that tells what was done ("Sanded it"), or how long ago."""

_DID_AND_IS = frozenset({"asker", "c:first_person", "c:tried", "c:better", "c:now"})
"""Features of a clause in which who asked tells what they did and how it is now: "I took them and it is fine now"."""

_TIED = frozenset({"asker", "names", "c:after_reading", "s:after_reading"})
"""Features of a clause by somebody who asked, or says whose advice it was."""


def follows(features: frozenset[str]) -> bool:
    """Whether a post shows that its writer followed advice of the thread, so that a clause in it can be a result."""
    since, outright = bool(features & _SINCE), bool(features & OUTRIGHT)
    if "to:replier" in features or ("to:asker" in features and "to:question" not in features):
        return since or outright or ("asker" in features and "gap:0" not in features)
    if "to:question" in features:  # an answer of their own to the question, as everybody gives on such sites
        return since and outright and bool(features & _TIED)
    if "c:that_did" in features:
        return True
    if "replier" in features:
        return "p:tried_bare" in features or (since and bool(features & _TIED))
    if "gap:0" in features:  # who asked goes on talking on the same day
        return since and outright
    return since or outright or "p:return" in features or features >= _DID_AND_IS
