"""How a dossier reads: a name for each of its paths, words for each of its values.

Vocabularies are those of the models, titles those of the playbook the case follows. What people wrote is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from riskreview.lib.datafile import words
from riskreview.lib.dates import in_words, moment_in_words
from riskreview.lib.text import without_bidi

from . import matrix
from .labels import BESIDE, LABELS, NOUNS, ONES, WORDS
from .questionnaire import asked_by

if TYPE_CHECKING:
    from .playbook.grammar import Playbook

EMPTY: tuple[Any, ...] = (None, "", [], {})
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Which table of a playbook names the keys of a column.
TITLED = {
    ("consultation", "key"): "consultation",
    ("submission", "key"): "reply",
    ("clock", "key"): "clock",
    ("milestone", "key"): "milestone",
    ("output", "key"): "output",
    ("case", "stage"): "stage",
    ("visit", "stage"): "stage",
    ("recommendation", "disposition"): "disposition",
    ("decision", "disposition"): "disposition",
}
# Which model has the columns of a part that is called otherwise.
MODELS = {"sheet": "cases.answer", "recommendation": "cases.decision"}
# Columns that hold keys without a table of titles: the key itself reads as words.
KEYED = frozenset({"key", "kinds", "rank", "role", "stage", "field", "response", "weight", "disposition", "output"})
STEPS = frozenset({"risk_likelihood", "risk_impact", "residual_likelihood", "residual_impact"})


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value stands: `finding`, `2`, `judgment`. `number` of a sheet is its key and its line."""

    kind: str
    number: str
    column: str


def split(path: str) -> Path:
    """A path in its three parts; a part that is not there is empty."""
    kind, _, rest = path.partition(".")
    if kind == "sheet":
        key, _, line = rest.partition(".")
        item, _, column = line.rpartition(".")
        return Path(kind, f"{key}.{item or column}" if line else key, column if item else "")
    if kind in ONES:
        number, _, column = rest.partition(".")
        return Path(kind, number, column)
    return Path(kind, "", rest)


def label(kind: str, column: str) -> str:
    """What a column is called, as it reads inside a sentence."""
    told = LABELS.get(kind, {}).get(column) or LABELS[""].get(column)
    return told or column.replace("_", " ").replace(".", ", ")


def capital(text: str) -> str:
    """The same words at the beginning of a line."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Sayer:
    """Says paths and values: `rules` are those of the playbook, `names` what rows are called, by `{"ref": …}`."""

    rules: Playbook | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def part(self, path: str) -> str:
        """What the part is called that a path is in: “Finding F2”, “Effect 1”, “Case”."""
        at = split(path)
        if at.kind == "sheet":
            return self._line(at.number)
        if not at.number:
            return BESIDE.get(path) or NOUNS.get(at.kind) or words(at.kind)
        return f"{NOUNS.get(at.kind) or words(at.kind)} {ONES.get(at.kind, '')}{at.number}"

    def path(self, path: str) -> str:
        """A path as a person names it: “Finding F2: likelihood”."""
        at = split(path)
        return f"{self.part(path)}: {label(at.kind, at.column)}" if at.column else self.part(path)

    def label_of(self, path: str) -> str:
        """The name of a value, as it reads inside a sentence: “likelihood”."""
        at = split(path)
        return label(at.kind, at.column)

    def line_of(self, path: str) -> str:
        """The name of a value at the beginning of a line: “Likelihood”."""
        return capital(self.label_of(path))

    def at(self, path: str, value: Any) -> str:
        """What stands under a path, in words; empty for nothing."""
        at = split(path)
        if (at.kind, at.column) == ("sheet", "item"):
            return self._question(*at.number.split(".", 1))
        return self.value(at.kind, at.column, value)

    def value(self, kind: str, column: str, value: Any) -> str:
        """A value of a column in words; empty for nothing."""
        match value:
            case bool():
                return "Yes" if value else "No"
            case _ if value in EMPTY:
                return ""
            case {"ref": str(ref)} if len(value) == 1:
                return without_bidi(self.names.get(ref) or unknown(ref))
            case list() | tuple():
                return ", ".join(self._one(kind, column, each) for each in value)
            case dict():
                return "; ".join(self._named(column, name, inner) for name, inner in sorted(value.items()))
        return self._one(kind, column, value)

    def _one(self, kind: str, column: str, value: Any) -> str:
        if isinstance(value, dict | list | tuple | bool) or value in EMPTY:
            return self.value(kind, column, value)
        if (kind, column) == ("finding", "exhibits"):
            return f"E{value}"
        if column in STEPS:
            return str(matrix.Level(value).label)
        if told := self._titles(kind, column).get(value) or choices(kind, column).get(value):
            return f"{value}, {told[:1].lower()}{told[1:]}" if isinstance(value, int) else str(told)
        return text(column, value)

    def _named(self, column: str, name: str, value: Any) -> str:
        told = WORDS.get(value, "") if isinstance(value, str) else ""
        return f"{label(column, name)}: {told or self.value(column, name, value) or 'nothing'}"

    def _titles(self, kind: str, column: str) -> dict[Any, str]:
        table = TITLED.get((kind, column), "")
        rows = getattr(self.rules, table, ()) if self.rules and table else ()
        told = {row.key: row.title for row in rows if row.title}
        is_own = (kind, column) == ("playbook", "key") and self.rules is not None
        return told | ({self.rules.key: self.rules.title} if is_own and self.rules else {})

    def _line(self, number: str) -> str:
        key, _, item = number.partition(".")
        asked = asked_by(key, self.rules)
        title = f"Checklist “{asked.title if asked else words(key)}”"
        return f"{title}, “{self._question(key, item)}”" if item else title

    def _question(self, key: str, item: str = "") -> str:
        """What a line of a checklist asks."""
        asked = asked_by(key, self.rules)
        lines = {each.key: each.text for each in asked.question} if asked else {}
        return lines.get(item) or words(item)


def text(column: str, value: Any) -> str:
    """A text or number as it stands; days and moments as people write them, keys as words."""
    if not isinstance(value, str):
        return str(value)
    if MOMENT.fullmatch(value):
        return moment_in_words(value)
    if DAY.fullmatch(value):
        return in_words(value)
    if column in KEYED:
        return WORDS.get(value) or words(value.lower() if value.isupper() else value)
    return without_bidi(value)


def unknown(ref: str) -> str:
    """What is said of a row that has no name (any more)."""
    kind, _, number = ref.partition(":")
    return "somebody" if kind == "user" else f"{NOUNS.get(kind, words(kind)).lower()} number {number}"


def choices(kind: str, column: str) -> dict[Any, Any]:
    """The words of a column with a vocabulary, by what is stored."""
    model = MODELS.get(kind, f"cases.{kind}")
    try:
        found = apps.get_model(model)._meta.get_field(column)
    except (LookupError, FieldDoesNotExist, ValueError):
        return {}
    return dict(getattr(found, "flatchoices", None) or ())


def in_order(path: str) -> tuple[Any, ...]:
    """Parts by their numbers; in a part the columns in the order in which they are read, others by their letters."""
    at = split(path)
    columns = list(LABELS.get(at.kind, {}))
    numbered = (int(at.number), "") if at.number.isdecimal() else (0, at.number)
    return (at.kind, *numbered, columns.index(at.column) if at.column in columns else len(columns), at.column)
