"""Dated facts, limits, closures and feeds in the audit trail, as sentences."""

from __future__ import annotations

from typing import Any

from riskreview.lib.datafile import words
from riskreview.lib.dates import short


def given(private: dict[str, Any]) -> dict[str, Any]:
    """What was said with the act; empty once the body was erased."""
    told = private.get("arguments")
    return told if isinstance(told, dict) else {}


def new(private: dict[str, Any], column: str) -> Any:
    """What a column says since the act; None where the act left it."""
    return ((private.get("changes") or {}).get(column) or (None, None))[1]


def _stated(private: dict[str, Any]) -> str:
    told = given(private)
    return short(told.get("stated_on") or told.get("stated_at") or "another day")


def _record(teller: Any, private: dict[str, Any]) -> str:
    what = new(private, "key")
    return f"put on record: {words(what).lower() if what else 'a date'}, {_stated(private)}"


def _correct(teller: Any, private: dict[str, Any]) -> str:
    moved = new(private, "moved") or []
    return f"corrected a date to {_stated(private)}" + (f". {' '.join(moved)}" if moved else "")


def _toll(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    until = f" to {short(told['last'])}" if told.get("last") else " on"
    return f"stopped a limit from {short(told.get('first') or 'an unknown day')}{until}"


def _end_toll(teller: Any, private: dict[str, Any]) -> str:
    last = given(private).get("last")
    return "let a limit run again: it stood still " + (f"up to {short(last)}" if last else "for less than a day")


def _extend(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    days = told.get("days") or 0
    more = f"by {days} day{'' if days == 1 else 's'}" if days else f"to {short(told.get('until') or 'an unknown day')}"
    return f"extended a limit {more}"


def _warn(teller: Any, private: dict[str, Any]) -> str:
    return f"warned that a limit comes near: {given(private).get('notice', 'soon')} left"


def _expire(teller: Any, private: dict[str, Any]) -> str:
    settled = new(private, "settled")
    return {"LAPSED": "noted that a time is over", "MISSED": "noted that a date was missed"}.get(
        settled, "noted that a limit is overdue"
    )


def _announce(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    day, calendar = short(told.get("day") or "a day"), words(str(told.get("calendar") or "")).lower()
    return f"announced that offices are closed on {day} ({calendar})"


WORDS: dict[str, tuple[str, str, Any]] = {
    "milestone.record": ("calendar", "note", _record),
    "milestone.correct": ("undo-2", "note", _correct),
    "clock.toll": ("pause", "", _toll),
    "clock.end_toll": ("rotate-cw", "", _end_toll),
    "clock.extend": ("calendar", "note", _extend),
    "clock.waive": ("x", "note", "waived a limit"),
    "clock.void": ("x", "", "ended a limit of an earlier round"),
    "clock.warn": ("clock", "", _warn),
    "clock.expire": ("circle-alert", "", _expire),
    "closure.announce": ("calendar", "note", _announce),
    "closure.revoke": ("undo-2", "", "took back that offices are closed"),
    "calendarfeed.offer": ("calendar", "", "made an address for a calendar program"),
    "calendarfeed.revoke": ("x", "", "shut the address of a calendar program"),
}
