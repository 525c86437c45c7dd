"""What a look through a text finds by name: vendors, public bodies, and names on no register. Pure.

Spans are half-open, in code points of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from riskreview.vendors.matching import Name, NameKind

State = Literal["ACCEPTED", "UNCERTAIN"]
Role = Literal["CHANNEL", "MODIFIER", "SOURCE", "AGENT", "TARGET", "OTHER"]


@dataclass(frozen=True, slots=True)
class Found:
    """A name that means a vendor, or may: the span [start, end) of the text in code points.

    `score` is in thousandths; UNCERTAIN mentions are kept for people to see and count nowhere else. `reasons` explain
    the score in plain words. `product_key` is "" for a vendor's own name.
    """

    start: int
    end: int
    surface: str
    name: Name
    kind: NameKind
    score: int
    state: State
    role: Role
    reasons: tuple[str, ...]
    product_key: str = ""


@dataclass(frozen=True, slots=True)
class AgencyFound:
    """A public body at [start, end); `key` is its key in `agencies.AGENCIES`, `reasons` tell why it is that body."""

    start: int
    end: int
    surface: str
    key: str
    role: Role = "OTHER"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownFound:
    """A name at [start, end) that looks like one of the field and is on no register; `hint` the vendor it may be of.

    `key` is its one spelling: unknown names are counted and judged by it. A model that nobody registered, of a family
    or maker that is registered, is a mention of its vendor as well, and stands in both lists.
    """

    start: int
    end: int
    surface: str
    key: str
    kind: Literal["MODEL", "TICKER", "NAME"]
    hint: int | None = None


@dataclass(frozen=True, slots=True)
class NamesRead:
    """All names of one text, each list in order, none overlapping another but for the models named above.

    `not_analysed` says in words why only strong names were read ("" when all rules were applied).
    """

    mentions: list[Found]
    agencies: list[AgencyFound]
    unknown: list[UnknownFound]
    not_analysed: str = ""
