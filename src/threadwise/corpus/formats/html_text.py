"""HTML to the text a reader would see: paragraphs, lists, code, quotes and links, and nothing that runs.

lxml parses (no network, no limits lifted) and one loop walks the tree, so depth cannot crash it. Quotes come out as
lines that begin with "> ", as people write them in plain text; a link whose words do not show its address is followed
by it in brackets.
"""

from __future__ import annotations

import html
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from threadwise.corpus.formats.values import as_text
from threadwise.errors import FormatError

_DROPPED = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "title", "meta", "link"),
        *("iframe", "frame", "object", "embed", "applet", "svg", "math", "canvas", "audio", "video", "map", "area"),
        *("button", "select", "textarea", "input"),
    )
)
_PARAGRAPHS = frozenset(
    (
        *("p", "ul", "ol", "dl", "table", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("figure", "section", "article", "header", "footer", "main", "aside", "address", "fieldset", "details"),
        "center",
    )
)
_LINES = frozenset(
    (
        *("div", "li", "tr", "dt", "dd", "summary", "figcaption", "caption", "legend"),
        *("form", "nav", "body", "html"),
    )
)
# Signatures and edit marks of phpBB, XenForo, vBulletin, SMF, Discourse and mail programs, by class or id.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:signature|sig-content|sigcontent|signaturecontainer|message-signature|postsignature|moz-signature"
    r"|gmail_signature|lastedit(?:ed)?|message-lastedit|editdate|edited-by|editedby|postedit|post_edited|notice-edited"
    r"|js-selecttoquoteend|bbcodeblock-expandlink|bbcodeblock-shrinklink)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What no XML text may hold, as itself or as a reference: lxml reads it, and then refuses to move it about.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:x0*(?:[1-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f])|0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d));?",
    re.IGNORECASE,
)
_EMOJI = re.compile("emoji|smil|emoticon", re.IGNORECASE)
_SHORTENED = re.compile(r"\.\.\.|…")
_IMAGE_TALK = frozenset(("", "image", "img", "enter image description here", "posted image", "user image"))


def html_to_text(markup: str) -> str:
    """The readable text of a piece of HTML or of a whole page.

    Args:
        markup: HTML as a forum stores or shows it; plain text with entities will do.

    Returns:
        Paragraphs parted by an empty line; list items as "- " or "1. "; quotes as "> "; code as it stands.

    Raises:
        FormatError: The markup is nested more than 250 deep, which no post is.
    """
    if "<" not in markup:
        return _collapse(html.unescape(as_text(markup) or "")).strip()
    return element_to_text(parse_html(markup))


