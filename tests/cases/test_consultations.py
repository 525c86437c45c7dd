"""Asking others: who was asked, what an answer counts as, and what silence means."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Case, Consultation, Standing
from riskreview.cases.requirements import unmet
from riskreview.cases.sweeping import sweep
from riskreview.cases.workflow import Status
from tests import expect, make

from .limits import eastern

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SENT = eastern("2025-07-24T10:00")
LAST_HOUR, TOO_LATE = eastern("2025-08-07T23:30"), eastern("2025-08-08T00:10")


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")


def asked(case, by, key="final", consultee="Department of State", **details):
    return Consultation.objects.send(by=by, case=case, key=key, consultee=consultee, **({"sent_at": SENT} | details))


def objected(row, by, *, rank="deputy_secretary", at=LAST_HOUR):
    row.answer(by=by, response="object", responder="R. Roe", rank=rank, answered_at=at, answer="We do not agree.")


def test_asking_is_on_record_and_starts_a_clock(case, alice):
    paper = make.document()
    row = asked(case, alice, document=paper)
    assert (row.state, row.document, row.asked_by, row.round, row.entry_seq) == ("OPEN", paper, alice, 1, 1)
    clock = row.clocks.get(key="concurrence")
    assert (clock.due_on, clock.due_before) == (datetime.date(2025, 8, 7), eastern("2025-08-08T00:00"))
    assert Entry.objects.about(row).get().verb == "consultation.send"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"consultee": "  "}, "Say who was asked"),
        ({"key": "neighbours"}, "no consultation “neighbours”. It has: first, notice, final."),
        ({"sent_at": lambda: timezone.now() + DAY}, "in the future"),
        ({"consultee": "department of state"}, "was asked this already"),
    ],
    ids=["nobody", "a key that is not there", "to come", "twice"],
)
def test_asking_is_refused(case, alice, given, told):
    asked(case, alice)
    given = {name: value() if callable(value) else value for name, value in given.items()}
    with expect.refusal(NotNow, case, match=told):
        asked(case, alice, **given)


def test_the_same_body_may_be_asked_about_something_else(case, alice):
    assert asked(case, alice).consultee == asked(case, alice, key="first").consultee


def test_a_case_without_a_playbook_asks_nobody(alice):
    case = make.case(by=alice)
    with expect.refusal(NotNow, case, match="no consultation"):
        asked(case, alice)


def test_a_case_that_is_over_asks_nobody(case, alice):
    case.withdraw(by=alice, reason="The requester took it back.")
    with expect.refusal(NotNow, case, match="waits for no answers"):
        asked(case, alice)


# Sent on 24 July 2025 with 14 days, an objection counting from deputy secretary up: what each leads to, and whether
# consent may be presumed on 8 August.
OUTCOMES = [
    ("silence", None, None, "OPEN", "", True),
    ("an objection in time, of the rank", "deputy_secretary", LAST_HOUR, "ANSWERED", "OBJECTION", False),
    ("an objection in time, from below the rank", "assistant_secretary", LAST_HOUR, "OPEN", "COMMENT", True),
    ("an objection too late", "deputy_secretary", TOO_LATE, "LATE_OBJECTION", "LATE_OBJECTION", True),
]


@pytest.mark.parametrize(("rank", "at", "state", "weight", "presumable"), [row[1:] for row in OUTCOMES], ids=[
    row[0] for row in OUTCOMES
])  # fmt: skip
def test_silence_rank_and_time_have_four_outcomes(case, alice, rank, at, state, weight, presumable):
    row = asked(case, alice)
    if rank:
        objected(row, alice, rank=rank, at=at)
    assert (row.state, row.weight) == (state, weight)
    assert not row.may_be_presumed(eastern("2025-08-07T23:59"))
    assert row.may_be_presumed(eastern("2025-08-08T00:00")) is presumable
    if not presumable:
        with expect.refusal(NotNow, row, match="An objection stands"):
            row.presume_concurrence(by=alice)
        return
    with expect.one_entry("consultation.presume_concurrence", by=alice, about=row):
        row.presume_concurrence(by=alice)
    assert (row.state, row.presumed_by, row.weight) == ("PRESUMED", alice, weight)


def test_consent_is_not_presumed_while_the_time_runs(case, alice):
    row = asked(case, alice, sent_at=timezone.now() - 2 * DAY)
    with expect.refusal(NotNow, row, match="cannot be taken for consent before"):
        row.presume_concurrence(by=alice)


def test_silence_means_nothing_where_the_playbook_says_so(case, alice):
    row = asked(case, alice, key="notice", sent_at=SENT)
    with expect.refusal(NotNow, row, match="Silence means nothing here"):
        row.presume_concurrence(by=alice)


def test_consent_is_presumed_once(case, alice):
    row = asked(case, alice)
    row.presume_concurrence(by=alice)
    with expect.refusal(NotNow, row, match="presumed already"):
        row.presume_concurrence(by=alice)


def test_an_objection_in_time_that_is_recorded_late_takes_the_presumption_back(case, alice):
    row = asked(case, alice)
    row.presume_concurrence(by=alice)
    objected(row, alice)
    assert (row.state, row.presumed_by, row.weight) == ("ANSWERED", None, "OBJECTION")


def test_an_objection_after_the_presumption_is_kept_beside_it(case, alice):
    row = asked(case, alice)
    row.presume_concurrence(by=alice)
    objected(row, alice, at=TOO_LATE)
    assert (row.state, row.presumed_by, row.weight) == ("PRESUMED", alice, "LATE_OBJECTION")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"response": "no_position"}, "one of: concur, concur_with_comment, object"),
        ({"rank": "caliph"}, "A rank is one of"),
        ({"response": "object", "rank": ""}, "counts from deputy secretary up: say who signed it"),
        ({"answered_at": SENT - DAY}, "before the request was sent"),
        ({"answered_at": lambda: timezone.now() + DAY}, "in the future"),
    ],
    ids=["another answer", "another rank", "an objection of nobody", "too early", "to come"],
)
def test_an_answer_is_refused(case, alice, given, told):
    row = asked(case, alice)
    given = {name: value() if callable(value) else value for name, value in given.items()}
    with expect.refusal(NotNow, row, match=told):
        row.answer(by=alice, **({"response": "concur", "rank": "secretary", "answered_at": LAST_HOUR} | given))


def test_an_answer_stops_the_clock(case, alice):
    row = asked(case, alice)
    with expect.one_entry("consultation.answer", by=alice, about=row):
        row.answer(by=alice, response="concur_with_comment", responder=" R. Roe ", answered_at=LAST_HOUR, answer="Yes.")
    assert (row.state, row.responder, row.weight) == ("ANSWERED", "R. Roe", "")
    assert row.clocks.get().satisfied_at == LAST_HOUR


def test_a_later_answer_takes_the_place_of_an_earlier_one_and_the_entries_keep_both(case, alice):
    row = asked(case, alice)
    objected(row, alice)
    row.answer(by=alice, response="concur", answered_at=TOO_LATE)
    assert (row.state, row.response, row.weight) == ("ANSWERED", "concur", "")
    told = [
        entry.private["arguments"]["response"] for entry in Entry.objects.about(row).filter(verb__endswith="answer")
    ]
    assert sorted(told) == ["concur", "object"]


@pytest.mark.parametrize(("rank", "at"), [("staff", LAST_HOUR), ("deputy_secretary", TOO_LATE)])
def test_an_answer_that_stands_is_not_displaced_by_one_that_counts_for_less(case, alice, rank, at):
    row = asked(case, alice)
    row.answer(by=alice, response="concur", answered_at=LAST_HOUR)
    with expect.refusal(NotNow, row, match="An answer stands"):
        objected(row, alice, rank=rank, at=at)


def test_what_did_not_arrive_starts_no_time_and_may_be_sent_again(case, alice):
    row = asked(case, alice)
    with expect.one_entry("consultation.mark_undeliverable", by=alice, about=row):
        row.mark_undeliverable(by=alice, reason="The mailbox is gone.")
    assert row.state == Standing.UNDELIVERABLE
    assert [clock.due_on for clock in row.clocks.all()] in ([], [None])
    for act in (lambda: objected(row, alice), lambda: row.presume_concurrence(by=alice)):
        with expect.refusal(NotNow, row, match="did not reach them"):
            act()
    again = asked(case, alice, sent_at=SENT + DAY)
    assert again.clocks.get().due_on == datetime.date(2025, 8, 8)


def test_what_was_sent_again_asks_for_one_answer_only(case, alice):
    asked(case, alice).mark_undeliverable(by=alice, reason="The mailbox is gone.")
    assert [each.told for each in missing(case)] == [
        "“Concurrence on the Final Determination” could not be delivered to Department of State: send it again."
    ]
    again = asked(case, alice)
    assert len(missing(case)) == 1
    again.answer(by=alice, response="concur", answered_at=LAST_HOUR)
    assert missing(case) == []


def missing(case):
    return unmet(case.rules, ["consultations:final"], case.facts())


def test_what_was_answered_did_arrive(case, alice):
    row = asked(case, alice)
    objected(row, alice, rank="staff")
    with expect.refusal(NotNow, row, match="it did arrive"):
        row.mark_undeliverable(by=alice, reason="The mailbox is gone.")


@pytest.mark.parametrize("key", ["first", "final"])
def test_when_the_time_is_over_the_product_waits_no_longer(case, alice, system, key):
    row = asked(case, alice, key=key)
    sweep(timezone.now())
    row.refresh_from_db()
    assert row.state == Standing.LAPSED
    assert Entry.objects.about(row).newest_first()[0].actor == system
    assert row.may_be_presumed(timezone.now()) is (key == "final")


def test_nothing_lapses_before_its_time(case, alice, system):
    row = asked(case, alice, sent_at=timezone.now() - DAY)
    with expect.refusal(NotNow, row, match="still waits"):
        row.lapse(by=system)


def test_at_the_border_of_a_day_the_zone_of_the_playbook_counts(case, alice):
    with time_machine.travel(eastern("2025-08-08T00:00") - datetime.timedelta(seconds=1), tick=False):
        row = asked(case, alice)
        with expect.refusal(NotNow, row, match="before"):
            row.presume_concurrence(by=alice)
    with time_machine.travel(eastern("2025-08-08T00:00"), tick=False):
        row.presume_concurrence(by=alice)


def test_only_who_works_on_cases_asks_and_answers(case, alice, carol, outsiders, system):
    row = asked(case, alice)
    for person in outsiders:
        with expect.refusal(NotAllowed, row):
            asked(case, person, consultee="Department of Labor")
        for act in (
            lambda by: objected(row, by),
            lambda by: row.presume_concurrence(by=by),
            lambda by: row.mark_undeliverable(by=by, reason="Gone."),
            lambda by: row.lapse(by=by),
        ):
            with expect.refusal(NotAllowed, row):
                act(person)
    row.presume_concurrence(by=system)
    assert Case.objects.get(pk=case.pk).consultations.get().presumed_by == system
