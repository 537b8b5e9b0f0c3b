"""What repliers say that advises nobody who reads it later: thanks, wishes, questions back, house rules, insults.

The advice model knows moods, not to whom they speak: "Please specify before we comment" is as imperative as advice.
Pure. Source: read off the replies of a real forum of loose talk; what they take stands in
docs/decisions/0005-advice-sentences.md.
"""

from __future__ import annotations

import re

GREETING = 8
"""Words of the longest sentence that is nothing but a greeting or a wish."""

THANKS = 15
"""Words of the longest one that opens with thanks and says nothing else."""

CREDIT = 6
"""Words of the longest name of a source that stands behind what it said: "- Twisted Tea FAQs"."""

_ASKS_BACK = re.compile(
    r"""^\W*(?:\w+\W+){0,3}?(?:please|pls|plz|kindly|somebody|someone|anybody|anyone|can\s+you|could\s+you)\b[^.!?;]{0,40}?
        \b(?:help|tell|advise|inform|send|e?-?mail|call|contact|text|pm|let|show|guide|enlighten|give)\s+(?:me|us)\b
      | ^\W*(?:\w+\W+){0,3}?(?:please|pls|plz|kindly)\s+(?:specify|clarify|elaborate|be\s+more\s+specific
        |advi[sc]e\b(?!\s+(?:him|her|them|your)))
      | ^(?:\S+\s+){0,10}(?:give|drop|send|shoot)\s+(?:me|us)\s+(?:an?\s+)?
        (?:call|ring|line|message|msg|pm|e?-?mail|text|note|sms)\b
      | ^(?:\S+\s+){0,10}?(?:e-?mail|pm|contact|call|msg|message|text|ring)\s+me\b
        (?!\s+(?!(?:at|on|in|if|when|for|to|and|or|with|back|now|today|pls|please|thanks)\b)[a-z])
      | ^\W*(?:\w+\W+){0,2}?let\s+(?:me|us)\s+know\b | \btell\s+us\s+(?:more|your|what|which|how|where)\b
      | ^\W*specify\b
      | \b(?:i|we)\s+(?:\w+\s+)?need\s+(?:some\s+|a\s+(?:bit|little|few)\s+)?more\s+(?:info\w*|details?)\b
      | ^\W*(?:i|we)\s+(?:\w+\s+)?(?:want|need|am\s+looking\s+for|['’]m\s+looking\s+for)\b[^.!?]{0,30}
        \b(?:contact|phone|number|address|e-?mail|details|info\w*)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_THANKS = re.compile(r"^\W*(?:many\s+|lots\s+of\s+)?(?:thanks|thank\s*(?:you|u)|thx|tnx)\b(?!\s+to\b)", re.IGNORECASE)
_GREETS = re.compile(
    r"""^\W*(?:
        (?:good|best\s+of)\s+luck | welcome | congrat\w* | cheers | all\s+the\s+best | good\s+(?:morning|evening|day)
      | (?:happy|merry)\s+(?:birthday|new\s+year|christmas|eid|ramadan) | hope\s+(?:this|that|it)\s+helps | god\s+bless
      | have\s+(?:fun|an?\s+(?:nice|great|good|lovely)\s+\w+) | enjoy(?:\s+(?:it|yourself|your\s+\w+))?(?=\W*$)
      | (?:mama\s+mia|omg|wow|lol|haha\w*|hehe\w*|yikes|duh|amen)(?=\W*$)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HOUSE = re.compile(
    r"""\b(?:(?:in|on|to|of|for|from)\s+)(?:this|the|our|another|separate)\s+(?:main\s+)?(?:forum|sub-?forum|message\s+board)s?\W*$
      | \b(?:mods?|moderators?|admins?)\b[^.!?]{0,40}\b(?:delete|close|lock|ban|move|remove|warn)\w*
      | \b(?:delete|close|lock|ban|move|remove)\w*\b[^.!?]{0,30}\b(?:mods?|moderators?|admins?)\b
      | \b(?:hijack|bump)\w*\s+(?:(?:this|the|your|my|a)\s+)?threads?\b | \b(?:wrong|right|correct)\s+(?:sub-?)?forum\b
      | ^\W*\[?(?:img|image)_?(?:assist|link)\b | ^[\s"'“”]*([_=~*-])\1{4,}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_INSULTS = re.compile(
    r"""^\W*(?:you|u|your\s+\w+|he|she|they|this\s+(?:guy|man|woman|person))\s*(?:['’]re|['’]s|\s(?:is|are|r|must\s+be))\s+
        (?:(?:an?|the|such|so|just|really|very|all|total|complete|bloody|big|real)\s+)*
        (?:idiots?|fools?|criminals?|morons?|stupid|losers?|jerks?|liars?|lunatics?|crazy|insane|racists?|pathetic|ignorant
        |disgusting|trolls?|clowns?|hypocrites?)\W*$
      | ^\W*(?:shame\s+on|get\s+a\s+life|grow\s+up|shut\s+up|go\s+to\s+hell)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OPENS = re.compile(
    r"""^\W*(?:(?:many\s+|a\s+lot\s+of\s+)?th(?:anks|anx|x|ank\s+(?:you|u))\b | lol\b
        | ha(?:ha)+ | rofl\b | lmao\b | good\s+luck\b | welcome\b | same\s+here\b | bump\b | following\b | congrat
        | (?:so\s+)?sorry\s+to\s+hear | me\s+too\b
        | (?:great|good|nice|interesting)\s+(?:question|post|thread|topic)\b | hope\s+(?:this|that|it)\b | cheers\b
        | (?:no|not\s+a)\s+idea\b | i\s+(?:do\s+not|don['’]?t)\s+know\b | i\s+wonder\b
        )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CREDIT = re.compile(r"[-–—]\s+\w[^.!?]*$")


def chats(sentence: str) -> bool:
    """Whether a sentence is said to somebody for the moment, or by the house, and advises nobody who reads it later."""
    words = len(sentence.split())
    if words <= GREETING and _GREETS.match(sentence):
        return True
    if words <= THANKS and _THANKS.match(sentence):
        return True
    return any(one.search(sentence) for one in (_ASKS_BACK, _HOUSE, _INSULTS))


def opens_chat(sentence: str) -> bool:
    """Whether a sentence opens as talk does, however long it is; what advises may ("Good luck, and wear a helmet")."""
    return bool(_OPENS.match(sentence))


def names_source(sentence: str, gap: str) -> bool:
    """Whether a sentence only names who said what stands before it on its line: "... and sugar. - Twisted Tea FAQs".

    Args:
        sentence: A sentence.
        gap: What stands between it and the sentence before it; empty at the start of a post.
    """
    return bool(gap) and "\n" not in gap and len(sentence.split()) <= CREDIT and bool(_CREDIT.match(sentence))
