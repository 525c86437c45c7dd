"""What an approval stands for: the sealed dossier, and the signatures under exactly that."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.audit.state import Stateful
from riskreview.lib.vocabulary import known

from .decision import Decision


class Dossier(models.Model):
    """What was submitted, whole, as `{path: value}`. Never changed.

    `root` is the Merkle root over one salted leaf for each path (docs/casework.md), so that a part of it can be
    shown without the rest and still be checked; `key` makes the salts and is kept.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="sealed")
    content = models.JSONField()
    root = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="dossier_root", condition=Q(root__regex=r"^[0-9a-f]{64}$"))]

    def __str__(self) -> str:
        return self.root


class Meaning(models.TextChoices):
    """What a signature means (21 CFR 11.50(a)(3))."""

    APPROVED = "APPROVED", "Approved"
    DISSENTED = "DISSENTED", "Dissented"


class Signature(Stateful):
    """One person's signature under a sealed dossier: who, as what, meaning what, how they proved who they are.

    `person` is the human being behind the account: nobody signs twice, whatever they sign in with. `on_behalf_of` is
    whom a delegate stood in for; both must be free of the dossier.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="signatures")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.UUIDField()
    role = models.CharField(max_length=30, blank=True)
    meaning = models.CharField(max_length=9, choices=Meaning)
    statement = models.TextField(blank=True)
    dossier_sha256 = models.CharField(max_length=64)
    strength = models.CharField(max_length=20)
    confirmed_at = models.DateTimeField()
    signed_at = models.DateTimeField(db_default=Now(), editable=False)

    recorded_columns = {
        1: (
            *("decision", "user", "on_behalf_of", "person", "role", "meaning", "statement", "dossier_sha256"),
            *("strength", "confirmed_at", "signed_at"),
        )
    }

    class Meta:
        constraints = [
            known("signature", "meaning", Meaning),
            models.UniqueConstraint(fields=["decision", "person"], name="signature_once_a_person"),
            models.CheckConstraint(
                name="signature_not_of_oneself", condition=Q(on_behalf_of=None) | ~Q(on_behalf_of=F("user"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meaning} by {self.user_id}"
