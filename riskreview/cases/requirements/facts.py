"""What is there of a case, as plain values: all that requirements are decided from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody the case is about, by id and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """An exhibit that stands. `is_graded`: somebody judged its source or what it says."""

    ref: str
    is_graded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding that stands: how many standing exhibits it rests on, what its wording breaks, what it cites in vain.

    `cleared_on`: the day of the amendment that its review did not survive.
    """

    ref: str
    rests_on: int = 1
    is_fact: bool = False
    is_reviewed: bool = False
    cleared_on: datetime.date | None = None
    faults: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A consultation of this round. `until`: the last day of its time, where one runs."""

    key: str
    who: str
    state: str
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a party said, or that it said nothing. `is_considered`: somebody wrote down how."""

    key: str
    ref: str
    party: int
    state: str = "RECEIVED"
    is_considered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The time of a clock for one party (None: for all): its last day, whether it ran out, whether it still counts.

    Of a `not_before` clock `until` is the first day on which the stage may be entered, and `is_over` says it has come.
    """

    key: str
    party: int | None = None
    until: datetime.date | None = None
    is_over: bool = False
    is_waived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A task or a condition, and whether it is somebody's."""

    what: str
    is_owned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is there of a case, in its present round. `answered`: the lines answered, by checklist."""

    parties: tuple[Party, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    milestones: frozenset[tuple[str, int | None]] = frozenset()
    outputs: frozenset[str] = frozenset()
    exhibits: tuple[Exhibit, ...] = ()
    findings: tuple[Finding, ...] = ()
    answered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    consultations: tuple[Asked, ...] = ()
    submissions: tuple[Heard, ...] = ()
    limits: tuple[Limit, ...] = ()
    followups: tuple[FollowUp, ...] = ()
    visited: frozenset[str] = frozenset()
    is_proposed: bool = False
    is_published: bool = False
    effects: int = 0
    conditions: int = 0
    watches: int = 0
