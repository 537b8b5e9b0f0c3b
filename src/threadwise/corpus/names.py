"""Find people's names where forum text means the person, and take out what others quote of them.

Pure. A name such as "will" or "guest" is an ordinary word most of the time, so it counts as a mention only after an @
or a greeting, before "wrote", or at the head of a quotation. A name that can be nothing else ("mara_k", "TobiB7")
counts wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import lru_cache

from threadwise.domain import Post, Thread

REMOVED = "[removed]"
QUESTION_REMOVED = "[The author asked for this question to be removed.]"

_RUN = 8
"""Words in a row that are a copy and no coincidence; plagiarism detection uses runs of about this length."""

_WORD = re.compile(r"\w+")
_GREETING = r"(?i:thanks|thank\s+you|thx|ty|hi|hello|hey|dear|cheers|sorry|agree\s+with|like|what|as)[ ,]+"
_SAID = r"(?i:wrote|writes|said|says|posted|asked|replied|suggested|mentioned|schrieb)\b"
_QUOTED = r"(?i:quote\s+from|quoting|(?:originally\s+)?(?:posted|written|said)\s+by|reply\s+to|@)"
_SEVERAL_MARKS = re.compile(rf"{re.escape(REMOVED)}(?:\s*{re.escape(REMOVED)})+")


def replace_names(text: str, names: Collection[str], instead: Callable[[str], str]) -> str:
    """The text with `instead(name)` wherever one of the names means the person."""
    present = frozenset(name for name in names if len(name) > 1 and name in text)
    if not present:
        return text
    return _mention(present).sub(lambda m: (m["before"] or m["head"] or "") + instead(m["a"] or m["b"] or m["c"]), text)


class Removal:
    """Takes people out of threads: their posts, what others quote of them, and mentions of their names."""

    def __init__(self, names: Collection[str], texts: Iterable[str]) -> None:
        """`names` are the people's; `texts` everything that they wrote."""
        self.names = frozenset(names)
        self._said = [" ".join(_words(text)) for text in texts]
        self._runs = {run for said in self._said for run in _runs(said.split(" "))}

    def thread(self, thread: Thread, *, here: bool) -> Thread | None:
        """The thread without them, the very same if they are not in it, or None if nobody else is in it.

        A question keeps its place, so that the replies of others stay, but not its words, title or address.

        Args:
            thread: Any thread.
            here: Whether they took part in it; then eight words in a row are a quotation, marked as one or not.
        """
        gone = {post.id for post in thread.posts if post.author in self.names}
        if len(gone) == len(thread.posts):
            return None
        posts = tuple(
            self._emptied(post) if i == 0 and post.id in gone else self._other(post, gone, here=here)
            for i, post in enumerate(thread.posts)
            if i == 0 or post.id not in gone
        )
        asked = thread.question.id in gone
        title = REMOVED if asked else self.text(thread.title, here=here)
        url = None if asked else thread.url
        if posts == thread.posts and title == thread.title:
            return thread
        return replace(thread, posts=posts, title=title, url=url)

    def text(self, text: str, *, here: bool) -> str:
        """Somebody else's text without quotations of these people and mentions of their names."""
        kept = self._without_quotations(text)
        if here:
            kept = self._without_copies(kept)
        return _SEVERAL_MARKS.sub(REMOVED, replace_names(kept, self.names, lambda _: REMOVED))

    def copies(self, text: str) -> bool:
        """Whether a text has eight words in a row of theirs."""
        return any(run in self._runs for run in _runs(_words(text)))

    def _emptied(self, post: Post) -> Post:
        return replace(post, text=QUESTION_REMOVED, author=None, author_url=None, url=None, edited=None)

    def _other(self, post: Post, gone: set[str], *, here: bool) -> Post:
        reply_to = REMOVED if post.reply_to in gone else post.reply_to  # whom it answered is no longer told
        text = self.text(post.text, here=here)
        return post if (reply_to, text) == (post.reply_to, post.text) else replace(post, reply_to=reply_to, text=text)

    def _without_quotations(self, text: str) -> str:
        present = frozenset(name for name in self.names if name in text)
        if present:
            text = _block(present).sub(REMOVED, text)
        if ">" not in text and not present:
            return text
        head = _attribution(present) if present else None
        kept: list[str] = []
        theirs = False  # inside a quotation that opened with one of the names
        for line in text.split("\n"):
            quoted = line.lstrip().startswith(">")
            if head is not None and head.match(line):
                theirs = True
                kept.append(REMOVED)
            elif quoted and (theirs or self._quotes(line)):
                kept.append(REMOVED)
            else:
                theirs = theirs and not line.strip()
                kept.append(line)
        return "\n".join(kept)

    def _quotes(self, line: str) -> bool:
        """Whether a quoted line of three words or more is part of what they wrote."""
        words = _words(line)
        return len(words) > 2 and any(f" {' '.join(words)} " in f" {said} " for said in self._said)

    def _without_copies(self, text: str) -> str:
        found = list(_WORD.finditer(text))
        copied = [i for i, run in enumerate(_runs([m.group().casefold() for m in found])) if run in self._runs]
        pieces, end, last = [], 0, -1
        for i in copied:
            start, stop = found[i].start(), found[i + _RUN - 1].end()
            if i > last:
                pieces += [text[end:start], REMOVED]
            end, last = stop, i + _RUN - 1
        return "".join([*pieces, text[end:]])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: list[str]) -> list[str]:
    return [" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]


def is_distinct(name: str) -> bool:
    """Whether a name can be no ordinary word: a digit, an underscore, a capital inside, or several words."""
    return len(name) > 3 and bool(re.search(r"\d|_|\w[A-Z]|\w\W+\w", name)) and not name.isdigit()


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


@lru_cache(maxsize=64)
def _mention(names: frozenset[str]) -> re.Pattern[str]:
    every, distinct = _any_of(names), _any_of(name for name in names if is_distinct(name)) or "(?!)"
    return re.compile(
        rf"(?<!\w)(?P<before>@|{_GREETING})(?P<a>{every})(?!\w)"
        rf"|(?P<head>(?m:^)[>\s*_]*|\[quote=\"?)(?P<b>{every})(?=[\s*_]*(?:[:,\]\"]|{_SAID}))"
        rf"|(?<![\w@])(?P<c>{distinct}|(?:{every})(?=[\s*_]+{_SAID}))(?!\w)"
    )


@lru_cache(maxsize=64)
def _attribution(names: frozenset[str]) -> re.Pattern[str]:
    """A line that says whose words follow."""
    return re.compile(
        rf"[>\s*_]*(?:(?i:on)\s[^\n]{{1,80}}?[,\s])?(?:{_QUOTED}[\s:]*)?[*_]*(?:{_any_of(names)})[*_]*"
        rf"(?:\s<[^>\n]*>)?[\s*_]*(?:{_SAID}[^\n]*|:\s*)$|[>\s*_]*{_QUOTED}[\s:*_]*(?:{_any_of(names)})(?!\w)[^\n]*$"
    )


@lru_cache(maxsize=64)
def _block(names: frozenset[str]) -> re.Pattern[str]:
    """A quotation in square brackets, as phpBB, vBulletin and Discourse write it."""
    name = rf"(?:\"|'|&quot;)?(?:{_any_of(names)})(?!\w)[^\]\n]*"
    return re.compile(rf"(?is)\[quote=\s*{name}\].*?(?:\[/quote\]|\Z)")
