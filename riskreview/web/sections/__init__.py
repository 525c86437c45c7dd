"""The sections of a case's page: each loads what its part shows, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

from riskreview.accounts.models import User
from riskreview.cases.models import Case

from . import board, clocks, effects, hearing, procedure, record, together

SECTIONS = {
    "procedure": procedure.load,
    "clocks": clocks.load,
    "hearing": hearing.load,
    "board": board.load,
    "effects": effects.load,
    "together": together.load,
    "record": record.load,
}


def load(case: Case, user: User) -> dict[str, dict[str, Any]]:
    """What every section shows, by its name."""
    return {name: section(case, user) for name, section in SECTIONS.items()}
