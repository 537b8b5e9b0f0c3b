"""Cut a post into statements: spans that advise and can be shown on their own.

A statement is one advising sentence with what it cannot do without: the sentence that its "it" or "then" points back
to, the condition that stands in the sentence after it ("Only if it is dull, not sharp."), the list that its colon
opens. A statement is always one contiguous span of one post, so that it stays verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from threadwise.advice.jokes import is_verdict
from threadwise.advice.leaning import (
    continues,
    lacks_subject,
    leans,
    looks_back,
    points_elsewhere,
    takes_it_back,
    turns,
)
from threadwise.advice.lists import FEW_WORDS, LONGEST, LONGEST_LIST, ends_with_a_colon, leads, list_end, titles
from threadwise.advice.people import about_posts, agrees, objects
from threadwise.advice.sentences import Sentence, read_post
from threadwise.advice.words import denied, stems, telling, tokens
from threadwise.domain import Post, Thread

SHORT = 120
"""Characters below which advice is shown with the rest of its paragraph."""

REASON = 240
"""Most characters of that rest."""

BRIEF = 12
"""Words below which advice that ends its paragraph is shown with what stands before it."""

QUOTED = 40
"""Characters from which the same words in question and reply are a quote; "See a doctor today" anybody may say."""

_BACK = frozenset(
    "it its it's that that's this these those they them they're their he she him her his he's she's one ones both "
    "there then so else otherwise instead same neither either".split()
)
_JOINS = frozenset("but or then so otherwise afterwards not nor yet only because".split())
_ADDS = ("but", "and", "or ", "nor")
_CONDITION = re.compile(
    r"""\W*(?:(?:but|and|though|just|or)\s+)?(?:
        only\b | unless\b | except\b | provided\b | as\ long\ as\b | assuming\b | depends\b | careful\b
      | not\ (?:if|for|when|on|with|before|in)\b | never\ (?:on|in|with|if|when)\b
      | if\ (?:it|that|you|not|he|she|they|there|your|the)\b
      | don['’]?t\ (?:do|try|use)\ (?:it|that|this)\b | best\ for\b | works?\ (?:only|best)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_FORMULA = re.compile(r"\$\$.*?\$\$|\\[a-zA-Z]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """A span [start, end) of one post that advises, that agrees with somebody's advice, or that `states` a fact.

    `core` is the text of its advising sentences, `words` their stems, `says` the stems of the whole span, `denies`
    those that it negates; `seconds` the ids of the posts that it agrees with; `alone` whether it may be shown as
    advice of its own ("Agree with Ben." may not); `leans` that whoever has not read what it answers, or what it links
    to, cannot follow it.
    `frame` is the span that it may be widened to where nobody else's voice counts for it: the list that it is an item
    of, with what opens it, else its paragraph.
    """

    thread: Thread
    post: Post
    start: int
    end: int
    advice: float
    core: str
    words: frozenset[str] = frozenset()
    says: frozenset[str] = frozenset()
    denies: frozenset[str] = frozenset()
    seconds: tuple[str, ...] = ()
    alone: bool = True
    leans: bool = False
    frame: tuple[int, int] = (0, 0)
    listed: bool = False
    states: bool = False

    @property
    def text(self) -> str:
        """Exactly the span."""
        return self.post.text[self.start : self.end]


@lru_cache(maxsize=512)
def of_thread(thread: Thread) -> tuple[Statement, ...]:
    """What the repliers of a thread advise, in order; the spans of one post do not overlap."""
    return tuple(one for post in thread.posts if not post.is_asker for one in statements(thread, post))


def statements(thread: Thread, post: Post) -> list[Statement]:
    """What a post advises, in order; the spans do not overlap."""
    sentences = read_post(post)
    spans: list[tuple[int, int]] = []
    for at, sentence in enumerate(sentences):
        if not (spans and at <= spans[-1][1]) and (sentence.advises or _seconds(sentence) or _warns(sentence, post)):
            first, last = _around(sentences, at, spans[-1][1] + 1 if spans else 0)
            if first <= last:
                spans.append((_opening(sentences, first, last), last))
    return [_statement(thread, post, sentences, first, last) for first, last in spans]


def _opening(sentences: Sequence[Sentence], first: int, last: int) -> int:
    """Where a statement opens: after what goes on with something not shown, if the next sentence stands alone."""
    if first == last or not continues(sentences[first].text):
        return first
    after = sentences[first + 1]
    alone = after.advises and not after.item_start and not continues(after.text) and _says_something(after)
    return first + 1 if alone and tokens(after.text)[0] not in _BACK | _JOINS else first


def widened(statements_: Sequence[Statement]) -> Statement:
    """One statement of several that stand in one frame: a whole list, or a stretch of a paragraph, reasons and all."""
    first = statements_[0]
    start, end = first.frame if first.listed else _read_on(first, statements_[-1].end)
    return replace(
        max(statements_, key=lambda one: one.advice),
        start=start,
        end=end,
        core=" ".join(one.core for one in statements_),
        words=frozenset().union(*(one.words for one in statements_)),
        says=frozenset(stems(first.post.text[start:end])),
        denies=frozenset().union(*(one.denies for one in statements_)),
        alone=True,
    )


def _read_on(first: Statement, end: int) -> tuple[int, int]:
    """Short advice with what its paragraph says beside it: what comes after, as that is mostly why, else before."""
    after = _with_reason(first, end)
    return (first.start, after) if after > end else (_with_setting(first, end), end)


def _with_reason(first: Statement, end: int) -> int:
    rest = first.post.text[end : first.frame[1]]
    reads_on = len(rest) <= REASON and "?" not in rest and not leads(rest)
    return first.frame[1] if end - first.start < SHORT and reads_on else end


def _with_setting(first: Statement, end: int) -> int:
    """Where a few words begin that say too little alone: "4 minutes in the pan from frozen." needs what is frozen."""
    if len(first.post.text[first.start : end].split()) >= BRIEF:
        return first.start
    before = [one for one in read_post(first.post) if first.frame[0] <= one.start < first.start]
    while before and (not _says_something(before[0]) or continues(before[0].text)):
        before.pop(0)  # "Oh dear.", or what needs a setting itself
    told = before and first.start - before[0].start <= REASON and not any(one.asks or one.quoted for one in before)
    return before[0].start if told else first.start


def _warns(sentence: Sentence, post: Post) -> bool:
    """Whether somebody warns against the post they reply to: "And no vinegar, please." """
    unsaid = sentence.joke or sentence.quoted or sentence.asks
    return bool(post.reply_to) and not unsaid and objects(sentence.text)


def _seconds(sentence: Sentence) -> bool:
    return not sentence.quoted and not sentence.asks and agrees(sentence.text)


def _around(sentences: Sequence[Sentence], at: int, free: int) -> tuple[int, int]:
    """First and last sentence of the statement about sentence `at`; (1, 0) where it cannot stand alone."""
    first = last = at
    if _seconds(sentences[at]):  # "Agree with mo." needs nothing before it
        free = at
    while (
        first > free
        and not sentences[first - 1].joke
        and _needs_before(sentences[first])
        and (_joined(sentences, first - 1, at) or titles(sentences, first - 1))
    ):
        first -= 1
    opens = first == 0 or sentences[first - 1].quoted  # its "it" is what was asked or quoted
    if not opens and (takes_it_back(sentences[first].text) or _follows_chatter(sentences, first)):
        return 1, 0
    if not opens and _points_back(sentences[first]) and not _says_something(sentences[first]):
        return (first, last) if _seconds(sentences[at]) else (1, 0)
    if leads(sentences[last].text):
        last = list_end(sentences, first, last)
        if last <= at or ends_with_a_colon(sentences[last].text):
            return 1, 0
        return _with_formula(sentences, first, last)
    if objects(sentences[at].text) and last + 1 < len(sentences) and _joined(sentences, first, last + 1):
        last += not sentences[last + 1].item_start  # the reason why not
    while last + 1 < len(sentences) and _goes_on(sentences[last + 1]) and _joined(sentences, first, last + 1):
        last += 1
    return _with_formula(sentences, *_with_turn(sentences, first, last))


def _follows_chatter(sentences: Sequence[Sentence], at: int) -> bool:
    """Whether a sentence goes on with what is not meant: "Your friend is a fool. But don't worry, so are we all." """
    before = sentences[at - 1]
    return before.joke and before.block == sentences[at].block and sentences[at].text[:4].lower().startswith(_ADDS)


def _with_turn(sentences: Sequence[Sentence], first: int, last: int) -> tuple[int, int]:
    """The same with what turns it round; (1, 0) where that is too long, as half of it says the opposite of the whole.

    "There is a view that ..." is nobody's advice where "This could not be further from the truth" comes next.
    """
    while last + 1 < len(sentences) and not sentences[last + 1].quoted:
        after = sentences[last + 1]
        denies = takes_it_back(after.text) and not after.item_start
        if not denies and not (turns(after.text) and after.block == sentences[last].block and not after.asks):
            break
        if after.end - sentences[first].start > LONGEST or leads(after.text):
            return (1, 0) if denies else (first, last)
        last += 1
    return first, last


def _with_formula(sentences: Sequence[Sentence], first: int, last: int) -> tuple[int, int]:
    """The same with all of a formula that it breaks off in, as `n!` looks like an end; (1, 0) where it is long."""
    while sum(one.text.count("$$") for one in sentences[first : last + 1]) % 2:
        last += 1
        if last == len(sentences) or sentences[last].end - sentences[first].start > LONGEST:
            return 1, 0
    return first, last


def _joined(sentences: Sequence[Sentence], first: int, last: int) -> bool:
    """Whether sentences may be one statement: of one paragraph, nobody else's words, not too long together."""
    run = sentences[first : last + 1]
    return (
        run[-1].end - run[0].start <= LONGEST
        and all(one.block == run[0].block for one in run)
        and not any(one.quoted for one in run)
    )


def _needs_before(sentence: Sentence) -> bool:
    """Whether a sentence leans on the one before it."""
    words = tokens(sentence.text)
    if sentence.item_start or not words:
        return False
    closes = sentence.text.partition("(")[0].count(")") > 0  # a bracket that opened in the sentence before
    leaning = _points_back(sentence) or continues(sentence.text) or lacks_subject(sentence.text)
    return words[0] in _JOINS or leaning or len(words) < 4 or closes


def _points_back(sentence: Sentence) -> bool:
    return any(word in _BACK for word in tokens(sentence.text)[:5]) or looks_back(sentence.text)


def _only_points(lead: Sentence) -> bool:
    """Whether what opens a list names nothing but a word that points back: "In it:"."""
    return _points_back(lead) and len(tokens(lead.text)) < FEW_WORDS


def _telling(core: str) -> bool:
    """Whether it names anything besides amounts, times and formulas: "About €15, half an hour." does not."""
    return bool(telling(stems(_FORMULA.sub(" ", core))) - {"agre", "right"})


def _asked(thread: Thread, core: str) -> bool:
    """Whether it stands in the question word for word: a quote of who asked, whose marks an export has lost."""
    words = " ".join(core.split())
    return len(words) >= QUOTED and words in _on_one_line(thread.question.text)


@lru_cache(maxsize=256)
def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _says_something(sentence: Sentence) -> bool:
    return len(set(stems(sentence.text))) >= 2


def _goes_on(sentence: Sentence) -> bool:
    """Whether a sentence belongs to the advice before it: its condition, or a next step that leans on it."""
    if sentence.quoted or sentence.item_start or leads(sentence.text):
        return False
    return bool(_CONDITION.match(sentence.text)) or (sentence.advises and _needs_before(sentence))


def _judges(run: Sequence[Sentence]) -> bool:
    """Whether sentences only judge what is not among them: "That's how you lose a thumb tip. No." """
    said = [one for one in run if not is_verdict(one.text) and not one.asks]
    return is_verdict(run[-1].text) and not any(one.advises or not _points_back(one) for one in said)


def _frame(sentences: Sequence[Sentence], first: int, last: int) -> tuple[int, int, bool]:
    """The span around sentences `first` to `last` that reads as one, and whether it is a list."""
    item = max(one.item for one in sentences[first : last + 1]) or _list_about(sentences, last)
    if item:
        inside = [at for at, one in enumerate(sentences) if one.item == item]
        opens, end = min(first, _list_opens(sentences, inside[0])), sentences[max(last, inside[-1])].end
        if end - sentences[opens].start > LONGEST_LIST:
            opens = min(first, inside[0])
        start = sentences[opens].start
        if end - start <= LONGEST_LIST:
            return start, end, True
        return sentences[first].start, sentences[last].end, False
    inside = [at for at, one in enumerate(sentences) if one.block == sentences[first].block]
    return sentences[inside[0]].start, sentences[inside[-1]].end, False


def _list_opens(sentences: Sequence[Sentence], item: int) -> int:
    """The sentence that opens the list of which `item` is the first: "A letter first. In it:" are both needed."""
    opens = item
    if opens and _introduces(sentences, opens - 1):
        return opens - 1
    while opens and leads(sentences[opens - 1].text) and not sentences[opens - 1].quoted:
        opens -= 1
        if opens and _only_points(sentences[opens]) and not sentences[opens - 1].quoted:
            return opens - 1
    return opens


def _introduces(sentences: Sequence[Sentence], at: int) -> bool:
    """Whether a sentence, all of its paragraph and no advice itself, says what the list after it is about."""
    one = sentences[at]
    alone = not one.item and (at == 0 or sentences[at - 1].block != one.block)
    said = not (one.advises or one.asks or one.quoted or leads(one.text))
    return alone and said and len(tokens(one.text)) >= FEW_WORDS and one.end - one.start <= REASON


def _list_about(sentences: Sequence[Sentence], at: int) -> int:
    """The number of the list whose opening words point back to a sentence, 0 where there is none."""
    after = sentences[at + 1 : at + 3]
    opens = len(after) == 2 and not after[0].item and leads(after[0].text) and _only_points(after[0])
    return after[1].item if opens else 0


def _statement(thread: Thread, post: Post, sentences: Sequence[Sentence], first: int, last: int) -> Statement:
    run = sentences[first : last + 1]
    opens, closes, listed = _frame(sentences, first, last)
    advising = [sentence for sentence in run if sentence.advises]
    core = " ".join(one.text for one in advising or run)
    seconds = next((about_posts(thread, post, one.text) for one in run if _seconds(one)), ())
    start, end = run[0].start, run[-1].end
    return Statement(
        thread=thread,
        post=post,
        start=start,
        end=end,
        advice=max(sentence.advice for sentence in run),
        core=core,
        words=frozenset(stems(core)),
        says=frozenset(stems(post.text[start:end])),
        denies=denied(core),
        seconds=seconds,
        alone=_telling(core)
        and not _asked(thread, core)
        and (bool(advising) or any(_warns(sentence, post) for sentence in run))
        and not _judges(run),
        leans=leans(thread, post, start, run[0].text)
        or continues(run[0].text)
        or (lacks_subject(run[0].text) and start > 0)
        or all(points_elsewhere(one.text) for one in advising or run),
        frame=(opens, closes),
        listed=listed,
    )
