"""The safety rules as values: read from YAML, checked, merged with what a forum's owner changed.

The rules that ship lie in `rules/*.yaml`; a file named by THREADWISE_SAFETY_RULES is read after them, in the same form.
Everything is checked when it is read: a rule that could never do anything is an error with its line, not a surprise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib import resources
from pathlib import Path
from string import Formatter

from threadwise.advice.rule_file import Entry, read_entries
from threadwise.advice.word_patterns import Pattern, PatternError, Phrase, may_touch, parse, phrases
from threadwise.domain import NoticeKind
from threadwise.errors import SettingsError

ACKNOWLEDGEMENT = "people in danger will see no notice"
"""What the owner of a forum has to write to weaken the crisis rules."""

SERIOUS = (NoticeKind.CRISIS, NoticeKind.URGENT, NoticeKind.CAUTION)


class Verdict(StrEnum):
    """What may become of a sentence: cited freely, cited as somebody's report beside a warning, or not at all."""

    ALLOW = "allow"
    ATTRIBUTED = "attributed"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a group of rules is about, and what is said when one of them finds something."""

    name: str
    title: str
    kind: NoticeKind
    notice: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns that question or post must show, and what follows then."""

    id: str
    topic: str
    kind: NoticeKind | None = None
    notice: str | None = None
    question: tuple[Pattern, ...] = ()
    post: tuple[Pattern, ...] = ()
    verdict: Verdict = Verdict.ATTRIBUTED
    unless: tuple[Pattern, ...] = ()
    unless_near: tuple[Pattern, ...] = ()
    negation: bool = True
    when: frozenset[str] = frozenset()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules in force, most serious first, and what the owner should be told about them."""

    topics: Mapping[str, Topic]
    rules: tuple[Rule, ...]
    help: Mapping[str, str]
    lists: Mapping[str, tuple[Phrase, ...]]
    warned: tuple[Pattern, ...] = ()
    warnings: tuple[str, ...] = ()

    def kind(self, rule: Rule) -> NoticeKind:
        """How serious a rule is: its own word, else its topic's."""
        return rule.kind or self.topics[rule.topic].kind

    def notice(self, rule: Rule) -> str:
        """What a rule tells the reader."""
        return (rule.notice or self.topics[rule.topic].notice).format_map(self.help).strip()


@dataclass
class _Draft:
    topics: dict[str, Topic] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    help: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    warned: tuple[Pattern, ...] = ()
    warnings: list[str] = field(default_factory=list)


def load_rules(own: Path | None = None) -> RuleBook:
    """The rules that ship, changed by a file of the forum's owner if there is one.

    Raises:
        SettingsError: The file cannot be read, or something in it is wrong; the message names file, line and remedy.
    """
    draft = _Draft()
    shipped = resources.files("threadwise.advice") / "rules"
    for name in sorted(item.name for item in shipped.iterdir() if item.name.endswith(".yaml")):
        _read_file(draft, read_entries((shipped / name).read_text(encoding="utf-8"), name), shipped=True)
    if own is not None:
        _read_file(draft, read_entries(_text_of(own), str(own)), shipped=False)
    rules = [_in_force(rule, draft.topics[rule.topic]) for rule in draft.rules.values()]
    rules = [rule for rule in rules if rule.enabled]
    book = RuleBook(draft.topics, (), draft.help, draft.lists, draft.warned, tuple(draft.warnings))
    return replace(book, rules=tuple(sorted(rules, key=lambda rule: SERIOUS.index(book.kind(rule)))))


def _in_force(rule: Rule, topic: Topic) -> Rule:
    """A rule as its topic leaves it: with a crisis topic off there are no notices, but no method is quoted either."""
    if topic.enabled:
        return rule
    kept = topic.kind is NoticeKind.CRISIS and bool(rule.post)
    return replace(rule, question=(), enabled=rule.enabled and kept)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The safety rules {path} cannot be read: {error}. THREADWISE_SAFETY_RULES names a UTF-8 YAML file; "
            "docs/safety.md shows one."
        ) from error


def _read_file(draft: _Draft, root: Entry, *, shipped: bool) -> None:
    root.only("help", "words", "warned", "topics", "rules")
    for name, entry in root.items("help"):
        draft.help[name] = entry.text()
    for name, entry in root.items("words"):
        try:
            draft.lists[name] = draft.lists.get(name, ()) + phrases(entry.text(), draft.lists)
        except PatternError as error:
            raise entry.wrong(f"{error}", "words and phrases are parted by commas") from error
    draft.warned += _patterns(draft, root, "warned")
    for name, entry in root.items("topics"):
        draft.topics[name] = _topic(draft, name, entry, shipped=shipped)
    for entry in root.list("rules"):
        rule = _rule(draft, entry, shipped=shipped)
        draft.rules[rule.id] = rule


# Topics


def _topic(draft: _Draft, name: str, entry: Entry, *, shipped: bool) -> Topic:
    entry.only("title", "kind", "notice", "enabled", "acknowledge")
    old = draft.topics.get(name)
    if old is None and not (entry.get("kind") and entry.get("notice")):
        known = ", ".join(sorted(draft.topics))
        raise entry.wrong(f"there is no topic {name!r}", f"a new one needs kind and notice; these exist: {known}")
    old = old or Topic(name, name, NoticeKind.CAUTION, "")
    topic = Topic(
        name,
        entry.text_or("title", old.title),
        _kind(entry) or old.kind,
        _notice(draft, entry) or old.notice,
        entry.flag_or("enabled", old.enabled),
    )
    weaker = not topic.enabled or SERIOUS.index(topic.kind) > SERIOUS.index(old.kind)
    if not shipped and old.kind is NoticeKind.CRISIS and old.notice and weaker:
        _acknowledged(draft, entry, f"topic {name!r}", topic.enabled)
    return topic


