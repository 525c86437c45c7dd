"""A playbook in words, for pages and terminals: what a clock asks, when a text was last read."""

from __future__ import annotations

import datetime
from calendar import monthrange
from collections.abc import Iterator

from riskreview.lib.datafile import words

from .grammar import TABLES, Clock, Playbook, Row, Stage

UNITS = {"cal_day": "calendar day", "bus_day": "business day", "month": "month", "hour": "hour"}
BASES = {"law": "Law", "self_set": "Self-set", "contract": "Contract"}
SILENCES = {
    "none": "Silence means nothing.",
    "may_presume": "After silence, concurrence may be presumed.",
    "presumed": "Silence counts as concurrence.",
}
YEAR = 12  # months; also, after how many a text counts as not read lately

REQUIRES = {
    "milestone": "“{}” is dated",
    "field": "the field “{}” is filled in",
    "output": "the document “{}” is attached",
    "exhibits": "at least {} exhibit{s}",
    "exhibits_sourced": "every exhibit has the class and the grades of its source",
    "findings": "at least {} finding{s}, each sentence cited",
    "findings_reviewed": "every finding reviewed by somebody else than its author",
    "key_judgments": "key judgments with likelihood and confidence",
    "checklist": "the checklist “{}” is gone through",
    "consultations_sent": "“{}” is sent to everybody asked",
    "consultations": "“{}”: all answered, presumed or lapsed",
    "replies": "“{}”: every party replied, or its time is over",
    "submissions_addressed": "every submission is addressed",
    "disposition": "a disposition is chosen",
    "followups_assigned": "follow-ups are assigned",
    "published_or_reason": "it is published, or a reason says why not",
}
NEEDS = {
    "effect": "an effect",
    "condition": "a condition",
    "watch": "a watch",
    "referral": "a referral",
    "reason": "a reason",
    "checklist": "the checklist “{}”",
}


def titled(playbook: Playbook, table: str, key: str) -> str:
    """The title of a row, or its key in words where there is no such row."""
    row = playbook.row(table, key)
    return row.title if row else words(key)


def quantity(n: int, unit: str) -> str:
    """ "1 month", "30 calendar days", "10 years"."""
    if unit == "month" and n > YEAR and n % YEAR == 0:
        return f"{n // YEAR} years"
    return f"{n} {UNITS[unit]}{'' if n == 1 else 's'}"


def warnings(told: tuple[str, ...]) -> str:
    """ "5 bus_day" and "1 bus_day" as "5 business days and 1 business day before"."""
    *most, last = (quantity(int(n), unit) for n, unit in map(str.split, told))
    return f"{', '.join(most)} and {last} before" if most else f"{last} before"


def requirement(playbook: Playbook, told: str) -> str:
    """What a stage asks for, as the end of "before it is left:"."""
    name, _, key = told.partition(":")
    tables = {"consultations_sent": "consultation", "consultations": "consultation", "replies": "reply"}
    table = tables.get(name, name)
    shown = key if key.isdecimal() else titled(playbook, table, key) if table in TABLES else words(key).lower()
    return REQUIRES[name].format(shown, s="" if key == "1" else "s")


def need(playbook: Playbook, told: str) -> str:
    """What a disposition asks for."""
    name, _, key = told.partition(":")
    return NEEDS[name].format(titled(playbook, "checklist", key))


def start(playbook: Playbook, clock: Clock) -> str:
    """From what a clock counts."""
    table, _, key = clock.from_.partition(":")
    if not key:
        return "the approval"
    named = f"“{titled(playbook, table, key)}”"
    if clock.from_many == "each":
        return named + (" is sent" if table == "consultation" else "") + each_of(playbook, clock)
    return f"{named} is sent to the {clock.from_many}" if table == "consultation" else f"the {clock.from_many} {named}"


def each_of(playbook: Playbook, clock: Clock) -> str:
    """For whom a clock runs apart."""
    table, _, key = clock.from_.partition(":")
    row = playbook.row(table, key)
    per = "consultee" if table == "consultation" else getattr(row, "per", "case")
    return f" (each {per} apart)" if per != "case" else ""


