"""Batches: one light act on many cases. A worker does them one by one, each as an act of its own with its own entry."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts.models import Team, User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.lib.vocabulary import known
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .. import guards
from .case import Case, Priority
from .filed import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

AT_ONCE = 200  # cases in one batch


class BulkAct(models.TextChoices):
    """What can be done to many at once. No decision is among it."""

    ASSIGN = "ASSIGN", "Assign"
    PRIORITISE = "PRIORITISE", "Set the priority"
    LABEL = "LABEL", "Add labels"
    FILE = "FILE", "File with a team"


class Became(models.TextChoices):
    """What became of it."""

    WAITING = "WAITING", "Waiting"
    DONE = "DONE", "Done"
    UNCHANGED = "UNCHANGED", "Was so already"
    REFUSED = "REFUSED", "Refused"


class BatchQuerySet(SeenByReaders, WorkQuerySet["Batch"]):
    """Bulk acts."""

    @recorded_factory(who=guards.reviewer)
    def begin(
        self,
        *,
        by: User,
        act: str,
        cases: Sequence[Case],
        versions: Sequence[int],
        to: User | None = None,
        priority: int | None = None,
        labels: Sequence[str] = (),
        team: Team | None = None,
        reason: str = "",
    ) -> Batch:
        """Do one act on many cases: assign, prioritise, label or file. Decisions are never made in bulk.

        `versions` are those of the cases as they were looked at; one that changed since is left alone. `labels` are
        added to those a case has. A priority is changed for a reason.
        """
        told = {"to": to, "priority": priority, "labels": labels, "team": team, "reason": reason}
        batch: Batch = self.model(act=BulkAct(act), arguments=words_of(BulkAct(act), told), asked_by=by)
        batch.put(cases, versions)
        return batch

    @recorded_factory(who=guards.reviewer)
    def undo(self, *, by: User, batch: Batch) -> Batch:
        """Take a batch back, case by case, where nobody changed the case since."""
        done = list(batch.items.filter(outcome=Became.DONE).select_related("case").order_by("pk"))
        if batch.undoes_id or not done:
            raise NotNow("There is nothing in this batch that can be taken back.")
        if self.model.objects.filter(undoes=batch).exists():
            raise NotNow("This batch was taken back already.")
        back: Batch = self.model(act=batch.act, arguments={}, asked_by=by, undoes=batch)
        back.put([each.case for each in done], [each.version or 0 for each in done], [each.before for each in done])
        return back


class Batch(Recorded, Work):
    """One light act on many cases. What became of each is told row by row."""

    Act = BulkAct
    terms = Terms(window=4, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(done_at=None)

    act = models.CharField(max_length=10, choices=BulkAct)
    arguments = models.JSONField(default=dict)
    chosen = models.JSONField(default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    done_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = BatchQuerySet.as_manager()
    recorded_columns = {1: ("act", "arguments", "chosen", "asked_by", "undoes")}

    class Meta:
        verbose_name_plural = "batches"
        constraints = [known("batch", "act", BulkAct)]
        indexes = work_indexes("batch", Q(done_at=None))

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {len(self.chosen)} cases"

    def get_absolute_url(self) -> str:
        """The batch's page: what became of each case."""
        return reverse("batch", args=[self.pk])

    def put(self, cases: Sequence[Case], versions: Sequence[int], before: Sequence[Mapping[str, Any]] = ()) -> None:
        """Take in the cases, with the versions that were looked at. Raises `NotNow` for none, too many or two alike."""
        if not 0 < len(cases) <= AT_ONCE or len(cases) != len(versions):
            raise NotNow(f"Choose between 1 and {AT_ONCE} cases.")
        if len({case.pk for case in cases}) != len(cases):
            raise NotNow("A case is there twice.")
        self.chosen = [{"case": case.ref, "seen": seen} for case, seen in zip(cases, versions, strict=True)]
        self.save()
        olds = before or [{}] * len(cases)
        self.items.bulk_create(
            BatchItem(batch=self, case=case, seen=seen, before=old)
            for case, seen, old in zip(cases, versions, olds, strict=True)
        )


