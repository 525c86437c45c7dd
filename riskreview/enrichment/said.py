"""The shapes of what somebody says in a text: claims with source, cue, hedges and figures. Pure.

All spans are half-open, in code points of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
Kind = Literal["DIRECT", "MIXED", "INDIRECT", "ACCORDING_TO", "NOMINAL", "UNATTRIBUTED", "BARE", "STATED"]
SourceKind = Literal["VENDOR", "AGENCY", "PERSON", "DOCUMENT", "ANONYMOUS", "NONE"]


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words at [start, end) that hold a statement at arm's length: HEARSAY, FORECAST or MODAL."""

    start: int
    end: int
    kind: Literal["HEARSAY", "FORECAST", "MODAL"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at [start, end): `value` as a decimal number in plain digits, unit and currency ("" for none).

    Sums have the unit "money"; the currency "¥" is yuan or yen, which the sign alone does not tell. `qualifier` is ""
    or what the text says of it: AT_MOST, AT_LEAST, ABOUT, MORE_THAN, LESS_THAN.
    """

    start: int
    end: int
    value: str
    unit: str = ""
    currency: str = ""
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """To whom a claim is attributed: the span of the words, None where the text names nobody.

    `vendor` or `agency` (key) tell who that is, for the kinds VENDOR and AGENCY always, for a DOCUMENT where its maker
    is named ("a Goldman Sachs report"); `name` is how a PERSON, a DOCUMENT or somebody ANONYMOUS is called.
    """

    kind: SourceKind
    span: Span | None = None
    vendor: int | None = None
    agency: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement: what is said (one or two spans), by whom, and the word that says that it is said.

    `sentence` is the index of the sentence of its first content span. `anonymous` are words in it, or its source, that
    name somebody without saying who ("one American company"). `reasons` tell in plain words which rule found it.
    `denies`: the source says that the content is not so ("X denied that", "X rejected a report that").
    """

    kind: Kind
    sentence: int
    content: tuple[Span, ...]
    source: Source
    cue: Span | None = None
    hedges: tuple[Hedge, ...] = ()
    figures: tuple[Figure, ...] = ()
    anonymous: Span | None = None
    reasons: tuple[str, ...] = ()
    denies: bool = False
