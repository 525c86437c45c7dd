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
from riskreview.evidence.models import Source, Trial

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
    found = trial_of(request)
    if found is None:
        return {}
    settings = {SETTING + name: value for name, value in found.config.items()}
    return {"kind": found.kind, "url": found.url, "credential": found.credential} | settings


def trial_of(request: Request) -> Trial | None:
    """The dry run of this person that came before the form."""
    given = request.POST.get("trial") or request.GET.get("trial", "")
    is_number = given.isascii() and given.isdecimal() and len(given) <= 18
    found: Trial | None = Trial.objects.visible_to(request.user).filter(pk=given).first() if is_number else None
    return found


def registered_as(request: Request, url: str, config: Any) -> Source | None:
    """The source on the register that asks the same of this address."""
    found: Source | None = Source.objects.visible_to(request.user).filter(url=url, config=config).first()
    return found


def registering(request: Request, form: RegisterSource, status: int = 200, refusal: str = "") -> HttpResponse:
    """The second step: the form of a kind, with what its dry run showed. `refusal` says why it was not registered."""
    found = trial_of(request)
    context = {
        "form": form,
        "about": form.about_kind,
        "trial": found,
        "refusal": refusal,
        "there": in_the_way(request, form, found),
        **({"known": known_in(found)} if found else {}),
    }
    return render(request, "sources/new.html", context, status=status)


def in_the_way(request: Request, form: RegisterSource, tried: Trial | None) -> Source | None:
    """The source that is on the register already, under the name that was sent or asking the same."""
    sent = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    if "url" in sent and (found := registered_as(request, sent["url"] or form.about_kind.address, form.asked(sent))):
        return found
    named: Source | None = Source.objects.visible_to(request.user).filter(name=sent.get("name", "").strip()).first()
    return named or (registered_as(request, tried.url, tried.config) if tried and not form.is_bound else None)


def known_in(found: Trial) -> int:
    """How many of the items shown are in the archive already."""
    return sum(1 for item in found.items if item.get("known"))


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
        "known": known_in(found),
        "there": registered_as(request, found.url, found.config),
        "kept": urlencode(kept),
        "carried": urlencode({"trial": found.pk} | kept),
    }
    return render(request, "sources/_trial.html" if request.htmx else "sources/trial.html", context)
