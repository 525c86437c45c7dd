"""The dates that concern a person or a team, for a calendar."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from riskreview.cases import agenda
from riskreview.cases.models import Task
from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


def test_dates_to_come_go_before_those_that_passed_and_the_nearest_first(case, alice, monkeypatch):
    monkeypatch.setattr(agenda, "MOST", 3)
    now = timezone.now()
    for days in (-5, -2, -1, 1, 9):
        Task.objects.add(by=alice, case=case, title="Ask.", owner=alice, due_on=now.date() + days * DAY)
    case.reschedule(by=alice, due_at=now - DAY, priority=case.priority, reason="Late.")
    kept = [each.on for each in agenda.of(alice, None, now)]
    assert [now.date() + days * DAY for days in (1, 9)] == kept[1:]
    assert kept[0] in (now - DAY, now.date() - DAY)


def test_who_left_a_team_sees_its_dates_no_more(case, alice, bob, carol):
    team = make.team(by=carol, members=[alice])
    case.file(by=alice, team=team)
    Task.objects.add(by=alice, case=case, title="Ask.", due_on=timezone.now().date())
    assert len(agenda.of(alice, team, timezone.now())) == 1
    team.staff(by=carol, members=[bob])
    assert agenda.of(alice, team, timezone.now()) == []
