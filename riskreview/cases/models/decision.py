"""Decisions: a recommendation, its authors, and the second signature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful, digest, plain, ref, with_parts
from riskreview.lib.vocabulary import known

if TYPE_CHECKING:
    from riskreview.accounts.models import User


class Disposition(models.TextChoices):
    """What is recommended or decided. "Not prohibited" never closes a file: a decided case can be reopened."""

    NO_ACTION = "NO_ACTION", "No action"
    MONITOR = "MONITOR", "Monitor"
    ADVISORY = "ADVISORY", "Advisory"
    RESTRICT_USE = "RESTRICT_USE", "Restrict use"
    MITIGATE = "MITIGATE", "Mitigate"
    REFER = "REFER", "Refer"
    DECISION_DEFERRED = "DECISION_DEFERRED", "Decision deferred"


COLUMNS_1 = (
    *("number", "disposition", "rationale", "dissent", "referred_to", "dossier_sha256", "submitted_by", "approved_by"),
    *("statement", "returned_by", "return_reason", "authors"),
)


class Decision(Stateful):
    """One recommendation of a case, from submission to approval or return. It is rewritten only before approval."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    disposition = models.CharField(max_length=20, choices=Disposition)
    rationale = models.TextField()
    dissent = models.TextField(blank=True)
    referred_to = models.CharField(max_length=200, blank=True)
    dossier_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    statement = models.TextField(blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    returned_at = models.DateTimeField(null=True, editable=False)
    return_reason = models.TextField(blank=True)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", through="cases.Authorship")

    # When somebody signed is theirs too: version 1 left it to the entries.
    recorded_columns = {1: COLUMNS_1, 2: (*COLUMNS_1, "submitted_at", "approved_at", "returned_at")}

    class Meta:
        constraints = [
            known("decision", "disposition", Disposition),
            models.UniqueConstraint(fields=["case", "number"], name="decision_number_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(approved_at=None, returned_at=None), name="decision_one_open_per_case"
            ),
            models.CheckConstraint(name="four_eyes", condition=Q(approved_by=None) | ~Q(approved_by=F("submitted_by"))),
            models.CheckConstraint(
                name="decision_approval_is_whole",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, returned_at=None),
            ),
            models.CheckConstraint(
                name="decision_return_is_whole",
                condition=Q(returned_by=None, returned_at=None)
                | Q(returned_by__isnull=False, returned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_referral_says_where", condition=~Q(disposition="REFER") | ~Q(referred_to="")
            ),
            models.CheckConstraint(name="decision_has_rationale", condition=~Q(rationale="")),
        ]

    def __str__(self) -> str:
        return self.get_disposition_display()

    @property
    def is_open(self) -> bool:
        """Whether it waits for the second signature."""
        return self.approved_at is None and self.returned_at is None

    @staticmethod
    def content(*, disposition: Disposition, rationale: str, dissent: str, referred_to: str) -> dict[str, str]:
        """The words of a recommendation, checked. Raises `NotNow` when they do not say enough."""
        rationale = said(rationale, "Give the reasons for the recommendation.")
        if disposition == Disposition.REFER and not referred_to.strip():
            raise NotNow("Say to whom the case is referred.")
        return {
            "disposition": Disposition(disposition),
            "rationale": rationale,
            "dissent": dissent.strip(),
            "referred_to": referred_to.strip(),
        }

    def has_author(self, user: User) -> bool:
        """Whether this person submitted, wrote or edited what is to be approved."""
        return self.submitted_by_id == user.pk or self.authorships.filter(user=user).exists()

    def add_authors(self, users: Iterable[User]) -> None:
        """Count these people as authors."""
        for user in users:
            self.authorships.get_or_create(user=user)

    def dossier(self) -> dict[str, Any]:
        """What an approval stands for: the recommendation and the findings and exhibits it rests on."""
        words = {name: plain(getattr(self, name)) for name in ("disposition", "rationale", "dissent", "referred_to")}
        exhibits = self.case.exhibits.select_related("snapshot").order_by("number")
        hashes = [[exhibit.snapshot.raw_sha256, exhibit.snapshot.text_sha256] for exhibit in exhibits]
        parts = [*self.case.findings.order_by("pk"), *exhibits]
        return with_parts(words | {"case": ref(self.case), "evidence": hashes}, parts)

    def seal(self) -> None:
        """Freeze the digest of the dossier as it is now."""
        self.dossier_sha256 = digest(self.dossier())
        self.save()

    def rewrite(self, by: User, content: dict[str, str]) -> None:
        """Replace the words before approval, and count the writer as an author."""
        for name, value in content.items():
            setattr(self, name, value)
        self.add_authors([by])
        self.seal()

    def sign(self, by: User, statement: str) -> None:
        """Put the second signature under exactly what was submitted. Raises `NotNow` when the dossier changed."""
        if digest(self.dossier()) != self.dossier_sha256:
            raise NotNow("The findings or the evidence changed after submission. Send the case back.")
        self.approved_by, self.approved_at, self.statement = by, Now(), statement.strip()
        self.save()
        self.refresh_from_db()

    def return_to_reviewer(self, by: User, reason: str) -> None:
        """Close the recommendation without a decision."""
        self.returned_by, self.returned_at, self.return_reason = by, Now(), reason.strip()
        self.save()
        self.refresh_from_db()


class Authorship(models.Model):
    """Who had a hand in a recommendation. A trigger refuses an approval by anyone named here."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="authorships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "user"], name="authorship_once")]

    def __str__(self) -> str:
        return f"{self.user_id} wrote {self.decision_id}"
