"""How a source is doing, in words: its health, its visits, its grades, and the host it is fetched from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from riskreview.audit.models import Entry
from riskreview.evidence.models import Host, Source, Visit
from riskreview.lib.urls import host_of

from .clock import day, span
from .wording import arguments

GRADING = ("source.grade", "source.register")
GRADES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Health:
    """How the visits go, in words; `tone` is a badge's."""

    tone: str
    word: str
    sentence: str


def health(source: Source, now: datetime.datetime) -> Health:
    """Judge a source by its last visits."""
    if not source.enabled:
        return Health("", "Paused", "It is not visited.")
    if source.ended_at:
        return Health("", "Ended", f"It is visited no more since {day(source.ended_at, now)}: {source.ended_why}")
    if source.last_error:
        return failing(source, now)
    if source.is_quiet(now):
        return Health("high", "Quiet", silence(source, now))
    if source.last_success_at is None:
        return Health("info", "New", "It has not been visited yet.")
    waited = (now - source.last_success_at).total_seconds()
    late = waited > 120 * source.interval_minutes
    return Health("med" if late else "low", "Late" if late else "Working", f"The last visit was {span(waited)} ago.")


def failing(source: Source, now: datetime.datetime) -> Health:
    """What is wrong, and since when it last worked."""
    last = source.last_success_at
    since = f"The last success was {span((now - last).total_seconds())} ago." if last else "No visit has worked yet."
    worn = max(source.attempts, source.failures) >= 3
    also = f" {silence(source, now)}" if source.is_quiet(now) else ""
    return Health("crit" if worn else "high", "Failing", f"{since} {source.last_error}{also}")


def silence(source: Source, now: datetime.datetime) -> str:
    """Since when a source has brought nothing, and what is usual for it."""
    usual = span(source.usual_gap.total_seconds()) if source.usual_gap else "day"
    silent = span((now - source.silent_since).total_seconds())
    since = day(source.silent_since, now)
    return f"Nothing new for {silent}, since {since}. It usually brings something every {usual}."


@dataclass(frozen=True, slots=True)
class Told:
    """What a visit came to; `tone` is a badge's, `again` says that a person may have it read again."""

    visit: Visit
    tone: str
    words: str
    again: bool = False


def told(visit: Visit) -> Told:
    """A visit in words."""
    if visit.dead_at:
        return Told(visit, "crit", f"given up: {visit.last_error}", again=True)
    if visit.read_at is None:
        trouble = f"; the last attempt failed: {visit.last_error}" if visit.last_error else ""
        return Told(visit, "info", f"waiting to be read{trouble}")
    if visit.reason:
        return Told(visit, "high", f"could not be {'read' if visit.sha256 else 'fetched'}: {visit.reason}")
    items = "1 item" if visit.items == 1 else f"{visit.items:,} items"
    return Told(visit, "low" if visit.new_items else "", f"{items}, {visit.new_items:,} new")


@dataclass(frozen=True, slots=True)
class Graded:
    """One judgement of a source's reliability. The letters and the reason are empty once the body was erased."""

    entry: Entry
    before: str
    after: str
    reason: str
    is_erased: bool


def grades(source: Source) -> list[Graded]:
    """How the source was judged, newest first."""
    entries = Entry.objects.about(source).filter(kind=Entry.Kind.ACT, verb__in=GRADING)
    return [graded(entry) for entry in entries.select_related("actor", "body").newest_first()[:GRADES_SHOWN]]


def graded(entry: Entry) -> Graded:
    """An entry as a judgement."""
    private = entry.private
    after = str(arguments(private).get("reliability", ""))
    changed = private.get("changes", {}).get("reliability") or [after, after]
    before = "" if entry.verb == "source.register" else str(changed[0] or "")
    return Graded(entry, before, after, str(private.get("reason") or ""), not private)


@dataclass(frozen=True, slots=True)
class Paused:
    """Who paused a source, and why. The reason is empty once the body was erased."""

    entry: Entry
    reason: str


def paused(source: Source) -> Paused | None:
    """The act that paused the source; None while it is visited."""
    acts = Entry.objects.about(source).filter(kind=Entry.Kind.ACT, verb="source.pause")
    entry = None if source.enabled else acts.select_related("actor", "body").newest_first().first()
    return Paused(entry, str(entry.private.get("reason") or "")) if entry else None


def left_alone(source: Source, now: datetime.datetime) -> str:
    """Why the source's host is not asked for now; empty when it is."""
    host: Any = Host.objects.filter(name=host_of(source.url), open_until__gt=now).first()
    return rest(host, now) if host else ""


def rest(host: Host, now: datetime.datetime) -> str:
    """The rest of a host that failed too often."""
    until = day(host.open_until, now).removeprefix("today, ") if host.open_until else "later"
    return f"{host.name} is left alone until {until} UTC after {host.failures} failures in a row: {host.reason}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How a visit that somebody asked for goes. `step` says what it waits for; empty once it is over."""

    step: str
    words: str = ""
    new: int = 0


def progress(
    source: Source,
    visits: list[Visit],
    now: datetime.datetime,
    *,
    since: datetime.datetime | None = None,
    rest: str = "",
) -> Progress:
    """Judge by the row, by the visits since somebody asked for one, and by whether its host rests."""
    if any(visit.read_at is None and visit.dead_at is None for visit in visits):
        return Progress("The answer is here and is being read.")
    if source.enabled and source.ended_at is None:
        if source.lease_until and source.lease_until > now:
            return Progress("It is being visited.")
        if source.not_before <= now:
            return Progress("It is visited within a few seconds.")
    return came_of(source, visits, now, since, rest)


def came_of(
    source: Source, visits: list[Visit], now: datetime.datetime, since: datetime.datetime | None, rest: str
) -> Progress:
    """What came of a visit that is over, or was put off."""
    new = sum(visit.new_items for visit in visits)
    if new:
        return Progress("", "1 new document." if new == 1 else f"{new:,} new documents.", new)
    if rest and not visits:
        return Progress("", f"It was not visited. {rest}")
    if source.last_error:
        return Progress("", f"It did not work: {source.last_error}")
    fetched = source.last_fetch_at
    if fetched is None or (since and fetched < since):
        return Progress("", f"It was not visited yet. The next visit is {day(source.not_before, now)} UTC.")
    return Progress("", "Nothing new.")
