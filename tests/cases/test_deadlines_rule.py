"""What a rule may say, and reading it from a playbook."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from riskreview.cases.deadlines import Extension, Rule, Warn, due
from riskreview.cases.deadlines.rule import ANCHORS, BASES, COUNTS, FROM_MANY, KINDS, ROLLS, UNITS
from riskreview.cases.playbook import every, vocabulary
from riskreview.cases.playbook.grammar import Clock, Extend
from riskreview.cases.playbook.reading import to_plain
from riskreview.lib.workdays import NAMES, calendar
from tests.cases.limits import FEDERAL, LAPSE, day, rule


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"n": 0}, "at least one calendar day, not 0"),
        ({"n": 1, "unit": "week"}, "unit is one of cal_day, bus_day, month, hour, not “week”"),
        ({"n": 1, "roll": "back"}, "roll is one of"),
        ({"n": 1, "kind": "never"}, "kind is one of"),
        ({"n": 1, "basis": "habit"}, "basis is one of"),
        ({"n": 1, "unit": "hour", "roll": "next_business_day"}, "neither roll nor have a cut-off"),
        ({"n": 1, "unit": "hour", "cutoff": time(17)}, "neither roll nor have a cut-off"),
        ({"n": 1, "unit": "month", "count": "clear"}, "counted after the start"),
        ({"n": 1, "kind": "not_before", "roll": "next_business_day"}, "of the kind not_before does not roll"),
        ({"n": 1, "kind": "retain", "roll": "next_business_day"}, "of the kind retain does not roll"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(words, says):
    with pytest.raises(ValueError, match=says):
        Rule(**words)


def test_a_rule_is_read_from_the_row_of_a_playbook():
    row = Clock(
        key="response",
        title="Response of the party",
        n=30,
        unit="bus_day",
        roll="next_business_day",
        cutoff="17:00",
        from_="milestone:served",
        until="replied",
        basis="law",
        cite="791.107",
        warn=("5 bus_day", "1 cal_day"),
        toll=(LAPSE,),
        extend=Extend(by="deciding_official", form="written_determination"),
        on_expiry="lapse",
    )
    assert Rule.of(to_plain(row), "America/New_York") == rule(
        30,
        "bus_day",
        key="response",
        roll="next_business_day",
        cutoff=time(17),
        basis="law",
        cite="791.107",
        warn=(Warn(5, "bus_day"), Warn(1, "cal_day")),
        toll=(LAPSE,),
        extended_by="deciding_official",
        extended_form="written_determination",
        on_expiry="lapse",
    )


def test_a_row_that_says_only_the_least_has_the_defaults():
    assert Rule.of({"key": "terms", "n": 5, "from": "approved"}, "UTC") == Rule(n=5, key="terms")


def test_a_moment_without_a_place_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        due(rule(5), datetime(2025, 3, 3, 9), FEDERAL)
    with pytest.raises(ValueError, match="needs a time zone"):
        Extension(decided_at=datetime(2025, 3, 3, 9), days=1)


def test_hours_from_a_bare_date_are_refused():
    with pytest.raises(ValueError, match="from a time of day, not from a date"):
        due(rule(24, "hour"), day("2025-03-03"), FEDERAL)


def test_a_playbook_may_name_every_calendar_that_is_kept_and_no_other():
    assert sorted(vocabulary.CALENDARS) == sorted(NAMES)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("CLOCK_KINDS", KINDS),
        ("UNITS", UNITS),
        ("COUNTS", COUNTS),
        ("ROLLS", ROLLS),
        ("FROM_MANY", FROM_MANY),
        ("ANCHORS", ANCHORS),
        ("BASES", BASES),
    ],
)
def test_a_playbook_and_a_rule_have_the_same_words(name, known):
    assert sorted(getattr(vocabulary, name)) == sorted(filter(None, known))


def test_every_clock_of_every_shipped_playbook_is_a_rule_that_gives_a_date():
    start = datetime(2026, 3, 3, 12, tzinfo=UTC)
    found = [
        due(Rule.of(to_plain(clock), playbook.timezone), start, calendar(playbook.calendar))
        for playbook in (each.playbook for each in every())
        for clock in playbook.clock
    ]
    assert len(found) > 10
    assert all(each.before > start and each.parts for each in found)
