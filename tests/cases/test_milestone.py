"""Dated facts: they start the clocks of a case, and a wrong date is corrected in the open."""

from __future__ import annotations

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Milestone
from riskreview.cases.workflow import Status
from tests import expect, make

from .running import clocks, day, running, tasked, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return running(alice)


def test_the_tasking_of_the_seed_case_dates_five_limits(case, alice):
    tasked(case, alice)
    assert {key: str(clock.due_on) for key, clock in clocks(case).items()} == {
        "terms": "2025-02-03",
        "evidence": "2025-02-07",
        "draft": "2025-02-18",
        "deputies": "2025-02-27",
        "decision": "2025-03-14",
    }
    assert clocks(case)["decision"].due_before == utc("2025-03-15T04:00")
    assert clocks(case)["terms"].parts[0] == "Day 0 is Tuesday, 28 January 2025."


def test_the_earliest_limit_binds_the_case(case, alice):
    tasked(case, alice)
    case.refresh_from_db()
    assert case.binding_at == case.due_by == utc("2025-02-04T05:00")


def test_it_leaves_one_entry_and_the_clocks_none(case, alice):
    count = Entry.objects.count()
    made = tasked(case, alice)
    assert Entry.objects.count() == count + 1
    assert Entry.objects.about(made).get().verb == "milestone.record"


def test_an_instant_counts_as_the_local_day(alice):
    case = running(alice, "fascsa_order")
    told = {"case": case, "key": "posted", "document": make.document()}
    Milestone.objects.record(by=alice, stated_at=utc("2025-03-04T03:00"), **told)
    assert clocks(case)["sam_check"].parts[0].startswith("Day 0 is Monday, 3 March 2025")


REFUSED = {
    "an unknown key": ({"key": "lunch", "stated_on": day("2025-01-28")}, "knows no milestone “lunch”"),
    "no date": ({"key": "looked_again"}, "either the day"),
    "two dates": (
        {"key": "looked_again", "stated_on": day("2025-01-28"), "stated_at": utc("2025-01-28T15:00")},
        "either the day",
    ),
    "a missing proof": ({"key": "tasked", "stated_on": day("2025-01-28")}, "needs the document"),
    "a day to come": ({"key": "looked_again", "stated_on": day("2999-01-01")}, "still to come"),
    "an instant to come": ({"key": "looked_again", "stated_at": utc("2999-01-01T00:00")}, "still to come"),
}


@pytest.mark.parametrize(("told", "words"), REFUSED.values(), ids=REFUSED)
def test_it_refuses_in_words(case, alice, told, words):
    with expect.refusal(NotNow, match=words):
        Milestone.objects.record(by=alice, case=case, **told)


def test_it_happens_once_but_what_a_series_waits_for_happens_again(case, alice):
    tasked(case, alice)
    with expect.refusal(NotNow, match="on record already"):
        tasked(case, alice)
    told = {"by": alice, "case": case, "key": "looked_again"}
    numbers = [Milestone.objects.record(stated_on=day(on), **told).number for on in ("2025-02-01", "2025-03-01")]
    assert numbers == [1, 2]


def test_what_happens_to_a_party_names_a_vendor_of_the_case(alice):
    case, stranger = running(alice, "icts_transaction_review"), make.vendor("High-Flyer", by=alice)
    told = {"by": alice, "case": case, "key": "notified_of_review", "stated_on": day("2025-03-03")}
    for party in (None, stranger):
        with expect.refusal(NotNow, match="which vendor"):
            Milestone.objects.record(party=party, **told)
    assert Milestone.objects.record(party=case.vendors.get(), **told).pk


def test_hours_are_counted_from_a_time_of_day(alice):
    case = running(alice, "device_use_direction")
    proof = make.document()
    with expect.refusal(NotNow, match="time of day"):
        Milestone.objects.record(
            by=alice, case=case, key="triggered", stated_on=day("2025-01-28"), document=proof
        )  # fmt: skip
    at = utc("2025-01-28T15:00")
    Milestone.objects.record(by=alice, case=case, key="triggered", stated_at=at, document=proof)
    assert clocks(case)["rapid"].due_before == utc("2025-01-29T15:00")


def test_a_case_without_a_playbook_counts_from_nothing(alice):
    case, proof = make.case(by=alice), make.document()
    with expect.refusal(NotNow, match="no playbook"):
        Milestone.objects.record(by=alice, case=case, key="tasked", stated_on=day("2025-01-28"), document=proof)


def test_readers_record_nothing(case, dave):
    with expect.refusal(NotAllowed):
        tasked(case, dave)


def test_a_correction_tells_what_it_did_to_each_date(case, alice):
    made = tasked(case, alice)
    with expect.one_entry("milestone.correct", by=alice, about=made):
        moved = made.correct(by=alice, stated_on=day("2025-01-29"), reason="The stamp says so.")
    assert "decision: The date is Monday, 17 March 2025, was Friday, 14 March 2025." in moved
    assert Milestone.objects.get().moved == moved
    assert str(clocks(case)["decision"].due_on) == "2025-03-17"
    assert Entry.objects.about(made).newest_first().first().private["changes"]["stated_on"] == [
        "2025-01-28",
        "2025-01-29",
    ]


def test_a_correction_that_loses_the_day_of_service_moves_half_a_year(alice):
    """Row 24: 180 days from 5 March 2025 end on a holiday, and do not roll."""
    case = running(alice, "icts_transaction_review")
    told = {"case": case, "key": "served", "party": case.vendors.get(), "document": make.document()}
    made = Milestone.objects.record(by=alice, stated_on=day("2025-03-03"), **told)
    assert str(clocks(case)["final_180"].due_on) == "2025-08-30"
    made.correct(by=alice, stated_on=day("2025-03-05"), reason="Served two days later.")
    assert str(clocks(case)["final_180"].due_on) == "2025-09-01"


def test_others_do_not_correct_it(case, alice, mallory, dave, carol):
    made = tasked(case, alice)
    for person in (mallory, dave):
        with expect.refusal(NotAllowed, made):
            made.correct(by=person, stated_on=day("2025-01-29"), reason="So I heard.")
    made.correct(by=carol, stated_on=day("2025-01-29"), reason="The stamp says so.")


def test_a_correction_needs_a_reason_and_a_day_that_has_come(case, alice):
    made = tasked(case, alice)
    with expect.refusal(NotNow, made, match="why the date was wrong"):
        made.correct(by=alice, stated_on=day("2025-01-29"), reason=" ")
    with expect.refusal(NotNow, made, match="still to come"):
        made.correct(by=alice, stated_on=day("2999-01-29"), reason="A slip.")


def test_what_begins_while_the_case_is_on_hold_stands_still(alice):
    case = running(alice, status=Status.ON_HOLD)
    tasked(case, alice, str(timezone.now().date()))
    assert {clock.due_on for clock in clocks(case).values()} == {None}
    case.resume(by=alice)
    assert None not in {clock.due_on for clock in clocks(case).values()}
