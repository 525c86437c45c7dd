"""Incidents: what happened, who is said to be involved, and the passages that say so."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful
from riskreview.evidence.models import Document, Snapshot
from riskreview.lib.numbering import next_reference
from riskreview.vendors.models import Product, Vendor


class IncidentQuerySet(SeenByReaders, models.QuerySet["Incident"]):
    """The incident register."""

    @recorded_factory(who=roles.reviewer)
    def report(
        self,
        *,
        by: User,
        kind: Incident.Kind,
        title: str,
        neutral_summary: str,
        occurred_from: datetime.date,
        occurred_to: datetime.date | None = None,
        granularity: Incident.Granularity | None = None,
        standing: Incident.Standing | None = None,
    ) -> Incident:
        """Put on record that something happened, or is said to have happened."""
        return self.model(
            ref=next_reference(self.model.objects.all(), f"INC-{occurred_from:%Y}-", digits=3),
            kind=kind,
            title=said(title, "An incident needs a title."),
            neutral_summary=neutral_summary,
            occurred_from=occurred_from,
            occurred_to=occurred_to,
            granularity=granularity or Incident.Granularity.DATE,
            standing=standing or Incident.Standing.ALLEGED,
        )

    def involving(self, *vendors: Vendor) -> Self:
        """Incidents one of the vendors, or one of their products, is said to be involved in."""
        named = Q(involvements__vendor__in=vendors) | Q(involvements__product__vendor__in=vendors)
        return self.filter(named).distinct()


class Incident(Recorded):
    """Something that happened, or that someone says happened: repetition never turns the one into the other."""

    class Kind(models.TextChoices):
        """What sort of event it is; harm is only one of them."""

        HARM_INCIDENT = "HARM_INCIDENT", "Harm"
        NEAR_MISS = "NEAR_MISS", "Near miss"
        HAZARD = "HAZARD", "Hazard"
        VULNERABILITY = "VULNERABILITY", "Vulnerability"
        ALLEGATION = "ALLEGATION", "Allegation"
        POLICY_ACTION = "POLICY_ACTION", "Policy action"
        LEGAL_ACTION = "LEGAL_ACTION", "Legal action"
        MARKET_EVENT = "MARKET_EVENT", "Market event"
        CAPABILITY_RELEASE = "CAPABILITY_RELEASE", "Capability release"
        EVALUATION = "EVALUATION", "Evaluation"

    class Standing(models.TextChoices):
        """How far the allegation got. Only a confirmation or a finding makes it a fact."""

        ALLEGED = "ALLEGED", "Alleged"
        DENIED = "DENIED", "Denied"
        PARTLY_ADMITTED = "PARTLY_ADMITTED", "Partly admitted"
        CONFIRMED_BY_VENDOR = "CONFIRMED_BY_VENDOR", "Confirmed by vendor"
        OFFICIAL_FINDING = "OFFICIAL_FINDING", "Official finding"
        COURT_FINDING = "COURT_FINDING", "Court finding"
        SETTLED = "SETTLED", "Settled"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"
        RETRACTED = "RETRACTED", "Retracted"

    class Granularity(models.TextChoices):
        """How exactly the date is known."""

        DATE = "DATE", "Day"
        MONTH = "MONTH", "Month"
        YEAR = "YEAR", "Year"

    FACTS = (Standing.CONFIRMED_BY_VENDOR, Standing.OFFICIAL_FINDING, Standing.COURT_FINDING)

    ref = models.CharField(max_length=16, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    neutral_summary = models.TextField()
    occurred_from = models.DateField()
    occurred_to = models.DateField(null=True, blank=True)
    granularity = models.CharField(max_length=5, choices=Granularity, default=Granularity.DATE)
    standing = models.CharField(max_length=20, choices=Standing, default=Standing.ALLEGED)
    reported_at = models.DateTimeField(db_default=Now(), editable=False)

    label_is_public = True
    objects: ClassVar[Any] = IncidentQuerySet.as_manager()
    recorded_columns = {
        1: (
            "ref",
            "kind",
            "title",
            "neutral_summary",
            "occurred_from",
            "occurred_to",
            "granularity",
            "standing",
        )
    }
    recorded_parts = ("involvements", "citations")

    class Meta:
        indexes = [GinIndex(SearchVector("title", "neutral_summary", config="english"), name="incident_words")]
        constraints = [
            models.CheckConstraint(
                name="incident_dates_in_order", condition=Q(occurred_to=None) | Q(occurred_to__gte=F("occurred_from"))
            ),
            models.CheckConstraint(name="incident_ref_form", condition=Q(ref__regex=r"^INC-\d{4}-\d{3,}$")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """The reference, which may be public."""
        return self.ref

    def get_absolute_url(self) -> str:
        """The incident's page."""
        return reverse("incident", args=[self.ref])

    @property
    def is_established(self) -> bool:
        """Whether it may be stated as a fact."""
        return self.standing in self.FACTS

    @recorded(who=roles.reviewer)
    def involve(
        self,
        *,
        by: User,
        role: Involvement.Role,
        vendor: Vendor | None = None,
        product: Product | None = None,
        alleged: bool = True,
    ) -> Involvement:
        """State who is involved, in which role, and whether that is only alleged."""
        if (vendor is None) == (product is None):
            raise NotNow("Name either a vendor or a product.")
        if self.involvements.filter(vendor=vendor, product=product, role=role).exists():
            raise NotNow("This involvement is on record already.")
        return self.involvements.create(vendor=vendor, product=product, role=role, alleged=alleged)

    @recorded(who=roles.reviewer)
    def cite(self, *, by: User, snapshot: Snapshot, start: int, end: int) -> Citation:
        """Rest the incident on a passage of an archived document."""
        passage = snapshot.passage(start, end)
        if self.citations.filter(snapshot=snapshot, start=start, end=end).exists():
            raise NotNow("This passage is cited already.")
        return self.citations.create(
            document=snapshot.document, snapshot=snapshot, start=start, end=end, passage=passage
        )

    @recorded(who=roles.reviewer)
    def reassess(self, *, by: User, standing: Incident.Standing, reason: str) -> None:
        """Say how far the allegation got by now, and on what ground."""
        said(reason, "Say what the new standing rests on.")
        self.standing = Incident.Standing(standing)


class Involvement(Stateful):
    """Who is said to be involved, and how."""

    class Role(models.TextChoices):
        """The part played."""

        DEVELOPER = "DEVELOPER", "Developer"
        DEPLOYER = "DEPLOYER", "Deployer"
        HARMED = "HARMED", "Harmed"
        REGULATOR = "REGULATOR", "Regulator"
        ACCUSER = "ACCUSER", "Accuser"
        ACCUSED = "ACCUSED", "Accused"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="involvements")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="involvements")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=10, choices=Role)
    alleged = models.BooleanField(default=True)

    recorded_columns = {1: ("incident", "vendor", "product", "role", "alleged")}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="involvement_names_one",
                condition=Q(vendor=None, product__isnull=False) | Q(vendor__isnull=False, product=None),
            ),
            models.UniqueConstraint(
                fields=["incident", "vendor", "product", "role"], name="involvement_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor or self.product}, {self.get_role_display().lower()}"


class Citation(Stateful):
    """A passage the incident rests on, word for word."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="citations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="citations")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="citations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    passage = models.TextField()

    recorded_columns = {1: ("incident", "document", "snapshot", "start", "end", "passage")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "snapshot", "start", "end"], name="citation_once"),
            models.CheckConstraint(name="citation_span", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return self.passage
