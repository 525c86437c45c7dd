"""Checking the record: on the spot, with what it found; and what an auditor takes along to check it elsewhere."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskreview.audit import verifier
from riskreview.audit.models import Checkpoint, Verification

from .answers import attachment, see_other
from .clock import ago
from .record import parts
from .requests import Request


@require_POST
def verify(request: Request) -> HttpResponse:
    """Ask for a check of the whole record; the one that is under way, if there is one."""
    if not request.user.oversees:
        raise PermissionDenied(
            "Only leads, auditors and administrators start a check. You see what the last one found."
        )
    return see_other("audit-check", Verification.objects.ask(by=request.user).pk)


def check(request: Request, pk: int) -> HttpResponse:
    """A check of the record: how far it is, then what it found. While it runs, the page asks for its middle again."""
    found = get_object_or_404(Verification.objects.select_related("asked_by"), pk=pk)
    context = {
        "check": found,
        "runs": found.finished_at is None and found.dead_at is None,
        "parts": parts(found),
        "more": found.problem_count - len(found.problems),
        "asked": ago(found.asked_at, timezone.now()),
    }
    return render(request, "audit/_check.html" if request.htmx else "audit/check.html", context)


def checkpoint(request: Request) -> HttpResponse:
    """The newest checkpoint with its cosignatures, as text. Each copy that is kept elsewhere is a witness."""
    newest = Checkpoint.objects.newest()
    if newest is None:
        raise Http404("Nothing was signed yet.")
    return HttpResponse(newest.whole, content_type="text/plain; charset=utf-8")


def verifier_file(request: Request) -> HttpResponse:
    """The program that checks an export offline, byte for byte as it runs here."""
    return attachment(verifier_bytes(), "verifier.py")


@cache
def verifier_bytes() -> bytes:
    """The verifier."""
    return Path(verifier.__file__).read_bytes()


@cache
def verifier_sum() -> str:
    """Its SHA-256."""
    return hashlib.sha256(verifier_bytes()).hexdigest()
