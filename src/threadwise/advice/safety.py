"""The safety governor: reads the question and every sentence that is about to be cited.

Rules first: what is dangerous is written down in `rules/*.yaml`, in words a forum's owner can read and change; this
module only looks where they match and whether the sentence means it. A question gets notices, most serious first. A
sentence may be cited freely, may be cited only as somebody's report beside the warning (and never as the first point),
or is withheld. docs/safety.md lists the topics and says how well they were measured to work.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import chain

from threadwise.advice.hints import CRISIS, EMERGENCY
from threadwise.advice.plain_words import BREAK, Reader
from threadwise.advice.safety_rules import SERIOUS, Rule, RuleBook, Verdict, load_rules
from threadwise.advice.word_patterns import Pattern, Phrase, Span, literals
from threadwise.config import LONGEST_QUESTION, Settings
from threadwise.domain import Notice, NoticeKind

__all__ = ["Assessment", "Governor", "Screening", "Verdict"]

MOST_NOTICES = 4
"""More would be skipped unread."""

MEANT, MEANS = frozenset(["self-harm", "harm-to-others"]), frozenset(["medicines", "mixtures", "poisons", "gas"])
"""Topics of harm that is meant, and of what it is done with; together they are no other question."""

_NAMES_MEANS = re.compile(
    r"""\b(?:pills?|tablets?|capsules?|overdos\w*|lethal|painless(?:ly)?|doses?|insulin|paracetamol|ibuprofen|aspirin
        |ropes?|nooses?|belts?|beams?|bridges?|cliffs?|roofs?|rooftops?|ledges?|tracks?|trains?|razors?|blades?|knife|knives
        |guns?|rifles?|pistols?|bullets?|bleach|antifreeze|exhausts?|charcoal|helium|monoxide|poison\w*|veins?|arter(?:y|ies)
        |jump(?:ing|ed)?|drown\w*|hang(?:ing|ed)?|heights?|high)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What harm may be done with. In any other talk a rope is a rope and tablets may be for the dishwasher; in one in which
somebody spoke of killing, whoever means the dishwasher is asked to start a new conversation."""

URGENT_TURNS = 2
"""For how many further questions an urgent notice stays; a crisis stays for the whole conversation."""

LONGEST_READ = 2 * LONGEST_QUESTION + 1000
"""Characters of a text that are read: a question after the one before it, and what it follows up, are read whole."""

_NEAR = 150
"""How far, in characters of plain text, an `unless_near` reaches: about thirty words."""

_NEGATION = re.compile(
    r" (?:no|not|never|without|nor|neither|zero|isnt|arent|wasnt|werent|dont|doesnt|didnt|havent|hasnt|hadnt|wouldnt|"
    r"shouldnt|mustnt|couldnt|aint|avoid|avoiding|nobody|denies) "
    r"(?!(?:only|just|know|sure|understand|get|care|remember|mind|why|idea|doubt|one|matter|sleep|doctor|energy|wait|"
    r"worry|be|longer|stop|stopping|stopped) )(?:[^ ¶,]+ ){0,3}(?:, (?:[^ ¶,]+ ){1,3}){0,2}$"
)
"""A word that denies what follows within three words, or at the end of a list that it opens (`no fever or ...`)."""

_TURN = re.compile(r" (?:but|however|although|though|yet|except|now|then|because|since|until|when|unless) ")
_LISTED = re.compile(r"^(?:[^ ¶]+ ){0,3}(?:or|nor) ")
_LISTING = re.compile(r" (?:or|nor|no|not) $| (?:or|nor) ")


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a question raises: notices for the reader, most serious first, and the topics they are about."""

    notices: tuple[Notice, ...] = ()
    topics: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether somebody should get help right now."""
        return any(notice.kind is NoticeKind.URGENT for notice in self.notices)

    @property
    def crisis(self) -> bool:
        """Whether somebody may be in danger; a language model is not asked then."""
        return any(notice.kind is NoticeKind.CRISIS for notice in self.notices)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a talk raises: the `whole` of it, its `latest` question with the one before, that question `alone`."""

    whole: Assessment
    latest: Assessment
    alone: Assessment
    names_means: bool = False

    @property
    def about_means(self) -> bool:
        """Whether pills, ropes or poisons are asked about in a talk in which somebody may mean to do harm."""
        asked = self.names_means or not MEANS.isdisjoint(self.alone.topics)
        return asked and not MEANT.isdisjoint(self.whole.topics)


@dataclass(frozen=True, slots=True)
class Screening:
    """What may become of a sentence, by which rule, and the warning that has to stand beside it."""

    verdict: Verdict
    rule: str | None = None
    notice: Notice | None = None


