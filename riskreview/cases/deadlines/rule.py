"""A limit as a rule: how much time, of what kind, counted how. What a row of a playbook says of one clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
KINDS = ("within", "not_before", "presumed_after", "recurring", "retain")
UNITS = {"cal_day": "calendar day", "bus_day": "business day", "month": "month", "hour": "hour"}
COUNTS = ("after", "on", "clear")
ROLLS = ("none", "next_business_day")
FROM_MANY = ("each", "first", "last")
ANCHORS = ("", "fixed", "last_done")
BASES = ("law", "self_set", "contract")


@dataclass(frozen=True, slots=True)
class Warn:
    """Tell people when `n` units of time are left: days begin at midnight."""

    n: int
    unit: str

    @classmethod
    def read(cls, told: str) -> Warn:
        """Read “5 bus_day”. Raises `ValueError`."""
        n, _, unit = told.partition(" ")
        if not n.isdecimal() or int(n) < 1 or unit not in ("cal_day", "bus_day", "hour"):
            raise ValueError(f"A warning is a number and cal_day, bus_day or hour, not “{told}”.")
        return cls(int(n), unit)

    def __str__(self) -> str:
        return amount(self.n, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a date is worked out. `n` counts `unit`s; `zone` turns instants into dates; `cutoff` is a local time.

    `extended_by` and `extended_form` say who may give more time and in what form; a rule without them cannot be
    extended. `toll` holds the reasons that stop it. Raises `ValueError` for what contradicts itself.
    """

    n: int
    key: str = ""
    kind: str = "within"
    unit: str = "cal_day"
    count: str = "after"
    roll: str = "none"
    cutoff: time | None = None
    from_many: str = "each"
    anchor: str = ""
    basis: str = "self_set"
    cite: str = ""
    blocks: str = ""
    warn: tuple[Warn, ...] = ()
    toll: tuple[str, ...] = ()
    extended_by: str = ""
    extended_form: str = ""
    on_expiry: str = "flag"
    zone: ZoneInfo = UTC

    def __post_init__(self) -> None:
        for name, known in _WORDS.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is one of {', '.join(filter(None, known))}, not “{getattr(self, name)}”.")
        if self.n < 1:
            raise ValueError(f"A limit has at least one {UNITS[self.unit]}, not {self.n}.")
        if self.unit in ("hour", "month") and self.count != "after":
            raise ValueError("Hours and months are counted after the start.")
        if self.unit == "hour" and (self.rolls or self.cutoff):
            raise ValueError("Hours run through nights and holidays: they neither roll nor have a cut-off.")
        if self.waits and self.rolls:
            raise ValueError(f"A limit of the kind {self.kind} does not roll: what it waits for is never missed.")

    @classmethod
    def of(cls, row: Mapping[str, Any], timezone: str) -> Rule:
        """The rule in a clock's row of a playbook, in that playbook's time zone. Raises `ValueError`, and `KeyError`
        for a zone nobody knows."""
        extend = row.get("extend") or {}
        plain = {name: row[name] for name in _TAKEN if row.get(name)}
        return cls(
            **plain,
            cutoff=time.fromisoformat(row["cutoff"]) if row.get("cutoff") else None,
            warn=tuple(map(Warn.read, row.get("warn", ()))),
            toll=tuple(row.get("toll", ())),
            extended_by=extend.get("by", ""),
            extended_form=extend.get("form", ""),
            zone=ZoneInfo(timezone),
        )

    @property
    def rolls(self) -> bool:
        """Whether a date on which offices are closed moves on."""
        return self.roll != "none"

    @property
    def waits(self) -> bool:
        """Whether something is permitted from the date on, rather than due by it."""
        return self.kind in ("not_before", "retain")

    @property
    def span(self) -> str:
        """The time it gives, in words."""
        return amount(self.n, self.unit)


_WORDS: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "unit": tuple(UNITS),
    "count": COUNTS,
    "roll": ROLLS,
    "from_many": FROM_MANY,
    "anchor": ANCHORS,
    "basis": BASES,
}
_TAKEN = ("n", "key", *_WORDS, "cite", "blocks", "on_expiry")


def amount(n: int, unit: str) -> str:
    """“1 business day”, “30 calendar days”."""
    return f"{n} {UNITS.get(unit, unit)}{'' if n == 1 else 's'}"
