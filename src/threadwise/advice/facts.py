"""What people state where nobody needs to advise: "He was an English author." answers "Who was Michael Jackson?".

A question of fact is answered by who states it; there, and where nobody in a thread advises anything, what its replies
state may be quoted as well. Such a statement is a stretch of one paragraph of a reply, verbatim like any other
(docs/decisions/0016-what-replies-state.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from threadwise.advice.chatter import opens_chat
from threadwise.advice.leaning import leans, points_elsewhere
from threadwise.advice.lists import ends, ends_with_a_colon
from threadwise.advice.people import agrees
from threadwise.advice.sentences import Sentence, read_post
from threadwise.advice.statements import Statement, of_thread
from threadwise.advice.words import denied, stems, telling
from threadwise.domain import Post, Thread

LONGEST = 300
"""Characters of a stretch that is quoted; what is stated is followed by how somebody knows it."""

LONGEST_ASKED = 300
"""Characters of a title that are read for what it asks; 20,000 dashes would take a quarter of a minute."""

PLAINLY = 0.6
"""Probability of advising below which a sentence is taken to state something where a fact was asked for."""

SHORT = 80
"""Characters below which a paragraph is read on into the next one."""

FEWEST_STEMS = 3
"""Telling words below which a stretch states nothing to whoever did not ask ("Hope it helps.")."""

_ASKS = re.compile(
    r"""(?:^|[.!?,;:–—-]\s+|\b(?:and|but|so|or)\s+)\W*(?:(?:and|but|so|or|hi|hello|ok)\b\W*)*(?:
        (?:what|which|who|whose|why|when|where)\b
      | how\s+(?:much|many|long|hot|strong|old|far|big|deep|tall|thick|often|common|different|is|are|was|were|does|did
                 |do\s+(?:they|the|people))\b
      | (?:is|are|was|were|does|do|did|has|have)\s+
          (?!(?:i|we|you|any(?:one|body|thing)|some\w*|this|that|it|these|those)\b)\w+
      | (?:does|did|has)\s+(?:it|that|this)\b
    )(?![^.!?,;]*\b(?:i|i['’]\w+|we|my|our|me)\b)
    | \b(?:differences?\s+between|meaning\s+of|origins?\s+of|history\s+of|definition\s+of|mean[st]?\s+by)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WANTS_ADVICE = re.compile(
    r"""\b(?:should|shall|must|can|could|would|do)\s+(?:i|we|you|one|my)\b | \bhow\s+to\b | \bways?\s+(?:to|of|for)\b
      | \brecommend(?:ations?|s|\s+me|\s+\w+\?)?(?:$|\W+$) | \b(?:any|please|you)\s+recommend | \badvice\b | \btips?\b
      | \bsuggest(?:ions?)? | \bwhat\s+(?:helps?|helped|works?|worked)\b | \bhelp\s+(?:me|with|please|needed)\b
      | \bget\s+rid\b""",
    re.IGNORECASE | re.VERBOSE,
)


def asks_for_fact(question: str) -> bool:
    """Whether a question wants to know what is so, not what to do.

    `why is Guinness everywhere in Malaysia` does, `what can I do about hiccups` does not.
    """
    opening = question[:LONGEST_ASKED]
    return bool(_ASKS.search(opening)) and not _WANTS_ADVICE.search(opening)


@lru_cache(maxsize=512)
def answering(thread: Thread) -> tuple[Statement, ...]:
    """The statements of a thread that may answer, in order: what it advises, and what it states where that is wanted.

    That is where the thread asks for a fact, where nobody in it advises anything, and in a reply that the forum thinks
    well of and that does not plainly advise.
    """
    advising = of_thread(thread)
    wanted = asks_for_fact(thread.heading) or not any(one.alone for one in advising)
    said: dict[str, list[Statement]] = defaultdict(list)
    for one in advising:
        said[one.post.id].append(one)
    most = max((post.score or 0 for post in thread.posts[1:]), default=0)
    found: list[Statement] = []
    for post in thread.posts[1:]:
        advice = said[post.id]
        if wanted or _trusted(post, most, advice):
            if wanted:
                advice = [one for one in advice if not one.alone or one.advice >= PLAINLY]
            if not post.is_asker and post.reply_to in (None, thread.question.id):
                advice = [*advice, *stated(thread, post, [(one.start, one.end) for one in advice])]
        found += sorted(advice, key=lambda one: one.start)
    return tuple(found)


def _trusted(post: Post, most: int, advice: Sequence[Statement]) -> bool:
    """Whether a reply that does not plainly advise is liked as much as its thread's best, or half as much."""
    liked = post.accepted or 0 < most <= 2 * (post.score or 0)
    return liked and not any(one.alone and one.advice >= PLAINLY for one in advice)


def stated(thread: Thread, post: Post, advised: Sequence[tuple[int, int]] = ()) -> Iterator[Statement]:
    """What a post states outside of the spans in which it advises, in order."""
    for run in _runs(read_post(post), advised):
        while run and (points_elsewhere(run[0].text) or _heads(run)):
            run.pop(0)
        while run and ends_with_a_colon(run[-1].text):
            run.pop()
        if len(telling(stem for one in run for stem in stems(one.text))) >= FEWEST_STEMS:
            yield _statement(thread, post, run)


def _runs(sentences: Sequence[Sentence], advised: Sequence[tuple[int, int]]) -> Iterator[list[Sentence]]:
    """Stretches of sentences that state something, each within a paragraph and not too long."""
    run: list[Sentence] = []
    for one in sentences:
        states = not (one.quoted or one.asks or one.joke or one.aside or _chats(one.text) or _inside(one, advised))
        if run and (not states or _ends(run, one) or one.end - run[0].start > LONGEST):
            yield run
            run = []
        if states:
            run.append(one)
    if run:
        yield run


def _ends(run: Sequence[Sentence], following: Sentence) -> bool:
    """Whether a paragraph ends a stretch; "Almost but not boiling." above one says too little alone."""
    return following.block != run[-1].block and run[-1].end - run[0].start >= SHORT


def _chats(text: str) -> bool:
    return agrees(text) or opens_chat(text)


def _inside(sentence: Sentence, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < sentence.end and sentence.start < end for start, end in spans)


def _heads(run: Sequence[Sentence]) -> bool:
    """Whether a heading opens it: words without a full stop, with a paragraph below."""
    return len(run) > 1 and run[1].block != run[0].block and not ends(run[0].text)


def _statement(thread: Thread, post: Post, run: Sequence[Sentence]) -> Statement:
    start, end = run[0].start, run[-1].end
    text = post.text[start:end]
    words = frozenset(stems(text))
    return Statement(
        thread=thread,
        post=post,
        start=start,
        end=end,
        advice=max(one.advice for one in run),
        core=text,
        words=words,
        says=words,
        denies=denied(text),
        leans=leans(thread, post, start, run[0].text),
        frame=(start, end),
        states=True,
    )
