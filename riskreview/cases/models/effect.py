"""What a decision does: to whom, where, from when; and its conditions, some of which watch themselves."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from riskreview.audit.state import Stateful
from riskreview.lib.vocabulary import known
from riskreview.vendors.models import Product, Vendor

from .decision import Decision


class Action(models.TextChoices):
    """What an effect does to its target."""

    PROHIBIT = "PROHIBIT", "Prohibit"
    REMOVE = "REMOVE", "Remove"
    EXCLUDE = "EXCLUDE", "Exclude"
    RESTRICT = "RESTRICT", "Restrict"
    PERMIT = "PERMIT", "Permit"
    PERMIT_WITH_CONDITIONS = "PERMIT_WITH_CONDITIONS", "Permit with conditions"
    ADVISE = "ADVISE", "Advise"
    REPORT = "REPORT", "Report"


class TargetKind(models.TextChoices):
    """At which level a decision reaches: a hosted service may be prohibited and its open weights allowed."""

    ENTITY = "ENTITY", "Entity"
    PRODUCT = "PRODUCT", "Product"
    MODEL = "MODEL", "Model"
    HOSTED_SERVICE = "HOSTED_SERVICE", "Hosted service"
    OPEN_WEIGHTS = "OPEN_WEIGHTS", "Open weights"


EFFECT_1 = (
    *("decision", "number", "action", "target_kind", "target", "vendor", "product", "population"),
    *("jurisdiction", "clause", "starts_on", "ends_on", "supersedes", "supersedes_on"),
    "written_by",
)


class EffectQuerySet(models.QuerySet["Effect"]):
    """What decisions do."""

    def standing(self) -> Self:
        """All but the postponements that somebody asked for and nobody agreed to, or that were refused."""
        return self.filter(is_asked=False, is_refused=False)


class Effect(Stateful):
    """One effect: action on a target, for a population, in a jurisdiction, from its first day to its last.

    Without a decision it is a draft of the case; submission binds it. A postponement is a new effect that stands in
    the place of another from the day `supersedes_on`, whatever day it starts itself. While it `is_asked`, nobody has
    agreed to it, and it changes nothing; one that was refused stays, so that its number is never another's. (Those of
    before agreement was asked for have no `agreed_by`, and count.)
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="effects")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="effects")
    number = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=24, choices=Action)
    target_kind = models.CharField(max_length=14, choices=TargetKind)
    target = models.CharField(max_length=200)
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="effects")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="effects")
    population = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=200)
    clause = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    supersedes_on = models.DateField(null=True, blank=True)
    is_asked = models.BooleanField(default=False, editable=False)
    is_refused = models.BooleanField(default=False, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = EffectQuerySet.as_manager()
    # A part's list has the number of its owner's list of the same time.
    recorded_columns = {1: EFFECT_1, 2: EFFECT_1, 3: EFFECT_1, 4: (*EFFECT_1, "is_asked", "is_refused", "agreed_by")}

    class Meta:
        constraints = [
            known("effect", "action", Action),
            models.CheckConstraint(
                name="effect_postponed_by_two",
                condition=Q(agreed_by=None)
                | Q(is_asked=False, supersedes__isnull=False) & ~Q(agreed_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="effect_asked_is_a_postponement", condition=Q(is_asked=False) | Q(supersedes__isnull=False)
            ),
            models.CheckConstraint(
                name="effect_refused_is_a_postponement",
                condition=Q(is_refused=False) | Q(supersedes__isnull=False, is_asked=False, agreed_by=None),
            ),
            known("effect", "target_kind", TargetKind),
            models.UniqueConstraint(fields=["case", "number"], name="effect_number_once"),
            models.CheckConstraint(
                name="effect_ends_later", condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="effect_supersedes_from_a_day",
                condition=Q(supersedes=None, supersedes_on=None)
                | Q(supersedes__isnull=False, supersedes_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["vendor", "starts_on"], name="effect_of_vendor")]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.target}"

    @property
    def stands(self) -> bool:
        """Whether it is no postponement that nobody agreed to."""
        return not (self.is_asked or self.is_refused)


class Kept(models.TextChoices):
    """Whether a condition is kept."""

    OPEN = "OPEN", "Open"
    MET = "MET", "Met"
    BREACHED = "BREACHED", "Breached"
    WAIVED = "WAIVED", "Waived"


class Condition(Stateful):
    """What a decision asks for. With a `watch` the product looks by itself, and opens the case again when it trips.

    Without a decision it is a draft of the case; submission binds it.
    """

    class Watch(models.TextChoices):
        """What is looked at."""

        EXPIRY_DATE = "EXPIRY_DATE", "A date passes"
        LIST_ENTRY = "LIST_ENTRY", "A name is on a list, or off it"
        DOCUMENT_CHANGED = "DOCUMENT_CHANGED", "A document changes"
        OWNERSHIP_CHANGED = "OWNERSHIP_CHANGED", "The ownership changes"
        OFFICIAL_ACTION = "OFFICIAL_ACTION", "An authority acts"
        INCIDENT_CONFIRMED = "INCIDENT_CONFIRMED", "An incident is confirmed"
        REPORT_DUE = "REPORT_DUE", "A report is due"
        SOURCE_QUIET = "SOURCE_QUIET", "A source goes quiet"

    class OnTrip(models.TextChoices):
        """What happens when it trips."""

        REOPEN = "REOPEN", "The case opens again"
        SUGGEST = "SUGGEST", "A person is asked"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="conditions")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    due_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="conditions"
    )
    state = models.CharField(max_length=8, choices=Kept, default=Kept.OPEN)
    note = models.TextField(blank=True)
    watch = models.CharField(max_length=20, choices=Watch, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    every_days = models.PositiveSmallIntegerField(default=1)
    on_trip = models.CharField(max_length=7, choices=OnTrip, default=OnTrip.REOPEN)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    recorded_columns = {
        1: (
            *("decision", "number", "text", "due_on", "owner", "state", "note", "watch", "parameters", "every_days"),
            *("on_trip", "written_by"),
        )
    }

    class Meta:
        constraints = [
            known("condition", "state", Kept),
            models.UniqueConstraint(fields=["case", "number"], name="condition_number_once"),
            models.CheckConstraint(name="condition_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text
