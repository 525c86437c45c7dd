"""The record as a whole: what is done to the log itself is an act on this one row, and stands in the log."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .. import guards, retention
from ..entries import Body, Entry, Trace
from ..recorded import Recorded
from ..recording import recorded
from ..refusals import NotNow, said
from ..state import Stateful
from .log import Checkpoint, Log

if TYPE_CHECKING:
    from riskreview.accounts.models import User

THE_ONE = 1
# So many ids fit into the body of the entry that explains them.
AT_ONCE = 2_000


class LedgerQuerySet(models.QuerySet["Ledger"]):
    """The one ledger of this installation."""

    def the(self) -> Ledger:
        """The ledger."""
        return self.get(pk=THE_ONE)

    def prune_due(self, *, by: User, now: datetime.datetime) -> int:
        """Drop everything that retention lets go of, in acts of bounded size; how many entries that touched."""
        touched = 0
        for what in retention.CLASSES:
            while entries := list(Ledger.due(what, now).order_by("pk").values_list("uuid", flat=True)[:AT_ONCE]):
                self.the().prune(by=by, what=what, entries=entries, now=now)
                touched += len(entries)
        return touched


class Ledger(Recorded):
    """The record of this installation, over all of its logs."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    proposal = models.TextField(blank=True)

    objects: ClassVar[Any] = LedgerQuerySet.as_manager()
    recorded_columns = {1: ("proposed_by", "proposal")}
    recorded_parts = ("holds",)

    if TYPE_CHECKING:
        proposed_by_id: uuid.UUID | None

        @property
        def holds(self) -> models.QuerySet[LegalHold]: ...

    class Meta:
        constraints = [
            models.CheckConstraint(name="ledger_is_one", condition=Q(id=THE_ONE)),
            models.CheckConstraint(
                name="ledger_proposal_has_proposer",
                condition=Q(proposed_by=None, proposal="") | (Q(proposed_by__isnull=False) & ~Q(proposal="")),
            ),
        ]

    def __str__(self) -> str:
        return "The record"

    @property
    def is_judged(self) -> bool:
        """The one row is there from the beginning."""
        return False

    @recorded(who=guards.notary)
    def begin_log(
        self, *, by: User, origin: str, year: int, vkeys: list[str], previous: str = "", checkpoint: str = ""
    ) -> Log:
        """Begin the log of a year. `previous` and `checkpoint` are the origin and last note of the one it follows."""
        return self._open(origin, year, vkeys)

    @recorded(who=guards.keeper)
    def rotate_key(self, *, by: User, vkey: str, reason: str) -> None:
        """Announce in the log itself that another key signs from now on. For a time, both do."""
        said(reason, "Say why the key changes.")
        log = self._growing()
        if vkey in log.vkeys:
            raise NotNow("This key signs the log already.")
        Log.objects.filter(pk=log.pk).update(vkeys=[*log.vkeys, vkey])

    @recorded(who=guards.keeper)
    def propose_epoch(self, *, by: User, reason: str) -> None:
        """Ask a second person to let the record go on in a new log, because the old one cannot be continued."""
        self._growing()
        self.proposed_by, self.proposal = by, said(reason, "Say what was lost, and how.")

    @recorded(who=guards.second_keeper)
    def begin_epoch(self, *, by: User, origin: str, year: int, vkeys: list[str], lost: str) -> Log:
        """Go on in a new log. `lost` names the range of the old one that is gone."""
        if self.proposed_by_id is None:
            raise NotNow("Nobody proposed a new beginning.")
        self.proposed_by, self.proposal = None, ""
        return self._open(origin, year, vkeys)

    @recorded(who=guards.keeper)
    def place_hold(self, *, by: User, subject_type: str, subject_id: str, reason: str) -> LegalHold:
        """Keep everything recorded about a subject, whatever retention says, and refuse its erasure."""
        self._growing()
        if self.holds.filter(subject_type=subject_type, subject_id=subject_id, lifted_at=None).exists():
            raise NotNow("This subject is under a hold already.")
        reason = said(reason, "Say which proceeding the hold is for.")
        return self.holds.create(subject_type=subject_type, subject_id=subject_id, reason=reason, placed_by=by)

    @recorded(who=guards.keeper)
    def lift_hold(self, *, by: User, hold: LegalHold, reason: str) -> None:
        """End a hold."""
        said(reason, "Say why the hold ends.")
        if not self.holds.filter(pk=hold.pk, lifted_at=None).exists():
            raise NotNow("This hold was lifted already.")
        self.holds.filter(pk=hold.pk).update(lifted_by=by, lifted_at=Now())

    @recorded(who=guards.keeper)
    def erase(
        self, *, by: User, entries: Sequence[uuid.UUID], basis: str, what: str = "body", replacement: str = ""
    ) -> None:
        """Erase what entries say (`body`), or only from where they came (`trace`), on a legal basis.

        Header and proof stay. `replacement` is what the operator says in its place, and shown as that.
        """
        said(basis, "Name the legal basis, such as “GDPR Article 17(1)(a)”.")
        self._growing()
        rows = self._named(entries).exclude(subject_type="ledger")
        self._refuse_held(rows)
        if what not in Removal.ERASES or rows.filter(**{f"{what}__isnull": False}).count() != len(set(entries)):
            raise NotNow("One of these entries does not exist, is about the record itself, or was erased already.")
        self._remove(rows, *Removal.ERASES[what])

    @recorded(who=guards.keeper)
    def prune(self, *, by: User, what: str, entries: Sequence[uuid.UUID], now: datetime.datetime) -> None:
        """Drop what the retention rules do not keep any longer: traces, bodies, or whole entries of reads."""
        rows = self._named(entries)
        self._refuse_held(rows)
        due = self.due(what, now).filter(uuid__in=entries)
        if due.count() != len(set(entries)):
            raise NotNow("One of these entries is not due, or not in a signed checkpoint yet.")
        self._remove(rows, *Removal.REMOVES[what])

    @staticmethod
    def due(what: str, now: datetime.datetime) -> models.QuerySet[Entry]:
        """The entries whose part of a retention class may go: old enough, there, signed for, and under no hold."""
        there = {"trace": Q(trace__isnull=False), "act": Q(kind="act", body__isnull=False)}.get(what, Q(kind=what))
        signed = Checkpoint.objects.filter(log=models.OuterRef("leaf__log"), size__gt=models.OuterRef("leaf__index"))
        held = LegalHold.objects.filter(
            lifted_at=None, subject_type=models.OuterRef("subject_type"), subject_id=models.OuterRef("subject_id")
        )
        old = Entry.objects.filter(there, recorded_at__lt=retention.before(what, now)).exclude(subject_type="ledger")
        return old.filter(models.Exists(signed), ~models.Exists(held))

    def _open(self, origin: str, year: int, vkeys: list[str]) -> Log:
        last = Log.objects.order_by("number").last()
        Log.objects.filter(open=True).update(open=False)
        number = last.number + 1 if last else 1
        return Log.objects.create(number=number, origin=origin, year=year, vkeys=vkeys)

    def _growing(self) -> Log:
        """The log that grows: the record begins with it, and no act on the record comes before."""
        log: Log | None = Log.objects.current()
        if log is None:
            raise NotNow("There is no log yet. Start the notary first.")
        return log

    def _named(self, entries: Sequence[uuid.UUID]) -> models.QuerySet[Entry]:
        if not entries or len(entries) > AT_ONCE:
            raise NotNow(f"Name between 1 and {AT_ONCE:,} entries.")
        return Entry.objects.filter(uuid__in=entries)

    def _refuse_held(self, rows: models.QuerySet[Entry]) -> None:
        held = self.holds.filter(lifted_at=None, subject_type=models.OuterRef("subject_type"))
        found = rows.filter(models.Exists(held.filter(subject_id=models.OuterRef("subject_id")))).first()
        if found:
            raise NotNow(f"{found.subject_type}:{found.subject_id} is under a legal hold. Lift it first.")

    def _remove(self, rows: models.QuerySet[Entry], *kinds: Removal.What) -> None:
        ids = list(rows.values_list("pk", "uuid"))
        owned: dict[Any, Any] = {Removal.What.BODY: Body, Removal.What.TRACE: Trace}
        for kind in kinds:
            model = owned.get(kind, Entry)
            there = set(model.objects.filter(pk__in=[pk for pk, _ in ids]).values_list("pk", flat=True))
            Removal.objects.bulk_create(
                Removal(entry_id=pk, uuid=identity, what=kind, ledger_seq=self.entry_seq + 1)
                for pk, identity in ids
                if pk in there
            )
            model.objects.filter(pk__in=there).delete()


