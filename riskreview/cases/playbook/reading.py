"""From a file or a frozen copy to a playbook, and back: the shape of every row, its defaults, its words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from riskreview.lib.datafile import (
    KEY,
    Fault,
    Refused,
    Table,
    Wrong,
    date,
    flag,
    inside,
    key,
    many,
    one_of,
    rows_of,
    text,
    whole,
    words,
)

from . import vocabulary as known
from .grammar import (
    TABLES,
    Approve,
    Catalogue,
    Checklist,
    Clock,
    Consultation,
    Disposition,
    Extend,
    Item,
    Milestone,
    Playbook,
    Reply,
    Stage,
)

CODE = re.compile(r"T\d{1,3}[a-z]?\Z")
ITEM_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}\Z")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
WARNING = re.compile(r"[1-9]\d{0,3} (cal_day|bus_day|hour)\Z")
EXTERNAL_KEY = re.compile(rf"{known.EXTERNAL}{KEY.pattern}")


def matching(pattern: re.Pattern[str], do: str) -> Any:
    """A reader of texts of one form."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.match(value):
            raise Wrong(f"“{value}” has not the form it needs.", do)
        return value

    return read


def zone(value: Any) -> str:
    """The name of a time zone of the IANA data base."""
    try:
        return ZoneInfo(text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(f"“{value}” is no time zone.", "Write a name such as America/New_York.") from None


def term(vocabulary: Mapping[str, str]) -> Any:
    """A reader of words of a vocabulary, some with something after a colon: `milestone:served`, `findings:1`."""

    def read(value: Any) -> str:
        name, colon, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
        if name not in vocabulary:
            raise Wrong(f"“{value}” is not on the list.", f"Write one of: {', '.join(vocabulary)}.")
        kind = vocabulary[name]
        fits = not colon if not kind else rest.isdecimal() and int(rest) > 0 if kind == "number" else KEY.match(rest)
        if not fits:
            form = f"“{name}:” and a {kind if kind in ('number', 'key') else f'{kind}’s key'}" if kind else f"“{name}”"
            raise Wrong(f"“{value}” is not whole.", f"Write {form}.")
        return str(value)

    return read


def reference(forms: tuple[str, ...]) -> Any:
    """A reader of words of which those that end in a colon take a key: `left:intake`, `approved`."""
    return term({form.rstrip(":"): "key" if form.endswith(":") else "" for form in forms})


ROW = {"key": key, "title": text, "note": text, "unverified": text}
APPROVE = Table("approve", Approve, {"n": whole(1, 9), "by": many(one_of(known.SIGNING))})
EXTEND = Table("extend", Extend, {"by": one_of(known.WORKING), "form": one_of(known.FORMS)})
ITEM = Table(
    "item",
    Item,
    {
        "key": matching(ITEM_KEY, "Write letters, digits, dots, dashes and underscores."),
        "title": text,
        "group": text,
        "note": text,
        "unverified": text,
    },
)
MILESTONE = Table("milestone", Milestone, ROW | {"per": one_of(known.PER), "proof": flag, "cite": text})
STAGE = Table(
    "stage",
    Stage,
    ROW
    | {
        "phase": one_of(known.PHASES),
        "owner": one_of(known.WORKING),
        "requires": many(term(known.REQUIRES)),
        "next": many(key),
        "pair": flag,
        "approve": inside(APPROVE),
        "cite": text,
    },
)
CLOCK = Table(
    "clock",
    Clock,
    ROW
    | {
        "kind": one_of(known.CLOCK_KINDS),
        "n": whole(1, 9999),
        "unit": one_of(known.UNITS),
        "count": one_of(known.COUNTS),
        "roll": one_of(known.ROLLS),
        "cutoff": matching(HOUR, "Write the hour as “17:00”."),
        "from": reference(known.FROM),
        "from_many": one_of(known.FROM_MANY),
        "until": reference(known.UNTIL),
        "blocks": key,
        "anchor": one_of(known.ANCHORS),
        "basis": one_of(known.BASES),
        "cite": text,
        "warn": many(matching(WARNING, "Write a number and a unit: “5 bus_day”.")),
        "toll": many(one_of(known.TOLLS)),
        "extend": inside(EXTEND),
        "on_expiry": reference(known.ON_EXPIRY),
    },
)
CONSULTATION = Table(
    "consultation",
    Consultation,
    ROW
    | {
        "responses": many(one_of(known.RESPONSES)),
        "silence": one_of(known.SILENCES),
        "objection_rank": one_of(known.RANKS),
    },
)
REPLY = Table(
    "reply",
    Reply,
    ROW
    | {
        "clock": key,
        "party": one_of(known.PARTIES),
        "may_contain": many(one_of(known.CONTENTS)),
        "confidential": flag,
    },
)


def item(value: Any) -> Item:
    """A line of a checklist: a row, or its key alone."""
    if isinstance(value, str):
        value = {"key": value}
    made: Item = inside(ITEM)(titled(value))
    return made


CHECKLIST = Table("checklist", Checklist, ROW | {"items": many(item), "catalogue": key})
DISPOSITION = Table(
    "disposition",
    Disposition,
    ROW
    | {
        "group": one_of(known.GROUPS),
        "needs": many(term(known.NEEDS)),
        "after": key,
        "before": key,
        "to": many(lambda value: value if EXTERNAL_KEY.match(str(value)) else key(value)),
        "notice": text,
    },
)
HEAD = {
    "grammar": whole(known.GRAMMAR, known.GRAMMAR),
    "key": key,
    "code": matching(CODE, "Write it as T1 or T2b."),
    "version": whole(1, 9999),
    "title": text,
    "as_of": date,
    "calendar": one_of(known.CALENDARS),
    "timezone": zone,
    "authority": many(text),
    "note": text,
    "unverified": many(text),
    "subjects": many(one_of(known.SUBJECTS)),
}
ROWS = dict(zip(TABLES, (MILESTONE, STAGE, CLOCK, CONSULTATION, REPLY, CHECKLIST, DISPOSITION), strict=True))
CATALOGUE = Table(
    "catalogue",
    Catalogue,
    {
        "key": key,
        "title": text,
        "source": text,
        "as_of": date,
        "note": text,
        "unverified": many(text),
        "items": many(item),
    },
)


def from_plain(plain: Mapping[str, Any]) -> Playbook:
    """The playbook of a file's tables or of a frozen copy. Raises `Refused` with every row that has not its shape.

    Only shapes are looked at: whether the rows agree with each other is asked once, before a file is released.
    """
    faults: list[Fault] = []
    rows = {name: rows_of(table, prepared(name, plain.get(name, [])), faults) for name, table in ROWS.items()}
    head = Table("the head", Playbook, HEAD | {name: lambda made: made for name in TABLES})
    made = head.read({**plain, **rows}, "", faults)
    if faults:
        raise Refused(faults)
    playbook: Playbook = made
    return playbook


def prepared(name: str, rows: Any) -> Any:
    """The rows of a table with the defaults that depend on the row or on its neighbours."""
    if not isinstance(rows, list):
        return rows
    rows = [titled(row) for row in rows]
    return [staged(row, rows[place:]) for place, row in enumerate(rows, 1)] if name == "stage" else rows


def titled(row: Any) -> Any:
    """A row with its key in words for a title, if it has none of its own."""
    if not isinstance(row, Mapping) or not isinstance(row.get("key"), str):
        return row
    return {"title": words(row["key"]), **row}


def staged(row: Any, following: list[Any]) -> Any:
    """A stage that leads on to the following one, and a decision that its owner alone signs, unless it says more."""
    if not isinstance(row, Mapping):
        return row
    after = [each["key"] for each in following[:1] if isinstance(each, Mapping) and "key" in each]
    signed = row.get("phase") == "decision" and row.get("owner") in known.SIGNING
    return {"next": after, **({"approve": {"n": 1, "by": [row["owner"]]}} if signed else {}), **row}


def to_plain(made: Any) -> Any:
    """A playbook, or a part of it, as JSON takes it: what `from_plain` makes the same playbook of."""
    if isinstance(made, tuple):
        return [to_plain(each) for each in made]
    if isinstance(made, datetime.date):
        return made.isoformat()
    if not is_dataclass(made):
        return made
    told = {each.name.rstrip("_"): to_plain(getattr(made, each.name)) for each in fields(made)}
    return {name: value for name, value in told.items() if value not in ("", None, [])} | kept(made)


def kept(made: Any) -> dict[str, Any]:
    """What must be said though it is empty, because leaving it out means something else."""
    return {"next": list(made.next)} if isinstance(made, Stage) else {}
