"""A day that somebody wrote down is a day where they work."""

import datetime

import pytest

from riskreview.accounts.days import site_day


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("UTC", "2025-03-01T23:59:59+00:00", "2025-03-01"),
        ("Europe/Rome", "2025-03-01T22:59:59+00:00", "2025-03-01"),
        ("Europe/Rome", "2025-03-01T23:00:00+00:00", "2025-03-02"),
        ("Europe/Rome", "2025-07-01T22:00:00+00:00", "2025-07-02"),
        ("America/New_York", "2025-03-02T04:59:59+00:00", "2025-03-01"),
        ("America/New_York", "2025-03-02T05:00:00+00:00", "2025-03-02"),
    ],
)
def test_a_day_begins_at_midnight_of_the_site(settings, zone, at, day):
    settings.SITE_TIME_ZONE = zone
    assert site_day(datetime.datetime.fromisoformat(at)).isoformat() == day


def test_a_moment_without_a_zone_is_on_no_day():
    with pytest.raises(ValueError, match="no day"):
        site_day(datetime.datetime(2025, 3, 1))
