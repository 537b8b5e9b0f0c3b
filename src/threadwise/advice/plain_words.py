"""Read text as a row of plain words, the way the safety rules see it, however it was typed.

`I   wànt to k.i.l.l mysélf!!` and `I want to kill myself` read alike: case, accents, typographic letters, apostrophes,
zero-width and direction marks go; letters spaced out, figures for letters (`su1cide`), stars (`k*ll`), words run
together (`killmyself`), letters held down (`pleeease`) and single misspellings are undone. The last five are undone
only where the result is a word that a rule knows, so ordinary text stays as it is. Every step is linear in the text.

The result is one string: words parted by single spaces, a space at both ends, `¶` where a sentence starts or ends and
`,` where a clause does. Apostrophes vanish (`don't` is `dont`), because half of those who type leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from threadwise.advice.words import FUNCTION_WORDS

BREAK = "¶"
"""Stands where a sentence starts or ends; patterns do not reach over it."""

SHORTEST_TYPO = 5
"""Words of fewer letters are not corrected: too many real words are one letter away from them."""

LONGEST_WORD = 40
"""Longer runs of letters are no words; they are not corrected or cut."""

_APOSTROPHES = re.compile(r"(?<=\w)['’‘ʼ`´](?=\w)")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?|\.{2,}|…|[.!?;,¡¿]|\n\s*\n|\n(?=\s*(?:[-*+•>]|\d+[.)])\s)")
_ODD = re.compile(
    r"[^\W\d_][\d@$*!|+#€][^\W_]|[^\W\d_][*#]{1,4}[^\W\d_]|[@$][^\W\d_]\w|([^\W\d_])\1\1|[^\W\d_]{9}"
    r"|(?<![^\W_])[^\W_](?:[\s.\-_*·/,~+]{1,3}[^\W_]){2,}(?![^\W_])|(?:\w+[.!]\s+){3}"
)
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[\s.\-_*·/,~+]{1,3}[^\W_]){2,}(?![^\W_])")
_ONE_WORD_SENTENCES = re.compile(r"(?:(?<=\s)|^)(?:[^\W\d_]{1,14}[.!]+\s+){2,}[^\W\d_]{1,14}[.!]*")
_CHUNK = re.compile(r"[^\s.,;:?()\"“”]{3,40}")
_HELD = re.compile(r"([^\W\d_])\1{2,}")
_LEET = str.maketrans("0134578@$!|+€", "oieastbasiite")
_LEET_L = str.maketrans("0134578@$!|+€", "oleastbaslite")
_STARS = re.compile(r"[*#]+")
_CONFUSABLE = str.maketrans(
    "аеорсухіѕјԁһіӏտοαικνρτυχεкмтвн", "aeopcyxisjdhiltoaiknptuxekmtbh"
)  # Cyrillic, Armenian and Greek letters that look Latin
_MARK = re.compile(r"[a-z].*[а-яѐ-ӿα-ω]|[а-яѐ-ӿα-ω].*[a-z]")


class Reader:
    """Reads text into plain words; knows the words of the rules, and undoes disguises of those alone."""

    def __init__(
        self, vocabulary: Collection[str], *, guarded: Collection[str] = (), real: Collection[str] = ()
    ) -> None:
        """Prepare to read.

        Args:
            vocabulary: Plain words of the rules, as `plain` writes them.
            guarded: Those of them that are also looked for with a blank inside (`sui cide`) or run into others
                (`killmyself`).
            real: Words that are one letter away from a word of the rules and yet no misspelling of it.
        """
        self._words = frozenset(vocabulary)
        self._real = frozenset(real)
        self._guarded = frozenset(guarded)
        self._near: dict[str, list[str]] = {}
        for word in sorted(self._words):
            if SHORTEST_TYPO <= len(word) <= LONGEST_WORD and word.isalpha():
                for key in _deletions(word):
                    self._near.setdefault(key, []).append(word)
        self.spelling = lru_cache(maxsize=65536)(self._correct)
        """A word of the rules that a word is one slip away from, or the word itself."""

    def read(self, text: str) -> str:
        """The text as plain words; see the module."""
        text = plain(text)
        if _ODD.search(text):
            text = self._undisguise(text)
        found: list[str] = [BREAK]
        for token in _TOKEN.findall(text):
            if token.isalpha():
                found += token if _is_unspaced(token[0]) else (self.spelling(token),)
            elif token[0].isdigit():
                found.append(token.replace(",", "."))
            elif token in ("…", ",") or token.startswith(".."):
                found.append(",")
            elif found[-1] is not BREAK:
                found.append(BREAK)
        if found[-1] is not BREAK:
            found.append(BREAK)
        if self._guarded:
            found = self._rejoined(found)
        return f" {' '.join(found)} "

    def _rejoined(self, words: list[str]) -> list[str]:
        found: list[str] = []
        for word in words:
            joined = word
            while found and self._is_cut(found[-1], joined):
                joined = found.pop() + joined
            found.append(joined)
        return found

    def _is_cut(self, one: str, other: str) -> bool:
        """Whether two words are one word of the rules with a blank inside."""
        known = self._guarded
        return (
            len(one) + len(other) >= 4
            and one + other in known
            and other not in ("s", "d")
            and not (one in FUNCTION_WORDS and other in FUNCTION_WORDS)  # `be at peace`
            and (one not in known or other not in known)
        )

    def _undisguise(self, text: str) -> str:
        text = _ONE_WORD_SENTENCES.sub(lambda match: re.sub(r"[.!]+", " ", match[0]), text)
        text = _SPACED.sub(self._unspaced, text)
        return _CHUNK.sub(self._revealed, text)

    def _unspaced(self, match: re.Match[str]) -> str:
        letters = "".join(c for c in match[0] if c.isalnum())
        if not any(c.isalpha() for c in letters):
            return match[0]
        return self._cut(letters.translate(_LEET)) or self._cut(letters.translate(_LEET_L)) or match[0]

    def _revealed(self, match: re.Match[str]) -> str:
        chunk = match[0]
        if chunk in self._words:
            return chunk
        if chunk.isalpha():
            held = _HELD.search(chunk)
            if held:
                twice, once = _HELD.sub(r"\1\1", chunk), _HELD.sub(r"\1", chunk)
                return next((word for word in (twice, once) if word in self._words), twice)
            return (len(chunk) >= 8 and self._cut(chunk)) or chunk
        core = chunk.strip("*#!|+_-~'")
        for table in (_LEET, _LEET_L):
            word = core.translate(table)
            if word != core and any(c.isalpha() for c in core) and not core.isalpha():
                word = word if word in self._words else (self._cut(word) or "")
                if word and not core[0].isdigit():
                    return word
        if "*" in core or "#" in core:
            return self._unstarred(core) or chunk
        return chunk

    def _unstarred(self, chunk: str) -> str | None:
        """The word of the rules that a word with stars in it stands for."""
        if not 3 <= len(chunk) <= 14 or not chunk[0].isalpha() or not chunk.replace("*", "").replace("#", "").isalpha():
            return None
        shape = re.compile(_STARS.sub(lambda stars: f"[a-z]{{1,{len(stars[0]) + 1}}}", chunk))
        return next((word for word in sorted(self._words) if len(word) >= 4 and shape.fullmatch(word)), None)

    def _cut(self, letters: str) -> str | None:
        """Letters run together as words of the rules, a guarded one among them; None where they are not that."""
        if len(letters) > LONGEST_WORD:
            return None
        best: list[str | None] = [""] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 14), end):
                before, word = best[start], letters[start:end]
                if before is not None and (word in self._words and (len(word) > 1 or word == "i")):
                    best[end] = f"{before} {word}"
                    break
        words = (best[-1] or "").split()
        return " ".join(words) if any(word in self._guarded for word in words) else None

    def _correct(self, word: str) -> str:
        """A word of the rules that this is one slip away from, or the word itself."""
        if word in self._words or not SHORTEST_TYPO <= len(word) <= LONGEST_WORD or word in self._real:
            return word
        for key in _deletions(word):
            for near in self._near.get(key, ()):
                if _one_slip(word, near):
                    return near
        return word


def plain(text: str) -> str:
    """Lower case without accents, apostrophes, look-alike letters, zero-width or direction marks."""
    if text.isascii():
        return _APOSTROPHES.sub("", text.lower()) if "'" in text or "`" in text else text.lower()
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    parts = unicodedata.normalize("NFD", text.lower())
    kept = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    kept = unicodedata.normalize("NFC", kept).replace("ı", "i").replace("ß", "ss").replace("ł", "l").replace("ø", "o")
    if _MARK.search(kept):
        kept = re.sub(r"\w+", lambda word: word[0].translate(_CONFUSABLE) if _MARK.search(word[0]) else word[0], kept)
    return kept


def _is_unspaced(letter: str) -> bool:
    """Whether the letter belongs to a script that is written without blanks; each is a word by itself here."""
    return "\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff"


def _deletions(word: str) -> Iterable[str]:
    """The word, and the word with one letter left out."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter was left out, added, changed or swapped with the next; never the first one alone."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return typed == meant
    if typed[0] != meant[0]:
        return typed[:2] == meant[1::-1] and typed[2:] == meant[2:]
    i = 0
    while i < min(len(typed), len(meant)) and typed[i] == meant[i]:
        i += 1
    if len(typed) == len(meant):
        swapped = typed[i : i + 2] == meant[i : i + 2][::-1] and typed[i + 2 :] == meant[i + 2 :]
        return typed[i + 1 :] == meant[i + 1 :] or swapped
    return typed[i + 1 :] == meant[i:] if len(typed) > len(meant) else typed[i:] == meant[i + 1 :]
