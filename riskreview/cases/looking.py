"""How a watch looks: what there is to see is fetched, `watches.looked` decides, and what follows is done at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.evidence.models import Change, Document, Signal, Source
from riskreview.incidents.models import Incident
from riskreview.lib.work import Running

from . import guards, watches
from .models import Condition, Kept, Task, WatchCheck
from .models.watchcheck import confirmed, owners, vendors_of
from .watches import Address, Facts, Outcome, Place, Thing, Trip
from .workflow import Status

Watch = Condition.Watch
MOST = 20  # so much news one look tells of


class Unseen(Exception):
    """A look that saw nothing because it could not see. The row keeps the reason, and is tried again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def carry_out(work: Running[WatchCheck]) -> None:
    """Look on behalf of one condition, and do what follows, under the lease."""
    check = work.row
    condition = Condition.objects.select_related("case").get(pk=check.condition_id)
    if over(condition):
        work.finish(ignore, None, ended_at=Now())
        return
    what = facts(check, condition, timezone.now())
    found = watches.looked(condition.watch, condition.parameters, what)
    if isinstance(found, watches.CouldNot):
        raise Unseen(found.reason)
    tripped = {"tripped_at": Now()} if isinstance(found, Trip) else {}
    work.finish(
        follow,
        (condition, found, isinstance(found, Trip) and check.seen.get("asked") == found.reason),
        first=condition.case.lock,
        looked_at=Now(),
        outcome=found.reason if isinstance(found, Trip) else found.words,
        not_before=next_look(check, condition),
        seen=check.seen | seen(check, what, found),
        **tripped,
    )


def over(condition: Condition) -> bool:
    """Whether nobody needs this watch any more."""
    return condition.state != Kept.OPEN or condition.case.status != Status.DECIDED


def next_look(check: WatchCheck, condition: Condition) -> Any:
    """When to look again. Somebody's "now" during this look stands."""
    planned = Now() + datetime.timedelta(days=condition.every_days)
    return Either(When(not_before__gt=check.not_before, then=F("not_before")), default=planned)


def seen(check: WatchCheck, what: Facts, found: Outcome) -> dict[str, Any]:
    """What is remembered of a look, so that everything is told of once."""
    if not isinstance(found, Trip):
        return {"asked": ""}
    owned = {"owners": what.owners} if "owners" in check.seen else {}
    told = {found.told[0]: [*check.seen.get(found.told[0], []), found.told[1]]} if found.told else {}
    return {"asked": found.reason} | owned | told


def ignore(check: WatchCheck, result: None) -> None:
    """Nothing follows."""


def follow(check: WatchCheck, result: tuple[Condition, Outcome, bool]) -> None:
    """Do what a look leads to: open the case again, or ask its lead to see, once. Written with the end of the look."""
    condition, found, asked = result
    condition.refresh_from_db(fields=["state"])
    if not isinstance(found, Trip) or over(condition):
        return
    if condition.on_trip == Condition.OnTrip.REOPEN:
        open_again(condition, found)
    elif not asked:
        ask(condition, found)


def open_again(condition: Condition, found: Trip) -> None:
    """The case opens again, with the reason and what shows it on record."""
    condition.case.trip(
        by=User.objects.system(),
        condition=condition,
        reason=found.reason,
        document=Document.objects.filter(pk=found.document or 0).first(),
        incident=Incident.objects.filter(pk=found.incident or 0).first(),
    )


def ask(condition: Condition, found: Trip) -> None:
    """Give the lead of the case a task: a person says whether the case opens again. It is anybody's where no lead is
    there any more."""
    case = condition.case
    lead = case.lead if case.lead and guards.colleague(None, case.lead) else None
    document = Document.objects.filter(pk=found.document or 0).first()
    shown = document or Incident.objects.filter(pk=found.incident or 0).first()
    Task.objects.add(
        by=User.objects.system(),
        case=case,
        title=f"Condition {condition.number} may be broken: open the case again?"[:200],
        detail=f"{found.reason}\n{shown.get_absolute_url()}" if shown else found.reason,
        owner=lead,
    )


def facts(check: WatchCheck, condition: Condition, now: datetime.datetime) -> Facts:
    """What there is to see for a condition now. Only what its watch looks at is fetched."""
    watch = condition.watch
    if watch in (Watch.EXPIRY_DATE, Watch.REPORT_DUE):
        return Facts(now, due_on=condition.due_on)
    if watch == Watch.SOURCE_QUIET:
        return Facts(now, place=place(condition.parameters["source"], now))
    if watch in (Watch.LIST_ENTRY, Watch.DOCUMENT_CHANGED):
        number = condition.parameters["document"]
        return Facts(now, address=address(check, number), changes=tuple(changes(check, number)))
    vendors = vendors_of(condition)
    if watch == Watch.INCIDENT_CONFIRMED:
        return Facts(now, vendors=tuple(vendors), confirmed=tuple(incidents(check, condition, vendors)))
    held = {"owners_before": check.seen.get("owners", []), "owners": owners(vendors)}
    owned = held if watch == Watch.OWNERSHIP_CHANGED else {}
    found = tuple(news(check, condition, vendors))
    return Facts(now, vendors=tuple(vendors), news=found, visited=sources(condition).exists(), **owned)


