"""Whether a clock can run: it starts from something, ends at something, and does at its end what it may."""

from __future__ import annotations

from collections.abc import Iterator

from riskreview.lib.datafile import Fault

from . import vocabulary as known
from .grammar import Clock, Consultation, Milestone, Playbook

# Which keys a kind of clock must have, and which only that kind may have.
MUST = {
    "within": ("until",),
    "not_before": ("blocks",),
    "presumed_after": ("until",),
    "recurring": ("until", "anchor"),
    "retain": (),
}
MAY = {"until": ("within", "presumed_after", "recurring"), "blocks": ("not_before",), "anchor": ("recurring",)}


def faults_of_clocks(playbook: Playbook) -> Iterator[Fault]:
    """Every clock by itself, then silence: what it means and the clock that measures it must agree."""
    for clock in playbook.clock:
        for check in (basis, kind, unit, ends):
            yield from (fault(clock, *told) for told in check(clock))
        yield from (fault(clock, *told) for told in places(playbook, clock))
        yield from (fault(clock, *told) for told in starts(playbook, clock))
    for asked in playbook.consultation:
        yield from silence(playbook, asked)


def fault(clock: Clock, what: str, do: str) -> Fault:
    """A fault of a clock."""
    return Fault(f"clock “{clock.key}”", what, do)


def basis(clock: Clock) -> Iterator[tuple[str, str]]:
    """Law is cited."""
    if clock.basis == "law" and not clock.cite:
        yield "It says it is law and does not say which.", "Add cite, or write basis=“self_set”."


def kind(clock: Clock) -> Iterator[tuple[str, str]]:
    """Each kind has the keys it needs, and no others'."""
    for key in MUST[clock.kind]:
        if not getattr(clock, key):
            yield f"A clock of the kind {clock.kind} has no “{key}”.", "Add it."
    for key, kinds in MAY.items():
        if getattr(clock, key) and clock.kind not in kinds:
            yield f"A clock of the kind {clock.kind} takes no “{key}”.", f"Take it out; it is for: {', '.join(kinds)}."
    if clock.kind in ("not_before", "retain") and (clock.on_expiry != "flag" or clock.warn or clock.roll != "none"):
        yield f"A clock of the kind {clock.kind} is not missed.", "Take on_expiry, warn and roll out."


def unit(clock: Clock) -> Iterator[tuple[str, str]]:
    """Hours are elapsed time: they know no days to roll over. Months are not counted day by day."""
    if clock.unit == "hour" and (clock.roll != "none" or clock.cutoff):
        yield "Hours run through nights and holidays.", "Take roll and cutoff out."
    if clock.unit in ("hour", "month") and clock.count != "after":
        yield f"count: {clock.unit}s are always counted after the start.", "Take count out."
    if clock.kind == "recurring" and clock.unit == "hour":
        yield "A clock that recurs every few hours is not kept.", "Count days or months."


def ends(clock: Clock) -> Iterator[tuple[str, str]]:
    """What happens at the end fits what was waited for."""
    if clock.on_expiry == "lapse" and clock.until not in ("answered", "replied"):
        yield "on_expiry: nothing is there to lapse.", "Write flag or escalate:…; only answers and replies lapse."
    name, _, role = clock.on_expiry.partition(":")
    if name == "escalate" and role not in known.WORKING:
        yield f"on_expiry: nobody is called “{role}”.", f"Write escalate: and one of: {', '.join(known.WORKING)}."
    if clock.on_expiry in known.PRESUMING.values() and clock.kind != "presumed_after":
        yield f"on_expiry: “{clock.on_expiry}” is for silence alone.", "Write kind=“presumed_after”."


def places(playbook: Playbook, clock: Clock) -> Iterator[tuple[str, str]]:
    """What it names is there."""
    named = [("from", *split(clock.from_)), ("until", *split(clock.until)), ("blocks", "stage", clock.blocks)]
    for side, table, key in named:
        if key and playbook.row(table, key) is None:
            there = ", ".join(row.key for row in getattr(playbook, table)) or "none yet"
            yield f"{side}: there is no {table} “{key}”.", f"Add it, or write one of: {there}."


def split(reference: str) -> tuple[str, str]:
    """The table and the key that a reference names; no key where it names nothing."""
    name, _, key = reference.partition(":")
    return ("stage" if name == "left" else name), key


def starts(playbook: Playbook, clock: Clock) -> Iterator[tuple[str, str]]:
    """What it waits for belongs to what it starts from."""
    table, key = split(clock.from_)
    start = playbook.row(table, key) if key else None
    if clock.until == "answered" and table != "consultation":
        yield "until: answers are given to a consultation.", "Start it from consultation:…."
    if clock.until == "replied" and clock.key not in [reply.clock for reply in playbook.reply]:
        yield "until: no reply names this clock.", "Add a reply with this clock, or wait for something else."
    alone = clock.from_ == "approved" or (isinstance(start, Milestone) and start.per == "case")
    if clock.from_many != "each" and alone:
        yield f"from_many: there is never more than one “{clock.from_}”.", "Take it out."
    if clock.from_ == "approved" and clock.until == "approved":
        yield "It ends where it starts.", "Wait for something else."
    if clock.kind == "presumed_after" and (table, clock.until) != ("consultation", "answered"):
        yield "Silence is presumed of a consultation.", "Start it from consultation:… and wait until “answered”."


def silence(playbook: Playbook, asked: Consultation) -> Iterator[Fault]:
    """A silence that means something has one clock that says so at its end; one that means nothing has none."""
    clocks = [each for each in playbook.clock if each.from_ == f"consultation:{asked.key}"]
    presuming = [each for each in clocks if each.kind == "presumed_after"]
    place, wanted = f"consultation “{asked.key}”", known.PRESUMING.get(asked.silence, "")
    if wanted and len(presuming) != 1:
        do = 'Add one clock from it with kind="presumed_after", or write silence="none".'
        yield Fault(place, f"silence: {len(presuming)} clocks say after how long.", do)
    for clock in presuming:
        if not wanted:
            what = f"Its consultation “{asked.key}” says that silence means nothing."
            yield fault(clock, what, 'Write silence="may_presume" there, or kind="within" here.')
        elif clock.on_expiry != wanted:
            what = f"on_expiry: silence “{asked.silence}” wants “{wanted}”, not “{clock.on_expiry}”."
            yield fault(clock, what, "Make the two agree.")
