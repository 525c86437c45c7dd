"""The exhibits, findings and claims of a case: what is done to them on its page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from riskreview.cases.models import Allegation

from . import cases, parts
from .forms.claims import Enter, TakeStand
from .requests import Request


@require_POST
def amend_exhibit(request: Request, ref: str) -> HttpResponse:
    """Judge an exhibit anew."""
    return cases.act(request, ref, "amend_exhibit", "The exhibit was judged anew.", "evidence")


@require_POST
def withdraw_exhibit(request: Request, ref: str) -> HttpResponse:
    """Take an exhibit back."""
    return cases.act(request, ref, "withdraw_exhibit", "The exhibit was withdrawn. It stays on record.", "evidence")


@require_POST
def amend_finding(request: Request, ref: str) -> HttpResponse:
    """Word a finding anew."""
    return cases.act(request, ref, "amend_finding", "The finding was amended.", "findings")


@require_POST
def withdraw_finding(request: Request, ref: str) -> HttpResponse:
    """Take a finding back."""
    return cases.act(request, ref, "withdraw_finding", "The finding was withdrawn. It stays on record.", "findings")


@require_POST
def review_finding(request: Request, ref: str) -> HttpResponse:
    """Say that you read a finding of somebody else."""
    return cases.act(request, ref, "review_finding", "You are its second reader now.", "findings")


@require_POST
def enter(request: Request, ref: str) -> HttpResponse:
    """Put a claim on the board."""
    said = "The claim is on the board."
    return parts.add(request, ref, Enter, Allegation.objects.enter, said=said, fragment="claims")


@require_POST
def take_stand(request: Request, pk: int) -> HttpResponse:
    """Note what somebody says of a claim."""
    return parts.act(request, Allegation, pk, TakeStand, said="Noted on the board.", fragment="claims")
