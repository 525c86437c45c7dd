"""The language of the search box: words, "phrases", OR, -without, prefix*, and what narrows (from:2025-01). Pure.

Nothing is an error: what cannot be meant is left out, and said in words.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import searched

LONGEST = 500  # characters of a question
MOST = 24  # parts of it
SHORTEST_PREFIX, SHORTEST_TYPED = 2, 4  # letters
KINDS = ("case", "vendor", "incident", "claim", "document")
DOCUMENT_KINDS = {"article": "ARTICLE", "notice": "OFFICIAL_NOTICE", "upload": "UPLOAD", "email": "E_MAIL"}

_TOKEN = re.compile(r'(-?)(?:(vendor|source|from|to|is):)?(?:["“”]([^"“”]*)["“”]?|([^\s"“”]+))', re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One word or phrase. `words` are its words as they are searched; a `prefix` also stands for longer last words."""

    text: str
    words: str
    quoted: bool = False
    prefix: bool = False


@dataclass(slots=True)
class Question:
    """What is asked: all of `wanted`, of each tuple one part at least; nothing of `unwanted`; narrowed by the rest.

    `since` and `until` are days, both included. `kinds` are kinds of rows, `forms` kinds of documents (empty: all).
    `whole`: look everywhere, however long it takes. `problems` say what was left out.
    """

    text: str
    wanted: list[tuple[Part, ...]] = field(default_factory=list)
    unwanted: list[Part] = field(default_factory=list)
    vendors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    since: datetime.date | None = None
    until: datetime.date | None = None
    kinds: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    newest_first: bool = False
    whole: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def narrows(self) -> bool:
        """Whether something but words is asked for."""
        return bool(self.vendors or self.sources or self.since or self.until or self.forms)

    @property
    def asks(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.wanted or self.narrows)

    @property
    def plain(self) -> list[Part]:
        """The single words that are wanted without quotes."""
        return [part for group in self.wanted for part in group if not part.quoted and " " not in part.words]


def read(text: str, *, typing: bool = False) -> Question:
    """What a text asks for. While somebody is `typing`, the last word may be the beginning of a longer one."""
    told = Question(" ".join(text.replace("\x00", " ").split()))
    if len(told.text) > LONGEST:
        told.text = told.text[:LONGEST]
        told.problems.append(f"Only the first {LONGEST} characters were read.")
    either = False
    for number, (minus, name, quoted, bare) in enumerate(_tokens(told.text)):
        if number == MOST:
            told.problems.append(f"Only the first {MOST} words and phrases were searched.")
            break
        if bare == "OR" and not name:
            either = bool(told.wanted)
            continue
        if name:
            _narrow(told, name.lower(), quoted or bare)
        elif part := _part(told, quoted, bare):
            _take(told, part, without=bool(minus), either=either)
        either = False
    if typing:
        _complete(told, text)
    _check(told)
    return told


def _tokens(text: str) -> Iterator[tuple[str, str, str, str]]:
    for found in _TOKEN.finditer(text):
        minus, name, quoted, bare = found.groups(default="")
        yield minus, name, quoted, bare


def _part(told: Question, quoted: str, bare: str) -> Part | None:
    text = quoted or bare
    words = searched.question(text)
    prefix = bare.endswith("*") and bool(words)
    if prefix and len(words.rpartition(" ")[2]) < SHORTEST_PREFIX and words.isascii():
        told.problems.append(f"“{text}” is too short: at least {SHORTEST_PREFIX} letters stand before a star.")
        return None
    return Part(text.rstrip("*"), words, bool(quoted), prefix) if words else None


def _take(told: Question, part: Part, *, without: bool, either: bool) -> None:
    if without:
        told.unwanted.append(part)
    elif either:
        told.wanted[-1] = (*told.wanted[-1], part)
    else:
        told.wanted.append((part,))


def _narrow(told: Question, name: str, value: str) -> None:
    """Take in one `name:value`."""
    if not value:
        told.problems.append(f"“{name}:” needs something after it.")
    elif name == "vendor":
        told.vendors.append(value)
    elif name == "source":
        told.sources.append(value)
    elif name == "is":
        _be(told, value)
    elif days := span(value):
        told.since, told.until = (days[0], told.until) if name == "from" else (told.since, days[1])
    else:
        told.problems.append(f"“{value}” is no date: write 2025, 2025-01 or 2025-01-28.")


def _be(told: Question, value: str) -> None:
    kind = value.lower()
    if kind in DOCUMENT_KINDS:
        told.forms.add(DOCUMENT_KINDS[kind])
        told.kinds.add("document")
    elif kind in KINDS:
        told.kinds.add(kind)
    else:
        told.problems.append(f"There is no kind “{value}”: write {', '.join((*KINDS, *DOCUMENT_KINDS))}.")


def span(value: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day of a year, a month or a day; None when it is none."""
    found = _DAY.match(value)
    if not found:
        return None
    year, month, day = (int(each) if each else None for each in found.groups())
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
        last = first if day else first.replace(month=month or 12, day=calendar.monthrange(first.year, month or 12)[1])
    except ValueError:
        return None
    return first, last


def _complete(told: Question, typed: str) -> None:
    """Let the last word stand for longer ones, when it is being typed."""
    if not told.wanted or typed[-1:].isspace():
        return
    *before, last = told.wanted[-1]
    if not last.quoted and len(last.words) >= SHORTEST_TYPED and typed.endswith(last.text):
        told.wanted[-1] = (*before, Part(last.text, last.words, prefix=True))


def _check(told: Question) -> None:
    if told.unwanted and not told.asks:
        told.problems.append("A search needs at least one word that is wanted.")
        told.unwanted = []
    if told.since and told.until and told.since > told.until:
        told.problems.append("The first day lies after the last.")
