"""A thread that is being put right before it is kept: posts joined, split, dropped, given to others.

Pure: each change takes a thread and gives a new one. Ids of posts stay as they are, so that what was cited stays cited;
a post that comes of a split gets the next free number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from threadwise.domain import Post, Role, SimilarThread, Thread
from threadwise.errors import InputError

if TYPE_CHECKING:
    from threadwise.corpus.duplicates import Elsewhere

EDITABLE = 60
"""Posts that the page lets people correct; the rest of a very long thread is kept as it was read."""

_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A thread on its way in.

    `stored` is the thread that it will replace, as it was when the page was opened; `saved` is the id under which it
    was kept; `named` says whether its id came with it, rather than from its title; `elsewhere` are posts that their
    authors also put into threads of the corpus; `like` are threads that ask for the same in other words.
    """

    thread: Thread
    duplicates: tuple[SimilarThread, ...] = ()
    stored: Thread | None = None
    named: bool = False
    saved: str | None = None
    elsewhere: Mapping[str, Sequence[Elsewhere]] = field(default_factory=dict)
    like: tuple[SimilarThread, ...] = ()

    @property
    def edits(self) -> str | None:
        """The id of the stored thread that it will replace."""
        return self.stored.id if self.stored else None


def corrected(thread: Thread, form: Mapping[str, Any]) -> Thread:
    """The thread with what the page's fields say: title, tags, and each shown post's author, role and text.

    Raises:
        InputError: A field is of the wrong kind, or too long.
    """
    title = _text(form.get("title", thread.title), "The title").strip()
    if len(title) > _LONGEST_TITLE:
        raise InputError(f"The title has {len(title):,} characters; the limit is {_LONGEST_TITLE}.")
    tags = _text(form.get("tags", ", ".join(thread.tags)), "The tags")
    fields = {_text(one.get("id"), "A post id"): one for one in _posts(form)}
    posts = tuple(_corrected_post(post, fields.get(post.id, {})) for post in thread.posts)
    return replace(
        thread,
        title=title,
        tags=tuple(dict.fromkeys(tag.strip() for tag in tags.split(",") if tag.strip())),
        posts=posts,
    )


def _posts(form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    posts = form.get("posts", [])
    if not isinstance(posts, list) or not all(isinstance(one, Mapping) for one in posts):
        raise InputError("The page sent posts that cannot be read; reload it and try again.")
    return posts


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{what} must be text; reload the page and try again.")
    return value


def _corrected_post(post: Post, field: Mapping[str, Any]) -> Post:
    author = _text(field.get("author", post.author or ""), "An author").strip()
    role = Role(field["role"]) if field.get("role") in tuple(Role) else post.role
    text = _as_in_a_field(_text(field.get("text", post.text), "A post"))
    if text == _as_in_a_field(post.text):
        text = post.text  # untouched: what was cited stays where it is
    return replace(post, author=author or None, role=role, text=text)


def _as_in_a_field(text: str) -> str:
    """Line breaks as a browser's field gives them back."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def joined_posts(thread: Thread, post_id: str) -> Thread:
    """A post's text put at the end of the post before it.

    Raises:
        InputError: It is the first post, or there is none of this id.
    """
    at = _place(thread, post_id)
    if at == 0:
        raise InputError("The question has no post before it to join.")
    before, post = thread.posts[at - 1], thread.posts[at]
    text = "\n\n".join(part for part in (before.text.rstrip(), post.text.strip()) if part)
    one = replace(before, text=text, accepted=before.accepted or post.accepted)
    rest = [_answering(other, {post.id: before.id}) for other in thread.posts[at + 1 :]]
    return replace(thread, posts=(*thread.posts[: at - 1], one, *rest))


def split_post(thread: Thread, post_id: str, position: int) -> Thread:
    """A post cut in two at a position in its text; the second part is somebody else's reply.

    Raises:
        InputError: One of the parts would be empty, or there is no such post.
    """
    at = _place(thread, post_id)
    post = thread.posts[at]
    head, tail = post.text[:position].rstrip(), post.text[position:].strip()
    if not head or not tail:
        raise InputError("Put the cursor where the new post begins, then split.")
    first = replace(post, text=head)
    second = Post(id=_next_id(thread.posts), text=tail, role=Role.REPLIER)
    return replace(thread, posts=(*thread.posts[:at], first, second, *thread.posts[at + 1 :]))


def without_post(thread: Thread, post_id: str) -> Thread:
    """The thread without a post; replies to it become replies to the thread.

    Raises:
        InputError: It is the only post, or there is none of this id.
    """
    at = _place(thread, post_id)
    if len(thread.posts) == 1:
        raise InputError("A thread needs its question; this is its only post.")
    rest = (*thread.posts[:at], *thread.posts[at + 1 :])
    return replace(thread, posts=tuple(_answering(other, {post_id: None}) for other in rest))


def moved_up(thread: Thread, post_id: str) -> Thread:
    """A post put before the one that stands before it.

    Raises:
        InputError: It is the first post, or there is none of this id.
    """
    at = _place(thread, post_id)
    if at == 0:
        raise InputError("This post is the first already.")
    posts = list(thread.posts)
    posts[at - 1], posts[at] = posts[at], posts[at - 1]
    return replace(thread, posts=tuple(posts))


def ready(thread: Thread) -> Thread:
    """The thread as it will be kept: the first post is the asker's, and no post is empty.

    Raises:
        InputError: A post is empty.
    """
    for number, post in enumerate(thread.posts, 1):
        if not post.text.strip():
            raise InputError(f"Post {number} is empty. Write what was said, join it with the one before, or remove it.")
    first = replace(thread.question, role=Role.ASKER)
    return replace(thread, posts=(first, *thread.posts[1:]))


def _place(thread: Thread, post_id: str) -> int:
    for at, post in enumerate(thread.posts):
        if post.id == post_id:
            return at
    raise InputError("That post is not in the thread any more; look at the preview again.")


def _answering(post: Post, moved: Mapping[str, str | None]) -> Post:
    return (
        replace(post, reply_to=moved[post.reply_to]) if post.reply_to is not None and post.reply_to in moved else post
    )


def _next_id(posts: Sequence[Post]) -> str:
    return str(max((int(post.id) for post in posts if post.id.isascii() and post.id.isdigit()), default=len(posts)) + 1)
