"""An address for a calendar program: offered once, its own key, shut at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from riskreview.accounts.models import CalendarFeed
from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect, make

pytestmark = pytest.mark.django_db


def test_its_secret_opens_it_and_is_kept_nowhere(alice):
    feed = CalendarFeed.objects.offer(by=alice)
    assert CalendarFeed.objects.holding(feed.secret) == feed
    assert feed.secret not in str(CalendarFeed.objects.values().get(pk=feed.pk))
    assert CalendarFeed.objects.get(pk=feed.pk).secret == ""


def test_who_may_not_read_is_offered_none(erin):
    with expect.refusal(NotAllowed):
        CalendarFeed.objects.offer(by=erin)


def test_a_team_one_is_not_in_keeps_its_dates(alice, bob, carol):
    team = make.team(by=carol, members=[bob])
    with expect.refusal(NotNow, match="not in this team"):
        CalendarFeed.objects.offer(by=alice, team=team)
    assert CalendarFeed.objects.offer(by=bob, team=team).team == team


def test_only_its_owner_revokes_it(alice, carol):
    feed = CalendarFeed.objects.offer(by=alice)
    with expect.refusal(NotAllowed, feed):
        feed.revoke(by=carol, now=timezone.now())
    with expect.one_entry("calendarfeed.revoke", by=alice, about=feed):
        feed.revoke(by=alice, now=timezone.now())
    assert CalendarFeed.objects.holding(feed.secret) is None