def end(playbook: Playbook, clock: Clock) -> str:
    """What stops a clock."""
    name, _, key = clock.until.partition(":")
    match name:
        case "left":
            return f"the stage “{titled(playbook, 'stage', key)}” is left"
        case "milestone":
            return f"“{titled(playbook, 'milestone', key)}” is dated"
    return {"answered": "the answer is in", "replied": "the reply is in", "approved": "the decision is approved"}[name]


def sentence(playbook: Playbook, clock: Clock) -> str:
    """A clock in one sentence, without what happens at its end."""
    n, begun = quantity(clock.n, clock.unit), start(playbook, clock)
    match clock.kind:
        case "not_before":
            stage = titled(playbook, "stage", clock.blocks)
            return f"Not before {n} after {begun} may the stage “{stage}” be entered."
        case "retain":
            return f"Records are kept for {n} after {begun}."
        case "recurring":
            since = "the last time" if clock.anchor == "last_done" else "a fixed day"
            return f"Every {n} after {begun}, counted from {since}, until {end(playbook, clock)} each time."
        case "presumed_after":
            counts = "counts" if clock.on_expiry == "presume" else "may count"
            return f"Silence {counts} as concurrence {n} after {begun}, unless {end(playbook, clock)}."
    return f"Within {n} after {begun}, until {end(playbook, clock)}."


def particulars(clock: Clock) -> Iterator[str]:
    """How it is counted, who is warned, what happens at its end."""
    if clock.count != "after":
        yield {"on": "The first day counts.", "clear": "Only full days between count."}[clock.count]
    if clock.roll != "none":
        yield "A last day that is no business day moves to the next one."
    if clock.cutoff:
        yield f"After {clock.cutoff} the next business day counts."
    if clock.toll:
        yield f"It pauses for: {', '.join(words(each).lower() for each in clock.toll)}."
    if clock.extend:
        yield f"The {role(clock.extend.by)} may give more time, by {words(clock.extend.form).lower()}."
    if clock.warn:
        yield f"Warning {warnings(clock.warn)}."
    if done := expiry(clock):
        yield done


def expiry(clock: Clock) -> str:
    """What happens at its end. Nothing is ever closed or decided by that."""
    if clock.kind in ("not_before", "retain"):
        return ""
    name, _, who = clock.on_expiry.partition(":")
    return {
        "flag": "Missed, it is flagged.",
        "escalate": f"Missed, it goes to the {role(who)}.",
        "lapse": "After that, no answer is waited for.",
        "offer_presumption": "After that, a person may presume concurrence.",
        "presume": "After that, concurrence is presumed.",
    }[name]


def role(key: str) -> str:
    """A seat as words in a sentence."""
    return key.replace("_", " ")


def signatures(stage: Stage) -> str:
    """Who signs before a stage is left; empty if nobody must."""
    if stage.pair:
        return "A second person signs."
    if stage.approve is None:
        return ""
    n, by = stage.approve.n, " or ".join(map(role, stage.approve.by))
    return f"{n} approver{'s sign' if n > 1 else ' signs'}: {by}."


def aged(as_of: datetime.date, today: datetime.date) -> str:
    """When a text was last read, if that is more than twelve months ago; else empty."""
    month = as_of.month - 1 + YEAR
    year, month = as_of.year + month // 12, month % 12 + 1
    anniversary = datetime.date(year, month, min(as_of.day, monthrange(year, month)[1]))
    return f"Rule text last read {as_of.day} {as_of:%B %Y}." if today > anniversary else ""


def unverified(playbook: Playbook) -> list[tuple[str, str]]:
    """What nobody has compared with the primary text yet: where, and what."""
    found = [("The playbook", each) for each in playbook.unverified]
    for table in TABLES:
        rows: tuple[Row, ...] = getattr(playbook, table)
        found += [(f"{words(table)} “{row.title}”", row.unverified) for row in rows if row.unverified]
    for each in playbook.checklist:
        found += [(f"{each.title}: “{item.title}”", item.unverified) for item in each.items if item.unverified]
    return found
