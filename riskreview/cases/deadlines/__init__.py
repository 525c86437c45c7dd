"""The clocks of case work as pure functions: which date a rule gives, where it stands, what may be done about it.

Nothing here reads a clock, a row or a setting: time and facts are passed in. How a date is computed: docs/deadlines.md.
"""

from __future__ import annotations

from .computing import binding, due, starts, stops_it
from .counting import counted_day, local_day, midnight
from .deciding import (
    Weight,
    check_extension,
    check_permitted,
    check_presumption,
    check_toll,
    check_waiver,
    corrected,
    offers_presumption,
    weigh_objection,
)
from .facts import ON_HOLD, Due, Extension, Start, Toll
from .recurring import following, occurrence, open_occurrence
from .rule import Rule, Warn
from .standing import AMBER, Notice, State, age, born_late, in_time, left, next_moment, notices, state, warnings

__all__ = [
    "AMBER",
    "ON_HOLD",
    "Due",
    "Extension",
    "Notice",
    "Rule",
    "Start",
    "State",
    "Toll",
    "Warn",
    "Weight",
    "age",
    "binding",
    "born_late",
    "check_extension",
    "check_permitted",
    "check_presumption",
    "check_toll",
    "check_waiver",
    "corrected",
    "counted_day",
    "due",
    "following",
    "in_time",
    "left",
    "local_day",
    "midnight",
    "next_moment",
    "notices",
    "occurrence",
    "offers_presumption",
    "open_occurrence",
    "starts",
    "state",
    "stops_it",
    "warnings",
    "weigh_objection",
]
