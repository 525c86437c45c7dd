import datetime as dt

import pytest

from riskreview.enrichment.sanity import dates, flags, shifted_from

FETCHED = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2026, 3, 9, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("on 29 January 2025", dt.date(2025, 1, 29)),
        ("on January 29, 2025", dt.date(2025, 1, 29)),
        ("on Jan. 29th, 2025", dt.date(2025, 1, 29)),
        ("on 1 Sept 2025", dt.date(2025, 9, 1)),
        ("on 2025-01-29", dt.date(2025, 1, 29)),
    ],
)
def test_a_date_is_read_in_its_usual_forms(text, date):
    [found] = dates(text)
    assert (found.date, text[found.start : found.end]) == (date, text[3:])


def test_an_impossible_date_is_none():
    assert dates("30 February 2025, 2025-13-01") == []


def test_an_event_after_publication_is_flagged():
    text = "The app was banned on 4 April 2026."
    [flag] = flags(text, PUBLISHED, FETCHED)
    assert (flag.kind, text[flag.start : flag.end]) == ("EVENT_AFTER_PUBLICATION", "4 April 2026")


@pytest.mark.parametrize(
    "text",
    [
        "The ban will come into force on 4 April 2026.",
        "Sales are allowed until 4 April 2026.",
        "The app was banned on 4 March 2026.",
        "The app was banned on 10 March 2026.",
    ],
)
def test_a_date_that_is_announced_or_past_is_not(text):
    assert flags(text, PUBLISHED, FETCHED) == []


def test_a_plan_in_the_sentence_before_excuses_nothing():
    assert flags("They will meet. The app was banned on 4 April 2026.", PUBLISHED, FETCHED)


def test_without_a_time_of_publication_the_time_of_fetching_counts():
    assert flags("It was banned on 4 April 2026.", None, FETCHED)


def test_published_after_it_was_fetched_is_flagged():
    [flag] = flags("", FETCHED + dt.timedelta(days=2), FETCHED)
    assert flag.words == "Published on 12 March 2026, after it was fetched on 10 March 2026."
    assert flags("", FETCHED + dt.timedelta(minutes=5), FETCHED) == []


COPY = "On 29 January 2025, 4 March 2025 and 5 May 2025 it rained."


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("On 29 June 2025, 4 August 2025 and 5 October 2025 it rained.", "5 months earlier"),
        ("On 29 December 2024, 4 February 2025 and 5 April 2025 it rained.", "1 months later"),
    ],
)
def test_dates_that_are_all_off_by_the_same_months_are_flagged(other, words):
    [flag] = shifted_from(COPY, [other])
    assert flag.kind == "DATES_SHIFTED"
    assert words in flag.words


@pytest.mark.parametrize(
    "other",
    [
        COPY,
        "On 29 June 2025, 4 August 2025 and 5 May 2025 it rained.",
        "On 28 June 2025, 3 August 2025 and 4 October 2025 it rained.",
        "On 29 June 2025 and 4 August 2025 it rained.",
    ],
)
def test_other_differences_are_not(other):
    assert list(shifted_from(COPY, [other])) == []
