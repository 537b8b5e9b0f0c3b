# ruff: noqa: E501 - word lists and tables read better unbroken
"""Words of a claim or a source as the checker compares them: normalised, split, stemmed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_FOLD = str.maketrans(
    {"’": "'", "‘": "'", "‛": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
     "‐": "-", "‑": "-", "−": "-", "…": "...", "×": "x", "\u00a0": " ", "\u202f": " ", "\u200b": "", "\u00ad": "", "\ufeff": ""}
)  # fmt: skip
_TOKEN = re.compile(
    r"[£€$¥]|%|°[cf]?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.:]\d+)*|[½¼¾⅓⅔]|[^\W\d_]+(?:'[^\W\d_]+)*|[.,;:!?()\[\]\"-]|\n"
)
_CONTRACTED = (
    (re.compile(r"\bwon't\b|\bwont\b"), "will not"), (re.compile(r"\bcan't\b|\bcannot\b|\bcant\b"), "can not"),
    (re.compile(r"\bshan't\b"), "shall not"), (re.compile(r"\bain't\b"), "is not"),
    (re.compile(r"(?<=\w)n't\b"), " not"), (re.compile(r"\b(do|does|did|is|was|has|have|would|should|could|are|were)nt\b"), r"\1 not"),
    (re.compile(r"(?<=\w)'ll\b"), " will"), (re.compile(r"(?<=\w)'ve\b"), " have"), (re.compile(r"(?<=\w)'re\b"), " are"),
    (re.compile(r"\bi'm\b|\bim\b"), "i am"), (re.compile(r"(?<=\w)'d\b"), " would"), (re.compile(r"\blet's\b"), "let us"),
    (re.compile(r"\b(it|that|he|she|there|what|who|here|where)'s\b"), r"\1 is"), (re.compile(r"(?<=\w)'s?\b"), ""),
    (re.compile(r"\bgonna\b"), "going to"), (re.compile(r"\bwanna\b"), "want to"), (re.compile(r"\bgotta\b"), "got to"),
)  # fmt: skip

_IRREGULAR_FORMS = """
be am is are was were been being; have has had having; do does did done doing; go goes went gone going
get got gotten gets getting; make made makes making; take took taken takes taking; give gave given gives giving
buy bought buys buying; keep kept keeps; sleep slept sleeps sleeping; run ran runs running; eat ate eaten eats eating
feed fed feeds; hold held holds; cut cuts cutting; put puts putting; leave left leaves leaving; pay paid pays
sell sold sells; tell told tells; wake woke woken wakes waking; wear wore worn wears; write wrote written writes writing
drink drank drunk drinks; break broke broken breaks; feel felt feels; find found finds; hang hung hangs; lose lost loses losing
throw threw thrown throws; think thought thinks; bring brought brings; teach taught teaches; catch caught; fall fell fallen
stand stood stands; sit sat sits sitting; lie lay lain lying lies; lay laid; rise rose risen; raise raised
ring rang rung rings; sing sang sung; drive drove driven driving; ride rode ridden riding; know knew known; grow grew grown
show showed shown; see saw seen sees; say said says; send sent; spend spent; build built; lend lent; mean meant
meet met; read reads; set sets setting; shut shuts shutting; let lets letting; begin began begun begins beginning
come came comes coming; become became; swell swollen; freeze froze frozen freezing; speak spoke spoken; choose chose chosen choosing
wind wound; bite bit bitten bites biting; hide hid hidden; burn burnt burned; learn learnt learned; smell smelt smelled
stick stuck sticks; strike struck; win won; shake shook shaken; steal stole stolen; tear tore torn; draw drew drawn
foot feet; tooth teeth; leaf leaves; knife knives; shelf shelves; mouse mice; child children; man men; woman women
person people; life lives; half halves; die died dies dying; dry dried dries drier drying; try tried tries trying
good better best; bad worse worst; much more most; little less least; far further farther; weigh weighed
"""
_IRREGULAR = {
    form: group.split()[0]
    for line in _IRREGULAR_FORMS.splitlines()
    for group in line.split(";")
    if group.strip()
    for form in group.split()
    if group.split()[0] not in {"good", "bad", "much", "little"}
}
_IRREGULAR |= {
    "people": "person",
    "better": "better",
    "best": "best",
    "worse": "worse",
    "leaves": "leaf",
    "left": "left",
}

BREAKS = frozenset(".;:!?\n()[]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; `stem` is what it is compared by."""

    text: str
    stem: str
    place: int

    @property
    def is_word(self) -> bool:
        """Whether it has a letter."""
        return self.text[0].isalpha()


def normal(text: str) -> str:
    """The text as one line in lower case, without differences of typography."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLD).casefold().split())


def tokens(text: str) -> list[Token]:
    """Words, numbers and marks in order, contractions written out."""
    plain = unicodedata.normalize("NFC", text).translate(_FOLD).casefold()
    for pattern, full in _CONTRACTED:
        plain = pattern.sub(full, plain)
    return [Token(word, stem(word), i) for i, word in enumerate(_TOKEN.findall(plain))]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its commonest English endings."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, instead in (
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("zzes", "z"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return _plain(word[: -len(ending)] + instead)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and any(c in "aeiouy" for c in word[: -len(ending)]):
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return _plain(word)


def _plain(word: str) -> str:
    if word.endswith("i"):
        word = word[:-1] + "y"
    if len(word) > 4 and word.endswith("ise"):
        word = word[:-3] + "ize"
    return word.removesuffix("e") if len(word) > 3 else word