def _acknowledged(draft: _Draft, entry: Entry, what: str, still_on: bool) -> None:
    done = "made less serious" if still_on else "switched off"
    if entry.text_or("acknowledge", "") != ACKNOWLEDGEMENT:
        raise entry.wrong(
            f"the {what} is about people in danger and would be {done}",
            f"if that is meant, say so beside it: `acknowledge: {ACKNOWLEDGEMENT}` (docs/safety.md says what it means)",
        )
    draft.warnings.append(f"Safety: the {what} is {done} ({entry.where}): {ACKNOWLEDGEMENT}.")


# Rules


def _rule(draft: _Draft, entry: Entry, *, shipped: bool) -> Rule:
    entry.only(
        "id", "topic", "kind", "notice", "question", "post", "verdict", "unless", "unless_near", "negation", "when",
        "enabled", "acknowledge",
    )  # fmt: skip
    name = entry.text_or("id", "")
    if not name:
        raise entry.wrong("a rule has no id", "give each a short name of its own, such as `id: raw-milk`")
    old = draft.rules.get(name)
    if old and shipped:
        raise entry.wrong(f"there are two rules {name!r}", "give one another id")
    topic = entry.text_or("topic", old.topic if old else "")
    if topic not in draft.topics:
        known = ", ".join(sorted(draft.topics))
        raise entry.wrong(
            f"rule {name!r}: there is no topic {topic!r}", f"name one of: {known}; or add it under `topics`"
        )
    old = old or Rule(name, topic)
    found = {key: _patterns(draft, entry, key) for key in ("question", "post", "unless", "unless_near")}
    rule = Rule(
        id=name,
        topic=topic,
        kind=_kind(entry) or old.kind,
        notice=_notice(draft, entry) or old.notice,
        question=old.question + found["question"],
        post=old.post + found["post"],
        verdict=_verdict(entry) or old.verdict,
        unless=old.unless + found["unless"],
        unless_near=old.unless_near + found["unless_near"],
        negation=entry.flag_or("negation", old.negation),
        when=frozenset(_topics_named(draft, entry)) or old.when,
        enabled=entry.flag_or("enabled", old.enabled),
    )
    if not (rule.question or rule.post):
        raise entry.wrong(f"rule {name!r} looks for nothing", "give it patterns under `question` or `post`")
    for item, guard in zip(entry.list("unless"), found["unless"], strict=True):
        if not may_touch(guard, (*rule.question, *rule.post)):
            raise item.wrong(
                f"unless: {guard.source!r} has no word of what rule {name!r} looks for, so it could never hold it back",
                "write it with the words that are found by mistake, or put it under `unless_near`",
            )
    if not shipped:
        _check_crisis(draft, entry, old, rule)
    return rule


def _check_crisis(draft: _Draft, entry: Entry, old: Rule, rule: Rule) -> None:
    """A change that lets a crisis pass unseen must be meant."""
    if not old.question or (old.kind or draft.topics[old.topic].kind) is not NoticeKind.CRISIS:
        return
    now = rule.kind or draft.topics[rule.topic].kind
    if not rule.enabled or now is not NoticeKind.CRISIS:
        _acknowledged(draft, entry, f"rule {rule.id!r}", rule.enabled)
    elif rule.unless != old.unless or rule.unless_near != old.unless_near or (rule.negation and not old.negation):
        draft.warnings.append(f"Safety: the crisis rule {rule.id!r} has exceptions of your own ({entry.where}).")


def _patterns(draft: _Draft, entry: Entry, key: str) -> tuple[Pattern, ...]:
    found = []
    for item in entry.list(key):
        try:
            found.append(parse(item.text(), draft.lists))
        except PatternError as error:
            raise item.wrong(f"{key}: {error}", "docs/safety.md explains patterns in ten lines") from error
    return tuple(found)


def _kind(entry: Entry) -> NoticeKind | None:
    word = entry.text_or("kind", "")
    if not word:
        return None
    if word not in SERIOUS:
        raise entry.wrong(f"there is no kind {word!r}", "write crisis, urgent or caution")
    return NoticeKind(word)


def _verdict(entry: Entry) -> Verdict | None:
    word = entry.text_or("verdict", "")
    if not word:
        return None
    if word not in tuple(Verdict):
        raise entry.wrong(f"there is no verdict {word!r}", "write attributed, withhold or allow")
    return Verdict(word)


def _notice(draft: _Draft, entry: Entry) -> str | None:
    text = entry.text_or("notice", "")
    try:
        unknown = [name for _, name, _, _ in Formatter().parse(text) if name is not None and name not in draft.help]
    except ValueError as error:
        raise entry.wrong(f"notice: {error}", "write {{ and }} for braces that are meant as such") from error
    if unknown:
        raise entry.wrong(
            f"notice: {{{unknown[0]}}} is not known", f"these are: {', '.join(draft.help)}; or add it to `help`"
        )
    return text or None


def _topics_named(draft: _Draft, entry: Entry) -> Iterator[str]:
    for item in entry.list("when"):
        if item.text() not in draft.topics:
            raise item.wrong(
                f"when: there is no topic {item.text()!r}", f"name one of: {', '.join(sorted(draft.topics))}"
            )
        yield item.text()
