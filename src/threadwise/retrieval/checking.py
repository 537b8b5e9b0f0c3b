"""What a question has to be before anything is looked for."""

from __future__ import annotations

import unicodedata

from threadwise.errors import InputError


def whole(text: str) -> str:
    """A text without halves of surrogate pairs, which is what bytes that are no UTF-8 come as; `?` in their place."""
    return text.encode("utf-8", "replace").decode("utf-8")


def check_question(question: str, longest: int) -> None:
    """Refuse with an InputError what is empty, without words, or longer than so many characters."""
    if not question.strip():
        raise InputError("The question is empty. Type what you would ask people who have been there.")
    if len(question) > longest:
        raise InputError(
            f"The question has {len(question):,} characters; the limit is {longest:,}. "
            "Ask the heart of it in a few lines."
        )
    # Punctuation counts: a lone "?" is answered with what to do.
    if not any(sign.isalnum() or unicodedata.category(sign) == "Po" for sign in question):
        raise InputError("There are no words in the question. Say in a few words what it is about.")
