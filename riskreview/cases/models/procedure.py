"""How a case goes through its playbook: the stages it visits, who sits where, the papers a stage asks for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.audit.state import Stateful
from riskreview.evidence.models import Document


class Stage(Stateful):
    """One visit of one stage. A case that goes back visits a stage again, and says why."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True, editable=False)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    countersigned_at = models.DateTimeField(null=True, editable=False)

    recorded_columns = {
        1: ("number", "key", "reason", "entered_at", "entered_by", "left_at", "countersigned_by", "countersigned_at")
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="stage_number_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(left_at=None), name="stage_one_at_a_time"),
            models.CheckConstraint(
                name="stage_countersigned_whole",
                condition=Q(countersigned_by=None, countersigned_at=None)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Seat(Stateful):
    """A role of the playbook, filled by a person for this case."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    recorded_columns = {1: ("role", "user", "seated_by")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "role", "user"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Output(Stateful):
    """A paper that a stage asks for."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="outputs")
    key = models.CharField(max_length=60)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(db_default=Now(), editable=False)

    recorded_columns = {1: ("key", "document", "attached_by", "attached_at")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key", "document"], name="output_once")]

    def __str__(self) -> str:
        return self.key
