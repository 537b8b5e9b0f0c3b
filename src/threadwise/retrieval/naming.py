"""Know a question for what somebody of the forum wrote: "what did mara_k say about sore knees?", "who is mara_k?".

Pure. Only the form is known here; whether anybody of that name has posted says the corpus. Without that the words are
searched for as they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"@?(?P<name>(?:\w[\w.\-]{0,60}\w|\w)(?:\s\w[\w.\-]*\w)??)"
_WRITES = r"(?:say|said|says|tell|think|thinks|write|wrote|written|recommend|advise|suggest|post|posted|mention|reply)"
_ABOUT = r"(?:\s+(?:about|on|regarding|against|of|to|for)\s+(?P<about>\S.*?))?"
_THINGS = r"(?:posts?|advice|repl(?:y|ies)|tips?|answers?|comments?|threads?|anything|everything|something|all)"
_FORMS = tuple(
    re.compile(rf"\s*{form}[\s?.!]*", re.IGNORECASE | re.DOTALL)
    for form in (
        rf"who\s*(?:is|['’]s|was)\s+{_NAME}",
        rf"what\s+(?:did|does|do|has|would)\s+{_NAME}\s+(?:ever\s+)?{_WRITES}{_ABOUT}",
        rf"(?:show\s+(?:me\s+)?|find\s+)?(?:(?:the|all)\s+)*{_THINGS}\s+(?:written\s+)?(?:by|from|of)\s+{_NAME}{_ABOUT}",
        rf"(?:show\s+(?:me\s+)?|find\s+)?{_NAME}['’]s\s+{_THINGS}{_ABOUT}",
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it was typed, and what they are asked to have written about; empty where nothing is said of that."""

    name: str
    about: str = ""


def named(text: str) -> Named | None:
    """Whose posts are asked for; None where a question has no such form."""
    for form in _FORMS:
        if match := form.fullmatch(text):
            return Named(match["name"], (match.groupdict().get("about") or "").strip())
    return None
