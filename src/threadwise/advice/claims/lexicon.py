# ruff: noqa: E501 - word lists read better unbroken
"""What the claim checker knows of words: synonyms, opposites and kinds from the lists beside this module, and the small
words of negation, certainty, quantity and person. Everything is compared by stems (`text.stem`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from threadwise.advice.claims.text import stem

Groups = dict[str, frozenset[int]]


@cache
def synonyms() -> Groups:
    """Groups of words that may stand for one another."""
    return _groups(group for line in _lines("synonyms.txt") for group in _spread(line))


@cache
def kinds() -> Groups:
    """Groups of words of one kind: a Monday is no Friday."""
    return _groups(_lines("kinds.txt"))


@cache
def opposites() -> dict[str, frozenset[str]]:
    """For each word its opposites."""
    found: dict[str, set[str]] = {}
    for line in _lines("opposites.txt"):
        left, right = ([stem(word) for word in side.split()] for side in line.split("|"))
        for one, other in ((a, b) for a in left for b in right if a != b):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


def plain(word: str) -> str:
    """A stem without the ending of a comparison, where the lists of opposites know it without: `dearer`, `driest`."""
    for ending in ("er", "est"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3:
            forms = (root, root[:-1] if root[-1] == root[-2] else root, root[:-1] + "y" if root[-1] == "i" else root)
            return next((form for form in forms if form in opposites()), word)
    return word


def _lines(name: str) -> Iterator[str]:
    text = (resources.files("threadwise.advice.claims") / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _spread(line: str) -> Iterator[str]:
    """A line as groups: `one: other third` as `one other` and `one third`."""
    head, colon, others = line.partition(":")
    yield from (f"{head} {other}" for other in others.split()) if colon else (line,)


def _groups(lines: Iterable[str]) -> Groups:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


FUNCTION = frozenset(
    "a an the this that these those it its he she they them their theirs his him her hers i me my mine we us our ours you "
    "your yours who whom whose which what there here be am is are was were been being do does did done doing have has had "
    "having will would shall should can could may might must ought of in on at by for from to with about as into onto "
    "over under through between per than then so and or but nor if because since while when where how why whether not no "
    "very really just also too even still yet already quite rather much more most less least some any all each every both "
    "either neither such same own other another up down out off again ever never always only well oh ok okay yes please "
    "one ones self myself yourself himself herself itself themselves oneself s t let one's thing things way lot lots bit "
    "kind sort etc e.g i.e eg ie got get gets getting go goes going went gone make makes made making maybe perhaps "
    "probably possibly likely however though although instead anyway actually simply basically honestly "
    "usually often sometimes generally mostly normally typically first next finally once until till unless before after "
    "without within during against around".split()
)
LIGHT = _stems(
    "use do get make put take keep go have let give try need want come start work thing time seem become turn look right good "
    "able like leave set quite bit still stay cause happen enough"
)
GENERIC = LIGHT | _stems(
    "mean matter help avoid allow involve require remain provide follow result reason way method approach tip advice trick stuff "
    "item part case place period amount number person one ones something anything everything further such various certain "
    "available possible include including especially effect difference issue problem due regardless rather besides additionally "
    "therefore thus hence own fully directly serve act existing exist"
)
"""Words that say little by themselves; a claim may bring them along."""

FRAME = _stems(
    "person poster user member author writer commenter people someone somebody say said report mention note suggest recommend "
    "advise explain according describe tell find claim think believe add experience try reply point warn adviser forum thread "
    "post help asker rider owner runner cyclist cook gardener tenant student parent buyer seller household family mover worker "
    "man woman reader contributor participant other others feel admit state agree"
)
"""Words in which a claim says who said it."""

NEGATORS = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly barely scarcely nowhere".split()
)
NEGATIVE = _stems(
    "avoid refuse prevent skip forbid quit fail lack unable refrain resist neither unnecessary useless nil zero few"
)
IDLE_AFTER_NO = frozenset("only wonder mind matter problem doubt worries least".split())
ENDS_SCOPE = frozenset("but because so since which unless until when while although though then where as".split())

HEDGES = frozenset(
    "might may maybe perhaps possibly could conceivably supposedly apparently allegedly guess suspect wonder unsure hopefully "
    "seem seems seemed sounds probably likely presumably bet unlikely can".split()
)
SOFT = HEDGES | frozenset(
    "think thinks thought believe believes reckon suppose feel imagine expect usually often mostly generally normally typically "
    "sometimes occasionally tends tend somewhat partly some approximately almost nearly doubt impression potential possible "
    "risk suspects".split()
)
LOOSE = frozenset("about around some or roughly should would if rarely sense".split())
STRONG = frozenset(
    "must always never definitely certainly guaranteed surely undoubtedly absolutely every everyone everybody all only impossible "
    "entirely completely totally proven any".split()
)
OBLIGING = frozenset("must need needs have has only never".split())
QUANTITY = {
    word: rank
    for rank, words in enumerate(
        (
            "no none nobody nothing zero nil never",
            "few hardly rarely seldom little barely",
            "some several sometimes occasionally part partly couple",
            "many often half lots much plenty frequently",
            "most mostly usually majority generally mainly normally",
            "all every everyone everybody everything always each entire whole any both",
        )
    )
    for word in words.split()
}
CONDITIONAL = frozenset("if when unless provided whenever once long only without for with should".split())
CRITICAL = frozenset(
    "with without before after on off in out up down over under until if unless more less most least only not no never even "
    "again from to into instead away back too all every each some any both than because first then nothing always".split()
)
TURNED = {
    one: frozenset(others.split())
    for pair in (
        "before|after", "with|without", "on|off", "in|out", "up|down", "over|under", "more|less", "most|least", "above|below",
        "all|none", "always|never", "until|since", "from|to", "towards|away", "inside|outside", "some|all",
    )
    for one, others in (pair.split("|"), reversed(pair.split("|")))
}  # fmt: skip
"""Small words against each other; `opposites` holds the others."""

FIRST_PERSON = frozenset("i me my mine we us our ours myself".split())
YOU = frozenset("you your yours yourself".split())
HE, SHE = frozenset("he him his".split()), frozenset("she her hers".split())
RELATIVES = _stems(
    "wife husband partner boyfriend girlfriend mother mum mom father dad sister brother son daughter child kid grandmother gran "
    "grandma grandfather aunt uncle cousin niece nephew friend mate colleague neighbour flatmate roommate doctor gp physio nurse "
    "vet dentist teacher trainer boss landlord landlady tenant plumber electrician mechanic pharmacist breeder lawyer engineer"
)
SUBJECTS = {"i": "i", "we": "i", "you": "you"} | dict.fromkeys(
    "person poster someone somebody user member they author".split(), "they"
)
TIMELY = frozenset("then after before first until afterwards next later last from to into".split())
CONDITION = frozenset(
    "if unless when whenever until till provided providing except once while where otherwise only".split()
)
"""Words that make a sentence depend on something."""
MOVABLE = _stems("before after if when unless because while once until since as between during in on at with without")
"""Words that begin a part of a sentence which may stand at either end."""

BARE = frozenset(
    "a an the this that these those it its he she they them their theirs him his her hers i me my mine we us our ours you "
    "your yours who which be am is are was were been being do does did done doing have has had having will would shall "
    "should can could may might must of in on at by for to as and or so just also too there here one get gets getting got "
    "when if while because since from with into about than then but what how where really very myself yourself".split()
)
"""Small words that a claim may have and its source lack without saying anything else."""
