"""What is asked, standing alone: the filters taken out, and a follow-up joined with what the talk is about.

A follow-up leaves out what was said before ("and if it only hurts going downhill?"); read alone it finds anything. It
is known by how it begins, by words that point back, and by how little it says; then the question that opened the
subject is put before it. Who says so, or asks something that stands by itself, has changed the subject, and nothing of
the talk is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from threadwise.corpus.filters import Filters
from threadwise.errors import QueryError
from threadwise.retrieval.contractions import and_bare
from threadwise.retrieval.naming import named
from threadwise.retrieval.syntax import NO_FILTERS, Parsed, parse

STANDS_ALONE = 4
"""Words with meaning from which a question without any sign of a follow-up stands by itself."""

NOISE = 2
"""Words without one that is known from which a text is keys that were struck; a single one may be a rare word."""

REMEMBERED = 300
"""Characters of the subject's opening question that are put before a follow-up."""

_CHANGES = re.compile(
    r"""^\W*(?:(?:ok(?:ay)?|right|thanks?(?:\s+you)?|thx|got\s+it|great|cool|fine|good|well|so|and|now|but)\b[\s,.!;:]*)*
    (?:(?:(?:something|anything)\s+)?(?:\w+\s+)?(?:other|another|different|new|next|separate|unrelated)\s+
         (?:thing|question|topic|subject|problem|matter|one|issue)s?\b
      |(?:something|a?nother)\s+(?:\w+\s+)?(?:else|different)\b
      |(?:leave|forget|drop|enough\s+of|never\s*mind)\s+(?:that|this|it|about\s+(?:that|it))\b(?:\s+for\s+now)?
      |never\s*mind\b|change\s+of\s+(?:subject|topic)\b|by\s+the\s+way\b|btw\b|anyway\b|unrelated\b|off[\s-]topic\b
      |on\s+(?:a|an|another)\s+(?:\w+\s+)?(?:note|subject|topic)\b|switching\s+(?:to|topics?|subjects?)\b
      |(?:got\s+it|thanks|ok(?:ay)?|right)[\s,.!;]+now\b)[\s,.:;!?-]*""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENS = re.compile(
    r"""^\W*(?:(?:ok(?:ay)?|right|thanks|hm+|yes|no|yeah|ah|oh)\b[\s,.!;:]*)*
    (?:and|but|or|so|then|also|plus|though|except|instead|even|same|still
      |what\s+about|how\s+about|what\s+if|what\s+then|any\s+more|anything\s+else|why\s+not|which\s+(?:one|of)|for\s+how)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTS_BACK = re.compile(
    r"""\b(?:it|its|that|this|these|those|they|them|their|theirs|he|him|his|she|her|hers|mine|one|ones|others?
       |instead|though|already|either|neither|afterwards?|meanwhile|again|too)\b
      |\bthen\W*$|\bas\s+well\b|\bthere\b(?!\s+(?:is|are|was|were|any|a\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_THIS = re.compile(
    r"""\W*(?:(?:hi|hello|hey|ok(?:ay)?|so|please|and)\b[\s,.!]*)*(?:
      (?:what|how\s+much)\s+(?:can|do|could)\s+you\s+(?:do|know|answer|offer)(?:\s+(?:for\s+me|here))?
      |who\s+(?:are|made|runs|wrote)\s+(?:you|this)|what\s+are\s+you(?:\s+for)?|are\s+you\s+(?:a\s+)?(?:ro)?bot
      |are\s+you\s+(?:an?\s+)?(?:ai|human|person|machine|real|real\s+person|chat\s*bot)
      |what(?:['’]?s|\s+is)\s+this(?:\s+(?:site|page|place|app|program|thing|for|about))*
      |what(?:['’]?s|\s+is)\s+(?:threadwise|your\s+(?:name|purpose|job))
      |how\s+(?:do|does|can|should)\s+(?:you|this|it|i\s+use\s+(?:this|it|you))(?:\s+(?:site|page|app|program|thing))?
          (?:\s+(?:works?|answer|help\s+me))?
      |how\s+does\s+threadwise\s+work|where\s+do\s+(?:you|your\s+answers|these\s+answers)\s+(?:get|come)\b[\w\s]{0,30}
      |(?:can|could)\s+you\s+help(?:\s+me)?|(?:i\s+need\s+)?help(?:\s+me)?
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
"""A question about what answers here; in the middle of a talk "what is this for?" asks about its subject."""

_GREETING = re.compile(r"\bgood\s+(?:morning|day|afternoon|evening|night)\b|\bnever\s+mind\b", re.IGNORECASE)
_DRAWN = re.compile(r"(\w)\1{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
EMPTY = and_bare(
    """a about after all also always am an and any anyone anybody are aren't as at back be been before being best better
    but by can can't cannot could couldn't did didn't do does doesn't doing don't down else enough ever every everything
    few for from get gets getting give go goes going good got had has have haven't help helps here hi hello how i i'd
    i'll i'm i've if in into is isn't just keep know like long lot make many may maybe me might more most much must my
    need never new no nobody not nothing now of off ok okay on only or other our out over people please put quite
    really right same say see should shouldn't since so some somebody someone something sometimes still stuff such
    take tell than thank thanks that's the their then there thing things think time to try tried trying two under
    until up us use using very want wants was wasn't way we well were what what's when where which while who why will
    with without won't work worked works would wouldn't yes yet you you're your""".split()
)
"""Words that say nothing of what is asked."""

_COURTESY = frozenset(
    """ok okay k kk thanks thank thx ty ta cheers hello hi hey hiya howdy yo bye goodbye welcome please sorry great cool
    nice fine good perfect awesome brilliant wow yes yeah yep yup no nope nah sure right alright lol haha hm hmm um uh
    er ah oh you so very much a lot all guys folks everyone everybody mate got it that helped helps nevermind""".split()
)
"""What people say to be kind, or to have said something; in the middle of a talk too it asks nothing."""

_IDLE = (
    (EMPTY - {"back", "down", "time", "under", "work"})
    | _COURTESY
    | frozenset(
        """huh eh advice advise tip tips suggestion suggestions idea ideas recommendation recommendations recommend hint
        hints info information answer answers question questions ask asking problem problems issue issues explain show
        test testing this these those its it's idk dunno anything quick works worked working""".split()
    )
)
"""Words that give nothing to look for, however many of them stand together."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question that can be understood without the talk before it.

    `text` is all that is searched for. Where it is a follow-up, its first line is the `topic` that it follows up. An
    `outcome` is wanted where somebody must have told what came of it. `earlier` are the questions of the talk before
    it, as typed, oldest first. `idle` says that nothing is asked that could be looked for, `about_this` that what
    answers here is itself asked about, `person` who of the forum is asked about, `changed` that somebody says to ask
    about something else now, `strange` that a follow-up has no word of its own that the corpus or the encoder knows.
    """

    text: str
    filters: Filters = NO_FILTERS
    outcome: bool = False
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    topic: str = ""
    earlier: tuple[str, ...] = ()
    idle: bool = False
    about_this: bool = False
    person: str = ""
    changed: bool = False
    strange: bool = False

    @property
    def own(self) -> str:
        """The question without the topic that it follows up."""
        return self.text.removeprefix(f"{self.topic}\n")


def understand(
    question: str,
    history: Sequence[str] = (),
    author: Callable[[str], str] | None = None,
    is_word: Callable[[str], bool] | None = None,
) -> Query:
    """Make one standalone query of a question and the questions before it.

    Args:
        question: As typed, filters included.
        history: The earlier questions of this talk, oldest first. Their filters hold for follow-ups too, until others
            are set.
        author: Gives the name under which somebody of a typed name has posted; empty where nobody has.
        is_word: Says whether a lower-case word is known to be one.

    Raises:
        QueryError: A filter is wrong, or there is nothing beside filters to search for.
    """
    parsed = parse(question)
    if _ABOUT_THIS.fullmatch(parsed.text) and (not history or not _POINTS_BACK.search(parsed.text)):
        return replace(_query(parsed, ""), idle=True, about_this=True)
    if author and (asked := named(parsed.text)) and (person := author(asked.name)):
        if not _meaningful(asked.about):
            return replace(_query(parsed, ""), idle=True, person=person)
        parsed = replace(parsed, text=asked.about, filters=replace(parsed.filters, authors=(person,)))
        return _query(parsed, "")
    if parsed.text and not parsed.phrases and _is_idle(parsed.text, _COURTESY if history else _IDLE):
        if not parsed.filters.tags:
            return replace(_query(parsed, ""), idle=True)
        parsed = replace(parsed, text="")  # "any advice tag:knees" asks about knees
    parsed = _own(parsed)
    history = [said for said in history if not (_is_idle(said, _IDLE) or _ABOUT_THIS.fullmatch(said))]
    if not history or _is_fresh(parsed.text):
        changed = bool(history) and _CHANGES.match(parsed.text) is not None
        return replace(_query(replace(parsed, text=_without_the_change(parsed.text)), ""), changed=changed)
    topic, filters = _subject(history)
    if not parsed.filters:
        parsed = replace(parsed, filters=filters)
    if not topic or (is_word and _is_noise(parsed.text, is_word)):
        return _query(parsed, "")
    strange = is_word is not None and _is_strange(parsed.text, is_word)
    return replace(_query(replace(parsed, text=f"{topic}\n{parsed.text}"), topic), strange=strange)


def _is_idle(text: str, idle: frozenset[str]) -> bool:
    """Whether a text has idle words alone, however long they are drawn ("okaaay"); a number may be looked for."""
    if any(sign.isdigit() for sign in text):
        return False
    words = (match.group().lower().replace("’", "'") for match in _WORD.finditer(_GREETING.sub(" ", text)))
    return all(word in idle or _DRAWN.sub(r"\1", word) in idle for word in words)


def _own(parsed: Parsed) -> Parsed:
    """A query of filters alone looks for what they name."""
    if parsed.text:
        return parsed
    if not parsed.filters.tags:
        raise QueryError(
            "There are only filters in the question. Add what you want to know, as in `status:solved sore knee`."
        )
    return replace(parsed, text=" ".join(parsed.filters.tags))


def _query(parsed: Parsed, topic: str) -> Query:
    return Query(parsed.text, parsed.filters, parsed.outcome, parsed.phrases, parsed.excluded, topic)


def _is_fresh(text: str) -> bool:
    """Whether a question in a talk changes the subject."""
    if _CHANGES.match(text):
        return len(_meaningful(_without_the_change(text))) > 0
    if _OPENS.match(text) or _POINTS_BACK.search(text):
        return False
    return len(_meaningful(text)) >= STANDS_ALONE


def _is_noise(text: str, is_word: Callable[[str], bool]) -> bool:
    """Whether a text has no sign of a follow-up and no word that is known, and not just one that may be rare."""
    signs = _OPENS.match(text) or _POINTS_BACK.search(text)
    return not signs and len(_WORD.findall(text)) >= NOISE and _is_strange(text, is_word)


def _is_strange(text: str, is_word: Callable[[str], bool]) -> bool:
    """Whether a text has words that say something, and none of them is known."""
    words = _meaningful(text)
    return bool(words) and not any(map(is_word, words))


def _without_the_change(text: str) -> str:
    """A question without the words that say it is about something else."""
    rest = _CHANGES.sub("", text, count=1).strip()
    return rest if _meaningful(rest) else text


def _meaningful(text: str) -> list[str]:
    return [word for match in _WORD.finditer(text) if (word := match.group().lower().replace("’", "'")) not in EMPTY]


def _subject(history: Sequence[str]) -> tuple[str, Filters]:
    """The last question that stood by itself, on one line, and the filters in force."""
    topic, filters = "", NO_FILTERS
    for place, said in enumerate(history):
        parsed = Parsed(said)
        with suppress(QueryError):  # it was refused when it was asked
            parsed = parse(said)
        if place == 0 or not topic or _is_fresh(parsed.text):
            topic, filters = _without_the_change(parsed.text), parsed.filters
        elif parsed.filters:
            filters = parsed.filters
    return " ".join(topic.split())[:REMEMBERED].strip(), filters
