"""Putting a source on the register, in two steps: its kind, then what that kind asks. It can be tried first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from riskreview.accounts import roles
from riskreview.audit.refusals import NotAllowed
from riskreview.evidence import kinds
from riskreview.evidence.models import Trial

from .answers import see_other
from .forms.sources import SETTING, RegisterSource, TrySource
from .requests import Request

# What a dry run does not need, and the next form does: carried along in the address.
KEPT = ("name", "source_class", "reliability", "language", "owner", "interval_minutes")


def only_reviewers(request: Request) -> None:
    """Raise `NotAllowed` for those who could not register what they try."""
    if not roles.reviewer(None, request.user):
        raise NotAllowed(str(roles.reviewer.refusal))  # type: ignore[attr-defined]


def choosing(request: Request) -> HttpResponse:
    """The kinds; with one chosen, its form. What the address says is filled in already."""
    only_reviewers(request)
    initial: dict[str, Any] = {name: request.GET[name] for name in (*KEPT, "url") if request.GET.get(name)}
    initial |= tried(request)
    kind = initial.get("kind") or request.GET.get("kind", "")
    if kind not in dict(kinds.choices()):
        carried = urlencode({name: value for name, value in initial.items() if name in (*KEPT, "url")})
        return render(request, "sources/kinds.html", {"kinds": kinds.every(), "carried": carried})
    return registering(request, RegisterSource(user=request.user, initial=initial | {"kind": kind}))


def tried(request: Request) -> dict[str, Any]:
    """What a dry run of this person was asked with."""
    given = request.GET.get("trial", "")
    if not given.isdecimal() or len(given) > 18:
        return {}
    found = Trial.objects.visible_to(request.user).filter(pk=given).first()
    if found is None:
        return {}
    settings = {SETTING + name: value for name, value in found.config.items()}
    return {"kind": found.kind, "url": found.url, "credential": found.credential} | settings


def registering(request: Request, form: RegisterSource, status: int = 200) -> HttpResponse:
    """The second step: the form of a kind."""
    return render(request, "sources/new.html", {"form": form, "about": form.about_kind}, status=status)


@require_POST
def ask(request: Request) -> HttpResponse:
    """Have a worker see what a source would bring, before it is on the register."""
    only_reviewers(request)
    form = TrySource(request.POST, user=request.user)
    request.act = form
    if not form.is_valid():
        return registering(request, form, status=422)
    made = Trial.objects.ask(asked_by=request.user, **form.asking())
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    return see_other(made, query=urlencode(kept))


def trial(request: Request, pk: int) -> HttpResponse:
    """A dry run: what would come in. While it runs, the page asks for its middle again."""
    found = get_object_or_404(Trial.objects.visible_to(request.user), pk=pk)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    context = {
        "trial": found,
        "runs": found.done_at is None and found.dead_at is None,
        "known": sum(1 for item in found.items if item.get("known")),
        "kept": urlencode(kept),
        "carried": urlencode({"trial": found.pk} | kept),
    }
    return render(request, "sources/_trial.html" if request.htmx else "sources/trial.html", context)
