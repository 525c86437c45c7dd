"""What the frame around every page shows: the counts beside the links."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from riskreview.cases import resurfacing
from riskreview.cases.models import Case, Suggestion
from riskreview.cases.workflow import OPEN, Status
from riskreview.enrichment.health import counted, given_up


def sidebar(request: HttpRequest) -> dict[str, Any]:
    """Counts for the sidebar, read only when a page shows them: two queries, three for overseers."""
    return {"sidebar": SimpleLazyObject(lambda: counts(request))}


def counts(request: HttpRequest) -> dict[str, int]:
    """Open cases, those of this person, those that wait for a second signature, suggestions to triage; and for those
    who look after the running of it, what the workers gave up."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.can_read:
        return {}
    visible = resurfacing.told(Case.objects.visible_to(user), user, timezone.now().date())
    awake = Q(snoozed_at=None) | ~Q(back="")
    unfinished = Q(status__in=OPEN) & awake
    found: dict[str, int] = visible.aggregate(
        open=Count("pk", filter=unfinished),
        mine=Count("pk", filter=unfinished & Q(assigned_to=user)),
        awaiting=Count("pk", filter=Q(status=Status.AWAITING_APPROVAL) & awake),
    )
    given = {"signals": Suggestion.objects.visible_to(user).to_triage().count()}
    return found | given | ({"dead": sum(counted(given_up()).values())} if user.oversees else {})
