"""The rows that more than one section of a case's page reads, each kind loaded once, in one statement.

Rules that go through the rows of a case (its clocks, what its playbook asks for, what is in force) take them there.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from riskreview.cases.models import (
    Case,
    Clock,
    Condition,
    Consideration,
    Consultation,
    Effect,
    Milestone,
    Output,
    Publication,
    Seat,
    Sheet,
    Stage,
    Submission,
    Task,
)


def load(case: Case, *, is_signed: bool) -> None:
    """Load what the sections read of a case; what only a playbook asks for where it follows one."""
    prefetch_related_objects([case], *of_every_case(), *(of_guided_cases() if case.playbook_id else ()))
    if is_signed or case.playbook_id:
        made = Publication.objects.select_related("decision", "document", "recorded_by")
        prefetch_related_objects([case], Prefetch("publications", made))


def of_every_case() -> tuple[Prefetch[Any], ...]:
    """What belongs to any case."""
    kept = Condition.objects.select_related("owner", "looking").order_by("number")
    named = ("vendor", "product__vendor", "supersedes", "written_by", "agreed_by")
    acting = Effect.objects.select_related(*named).order_by("number")
    return (
        Prefetch("tasks", Task.objects.select_related("owner", "added_by").by_day()),
        Prefetch("sheets", Sheet.objects.prefetch_related("answers").order_by("pk")),
        Prefetch("effects", acting),
        Prefetch("conditions", kept),
    )


def of_guided_cases() -> tuple[Prefetch[Any], ...]:
    """What belongs to a case that follows a playbook."""
    named, considered = ("party", "document", "recorded_by"), Consideration.objects.select_related("considered_by")
    asked = ("document", "answer_document", "presumed_by", "asked_by")
    return (
        Prefetch("stages", Stage.objects.select_related("entered_by").order_by("number")),
        Prefetch("seats", Seat.objects.select_related("user").order_by("pk")),
        Prefetch("outputs", Output.objects.select_related("document", "attached_by").order_by("pk")),
        Prefetch("milestones", Milestone.objects.select_related(*named)),
        Prefetch("clocks", Clock.objects.select_related("milestone").order_by("pk")),
        Prefetch("consultations", Consultation.objects.select_related(*asked)),
        Prefetch(
            "submissions",
            Submission.objects.select_related(*named).prefetch_related(Prefetch("considerations", considered)),
        ),
    )
