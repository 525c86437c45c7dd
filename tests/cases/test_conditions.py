"""What a decision asks for: drafted, signed, and kept, by people and by watches."""

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Condition, Kept, WatchCheck
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def decided(case, alice, bob):
    watched = {"watch": "OWNERSHIP_CHANGED"}
    make.decided_with(case, by=alice, approver=bob, conditions=[watched, {"text": "A report by June.", "owner": alice}])
    return case


def test_it_works(case, alice):
    with expect.one_entry("case.draft_condition", by=alice, about=case):
        condition = make.condition(case, by=alice, due_on=D("2025-06-30"), owner=alice)
    assert (condition.number, condition.state, condition.decision) == (1, Kept.OPEN, None)


@pytest.mark.parametrize(
    "details",
    [
        {"text": " "},
        {"watch": "REPORT_DUE"},
        {"watch": "DOCUMENT_CHANGED", "parameters": {"document": 999_999}},
        {"watch": "SOURCE_QUIET", "parameters": {"source": 999_999}},
        {"watch": "OWNERSHIP_CHANGED", "every_days": 0},
        {"parameters": {"document": 1}},
    ],
)
def test_it_must_say_enough(case, alice, details):
    with expect.refusal(NotNow, case):
        make.condition(case, by=alice, **details)


def test_a_watch_of_incidents_is_limited_to_what_the_case_is_about(case, alice):
    vendor = make.vendor("DeepSeek", by=alice)
    made = vendor.add_product(by=alice, name="DeepSeek-V3", kind="MODEL_FAMILY")
    stranger = make.vendor("Alibaba", by=alice)
    theirs = stranger.add_product(by=alice, name="Qwen", kind="MODEL_FAMILY")
    for limit in (
        *({"vendor": 999_999}, {"vendor": stranger.pk}, {"product": 999_999}, {"product": theirs.pk}),
        {"vendor": vendor.pk, "product": theirs.pk},
    ):
        with expect.refusal(NotNow, case):
            make.condition(case, by=alice, watch="INCIDENT_CONFIRMED", parameters=limit)
    for limit in ({"vendor": vendor.pk}, {"product": made.pk}, {"vendor": vendor.pk, "product": made.pk}):
        condition = make.condition(case, by=alice, watch="INCIDENT_CONFIRMED", parameters=limit)
        assert condition.parameters == limit
    with expect.refusal(NotNow, case, match="does not name this vendor"):
        words = {"text": "None of theirs.", "watch": "INCIDENT_CONFIRMED", "parameters": {"vendor": stranger.pk}}
        case.amend_condition(by=alice, condition=condition, **words)
    make.effect(case, by=alice, vendor=stranger)
    make.condition(case, by=alice, watch="INCIDENT_CONFIRMED", parameters={"product": theirs.pk})


def test_a_draft_is_amended_and_dropped(case, alice):
    condition = make.condition(case, by=alice)
    case.amend_condition(by=alice, condition=condition, text="No new owner.", watch="OWNERSHIP_CHANGED", every_days=7)
    condition.refresh_from_db()
    assert (condition.text, condition.watch, condition.every_days) == ("No new owner.", "OWNERSHIP_CHANGED", 7)
    case.drop_condition(by=alice, condition=condition)
    assert not Condition.objects.exists()


def test_whatever_is_changed_while_it_waits_voids_what_was_submitted(case, alice):
    condition = make.condition(case, by=alice)
    make.finding(case, by=alice)
    submitted = make.submission(case, by=alice)
    case.amend_condition(by=alice, condition=condition, text="No new owner.")
    submitted.refresh_from_db()
    assert (case.status, submitted.voided_at is None) == (Status.IN_REVIEW, False)


def test_a_watch_begins_with_the_last_signature_and_not_before(case, alice, bob):
    make.condition(case, by=alice, watch="OWNERSHIP_CHANGED")
    make.finding(case, by=alice)
    make.submission(case, by=alice)
    assert not WatchCheck.objects.exists()
    make.approval(case, by=bob)
    assert WatchCheck.objects.get().condition == case.conditions.get()


def test_a_condition_without_a_watch_is_looked_after_by_people(decided):
    assert [each.condition.number for each in WatchCheck.objects.all()] == [1]


def test_its_owner_settles_it(decided, alice):
    with expect.one_entry("case.settle_condition", by=alice, about=decided):
        decided.settle_condition(
            by=alice, condition=decided.conditions.get(number=2), state=Kept.MET, note="The report came on 12 May."
        )
    assert decided.conditions.get(number=2).state == Kept.MET


def test_a_lead_settles_any_and_its_watch_ends(decided, carol):
    decided.settle_condition(by=carol, condition=decided.conditions.get(number=1), state=Kept.WAIVED, note="Sold.")
    assert not WatchCheck.objects.live().exists()


def test_another_reviewer_settles_nothing(decided, mallory):
    with expect.refusal(NotAllowed, decided, match="owner of the condition or a lead"):
        decided.settle_condition(by=mallory, condition=decided.conditions.get(number=2), state=Kept.MET, note="Seen.")


@pytest.mark.parametrize(("state", "note"), [(Kept.OPEN, "Seen."), (Kept.MET, " ")])
def test_settling_says_how_and_why(decided, carol, state, note):
    with expect.refusal(NotNow, decided):
        decided.settle_condition(by=carol, condition=decided.conditions.get(number=2), state=state, note=note)


def test_what_is_settled_is_settled(decided, carol):
    settled = {"condition": decided.conditions.get(number=2), "state": Kept.MET, "note": "Seen."}
    decided.settle_condition(by=carol, **settled)
    with expect.refusal(NotNow, decided, match="already"):
        decided.settle_condition(by=carol, **settled)


def test_a_watch_that_trips_opens_the_case_again_with_its_reason_and_what_shows_it(decided, system):
    notice = make.document(headline="Notice of a change of control")
    condition = decided.conditions.get(number=1)
    with expect.one_entry("case.trip", by=system, about=decided):
        decided.trip(by=system, condition=condition, reason="A new owner is on record.", document=notice)
    condition.refresh_from_db()
    assert (decided.status, decided.decision, decided.assigned_to) == (Status.NEW, None, None)
    assert (condition.state, condition.note) == (Kept.BREACHED, "A new owner is on record.")
    told = Entry.objects.get(verb="case.trip").private
    assert (told["reason"], told["arguments"]["document"]["ref"]) == (condition.note, f"document:{notice.pk}")
    assert not WatchCheck.objects.live().exists()


def test_nobody_trips_a_watch_by_hand(decided, carol, bob):
    for person in (carol, bob):
        with expect.refusal(NotAllowed, decided, match="Only a watch"):
            decided.trip(by=person, condition=decided.conditions.get(number=1), reason="Because.")


def test_a_settled_condition_trips_no_more(decided, carol, system):
    condition = decided.conditions.get(number=1)
    decided.settle_condition(by=carol, condition=condition, state=Kept.WAIVED, note="Sold.")
    with expect.refusal(NotNow, decided):
        decided.trip(by=system, condition=condition, reason="Because.")


def test_the_watches_end_when_a_person_opens_the_case_again(decided, carol):
    decided.reopen(by=carol, reason="News.")
    assert not WatchCheck.objects.live().exists()
