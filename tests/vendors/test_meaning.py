"""On which days a name means something else: every boundary, and no day besides."""

import datetime

import pytest

from riskreview.vendors.meaning import Terms, turning_days

TODAY = datetime.date(2025, 1, 29)
LATER, LAST, BEFORE = (TODAY + datetime.timedelta(days=days) for days in (3, 9, -3))


def terms(vendor=1, *, strength="STRONG", prior=0, extract=True, since=None, until=None):
    return Terms(vendor, None, strength, prior, extract, since, until)


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        (None, terms(), [TODAY]),
        (None, terms(extract=False), []),
        (None, terms(since=LATER), [LATER]),
        (None, terms(since=LATER, until=LAST), [LATER, LAST]),
        (None, terms(since=BEFORE, until=LAST), [TODAY, LAST]),
        (None, terms(until=BEFORE), []),
        (terms(), terms(), []),
        (terms(), terms(until=TODAY), [TODAY]),
        (terms(), terms(until=LATER), [LATER]),
        (terms(), terms(strength="WEAK"), [TODAY]),
        (terms(), terms(prior=100), [TODAY]),
        (terms(), terms(extract=False), [TODAY]),
        (terms(), terms(vendor=2), [TODAY]),
        (terms(until=LATER), terms(), []),
        (terms(until=BEFORE), terms(), [TODAY]),
        (terms(extract=False), terms(vendor=2, extract=False), []),
    ],
)
def test_a_name_is_looked_for_on_the_days_its_meaning_turns(before, after, days):
    assert turning_days(before, after, TODAY) == days


def test_a_name_means_its_vendor_from_its_first_day_to_the_day_before_its_end():
    name = terms(since=TODAY, until=LATER)
    days = [BEFORE, TODAY, LATER - datetime.timedelta(days=1), LATER]
    assert [name.on(day) is not None for day in days] == [False, True, True, False]
