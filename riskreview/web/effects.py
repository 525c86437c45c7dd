"""What a decision does and asks for, and what becomes of it, on the case's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from riskreview.cases.models import Exemption, LegalStatus, Publication

from . import parts
from .cases import act
from .forms.inforce import Confirm, Grant, Publish, Record, Revoke, Strike
from .requests import Request

HERE = "effects"


@require_POST
def draft_effect(request: Request, ref: str) -> HttpResponse:
    """Write down what the decision is to do."""
    return act(request, ref, "draft_effect", "Effect added.", HERE)


@require_POST
def amend_effect(request: Request, ref: str) -> HttpResponse:
    """Change what the decision is to do."""
    return act(request, ref, "amend_effect", "The effect is changed.", HERE)


@require_POST
def drop_effect(request: Request, ref: str) -> HttpResponse:
    """Take out what the decision is not to do after all."""
    return act(request, ref, "drop_effect", "The effect is dropped.", HERE)


@require_POST
def postpone_effect(request: Request, ref: str) -> HttpResponse:
    """Let an effect begin later."""
    return act(request, ref, "postpone_effect", "Asked for. It counts once an approver agrees.", HERE)


@require_POST
def agree_postponement(request: Request, ref: str) -> HttpResponse:
    """Agree that an effect begins later."""
    return act(request, ref, "agree_postponement", "Postponed. This effect stands in the place of the other.", HERE)


@require_POST
def refuse_postponement(request: Request, ref: str) -> HttpResponse:
    """Leave an effect as it was signed."""
    return act(request, ref, "refuse_postponement", "Not postponed. What was signed stays as it is.", HERE)


@require_POST
def draft_condition(request: Request, ref: str) -> HttpResponse:
    """Write down what the decision asks for."""
    return act(request, ref, "draft_condition", "Condition added.", HERE)


@require_POST
def amend_condition(request: Request, ref: str) -> HttpResponse:
    """Change what the decision asks for."""
    return act(request, ref, "amend_condition", "The condition is changed.", HERE)


@require_POST
def drop_condition(request: Request, ref: str) -> HttpResponse:
    """Take out what the decision does not ask for after all."""
    return act(request, ref, "drop_condition", "The condition is dropped.", HERE)


@require_POST
def settle_condition(request: Request, ref: str) -> HttpResponse:
    """Say whether a condition is met, breached or waived."""
    return act(request, ref, "settle_condition", "Settled. Your words stay on record.", HERE)


@require_POST
def publish(request: Request, ref: str) -> HttpResponse:
    """Put on record where a decision was made public, or why it is not."""
    return parts.add(request, ref, Publish, Publication.objects.publish, said="Put on record.", fragment=HERE)


@require_POST
def record(request: Request, ref: str) -> HttpResponse:
    """Put on record what happened to a decision in law."""
    return parts.add(request, ref, Record, LegalStatus.objects.record, said="Put on record.", fragment=HERE)


@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Say, as a second person, that the document says so."""
    return parts.act(request, LegalStatus, pk, Confirm, said="Confirmed by two people.", fragment=HERE)


@require_POST
def strike(request: Request, pk: int) -> HttpResponse:
    """Take out what the document does not say."""
    return parts.act(request, LegalStatus, pk, Strike, said="Struck. It stays on record.", fragment=HERE)


@require_POST
def grant(request: Request, ref: str) -> HttpResponse:
    """Let a decision not apply to somebody."""
    return parts.add(request, ref, Grant, Exemption.objects.grant, said="Granted.", fragment=HERE)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take an exemption back."""
    return parts.act(request, Exemption, pk, Revoke, said="Taken back.", fragment=HERE)
