"""Replies set apart by bullets in a pasted text, told from lists that somebody wrote inside a post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from threadwise.corpus.formats.plain_headings import heading, weak_heading
from threadwise.corpus.formats.plain_layout import Draft, asks, block, block_after, indent_of, is_blank, paragraphs
from threadwise.corpus.formats.plain_roles import speaks_as_asker

_BULLET = re.compile(
    r"\s*(?:(?P<symbol>[•‣◦▪▫●○■□◆◇►▶➤➢→·∙⁃])\s*|(?P<dash>[-*+–—])\s+"
    r"|(?P<number>\(?\d{1,3}[.)]|\[\d{1,3}\]|#\d{1,3}[:.)]?)\s+|(?P<letter>\(?[a-zA-Z][.)])\s+)(?P<text>\S.*)"
)
_SECTION = re.compile(r"\s*(?:\d+ )?(?:replies|answers|comments|responses)\b.{0,12}:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Bullet:
    """A line that begins with a bullet: its number, its kind of bullet, its indentation and where its text begins."""

    line: int
    kind: str
    indent: int
    offset: int
    mark: str


def is_bullet(line: str) -> bool:
    """Whether a line begins with a bullet of any kind."""
    return _BULLET.fullmatch(line) is not None


def split_by_bullets(lines: Sequence[str]) -> list[Draft]:
    """The posts, if the text from some line on is a list of replies; the first is what stands before the list.

    Without such a list the result is empty. A list that its post announces with a colon, or after which somebody goes
    on asking, is part of a post.
    """
    bullets = [bullet for number, line in enumerate(lines) if (bullet := _bullet(number, line))]
    lists = [
        replies
        for kind in dict.fromkeys((bullet.kind, bullet.indent) for bullet in bullets)
        if (replies := _replies(lines, [each for each in bullets if (each.kind, each.indent) == kind]))
    ]
    if not lists:
        return []
    # The outermost list that begins first: what is nested in it, or begins later, is a list inside a reply.
    replies = min(lists, key=lambda each: (each[0].indent, each[0].line))
    end, closing = _closing(lines, replies)
    drafts = [Draft(block(lines[: replies[0].line]))]
    for bullet, until in zip(replies, [*(later.line for later in replies[1:]), end], strict=True):
        drafts.append(_item(lines, bullet, until))
    return _with_names(drafts) + ([Draft(closing)] if closing else [])


def _bullet(number: int, line: str) -> _Bullet | None:
    matched = _BULLET.fullmatch(line)
    if matched is None:
        return None
    kind = next(name for name in ("symbol", "dash", "number", "letter") if matched[name])
    mark = matched[kind]
    same = mark if kind in ("symbol", "dash") else re.sub(r"\w+", kind, mark)
    return _Bullet(number, same, indent_of(line), matched.start("text"), mark)


def _replies(lines: Sequence[str], bullets: Sequence[_Bullet]) -> list[_Bullet]:
    """The bullets of one kind that are replies: the last run of them, and the runs before it that go with it."""
    runs: list[list[_Bullet]] = []
    for bullet in bullets:
        between = _outer(lines, runs[-1][-1], bullet.line) if runs else None
        if between is None or between:
            runs.append([bullet])
        else:
            runs[-1].append(bullet)
    if any(asks(text) for text in _outer(lines, bullets[-1], len(lines))):
        return []
    taken: list[_Bullet] = []
    for run in reversed(runs):
        broken = bool(taken) and any(asks(text) for text in _outer(lines, run[-1], taken[0].line))
        if broken or _belongs_to_a_post(lines, run):
            break
        taken = run + taken
    return taken if _is_list_of_replies(lines, taken) else []


def _outer(lines: Sequence[str], bullet: _Bullet, until: int) -> list[str]:
    """Paragraphs between a bullet and a later line that stand no deeper than the bullet itself."""
    after = list(lines[bullet.line + 1 : until])
    spans = paragraphs(["", *after])
    return [
        "\n".join(after[start - 1 : end - 1])
        for start, end in spans
        if start > 1 and indent_of(after[start - 1]) <= bullet.indent and not _bullet(0, after[start - 1])
    ]


def _belongs_to_a_post(lines: Sequence[str], run: Sequence[_Bullet]) -> bool:
    """Whether the text before a list announces it: "What I have tried:"."""
    before = next((line for line in reversed(lines[: run[0].line]) if not is_blank(line)), "")
    return before.rstrip().endswith(":") and not _SECTION.fullmatch(before)


def _is_list_of_replies(lines: Sequence[str], bullets: Sequence[_Bullet]) -> bool:
    if not bullets:
        return False
    first = bullets[0]
    if re.search(r"\w", first.mark):
        counts = re.sub(r"\W", "", first.mark) in ("1", "a", "A")
        if not counts or len(bullets) < 2:
            return False
    if len(bullets) == 1:
        gap_before = first.line == 0 or is_blank(lines[first.line - 1])
        short = len(lines[first.line].split()) <= 4 and first.mark in "-–—*+"
        return gap_before and not short
    return True


def _closing(lines: Sequence[str], bullets: Sequence[_Bullet]) -> tuple[int, str]:
    """Where the last bullet's text ends, and what the asker says below the list, if that is what stands there."""
    last = bullets[-1]
    if marked := _marked_return(lines, last):
        return marked.line, _item(lines, marked, len(lines)).text
    outer = [
        (start, end)
        for start, end in paragraphs(lines)
        if start > last.line and indent_of(lines[start]) <= last.indent and not _bullet(0, lines[start])
    ]
    if not outer:
        return len(lines), ""
    rest = block(lines[outer[0][0] :])
    indented = any(
        indent_of(line) > last.indent and not is_blank(line)
        for bullet, until in zip(bullets, [*(later.line for later in bullets[1:]), outer[0][0]], strict=True)
        for line in lines[bullet.line + 1 : until]
    )
    if indented or last.indent > 0 or speaks_as_asker(rest):
        return outer[0][0], rest
    return len(lines), ""


def _marked_return(lines: Sequence[str], last: _Bullet) -> _Bullet | None:
    """The first bullet of another kind below the list, where the one who asked speaks there."""
    below = (_bullet(start, lines[start]) for start, _ in paragraphs(lines) if start > last.line)
    other = next((each for each in below if each and each.kind != last.kind and each.indent <= last.indent), None)
    return other if other and speaks_as_asker(_item(lines, other, len(lines)).text) else None


def _item(lines: Sequence[str], bullet: _Bullet, until: int) -> Draft:
    first = lines[bullet.line][bullet.offset :]
    return Draft(f"{first}\n{block_after(lines[bullet.line + 1 : until])}".strip())


def _with_names(drafts: list[Draft]) -> list[Draft]:
    """Take "mara wrote:" off each post, and bare "mara:" where every reply of several begins so."""
    replies = [weak_heading(draft.text.split("\n")[0]) for draft in drafts[1:]]
    bare = len(replies) > 1 and all(head and head.author and " " not in head.author for head in replies)
    named = []
    for draft in drafts:
        first, _, rest = draft.text.partition("\n")
        head = heading(first) or (weak_heading(first) if bare else None)
        if head and head.author and (head.text or rest.strip()):
            draft = Draft(f"{head.text}\n{rest}".strip(), head.author, head.created, head.asker)  # noqa: PLW2901
        named.append(draft)
    return named
