"""What is said where no advice is: nothing was asked, somebody said thanks, wants to know what this is, or needs help.

These are the only sentences of an answer that nobody posted; none of them advises on anything.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from threadwise.domain import Answer

NOTHING_ASKED = (
    "Nothing was asked that could be looked for. Type what you want advice on in a few words, such as: sore knee after "
    "running, what helped?"
)
"""The whole answer to "okay", "hello" or "?"."""

THANKED = "You are welcome. Ask on whenever you like."

A_PERSON = "This needs a person to talk to, not advice from a forum."
"""The whole answer to somebody who may be in danger; the notice above it says whom to turn to."""

ANOTHER_MATTER = f"{A_PERSON} If you ask about something else now, begin with “other question:”."
"""What is said to a short question after a crisis, which may well be about it, and may not."""

STILL_THERE = "You are welcome. What stands above holds at any hour: turn to somebody named there whenever you need to."
"""What is said to thanks after a crisis or an emergency."""

ASKED_SINCE = (
    "What follows is about your last question alone. What you wrote earlier matters more: turn to somebody named above."
)
"""Beside advice in a talk in which somebody may be in danger."""

_THANKS = re.compile(r"\b(?:thanks?|thx|thank\s+you|ty|ta|cheers)\b", re.IGNORECASE)
_LEAVES = re.compile(r"\b(?:bye|goodbye|sorry|no)\b", re.IGNORECASE)


def thanks(text: str) -> bool:
    """Whether an idle text thanks, and neither takes its leave nor excuses itself."""
    return bool(_THANKS.search(text)) and not _LEAVES.search(text)


def introduced(stages: Generator[Answer, None, None], text: str) -> Generator[Answer, None, None]:
    """The stages of an answer to who asks what or who this is: a text about it, where nothing else has to be said."""
    with closing(stages):
        for answer in stages:
            yield replace(answer, text=text, missing=text) if answer.missing == NOTHING_ASKED else answer


def who_wrote(name: str, posts: int, threads: int) -> str:
    """What can be said of somebody of the forum: how much they wrote, and how to ask for it."""
    wrote = f"{posts:,} {'post' if posts == 1 else 'posts'} in {threads:,} {'thread' if threads == 1 else 'threads'}"
    asked = f'author:"{name}"' if " " in name else f"author:{name}"
    return (
        f"{name} has written {wrote} here; nothing else is known of them. Put {asked} before a question to be answered "
        f"from these alone, such as: {asked} sore knee."
    )


def introduction(threads: int) -> str:
    """What this is, to somebody who asks; how many threads there are to answer from."""
    known = f"the {threads:,} threads" if threads != 1 else "the one thread"
    return (
        f"Answers here come from {known} of this forum, and from nowhere else. Every sentence of advice is quoted from "
        "somebody's post, with a number that leads to it; where nobody has answered, that is said. Ask in your own "
        "words what you would ask people who have been there, such as: sore knee after running, what helped?"
    )
