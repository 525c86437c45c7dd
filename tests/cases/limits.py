"""Builders for tests of limits: short words for rules, days, moments, stops and extensions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from riskreview.cases.deadlines import Extension, Rule, Toll, due
from riskreview.lib.workdays import calendar

EASTERN = ZoneInfo("America/New_York")
FEDERAL = calendar("us-federal")
LAPSE = "lapse_in_appropriations"
SHUTDOWN = Toll(date(2025, 10, 1), date(2025, 11, 12), LAPSE, "notice")
ROLL = {"roll": "next_business_day"}
FIVE = {"cutoff": time(17)}
TOLLED = {"toll": (LAPSE,)}


def rule(n, unit="cal_day", *, zone=EASTERN, **words):
    return Rule(n=n, unit=unit, zone=zone, **words)


def day(text):
    return date.fromisoformat(text)


def eastern(text):
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def when(text):
    """A date, or with a time of day an instant in the east of the United States."""
    return eastern(text) if "T" in text else day(text)


FINAL = rule(180, basis="law", extended_by="deciding_official", extended_form="written_determination")
CONCURRENCE = rule(14, kind="presumed_after", on_expiry="offer_presumption", basis="law")


def signed(at, *, days=0, until=None, **words):
    known = {"by": "deciding_official", "form": "written_determination", "document": "doc-1"}
    return Extension(decided_at=eastern(at), days=days, until=until, **(known | words))


def extended(limit, start, *extensions, tolls=()):
    return due(limit, day(start), FEDERAL, tolls, extensions)
