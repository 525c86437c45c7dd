"""Hearing the party: what it submitted, that it said nothing, and how each submission was considered."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Milestone, Submission
from riskreview.cases.workflow import Status
from tests import expect, make

from .limits import eastern

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SERVED = datetime.date(2025, 3, 3)
IN_TIME, TOO_LATE = eastern("2025-04-02T23:59"), eastern("2025-04-03T00:00")


@pytest.fixture
def vendor(alice):
    return make.vendor(by=alice)


@pytest.fixture
def case(alice, vendor):
    return make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")


@pytest.fixture
def served(case, alice, vendor):
    return serve(case, alice, vendor, SERVED)


def serve(case, by, vendor, day):
    given = {"key": "served", "party": vendor, "stated_on": day, "document": make.document()}
    return Milestone.objects.record(by=by, case=case, **given)


def received(case, by, vendor, **details):
    given = {"key": "party_response", "received_at": IN_TIME, "summary": "We do not agree.", "kinds": ["argument"]}
    return Submission.objects.receive(by=by, case=case, party=vendor, **(given | details))


def silent(case, by, vendor, **details):
    given = {"key": "party_response", "sought": True}
    return Submission.objects.note_silence(by=by, case=case, party=vendor, **(given | details))


@pytest.mark.parametrize(("at", "late"), [(IN_TIME, False), (TOO_LATE, True)])
def test_a_submission_is_taken_however_late_it_comes(case, alice, vendor, served, at, late):
    row = received(case, alice, vendor, received_at=at)
    assert (row.state, row.is_late, row.number, str(row)) == ("RECEIVED", late, 1, "S1")
    clock = case.clocks.get(key="response")
    assert (clock.due_on, clock.satisfied_at) == (datetime.date(2025, 4, 2), at)
    assert Entry.objects.about(row).get().verb == "submission.receive"


def test_without_a_clock_nothing_is_late(case, alice, vendor):
    assert not received(case, alice, vendor).is_late


def test_the_clock_of_another_party_says_nothing_of_this_one(case, alice, vendor, served):
    other = make.vendor("High-Flyer", by=alice)
    case.vendors.add(other)
    serve(case, alice, other, SERVED + 10 * DAY)
    assert not received(case, alice, other, received_at=TOO_LATE).is_late
    assert received(case, alice, vendor, received_at=TOO_LATE).is_late


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"key": "appeal"}, "no right of reply “appeal”. It has: party_response."),
        ({"kinds": ["argument", "questionnaire"]}, "A reply here may contain: argument, evidence"),
        ({"received_at": lambda: timezone.now() + DAY}, "in the future"),
        ({"summary": " "}, "Say what it says"),
    ],
    ids=["a key that is not there", "another content", "to come", "nothing"],
)
def test_a_submission_is_refused(case, alice, vendor, given, told):
    given = {name: value() if callable(value) else value for name, value in given.items()}
    with expect.refusal(NotNow, case, match=told):
        received(case, alice, vendor, **given)


def test_whom_the_case_is_not_about_is_no_party(case, alice):
    other = make.vendor("High-Flyer", by=alice)
    with expect.refusal(NotNow, case, match="High-Flyer is no party to this case"):
        received(case, alice, other)


def test_a_case_that_is_over_hears_nobody(case, alice, vendor):
    case.withdraw(by=alice, reason="The requester took it back.")
    with expect.refusal(NotNow, case, match="hears nobody"):
        received(case, alice, vendor)


def test_a_party_may_say_more_than_once(case, alice, vendor):
    paper = make.document()
    rows = [received(case, alice, vendor), received(case, alice, vendor, summary="", document=paper, confidential=True)]
    assert [row.number for row in rows] == [1, 2]
    assert (rows[1].document, rows[1].confidential) == (paper, True)


def test_no_reply_is_a_row_once_the_time_is_over(case, alice, vendor, served):
    row = silent(case, alice, vendor)
    assert (row.state, row.received_at) == ("NO_REPLY", None)
    assert Entry.objects.about(row).get().verb == "submission.note_silence"


def test_no_reply_is_not_noted_while_the_party_has_time(case, alice, vendor):
    serve(case, alice, vendor, timezone.now().date() - 5 * DAY)
    with expect.refusal(NotNow, case, match="They have until"):
        silent(case, alice, vendor)


def test_not_seeking_a_reply_is_a_choice_with_a_reason(case, alice, vendor):
    with expect.refusal(NotNow, case, match="Say why no reply was sought"):
        silent(case, alice, vendor, sought=False, why=" ")
    row = silent(case, alice, vendor, sought=False, why="It would warn those it is about.")
    assert (row.state, row.why) == ("NOT_SOUGHT", "It would warn those it is about.")


def test_silence_is_not_noted_of_whoever_spoke_nor_twice(case, alice, vendor):
    received(case, alice, vendor)
    with expect.refusal(NotNow, case, match="on record already"):
        silent(case, alice, vendor)


def test_who_was_silent_may_still_speak(case, alice, vendor, served):
    silent(case, alice, vendor)
    assert received(case, alice, vendor, received_at=TOO_LATE + DAY).is_late


def test_each_submission_waits_to_be_considered(case, alice, vendor, served):
    rows = [received(case, alice, vendor), received(case, alice, vendor)]
    assert list(Submission.objects.unconsidered(case)) == rows
    with expect.one_entry("submission.consider", by=alice, about=rows[0]):
        made = rows[0].consider(by=alice, text=" It names no fact we did not have. ", changed_outcome=False)
    assert (made.text, made.changed_outcome, made.considered_by) == ("It names no fact we did not have.", False, alice)
    assert list(Submission.objects.unconsidered(case)) == [rows[1]]


def test_silence_needs_no_consideration(case, alice, vendor, served):
    row = silent(case, alice, vendor)
    assert not Submission.objects.unconsidered(case)
    with expect.refusal(NotNow, row, match="nothing to consider"):
        row.consider(by=alice, text="So be it.", changed_outcome=False)


def test_a_consideration_says_how(case, alice, vendor):
    row = received(case, alice, vendor)
    with expect.refusal(NotNow, row, match="Say how it was considered"):
        row.consider(by=alice, text=" ", changed_outcome=True)


def test_a_consideration_written_again_replaces_the_first_and_the_entries_keep_both(case, alice, carol, vendor):
    row = received(case, alice, vendor)
    row.consider(by=alice, text="Nothing new.", changed_outcome=False)
    row.consider(by=carol, text="The mitigation is accepted.", changed_outcome=True)
    kept = row.considerations.get()
    assert (kept.text, kept.changed_outcome, kept.considered_by) == ("The mitigation is accepted.", True, carol)
    told = [entry.private["arguments"]["text"] for entry in Entry.objects.about(row).newest_first()[:2]]
    assert told == ["The mitigation is accepted.", "Nothing new."]


def test_only_who_works_on_cases_hears_and_considers(case, alice, vendor, outsiders):
    row = received(case, alice, vendor)
    for person in outsiders:
        for act in (received, silent):
            with expect.refusal(NotAllowed, row):
                act(case, person, vendor)
        with expect.refusal(NotAllowed, row):
            row.consider(by=person, text="Seen.", changed_outcome=False)
