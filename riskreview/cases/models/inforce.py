"""What becomes of a decision after it is signed: made public, or exempted from. What courts make of it: `legal.py`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document

from .decision import Decision
from .effect import Effect
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case


def refuse_unmade(case: Case, decision: Decision, effect: Effect | None = None) -> None:
    """Raise `NotNow` unless the decision was made in this case, and the effect is one of its own that stands."""
    if decision.case_id != case.pk or decision.approved_at is None:
        raise NotNow("This case has no such decision, or nobody has approved it.")
    if effect is not None and effect.decision_id != decision.pk:
        raise NotNow("The decision has no such effect.")
    if effect is not None and not effect.stands:
        raise NotNow("This effect is a postponement that nobody agreed to. Name the one that was signed.")


class PublicationQuerySet(OfCaseQuerySet):
    """How decisions became public."""

    @recorded_factory(who=roles.reviewer)
    def publish(
        self,
        *,
        by: User,
        case: Case,
        decision: Decision,
        channel: str,
        reference: str = "",
        published_on: datetime.date | None = None,
        why_not: str = "",
        document: Document | None = None,
    ) -> Publication:
        """Put on record where and when a decision was made public, or why it is not."""
        refuse_unmade(case, decision)
        if (published_on is None) == (not why_not.strip()):
            raise NotNow("Give the day it was made public, or else the reason why it is not.")
        return self.model(  # type: ignore[no-any-return]
            case=case,
            decision=decision,
            channel=said(channel, "Say where it is made public, or would be."),
            reference=reference.strip(),
            published_on=published_on,
            why_not=why_not.strip(),
            document=document,
            recorded_by=by,
        )


class Publication(OfCase):
    """Where and when a decision was made public, or why it is not. Approved and unpublished is held, not in force."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="publications")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="publications")
    channel = models.CharField(max_length=120)
    reference = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    why_not = models.TextField(blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = PublicationQuerySet.as_manager()
    recorded_columns = {
        1: ("case", "decision", "channel", "reference", "published_on", "why_not", "document", "recorded_by")
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="publication_or_reason", condition=Q(published_on__isnull=False) | ~Q(why_not="")
            )
        ]

    def __str__(self) -> str:
        return self.channel


class ExemptionQuerySet(OfCaseQuerySet):
    """To whom decisions do not apply."""

    @recorded_factory(who=roles.lead)
    def grant(
        self,
        *,
        by: User,
        case: Case,
        decision: Decision,
        holder: str,
        grounds: str,
        starts_on: datetime.date,
        expires_on: datetime.date,
        effect: Effect | None = None,
        kind: str = "EXEMPTION",
    ) -> Exemption:
        """Let a decision, or one of its effects, not apply to somebody until a last day, with the grounds."""
        refuse_unmade(case, decision, effect)
        if expires_on < starts_on:
            raise NotNow("The exemption expires before it begins.")
        return self.model(  # type: ignore[no-any-return]
            case=case,
            decision=decision,
            effect=effect,
            kind=Exemption.Kind(kind),
            holder=said(holder, "Say who is exempt."),
            grounds=said(grounds, "Say on what grounds."),
            starts_on=starts_on,
            expires_on=expires_on,
            granted_by=by,
        )


class Exemption(OfCase):
    """Somebody to whom a decision does not apply, until a date, with the reason."""

    class Kind(models.TextChoices):
        """How it is called."""

        EXEMPTION = "EXEMPTION", "Exemption"
        WAIVER = "WAIVER", "Waiver"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="exemptions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="exemptions")
    effect = models.ForeignKey(Effect, null=True, blank=True, on_delete=models.PROTECT, related_name="exemptions")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.EXEMPTION)
    holder = models.CharField(max_length=200)
    grounds = models.TextField()
    starts_on = models.DateField()
    expires_on = models.DateField()
    revoked_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = ExemptionQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("case", "decision", "effect", "kind", "holder", "grounds", "starts_on", "expires_on", "revoked_on"),
            "granted_by",
        )
    }

    class Meta:
        constraints = [
            models.CheckConstraint(name="exemption_ends_later", condition=Q(expires_on__gte=F("starts_on"))),
            models.CheckConstraint(name="exemption_has_grounds", condition=~Q(grounds="")),
        ]

    def __str__(self) -> str:
        return self.holder

    def holds(self, on: datetime.date) -> bool:
        """Whether somebody is exempt on a day."""
        ended = self.revoked_on is not None and self.revoked_on <= on
        return self.starts_on <= on <= self.expires_on and not ended

    @recorded(who=roles.lead)
    def revoke(self, *, by: User, on: datetime.date, reason: str) -> None:
        """Take the exemption back from a day on."""
        said(reason, "Say why the exemption is taken back.")
        if self.revoked_on is not None:
            raise NotNow("This exemption is taken back already.")
        if not self.starts_on <= on <= self.expires_on:
            raise NotNow("Take it back from a day on which it holds.")
        self.revoked_on = on
