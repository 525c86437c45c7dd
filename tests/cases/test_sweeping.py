"""The sweep of the clocks: people are warned once, an end is recorded once, and a closure reaches every case."""

from __future__ import annotations

import datetime
import threading
import time

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error, connection, transaction
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import HeldAlready, NotAllowed, NotNow
from riskreview.cases import sweeping
from riskreview.cases.models import Batch, Case, Clock, Closure, Consultation, WatchCheck
from riskreview.cases.tasks import sweep
from tests import expect, make

from .running import clocks, day, running, tasked, utc

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def case(alice):
    case = running(alice)
    tasked(case, alice)
    return case


def told(case):
    """The acts of the system on the clocks of a case, oldest first."""
    ids = [str(clock.pk) for clock in case.clocks.all()]
    entries = Entry.objects.filter(subject_type="clock", subject_id__in=ids).order_by("id")
    keys = {str(clock.pk): clock.key for clock in case.clocks.all()}
    return [(keys[entry.subject_id], entry.verb) for entry in entries]


def test_a_warning_is_told_once_however_often_it_looks(case):
    moment = utc("2025-02-10T05:00")  # five business days before 18 February: a holiday lies between
    Clock.objects.exclude(key="draft").update(next_moment=None)
    sweeping.sweep(moment)
    assert ("draft", "clock.warn") in told(case)
    assert case.pk not in sweeping._cases_due(moment)  # what was told of is not looked at again until its next moment
    for minutes in (1, 2):
        sweeping.sweep(moment + minutes * datetime.timedelta(minutes=1))
    assert told(case).count(("draft", "clock.warn")) == 1
    draft = clocks(case)["draft"]
    assert draft.warned == ["5 bus_day 2025-02-18"]
    assert draft.next_moment > moment


def test_nothing_is_told_before_its_time(case):
    sweeping.sweep(utc("2025-01-29T12:00"))
    assert told(case) == []


def test_an_end_is_recorded_once_and_says_what_it_means(case):
    moment = utc("2025-02-04T05:00")
    sweeping.sweep(moment - HOUR / 60)
    assert told(case) == []
    for minutes in (0, 1):
        sweeping.sweep(moment + minutes * HOUR)
    assert told(case) == [("terms", "clock.expire")]
    assert (clocks(case)["terms"].settled, clocks(case)["terms"].warned) == ("", ["end 2025-02-03"])


def test_of_all_that_passed_while_nobody_looked_one_act_tells(case):
    sweeping.sweep(utc("2025-06-01T12:00"))
    assert sorted(told(case)) == [(key, "clock.expire") for key in sorted(clocks(case))]
    assert len(clocks(case)["decision"].warned) == 4


def test_a_date_that_moved_is_told_of_again(case, carol):
    decision = clocks(case)["decision"]
    sweeping.sweep(utc("2025-03-13T12:00"))
    assert told(case)[-1] == ("decision", "clock.warn")
    decision.refresh_from_db()
    words = {"form": "written_determination", "document": make.document(), "decided_at": utc("2025-03-13T12:00")}
    decision.extend(by=carol, days=30, **words)
    assert decision.next_moment == utc("2025-03-31T04:00")


def test_the_task_looks_once_in_each_slot(case):
    sweep()
    count = Entry.objects.count()
    assert ("decision", "clock.expire") in told(case)
    sweep()
    assert Entry.objects.count() == count


def test_of_two_ticks_in_one_slot_one_looks(monkeypatch):
    looked = []
    monkeypatch.setattr(sweeping, "sweep", looked.append)
    sweep()
    sweep()
    assert len(looked) == 1


def test_one_that_cannot_be_worked_out_waits_and_holds_up_no_other(case, alice, monkeypatch, caplog):
    other = running(alice, title="Another")
    tasked(other, alice)
    real = sweeping.look

    def look(pk, now):
        if pk == case.pk:
            raise ValueError("no calendar")
        return real(pk, now)

    monkeypatch.setattr(sweeping, "look", look)
    now = utc("2025-02-04T05:00")
    sweeping.sweep(now)
    assert "could not be worked out" in caplog.text
    assert told(other) == [("terms", "clock.expire")]
    assert clocks(case)["terms"].next_moment == now + sweeping.REST


