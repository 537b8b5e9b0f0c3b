"""The forms of the pages, which stay while what is around them changes. Pure."""

from __future__ import annotations

from markupsafe import Markup

from threadwise.web import icons
from threadwise.web.html import html, joined
from threadwise.web.show_list import ORDERS

FILTERS = (
    ("tag:running", "threads with this tag"),
    ("author:mara", "posts of one person"),
    ("after:2023-05", "since then; before: until then"),
    ("status:solved", "or unsolved, answered, unanswered"),
    ("has:outcome", "somebody reports what came of it"),
    ("min_score:3", "posts with as many votes"),
    ('"exact words"', "these words, just so"),
    ("-word", "without this word"),
)
"""Filters as an example and what each does; `retrieval.syntax` reads them."""


def composer() -> Markup:
    """Where a question is typed."""
    return html(
        '<form class="composer" data-form="ask" autocomplete="off">'
        '<label class="sr" for="question">Your question</label>'
        '<textarea id="question" name="question" rows="1" dir="auto" '
        'placeholder="What is going on?"></textarea>'
        '<button type="submit" class="primary round" aria-label="Ask">{send}</button>'
        '<button type="button" class="primary round" data-stop aria-label="Stop writing">{stop}</button></form>'
        '<div class="hint under">{filters}<span class="keys">Enter asks, Shift + Enter makes a new line.</span>'
        '<span class="grow"></span>'
        '<button type="button" class="quiet" data-fresh>{plus} New conversation</button></div>',
        send=icons.UP,
        stop=icons.STOP,
        filters=filter_help("question"),
        plus=icons.PLUS,
    )


def filter_help(field: str) -> Markup:
    """What can be typed to look into some threads only; a press puts it into the field of this id."""
    rows = joined(
        html(
            '<li><button type="button" data-insert="{text}" data-into="{field}"><code>{text}</code></button> '
            "<span>{meaning}</span></li>",
            text=text,
            field=field,
            meaning=meaning,
        )
        for text, meaning in FILTERS
    )
    return html(
        '<details class="filters"><summary>{icon} Filters</summary><div class="sheet"><p>Type these with your words, '
        "or press one to put it in:</p><ul>{rows}</ul></div></details>",
        icon=icons.FUNNEL,
        rows=rows,
    )


def search_form() -> Markup:
    """Where threads are searched and put in order."""
    orders = joined(
        html('<option value="{v}">{label}</option>', v=value, label=label) for value, label in ORDERS.items()
    )
    return html(
        '<h1 class="sr">Browse the threads</h1><form class="search" role="search" data-form="search">'
        '<label class="sr" for="search-text">Search the threads</label>{icon}'
        '<input id="search-text" name="q" type="search" dir="auto" autocomplete="off" '
        'placeholder="Search"><label class="sr" for="order">Order</label>'
        '<select id="order" name="order">{orders}</select>{filters}</form>',
        icon=icons.SEARCH,
        orders=orders,
        filters=filter_help("search-text"),
    )


def paste_form(largest_mb: int) -> Markup:
    """Where a thread is pasted, or a file dropped that has at most so many MB."""
    return html(
        '<div class="intro"><h1>Add a thread</h1><p>Paste it as it stands on the forum: title, question, replies. '
        "You see at once what was understood and can put it right before it is saved.</p></div>"
        '<div class="drop" data-drop><label class="label" for="paste-text">Thread</label>'
        '<textarea id="paste-text" rows="14" dir="auto" spellcheck="false" '
        'placeholder="Title&#10;&#10;The question, as the asker wrote it…&#10;&#10;• A reply&#10;• Another reply">'
        "</textarea>"
        '<div class="line"><label class="quiet file">'
        '<input type="file" class="sr" data-file data-largest-mb="{largest}">{icon} Choose a file'
        '</label><span class="hint">or drop one here: text, Markdown, JSON, an export or an archive of many threads'
        '</span></div><p class="hint" role="status" data-file-note></p></div>',
        icon=icons.FILE,
        largest=largest_mb,
    )
