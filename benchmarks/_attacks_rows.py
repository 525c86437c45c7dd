"""Attacks 17 to 20: against rows, with and without an entry that covers them, and against the clock."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator

from benchmarks import _forging, _story
from benchmarks._attacks import order_of
from benchmarks._attacks_live import act_at
from benchmarks._findings import Finding, audit_holds, auditor_finds, auditor_holds, auditor_is_blind, plain
from benchmarks._scene import Scene

PAST = "does not say any more what it said after act"
GHOST = """
INSERT INTO vendors_vendor SELECT (jsonb_populate_record(v,
  '{"id": 99, "slug": "ghost", "canonical_name": "Ghost", "entry_seq": 0}')).* FROM vendors_vendor v WHERE id = 1
"""
PASSWORD = "UPDATE accounts_user SET password = 'pbkdf2_sha256$1$a$b' WHERE name = 'Paul Pair'"
EDITS = {
    "row edited": ("UPDATE vendors_vendor SET summary = 'Harmless.' WHERE id = 1", f"vendor:1 {PAST}"),
    "part of a row edited": ("UPDATE cases_finding SET judgment = 'Nothing.' WHERE case_id = 1", f"case:1 {PAST}"),
    "role given": (
        "UPDATE accounts_user SET roles = '{ADMINISTRATOR}' WHERE name = 'Rod Reader'",
        f"{PAST} 1 (user.invite)",
    ),
    "row put in": (GHOST, "vendor:99 is there, and no entry says how it came to be"),
    "row taken out": ("DELETE FROM incidents_incident", "incident:1 has entries, and the row is gone"),
}


def row_edited(scene: Scene) -> Iterator[Finding]:
    """17: the superuser changes rows, triggers off."""
    with scene.stage.copy() as copy:
        for statement, _ in EDITS.values():
            with copy.attacker() as cursor:
                cursor.execute(statement)
        said = copy.manage("verify_audit")
        for deed, (_, sentence) in EDITS.items():
            fired = said.status == 1 and said.says(sentence)
            yield plain(f"{deed}, triggers off", f"verify_audit {said.status}", said.line(sentence), fired)
        bundle = copy.export(_story.AUDITOR)
        yield auditor_finds("rows edited, triggers off", scene.stage, bundle, "state")
    with scene.stage.copy() as copy:
        with copy.attacker() as cursor:
            cursor.execute(PASSWORD)
        yield audit_holds("a password's hash exchanged", copy, "blind: hashes of passwords and tokens are no state")


def false_entry(scene: Scene) -> Iterator[Finding]:
    """18: with the right entry about it, under the name of somebody else."""
    from riskreview.audit.entries import now
    from riskreview.audit.models import Entry
    from riskreview.vendors.models import Vendor

    stage = scene.stage
    with stage.copy() as copy:
        with copy.inside():
            vendor = Vendor.objects.get(canonical_name="DeepSeek")
            _forging.back_dated(vendor, by=_story.person(_story.APPROVER), at=now().at, summary="Harmless.")
        bundle = copy.export(_story.AUDITOR)
        yield auditor_is_blind("row edited with a false entry", stage, bundle, "for machines: the bytes are right")
        yield audit_holds("row edited with a false entry", copy, "blind for machines: the bytes are right")
        with copy.inside():
            shown = Entry.objects.visible_to(_story.person(_story.AUDITOR)).about(vendor).newest_first()
            entry = shown.select_related("actor")[0]
            words = (
                f"{entry.recorded_at:%H:%M:%S} {entry.actor} {entry.verb}: “{entry.private['arguments']['summary']}”"
            )
        holds = (entry.actor.name, entry.private["arguments"]["summary"]) == ("Paul Pair", "Harmless.")
        yield plain("it stands on record under a name", "people", words, holds)


def cover(scene: Scene) -> Iterator[Finding]:
    """19: a change hides in the transaction of an entry about something else."""
    from django.db import DatabaseError, transaction

    from riskreview.vendors.models import Vendor

    with scene.stage.copy() as copy, copy.inside():
        lead, fault = _story.person(_story.LEAD), None
        try:
            with transaction.atomic():
                Vendor.objects.filter(canonical_name="DeepSeek").update(summary="Harmless.")
                Vendor.objects.get(canonical_name="Baidu").describe(by=lead, summary="Something else.")
        except DatabaseError as refused:
            fault = refused
        state = getattr(fault.__cause__, "sqlstate", "") if fault else "done"
        words = str(fault).splitlines()[0] if fault else "nothing was refused"
        yield plain("unrelated entry as cover", f"database {state}", words, state == "RR001")


def clock_jumped(scene: Scene) -> Iterator[Finding]:
    """20: the database's clock goes back; later entries say earlier times."""
    stage = scene.stage
    with stage.copy() as copy:
        act_at(copy, datetime.timedelta(), "Before the clock went back.")
        act_at(copy, datetime.timedelta(seconds=-20), "After the clock went back.")
        act_at(copy, datetime.timedelta(), "After it was put right.")
        bundle = copy.export(_story.AUDITOR)
        yield auditor_holds("clock 20 s back", stage, bundle, *scene.with_witness)
        yield audit_holds("clock 20 s back", copy, "The record holds.")
        order = order_of(copy)
        with copy.attacker() as cursor:
            cursor.execute("SELECT id, recorded_at FROM audit_entry WHERE id = ANY (%s) ORDER BY id", [order[-4:]])
            times = cursor.fetchall()
        backwards = any(later < earlier for (_, earlier), (_, later) in itertools.pairwise(times))
        holds = backwards and order[-4:] == sorted(order[-4:])
        yield plain("order is by place, though times run back", "order unchanged", f"{len(order)} places", holds)


ON_ROWS = {"17": row_edited, "18": false_entry, "19": cover, "20": clock_jumped}
