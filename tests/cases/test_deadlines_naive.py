"""The same dates worked out once more, day by day and without thinking, and compared over many random limits.

The second computation shares nothing with the first but the calendars and the facts passed in. Its words are those of
the rule: walk one day, ask whether it counts, push the end on by each day that does not.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from riskreview.cases.deadlines import Extension, Rule, Toll, due
from riskreview.lib.workdays import calendar

SEED = 20250303
RUNS = 1_200  # of each kind
DAY = timedelta(days=1)
ZONES = ["America/New_York", "Europe/Brussels", "Australia/Sydney", "Asia/Kolkata", "UTC", "America/Havana"]
CALENDARS = ["us-federal", "us-federal-dc", "uk", "au-federal", "it", "weekdays", "none"]


class Unknown(Exception):
    """The end lies beyond an open stop; `left` is what remains."""

    def __init__(self, left):
        super().__init__(left)
        self.left = left


def stopped(tolls, day):
    return any(each.first <= day <= (each.last or date.max) for each in tolls)


def ever_stopped(tolls, day):
    return any(each.last is None and each.first <= day for each in tolls)


def pushed(day, n, tolls):
    """`n` dates after a day, and one more for each date on the way that is stopped."""
    end = day + n * DAY
    walker = day
    while walker < end:
        walker += DAY
        if ever_stopped(tolls, walker):
            raise Unknown((end - walker).days + 1)
        if stopped(tolls, walker):
            end += DAY
    return end


def open_days(day, n, tolls, offices):
    """The n-th day after a day on which offices are open and nothing is stopped."""
    while n:
        day += DAY
        if ever_stopped(tolls, day):
            raise Unknown(n)
        if offices.is_business_day(day) and not stopped(tolls, day):
            n -= 1
    return day


def rolled(limit, day, tolls, offices):
    if limit.roll == "none":
        return day
    while True:
        if ever_stopped(tolls, day):
            raise Unknown(0)
        if offices.is_business_day(day) and not stopped(tolls, day):
            return day
        day += DAY


def first_day(limit, start, offices):
    if not isinstance(start, datetime):
        day, late = start, False
    else:
        wall = start.astimezone(limit.zone)
        day, late = wall.date(), limit.cutoff is not None and wall.time() > limit.cutoff
    if limit.cutoff is not None:
        if late and offices.is_business_day(day):
            day += DAY
        while not offices.is_business_day(day):
            day += DAY
    return day


def naive(limit, start, offices, tolls, extensions):
    """The last day. Raises `Unknown` behind an open stop."""
    day = first_day(limit, start, offices)
    if limit.unit == "month":
        end = pushed(day, (day + relativedelta(months=limit.n) - day).days, tolls)
    elif limit.unit == "bus_day":
        back = DAY if limit.count == "on" else timedelta(0)
        end = open_days(day - back, limit.n + (limit.count == "clear"), tolls, offices)
    else:
        back = DAY if limit.count == "on" else timedelta(0)
        end = pushed(day - back, limit.n + (limit.count == "clear"), tolls)
    stated = False
    for each in sorted(extensions, key=lambda extension: extension.decided_at):
        now = end if stated else rolled(limit, end, tolls, offices)
        if limit.basis == "law" and each.decided_at >= ends(limit, now):
            continue
        if each.until is None:
            end, stated = pushed(end, each.days, tolls), False
        elif each.until > now:
            end, stated = each.until, True
    return end if stated else rolled(limit, end, tolls, offices)


def known_or_left(*case):
    try:
        return naive(*case), 0
    except Unknown as unknown:
        return None, unknown.left


def ends(limit, day):
    """The first instant of the next local day, found by walking the clock."""
    moment = datetime.combine(day, time(12), tzinfo=UTC) - timedelta(hours=14)
    while moment.astimezone(limit.zone).date() <= day:
        moment += timedelta(minutes=15)
    return moment


def a_limit(dice):
    unit = dice.choice(["cal_day", "bus_day", "month"])
    kind = dice.choice(["within", "within", "within", "presumed_after", "not_before", "retain"])
    return Rule(
        n=dice.randint(1, {"cal_day": 200, "bus_day": 60, "month": 30}[unit]),
        unit=unit,
        kind=kind,
        count="after" if unit == "month" else dice.choice(["after", "after", "on", "clear"]),
        roll=dice.choice(["none", "next_business_day"]) if kind in ("within", "presumed_after") else "none",
        cutoff=dice.choice([None, None, time(17), time(12, 30)]),
        basis=dice.choice(["law", "self_set", "contract"]),
        toll=("strike", "flood"),
        zone=ZoneInfo(dice.choice(ZONES)),
    )


def a_start(dice):
    day = date(2018, 1, 1) + dice.randrange(365 * 12) * DAY
    if dice.random() < 0.3:
        return day
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=dice.randrange(24 * 60))


def a_stop(dice, day, *, is_open=False):
    first = day + dice.randrange(-20, 120) * DAY
    last = None if is_open else first + dice.choice([0, 0, 1, 4, 10, 45]) * DAY
    return Toll(first, last, dice.choice(["strike", "flood"]), "paper")


def an_extension(dice, day):
    at = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=dice.randrange(300 * 24 * 60))
    if dice.random() < 0.7:
        return Extension(decided_at=at, days=dice.choice([1, 2, 5, 15, 60]))
    return Extension(decided_at=at, until=day + dice.randrange(1, 400) * DAY)


def a_case(dice, *, stops, more, open_stop=False):
    limit, start = a_limit(dice), a_start(dice)
    day = start.date() if isinstance(start, datetime) else start
    tolls = [a_stop(dice, day) for _ in range(dice.randint(1, 3))] if stops else []
    tolls += [a_stop(dice, day, is_open=True)] if open_stop else []
    extensions = [an_extension(dice, day) for _ in range(dice.randint(1, 3))] if more else []
    closures = [day + dice.randrange(300) * DAY for _ in range(dice.randint(0, 5))]
    return limit, start, calendar(dice.choice(CALENDARS), closures), tolls, extensions


@pytest.mark.parametrize(
    ("stops", "more"),
    [
        pytest.param(False, False, id="counted alone"),
        pytest.param(True, False, id="with stops"),
        pytest.param(False, True, id="with extensions"),
        pytest.param(True, True, id="with both"),
    ],
)
def test_both_computations_give_the_same_dates(stops, more):
    dice, seen = random.Random(f"{SEED}{stops}{more}"), Counter()
    for _ in range(RUNS):
        case = a_case(dice, stops=stops, more=more)
        found, limit = due(*case), case[0]
        assert found.on == naive(*case), case
        assert found.before == ends(limit, found.on), case
        seen[limit.unit, limit.count, found.on != found.unrolled] += 1
    # Every unit with every way of counting, rolled and not; business days roll only after an extension.
    assert len(seen) == (3 * 2 + 3 * 2 + 2 if more else 3 * 2 + 3 + 2)


def test_both_computations_leave_the_same_time_behind_an_open_stop():
    dice, known = random.Random(SEED), Counter()
    for _ in range(RUNS):
        case = a_case(dice, stops=True, more=False, open_stop=True)
        found = due(*case)
        assert (found.on, found.left) == known_or_left(*case), case
        known[found.on is not None] += 1
    assert min(known.values()) > RUNS // 10


def hours_by_the_minute(limit, start, tolls):
    """Walk minute by minute; those on stopped local dates do not count."""
    left, moment = limit.n * 60, start.astimezone(UTC)
    while left:
        if not stopped(tolls, moment.astimezone(limit.zone).date()):
            left -= 1
        moment += timedelta(minutes=1)
    return moment


def test_both_computations_give_the_same_hours():
    dice = random.Random(SEED)
    for _ in range(150):
        zone = ZoneInfo(dice.choice(ZONES))
        limit = Rule(n=dice.choice([1, 6, 24, 72, 100]), unit="hour", toll=("strike", "flood"), zone=zone)
        # Around the days on which clocks change somewhere.
        day = dice.choice([date(2025, 3, 8), date(2025, 3, 29), date(2025, 4, 5), date(2025, 10, 4), date(2025, 11, 1)])
        start = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=dice.randrange(72 * 60))
        tolls = [a_stop(dice, day - 40 * DAY) for _ in range(2)]
        tolls += [Toll(day + DAY, day + dice.choice([1, 2, 3]) * DAY, "strike")] if dice.random() < 0.7 else []
        assert due(limit, start, calendar("none"), tolls).before == hours_by_the_minute(limit, start, tolls)