class LegalHold(Stateful):
    """What is recorded about one subject is kept until somebody lifts this."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="holds")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    reason = models.TextField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(db_default=Now())
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    recorded_columns = {1: ("ledger", "subject_type", "subject_id", "reason", "placed_by", "lifted_by")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(lifted_at=None), name="hold_once_per_subject"
            ),
            models.CheckConstraint(
                name="hold_lifted_is_whole",
                condition=Q(lifted_by=None, lifted_at=None) | Q(lifted_by__isnull=False, lifted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id}"


class Removal(models.Model):
    """What was taken out of the record, and by which act on it: the explanation that a verifier looks for."""

    class What(models.TextChoices):
        """Which part is gone."""

        BODY = "BODY", "Body"
        TRACE = "TRACE", "Trace"
        ENTRY = "ENTRY", "Entry"

    # What a retention rule takes out, in the order in which it can go.
    REMOVES: ClassVar[dict[str, tuple[What, ...]]] = {
        "trace": (What.TRACE,),
        "act": (What.TRACE, What.BODY),
        "access": (What.TRACE, What.BODY, What.ENTRY),
        "refusal": (What.TRACE, What.BODY, What.ENTRY),
    }

    ERASES: ClassVar[dict[str, tuple[What, ...]]] = {"body": (What.TRACE, What.BODY), "trace": (What.TRACE,)}

    entry_id = models.BigIntegerField()
    uuid = models.UUIDField(db_index=True)
    what = models.CharField(max_length=5, choices=What)
    ledger_seq = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry_id", "what"], name="removal_once")]

    def __str__(self) -> str:
        return f"{self.what} of {self.uuid}"
