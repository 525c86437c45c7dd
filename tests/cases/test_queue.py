"""The queue: who sees which cases, in which order."""

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Priority
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_only_people_who_read_see_cases(alice, bob, carol, dave, erin):
    case = make.case(by=alice)
    for person in (alice, bob, carol, dave):
        assert list(Case.objects.visible_to(person)) == [case]
    assert list(Case.objects.visible_to(erin)) == []


def test_the_most_urgent_comes_first(alice):
    soon, later = NOW + datetime.timedelta(hours=1), NOW + datetime.timedelta(days=1)
    never = make.case(by=alice, priority=Priority.URGENT)
    last = make.case(by=alice, due_at=later, priority=Priority.LOW)
    second = make.case(by=alice, due_at=later, priority=Priority.HIGH)
    first = make.case(by=alice, due_at=soon, priority=Priority.LOW)
    assert list(Case.objects.all().most_urgent_first()) == [first, second, last, never]


def test_unfinished_and_watched_cases(alice, bob):
    open_case = make.case(by=alice)
    decided = make.case(by=alice, status=Status.DECIDED, approver=bob)
    make.case(by=alice, status=Status.WITHDRAWN)
    assert list(Case.objects.all().unfinished()) == [open_case]
    assert set(Case.objects.all().watching()) == {open_case, decided}


def test_due_within_some_days_counts_overdue_ones(alice):
    overdue = make.case(by=alice, due_at=NOW - datetime.timedelta(days=1))
    make.case(by=alice, due_at=NOW + datetime.timedelta(days=4))
    make.case(by=alice)
    assert list(Case.objects.all().due_within(days=3, now=NOW)) == [overdue]


def test_the_last_change_is_the_newest_entry(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    newest = case.entry_seq
    changed = Case.objects.all().with_last_change().get()
    assert changed.changed_at == Entry.objects.about(case).get(seq=newest).recorded_at


def test_mine_are_those_i_work_on(alice, carol):
    mine = make.case(by=alice, status=Status.IN_REVIEW)
    make.case(by=carol, status=Status.IN_REVIEW)
    assert list(Case.objects.all().assigned_to(alice)) == [mine]
