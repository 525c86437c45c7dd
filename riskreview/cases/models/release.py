"""Versions of a decision for other eyes: what is left out is marked, and what is shown still verifies."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful
from riskreview.lib.hashing import sha256_hex

from .. import guards, releasing
from ..saying import Sayer, label
from .decision import Decision
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case
    from .signature import Dossier


class ReleaseQuerySet(OfCaseQuerySet):
    """The releasable versions of decisions."""

    @recorded_factory(who=roles.reviewer)
    def prepare(self, *, by: User, case: Case, decision: Decision, audience: str, marking: str = "") -> Release:
        """Begin a version of an approved decision for other eyes, with nothing hidden yet."""
        case.lock()
        if decision.case_id != case.pk or decision.approved_at is None:
            raise NotNow("Only a decision of this case that was approved can be released.")
        if not hasattr(decision, "sealed"):
            raise NotNow("This decision has no sealed dossier, so no part of it could be checked apart.")
        last = self.filter(case=case).aggregate(last=models.Max("number"))["last"] or 0
        release: Release = self.model(
            case=case,
            decision=decision,
            number=last + 1,
            audience=said(audience, "Say for whom this version is."),
            marking=marking.strip(),
            prepared_by=by,
        )
        return release


class Release(OfCase):
    """One releasable version of one decision, for an audience. Once issued it stays as it is."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="releases")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=200)
    marking = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)

    recorded_columns = {
        1: ("case", "decision", "number", "audience", "marking", "sha256", "prepared_by", "issued_by", "issued_at")
    }
    recorded_parts = ("redactions",)
    objects: ClassVar[Any] = ReleaseQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def redactions(self) -> models.QuerySet[Redaction]: ...

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="release_number_once"),
            models.CheckConstraint(
                name="release_issued_whole",
                condition=Q(issued_by=None, issued_at=None, sha256="")
                | Q(issued_by__isnull=False, issued_at__isnull=False) & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"R{self.number}"

    @property
    def sealed(self) -> Dossier:
        """What was signed, whole. Never shown to whom the release is for."""
        return self.decision.sealed

    @property
    def makers(self) -> set[uuid.UUID]:
        """Who prepared it, hid something or showed it again, whatever they signed in with."""
        chosen = self.redactions.select_related("redacted_by", "restored_by")
        people = (person for each in chosen for person in (each.redacted_by, each.restored_by) if person)
        return {self.prepared_by.human, *(each.human for each in people)}

    @property
    def hidden(self) -> models.QuerySet[Redaction]:
        """What it leaves out now: what was shown again is kept as a row, and hides nothing."""
        return self.redactions.filter(restored_at=None).order_by("path")

    def grounds(self) -> dict[str, str]:
        """What is hidden, and on what ground, by path."""
        return dict(self.hidden.values_list("path", "ground"))

    def signed(self) -> releasing.Signed:
        """The names and the statements that a memo prints under the signatures."""
        decision = self.decision
        rows = list(decision.signatures.select_related("user").order_by("pk"))
        people = (decision.submitted_by, decision.approved_by, *(each.user for each in rows))
        names = dict.fromkeys(person.name for person in people if person)
        return releasing.Signed([*names], [*(each.statement for each in rows), decision.statement])

    def beside(self) -> dict[str, list[str]]:
        """The free words that a memo of it prints beside the dossier, by where they stand."""
        held = self.grounds()
        told = {"audience": [self.audience], "marking": [self.marking], "grounds": list(held.values())}
        if "signatures" in held:
            return told
        signed = self.signed()
        return told | {"signatures": [*signed.statements, *signed.names]}

    def given_away(self) -> list[str]:
        """What keeps it from being issued: each place that says what it hides, and what to do about it."""
        held = self.grounds()
        signed = self.signed() if "signatures" in held else None
        return self._places(releasing.given_away(self.sealed.content, list(held), self.beside(), signed), held)

    def document(self) -> bytes:
        """The released file, which anyone can check against the digest that was signed."""
        head = {"case": self.case.ref, "decision": self.decision.number, "release": str(self)}
        head |= {"audience": self.audience, "marking": self.marking}
        return releasing.document(self.sealed.content, self.sealed.key, list(self.grounds()), head)

    def open_verbs(self, user: User) -> list[str]:
        """What this person may do to this release now."""
        if self.issued_at is not None:
            return []
        return [verb for verb in ("redact", "restore", "issue") if getattr(type(self), verb).guard(self, user)]

    @recorded(who=roles.reviewer)
    def redact(self, *, by: User, path: str, ground: str) -> Redaction:
        """Hide a value of the dossier, or all of a part of it (`exhibit.3`), and say on what ground."""
        self._refuse_issued()
        path, ground = path.strip(), said(ground, "Say on what ground this is hidden.")
        if not releasing.names_something(self.sealed.content, path):
            raise NotNow(f"The dossier holds nothing under “{path[:60]}”.")
        if path in (held := self.grounds()) or releasing.covering(path, held):
            raise NotNow("This is hidden already.")
        self._refuse_telling(path, ground)
        return self.redactions.create(path=path, ground=ground, redacted_by=by)

    @recorded(who=roles.reviewer)
    def restore(self, *, by: User, path: str) -> None:
        """Show again what was hidden. Who hid it and who showed it again stay on record, and neither lets it out."""
        self._refuse_issued()
        if not self.hidden.filter(path=path.strip()).update(restored_by=by, restored_at=Now()):
            raise NotNow("Nothing is hidden under this path.")

    @recorded(who=guards.second_to_release, meaning="released")
    def issue(self, *, by: User) -> None:
        """Let this version out, as a second person. What it hides may not be said in what it shows."""
        self._refuse_issued()
        self._refuse_given_away()
        self.sha256 = sha256_hex(self.document())
        self.issued_by, self.issued_at = by, Now()
        self.save()
        self.refresh_from_db()

    def _refuse_given_away(self) -> None:
        if told := self.given_away():
            raise NotNow(told[0])

    def _refuse_telling(self, path: str, ground: str) -> None:
        """What stands beside the dossier for good, the new ground among it, may not say what is (to be) hidden."""
        held = self.grounds() | {path: ground}
        beside = {"audience": self.audience, "marking": self.marking, "grounds": list(held.values())}
        signed = self.signed() if "signatures" in held else None
        found = releasing.given_away(self.sealed.content, list(held), beside, signed)
        if told := [self._gives_away(hidden, shown) for hidden, shown in found if shown in beside]:
            raise NotNow(told[0])

    def _places(self, found: list[tuple[str, str]], held: Collection[str]) -> list[str]:
        """What gives something away, a sentence for each place; all that two exhibits of a document share in one."""
        told: dict[tuple[str, str], list[str]] = {}
        for hidden, shown in found:
            same = releasing.cites_the_same(self.sealed.content, hidden, shown)
            pair = (hidden.rpartition(".")[0], shown.rpartition(".")[0]) if same else (hidden, shown)
            told.setdefault(pair, []).extend([label("exhibit", hidden.rpartition(".")[2])] if same else [])
        return [
            self._cites_the_same(*pair, columns, held) if columns else self._gives_away(*pair)
            for pair, columns in told.items()
        ]

    def _cites_the_same(self, hidden: str, shown: str, columns: list[str], held: Collection[str]) -> str:
        """That a shown exhibit cites the document of a hidden one and describes it."""
        one, other = (f"E{each.rpartition('.')[2]}" for each in (hidden, shown))
        whole, listed = releasing.covering(hidden, held), ", ".join(columns)
        what = f", which is hidden, and shows its {listed}" if whole else f" and shows what is hidden there: {listed}"
        return f"Exhibit {other} cites the same document as {one}{what}. Hide that, too."

    def _gives_away(self, hidden: str, shown: str) -> str:
        """One place that says what another hides, and what to do about it."""
        can_be_hidden = releasing.names_something(self.sealed.content, shown)
        fixed = "Say the ground in other words." if shown == "grounds" else "Prepare a version that does not say it."
        way = "Hide that, too." if can_be_hidden else fixed
        playbook = self.case.playbook
        say = Sayer(playbook.rules if playbook else None)
        return f"What “{say.path(hidden)}” hides is said in “{say.path(shown)}” as well. {way}"

    def _refuse_issued(self) -> None:
        if self.issued_at is not None:
            raise NotNow("This version was issued: it stays as it is. Prepare another one.")


class Redaction(Stateful):
    """One part of the dossier left out of a release, on what ground, and who showed it again if somebody did."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="redactions")
    path = models.CharField(max_length=120)
    ground = models.CharField(max_length=300)
    redacted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(db_default=Now(), editable=False)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    restored_at = models.DateTimeField(null=True, blank=True, editable=False)

    recorded_columns = {1: ("path", "ground", "redacted_by", "restored_by", "restored_at")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "path"], condition=Q(restored_at=None), name="redaction_once"),
            models.CheckConstraint(
                name="redaction_restored_whole",
                condition=Q(restored_by=None, restored_at=None)
                | Q(restored_by__isnull=False, restored_at__isnull=False),
            ),
            models.CheckConstraint(name="redaction_has_ground", condition=~Q(ground="")),
        ]

    def __str__(self) -> str:
        return self.path
