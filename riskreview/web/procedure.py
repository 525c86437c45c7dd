"""The acts by which a case goes through its playbook."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.cases import playbook as playbooks
from riskreview.cases.models import Case

from . import cases
from .acts import perform
from .answers import see_other
from .forms.procedure import AdoptPlaybook, EnterStage
from .requests import Request
from .sections.procedure import asks

PLACE = "procedure"


@require_POST
def enter_stage(request: Request, ref: str) -> HttpResponse:
    """Go on to another stage, or back; then say where the case is and what that asks for."""
    found = cases.find(request, ref)
    form = EnterStage(request.POST, subject=found, user=request.user)
    again = partial(cases.page, request, found, sent=form, status=422)
    return perform(request, form, found.enter_stage, again=again, done=partial(arrived, request, ref))


def arrived(request: Request, ref: str, made: Any) -> HttpResponse:
    """Say at which stage the case is now, and the first thing to do there."""
    case = cases.find(request, ref)
    here = next(each for each in case.rules.stage if each.key == made.key)
    missing = [told for each in asks(case.rules, here, made, case.facts()) for told in each.missing]
    next_step = f"To do first: {missing[0]}" if missing else "Nothing that it asks for is missing."
    messages.success(request, f"The case is at the stage “{here.title}” now. {next_step}")
    return see_other("case", ref, fragment=PLACE)


@require_POST
def countersign_stage(request: Request, ref: str) -> HttpResponse:
    """Sign a stage as the second person."""
    return cases.act(request, ref, "countersign_stage", "Signed.", PLACE)


@require_POST
def seat(request: Request, ref: str) -> HttpResponse:
    """Give somebody a seat."""
    return cases.act(request, ref, "seat", "Seated.", PLACE)


@require_POST
def unseat(request: Request, ref: str) -> HttpResponse:
    """Take a seat back."""
    return cases.act(request, ref, "unseat", "The seat is free.", PLACE)


@require_POST
def attach_output(request: Request, ref: str) -> HttpResponse:
    """Attach a paper that the playbook asks for."""
    return cases.act(request, ref, "attach_output", "Attached.", PLACE)


@require_POST
def state_particular(request: Request, ref: str) -> HttpResponse:
    """Fill in a field that the playbook asks for."""
    return cases.act(request, ref, "state_particular", "Saved.", PLACE)


@require_POST
def new_round(request: Request, ref: str) -> HttpResponse:
    """Begin a new round."""
    return cases.act(request, ref, "new_round", "A new round began.", PLACE)


@require_http_methods(["GET", "POST"])
def adopt_playbook(request: Request, ref: str) -> HttpResponse:
    """Another playbook for an open case: first what would differ, then the act."""
    found = cases.find(request, ref)
    given: dict[str, Any] = {"subject": found, "user": request.user}
    if request.method == "GET":
        chosen = request.GET.get("playbook", "")
        return choosing(request, found, AdoptPlaybook(initial={"playbook": chosen}, **given), chosen)
    form = AdoptPlaybook(request.POST, **given)
    return perform(
        request,
        form,
        found.adopt_playbook,
        again=partial(choosing, request, found, form, request.POST.get("playbook", ""), status=422),
        done=lambda made: see_other("case", ref, fragment=PLACE),
        said="The case follows this playbook now.",
    )


def choosing(request: Request, found: Case, form: Any, chosen: str, status: int = 200) -> HttpResponse:
    """The page that says what would differ under another playbook."""
    shipped = playbooks.newest()
    taken = shipped[chosen].playbook if chosen in shipped else None
    differences = playbooks.differences(found.playbook.rules, taken) if found.playbook and taken else []
    context = {
        "case": found,
        "form": form,
        "may": found.may("adopt_playbook", request.user),
        "choices": [(key, each.playbook) for key, each in shipped.items()],
        "chosen": taken,
        "differences": differences,
    }
    return render(request, "cases/adopt.html", context, status=status)
