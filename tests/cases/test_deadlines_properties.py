"""What is true of every limit, whatever its rule, its start and what happened to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from riskreview.cases.deadlines import (
    Extension,
    Rule,
    State,
    Toll,
    Warn,
    due,
    left,
    local_day,
    next_moment,
    occurrence,
    open_occurrence,
    state,
    warnings,
)
from riskreview.lib.workdays import calendar

DAY = timedelta(days=1)
REASON = "strike"
ZONES = [
    *("America/New_York", "Europe/Rome", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana"),
    *("America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Pacific/Chatham", "UTC"),
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2016, 1, 1), date(2032, 12, 31))
instants = st.datetimes(datetime(2016, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
offices = st.builds(
    calendar,
    st.sampled_from(["us-federal", "us-federal-dc", "uk", "it", "weekdays", "none"]),
    st.lists(days, max_size=4),
)
stops = st.builds(lambda first, n: Toll(first, first + n * DAY, REASON), days, st.integers(0, 60))


def always(*strategies):
    """`given`, however slow the machine is today: holidays of a year are worked out when they are first asked for."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


@st.composite
def limits(draw, units=("cal_day", "bus_day", "month")):
    unit = draw(st.sampled_from(units))
    return Rule(
        n=draw(st.integers(1, 24 if unit == "month" else 120)),
        unit=unit,
        count="after" if unit in ("month", "hour") else draw(st.sampled_from(["after", "on", "clear"])),
        roll="none" if unit == "hour" else draw(st.sampled_from(["none", "next_business_day"])),
        cutoff=None if unit == "hour" else draw(st.sampled_from([None, time(17)])),
        basis=draw(st.sampled_from(["law", "self_set"])),
        toll=(REASON,),
        warn=(Warn(5, "bus_day"), Warn(1, "cal_day")),
        zone=draw(zones),
    )


@st.composite
def near(draw, starts=days | instants):
    """A start with stops and extensions that have something to do with it."""
    start = draw(starts)
    day = start.date() if isinstance(start, datetime) else start
    tolls = draw(st.lists(st.builds(lambda at, n: Toll(day + at * DAY, day + (at + n) * DAY, REASON),
                                    st.integers(-10, 90), st.integers(0, 40)), max_size=3))  # fmt: skip
    return start, tolls, draw(st.lists(extensions(day), max_size=3))


@st.composite
def extensions(draw, day):
    at = datetime.combine(day, time(), tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 24 * 200)))
    given_days = draw(st.integers(0, 60))
    until = None if given_days else day + draw(st.integers(0, 300)) * DAY
    return Extension(decided_at=at, days=given_days, until=until)


@always(limits(), near(), offices, st.data())
def test_an_extension_never_shortens(limit, run, closed, data):
    start, tolls, given_before = run
    day = local_day(start, UTC)
    more = data.draw(extensions(day))
    last = max([each.decided_at for each in given_before], default=more.decided_at)
    more = replace(more, decided_at=max(more.decided_at, last))
    assert due(limit, start, closed, tolls, [*given_before, more]).before >= (
        due(limit, start, closed, tolls, given_before).before
    )


@always(limits(units=["cal_day"]), days, offices, stops)
def test_a_stop_moves_an_unrolled_date_by_the_countable_days_it_covers(limit, start, closed, stop):
    limit = replace(limit, cutoff=None)
    plain, stopped = due(limit, start, closed), due(limit, start, closed, [stop])
    first = start if limit.count == "on" else start + DAY
    covered = [first + n * DAY for n in range((stopped.unrolled - first).days + 1) if stop.covers(first + n * DAY)]
    assert stopped.unrolled - plain.unrolled == len(covered) * DAY


@always(limits(units=["bus_day"]), days, offices, stops)
def test_a_stop_moves_business_days_by_the_business_days_it_covers(limit, start, closed, stop):
    limit = replace(limit, cutoff=None)
    plain, stopped = due(limit, start, closed).unrolled, due(limit, start, closed, [stop]).unrolled
    first = start if limit.count == "on" else start + DAY
    covered = sum(
        stop.covers(first + n * DAY) and closed.is_business_day(first + n * DAY)
        for n in range((stopped - first).days + 1)
    )
    assert closed.business_days_between(plain + DAY, stopped) == covered


@always(limits(), near(), offices)
def test_stops_that_overlap_count_once(limit, run, closed):
    start, tolls, more = run
    doubled = [*tolls, *(Toll(each.first, each.last, REASON, "again") for each in tolls)]
    single = {each.first + n * DAY for each in tolls for n in range((each.last - each.first).days + 1)}
    by_day = [Toll(day, day, REASON) for day in single]
    expected = due(limit, start, closed, tolls, more).before
    assert due(limit, start, closed, doubled, more).before == expected
    assert due(limit, start, closed, by_day, more).before == expected


@always(limits(), near(), offices)
def test_the_order_in_which_facts_are_passed_does_not_matter(limit, run, closed):
    start, tolls, more = run
    assume(len({each.decided_at for each in more}) == len(more))
    expected = due(limit, start, closed, tolls, more).before
    assert due(limit, start, closed, tolls[::-1], more[::-1]).before == expected


@always(limits(), near(), offices, st.integers(1, 40))
def test_more_time_is_never_an_earlier_date(limit, run, closed, more):
    start, tolls, _ = run
    longer = replace(limit, n=limit.n + more)
    assert due(longer, start, closed, tolls).before >= due(limit, start, closed, tolls).before


