"""Read a YAML file of rules so that every error can name its line.

YAML comes in as a tree of `Entry`s that know where they stand; what to make of it is for `safety_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from threadwise.errors import SettingsError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where it was built, ten times as fast."""

LONGEST = 1_000_000
"""Characters a rule file may have; a longer one is some other file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in a YAML file and where it stands."""

    value: str | bool | list[Entry] | dict[str, Entry] | None
    file: str
    line: int
    path: str

    @property
    def where(self) -> str:
        """File and line, as an editor takes them."""
        return f"{self.file}, line {self.line}"

    def wrong(self, what: str, remedy: str) -> SettingsError:
        """An error about this entry: what is wrong, where, and what to do."""
        at = f" ({self.path})" if self.path else ""
        return SettingsError(f"Safety rules, {self.where}{at}: {what}; {remedy}.")

    def text(self) -> str:
        """The value as a text."""
        if not isinstance(self.value, str):
            raise self.wrong("a text is needed here", "write words; put them in quotes if they hold `:`, `#` or `{`")
        return self.value

    def get(self, key: str) -> Entry | None:
        """The entry under a key of a mapping, if there is one."""
        return self._mapping().get(key)

    def text_or(self, key: str, otherwise: str) -> str:
        """The text under a key, or else."""
        entry = self.get(key)
        return entry.text() if entry else otherwise

    def flag_or(self, key: str, otherwise: bool) -> bool:
        """The yes or no under a key, or else."""
        entry = self.get(key)
        if entry is None:
            return otherwise
        if not isinstance(entry.value, bool):
            raise entry.wrong(f"{key} is neither true nor false", "write one of the two")
        return entry.value

    def items(self, key: str) -> Iterator[tuple[str, Entry]]:
        """Names and entries of the mapping under a key; nothing where there is none."""
        entry = self.get(key)
        yield from entry._mapping().items() if entry and entry.value is not None else ()

    def list(self, key: str) -> Iterator[Entry]:
        """The entries of the list under a key; nothing where there is none."""
        entry = self.get(key)
        if entry is None or entry.value is None:
            return
        if not isinstance(entry.value, list):
            raise entry.wrong(f"{key} must be a list", "start each line of it with `- `")
        yield from entry.value

    def only(self, *keys: str) -> None:
        """Check that a mapping has no other keys than these."""
        for key, entry in self._mapping().items():
            if key not in keys:
                raise entry.wrong(f"the key {key!r} is not known here", f"these are: {', '.join(keys)}")

    def _mapping(self) -> dict[str, Entry]:
        if not isinstance(self.value, dict):
            raise self.wrong("keys with values are needed here", "write `key: value` lines")
        return self.value


def read_entries(text: str, file: str) -> Entry:
    """The root mapping of a YAML text; an empty text is an empty mapping.

    Raises:
        SettingsError: It is no YAML, too long, or no mapping; the message names the line.
    """
    if len(text) > LONGEST:
        raise SettingsError(f"Safety rules, {file}: {len(text):,} characters; a rule file has at most {LONGEST:,}.")
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML"
        raise SettingsError(
            f"Safety rules, {file}{line}: {problem}. Check indents, colons and quotes there."
        ) from error
    if node is None:
        return Entry({}, file, 1, "")
    root = _entry(node, file, "", ())
    root.only(*(root.value if isinstance(root.value, dict) else ()))
    return root


def _entry(node: yaml.Node, file: str, path: str, above: tuple[int, ...]) -> Entry:
    line = node.start_mark.line + 1
    here = Entry(None, file, line, path)
    if id(node) in above:
        raise here.wrong("the file contains itself by an alias", "write the value out")
    above = (*above, id(node))
    if isinstance(node, yaml.ScalarNode):
        return Entry(_scalar(node), file, line, path)
    if isinstance(node, yaml.SequenceNode):
        return Entry([_entry(item, file, f"{path}[{i}]", above) for i, item in enumerate(node.value)], file, line, path)
    found: dict[str, Entry] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if not isinstance(name, str):
            raise here.wrong("a key is no plain word", "write `key: value` lines")
        if name in found:
            raise Entry(None, file, key.start_mark.line + 1, path).wrong(
                f"{name!r} stands here twice", "keep one of them"
            )
        found[name] = _entry(value, file, f"{path}.{name}" if path else name, above)
    return Entry(found, file, line, path)


def _scalar(node: yaml.ScalarNode) -> str | bool | None:
    if node.tag == "tag:yaml.org,2002:bool":
        return str(node.value).lower() in ("true", "yes", "on")
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return str(node.value)
