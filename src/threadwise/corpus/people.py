"""What is done for the people whose words these are: pseudonyms, hidden contacts, and being forgotten.

`docs/people.md` says what is kept about whom. Names are compared as they are written, capitals included.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path

from threadwise.config import Settings
from threadwise.corpus.contacts import mask_contacts
from threadwise.corpus.lock import writing
from threadwise.corpus.names import Removal, replace_names
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import Thread, known_name
from threadwise.errors import InputError, StoreError

_PSEUDONYM = re.compile(r"person-[a-z2-7]{12}")
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of a person, and what was looked at afterwards to prove it.

    `changed` and `deleted` are thread ids; `posts` counts their posts, `edited` the posts of others that quoted or
    named them. `mentions` are the places, as (thread id, post id or "title"), where the name still stands as a word
    that may be an ordinary one: a person has to look. `left` are places that still have their words, and is empty.
    `files` are files of the home whose bytes still have their words, such as a damaged corpus that was put aside.
    """

    author: str
    posts: int
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    edited: int
    answers: int
    mentions: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


class People:
    """Applies what people asked for to threads on their way in. Open one an import; it reads the list once."""

    def __init__(self, settings: Settings, store: Store, *, pseudonymise: bool = False, mask: bool = False) -> None:
        """`pseudonymise` replaces authors by keyed hashes; `mask` hides e-mail addresses and telephone numbers."""
        self._digests = store.forgotten()
        self._key = load_key(settings) if pseudonymise or self._digests else b""
        self._pseudonymise, self._mask = pseudonymise, mask

    def clean(self, thread: Thread) -> Thread | None:
        """The thread as it may be kept; None if only people who are forgotten wrote it."""
        if self._digests:
            gone = {name for name in _authors(thread) if digest(self._key, name) in self._digests}
            if gone:
                texts = [post.text for post in thread.posts if post.author in gone]
                left = Removal(gone, texts).thread(thread, here=True)
                if left is None:
                    return None
                thread = left
        if self._pseudonymise:
            thread = pseudonymise(thread, self._key)
        return masked(thread) if self._mask else thread


def pseudonymise(thread: Thread, key: bytes) -> Thread:
    """The thread with each author replaced by a keyed hash: the same name and key give the same pseudonym, everywhere.

    Addresses of authors' pages go. Mentions of the thread's authors in titles and texts are replaced where they
    clearly mean the person; a bare first name within a sentence may stay.
    """
    names = {name for name in _authors(thread) if known_name(name) and not _PSEUDONYM.fullmatch(name)}

    def hide(text: str) -> str:
        return replace_names(text, names, lambda name: pseudonym(key, name))

    posts = tuple(
        replace(post, author=_hidden(key, post.author), author_url=None, text=hide(post.text)) for post in thread.posts
    )
    return replace(thread, title=hide(thread.title), posts=posts)


def _hidden(key: bytes, author: str | None) -> str | None:
    """A pseudonym in the place of a name; what names nobody stays: a pseudonym would make one person of many."""
    return pseudonym(key, author) if author and known_name(author) else author


def masked(thread: Thread) -> Thread:
    """The thread with e-mail addresses and telephone numbers hidden in its title and texts."""
    posts = tuple(replace(post, text=mask_contacts(post.text)) for post in thread.posts)
    return replace(thread, title=mask_contacts(thread.title), posts=posts)


def pseudonym(key: bytes, name: str) -> str:
    """`person-` and 60 bits of HMAC-SHA-256 in base 32; a pseudonym stays itself."""
    if _PSEUDONYM.fullmatch(name):
        return name
    return "person-" + base64.b32encode(_hmac(key, "pseudonym", name)).decode()[:12].lower()


def names_of(settings: Settings, author: str) -> frozenset[str]:
    """The names under which a person's posts may stand here: their own, and their pseudonym.

    Raises:
        InputError: The name is no text.
        StoreError: The key of pseudonyms cannot be read or made.
    """
    try:
        return frozenset((author, pseudonym(load_key(settings), author)))
    except UnicodeEncodeError as error:
        raise InputError(f"{author[:60]!r} has half a surrogate pair in it; is it written in UTF-8?") from error


def digest(key: bytes, name: str) -> str:
    """The keyed hash under which a name is remembered as one to forget; of a person and of their pseudonym the same."""
    return _hmac(key, "forget", pseudonym(key, name)).hex()


