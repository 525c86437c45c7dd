"""Limits that come again: every so many months from a fixed day, or from when it was last done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from riskreview.lib.workdays import Calendar

from .computing import due
from .facts import Due, Start, Toll
from .rule import Rule


def occurrence(rule: Rule, start: Start, number: int, calendar: Calendar, tolls: Iterable[Toll] = ()) -> Due:
    """The `number`-th date of a fixed series, from 1. Each is counted from the first start, so a short month does not
    shorten the ones after it. Raises `ValueError` for a series that follows what was done."""
    if rule.anchor == "last_done":
        raise ValueError("A series that follows what was done has no date before that was done.")
    if number < 1:
        raise ValueError(f"Dates of a series are counted from 1, not from {number}.")
    return due(replace(rule, n=rule.n * number), start, calendar, tolls)


def open_occurrence(
    rule: Rule, start: Start, calendar: Calendar, now: datetime, *, settled: int = 0, tolls: Iterable[Toll] = ()
) -> tuple[tuple[Due, ...], Due]:
    """Of a fixed series, of which so many are settled (done or missed): those missed since, and the open one."""
    tolls, missed = tuple(tolls), []
    current = occurrence(rule, start, settled + 1, calendar, tolls)
    while current.before is not None and current.before <= now:
        missed.append(current)
        current = occurrence(rule, start, settled + len(missed) + 1, calendar, tolls)
    return tuple(missed), current


def following(rule: Rule, start: Start, done: Start | None, calendar: Calendar, tolls: Iterable[Toll] = ()) -> Due:
    """Of a series that follows what was done, the open date: counted from then, or from the start if it never was.

    Raises `ValueError` for a fixed series.
    """
    if rule.anchor != "last_done":
        raise ValueError("A fixed series does not depend on what was done.")
    return due(rule, start if done is None else done, calendar, tolls)