class BatchItem(models.Model):
    """One case of a batch, and what became of it. The worker writes it; what was done is in the case's own entries."""

    Outcome = Became

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Became, default=Became.WAITING)
    why = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            known("batchitem", "outcome", Became),
            models.UniqueConstraint(fields=["batch", "case"], name="batchitem_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} of {self.batch_id}"

    def note(self, outcome: str, *, why: str = "", version: int | None = None, before: Any = None) -> None:
        """Write down what became of it."""
        self.outcome, self.why, self.version = outcome, why, version
        self.before = self.before if before is None else before
        self.save(update_fields=["outcome", "why", "version", "before"])


def words_of(act: BulkAct, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is said with an act, as plain values. Raises `NotNow` where something is missing."""
    if act == BulkAct.ASSIGN:
        if told["to"] is None:
            raise NotNow("Say who is to have the cases.")
        return {"to": str(told["to"].pk)}
    if act == BulkAct.PRIORITISE:
        if told["priority"] not in Priority.values:
            raise NotNow("Choose a priority.")
        why = said(told["reason"], "Say why the priority changes.")
        return {"priority": int(told["priority"]), "reason": why}
    if act == BulkAct.LABEL:
        if not (labels := tidy(told["labels"])):
            raise NotNow("Name at least one label.")
        return {"labels": labels}
    return {"team": told["team"].slug if told["team"] else None}


def change(case: Case, batch: Batch, *, by: User, seen: int) -> None:
    """Do the act of a batch to one case, by the case's own verb. Raises what the verb raises."""
    told = batch.arguments
    if batch.act == BulkAct.ASSIGN:
        if case.assigned_to_id != uuid.UUID(told["to"]):
            case.assign(by=by, seen=seen, to=User.objects.get(pk=told["to"]))
    elif batch.act == BulkAct.PRIORITISE:
        prioritise(case, told["priority"], told["reason"], by=by, seen=seen)
    elif batch.act == BulkAct.LABEL:
        case.relabel(by=by, seen=seen, labels=sorted({*case.labels, *told["labels"]}))
    else:
        case.file(by=by, seen=seen, team=Team.objects.get(slug=told["team"]) if told["team"] else None)


def change_back(case: Case, batch: Batch, old: Mapping[str, Any], *, by: User, seen: int) -> None:
    """Put one case back to what it said before the act of a batch. Raises what the verb raises."""
    if batch.act == BulkAct.ASSIGN:
        if old["assigned_to"] is None:
            raise NotNow("Nobody had this case before, and a case in review is not left without its reviewer.")
        case.assign(by=by, seen=seen, to=User.objects.get(pk=old["assigned_to"]))
    elif batch.act == BulkAct.PRIORITISE:
        prioritise(case, old["priority"], f"Batch {batch.undoes_id} is taken back.", by=by, seen=seen)
    elif batch.act == BulkAct.LABEL:
        case.relabel(by=by, seen=seen, labels=old["labels"])
    else:
        case.file(by=by, seen=seen, team=Team.objects.filter(slug=old["team"]).first() if old["team"] else None)


def prioritise(case: Case, priority: int, reason: str, *, by: User, seen: int) -> None:
    """Change the priority of a case, and leave its date alone. A priority it has already is no change."""
    if case.priority != priority:
        case.reschedule(by=by, seen=seen, due_at=case.due_at, priority=Priority(priority), reason=reason)


def standing(case: Case) -> dict[str, Any]:
    """What a case says of everything a batch can change."""
    return {
        "assigned_to": str(case.assigned_to_id) if case.assigned_to_id else None,
        "priority": case.priority,
        "labels": list(case.labels),
        "team": case.team.slug if case.team else None,
    }