def test_people_do_not_do_what_time_does(case, carol):
    terms = clocks(case)["terms"]
    with expect.refusal(NotAllowed, terms):
        terms.expire(by=carol, marks=["end 2025-02-03"])
    with expect.refusal(NotAllowed, terms):
        terms.warn(by=carol, notice="1 day", marks=["1 cal_day 2025-02-03"])


@pytest.fixture
def closure(carol):
    return Closure.objects.announce(
        by=carol, calendar="us-federal", day=day("2025-02-03"), why="By executive order."
    )  # fmt: skip


def test_a_closure_recounts_the_limits_of_its_calendar(case, closure):
    assert str(clocks(case)["terms"].due_on) == "2025-02-03"
    assert sweeping.recount(closure, utc("2025-01-29T12:00")) == 1
    assert str(clocks(case)["terms"].due_on) == "2025-02-04"
    case.refresh_from_db()
    assert case.binding_at == utc("2025-02-05T05:00")
    assert not Closure.objects.to_recount().exists()


def test_one_revoked_is_counted_out_again(case, closure, carol):
    sweeping.sweep(utc("2025-01-29T12:00"))
    closure.refresh_from_db()
    with expect.one_entry("closure.revoke", by=carol, about=closure):
        closure.revoke(by=carol, reason="The order was withdrawn.")
    sweeping.sweep(utc("2025-01-29T12:01"))
    assert str(clocks(case)["terms"].due_on) == "2025-02-03"
    with expect.refusal(NotNow, closure, match="already"):
        closure.revoke(by=carol, reason="Again.")


def test_it_goes_through_the_cases_in_batches(case, closure, alice, monkeypatch):
    monkeypatch.setattr(sweeping, "WINDOW", 1)
    other = running(alice, title="Another")
    tasked(other, alice)
    assert sweeping.recount(closure, utc("2025-01-29T12:00")) == 1
    assert Closure.objects.to_recount().get().recount_after == min(case.pk, other.pk)


def test_closures_are_announced_by_leads_in_words_and_once(carol, alice, closure):
    told = {"calendar": "us-federal", "day": day("2025-02-03"), "why": "Snow."}
    with expect.refusal(NotAllowed):
        Closure.objects.announce(by=alice, **told)
    with expect.refusal(HeldAlready, match="on record"):
        Closure.objects.announce(by=carol, **told)
    with expect.refusal(NotNow, match="no calendar"):
        Closure.objects.announce(by=carol, **(told | {"calendar": "moon"}))
    with expect.refusal(NotNow, match="what closes"):
        Closure.objects.announce(by=carol, **(told | {"why": " ", "day": day("2025-02-04")}))


def test_a_case_that_was_withdrawn_is_left_alone(case, alice):
    case.withdraw(by=alice, reason="It fell away.")
    sweeping.sweep(utc("2025-06-01T12:00"))
    assert told(case) == []
    assert Case.objects.get(pk=case.pk).status == "WITHDRAWN"


def test_silence_lapses_and_consent_may_then_be_presumed(alice):
    """Row 6: fourteen days from Thursday, 24 July 2025."""
    case = running(alice, "icts_transaction_review")
    asked = make.consultation(case, by=alice, sent_at=utc("2025-07-24T14:00"))
    sweeping.sweep(utc("2025-08-08T03:59"))
    assert told(case) == []
    sweeping.sweep(utc("2025-08-08T04:00"))
    sweeping.sweep(utc("2025-08-08T04:01"))
    asked.refresh_from_db()
    assert (told(case), asked.state) == ([("concurrence", "clock.expire")], "LAPSED")
    asked.presume_concurrence(by=alice)
    assert asked.state == "PRESUMED"


def test_a_case_that_changes_while_a_closure_is_counted_is_taken_as_it_is(case, closure, alice, monkeypatch):
    real = Case.lock

    def lock(self, **seen):
        if self is not case and not moved:
            moved.append(True)
            case.new_round(by=alice, reason="Filed again.")
        real(self, **seen)

    moved = []
    monkeypatch.setattr(Case, "lock", lock)
    sweeping.recount(closure, utc("2025-01-29T12:00"))
    assert moved
    assert Case.objects.get(pk=case.pk).binding_at is None


