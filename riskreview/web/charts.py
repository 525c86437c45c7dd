"""Charts as SVG from the server: geometry in attributes, colour from classes, and no script."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, TOP, LANES = 860, 118, 8, 8, 8, 3
ROOM = 190  # what a label takes, in units of the drawing


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day; `tone` is a class of the chart colours."""

    on: datetime.date
    label: str
    address: str
    ref: str
    tone: str = "s2"


@dataclass(frozen=True, slots=True)
class Dot:
    """An event, placed."""

    event: Event
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month, placed."""

    label: str
    x: float
    text_x: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip of events over months: what the template draws."""

    dots: list[Dot]
    ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - 20
    right: int = WIDTH - RIGHT


def months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first days of the months from one day to another."""
    found, at = [], first.replace(day=1)
    while at <= last:
        found.append(at)
        at = (at + datetime.timedelta(days=32)).replace(day=1)
    return found


def event_strip(events: Sequence[Event]) -> Strip | None:
    """Events over time, in three lanes so that neighbours do not cover each other. None without events."""
    if not events:
        return None
    ordered = sorted(events, key=lambda event: event.on)
    begin = (ordered[0].on.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    end = (ordered[-1].on.replace(day=1) + datetime.timedelta(days=62)).replace(day=1)
    whole = max((end - begin).days, 1)

    def x(day: datetime.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - begin).days / whole, 1)

    starts = months(begin, end - datetime.timedelta(days=1))
    every = -(-len(starts) // 12)
    ticks = [
        Tick(f"{day:%b %Y}" if index == 0 or day.month == 1 else f"{day:%b}", x(day), x(day) + 5)
        for index, day in enumerate(starts)
    ]
    return Strip([placed(event, x(event.on), lane % LANES) for lane, event in enumerate(ordered)], ticks[::every])


def placed(event: Event, x: float, lane: int) -> Dot:
    """An event in its lane; its label flips to the left where the right has no room."""
    flip = x > WIDTH - ROOM
    y = TOP + 12 + lane * 28
    return Dot(event, x, y, x + (-10 if flip else 10), y + 4, "end" if flip else "start")


BARS_WIDTH, BARS_HEIGHT, BARS_TOP, BARS_FOOT = 560, 84, 4, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A day and how many there were, placed."""

    on: datetime.date
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts per day: what the template draws. `busiest` is the bar of the most."""

    bars: list[Bar]
    total: int
    busiest: Bar | None
    width: int = BARS_WIDTH
    height: int = BARS_HEIGHT
    base: int = BARS_HEIGHT - BARS_FOOT

    @property
    def first(self) -> datetime.date:
        """The first day."""
        return self.bars[0].on

    @property
    def last(self) -> datetime.date:
        """The last day."""
        return self.bars[-1].on


def day_bars(counts: Mapping[datetime.date, int], first: datetime.date, last: datetime.date) -> Bars:
    """Counts per day from a day to another, both included; days without any have a bar of no height."""
    days = (last - first).days + 1
    slot = BARS_WIDTH / days
    most = max([*counts.values(), 1])

    def placed_on(index: int) -> Bar:
        on = first + datetime.timedelta(days=index)
        count = counts.get(on, 0)
        height = round((BARS_HEIGHT - BARS_FOOT - BARS_TOP) * count / most, 1)
        y = BARS_HEIGHT - BARS_FOOT - height
        return Bar(on, count, round(index * slot + 1, 1), round(y, 1), round(slot - 2, 1), height)

    bars = [placed_on(index) for index in range(days)]
    busiest = max(bars, key=lambda bar: bar.count)
    return Bars(bars, sum(bar.count for bar in bars), busiest if busiest.count else None)
