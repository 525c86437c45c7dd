"""Words that hold a statement at arm's length, and words for somebody without a name. Pure; rules of English."""

import re
from collections.abc import Iterable
from typing import Literal

from riskreview.enrichment import rules
from riskreview.enrichment.said import Hedge, Span
from riskreview.enrichment.wording import DATA

_HEDGES = DATA["hedges"]
_ANONYMOUS = DATA["anonymous"]
_CLASSES: tuple[Literal["HEARSAY", "FORECAST", "MODAL"], ...] = ("HEARSAY", "FORECAST", "MODAL")


def _any(entries: Iterable[str], where: str) -> re.Pattern[str]:
    return rules.pattern(rf"\b(?i:{'|'.join(entries)})\b", where)


# At one place hearsay goes before a forecast, and both before a mere modal.
_HEDGE = rules.pattern(
    r"\b(?:"
    + "|".join(rf"(?P<{kind}>(?i:{'|'.join(_HEDGES[kind.lower()])})\b)" for kind in _CLASSES)
    # "May" is a month.
    + rf"|{_HEDGES['modal_exact']})",
    "claims.toml [hedges]",
)
_SOMEBODY = rules.pattern(
    rf"\b(?i:{_ANONYMOUS['number']}\s(?:[\w-]{{1,30}}\s){{0,3}}(?:{_ANONYMOUS['nouns']})|{_ANONYMOUS['bare']})\b",
    "claims.toml [anonymous]",
)
_WITHHELD = _any([_ANONYMOUS["withheld"]], "claims.toml [anonymous] withheld")


def hedges(text: str, start: int = 0, end: int | None = None) -> list[Hedge]:
    """The hedges in [start, end) in order, none overlapping another, in time linear in the text."""
    found = _HEDGE.finditer(text, start, len(text) if end is None else end)
    return [Hedge(*match.span(), _class(match)) for match in found]


def anonymous(text: str, start: int, end: int) -> Span | None:
    """The first words in [start, end) for somebody who is not named: "one American company"."""
    match = _SOMEBODY.search(text, start, end)
    return match.span() if match else None


def withholds_name(text: str, start: int, end: int) -> bool:
    """Whether the words in [start, end) say that a name is kept back: "who asked not to be named"."""
    return bool(_WITHHELD.search(text, start, end))


def _class(match: re.Match[str]) -> Literal["HEARSAY", "FORECAST", "MODAL"]:
    return next((kind for kind in _CLASSES if match[kind]), "MODAL")
