"""How high a risk is, from how likely and how grave it is. Pure.

Source: NIST SP 800-30 Rev. 1 (2012), table I-2. The level is looked up; likelihood and impact are orders, not numbers,
and are never multiplied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models


class Level(models.IntegerChoices):
    """Five steps, for likelihood, impact and the risk they make."""

    VERY_LOW = 1, "Very low"
    LOW = 2, "Low"
    MODERATE = 3, "Moderate"
    HIGH = 4, "High"
    VERY_HIGH = 5, "Very high"


# A row for each likelihood, very low first; in it a level for each impact, very low first.
LEVELS = (
    (1, 1, 1, 2, 2),
    (1, 2, 2, 2, 3),
    (1, 2, 3, 3, 4),
    (1, 2, 3, 4, 5),
    (1, 2, 3, 4, 5),
)


def level(likelihood: int, impact: int) -> Level:
    """The risk of something that is so likely and so grave, each of five. Raises `ValueError` for other numbers."""
    return Level(LEVELS[Level(likelihood) - 1][Level(impact) - 1])


def before(finding: Any) -> Level | None:
    """The risk of a finding before its treatment; None while nobody has placed it."""
    placed = finding.risk_likelihood and finding.risk_impact
    return level(finding.risk_likelihood, finding.risk_impact) if placed else None


def after(finding: Any) -> Level | None:
    """The risk of a finding that is left: after its treatment where that was placed, else as it was."""
    placed = finding.residual_likelihood and finding.residual_impact
    return level(finding.residual_likelihood, finding.residual_impact) if placed else before(finding)


def left(findings: Iterable[Any]) -> Level | None:
    """The highest risk that is left among findings; None where none was placed."""
    levels = [found for found in map(after, findings) if found]
    return max(levels, default=None)


@dataclass(slots=True)
class Cell:
    """A field of the matrix: its level, and the findings that stand there before and after treatment."""

    level: Level
    was: list[Any] = field(default_factory=list)
    now: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix: how likely, and a cell for each impact, very low first."""

    likelihood: Level
    cells: Sequence[Cell]


def rows(findings: Iterable[Any]) -> list[Row]:
    """The matrix, the most likely row first. A finding without a treatment stands once, where it is now."""
    cells = {(one, two): Cell(level(one, two)) for one in Level for two in Level}
    for each in findings:
        first = (each.risk_likelihood, each.risk_impact)
        last = (each.residual_likelihood, each.residual_impact)
        if None not in last:
            cells[last].now.append(each)
            cells[first].was.append(each)
        elif None not in first:
            cells[first].now.append(each)
    return [Row(one, [cells[one, two] for two in Level]) for one in reversed(Level)]
