"""Winding the clocks of a case: its dated facts are read, its limits worked out, and what changed is kept.

No entry is needed: dates follow from the rules of the playbook and from facts that have entries of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from riskreview.lib.workdays import Calendar, calendar

from .dated import Asked, Facts, Happened, Key, Replied, Visited
from .deadlines import Extension, State, Toll
from .playbook import Playbook
from .wanting import Wanted, binding_limit, next_look, wanted

if TYPE_CHECKING:
    from .models import Case, Clock

WORKED_OUT = ("due_on", "due_before", "parts", "next_moment", "satisfied_at")
NOT_SENT = ("DRAFT", "UNDELIVERABLE")
# What an answer weighs that does not keep silence from meaning consent.
UNHEEDED = ("COMMENT", "LATE_OBJECTION")
NOTHING: dict[str, Any] = {"due_on": None, "due_before": None, "parts": [], "next_moment": None, "satisfied_at": None}


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks of a case at a moment: the limits that its facts ask for, and the rows there are of this round."""

    playbook: Playbook
    calendar: Calendar
    clocks: tuple[Wanted, ...]
    rows: dict[Key, Clock]
    now: datetime

    def of(self, row: Clock) -> Wanted | None:
        """The limit of a row; None where what it started from is gone, or belongs to an earlier round."""
        return next((each for each in self.clocks if self.rows.get(each.key) == row), None)

    def standing(self, clock: Wanted) -> State:
        """Where a limit stands."""
        return clock.standing(self.now, self.calendar)


def wind(case: Case, now: datetime) -> int:
    """Work out the clocks of a case anew, and the limit that binds it. Returns how many rows that made or changed.

    Call it at the end of whatever changes a dated fact, with the case as the verb holds it. It locks the case, takes a
    constant number of queries, and does nothing for a case without a playbook.
    """
    if case.playbook_id is None:
        return 0
    rows = type(case)._base_manager
    held = rows.select_for_update(no_key=True).values_list("binding_at", flat=True).get(pk=case.pk)
    found = read(case, now)
    changed = _keep(case, found)
    binding = binding_limit(found.clocks, found.calendar, now)
    if binding != held:
        rows.filter(pk=case.pk).update(binding_at=binding)
    case.binding_at = binding
    return changed


def read(case: Case, now: datetime) -> Reading:
    """The clocks of a case that has a playbook, without changing anything."""
    playbook = case.playbook.rules  # type: ignore[union-attr]
    clocks = [row for row in case.clocks.all() if row.round == case.round]
    prefetch_related_objects(clocks, "tolls", "extensions")
    rows = {key_of(row): row for row in clocks}
    days = calendar(playbook.calendar, case.closed_days())
    return Reading(playbook, days, wanted(playbook, facts_of(case, rows.values()), days, now), rows, now)


def key_of(row: Clock) -> Key:
    """What tells a row from the other clocks of its round."""
    return row.key, row.occurrence, row.milestone_id, row.consultation_id


def of_round(rows: Iterable[Any], case: Case, order: str = "pk") -> list[Any]:
    """Those of a case's rows that belong to its present round, in order: a page that shows them all has them loaded."""
    return sorted((row for row in rows if row.round == case.round), key=attrgetter(order))


def facts_of(case: Case, clocks: Iterable[Clock]) -> Facts:
    """The dated facts of the present round of a case."""
    stages = sorted(case.stages.all(), key=attrgetter("number"))
    return Facts(
        milestones=tuple(_milestones(case)),
        consultations=tuple(_consultations(case)),
        visits=tuple(Visited(key=each.key, entered_at=each.entered_at, left_at=each.left_at) for each in stages),
        replies=tuple(_replies(case)),
        approved_at=case.decision.approved_at if case.decision else None,
        parties=frozenset(vendor.pk for vendor in case.vendors.all()),
        **_events(clocks),
    )


def _milestones(case: Case) -> Iterable[Happened]:
    for each in of_round(case.milestones.all(), case):
        told = {"at": each.start, "party": each.party_id, "recorded_at": each.recorded_at}
        yield Happened(row=each.pk, key=each.key, **told)


def _consultations(case: Case) -> Iterable[Asked]:
    for each in of_round(case.consultations.all(), case):
        if each.state != "UNDELIVERABLE":
            yield Asked(
                row=each.pk,
                key=each.key,
                sent_at=None if each.state in NOT_SENT else each.sent_at,
                answered_at=each.answered_at,
                heeded_at=None if each.weight in UNHEEDED else each.answered_at,
                presumed=each.state == "PRESUMED",
            )


def _replies(case: Case) -> Iterable[Replied]:
    for each in of_round(case.submissions.all(), case, "number"):
        if each.received_at is not None:
            yield Replied(key=each.key, party=each.party_id, at=each.received_at)


def _events(clocks: Iterable[Clock]) -> dict[str, Any]:
    """What happened to the clocks themselves: stops, more time, and what was settled."""
    tolls: dict[Key, tuple[Toll, ...]] = {}
    extensions: dict[Key, tuple[Extension, ...]] = {}
    settled: dict[Key, State] = {}
    for row in clocks:
        key = key_of(row)
        tolls[key] = tuple(Toll(each.first, each.last, each.reason, str(each.document_id)) for each in row.tolls.all())
        extensions[key] = tuple(
            Extension(decided_at=each.decided_at, days=each.days, until=each.until, form=each.form)
            for each in row.extensions.all()
        )
        if row.settled:
            settled[key] = State(row.settled)
    return {"tolls": tolls, "extensions": extensions, "settled": settled}


def _keep(case: Case, found: Reading) -> int:
    """Make the rows that are missing, and change those that say something else now."""
    told: dict[Key, dict[str, Any]] = defaultdict(lambda: NOTHING)
    told |= {each.key: _columns(each, found) for each in found.clocks}
    model = case.clocks.model
    missing = [
        model(case=case, round=case.round, **_identity(key), **columns)
        for key, columns in told.items()
        if key not in found.rows
    ]
    model.objects.bulk_create(missing)
    behind = [row for key, row in found.rows.items() if _take(row, told[key])]
    model.objects.bulk_update(sorted(behind, key=lambda row: row.pk), WORKED_OUT)
    earlier = 0
    if case.round > 1:
        earlier = case.clocks.filter(round__lt=case.round, next_moment__isnull=False).update(next_moment=None)
    return len(missing) + len(behind) + earlier


def _identity(key: Key) -> dict[str, Any]:
    name, occurrence, milestone, consultation = key
    return {"key": name, "occurrence": occurrence, "milestone_id": milestone, "consultation_id": consultation}


def _columns(clock: Wanted, found: Reading) -> dict[str, Any]:
    """What the machine keeps of a limit."""
    row = found.rows.get(clock.key)
    return {
        "due_on": clock.due.on if clock.due else None,
        "due_before": clock.due.before if clock.due else None,
        "parts": list(clock.parts),
        "next_moment": next_look(clock, found.calendar, row.warned if row else ()),
        "satisfied_at": clock.satisfied_at,
    }


def _take(row: Clock, columns: dict[str, Any]) -> bool:
    """Give a row what it should say; whether it said something else."""
    changed = any(getattr(row, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(row, name, value)
    return changed
