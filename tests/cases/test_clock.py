"""What people may do about a limit: stop it, let it run again, give it more time, do without it."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Case, Clock, Milestone
from riskreview.cases.models.procedure import Seat
from riskreview.cases.winding import wind
from riskreview.lib.text import without_bidi
from tests import expect, make

from .running import clocks, day, running, tasked, utc

pytestmark = pytest.mark.django_db
LAPSE = "lapse_in_appropriations"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def case(alice):
    case = running(alice)
    tasked(case, alice)
    return case


@pytest.fixture
def served(alice):
    case = running(alice, "icts_transaction_review")
    told = {"case": case, "key": "served", "party": case.vendors.get(), "document": make.document()}
    Milestone.objects.record(by=alice, stated_on=day("2025-03-03"), **told)
    return case


@pytest.fixture
def final(served):
    return clocks(served)["final_180"]


def signed(at="2025-08-28T15:00", **words):
    return {"form": "written_determination", "document": make.document(), "decided_at": utc(at)} | words


def test_a_second_winding_changes_nothing(case, django_assert_max_num_queries):
    now = timezone.now()
    case = Case.objects.get(pk=case.pk)
    with django_assert_max_num_queries(14):
        assert wind(case, now) == 0
    Clock.objects.filter(key="terms").update(due_on=None)
    assert wind(case, now) == 1
    assert str(clocks(case)["terms"].due_on) == "2025-02-03"


def test_more_clocks_take_no_more_queries(served, alice, django_assert_num_queries):
    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as found:
            wind(Case.objects.get(pk=served.pk), timezone.now())
        return len(found)

    before = queries()
    other = make.vendor("High-Flyer", by=alice)
    served.vendors.add(other)
    told = {"case": served, "key": "served", "party": other, "document": make.document()}
    Milestone.objects.record(by=alice, stated_on=day("2025-03-10"), **told)
    assert queries() == before


def test_an_extension_signed_in_time_moves_the_date(final, carol):
    with expect.one_entry("clock.extend", by=carol, about=final):
        final.extend(by=carol, days=60, **signed())
    assert (str(final.due_on), final.next_moment.year) == ("2025-10-29", 2025)
    assert any("An extension of 60 calendar days" in part for part in final.parts)


def test_one_signed_later_does_not_revive_a_limit_of_the_law(final, carol):
    with expect.refusal(NotNow, final, match="ran out at 04:00 UTC on 31 August 2025"):
        final.extend(by=carol, days=60, **signed("2025-09-03T15:00"))


def test_a_date_in_the_determination_stands(final, carol):
    final.extend(by=carol, until=day("2025-11-14"), **signed())
    assert str(final.due_on) == "2025-11-14"


BAD = {
    "days and a date": ({"days": 5, "until": day("2025-12-01")}, "either days or a date"),
    "neither": ({}, "either days or a date"),
    "another form": ({"days": 5, "form": "written_notice"}, "attach it"),
    "a shorter limit": ({"until": day("2025-08-01")}, "never shortens"),
    "a signature to come": ({"days": 5, "decided_at": utc("2999-01-01T00:00")}, "still to come"),
}


@pytest.mark.parametrize(("told", "words"), BAD.values(), ids=BAD)
def test_an_extension_is_refused_in_words(final, carol, told, words):
    with expect.refusal(NotNow, final, match=words):
        final.extend(by=carol, **(signed() | told))


def test_who_sits_where_the_rule_says_extends_it_and_then_no_lead(served, final, alice, bob, carol):
    with expect.refusal(NotAllowed, final):
        final.extend(by=bob, days=60, **signed())
    Seat.objects.create(case=served, role="deciding_official", user=bob, seated_by=alice)
    with expect.refusal(NotAllowed, final):
        final.extend(by=carol, days=60, **signed())
    final.extend(by=bob, days=60, **signed())
    assert str(final.due_on) == "2025-10-29"


def test_a_limit_that_knows_no_extension_has_none(case, carol):
    with expect.refusal(NotNow, match="cannot be extended"):
        clocks(case)["terms"].extend(by=carol, days=5, **signed())


def test_a_stop_needs_a_reason_that_the_rule_knows(final, alice):
    with expect.refusal(NotNow, final, match="does not stop this limit"):
        final.toll(by=alice, first=day("2025-10-01"), reason=LAPSE, document=make.document())


def test_a_hold_stops_what_we_set_ourselves_and_nothing_else(case, served, alice):
    today = timezone.now().date()
    case.hold(by=alice, reason="Waiting for the agencies.")
    served.hold(by=alice, reason="Waiting for counsel.")
    assert clocks(served)["final_180"].due_on is not None
    terms = clocks(case)["terms"]
    toll = terms.tolls.get()
    assert (toll.reason, toll.note, toll.last) == ("on_hold", "Waiting for the agencies.", None)
    assert abs(toll.first - today) <= DAY
    assert Entry.objects.about(terms).get().verb == "clock.toll"


def test_after_a_hold_the_dates_are_later_by_the_days_it_took(alice):
    case = running(alice)
    today = timezone.now().date()
    tasked(case, alice, str(today - 3 * DAY))
    before = clocks(case)["decision"].due_on
    decision = clocks(case)["decision"]
    decision.toll(by=alice, first=today - 2 * DAY, reason="on_hold")
    assert (decision.due_on, decision.next_moment) == (None, None)
    with expect.refusal(NotNow, decision, match="already"):
        decision.toll(by=alice, first=today, reason="on_hold")
    decision.end_toll(by=alice, reason="on_hold", last=today - DAY)
    assert 2 * DAY <= decision.due_on - before <= 6 * DAY


def test_a_stop_ends_once_and_not_before_it_began(case, alice):
    terms = clocks(case)["terms"]
    with expect.refusal(NotNow, terms, match="does not stand still"):
        terms.end_toll(by=alice, reason="on_hold", last=day("2025-02-01"))
    terms.toll(by=alice, first=day("2025-01-30"), reason="on_hold")
    with expect.refusal(NotNow, terms, match="or a later one"):
        terms.end_toll(by=alice, reason="on_hold", last=day("2025-01-29"))
    with expect.refusal(NotNow, terms, match="first day or later"):
        terms.toll(by=alice, first=day("2025-03-02"), last=day("2025-03-01"), reason="on_hold")


def test_a_limit_that_we_set_ourselves_is_waived_with_a_reason(case, alice):
    terms = clocks(case)["terms"]
    with expect.refusal(NotNow, terms, match="why the limit is waived"):
        terms.waive(by=alice, reason=" ")
    with expect.one_entry("clock.waive", by=alice, about=terms):
        terms.waive(by=alice, reason="The deputies wrote them themselves.")
    assert (terms.settled, terms.next_moment) == ("WAIVED", None)
    case.refresh_from_db()
    assert case.binding_at == utc("2025-02-08T05:00")  # the evidence binds now
    with expect.refusal(NotNow, terms, match="settled already"):
        terms.waive(by=alice, reason="Again.")
    with expect.refusal(NotNow, terms, match="over"):
        terms.toll(by=alice, first=day("2025-03-02"), reason="on_hold")


def test_a_limit_of_the_law_is_not_waived(final, alice):
    with expect.refusal(NotNow, final, match="set ourselves"):
        final.waive(by=alice, reason="We would like to.")


def test_others_leave_it_alone(case, mallory, outsiders):
    terms = clocks(case)["terms"]
    for person in (mallory, *outsiders):
        with expect.refusal(NotAllowed, terms):
            terms.waive(by=person, reason="Because.")


def test_the_words_of_a_date_hold_no_marks_of_direction(case):
    assert all(without_bidi(part) == part for clock in clocks(case).values() for part in clock.parts)


def test_the_approval_keeps_a_limit_and_starts_another_and_reopening_takes_both_back(alice, bob, carol):
    case = make.decided_by_playbook(by=alice, approver=bob)
    assert clocks(case)["look_again"].due_on is not None
    Milestone.objects.record(by=alice, case=case, key="asked", stated_on=timezone.now().date() - 3 * DAY)
    assert clocks(case)["decision"].satisfied_at == case.decision.approved_at
    case.reopen(by=carol, reason="There is news.")
    assert clocks(case)["look_again"].due_on is None
    assert clocks(case)["decision"].satisfied_at is None


def test_a_limit_that_the_new_playbook_does_not_know_is_refused_in_words(case):
    with pytest.raises(NotNow, match="no such limit"):
        _ = Clock(case=case, key="of_an_earlier_playbook").rule
