"""Signing a decision, for or against, and letting somebody sign in one's place."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts.days import site_day
from riskreview.accounts.models import Delegation
from riskreview.cases.models import Case, Decision
from riskreview.cases.winding import read

from . import cases, dossier, flagged, signable, voiding
from .acts import perform
from .answers import see_other
from .forms import signing as forms
from .requests import Request
from .sections.clocks import unbegun


@require_http_methods(["GET", "POST"])
def approve(request: Request, ref: str) -> HttpResponse:
    """A last look at the dossier, then the signature."""
    found = cases.find(request, ref)
    if request.method == "GET":
        return last_look(request, found, forms.Approve(subject=found, user=request.user))
    form = forms.Approve(request.POST, subject=found, user=request.user)
    again = partial(last_look, request, found, form, status=422)
    return perform(request, form, found.approve, again=again, done=partial(signed, request, found))


@require_POST
def dissent(request: Request, ref: str) -> HttpResponse:
    """Sign against what waits."""
    found = cases.find(request, ref)
    form = forms.Dissent(request.POST, subject=found, user=request.user)
    approve = forms.Approve(subject=found, user=request.user)
    again = partial(last_look, request, found, approve, dissent=form, status=422)
    return perform(request, form, found.dissent, again=again, done=partial(signed, request, found))


def signed(request: Request, case: Case, decision: Decision) -> HttpResponse:
    """Say what came of it, and show the decision."""
    if decision.approved_at:
        messages.success(request, "Signed. The decision is final.")
    else:
        told = f"Signed. {decision.approvals} of {decision.approvals_needed} approve; it waits for more."
        messages.success(request, told)
    return see_other("case", case.ref, fragment="decision")


def last_look(request: Request, found: Case, form: Any, *, dissent: Any = None, status: int = 200) -> HttpResponse:
    """The interruption page: what is about to become final, and for whom it is not to sign."""
    loaded = dossier.load(found, request.user)
    may = found.may("approve", request.user)
    context = {
        "case": found,
        "dossier": loaded,
        "form": form,
        "dissent": dissent or (forms.Dissent(subject=found, user=request.user) if may else None),
        "may": may,
        "signed": voiding.covered(loaded.waiting) if loaded.waiting else None,
        "unsignable": signable.unsignable(found, loaded.waiting),
        "unbegun": unbegun(read(found, loaded.now)) if found.playbook_id else [],
        "changed": flagged.told(loaded.flags, loaded.waiting, request.user),
        "is_last_look": True,
    }
    return render(request, "cases/approve.html", context, status=status)


@require_http_methods(["GET", "POST"])
def delegations(request: Request) -> HttpResponse:
    """Who signs in one's place and in whose place one may; a POST asks somebody to."""
    if request.method == "GET":
        return listing(request, forms.Delegate(user=request.user))
    form = forms.Delegate(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(request, form, Delegation.objects.delegate, again=again, done=back_to_listing, said="Saved.")


def listing(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """One's delegations, given and held, the newest first."""
    rows = Delegation.objects.visible_to(request.user).select_related("of", "to").order_by("-starts_on", "-pk")
    context = {"form": form, "delegations": rows, "today": site_day(timezone.now())}
    return render(request, "settings/delegations.html", context, status=status)


def back_to_listing(made: Any) -> HttpResponse:
    """The list, with what was done."""
    return see_other("delegations")


@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Take one's own pen back."""
    row = get_object_or_404(Delegation.objects.visible_to(request.user), pk=pk)
    row.end(by=request.user, now=timezone.now())
    return see_other("delegations")