def test_one_case_that_cannot_be_counted_again_holds_up_no_other(case, closure, alice, monkeypatch, caplog):
    other = running(alice, title="Another")
    tasked(other, alice)
    real, now = sweeping.wind, utc("2025-01-29T12:00")

    def wind(row, at):
        if row.pk == case.pk:
            raise TypeError("it cannot be worked out")
        return real(row, at)

    Clock.objects.filter(case=case).update(next_moment=now + 9 * HOUR)
    monkeypatch.setattr(sweeping, "wind", wind)
    sweeping.sweep(now)
    assert str(clocks(other)["terms"].due_on) == "2025-02-04"
    assert not Closure.objects.to_recount().exists()
    assert "could not be counted again" in caplog.text
    assert clocks(case)["terms"].next_moment == now + sweeping.REST


def test_what_goes_wrong_with_one_part_of_the_sweep_holds_up_no_other(monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("Broken.")

    done = []
    monkeypatch.setattr(sweeping, "sweep", broken)
    monkeypatch.setattr(WatchCheck.objects, "offer", broken)
    monkeypatch.setattr(Batch.objects, "bury", lambda: done.append("batches"))
    sweep()
    assert done == ["batches"]
    assert "did not get through clocks" in caplog.text
    assert "did not get through watches" in caplog.text


@pytest.mark.parametrize(("broken", "at"), [("look", "2025-02-04T05:00"), ("wind", "2025-01-29T12:00")])
def test_a_sweep_that_is_stopped_stops(case, closure, monkeypatch, broken, at):
    def stopped(*_):
        raise SoftTimeLimitExceeded

    assert bool(sweeping._cases_due(utc(at))) == (broken == "look")  # without one that is due, the closure comes first
    monkeypatch.setattr(sweeping, broken, stopped)
    with pytest.raises(SoftTimeLimitExceeded):
        sweeping.sweep(utc(at))


def test_the_task_that_is_stopped_stops(monkeypatch):
    def stopped(*_):
        raise SoftTimeLimitExceeded

    done = []
    monkeypatch.setattr(sweeping, "sweep", stopped)
    monkeypatch.setattr(Batch.objects, "bury", lambda: done.append("batches"))
    with pytest.raises(SoftTimeLimitExceeded):
        sweep()
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_sweep_do_not_wait_for_each_other_in_a_circle(alice, monkeypatch):
    case = running(alice, "icts_transaction_review")
    asked = make.consultation(case, by=alice, key="first", sent_at=timezone.now() - datetime.timedelta(days=60))
    real, settle, troubles = sweeping._tell, Consultation._wind, []

    def answer():
        try:
            Consultation.objects.get(pk=asked.pk).answer(by=alice, response="no_comment", answered_at=timezone.now())
        except Error as error:
            troubles.append(error)
        finally:
            connection.close()

    def settle_slowly(row, by):
        time.sleep(1.2)  # whoever answers holds the locks of the act, and comes to the clocks last
        settle(row, by)

    def tell(reading, clock):
        if thread.ident is None:
            thread.start()
            time.sleep(0.5)  # it has its first lock by then, or waits for it
        return real(reading, clock)

    thread = threading.Thread(target=answer)
    monkeypatch.setattr(Consultation, "_wind", settle_slowly)
    monkeypatch.setattr(sweeping, "_tell", tell)
    monkeypatch.setattr(sweeping.log, "exception", lambda *told: troubles.append(told))
    sweeping.sweep(timezone.now())
    thread.join()
    assert troubles == []


@pytest.mark.django_db(transaction=True)
def test_of_sweeps_at_once_one_tells(alice):
    case = running(alice)
    tasked(case, alice)
    moment = utc("2025-02-04T05:00")
    outcomes = expect.at_once([lambda: sweeping.look(case.pk, moment)] * 4)
    assert sorted(outcomes) == [0, 0, 0, 1]
    assert told(case) == [("terms", "clock.expire")]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_holds_is_passed_over_and_looked_at_the_next_time(alice):
    case = running(alice)
    tasked(case, alice)
    moment, held, over = utc("2025-02-04T05:00"), threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Case.objects.get(pk=case.pk).lock()
            held.set()
            over.wait(5)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    sweeping.sweep(moment)
    assert told(case) == []
    over.set()
    thread.join()
    sweeping.sweep(moment)
    assert told(case) == [("terms", "clock.expire")]
