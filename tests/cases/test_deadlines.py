"""Limits as rules: the date each gives, what moves it, and how it is told."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.deadlines import (
    AMBER,
    ON_HOLD,
    Extension,
    State,
    Toll,
    age,
    binding,
    born_late,
    check_extension,
    corrected,
    due,
    following,
    left,
    occurrence,
    open_occurrence,
    state,
)
from riskreview.lib.workdays import BeyondCalendar, calendar
from tests.cases.limits import (
    CONCURRENCE,
    FEDERAL,
    FINAL,
    FIVE,
    LAPSE,
    ROLL,
    SHUTDOWN,
    TOLLED,
    day,
    eastern,
    extended,
    rule,
    signed,
    utc,
    when,
)

# Each row: what it shows, the rule, its start, and the date it must give.
DATES = {
    "1 half a year ends on a Saturday and stays there": (rule(180), "2025-03-03", "2025-08-30"),
    "2 half a year ends before Labor Day and rolls over it": (rule(180, **ROLL), "2025-03-03", "2025-09-02"),
    "3 thirty days": (rule(30), "2025-03-03", "2025-04-02"),
    "4 notice of 21 days, permitted on the 21st": (rule(21, kind="not_before"), "2025-01-31", "2025-02-21"),
    "4 the same with 21 full days between": (rule(21, kind="not_before", count="clear"), "2025-01-31", "2025-02-22"),
    "6 silence of two weeks": (CONCURRENCE, "2025-07-24", "2025-08-07"),
    "10 45 days end on a Sunday before a holiday": (rule(45, **ROLL), "2025-01-02", "2025-02-18"),
    "11 45 days": (rule(45, **ROLL), "2025-03-03", "2025-04-17"),
    "11 the same with the start as the first day": (rule(45, count="on", **ROLL), "2025-03-03", "2025-04-16"),
    "12 rolls over Christmas and both closures beside it": (rule(30, **ROLL), "2025-11-24", "2025-12-29"),
    "13 business days around Martin Luther King's birthday": (rule(3, "bus_day"), "2025-01-15", "2025-01-21"),
    "14 business days over a day of mourning": (rule(3, "bus_day"), "2025-01-08", "2025-01-14"),
    "15 business days over Juneteenth": (rule(10, "bus_day"), "2025-06-16", "2025-07-01"),
    "16 five minutes before the cut-off": (rule(3, "bus_day", **FIVE), "2025-08-29T16:55", "2025-09-04"),
    "17 an hour after it, before a long weekend": (rule(3, "bus_day", **FIVE), "2025-08-29T18:05", "2025-09-05"),
    "24 half a year ends on a holiday and stays there": (rule(180), "2025-03-05", "2025-09-01"),
    "25 thirty days end on a Sunday": (rule(30), "2025-01-31", "2025-03-02"),
    "25 and roll to the Monday": (rule(30, **ROLL), "2025-01-31", "2025-03-03"),
    "30 two days over Good Friday end at Easter": (rule(2), "2026-04-03", "2026-04-05"),
    "31 business days over an observed Fourth of July": (rule(5, "bus_day"), "2026-06-29", "2026-07-07"),
    "32 business days over a New Year observed in the old year": (rule(2, "bus_day"), "2021-12-29", "2022-01-03"),
    "33 sixty days end on a holiday": (rule(60), "2025-12-18", "2026-02-16"),
    "33 and roll": (rule(60, **ROLL), "2025-12-18", "2026-02-17"),
    "34 half a year of a memorandum": (rule(180), "2025-04-03", "2025-09-30"),
    "34 nine months of it in days": (rule(270), "2025-04-03", "2025-12-29"),
    "35 a day of hours when the clocks go forward": (rule(24, "hour"), "2025-03-08T18:00", "2025-03-09"),
    "36 three days of hours when they go back": (rule(72, "hour"), "2025-10-31T12:00", "2025-11-03"),
    "37 ten years from a leap day": (rule(120, "month", kind="retain"), "2024-02-29", "2034-02-28"),
    "38 the terms of reference": (rule(5, **ROLL), "2025-01-28", "2025-02-03"),
    "38 the evidence": (rule(10, **ROLL), "2025-01-28", "2025-02-07"),
    "38 the draft": (rule(20, **ROLL), "2025-01-28", "2025-02-18"),
    "38 the deputies": (rule(30, **ROLL), "2025-01-28", "2025-02-27"),
    "38 the decision": (rule(45, **ROLL), "2025-01-28", "2025-03-14"),
    "39 business days over Thanksgiving": (rule(3, "bus_day"), "2025-11-26", "2025-12-02"),
    # What the worked examples leave out.
    "a leap day counts": (rule(1), "2024-02-28", "2024-02-29"),
    "a year of days over a leap day": (rule(365), "2024-01-01", "2024-12-31"),
    "a month from the last of January in a leap year": (rule(1, "month"), "2024-01-31", "2024-02-29"),
    "a month from the last of January in another": (rule(1, "month"), "2025-01-31", "2025-02-28"),
    "a month from the end of February": (rule(1, "month"), "2025-02-28", "2025-03-28"),
    "twelve months to a leap day": (rule(12, "month"), "2023-02-28", "2024-02-28"),
    "months over the new year": (rule(3, "month"), "2025-11-30", "2026-02-28"),
    "months that roll": (rule(1, "month", **ROLL), "2025-11-24", "2025-12-29"),
    "days over the new year": (rule(1), "2025-12-31", "2026-01-01"),
    "and rolling from New Year's Day": (rule(1, **ROLL), "2025-12-31", "2026-01-02"),
    "a roll over Christmas Eve, Christmas and a weekend": (rule(29, **ROLL), "2025-11-25", "2025-12-29"),
    "a roll over a Monday holiday": (rule(4, **ROLL), "2025-05-20", "2025-05-27"),
    "a roll that is not needed": (rule(4, **ROLL), "2025-05-19", "2025-05-23"),
    "business days from a Saturday": (rule(1, "bus_day"), "2025-03-01", "2025-03-03"),
    "business days from a holiday": (rule(1, "bus_day"), "2025-09-01", "2025-09-02"),
    "a business day counted from itself": (rule(1, "bus_day", count="on"), "2025-03-03", "2025-03-03"),
    "a Saturday counted from itself gives the Monday": (rule(1, "bus_day", count="on"), "2025-03-01", "2025-03-03"),
    "full business days between": (rule(3, "bus_day", count="clear"), "2025-03-03", "2025-03-07"),
    "one day from itself": (rule(1, count="on"), "2025-03-03", "2025-03-03"),
    "exactly at the cut-off is in time": (rule(1, "bus_day", **FIVE), "2025-08-28T17:00", "2025-08-29"),
    "a second after the cut-off is not": (rule(1, "bus_day", **FIVE), "2025-08-28T17:00:01", "2025-09-02"),
    "with a cut-off a Saturday counts as the Monday": (rule(1, "bus_day", **FIVE), "2025-03-01T09:00", "2025-03-04"),
    "and so late in the evening": (rule(1, "bus_day", **FIVE), "2025-03-01T23:00", "2025-03-04"),
    "with a cut-off a holiday counts as the day after": (rule(10, **FIVE), "2025-09-01T09:00", "2025-09-12"),
    "a bare Saturday counts as the Monday too": (rule(1, "bus_day", **FIVE), "2025-03-01", "2025-03-04"),
    "late on a Friday counts as the Monday": (rule(1, **FIVE), "2025-03-07T17:30", "2025-03-11"),
    "the last minute of a local day": (rule(1), "2025-03-03T23:59", "2025-03-04"),
    "ten business days over Christmas": (rule(10, "bus_day"), "2025-12-15", "2026-01-02"),
    "hours into the next day": (rule(6, "hour"), "2025-03-03T20:00", "2025-03-04"),
}


@pytest.mark.parametrize(("limit", "start", "then"), DATES.values(), ids=DATES.keys())
def test_a_rule_gives_its_date(limit, start, then):
    assert due(limit, when(start), FEDERAL).on == day(then)


def test_1_the_limit_ends_with_the_local_day():
    assert due(FINAL, day("2025-03-03"), FEDERAL).before == utc("2025-08-31T04:00")


@pytest.mark.parametrize(
    ("limit", "start", "then"),
    [
        pytest.param(rule(24, "hour"), "2025-03-08T18:00", "2025-03-09T19:00", id="35 the clocks go forward"),
        pytest.param(rule(72, "hour"), "2025-10-31T12:00", "2025-11-03T11:00", id="36 the clocks go back"),
        pytest.param(rule(24, "hour"), "2025-11-01T18:00", "2025-11-02T17:00", id="back within a day"),
        pytest.param(rule(24, "hour"), "2025-06-02T18:00", "2025-06-03T18:00", id="an ordinary day"),
        pytest.param(rule(1, "hour"), "2025-03-09T01:30", "2025-03-09T03:30", id="over the hour that is not there"),
    ],
)
def test_hours_are_elapsed_time(limit, start, then):
    assert due(limit, eastern(start), FEDERAL).before == eastern(then).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "start", "before"),
    [
        ("America/New_York", "2025-03-07", "2025-03-10T04:00"),  # clocks forward on the 9th
        ("America/New_York", "2025-10-31", "2025-11-03T05:00"),  # back on the 2nd
        ("Europe/Rome", "2025-03-28", "2025-03-30T22:00"),  # forward on the 30th
        ("Europe/London", "2025-10-24", "2025-10-27T00:00"),  # back on the 26th
        ("Australia/Sydney", "2025-04-04", "2025-04-06T14:00"),  # back on the 6th: their autumn
        ("Australia/Sydney", "2025-10-03", "2025-10-05T13:00"),
        ("Asia/Kolkata", "2025-03-07", "2025-03-09T18:30"),
        ("America/Sao_Paulo", "2018-11-01", "2018-11-04T03:00"),  # midnight of the 4th did not exist
        ("America/Havana", "2025-10-31", "2025-11-03T05:00"),
        ("America/Havana", "2025-10-30", "2025-11-02T04:00"),  # midnight of the 2nd came twice
        ("Pacific/Kiritimati", "2025-03-07", "2025-03-09T10:00"),
        ("UTC", "2025-03-07", "2025-03-10T00:00"),
    ],
)
def test_a_day_ends_at_midnight_where_the_playbook_lives(zone, start, before):
    found = due(rule(2, zone=ZoneInfo(zone)), day(start), FEDERAL)
    assert found.on == day(start) + timedelta(days=2)
    assert found.before == utc(before)


@pytest.mark.parametrize(
    ("zone", "instant", "then"),
    [
        ("America/New_York", "2025-03-04T04:59:59", "2025-03-04"),  # 23:59:59 on the 3rd
        ("America/New_York", "2025-03-04T05:00:00", "2025-03-05"),
        ("Australia/Sydney", "2025-03-03T13:00:00", "2025-03-05"),
        ("Europe/Rome", "2025-03-03T23:00:00", "2025-03-05"),
        ("UTC", "2025-03-03T23:00:00", "2025-03-04"),
    ],
)
def test_an_instant_becomes_the_date_of_its_place(zone, instant, then):
    assert due(rule(1, zone=ZoneInfo(zone)), utc(instant), FEDERAL).on == day(then)


def test_12_without_the_closures_the_same_limit_ends_on_christmas_eve():
    assert due(rule(30, **ROLL), day("2025-11-24"), calendar("weekdays")).on == day("2025-12-24")


def test_14_without_the_day_of_mourning_it_would_be_a_day_earlier():
    assert due(rule(3, "bus_day"), day("2025-01-08"), calendar("weekdays")).on == day("2025-01-13")


def test_a_closure_announced_later_moves_a_running_limit():
    closed = calendar("us-federal", [day("2026-03-06")])
    assert due(rule(3, "bus_day"), day("2026-03-03"), FEDERAL).on == day("2026-03-06")
    assert due(rule(3, "bus_day"), day("2026-03-03"), closed).on == day("2026-03-09")
    assert due(rule(3, **ROLL), day("2026-03-03"), closed).on == day("2026-03-09")


def test_30_the_later_date_of_the_european_rule_is_a_roll_over_easter():
    brussels = rule(2, zone=ZoneInfo("Europe/Brussels"), **ROLL)
    assert due(brussels, day("2026-04-03"), calendar("eu-commission")).on == day("2026-04-07")


def test_a_calendar_that_does_not_reach_so_far_is_refused_only_where_it_is_asked():
    assert due(rule(900), day("2026-04-03"), calendar("eu-commission")).on == day("2028-09-19")
    with pytest.raises(BeyondCalendar, match="2028"):
        due(rule(900, **ROLL), day("2026-04-03"), calendar("eu-commission"))


STOPPED = {
    "18 45 days, of which 14 ran before the stop": (rule(45, **ROLL, **TOLLED), "2025-09-16", "2025-12-15"),
    "20 business days": (rule(10, "bus_day", **TOLLED), "2025-09-25", "2025-11-21"),
    "21 months are shifted by the dates inside": (rule(3, "month", **TOLLED), "2025-08-31", "2026-01-12"),
    "a start within the stop counts from its end": (rule(1, **TOLLED), "2025-10-15", "2025-11-13"),
    "with the start as day 1 as well": (rule(1, count="on", **TOLLED), "2025-10-15", "2025-11-13"),
    "a limit that ended before it": (rule(10, **TOLLED), "2025-09-16", "2025-09-26"),
    "one that ends the day before it": (rule(14, **TOLLED), "2025-09-16", "2025-09-30"),
    "one that would have ended on its first day": (rule(15, **TOLLED), "2025-09-16", "2025-11-13"),
    "a start after it": (rule(10, **TOLLED), "2025-11-12", "2025-11-22"),
    "a weekend before the stop rolls past it": (rule(11, **ROLL, **TOLLED), "2025-09-16", "2025-09-29"),
}


@pytest.mark.parametrize(("limit", "start", "then"), STOPPED.values(), ids=STOPPED.keys())
def test_a_stop_moves_a_limit_by_the_days_it_covers(limit, start, then):
    assert due(limit, day(start), FEDERAL, [SHUTDOWN]).on == day(then)


def test_18_without_the_stop_it_is_the_end_of_october():
    assert due(rule(45, **ROLL, **TOLLED), day("2025-09-16"), FEDERAL).on == day("2025-10-31")


def test_20_without_the_stop_it_is_two_weeks_later():
    assert due(rule(10, "bus_day"), day("2025-09-25"), FEDERAL).on == day("2025-10-09")


def test_a_date_that_would_roll_into_a_stop_rolls_past_it():
    stop = Toll(day("2025-03-10"), day("2025-03-12"), LAPSE)
    assert due(rule(5, **ROLL, **TOLLED), day("2025-03-03"), FEDERAL, [stop]).on == day("2025-03-13")


def test_19_an_open_stop_leaves_31_days():
    limit = rule(45, **ROLL, **TOLLED)
    found = due(limit, day("2025-09-16"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    assert (found.on, found.before, found.left) == (None, None, 31)
    at = eastern("2025-10-20T12:00")
    assert state(limit, found, at, FEDERAL) == State.PAUSED
    assert left(limit, found, FEDERAL, at) == 31
    assert found.parts[-1] == "It stands still: 31 calendar days left."


def test_an_open_stop_leaves_business_days_to_a_rule_that_counts_them():
    limit = rule(10, "bus_day", **TOLLED)
    found = due(limit, day("2025-09-25"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    assert found.left == 7  # the 26th, 29th and 30th ran
    assert "7 business days left" in found.parts[-1]


def test_an_open_stop_after_the_end_changes_nothing():
    found = due(rule(10, **TOLLED), day("2025-09-16"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    assert found.on == day("2025-09-26")


def test_a_date_that_rolls_into_an_open_stop_is_not_known():
    stop = Toll(day("2025-03-10"), None, LAPSE)
    found = due(rule(5, **ROLL, **TOLLED), day("2025-03-03"), FEDERAL, [stop])
    assert (found.on, found.left, found.unrolled) == (None, 0, day("2025-03-08"))


def test_a_stop_announced_for_later_pauses_nothing_yet():
    limit = rule(45, **TOLLED)
    found = due(limit, day("2025-09-16"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    at = eastern("2025-09-20T12:00")
    assert state(limit, found, at, FEDERAL) == State.ON_TRACK
    assert left(limit, found, FEDERAL, at) == 31 + 10


def test_stops_that_overlap_count_once():
    parts = [Toll(day("2025-10-01"), day("2025-10-20"), LAPSE), Toll(day("2025-10-10"), day("2025-11-12"), LAPSE)]
    limit = rule(45, **ROLL, **TOLLED)
    assert due(limit, day("2025-09-16"), FEDERAL, parts).on == day("2025-12-15")


def test_two_stops_count_both():
    stops = [Toll(day("2025-03-05"), day("2025-03-06"), LAPSE), Toll(day("2025-03-13"), day("2025-03-13"), LAPSE)]
    assert due(rule(10, **TOLLED), day("2025-03-03"), FEDERAL, stops).on == day("2025-03-16")


def test_of_two_open_stops_the_earlier_one_stops():
    stops = [Toll(day("2025-10-01"), None, LAPSE), Toll(day("2025-10-06"), None, LAPSE)]
    assert due(rule(45, **TOLLED), day("2025-09-16"), FEDERAL, stops).left == 31
    assert due(rule(45, **TOLLED), day("2025-09-16"), FEDERAL, stops[::-1]).left == 31


def test_hours_stand_still_on_stopped_dates():
    stop = Toll(day("2025-03-04"), day("2025-03-05"), LAPSE)
    found = due(rule(24, "hour", **TOLLED), eastern("2025-03-03T18:00"), FEDERAL, [stop])
    assert found.before == eastern("2025-03-06T18:00")


def test_hours_that_end_as_the_stop_begins_have_run():
    stop = Toll(day("2025-03-04"), None, LAPSE)
    assert due(rule(6, "hour", **TOLLED), eastern("2025-03-03T18:00"), FEDERAL, [stop]).before == eastern("2025-03-04")


def test_an_open_stop_leaves_hours():
    limit = rule(24, "hour", **TOLLED)
    found = due(limit, eastern("2025-03-03T18:00"), FEDERAL, [Toll(day("2025-03-04"), None, LAPSE)])
    assert (found.on, found.left) == (None, 18)
    assert left(limit, found, FEDERAL, eastern("2025-03-03T20:00")) == 22
    assert left(limit, found, FEDERAL, eastern("2025-03-05T20:00")) == 18
    assert state(limit, found, eastern("2025-03-05T20:00"), FEDERAL) == State.PAUSED


def test_an_open_stop_after_one_that_ended_leaves_hours():
    stops = [Toll(day("2025-03-04"), day("2025-03-04"), LAPSE), Toll(day("2025-03-06"), None, LAPSE)]
    found = due(rule(48, "hour", **TOLLED), eastern("2025-03-03T18:00"), FEDERAL, stops)
    assert (found.on, found.left) == (None, 18)  # six on the 3rd, the whole 5th


def test_a_hold_pauses_a_limit_of_our_own_and_no_other():
    hold = Toll(day("2025-03-10"), day("2025-03-14"), ON_HOLD)
    assert due(rule(30), day("2025-03-03"), FEDERAL, [hold]).on == day("2025-04-07")
    found = due(rule(30, basis="law"), day("2025-03-03"), FEDERAL, [hold])
    assert found.on == day("2025-04-02")
    assert "The hold from Monday, 10 March 2025 to Friday, 14 March 2025 does not stop it." in found.parts


def test_a_stop_for_a_reason_the_rule_does_not_name_does_not_count():
    assert due(rule(45, **ROLL), day("2025-09-16"), FEDERAL, [SHUTDOWN]).on == day("2025-10-31")


def test_a_stop_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends on its first day or later"):
        Toll(day("2025-03-10"), day("2025-03-09"), LAPSE)


# Extensions.


def test_22_sixty_days_signed_in_time_move_the_date():
    assert extended(FINAL, "2025-03-03", signed("2025-08-28T10:00", days=60)).on == day("2025-10-29")


def test_23_sixty_days_signed_after_the_end_are_refused_and_do_not_count():
    late = signed("2025-09-03T10:00", days=60)
    standing = due(FINAL, day("2025-03-03"), FEDERAL)
    with pytest.raises(NotNow, match="ran out at 04:00 UTC on 31 August 2025"):
        check_extension(FINAL, standing, late)
    found = extended(FINAL, "2025-03-03", late)
    assert found.on == day("2025-08-30")
    assert any("signed on Wednesday, 3 September 2025 came after the limit had run out" in part for part in found.parts)
    assert state(FINAL, found, eastern("2025-09-03T10:00"), FEDERAL) == State.OVERDUE
    assert state(FINAL, found, utc("2025-08-31T03:59:59"), FEDERAL) != State.OVERDUE
    assert state(FINAL, found, utc("2025-08-31T04:00:00"), FEDERAL) == State.OVERDUE


def test_the_last_moment_to_sign_is_before_the_end():
    standing = due(FINAL, day("2025-03-03"), FEDERAL)
    check_extension(FINAL, standing, signed("2025-08-30T23:59:59", days=1))
    with pytest.raises(NotNow):
        check_extension(FINAL, standing, signed("2025-08-31T00:00:00", days=1))


@pytest.mark.parametrize(("at", "then"), [("2025-08-30T23:59:59", "2025-09-09"), ("2025-08-31T00:00:00", "2025-08-30")])
def test_what_is_signed_on_the_last_evening_still_counts(at, then):
    assert extended(FINAL, "2025-03-03", signed(at, days=10)).on == day(then)


@pytest.mark.parametrize("basis", ["self_set", "contract"])
def test_a_limit_that_is_not_law_may_be_extended_after_its_end(basis):
    own = rule(30, basis=basis, extended_by="deciding_official", extended_form="written_determination")
    late = signed("2025-04-10T10:00", days=10)
    check_extension(own, due(own, day("2025-03-03"), FEDERAL), late)
    assert extended(own, "2025-03-03", late).on == day("2025-04-12")


def test_days_are_added_to_the_date_before_it_rolled():
    rolling = rule(180, **ROLL)  # Saturday 30 August, rolled to Tuesday 2 September
    assert extended(rolling, "2025-03-03", signed("2025-08-28T10:00", days=1)).on == day("2025-09-02")
    assert extended(rolling, "2025-03-03", signed("2025-08-28T10:00", days=4)).on == day("2025-09-03")


def test_a_stated_date_wins_and_does_not_roll():
    rolling = rule(180, **ROLL)
    found = extended(rolling, "2025-03-03", signed("2025-08-28T10:00", until=day("2025-11-15")))
    assert found.on == day("2025-11-15")  # a Saturday
    assert "Saturday, 15 November 2025, stated in an extension signed on Thursday, 28 August 2025, is the date." in (
        found.parts
    )


@pytest.mark.parametrize("until", ["2025-08-01", "2025-08-30", "2025-08-31", "2025-09-02"])
def test_a_stated_date_never_shortens(until):
    rolling = rule(180, extended_by="deciding_official", extended_form="written_determination", **ROLL)
    shorter = signed("2025-07-28T10:00", until=day(until))
    assert extended(rolling, "2025-03-03", shorter).on == day("2025-09-02")
    with pytest.raises(NotNow, match="never shortens: the limit runs to Tuesday, 2 September 2025"):
        check_extension(rolling, due(rolling, day("2025-03-03"), FEDERAL), shorter)


def test_two_extensions_add_up_in_the_order_they_were_signed():
    first, second = signed("2025-08-28T10:00", days=60), signed("2025-10-20T10:00", days=10)
    assert extended(FINAL, "2025-03-03", second, first).on == day("2025-11-08")


def test_the_second_is_late_when_the_first_did_not_reach_it():
    first, second = signed("2025-08-28T10:00", days=5), signed("2025-09-10T10:00", days=30)
    assert extended(FINAL, "2025-03-03", first, second).on == day("2025-09-04")


def test_days_may_follow_a_stated_date():
    first = signed("2025-08-28T10:00", until=day("2025-10-31"))
    assert extended(FINAL, "2025-03-03", first, signed("2025-10-20T10:00", days=7)).on == day("2025-11-07")


def test_a_stop_within_an_extension_moves_it_too():
    limit = rule(30, extended_by="x", extended_form="y", **TOLLED)
    more = signed("2025-10-01T00:00", days=10)
    stop = Toll(day("2025-10-05"), day("2025-10-07"), LAPSE)
    assert extended(limit, "2025-09-01", more, tolls=[stop]).on == day("2025-10-14")


def test_an_extension_during_an_open_stop_adds_to_what_is_left():
    stop = Toll(day("2025-10-01"), None, LAPSE)
    found = extended(rule(45, **TOLLED), "2025-09-16", signed("2025-10-10T10:00", days=15), tolls=[stop])
    assert (found.on, found.left) == (None, 46)


def test_an_extension_of_days_is_in_calendar_days_also_of_business_days():
    assert extended(rule(3, "bus_day"), "2025-03-03", signed("2025-03-05T10:00", days=3)).on == day("2025-03-09")


def test_hours_are_extended_by_days_of_24_hours():
    limit = rule(24, "hour")
    found = due(limit, eastern("2025-03-07T18:00"), FEDERAL, (), [signed("2025-03-08T10:00", days=1)])
    assert found.before == eastern("2025-03-09T19:00")  # the clocks went forward


def test_hours_are_extended_to_the_end_of_a_stated_day():
    found = due(
        rule(24, "hour"),
        eastern("2025-03-03T18:00"),
        FEDERAL,
        (),
        [signed("2025-03-04T10:00", until=day("2025-03-06"))],
    )
    assert found.before == eastern("2025-03-07T00:00")


def test_a_late_extension_of_hours_set_by_law_does_not_count():
    limit = rule(24, "hour", basis="law")
    late = signed("2025-03-04T18:00", days=2)
    assert due(limit, eastern("2025-03-03T18:00"), FEDERAL, (), [late]).before == eastern("2025-03-04T18:00")


@pytest.mark.parametrize(
    ("limit", "changed", "refusal", "says"),
    [
        (rule(30), {}, NotNow, "This limit cannot be extended."),
        (FINAL, {"by": "analyst"}, NotAllowed, "Only the deciding official may extend this limit."),
        (FINAL, {"form": "written_notice"}, NotNow, "by a written determination: attach it"),
        (FINAL, {"document": ""}, NotNow, "by a written determination: attach it"),
    ],
)
def test_an_extension_needs_its_official_its_form_and_its_paper(limit, changed, refusal, says):
    with pytest.raises(refusal, match=says):
        check_extension(limit, due(limit, day("2025-03-03"), FEDERAL), signed("2025-03-05T10:00", days=5, **changed))


@pytest.mark.parametrize("given", [{}, {"days": 5, "until": date(2025, 3, 3)}, {"days": -1}])
def test_an_extension_gives_either_days_or_a_date(given):
    with pytest.raises(ValueError, match="either days or a date"):
        Extension(decided_at=utc("2025-03-03T10:00"), **given)


# Series.


def test_26_a_fixed_series_is_counted_from_its_start_so_a_clamp_does_not_stick():
    every = rule(3, "month", kind="recurring", anchor="fixed")
    found = [occurrence(every, day("2024-11-30"), k, FEDERAL).on for k in (1, 2, 3, 4)]
    assert found == [day("2025-02-28"), day("2025-05-30"), day("2025-08-30"), day("2025-11-30")]


def test_27_a_series_that_follows_what_was_done_is_counted_from_then():
    every = rule(3, "month", kind="recurring", anchor="last_done")
    assert following(every, day("2024-11-30"), day("2025-02-28"), FEDERAL).on == day("2025-05-28")
    assert following(every, day("2024-11-30"), None, FEDERAL).on == day("2025-02-28")


def test_28_a_leap_day_returns_in_the_next_leap_year():
    every = rule(12, "month", kind="recurring", anchor="fixed")
    found = [str(occurrence(every, day("2024-02-29"), k, FEDERAL).on) for k in (1, 2, 3, 4)]
    assert found == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_each_date_of_a_fixed_series_rolls_by_itself():
    every = rule(1, "month", kind="recurring", anchor="fixed", **ROLL)
    found = [str(occurrence(every, day("2025-07-31"), k, FEDERAL).on) for k in (1, 2, 3)]
    assert found == ["2025-09-02", "2025-09-30", "2025-10-31"]


def test_of_a_fixed_series_the_missed_ones_are_told_and_one_is_open():
    every = rule(3, "month", kind="recurring", anchor="fixed")
    missed, current = open_occurrence(every, day("2024-11-30"), FEDERAL, eastern("2025-09-15T09:00"), settled=1)
    assert [str(each.on) for each in missed] == ["2025-05-30", "2025-08-30"]
    assert current.on == day("2025-11-30")


def test_on_its_last_day_an_occurrence_is_not_missed():
    every = rule(3, "month", kind="recurring", anchor="fixed")
    assert open_occurrence(every, day("2024-11-30"), FEDERAL, eastern("2025-02-28T23:59"))[0] == ()
    [missed], _ = open_occurrence(every, day("2024-11-30"), FEDERAL, eastern("2025-03-01T00:00"))
    assert state(every, missed, eastern("2025-03-01T00:00"), FEDERAL) == State.MISSED


def test_a_series_that_follows_what_was_done_is_overdue_rather_than_missed():
    every = rule(3, "month", kind="recurring", anchor="last_done")
    found = following(every, day("2024-11-30"), None, FEDERAL)
    assert state(every, found, eastern("2025-06-01T00:00"), FEDERAL) == State.OVERDUE


def test_each_kind_of_series_refuses_the_question_of_the_other():
    with pytest.raises(ValueError, match="no date before that was done"):
        occurrence(rule(3, "month", anchor="last_done"), day("2025-01-01"), 1, FEDERAL)
    with pytest.raises(ValueError, match="does not depend on what was done"):
        following(rule(3, "month", anchor="fixed"), day("2025-01-01"), None, FEDERAL)
    with pytest.raises(ValueError, match="counted from 1, not from 0"):
        occurrence(rule(3, "month", anchor="fixed"), day("2025-01-01"), 0, FEDERAL)


# Several limits, corrections, facts entered late.


def test_29_the_earliest_of_several_limits_binds():
    fifteen, ten = due(rule(15), day("2026-03-02"), FEDERAL), due(rule(10), day("2026-03-06"), FEDERAL)
    assert (fifteen.on, ten.on) == (day("2026-03-17"), day("2026-03-16"))
    assert binding([fifteen, ten]) is ten


def test_a_limit_that_stands_still_binds_last():
    paused = due(rule(45, **TOLLED), day("2025-09-16"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    running = due(rule(300), day("2025-09-16"), FEDERAL)
    assert binding([paused, running]) is running
    assert binding([paused]) is paused


def test_24_a_corrected_start_gives_another_date_and_says_both():
    old, new = due(FINAL, day("2025-03-03"), FEDERAL), due(FINAL, day("2025-03-05"), FEDERAL)
    assert new.on == day("2025-09-01")
    assert corrected(old, new) == "The date is Monday, 1 September 2025, was Saturday, 30 August 2025."
    assert corrected(old, old) == "The date stays Saturday, 30 August 2025."


def test_a_correction_may_take_an_extension_out_of_time():
    more = signed("2025-08-28T10:00", days=60)
    assert extended(FINAL, "2025-03-03", more).on == day("2025-10-29")
    assert extended(FINAL, "2025-02-20", more).on == day("2025-08-19")


@pytest.mark.parametrize(
    ("recorded", "says"),
    [
        ("2025-03-12T09:00", "recorded 9 days after"),
        ("2025-03-04T00:00", "recorded 1 day after"),
        ("2025-03-03T23:59", ""),
        ("2025-03-01T09:00", ""),
    ],
)
def test_a_fact_entered_later_says_how_much_later(recorded, says):
    assert born_late(day("2025-03-03"), eastern(recorded), rule(5)) == says


def test_a_fact_entered_late_may_be_overdue_at_once():
    found = due(rule(5), day("2025-03-03"), FEDERAL)
    assert state(rule(5), found, eastern("2025-03-12T09:00"), FEDERAL) == State.OVERDUE


@pytest.mark.parametrize(("now", "amber"), [("2025-03-04T17:59", False), ("2025-03-04T18:00", True)])
def test_at_once_is_an_age_that_turns_amber_after_a_day(now, amber):
    assert (age(eastern("2025-03-03T18:00"), eastern(now), rule(15)) >= AMBER) is amber


def test_the_age_of_a_bare_date_begins_at_midnight():
    assert age(day("2025-03-09"), eastern("2025-03-10T00:00"), rule(15)) == timedelta(hours=23)


# What a date says of itself.


def test_2_a_date_says_how_it_came_about():
    assert due(rule(180, **ROLL), day("2025-03-03"), FEDERAL).parts == (
        "Day 0 is Monday, 3 March 2025.",
        "180 calendar days after it give Saturday, 30 August 2025.",
        "Offices are closed on Saturday, 30 August 2025; Sunday, 31 August 2025; Monday, 1 September 2025 (Labor Day).",
        "It moves to the next business day, Tuesday, 2 September 2025.",
        "In time until the end of Tuesday, 2 September 2025 in America/New_York: before 04:00 UTC on 3 September 2025.",
    )


def test_17_a_start_after_the_cut_off_says_so_and_holidays_are_named():
    assert due(rule(3, "bus_day", **FIVE), eastern("2025-08-29T18:05"), FEDERAL).parts[:2] == (
        (
            "Day 0 is Tuesday, 2 September 2025: what comes after 17:00, or when offices are closed, "
            "counts as the next business day, and it came on Friday, 29 August 2025 at 18:05."
        ),
        "3 business days after it give Friday, 5 September 2025.",
    )
    assert due(rule(3, "bus_day"), day("2025-01-08"), FEDERAL).parts[2] == (
        "Not counted, beside weekends: Thursday, 9 January 2025 "
        "(National Day of Mourning for former President Jimmy Carter)."
    )


def test_18_a_stop_is_told_with_its_dates():
    parts = due(rule(45, **ROLL, **TOLLED), day("2025-09-16"), FEDERAL, [SHUTDOWN]).parts
    assert (
        "It stood still from Wednesday, 1 October 2025 to Wednesday, 12 November 2025 (lapse in appropriations)."
        in parts
    )


def test_22_an_extension_is_told_with_its_signature():
    parts = extended(FINAL, "2025-03-03", signed("2025-08-28T10:00", days=60)).parts
    assert (
        "An extension of 60 calendar days, signed on Thursday, 28 August 2025, moves it to Wednesday, 29 October 2025."
        in parts
    )


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (CONCURRENCE, "Silence lapses after Thursday, 7 August 2025: from 04:00 UTC on 8 August 2025."),
        (rule(14, kind="not_before"), "Permitted from Thursday, 7 August 2025 on: 04:00 UTC on 7 August 2025."),
    ],
)
def test_a_date_says_what_it_is_for(limit, says):
    assert due(limit, day("2025-07-24"), FEDERAL).parts[-1] == says


def test_hours_say_that_they_are_elapsed_time():
    assert due(rule(24, "hour"), eastern("2025-03-08T18:00"), FEDERAL).parts == (
        "24 hours from 23:00 UTC on 8 March 2025, by the clock.",
        "In time before 23:00 UTC on 9 March 2025.",
    )


@pytest.mark.parametrize(
    ("count", "says"),
    [
        ("after", "3 calendar days after it give Thursday, 6 March 2025."),
        ("on", "3 calendar days from it on, itself included, give Wednesday, 5 March 2025."),
        ("clear", "3 calendar days in full between give Friday, 7 March 2025."),
    ],
)
def test_the_way_of_counting_is_told(count, says):
    assert due(rule(3, count=count), day("2025-03-03"), FEDERAL).parts[1] == says


def test_a_date_that_did_not_move_says_nothing_of_moving():
    assert due(rule(1, **ROLL), day("2025-03-03"), FEDERAL).parts == (
        "Day 0 is Monday, 3 March 2025.",
        "1 calendar day after it gives Tuesday, 4 March 2025.",
        "In time until the end of Tuesday, 4 March 2025 in America/New_York: before 05:00 UTC on 5 March 2025.",
    )


def test_the_first_day_is_day_1_when_it_counts_itself():
    assert due(rule(3, count="on"), day("2025-03-03"), FEDERAL).parts[0] == "Day 1 is Monday, 3 March 2025."


def test_stops_before_the_start_and_after_the_end_are_not_told():
    before, after = Toll(day("2025-02-01"), day("2025-03-03"), LAPSE), Toll(day("2025-03-07"), None, LAPSE)
    parts = due(rule(3, **TOLLED), day("2025-03-03"), FEDERAL, [before, after]).parts
    assert not any("still" in part for part in parts)
    last = Toll(day("2025-03-06"), day("2025-03-06"), LAPSE)
    assert "still from Thursday, 6 March" in due(rule(3, **TOLLED), day("2025-03-03"), FEDERAL, [last]).parts[2]


def test_a_stop_within_an_extension_is_told_as_well():
    limit = rule(30, **TOLLED)
    stop = Toll(day("2025-10-05"), day("2025-10-07"), LAPSE)
    parts = extended(limit, "2025-09-01", signed("2025-10-01T00:00", days=10), tolls=[stop]).parts
    assert "It stood still from Sunday, 5 October 2025 to Tuesday, 7 October 2025 (lapse in appropriations)." in parts


def test_a_stated_date_that_is_not_later_says_that_it_changes_nothing():
    first = signed("2025-08-01T10:00", until=day("2025-11-15"))
    parts = extended(FINAL, "2025-03-03", first, signed("2025-08-28T10:00", until=day("2025-11-14"))).parts
    assert any(part.startswith("Friday, 14 November 2025") and part.endswith("changes nothing.") for part in parts)
    hours = due(
        rule(24, "hour"),
        eastern("2025-03-03T18:00"),
        FEDERAL,
        (),
        [signed("2025-03-03T20:00", until=day("2025-03-03"))],
    )
    assert hours.parts[1].endswith("is not later and changes nothing.")


def test_more_hours_during_an_open_stop_add_to_what_is_left():
    stop = Toll(day("2025-03-04"), None, LAPSE)
    found = due(
        rule(24, "hour", **TOLLED), eastern("2025-03-03T18:00"), FEDERAL, [stop], [signed("2025-03-03T20:00", days=1)]
    )
    assert (found.on, found.left) == (None, 42)
    assert found.parts == (
        "24 hours from 23:00 UTC on 3 March 2025, by the clock.",
        "An extension of 1 calendar day, signed on Monday, 3 March 2025, adds to what is left.",
        "It stands still from Tuesday, 4 March 2025 on (lapse in appropriations).",
        "It stands still: 42 hours left.",
    )


def test_a_stop_between_two_starts_counts_on_from_a_shorter_month():
    """The one case in which the later start has the earlier date: both months end on 28 February, and only the first
    start has tolled dates behind it."""
    stop = Toll(day("2025-01-30"), day("2025-01-31"), LAPSE)
    ends = [due(rule(1, "month", **TOLLED), day(start), FEDERAL, [stop]).on for start in ("2025-01-29", "2025-01-31")]
    assert ends == [day("2025-03-02"), day("2025-02-28")]


def test_of_many_holidays_the_first_six_are_named():
    parts = due(rule(250, "bus_day"), day("2025-03-03"), FEDERAL).parts
    assert parts[2].startswith("Not counted, beside weekends: Monday, 26 May 2025 (Memorial Day); ")
    assert parts[2].endswith("Tuesday, 11 November 2025 (Veterans Day); and 7 more.")
