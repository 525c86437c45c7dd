"""The looking of conditions that watch themselves: when next, and what came of the last look."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now

from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes
from riskreview.vendors.models import Relation, Vendor

from .decision import Decision
from .effect import Condition, Kept

if TYPE_CHECKING:
    from .case import Case

GRACE = datetime.timedelta(hours=24)  # so much later than planned a look may be before the watch counts as behind


class WatchCheckQuerySet(WorkQuerySet["WatchCheck"]):
    """Watches, running and over."""

    def begin(self, decision: Decision) -> None:
        """Look after the open conditions of a decision that is approved now, from this moment on."""
        for condition in decision.conditions.filter(state=Kept.OPEN).exclude(watch=""):
            self.create(condition=condition, seen=known_by(condition))
            for document in Document.objects.filter(pk=condition.parameters.get("document")):
                document.watch()

    def end(self, **which: Any) -> None:
        """Look no more: the case is open again, or the condition is settled."""
        self.filter(ended_at=None, **which).update(ended_at=Now())

    def live(self) -> WatchCheckQuerySet:
        """Those that still look."""
        return self.filter(ended_at=None)

    def hurry_for_vendors(self, vendors: Collection[int]) -> None:
        """Look now: a document about these vendors was read."""
        every = Vendor.objects.counting_as(vendors).values("pk")
        case = "condition__case"
        concerned = (
            Q(**{f"{case}__vendors__in": every})
            | Q(**{f"{case}__products__vendor__in": every})
            | Q(**{f"{case}__effects__vendor__in": every})
        )
        told = Q(condition__watch__in=(Condition.Watch.OFFICIAL_ACTION, Condition.Watch.OWNERSHIP_CHANGED))
        self._hurry(self.filter(concerned, told))

    def hurry_for_document(self, document: Document) -> None:
        """Look now: this document changed."""
        self._hurry(self.filter(condition__parameters__document=document.pk))

    def _hurry(self, rows: models.QuerySet[WatchCheck]) -> None:
        found = list(rows.filter(ended_at=None).order_by("pk").values_list("pk", flat=True).distinct())
        if found:
            self.filter(pk__in=found).update(not_before=Now())

    def documents(self) -> Any:
        """Live watches of one document, with its number as `watched`."""
        number = Cast(KeyTextTransform("document", "condition__parameters"), BigIntegerField())
        return self.live().filter(condition__parameters__has_key="document").annotate(watched=number)


class WatchCheck(Work):
    """The looking of one condition: when next, what came of the last look, and up to where everything was seen.

    A watch that could not look says so; it never passes for one that found nothing. It never gives up.
    """

    terms = Terms(
        window=50, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS, attempts=0
    )
    work_left = Q(ended_at=None)

    condition = models.OneToOneField(Condition, on_delete=models.CASCADE, related_name="looking")
    since = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    seen = models.JSONField(default=dict)
    tripped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = WatchCheckQuerySet.as_manager()

    class Meta:
        indexes = work_indexes("watchcheck", Q(ended_at=None))

    def __str__(self) -> str:
        return f"watch of {self.condition_id}"

    def unseen_since(self, now: datetime.datetime) -> datetime.datetime | None:
        """Since when nobody has looked, if a look failed or is a day late; None when all is well or over."""
        last = self.looked_at or self.since
        late = now - last > datetime.timedelta(days=self.condition.every_days) + GRACE
        return last if self.ended_at is None and (self.last_error or late) else None


def vendors_of(condition: Condition) -> list[int]:
    """The vendors a condition is about: the one it is limited to; else those of its case, of the case's products and
    of its effects, merged ones counting as one."""
    case = condition.case
    if only := condition.parameters.keys() & {"vendor", "product"}:
        limit = {"products" if name == "product" else "pk": condition.parameters[name] for name in only}
        limited = list(Vendor.objects.filter(**limit).values_list("pk", flat=True))
        return sorted(Vendor.objects.counting_as(limited).values_list("pk", flat=True))
    return vendors_of_case(case)


def vendors_of_case(case: Case) -> list[int]:
    """The vendors of a case, of its products and of its effects, with all that were merged into them."""
    named = {*case.vendors.values_list("pk", flat=True), *case.products.values_list("vendor", flat=True)}
    for vendor, product in case.effects.values_list("vendor", "product__vendor"):
        named |= {vendor, product}
    standing = set(Vendor.objects.filter(pk__in=named - {None}).values_list("merged_into", "pk"))
    one = {into or own for into, own in standing}
    return sorted(Vendor.objects.counting_as(one).values_list("pk", flat=True))


def owners(vendors: Collection[int]) -> list[list[Any]]:
    """Who is on the register as an owner of these vendors: name, share and dates."""
    rows = Relation.objects.filter(vendor__in=vendors, kind=Relation.Kind.PARENT).select_related("other")
    told = [
        [each.other.canonical_name, each.share_percent, *(str(day or "") for day in (each.valid_from, each.valid_to))]
        for each in rows
    ]
    return sorted(told, key=str)


def confirmed(condition: Condition, vendors: Collection[int]) -> models.QuerySet[Incident]:
    """Incidents of these vendors, or of the one product that a condition is limited to, that may be stated as facts."""
    if product := condition.parameters.get("product"):
        rows = Incident.objects.filter(involvements__product=product).distinct()
    else:
        rows = Incident.objects.involving(*Vendor.objects.filter(pk__in=vendors))
    return rows.filter(standing__in=Incident.FACTS).order_by("pk")


def known_by(condition: Condition) -> dict[str, Any]:
    """What stands already when a watch begins, and so is no news to it."""
    if condition.watch == Condition.Watch.OWNERSHIP_CHANGED:
        return {"owners": owners(vendors_of(condition))}
    if condition.watch == Condition.Watch.INCIDENT_CONFIRMED:
        return {"incidents": list(confirmed(condition, vendors_of(condition)).values_list("pk", flat=True))}
    return {}
