"""The dated facts of a case that its limits are worked out from: plain values, one round of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .deadlines import Extension, Start, State, Toll

# What tells a clock from the others of its round: its rule, its occurrence, the milestone or the consultation it
# started from.
Key = tuple[str, int, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A milestone: its row, what it is called, whom it is about, and when it is stated to have happened."""

    row: int
    key: str
    at: Start
    party: int | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A consultation that was sent, or is still to be (`sent_at` None).

    `answered_at`: any answer. `heeded_at`: one that keeps silence from meaning consent, which a comment from below the
    needed rank and a late objection are not.
    """

    row: int
    key: str
    sent_at: datetime | None
    answered_at: datetime | None = None
    heeded_at: datetime | None = None
    presumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One visit of one stage."""

    key: str
    entered_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """What a party sent within a right of reply."""

    key: str
    party: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is on record of one round. `parties` are the vendors it is about; stops, extensions and what was settled
    stand under the key of a clock."""

    milestones: tuple[Happened, ...] = ()
    consultations: tuple[Asked, ...] = ()
    visits: tuple[Visited, ...] = ()
    replies: tuple[Replied, ...] = ()
    approved_at: datetime | None = None
    parties: frozenset[int] = frozenset()
    tolls: Mapping[Key, tuple[Toll, ...]] = field(default_factory=dict)
    extensions: Mapping[Key, tuple[Extension, ...]] = field(default_factory=dict)
    settled: Mapping[Key, State] = field(default_factory=dict)