ALLOWED = Screening(Verdict.ALLOW)


class Governor:
    """Applies a rule book. Safe to use from many threads; reads nothing after it is made."""

    def __init__(self, book: RuleBook, real_words: Collection[str] = ()) -> None:
        self.book = book
        self.warnings = book.warnings
        self._notices = {rule.id: Notice(book.kind(rule), book.notice(rule)) for rule in book.rules}
        self._asked = _Lookup((rule, rule.question) for rule in book.rules)
        self._said = _Lookup((rule, rule.post) for rule in book.rules)
        self._reader = Reader(vocabulary(book), guarded=_crisis_words(book), real=real_words)

    @classmethod
    def load(cls, settings: Settings) -> Governor:
        """The rules that ship, changed by `settings.safety_rules`.

        Raises:
            SettingsError: Something in that file is wrong; the message names file, line and remedy.
        """
        return _shipped() if settings.safety_rules is None else cls(load_rules(settings.safety_rules), _real_words())

    def consider(self, question: str, history: Sequence[str] = ()) -> Assessment:
        """What the reader has to be told before any advice, with the topics and rules behind it.

        Args:
            question: As typed.
            history: The earlier questions of the conversation, oldest first.
        """
        return self.listen(question, history).whole

    def listen(self, question: str, history: Sequence[str] = ()) -> Talk:
        """What a talk raises: all of it, the question with the one before it, and the question alone."""
        own = list(self._raised(self.read(question)))
        earlier = [list(self._raised(self.read(said))) for said in history]
        joined: list[Rule] = []
        if history:  # "... and with vinegar?" after a question about bleach
            joined = list(self._raised(self.read(f"{history[-1]}\n\n{question}")))
            joined = [rule for rule in joined if rule not in earlier[-1]]
        lasting = [self._lasting(raised, age) for age, raised in enumerate(reversed(earlier))]
        return Talk(
            self._assessment([*own, *chain.from_iterable(lasting), *joined]),
            self._assessment([*own, *chain.from_iterable(lasting[:1]), *joined]),
            self._assessment(own),
            bool(_NAMES_MEANS.search(question)),
        )

    def _lasting(self, raised: Iterable[Rule], age: int) -> list[Rule]:
        """What an earlier question still raises after `age` others."""
        kinds = (NoticeKind.CRISIS, NoticeKind.URGENT) if age < URGENT_TURNS else (NoticeKind.CRISIS,)
        return [rule for rule in raised if self.book.kind(rule) in kinds]

    def hinted(self, assessment: Assessment, heard: Sequence[str]) -> Assessment:
        """An assessment with what is said to somebody whose question hints at danger without a word of it.

        What the rules found, as serious or more so, stays as it is. Beside a crisis posts are screened as for a
        question about self-harm.

        Args:
            assessment: What the rules found.
            heard: Topics, as `hints.hinted_topics` gives them.
        """
        found = assessment.notices
        for name in sorted(heard, key=(EMERGENCY, CRISIS).index):
            topic = self.book.topics.get(name)
            if topic is None or not topic.enabled or _as_serious(found, topic.kind):
                continue
            notice = Notice(topic.kind, topic.notice.format_map(self.book.help).strip())
            notices = (notice, *assessment.notices)[:MOST_NOTICES]
            screened = {name, "self-harm"} if name == CRISIS else {name}
            assessment = replace(assessment, notices=notices, topics=assessment.topics | screened)
        return assessment

    def screen(self, text: str, topics: Collection[str] = ()) -> Screening:
        """Judge a sentence of a post before it is cited.

        Args:
            text: The sentence, as written.
            topics: What the question was found to be about (`Assessment.topics`); some rules look only then.
        """
        words = self.read(text)
        worst = ALLOWED
        for rule, patterns in self._said.candidates(words):
            stricter = worst.verdict is Verdict.ALLOW or rule.verdict is Verdict.WITHHOLD
            relevant = not rule.when or not rule.when.isdisjoint(topics)
            if stricter and relevant and _matches(rule, patterns, words, self.book.warned):
                worst = Screening(rule.verdict, rule.id, self._notices[rule.id])
                if rule.verdict is Verdict.WITHHOLD:
                    break
        return worst

    def read(self, text: str) -> str:
        """A text as plain words, the way the rules see it; see `plain_words`."""
        return self._reader.read(text[:LONGEST_READ])

    def _raised(self, words: str) -> Iterator[Rule]:
        return (rule for rule, patterns in self._asked.candidates(words) if _matches(rule, patterns, words))

    def _assessment(self, raised: Iterable[Rule]) -> Assessment:
        rules = sorted(
            {rule.id: rule for rule in raised}.values(), key=lambda rule: SERIOUS.index(self.book.kind(rule))
        )
        notices = tuple(dict.fromkeys(self._notices[rule.id] for rule in rules))
        return Assessment(
            notices[:MOST_NOTICES], frozenset(rule.topic for rule in rules), tuple(rule.id for rule in rules)
        )


