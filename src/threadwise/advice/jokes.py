"""What is said in jest, or is nothing but a verdict on what somebody else said; neither is advice to a reader.

Winks, `lol` and laughing faces are no sign of a joke: in the demo forum every advising sentence that wears one is
meant ("Tape and vaseline exclude one another by the way, pick one ;)"). What takes its own words back is one, and so is
what ends with a tongue put out: of 20 such sentences in a forum of loose talk 16 were banter, the demo has none.
"""

from __future__ import annotations

import re

_TAKEN_BACK = re.compile(
    r"""(?:^|[\s(*_])(?:/s|/j|/jk|j/k|jk|(?:just|only|i['’]?m|i\ am)\s+(?:just\s+|only\s+)?(?:kidding|joking)
        |kidding|joking(?:\s+aside)?)[\s.,!)*_:;😉😂🤣😜😅🙃-]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_ABSURD = re.compile(
    r"""\b(?:and|then|just)\s+call\s+it\s+(?!a\s+(?:day|night|draw|week|win|wrap)\b|(?:done|quits|even|good|off|up|in|out|back|from|by|to|on|again|when|if)\b)
          (?:\w+\s*){1,3}[.!…)]*$
      | \bkill\s+(?:it|them)\s+with\s+fire\b | \bnuke\s+(?:it|them)\b | \bfrom\s+orbit\b
      | \b(?:burn|set\s+fire\s+to)\s+(?:down\s+)?(?:the|your)\s+(?:house|flat|kitchen|office|car)\b
      | \b(?:sell|eat)\s+(?:the|your)\s+(?:kids|children|husband|wife)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_VERDICT = re.compile(
    r"^\W*(?:no|nope|nah|never|yes|yep|yeah|wrong|nonsense|rubbish|terrible|dangerous|genius|brilliant|(?:hard|just|absolutely)\s+no|absolutely(?:\s+not)?|of\s+course(?:\s+not)?"
    r"|no\s+no|full\s+stop|end\s+of(?:\s+story)?)\W*$",
    re.IGNORECASE,
)
_TONGUE = re.compile(r"(?:^|[\s.!?)])[:;=]['’]?-?[Pp][\s.!)\"'”*]*$")
_SHORT = 24
"""Characters up to which what takes back stands alone, and so takes back the sentence before it."""


def takes_back(text: str) -> bool:
    """Whether a sentence says that it was a joke: "... and a bottle of gin, just kidding", "/s"."""
    return bool(_TAKEN_BACK.search(text))


def takes_back_the_last(text: str) -> bool:
    """Whether a sentence says nothing but that the one before it was a joke: "Just kidding!"."""
    return len(text) <= _SHORT and takes_back(text)


def jests(text: str) -> bool:
    """Whether a sentence is a joke by its own words, or by the tongue that it puts out at its end."""
    return takes_back(text) or bool(_ABSURD.search(text)) or bool(_TONGUE.search(text))


def is_verdict(text: str) -> bool:
    """Whether a sentence only approves or disapproves: "No.", "Hard no!"."""
    return bool(_VERDICT.match(text))
