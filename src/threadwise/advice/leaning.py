"""Tell whether a statement can be followed by somebody who has not read what it answers, or what stands beside it.

"Right for two-handle taps" says nothing to whoever did not read the post before it. What answers the question may speak
of "it", as the reader has asked about it; what answers another reply may not. "Furthermore, ..." goes on with the
sentence before it, and "This could not be further from the truth" turns that round.
"""

from __future__ import annotations

import re

from threadwise.advice.people import objects
from threadwise.domain import Post, Thread

_LOOKS_BACK = re.compile(
    r"\b(?:till|until|by|before|after|since|from)\s+then\b|\b(?:see|as)\s+(?:i\s+said\s+)?above\b", re.IGNORECASE
)
_ANSWERS = re.compile(
    r"""^\W*(?:
        (?:(?:and\s+|so\s+|but\s+)?then|or|also\s+that['’]?s|true|right|fair(?:\s+enough)?|same|sure|ha|hm+|well\s+done|could\s+(?:well\s+)?be
          |probably|yes|yep|no|nope|not|nah|neither|both|depends|hurts|works)\b(?!\s+now\b)
      | for\s+(?:the|that|those|these)\s+(?:\w+\s+)?(?:one|two|three|four|other|others|last|rest|first)\b
      | (?:\w+\W+){0,2}(?:it|its|it['’]s|this|that|that['’]s|them|those|these|they)\b
      | on\s+the\s+\w+\?
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_BESIDE_AN_ADDRESS = 8
"""Words beside an address up to which a sentence only says to open it."""

_OPENS = re.compile(
    r"\b(?:see|look|check|read|visit|find|sourced?|links?|articles?|page|here|this|following)\b", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"""\b(?:find|found|see|read|look|check|discuss\w*|explain\w*|describ\w*|answer\w*|article|links?|listed|details?|offering)\b
          [^.!?;:]*\bhere\b[\s.!:)]*$
      | ^\W*an?\s+(?:(?:quick|simple|short|web|google|internet)\s+)*search\b
      | \b(?:check\s+out|look\s+at|see|read)\s+(?:this|these|the\s+following)\s+(?:\w+\s+){0,4}
        (?:articles?|links?|pages?|threads?|questions?|blogs?|websites?|videos?|papers?|answers?)\b[^.!?;]*[\s.!:)]*$
    """,
    re.IGNORECASE | re.VERBOSE,
)

_CONTINUES = re.compile(
    r"""^\W*(?:
        furthermore|moreover|in\s+addition(?!\s+to)|additionally|besides(?=\s*,)|likewise|similarly|thus|hence|therefore
      | consequently|accordingly|as\s+a\s+(?:result|consequence)|secondly|thirdly|for\s+(?:example|instance)|namely
      | say(?=,\s) | in\s+(?:other\s+words|more\s+detail|particular(?=,)|that\s+case|this\s+case|turn)
      | more\s+(?:precisely|generally|specifically)|specifically(?=,)|by\s+contrast|in\s+contrast(?!\s+to)
      | (?:the\s+)?(?:latter|former)\b | the\s+other\s+(?:one|two)s?\b
    )\b
  | \bas\s+(?:i|we)(?:['’]ve|\s+have)?\s+(?:already\s+|also\s+)?
        (?:mentioned|said|wrote|written|posted|noted|explained|pointed\s+out)\b
  | \bas\s+(?:mentioned|said|noted|stated|discussed|explained|described)\s+(?:above|before|earlier|already|previously)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_SUBJECT = re.compile(
    r"^\W*(?:(?:also|only)\s+)?(?:contains|includes|features|covers|comes|takes|provides|offers|discusses|explains|describes|focuses"
    r"|gives|uses|lacks|starts|treats)\b",
    re.IGNORECASE,
)
_SUBJECT = r"(?:this|that|these|those|which|it|they|all\s+of\s+(?:this|that|it))"
_IS = r"(?:['’]s|['’]re|\s+(?:is|are|was|were))(?:n['’]t)?"
_QUITE = (
    r"(?:\s+(?:simply|just|completely|totally|absolutely|plainly|quite|all|of\s+course|actually|really|also|both|not"
    r"|a|an|the|common|widespread))*"
)
_TAKES_BACK = re.compile(
    rf"""^\W*(?:(?:but|well|now|and|in\s+(?:fact|reality)|actually|sorry|of\s+course|i\s+think|i['’]m\s+afraid),?\s+)*(?:
        {_SUBJECT}(?:\s+(?:view|idea|claim|belief|argument|opinion|statement|advice))?(?:
            {_IS}{_QUITE}\s+(?:wrong|false|untrue|nonsense|rubbish|bull\w*|incorrect|mistaken|myths?|misconceptions?
                |misunderstandings?|fallac(?:y|ies)|lies?|old\s+wives\W+tales?)\b(?!\s+(?:to|with|if|when|in|for|about)\b)
          | (?:['’]s|\s+(?:is|was))(?:n['’]t|\s+not)(?:\s+(?:at\s+all|really|actually|quite|even|entirely|necessarily))*
            \s+(?:true|so|right|correct|the\s+case)\b
          | \s+(?:could\s+not|couldn['’]t|can\s?not|can['’]t)\s+be\s+further\b
        )
      | nothing\s+could\s+be\s+further\b | far\s+from\s+(?:it|the\s+truth)\b
      | (?:not\s+(?:true|so)|wrong|nonsense)\s*[.!] | (?:quite\s+)?(?:on\s+)?the\s+contrary\b
      | (?:quite|just|exactly)\s+the\s+(?:opposite|reverse)\b | the\s+opposite\s+is\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TURNS = re.compile(
    r"""^\W*(?:however|but|that\s+(?:being\s+)?said|having\s+said\s+that|on\s+the\s+other\s+hand|then\s+again|unfortunately|sadly
        |nevertheless|nonetheless|(?:the|my|your|one)\s+(?:only\s+|big\s+|main\s+)?(?:problem|trouble|catch|drawback|downside
        |disadvantage|snag)\b(?:\s+with\s+(?:it|this|that|them|these|those))?(?=\s*(?:is|being|:|,)))\b""",
    re.IGNORECASE | re.VERBOSE,
)


def continues(sentence: str) -> bool:
    """Whether a sentence goes on with the one before it by its first words: "Furthermore, ...", "As I said, ..."."""
    return bool(_CONTINUES.search(sentence))


def lacks_subject(sentence: str) -> bool:
    """Whether a sentence leaves out what it speaks of, as below the title of a book: "Contains fine exercises." """
    return bool(_NO_SUBJECT.match(sentence))


def takes_it_back(sentence: str) -> bool:
    """Whether a sentence says that the one before it is wrong: "This could not be further from the truth."."""
    return bool(_TAKES_BACK.match(sentence))


def turns(sentence: str) -> bool:
    """Whether a sentence limits the one before it: "However, ...", "The downside is ..."."""
    return bool(_TURNS.match(sentence))


def points_elsewhere(sentence: str) -> bool:
    """Whether a sentence only says where to read: "You can find a discussion here.", "Also have a look at https://…".

    An exported post has lost what "here" led to, and who asks wants to know what stands there.
    """
    rest, addresses = _ADDRESS.subn(" ", sentence)
    if addresses and len(rest.split()) <= _BESIDE_AN_ADDRESS and (not rest.split() or _OPENS.search(rest)):
        return True
    return bool(_ELSEWHERE.search(sentence))


def looks_back(sentence: str) -> bool:
    """Whether a sentence speaks of a time or a place that another one names: "till then", "see above"."""
    return bool(_LOOKS_BACK.search(sentence))


def leans(thread: Thread, post: Post, start: int, opening: str) -> bool:
    """Whether a statement answers somebody else than the question, in words that need what it answers.

    A warning is understood without it ("No bleach, please"), and is shown beside what it warns against where that is
    known.

    Args:
        thread: The thread.
        post: The post that it stands in.
        start: Where in the post it starts.
        opening: Its first sentence.
    """
    to = thread.post(post.reply_to) if post.reply_to else None
    if to is None or to.id == thread.question.id or post.text[:start].strip():
        return False
    return bool(_ANSWERS.match(opening)) and not objects(opening)