def forget(
    settings: Settings, store: Store, author: str, *, progress: Callable[[int], None] | None = None
) -> Forgotten:
    """Remove a person's posts, quotations and mentions from the whole corpus, and keep later imports from bringing
    them back.

    The store is done when this returns: one transaction, then the file is rewritten without the old text. The index
    and its caches have to be brought level afterwards; kept answers that name a changed thread are dropped.

    Args:
        settings: Whose home.
        store: Its corpus.
        author: The name as it stands at the posts; their pseudonym goes with it.
        progress: Told the number of threads looked at.

    Raises:
        InputError: Nobody of this name has posted, nor was forgotten before.
        BusyError: Another process is writing.
        StoreError: The disk did not take it; if it is full, the posts may be gone and their old text not yet.
    """
    with writing(settings):
        key, names = load_key(settings), names_of(settings, author)
        theirs = [ref for name in sorted(names) for ref in store.posts_of(name)]
        if not theirs and digest(key, author) not in store.forgotten():
            raise InputError(
                f"Nobody named {author[:80]!r} has posted here. Names are compared exactly, capitals included; "
                "`threadwise show THREAD_ID` shows how they are written."
            )
        places = {thread_id for thread_id, _ in theirs}
        removal = Removal(names, [post.text for _, post in theirs])
        changed: list[Thread] = []
        gone: list[str] = []
        edited = 0
        for number, thread in enumerate(store.threads(), start=1):
            without = removal.thread(thread, here=thread.id in places)
            if without is None:
                gone.append(thread.id)
            elif without is not thread:
                changed.append(without)
                edited += _edited(thread, without, names)
            if progress is not None:
                progress(number)
        asked = [saved.id for saved in store.saved_answers() if _asks_about(saved, removal)]
        answers = store.forget([digest(key, name) for name in names], changed=changed, gone=gone, answers=asked)
        _rewrite(store, author)
        mentions, left = _look_again(store, removal, places)
    ids = tuple(thread.id for thread in changed)
    return Forgotten(author, len(theirs), ids, tuple(gone), edited, answers, mentions, left)


def _asks_about(saved: SavedAnswer, removal: Removal) -> bool:
    """Whether the question of a kept answer means the person, in words or by a filter."""
    question = str(json.loads(saved.document).get("question", ""))
    filters = [f"author:{name}".casefold() for name in removal.names]
    return removal.text(question, here=False) != question or any(each in question.casefold() for each in filters)


def _rewrite(store: Store, author: str) -> None:
    """Leave nothing of the old text in the file; who is killed before this is done runs the same command again."""
    try:
        store.compact()
    except StoreError as error:
        raise StoreError(
            f"The posts of {author} are removed, but their old text is still in the file: {error} Then run "
            "`threadwise forget` with the same name again."
        ) from error


def _look_again(
    store: Store, removal: Removal, places: set[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Read the whole corpus once more: where the names still stand, and where (in their threads) their words do."""
    words = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in removal.names))
    mentions: list[tuple[str, str]] = []
    left: list[tuple[str, str]] = []
    for thread in store.threads():
        for post in thread.posts:
            if post.author in removal.names or (thread.id in places and removal.copies(post.text)):
                left.append((thread.id, post.id))
            if words.search(post.text):
                mentions.append((thread.id, post.id))
        if words.search(thread.title):
            mentions.append((thread.id, "title"))
    return tuple(mentions), tuple(left)


def _edited(before: Thread, after: Thread, names: Set[str]) -> int:
    old = {post.id: post.text for post in before.posts if post.author not in names}
    return sum(old.get(post.id, post.text) != post.text for post in after.posts)


def _authors(thread: Thread) -> set[str]:
    return {post.author for post in thread.posts if post.author}


def _hmac(key: bytes, purpose: str, name: str) -> bytes:
    return hmac.digest(key, f"{purpose}\0{name}".encode(), "sha256")


# The key


def load_key(settings: Settings) -> bytes:
    """The key of this home, made on first use; nobody but its owner may read the file.

    Without it pseudonyms cannot be computed from a list of names, so it stays out of backups; with another key the
    same people get other pseudonyms, and who was forgotten is no longer known.

    Raises:
        StoreError: The file cannot be read or made, or is damaged.
    """
    path = settings.corpus_folder / "people.key"
    try:
        if not path.exists():
            _make_key(path)
        key = bytes.fromhex(path.read_text().strip())
    except OSError as error:
        raise StoreError(
            f"{path} cannot be read or made ({error.strerror}); it keeps the key of pseudonyms."
        ) from error
    except ValueError as error:
        raise StoreError(f"{path} is damaged: it must hold {2 * _KEY_BYTES} hexadecimal digits. Restore it.") from error
    if len(key) != _KEY_BYTES:
        raise StoreError(f"{path} is damaged: it must hold {2 * _KEY_BYTES} hexadecimal digits. Restore it.")
    return key


def _make_key(path: Path) -> None:
    """Write it whole under another name, then link it: of two processes, one key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
