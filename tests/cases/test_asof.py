"""A case as it was: whatever people did, every state comes back, and is proven by the entry about it."""

import datetime
import random

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry, Ledger, Recorded
from riskreview.audit.refusals import Refusal
from riskreview.audit.state import digest, key, subject_type
from riskreview.cases import asof
from riskreview.cases.models import Case, Priority, Release
from tests import make
from tests.cases import dossiers

pytestmark = pytest.mark.django_db


def at_entry(case, number):
    """The case after its act of this number."""
    entries = list(Entry.objects.about(case).filter(kind="act").select_related("body", "actor").order_by("pk"))
    return asof.seen_at("case", str(case.pk), entries, entries[number].recorded_at)


ACTS = {
    "assign": lambda case, person: {"to": person},
    "reschedule": lambda case, person: {
        "due_at": make.WHEN + datetime.timedelta(days=person.pk.int % 9),
        "priority": random.Random(case.entry_seq).choice([*Priority]),
        "reason": "Because.",
    },
    "hold": lambda case, person: {"reason": f"Waiting, {case.entry_seq}."},
    "resume": lambda case, person: {},
    "search_again": lambda case, person: {},
    "submit": lambda case, person: {"disposition": "MONITOR", "rationale": f"Thin, {case.entry_seq}."},
    "send_back": lambda case, person: {"reason": "More, please."},
    "approve": make.pen,
    "draft_condition": lambda case, person: {"text": f"Keep {case.entry_seq} apart."},
    "drop_condition": lambda case, person: {"condition": case.conditions.order_by("pk").last()},
    "relabel": lambda case, person: {"labels": [f"label-{case.entry_seq}"]},
    "reopen": lambda case, person: {"reason": "News."},
}


def random_act(case, person, chance):
    """Do something that is open to this person now; whether anything was done."""
    verb = chance.choice([*ACTS, "add_exhibit", "add_finding", "add_finding"])
    try:
        if verb == "add_exhibit":
            make.exhibit(case, by=person, text=make.TEXT * chance.choice([1, 50]))
        elif verb == "add_finding":
            make.finding(case, by=person)
        elif verb == "drop_condition" and not case.conditions.filter(decision=None).exists():
            return False
        else:
            getattr(case, verb)(by=person, **ACTS[verb](case, person))
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("seed", range(6))
def test_every_state_comes_back_from_the_entries(seed, invite):
    chance = random.Random(seed)
    people = [invite(f"Person {number}", Role.REVIEWER, Role.LEAD, Role.APPROVER) for number in range(3)]
    case = make.case(by=people[0], status="IN_REVIEW")
    captured = {case.entry_seq: case.full_state()}
    for _ in range(40):
        random_act(case, chance.choice(people), chance)
        case = Case.objects.get(pk=case.pk)
        captured[case.entry_seq] = case.full_state()
    entries = list(Entry.objects.about(case).filter(kind="act").select_related("body").order_by("pk"))
    assert len(entries) == case.entry_seq > 8
    history = asof.history_of("case", entries)
    for index, entry in enumerate(entries):
        told = history.at(index)
        assert (told.agrees, told.unknown) == (True, [])
        assert digest(told.state) == entry.private["state"]["sha256"]
        assert entry.seq not in captured or told.state == captured[entry.seq]


def test_own_rows_are_told_with_the_case(alice, bob, carol):
    case = dossiers.decided(alice, bob)
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    before = Entry.objects.about(release).get().recorded_at
    redaction = release.redact(by=alice, path="exhibit.1.passage", ground="CBI")
    now = asof.as_of(case, Entry.objects.newest_first()[0].recorded_at)
    assert now[0].kind == "case"
    (seen,) = [each for each in now if each.kind == "release"]
    assert seen.told.state == release.full_state()
    (then,) = [each for each in asof.as_of(case, before) if each.kind == "release"]
    assert f"{key(redaction)}.path" not in then.told.state
    assert then.since[f"{key(redaction)}.path"] == [None, "exhibit.1.passage"]
    assert asof.as_of(case, case.opened_at - datetime.timedelta(days=1)) == []


def test_a_long_text_is_told_where_the_row_still_has_it(alice):
    case = make.case(by=alice, status="NEW", question="Why? " * 3_000)
    seen = at_entry(case, 0)
    value = seen.told.state["question"]
    assert value["bytes"] > 8_192
    assert seen.shown(value) == case.question
    gone = {"sha256": "0" * 64, "bytes": 12_345}
    assert seen.shown(gone) == f"text of 12,345 bytes, SHA-256 {'0' * 64}"


def test_what_was_erased_is_said_to_be(alice, system, sign_log):
    case = make.case(by=alice, status="IN_REVIEW")
    case.hold(by=alice, reason="Waiting for Ann.")
    case.resume(by=alice)
    sign_log()
    held = Entry.objects.about(case).get(verb="case.hold")
    Ledger.objects.the().erase(by=system, entries=[held.uuid], basis="GDPR Article 17(1)(a)", what="body")
    seen = at_entry(case, held.seq - 1)
    assert seen.told.agrees is None
    assert seen.told.state["held_reason"] == "Waiting for Ann."  # the act that followed tells what it took away
    assert at_entry(case, held.seq).told.agrees


def test_what_differs_since_is_told(alice):
    case = make.case(by=alice, status="NEW")
    case.assign(by=alice, to=alice)
    assert at_entry(case, 0).since == {
        "assigned_to": [None, {"ref": key(alice)}],
        "status": ["NEW", "IN_REVIEW"],
    }
    assert at_entry(case, 1).since == {}


def test_the_number_of_queries_does_not_grow_with_the_acts(alice, bob, django_assert_num_queries):
    case = dossiers.decided(alice, bob)
    for name in ("The vendor", "The press", "The court"):
        Release.objects.prepare(by=alice, case=case, decision=case.decision, audience=name)
    last = Entry.objects.newest_first()[0].recorded_at
    with django_assert_num_queries(2):
        assert len(asof.as_of(case, last)) == 4


def test_every_kind_of_own_row_is_recorded():
    from riskreview.cases.trail import own_models

    names = {subject_type(model) for model in own_models()}
    assert {"sheet", "milestone", "clock", "consultation", "submission", "allegation", "publication"} <= names
    assert {"legalstatus", "exemption", "release", "task", "comment", "link"} <= names
    assert all(issubclass(model, Recorded) for model in own_models())