@always(limits(), near(), offices, st.integers(1, 40))
def test_a_later_start_is_never_an_earlier_date(limit, run, closed, later):
    start, tolls, _ = run
    # The dates tolled after the earlier start count on from the clamp of a shorter month, see test_deadlines.py.
    tolls = [] if limit.unit == "month" else tolls
    assert due(limit, start + later * DAY, closed, tolls).on >= due(limit, start, closed, tolls).on


@always(limits(), near(), offices, stops)
def test_another_stop_is_never_an_earlier_date(limit, run, closed, stop):
    start, tolls, _ = run
    assert due(limit, start, closed, [*tolls, stop]).before >= due(limit, start, closed, tolls).before


@always(limits(), near(), offices, days)
def test_another_closure_is_never_an_earlier_date(limit, run, closed, day):
    start, tolls, _ = run
    closed_more = calendar(closed.name, closed.closures | {day})
    assert due(limit, start, closed_more, tolls).before >= due(limit, start, closed, tolls).before


@always(limits(), near(), offices)
def test_a_roll_is_never_earlier_and_ends_on_a_day_offices_are_open(limit, run, closed):
    start, tolls, _ = run
    rolled = due(replace(limit, roll="next_business_day"), start, closed, tolls)
    plain = due(replace(limit, roll="none"), start, closed, tolls)
    assert rolled.on >= plain.on == rolled.unrolled
    assert closed.is_business_day(rolled.on)
    assert not any(each.covers(rolled.on) for each in tolls)
    between = [plain.on + n * DAY for n in range((rolled.on - plain.on).days)]
    assert not any(closed.is_business_day(day) and not any(t.covers(day) for t in tolls) for day in between)


@always(limits(), near(), offices)
def test_the_end_is_the_local_midnight_after_the_day(limit, run, closed):
    found = due(limit, run[0], closed, run[1], run[2])
    second = timedelta(seconds=1)
    assert (found.before - second).astimezone(limit.zone).date() == found.on
    assert found.before.astimezone(limit.zone).date() == found.on + DAY
    assert (found.opens - second).astimezone(limit.zone).date() == found.on - DAY
    assert found.opens.astimezone(limit.zone).date() == found.on
    assert found.before.tzinfo is UTC


@always(limits(), near(), offices)
def test_a_counted_date_counts(limit, run, closed):
    start, tolls, _ = run
    found = due(limit, start, closed, tolls)
    assert not any(each.covers(found.unrolled) for each in tolls)
    if limit.unit == "bus_day":
        assert closed.is_business_day(found.unrolled)


@always(limits(units=["hour"]), near(starts=instants), offices)
def test_hours_run_by_the_clock_outside_stops(limit, run, closed):
    start, tolls, _ = run
    end = due(limit, start, closed, tolls).before
    covered = {each.first + n * DAY for each in tolls for n in range((each.last - each.first).days + 1)}
    without = due(limit, start, closed).before
    assert without - start == timedelta(hours=limit.n)
    assert end >= without
    on_the_way = {local_day(start + n * DAY / 4, limit.zone) for n in range(4 * ((end - start).days + 1))}
    assert (end == without) or (covered & on_the_way)


@always(limits(), near(), offices, instants)
def test_an_open_stop_never_lets_a_date_be_known_too_early(limit, run, closed, at):
    start, tolls, _ = run
    stop = Toll(at.date(), None, REASON)
    closed_one = Toll(at.date(), at.date() + 30 * DAY, REASON)
    paused = due(limit, start, closed, [*tolls, stop])
    if paused.on is not None:
        assert paused.on == due(limit, start, closed, [*tolls, closed_one]).on < stop.first
    else:
        assert due(limit, start, closed, [*tolls, closed_one]).on >= closed_one.last + DAY


@always(limits(), near(), offices, st.lists(instants, min_size=2, max_size=4))
def test_every_warning_is_told_once_however_often_somebody_looks(limit, run, closed, looks):
    found = due(limit, run[0], closed, run[1])
    looks = sorted(looks)
    parts = [each for since, until in pairwise(looks)
             for each in warnings(limit, found, closed, since, until)]  # fmt: skip
    assert parts == list(warnings(limit, found, closed, looks[0], looks[-1]))


@always(limits(), near(), offices, instants)
def test_nothing_changes_between_two_moments_but_a_stop(limit, run, closed, now):
    found = due(limit, run[0], closed)
    following = next_moment(limit, found, closed, now)
    before = (following or now + 400 * DAY) - timedelta(seconds=1)
    on_last_day = state(limit, found, now, closed), state(limit, found, max(now, before), closed)
    assert on_last_day[0] == on_last_day[1]


@always(limits(), near(), offices, instants)
def test_time_left_never_grows(limit, run, closed, now):
    found = due(limit, run[0], closed, run[1])
    assert left(limit, found, closed, now) >= left(limit, found, closed, now + DAY) >= 0


@always(limits(), near(), offices, instants)
def test_overdue_begins_where_the_limit_ends(limit, run, closed, now):
    found = due(limit, run[0], closed, run[1], run[2])
    assert (state(limit, found, now, closed) == State.OVERDUE) == (now >= found.before)


@always(limits(units=["month", "cal_day"]), days, offices, st.integers(0, 4), st.integers(0, 600))
def test_of_a_fixed_series_one_is_open_and_all_before_it_have_passed(limit, start, closed, settled, later):
    series = replace(limit, kind="recurring", anchor="fixed")
    now = datetime.combine(start, time(12), tzinfo=UTC) + later * DAY
    missed, current = open_occurrence(series, start, closed, now, settled=settled)
    assert all(each.before <= now for each in missed)
    assert current.before > now
    assert [*missed, current][0] == occurrence(series, start, settled + 1, closed)
    assert current == occurrence(series, start, settled + len(missed) + 1, closed)