@cache
def _shipped() -> Governor:
    """The rules that ship, read once for all that this process opens."""
    return Governor(load_rules(), _real_words())


def _real_words() -> list[str]:
    real = resources.files("threadwise.advice") / "rules" / "not-misspelled.txt"
    return real.read_text(encoding="utf-8").split() if real.is_file() else []


def _as_serious(notices: Iterable[Notice], kind: NoticeKind) -> bool:
    return any(SERIOUS.index(notice.kind) <= SERIOUS.index(kind) for notice in notices)


class _Lookup:
    """From the words of a text to the few patterns that could match it."""

    def __init__(self, rules: Iterable[tuple[Rule, tuple[Pattern, ...]]]) -> None:
        self._rules: list[Rule] = []
        self._words: dict[str, list[tuple[int, Pattern]]] = {}
        self._starts: dict[str, list[tuple[str, int, Pattern]]] = {}
        for rule, patterns in rules:
            for pattern in patterns:
                for word in pattern.anchors:
                    if word.endswith("*"):
                        self._starts.setdefault(word[:2], []).append((word[:-1], len(self._rules), pattern))
                    else:
                        self._words.setdefault(word, []).append((len(self._rules), pattern))
            self._rules.append(rule)

    def candidates(self, words: str) -> list[tuple[Rule, list[Pattern]]]:
        """Rules with those of their patterns that could match, in the order of the rules."""
        found: dict[int, dict[str, Pattern]] = {}
        for word in set(words.split()):
            for number, pattern in self._words.get(word, ()):
                found.setdefault(number, {})[pattern.source] = pattern
            for start, number, pattern in self._starts.get(word[:2], ()):
                if word.startswith(start):
                    found.setdefault(number, {})[pattern.source] = pattern
        return [(self._rules[number], list(found[number].values())) for number in sorted(found)]


def _matches(rule: Rule, patterns: Iterable[Pattern], words: str, warned: tuple[Pattern, ...] = ()) -> bool:
    """Whether one of the patterns stands in the text and nothing there takes it back."""
    near = (*rule.unless_near, *warned) if rule.negation else rule.unless_near
    guards: list[Span] | None = None
    for pattern in patterns:
        for spans in pattern.find(words):
            if rule.negation and _negated(words, spans[0]):
                continue
            if guards is None:
                guards = [span for guard in rule.unless for found in guard.find(words) for span in found]
            if any(start < end_ and start_ < end for start, end in guards for start_, end_ in spans):
                continue
            if not any(_is_near(guard, words, spans[0]) for guard in near):
                return True
    return False


def _is_near(guard: Pattern, words: str, span: Span) -> bool:
    """Whether a guard that is not itself denied (`isn't dangerous`) stands near a span."""
    return any(
        found[0][0] < span[1] + _NEAR and span[0] < found[0][1] + _NEAR and not _negated(words, found[0])
        for found in guard.find(words)
    )


def _negated(words: str, span: Span) -> bool:
    """Whether what stands at a span is denied: `no chest pain`, `never mix`, `no fever, cough or chest pain`."""
    before = words[max(0, span[0] - 80) : span[0]]
    before = before[before.rfind(BREAK) + 1 :]
    found = _NEGATION.search(before)
    if found is None or _TURN.search(found[0]):
        return False
    if "," not in found[0]:
        return True
    return bool(_LISTING.search(found[0][found[0].index(",") :]) or _LISTED.match(words[span[1] :]))


def vocabulary(book: RuleBook) -> set[str]:
    """Every whole word that a pattern or a list is written with."""
    patterns = (p for rule in book.rules for p in (*rule.question, *rule.post, *rule.unless, *rule.unless_near))
    return literals(patterns) | {word for phrases in book.lists.values() for word in _words(phrases)} | {"i"}


def _words(phrases: Iterable[Phrase]) -> Iterator[str]:
    return (word for phrase in phrases for word in phrase if word.isalpha())


def _crisis_words(book: RuleBook) -> set[str]:
    rules = [rule for rule in book.rules if book.kind(rule) is NoticeKind.CRISIS]
    return {word for rule in rules for pattern in rule.question for word in pattern.anchors if word.isalpha()}