def place(number: int, now: datetime.datetime) -> Place | None:
    """How a source does."""
    source = Source.objects.filter(pk=number).first()
    if source is None:
        return None
    return Place(source.name, source.enabled, source.is_quiet(now), source.ended_at is not None, source.last_error)


def address(check: WatchCheck, number: int) -> Address | None:
    """What is known of a watched document."""
    document = Document.objects.filter(pk=number).first()
    if document is None:
        return None
    read = document.snapshots.filter(text__isnull=False).order_by("-fetched_at", "-pk").first()
    gone = document.withdrawn_at is not None or document.missing_since is not None or document.dead_at is not None
    looked_at = max(filter(None, (document.checked_at, check.since)))
    return Address(number, read.text if read else None, looked_at, gone)


def changes(check: WatchCheck, number: int) -> Iterator[Thing]:
    """Material changes of a document since the watch began that no look has told of."""
    rows = Change.objects.filter(document=number, material=True, found_at__gt=check.since)
    rows = rows.exclude(pk__in=check.seen.get("changes", [])).select_related("document")
    for change in rows.order_by("found_at", "pk")[:MOST]:
        yield Thing(number, f"“{change.document}” changed: {change.summary}", change.pk)


def incidents(check: WatchCheck, condition: Condition, vendors: list[int]) -> Iterator[Thing]:
    """Incidents that are confirmed by now, and were not when the watch began or at an earlier look."""
    for incident in confirmed(condition, vendors).exclude(pk__in=check.seen.get("incidents", []))[:MOST]:
        words = incident.get_standing_display().lower()
        yield Thing(incident.pk, f"{incident.ref} “{incident}” is confirmed: {words}.")


def news(check: WatchCheck, condition: Condition, vendors: list[int]) -> Iterator[Thing]:
    """Documents that came into the archive since the watch began, are not older than the question, and bear on it."""
    since = Q(published_at=None) | Q(published_at__date__gte=condition.case.asked_on)
    rows = Document.objects.filter(since, telling(condition, vendors), first_seen_at__gte=check.since)
    rows = rows.exclude(pk__in=check.seen.get("documents", [])).select_related("source")
    for document in rows.order_by("first_seen_at", "pk")[:MOST]:
        yield Thing(document.pk, f"{spoken(condition, document)}: “{document}”.")


def spoken(condition: Condition, document: Document) -> str:
    """What a document is to a condition, in words."""
    where = f"{document.outlet} " if document.outlet else ""
    if condition.watch == Watch.OWNERSHIP_CHANGED:
        return f"{where}tells of a change of ownership"
    return f"{where}tells of an official action" if is_from_press(document) else f"{where}has a new official notice"


def is_from_press(document: Document) -> bool:
    """Whether no authority speaks in it."""
    official = document.source is not None and document.source.is_official
    return not official and document.kind != Document.Kind.OFFICIAL_NOTICE


def telling(condition: Condition, vendors: list[int]) -> Q:
    """The condition that a document bears on these vendors as the watch wants it.

    An authority that speaks of a vendor is enough for an official action. A change of ownership needs a sentence that
    asserts one; so does an official action where other sources are believed too.
    """
    official = Q(source__source_class__in=Source.OFFICIAL) | Q(kind=Document.Kind.OFFICIAL_NOTICE)
    said = Exists(asserted(condition, vendors))
    if condition.watch == Watch.OWNERSHIP_CHANGED:
        return Q(said) if condition.parameters.get("any_source") else official & Q(said)
    spoken_of = official & Q(pk__in=about(vendors))
    return spoken_of | Q(said) if condition.parameters.get("any_source") else spoken_of


def about(vendors: list[int]) -> Any:
    """The documents that speak of these vendors."""
    return Document.objects.filter(salience__vendor__in=vendors).values("pk")


def asserted(condition: Condition, vendors: list[int]) -> Any:
    """The sentences of a document that assert something of the kind about these vendors."""
    owned = condition.watch == Watch.OWNERSHIP_CHANGED
    categories = watches.OWNERSHIP_SIGNALS if owned else watches.ACTION_SIGNALS
    rows = Signal.objects.counting().filter(snapshot__document=OuterRef("pk"), status=Signal.Status.ASSERTED)
    return rows.filter(category__in=categories, vendors__in=vendors)


def sources(condition: Condition) -> Any:
    """The sources from which news for a condition would come, and that are visited."""
    rows = Source.objects.filter(enabled=True, ended_at=None)
    return rows if condition.parameters.get("any_source") else rows.filter(source_class__in=Source.OFFICIAL)