def parse_html(markup: str) -> etree._Element:
    """Parse a page or a fragment; nothing is fetched, no entity of its own is expanded.

    Raises:
        FormatError: It is nested more than 250 deep (libxml2 stops at 255), or one text in it is larger than 10 MB.
    """
    parser = _parser()
    # As bytes, since lxml refuses text that declares an encoding.
    data = _UNPRINTABLE.sub("", markup.replace("\f", " ")).encode("utf-8", "replace")
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return lxml_html.document_fromstring(b"<p></p>", parser=parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise FormatError("The HTML is nested too deep, or a piece of it is too large, to be a post.")
    return root


def element_to_text(root: etree._Element) -> str:
    """The readable text of an element that `parse_html` gave, without what stands around it."""
    writer = _Writer()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped: Any = None
    for event, node in walk:
        if event == "start":
            if _is_furniture(node):
                skipped = node
                walk.skip_subtree()
            else:
                writer.start(node)
            continue
        if event == "end":
            if node is not skipped:
                writer.end(node)
            else:
                writer.boundary(node.tag)
        if node.tail and node is not root:
            writer.text(node.tail)
    return writer.result()


_local = threading.local()


def _parser() -> lxml_html.HTMLParser:
    """One parser a thread: making one costs more than parsing a post, sharing one takes a lock."""
    if not hasattr(_local, "parser"):
        _local.parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    parser: lxml_html.HTMLParser = _local.parser
    return parser


def _is_furniture(node: etree._Element) -> bool:
    if node.tag in _DROPPED:
        return True
    css, name = node.get("class"), node.get("id")
    return bool((css and _FURNITURE.search(css)) or (name and _FURNITURE.search(name)))


@dataclass(slots=True)
class _Indent:
    """What stands before the lines of a quote or a list item: `first` once, then `rest`."""

    first: str
    rest: str


@dataclass(slots=True)
class _Writer:
    """Collects text between block boundaries and sets it down with its indents and gaps."""

    out: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    indents: list[_Indent] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    gap: int = 1
    quoted: int = 0
    verbatim: int = 0

    def start(self, node: etree._Element) -> None:
        tag = node.tag
        self.boundary(tag)
        match tag:
            case "br":
                self.inline.append("\n")
            case "img":
                self.inline.append(_image(node))
            case "td" | "th":
                self.inline.append(" | " if any(map(str.strip, self.inline)) else "")
            case "q":
                self.inline.append('"')
            case "a":
                self.links.append((len(self.out), len(self.inline)))
            case "pre":
                self.verbatim += 1
            case "blockquote":
                self.indents.append(_Indent("> ", "> "))
            case "ul":
                self.lists.append(None)
            case "ol":
                start = node.get("start") or "1"
                self.lists.append(int(start) if re.fullmatch(r"\d{1,6}", start) else 1)
            case "li":
                self.indents.append(self._marker())
        if node.text:
            self.text(node.text)

    def end(self, node: etree._Element) -> None:
        tag = node.tag
        match tag:
            case "a":
                self._link(node.get("href") or "")
            case "q":
                self.inline.append('"')
        self.boundary(tag)
        match tag:
            case "cite" if self.indents:
                self._flush()
            case "pre":
                self.verbatim -= 1
            case "blockquote" | "li":
                self.indents.pop()
            case "ul" | "ol":
                self.lists.pop()

    def text(self, text: str) -> None:
        self.inline.append(text if self.verbatim else _collapse(text))

    def result(self) -> str:
        self._flush()
        return "".join(self.out).strip("\n")

    def boundary(self, tag: str) -> None:
        """A block begins or ends here: a paragraph leaves an empty line, the others begin a new one."""
        if tag in _PARAGRAPHS:
            self._flush()
            self.gap = max(self.gap, 1 if self.lists and tag in ("ul", "ol") else 2)
        elif tag in _LINES:
            self._flush()

    def _flush(self) -> None:
        if not self.inline:
            return
        text = "".join(self.inline)
        self.inline.clear()
        text = text.strip("\n").rstrip() if self.verbatim else _tidy(text)
        if not text.strip():
            return
        depth = sum(indent.rest == "> " for indent in self.indents)
        if self.out:
            between = ("> " * min(depth, self.quoted)).rstrip()
            self.out.append("\n" + f"{between}\n" * (self.gap - 1))
        for number, line in enumerate(text.split("\n")):
            prefix = "".join(indent.first for indent in self.indents)
            for indent in self.indents:
                indent.first = indent.rest
            self.out.append(("\n" if number else "") + (prefix + line).rstrip())
        self.gap, self.quoted = 1, depth

    def _marker(self) -> _Indent:
        number = self.lists[-1] if self.lists else None
        if number is None:
            return _Indent("- ", "  ")
        self.lists[-1] = number + 1
        return _Indent(f"{number}. ", " " * len(f"{number}. "))

    def _link(self, href: str) -> None:
        flushed, start = self.links.pop()
        words = "".join(self.inline[start:]).strip() if flushed == len(self.out) else ""
        if words and href.startswith(("http://", "https://")) and not _shows(words, href):
            self.inline.append(f" ({href})")


def _collapse(text: str) -> str:
    """White space as a browser shows it: one space for any run."""
    words = " ".join(text.split())
    if not words:
        return " "
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"


def _tidy(text: str) -> str:
    """Lines without spaces at their ends, at most one empty line in a row, nothing at either end."""
    if "\n" not in text and "  " not in text:
        return text.strip()
    text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _shows(words: str, href: str) -> bool:
    """Whether the words of a link are its address, whole or shortened in the middle."""
    address = re.sub(r"^https?://(www\.)?|/$", "", href.strip().lower())
    shown = re.sub(r"^https?://(www\.)?|/$", "", words.lower())
    begin = _SHORTENED.split(shown)[0]
    return shown == address or (len(begin) > 5 and begin != shown and address.startswith(begin))


def _image(node: etree._Element) -> str:
    """The emoji that a picture stands for, or what it shows as far as somebody said so."""
    alt = _collapse(node.get("alt") or "").strip()
    if not re.search(r"\w", alt) or re.fullmatch(r":[\w+-]+:", alt) or _EMOJI.search(node.get("class") or ""):
        return alt
    return "" if alt.lower() in _IMAGE_TALK else f"[image: {alt}]"
