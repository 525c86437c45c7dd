"""What is in force on a day: pure functions over dates and events. A decision, its publication, its effects and what
courts say of them are four things, and each has its own day."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from riskreview.lib.dates import day

# What keeps an effect from being in force while it lasts, and what ends it; being upheld takes both back.
SUSPENDS = frozenset({"STAYED", "ENJOINED", "POSTPONED"})
ENDS = frozenset({"VACATED", "SUPERSEDED", "RESCINDED", "EXPIRED"})
UPHELD = "UPHELD"
# What nobody but us does: it counts only once a second person stands behind it. The rest is done by others, and binds.
OURS = frozenset({"POSTPONED", "SUPERSEDED", "RESCINDED", "EXPIRED"})
NO_TRACK = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in law on one track (a statute or a docket). `until` is the day from which it holds no more.

    One that no second person has confirmed counts like the others, and every sentence that rests on it says so.
    """

    track: str
    kind: str
    as_of: datetime.date
    until: datetime.date | None = None
    words: str = ""
    confirmed: bool = True

    def lives(self, on: datetime.date) -> bool:
        """Whether it has begun and is not over on a day."""
        return self.as_of <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Terms:
    """When an effect is meant to be in force: from its first day (that of publication if none is given) to its last,
    unless another stands in its place from `replaced_on`. `published_on` None: the decision is held."""

    starts_on: datetime.date | None
    ends_on: datetime.date | None = None
    published_on: datetime.date | None = None
    replaced_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """How an effect stands on one track, and why, in words; and whether what that rests on was confirmed."""

    name: str
    in_force: bool
    why: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Force:
    """How an effect stands on a day: on each of its tracks, none merged with another."""

    tracks: tuple[Track, ...]

    @property
    def anywhere(self) -> bool:
        """Whether it is in force on any track."""
        return any(track.in_force for track in self.tracks)

    @property
    def divided(self) -> bool:
        """Whether its tracks contradict each other."""
        return self.anywhere and not all(track.in_force for track in self.tracks)

    @property
    def words(self) -> str:
        """In a few words."""
        if self.divided:
            return f"In force on {sum(track.in_force for track in self.tracks)} of {len(self.tracks)} tracks"
        return "In force" if self.anywhere else "Not in force"


def in_force(terms: Terms, events: Iterable[Event], on: datetime.date) -> Force:
    """How an effect stands on a day, on every track that anything has happened on by then; on one without a name if
    nothing has."""
    told = sorted((event for event in events if event.as_of <= on), key=lambda event: event.as_of)
    names = sorted({event.track for event in told}) or [NO_TRACK]
    outside = why_outside(terms, on)
    return Force(tuple(on_track(name, [each for each in told if each.track == name], outside, on) for name in names))


def why_outside(terms: Terms, on: datetime.date) -> str:
    """Why the day lies outside the effect's own terms; empty when it lies within."""
    if terms.published_on is None:
        return "approved and held: not made public"
    starts = terms.starts_on or terms.published_on
    if on < terms.published_on:
        return f"not made public before {day(terms.published_on)}"
    if terms.replaced_on and terms.replaced_on <= on:
        return f"replaced from {day(terms.replaced_on)}"
    if on < starts:
        return f"begins on {day(starts)}"
    if terms.ends_on and terms.ends_on < on:
        return f"ended on {day(terms.ends_on)}"
    return ""


def on_track(name: str, events: Sequence[Event], outside: str, on: datetime.date) -> Track:
    """How an effect stands on one track. `events` are those up to the day, oldest first."""
    stops = [event for event in standing(events) if event.kind in SUSPENDS | ENDS and event.lives(on)]
    if outside:
        return Track(name, False, outside)
    if stops:
        return Track(name, False, told(stops[-1]), any(event.confirmed for event in stops))
    lifted = [event for event in events if event.kind == UPHELD] or [
        event for event in events if event.kind not in SUSPENDS | ENDS
    ]
    return Track(name, True, told(lifted[-1]), lifted[-1].confirmed) if lifted else Track(name, True, "")


def standing(events: Sequence[Event]) -> Sequence[Event]:
    """The events that nothing later took back: being upheld clears what was before."""
    upheld = [place for place, event in enumerate(events) if event.kind == UPHELD]
    return events[upheld[-1] :] if upheld else events


def told(event: Event) -> str:
    """An event in words."""
    until = f" until {day(event.until)}" if event.until else ""
    words = f"{event.kind.lower()} on {day(event.as_of)}{until}" + (f" ({event.words})" if event.words else "")
    return words if event.confirmed else f"{words}; recorded by one person, not confirmed"


class State(enum.StrEnum):
    """Where a decision stands on a day."""

    DRAFT = "DRAFT"
    APPROVED_HELD = "APPROVED_HELD"
    PUBLISHED = "PUBLISHED"
    SUPERSEDED = "SUPERSEDED"
    RESCINDED = "RESCINDED"
    EXPIRED = "EXPIRED"

    @property
    def words(self) -> str:
        """In words."""
        return "Approved, held" if self is State.APPROVED_HELD else self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a decision stands on a day, and whether it would without what a single person recorded."""

    state: State
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """The days of a decision: signed, made public, followed by another of its case; the last days of its effects
    (None for one without end); and what happened to the whole of it in law."""

    approved_on: datetime.date | None
    published_on: datetime.date | None = None
    replaced_on: datetime.date | None = None
    last_days: tuple[datetime.date | None, ...] = ()
    events: tuple[Event, ...] = ()


def state_of(course: Course, on: datetime.date) -> State:
    """Where a decision stands on a day. One that is signed and not made public is held, whatever its effects say."""
    if course.approved_on is None:
        return State.DRAFT
    told = sorted((event for event in course.events if event.as_of <= on), key=lambda event: event.as_of)
    happened = {event.kind for event in standing(told) if event.lives(on)}
    public = course.published_on is not None and course.published_on <= on
    if "RESCINDED" in happened:
        return State.RESCINDED
    if "SUPERSEDED" in happened or (course.replaced_on and course.replaced_on <= on):
        return State.SUPERSEDED
    if not public:
        return State.APPROVED_HELD if course.approved_on <= on else State.DRAFT
    over = bool(course.last_days) and all(last is not None and last < on for last in course.last_days)
    return State.EXPIRED if over or "EXPIRED" in happened else State.PUBLISHED


def stand_of(course: Course, on: datetime.date) -> Stand:
    """Where a decision stands on a day, and whether two people stand behind what decides that."""
    certain = replace(course, events=tuple(event for event in course.events if event.confirmed))
    state = state_of(course, on)
    return Stand(state, state_of(certain, on) is state)
