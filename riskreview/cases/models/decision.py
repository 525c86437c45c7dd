"""Decisions: a recommendation, its authors, and the second signature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.audit.state import Stateful, plain, ref, with_parts

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
COLUMNS_2 = (*COLUMNS_1, "submitted_at", "approved_at", "returned_at")
UNSEALED_VERSION = 2  # the lists of columns that a digest of before sealed dossiers was made of
COLUMNS_3 = (*COLUMNS_2, "title", "voided_by", "voided_at", "void_cause", "approvals_needed")


class Decision(Stateful):
    """One recommendation of a case, from submission to approval or return. It is rewritten only before approval."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    disposition = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True)
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
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    voided_at = models.DateTimeField(null=True, editable=False)
    void_cause = models.CharField(max_length=200, blank=True)
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", through="cases.Authorship")

    # When somebody signed is theirs too: version 1 left it to the entries.
    recorded_columns = {1: COLUMNS_1, 2: COLUMNS_2, 3: COLUMNS_3}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_disposition_form", condition=Q(disposition__regex=r"^[A-Z][A-Z0-9_]*$")
            ),
            models.UniqueConstraint(fields=["case", "number"], name="decision_number_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(approved_at=None, returned_at=None, voided_at=None),
                name="decision_one_open_per_case",
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
                name="decision_void_is_whole",
                condition=Q(voided_by=None, voided_at=None)
                | Q(voided_by__isnull=False, voided_at__isnull=False, approved_at=None, returned_at=None),
            ),
            models.CheckConstraint(
                name="decision_referral_says_where", condition=~Q(disposition="REFER") | ~Q(referred_to="")
            ),
            models.CheckConstraint(name="decision_has_rationale", condition=~Q(rationale="")),
        ]

    def __str__(self) -> str:
        return self.get_disposition_display()

    def get_disposition_display(self) -> str:
        """The disposition in the words of the playbook it was decided by, or in ours."""
        return self.title or words_of(self.disposition)

    @property
    def is_open(self) -> bool:
        """Whether it waits for signatures."""
        return self.approved_at is None and self.returned_at is None and self.voided_at is None

    @property
    def approvals(self) -> int:
        """How many people approved it so far, by their signatures: human beings, whatever they signed in with."""
        return len({each.user.human for each in self.signatures.all() if each.meaning == "APPROVED"})

    def has_author(self, user: User) -> bool:
        """Whether this person, under whatever account, submitted, wrote or edited what is to be approved."""
        return self.submitted_by_id == user.pk or any(each.human == user.human for each in self.authors.all())

    def has_signed(self, user: User) -> bool:
        """Whether this person signed it, or somebody signed in their place."""
        signed = list(self.signatures.all())
        models.prefetch_related_objects(signed, "user", "on_behalf_of")
        people = {each.person for each in signed} | {each.user.human for each in signed}
        return user.human in people | {each.on_behalf_of.human for each in signed if each.on_behalf_of}

    def add_authors(self, accounts: Iterable[Any]) -> None:
        """Count these accounts as authors, by their ids."""
        for account in accounts:
            self.authorships.get_or_create(user_id=account)

    def old_dossier(self) -> dict[str, Any]:
        """What an approval stood for before dossiers were sealed: the recommendation, the findings and exhibits.

        By the lists of columns of that time, so that what was signed then can still be compared.
        """
        words = {name: plain(getattr(self, name)) for name in ("disposition", "rationale", "dissent", "referred_to")}
        exhibits = self.case.exhibits.select_related("snapshot").order_by("number")
        hashes = [[exhibit.snapshot.raw_sha256, exhibit.snapshot.text_sha256] for exhibit in exhibits]
        parts = [*self.case.findings.order_by("pk"), *exhibits]
        return with_parts(words | {"case": ref(self.case), "evidence": hashes}, parts, UNSEALED_VERSION)

    def bind(self) -> None:
        """Take the drafts of effects and conditions: they are what this recommendation does."""
        for drafts in (self.case.effects, self.case.conditions):
            drafts.filter(decision=None).update(decision=self)

    def settle(self, by: User, statement: str) -> None:
        """Note the last signature it took: it is decided."""
        self.approved_by, self.approved_at, self.statement = by, Now(), statement.strip()
        self.save()
        self.refresh_from_db()

    def return_to_reviewer(self, by: User, reason: str) -> None:
        """Close the recommendation without a decision."""
        self.returned_by, self.returned_at, self.return_reason = by, Now(), reason.strip()
        self._let_go()
        self.save()
        self.refresh_from_db()

    def void(self, by: User, cause: str) -> None:
        """Close the recommendation because something under it changed after it was submitted."""
        self.voided_by, self.voided_at, self.void_cause = by, Now(), cause
        self._let_go()
        self.save()
        self.refresh_from_db()

    def _let_go(self) -> None:
        """Its effects and conditions are drafts of the case again."""
        for bound in (self.case.effects, self.case.conditions):
            bound.filter(decision=self).update(decision=None)


def words_of(disposition: str) -> str:
    """A disposition in words: ours where we know it, else the key as it reads."""
    known = dict(Disposition.choices)
    return str(known.get(disposition) or disposition.replace("_", " ").capitalize())


class Authorship(models.Model):
    """Who had a hand in a recommendation. A trigger refuses an approval by anyone named here."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="authorships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "user"], name="authorship_once")]

    def __str__(self) -> str:
        return f"{self.user_id} wrote {self.decision_id}"
