"""Where a limit stands at a moment, what is left, and when people are told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from riskreview.cases.deadlines import State, Toll, Warn, due, left, next_moment, state, warnings
from tests.cases.limits import EASTERN, FEDERAL, LAPSE, ROLL, SHUTDOWN, TOLLED, day, eastern, rule

# Where a limit stands.

DRAFT = rule(20, warn=(Warn(5, "bus_day"), Warn(1, "bus_day")), on_expiry="escalate:case_officer", **ROLL)
DRAFTED = due(DRAFT, day("2025-01-28"), FEDERAL)  # Tuesday 18 February; the 17th is a holiday


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("2025-01-28T09:00", State.ON_TRACK),
        ("2025-02-09T23:59", State.ON_TRACK),
        ("2025-02-10T00:00", State.DUE_SOON),  # the fifth business day before
        ("2025-02-18T23:59", State.DUE_SOON),
        ("2025-02-19T00:00", State.OVERDUE),
    ],
)
def test_a_running_limit_stands_where_the_time_is(now, standing):
    assert state(DRAFT, DRAFTED, eastern(now), FEDERAL) == standing


@pytest.mark.parametrize(
    ("satisfied", "standing"),
    [
        ("2025-02-10T09:00", State.SATISFIED_EARLY),
        ("2025-02-18T23:59:59", State.SATISFIED_EARLY),
        ("2025-02-19T00:00:00", State.SATISFIED_LATE),
    ],
)
def test_what_was_done_came_in_time_or_not(satisfied, standing):
    now = eastern("2025-03-01T00:00")
    assert state(DRAFT, DRAFTED, now, FEDERAL, satisfied_at=eastern(satisfied)) == standing


def test_what_is_done_later_is_not_done_yet():
    satisfied = eastern("2025-02-18T12:00")
    assert state(DRAFT, DRAFTED, eastern("2025-02-01T00:00"), FEDERAL, satisfied_at=satisfied) == State.ON_TRACK


def test_what_has_not_started_has_not_started():
    assert state(DRAFT, None, eastern("2025-02-01T00:00"), FEDERAL) == State.NOT_STARTED


@pytest.mark.parametrize("settled", [State.VOID, State.WAIVED, State.PRESUMED, State.MISSED])
def test_what_was_settled_stays_so_whatever_comes_later(settled):
    late = eastern("2025-03-01T00:00")
    assert state(DRAFT, DRAFTED, late, FEDERAL, settled=settled, satisfied_at=late) == settled
    assert state(DRAFT, None, late, FEDERAL, settled=settled) == settled


def test_a_late_answer_to_a_lapsed_request_is_late():
    reply = rule(5, on_expiry="lapse")
    found, now = due(reply, day("2025-03-03"), FEDERAL), eastern("2025-03-20T00:00")
    assert state(reply, found, now, FEDERAL) == State.LAPSED
    assert state(reply, found, now, FEDERAL, settled=State.LAPSED) == State.LAPSED
    at = eastern("2025-03-15T00:00")
    assert state(reply, found, now, FEDERAL, settled=State.LAPSED, satisfied_at=at) == State.SATISFIED_LATE


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ({"on_expiry": "flag"}, State.OVERDUE),
        ({"on_expiry": "escalate:analyst"}, State.OVERDUE),
        ({"on_expiry": "lapse"}, State.LAPSED),
        ({"kind": "presumed_after", "on_expiry": "offer_presumption"}, State.LAPSED),
        ({"kind": "presumed_after", "on_expiry": "presume"}, State.LAPSED),
        ({"kind": "not_before"}, State.LAPSED),
        ({"kind": "retain"}, State.LAPSED),
    ],
)
def test_what_runs_out_with_nothing_done_is_what_its_rule_says(words, standing):
    limit = rule(5, **words)
    assert state(limit, due(limit, day("2025-03-03"), FEDERAL), eastern("2025-03-09T00:00"), FEDERAL) == standing


def test_what_waits_is_never_soon_and_ends_on_its_day():
    notice = rule(5, kind="not_before")
    found = due(notice, day("2025-03-03"), FEDERAL)
    assert state(notice, found, eastern("2025-03-07T23:59"), FEDERAL) == State.ON_TRACK
    assert state(notice, found, eastern("2025-03-08T00:00"), FEDERAL) == State.LAPSED


@pytest.mark.parametrize(
    ("at", "standing"),
    [("2025-03-07T23:59", State.SATISFIED_LATE), ("2025-03-08T00:00", State.SATISFIED_EARLY)],
)
def test_an_act_before_it_was_permitted_is_the_one_out_of_time(at, standing):
    notice = rule(5, kind="not_before")
    found = due(notice, day("2025-03-03"), FEDERAL)
    assert state(notice, found, eastern("2025-04-01T00:00"), FEDERAL, satisfied_at=eastern(at)) == standing


def test_a_limit_is_paused_also_in_a_stop_whose_end_is_known():
    limit = rule(45, **ROLL, **TOLLED)
    found = due(limit, day("2025-09-16"), FEDERAL, [SHUTDOWN])
    assert state(limit, found, eastern("2025-09-30T23:59"), FEDERAL) == State.ON_TRACK
    assert state(limit, found, eastern("2025-10-01T00:00"), FEDERAL) == State.PAUSED
    assert left(limit, found, FEDERAL, eastern("2025-10-20T09:00")) == 31
    assert state(limit, found, eastern("2025-11-13T00:00"), FEDERAL) == State.ON_TRACK


def test_what_is_done_during_an_open_stop_is_in_time():
    limit = rule(45, **TOLLED)
    found = due(limit, day("2025-09-16"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    at = eastern("2026-01-20T09:00")
    assert state(limit, found, at, FEDERAL, satisfied_at=at) == State.SATISFIED_EARLY


@pytest.mark.parametrize(
    ("now", "standing"), [("2025-03-07T23:59", State.ON_TRACK), ("2025-03-08T00:00", State.DUE_SOON)]
)
def test_without_a_warning_a_limit_is_soon_on_its_last_day(now, standing):
    assert state(rule(5), due(rule(5), day("2025-03-03"), FEDERAL), eastern(now), FEDERAL) == standing


def test_without_a_warning_hours_are_soon_from_the_morning_of_their_last_day():
    limit = rule(24, "hour")
    found = due(limit, eastern("2025-03-03T18:00"), FEDERAL)
    assert state(limit, found, eastern("2025-03-03T23:59"), FEDERAL) == State.ON_TRACK
    assert state(limit, found, eastern("2025-03-04T00:00"), FEDERAL) == State.DUE_SOON
    assert state(limit, found, eastern("2025-03-04T18:00"), FEDERAL) == State.OVERDUE


@pytest.mark.parametrize(
    ("limit", "now", "days"),
    [
        (rule(30), "2025-03-03T09:00", 30),
        (rule(30), "2025-04-02T09:00", 0),
        (rule(30), "2025-05-02T09:00", 0),
        (rule(10, "bus_day"), "2025-03-03T09:00", 10),
        (rule(10, "bus_day"), "2025-03-07T09:00", 6),
        (rule(10, "bus_day"), "2025-03-08T09:00", 6),
        (rule(1, "month"), "2025-03-03T09:00", 31),
    ],
)
def test_what_is_left_is_counted_as_the_rule_counts(limit, now, days):
    assert left(limit, due(limit, day("2025-03-03"), FEDERAL), FEDERAL, eastern(now)) == days


def test_hours_left_are_those_begun():
    limit = rule(24, "hour")
    found = due(limit, eastern("2025-03-03T18:00"), FEDERAL)
    assert [
        left(limit, found, FEDERAL, eastern(f"2025-03-04T{at}")) for at in ("16:59", "17:00", "17:01", "19:00")
    ] == [
        2,
        1,
        1,
        0,
    ]


def test_hours_left_do_not_count_a_stop_on_the_way():
    limit = rule(24, "hour", **TOLLED)
    stop = Toll(day("2025-03-04"), day("2025-03-05"), LAPSE)
    found = due(limit, eastern("2025-03-03T18:00"), FEDERAL, [stop])
    assert left(limit, found, FEDERAL, eastern("2025-03-03T20:00")) == 22
    assert left(limit, found, FEDERAL, eastern("2025-03-04T20:00")) == 18
    assert left(limit, found, FEDERAL, eastern("2025-03-06T10:00")) == 8


def test_hours_left_count_stops_that_overlap_once():
    limit = rule(100, "hour", **TOLLED)
    stops = [
        Toll(day("2025-03-04"), day("2025-03-06"), LAPSE),
        Toll(day("2025-03-05"), day("2025-03-05"), LAPSE),
        Toll(day("2025-03-06"), day("2025-03-07"), LAPSE),
    ]
    found = due(limit, eastern("2025-03-03T18:00"), FEDERAL, stops)
    assert found.before == eastern("2025-03-11T23:00")  # 6 hours, four days of standing still, 94 more; clocks forward
    assert left(limit, found, FEDERAL, eastern("2025-03-03T18:00")) == 100
    assert left(limit, found, FEDERAL, eastern("2025-03-05T12:00")) == 94


# Warnings.

LONG = rule(180, warn=(Warn(30, "cal_day"), Warn(10, "bus_day"), Warn(5, "bus_day"), Warn(1, "bus_day")), basis="law")


def told(limit, found, since, until):
    return [
        (str(each.at.astimezone(EASTERN).date()), each.warn.n) for each in warnings(limit, found, FEDERAL, since, until)
    ]


def test_warnings_are_due_at_the_start_of_their_days():
    found = due(LONG, day("2025-03-03"), FEDERAL)  # Saturday 30 August
    assert told(LONG, found, eastern("2025-03-03T00:00"), eastern("2025-09-30T00:00")) == [
        ("2025-07-31", 30),
        ("2025-08-18", 10),
        ("2025-08-25", 5),
        ("2025-08-29", 1),
    ]


def test_a_warning_between_two_looks_is_told_once():
    found = due(LONG, day("2025-03-03"), FEDERAL)
    looks = [
        eastern(f"2025-{at}") for at in ("07-30T12:00", "07-31T00:00", "08-18T00:00", "08-24T12:00", "08-25T12:00")
    ]
    seen = [told(LONG, found, since, until) for since, until in pairwise(looks)]
    assert seen == [[("2025-07-31", 30)], [("2025-08-18", 10)], [], [("2025-08-25", 5)]]


def test_a_warning_does_not_count_days_on_which_the_limit_stands_still():
    limit = rule(45, warn=(Warn(40, "cal_day"),), **TOLLED)
    found = due(limit, day("2025-09-16"), FEDERAL, [SHUTDOWN])
    assert told(limit, found, eastern("2025-09-16T00:00"), eastern("2026-01-01T00:00")) == [("2025-09-21", 40)]


def test_a_limit_that_stands_still_without_end_warns_nobody():
    found = due(LONG, day("2025-03-03"), FEDERAL)
    stopped = rule(45, warn=(Warn(5, "cal_day"),), **TOLLED)
    paused = due(stopped, day("2025-09-16"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    assert warnings(stopped, paused, FEDERAL, eastern("2025-01-01T00:00"), eastern("2027-01-01T00:00")) == ()
    assert next_moment(stopped, paused, FEDERAL, eastern("2025-10-20T00:00")) is None
    assert next_moment(LONG, found, FEDERAL, eastern("2026-10-20T00:00")) is None


def test_hours_may_warn_by_hours():
    limit = rule(72, "hour", warn=(Warn(12, "hour"),))
    found = due(limit, eastern("2025-10-31T12:00"), FEDERAL)
    assert next_moment(limit, found, FEDERAL, eastern("2025-11-01T00:00")) == eastern("2025-11-02T23:00")
    assert next_moment(limit, found, FEDERAL, eastern("2025-11-02T23:00")) == eastern("2025-11-03T11:00")


def test_the_next_moment_is_a_warning_then_the_end():
    found = due(DRAFT, day("2025-01-28"), FEDERAL)
    moments, now = [], eastern("2025-01-28T00:00")
    while (moment := next_moment(DRAFT, found, FEDERAL, now)) is not None:
        moments.append(str(moment.astimezone(EASTERN).date()))
        now = moment
    assert moments == ["2025-02-10", "2025-02-14", "2025-02-19"]


def test_the_next_moment_of_what_waits_is_when_it_is_permitted():
    notice = rule(5, kind="not_before")
    found = due(notice, day("2025-03-03"), FEDERAL)
    assert next_moment(notice, found, FEDERAL, eastern("2025-03-04T00:00")) == eastern("2025-03-08T00:00")


@pytest.mark.parametrize("written", ["5", "bus_day 5", "0 bus_day", "-1 bus_day", "5 month", "five bus_day", ""])
def test_a_warning_that_says_nothing_is_refused(written):
    with pytest.raises(ValueError, match="A warning is a number and"):
        Warn.read(written)
