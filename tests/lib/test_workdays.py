"""Which days offices are open, calendar by calendar, and what of that a package would have got wrong."""

import tomllib
from datetime import date, timedelta

import pytest

from riskreview.lib import workdays
from riskreview.lib.workdays import BeyondCalendar, UnknownCalendar, calendar

FEDERAL = calendar("us-federal")
DAY = timedelta(days=1)


def day(text):
    return date.fromisoformat(text)


def nth_weekday(year, month, weekday, n):
    """The n-th such weekday of a month; the last for -1."""
    days = [date(year, month, 1) + k * DAY for k in range(31)]
    return [each for each in days if each.month == month and each.weekday() == weekday][n - 1 if n > 0 else n]


def by_statute(year):
    """5 U.S.C. 6103(a) written down once more, with the days in place of those on weekends (6103(b))."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)]
    fixed += [date(year, 6, 19)] if year >= 2021 else []
    moved = {each - DAY if each.weekday() == 5 else each + DAY if each.weekday() == 6 else each for each in fixed}
    mondays = {nth_weekday(year, *rule) for rule in ((1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2))}
    return {each for each in moved | mondays | {nth_weekday(year, 11, 3, 4)} if each.year == year}


# Closed by executive order: what the statute alone does not say.
BY_ORDER = {
    *map(day, ("2018-12-05", "2018-12-24", "2019-12-24", "2020-12-24", "2024-12-24", "2025-12-24")),
    *map(day, ("2025-01-09", "2025-12-26")),
}


@pytest.mark.parametrize("year", range(2018, 2101))
def test_the_federal_year_is_that_of_the_statute_and_of_the_orders(year):
    every = (date(year, 1, 1) + n * DAY for n in range(366))
    weekdays = [each for each in every if each.year == year and each.weekday() < 5]
    closed = {each for each in weekdays if not FEDERAL.is_business_day(each)}
    assert closed == by_statute(year) | {each for each in BY_ORDER if each.year == year}


@pytest.mark.parametrize("closed", sorted(BY_ORDER))
def test_a_day_closed_by_executive_order_is_no_business_day(closed):
    assert not FEDERAL.is_business_day(closed)
    assert closed.weekday() < 5


@pytest.mark.parametrize(
    ("closed", "why"),
    [
        ("2025-01-09", "National Day of Mourning for former President Jimmy Carter"),
        ("2025-01-20", "Martin Luther King Jr. Day"),
        ("2025-03-01", "a Saturday"),
        ("2025-03-02", "a Sunday"),
        ("2021-12-31", "New Year's Day (observed)"),
        ("2026-07-03", "Independence Day (observed)"),
        ("2025-03-03", ""),
    ],
)
def test_a_closed_day_says_why(closed, why):
    assert FEDERAL.why_closed(day(closed)) == why


def test_a_holiday_on_a_saturday_closes_the_friday_before_even_in_the_old_year():
    assert [FEDERAL.is_business_day(day(each)) for each in ("2021-12-30", "2021-12-31", "2022-01-03")] == [
        True,
        False,
        True,
    ]


def test_a_holiday_on_a_sunday_closes_the_monday_after():
    assert not FEDERAL.is_business_day(day("2022-12-26"))
    assert FEDERAL.is_business_day(day("2022-12-27"))


def test_juneteenth_is_no_holiday_before_it_was_one():
    assert FEDERAL.is_business_day(day("2020-06-19"))
    assert not FEDERAL.is_business_day(day("2021-06-18"))


INAUGURATIONS = ["2017-01-20", "2021-01-20", "2033-01-20", "2037-01-20"]


@pytest.mark.parametrize("inauguration", INAUGURATIONS)
def test_inauguration_day_closes_washington_alone(inauguration):
    assert FEDERAL.is_business_day(day(inauguration))
    assert calendar("us-federal-dc").why_closed(day(inauguration)) == "Inauguration Day"


def test_an_inauguration_on_a_saturday_has_no_day_in_its_place():
    assert calendar("us-federal-dc").is_business_day(day("2029-01-19"))
    assert calendar("us-federal-dc").is_business_day(day("2029-01-22"))


@pytest.mark.parametrize("emancipation", ["2025-04-16", "2026-04-16", "2027-04-16", "2022-04-15", "2023-04-17"])
def test_the_districts_own_holiday_closes_no_federal_office(emancipation):
    assert calendar("us-federal-dc").is_business_day(day(emancipation))


def test_washington_differs_from_the_rest_by_inauguration_days_alone():
    every = (date(2018, 1, 1) + n * DAY for n in range(365 * 20))
    differing = [each for each in every if bool(FEDERAL.why_closed(each)) != bool(WASHINGTON.why_closed(each))]
    assert differing == [day("2021-01-20"), day("2033-01-20"), day("2037-01-20")]


WASHINGTON = calendar("us-federal-dc")


@pytest.mark.parametrize(
    ("name", "closed", "opened"),
    [
        ("uk", "2026-04-06", "2026-04-07"),  # Easter Monday, which the package has for no part but a named one
        ("uk", "2026-08-31", "2026-08-03"),  # the August holiday of England and Wales, not the Scottish one
        ("uk", "2026-12-28", "2026-12-29"),  # in place of a Boxing Day on a Saturday
        ("uk", "2023-05-08", "2023-05-09"),  # the coronation, proclaimed for once
        ("au-federal", "2026-03-09", "2026-03-10"),  # Canberra Day
        ("au-federal", "2026-06-08", "2026-06-09"),  # the King's birthday
        ("au-federal", "2026-12-28", "2026-12-29"),
        ("au-federal", "2025-01-27", "2025-01-28"),  # in place of an Australia Day on a Sunday
        ("it", "2025-06-02", "2025-06-03"),
        ("it", "2025-04-21", "2025-04-18"),  # Easter Monday is a holiday in Italy, Good Friday is not
        ("it", "2026-01-06", "2026-06-29"),  # Epiphany; the patron of Rome is the city's affair
        ("eu-commission", "2026-04-02", "2026-04-01"),  # Maundy Thursday
        ("eu-commission", "2025-05-30", "2025-05-28"),  # the day after Ascension
        ("eu-commission", "2025-12-29", "2025-12-23"),
        ("eu-commission", "2026-07-21", "2026-07-20"),  # Belgium's holiday
        ("eu-commission", "2023-11-02", "2023-11-03"),
        ("weekdays", "2026-01-03", "2026-01-01"),
    ],
)
def test_other_calendars_keep_their_own_days(name, closed, opened):
    assert not calendar(name).is_business_day(day(closed))
    assert calendar(name).is_business_day(day(opened))


def test_without_a_calendar_every_day_counts_until_it_is_closed():
    assert calendar("none").is_business_day(day("2025-12-25"))
    assert calendar("none").is_business_day(day("2025-12-27"))
    assert calendar("none", [day("2025-12-27")]).why_closed(day("2025-12-27")) == "a closure"


def test_a_closure_announced_later_closes_its_day_and_no_other():
    announced = calendar("us-federal", [day("2026-12-24")])
    assert FEDERAL.is_business_day(day("2026-12-24"))
    assert announced.why_closed(day("2026-12-24")) == "a closure"
    assert announced.is_business_day(day("2026-12-23"))


def test_a_closure_on_a_holiday_changes_nothing():
    assert calendar("us-federal", [day("2025-12-25")]).why_closed(day("2025-12-25")) == "Christmas Day"


def test_closures_of_one_caller_do_not_reach_another():
    calendar("us-federal", [day("2026-03-03")])
    assert calendar("us-federal").is_business_day(day("2026-03-03"))


@pytest.mark.parametrize(
    ("start", "n", "then"),
    [
        ("2025-01-15", 3, "2025-01-21"),
        ("2025-01-08", 3, "2025-01-14"),
        ("2025-11-26", 3, "2025-12-02"),
        ("2025-12-23", 1, "2025-12-29"),
        ("2021-12-30", 1, "2022-01-03"),
        ("2025-01-18", 1, "2025-01-21"),
        ("2025-03-03", 250, "2026-03-05"),  # 52 weeks and 3 days, of which 13 holidays
    ],
)
def test_the_nth_business_day_is_counted_from_the_day_after(start, n, then):
    assert FEDERAL.nth_business_day(day(start), n) == day(then)


def test_there_is_no_business_day_number_nothing():
    with pytest.raises(ValueError, match="from 1, not from 0"):
        FEDERAL.nth_business_day(day("2025-03-03"), 0)


@pytest.mark.parametrize(
    ("start", "then"),
    [
        ("2025-03-03", "2025-03-03"),
        ("2025-08-30", "2025-09-02"),
        ("2025-12-24", "2025-12-29"),
        ("2024-12-24", "2024-12-26"),
        ("2025-12-31", "2025-12-31"),
        ("2026-01-01", "2026-01-02"),
    ],
)
def test_the_next_business_day_is_the_day_itself_when_offices_are_open(start, then):
    assert FEDERAL.next_business_day(day(start)) == day(then)


def test_business_days_between_two_days_include_both():
    assert FEDERAL.business_days_between(day("2025-01-06"), day("2025-01-10")) == 4
    assert FEDERAL.business_days_between(day("2025-01-11"), day("2025-01-12")) == 0
    assert FEDERAL.business_days_between(day("2025-01-10"), day("2025-01-09")) == 0


def test_a_calendar_that_nobody_keeps_is_refused_with_those_that_are():
    with pytest.raises(UnknownCalendar, match="no calendar “mars”.*us-federal.*eu-commission"):
        calendar("mars")


@pytest.mark.parametrize(("name", "year"), [("eu-commission", 2031), ("us-federal", 2101), ("uk", 2150), ("it", 1800)])
def test_a_year_without_a_list_is_refused_rather_than_taken_for_one_without_holidays(name, year):
    with pytest.raises(BeyondCalendar, match=f"{name} holds no list of holidays for {year}"):
        calendar(name).is_business_day(date(year, 3, 4) + (2 * DAY if date(year, 3, 4).weekday() > 4 else 0 * DAY))


def test_names_of_holidays_do_not_follow_the_machine(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "it_IT")
    monkeypatch.setenv("LANG", "it_IT.UTF-8")
    workdays._holidays.cache_clear()
    assert calendar("it").why_closed(day("2025-06-02")) == "Republic Day"


def test_the_file_of_the_commission_says_where_each_list_is_published_and_who_read_it():
    file = tomllib.loads(workdays.EU_COMMISSION.read_text(encoding="utf-8"))
    lists = {key: each for key, each in file.items() if key.isdecimal()}
    assert isinstance(file["as_of"], date)
    for year, each in lists.items():
        assert each["source"]
        assert each["read"] in ("journal", "reported")
        assert each["days"] == sorted(set(each["days"]))
        assert all(closed.year == int(year) and closed.weekday() < 5 for closed in each["days"])
    assert lists["2023"]["read"] == "journal"


def easter(year):
    """Easter Sunday, by the anonymous Gregorian rule."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


@pytest.mark.parametrize("year", [2023, 2025, 2026, 2027])
def test_the_commission_closes_for_easter_ascension_and_pentecost(year):
    moving = [easter(year) + n * DAY for n in (-3, -2, 1, 39, 40, 50)]
    assert not any(calendar("eu-commission").is_business_day(each) for each in moving)
