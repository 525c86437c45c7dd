"""The pages of a case, and its verbs: load, form, one verb, redirect."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from riskreview.cases.models import Case
from riskreview.cases.warc import Evidence

from . import dossier, flagged, opening, sections, signable
from .acts import perform
from .answers import see_other, streamed
from .forms import cases as forms
from .requests import Request
from .sections import due


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Put a question to the reviewers."""
    if request.method == "GET":
        vendor = request.GET.get("vendor")
        form = forms.Open(user=request.user, initial={"vendors": [vendor]} if vendor else None)
        return render(request, "cases/new.html", {"form": form})
    form = forms.Open(request.POST, user=request.user)
    again = partial(render, request, "cases/new.html", {"form": form}, status=422)
    return perform(request, form, Case.objects.open, again=again, done=see_other, said="Case opened.")


def case(request: Request, ref: str) -> HttpResponse:
    """A case, on one page."""
    return page(request, find(request, ref))


def find(request: Request, ref: str) -> Case:
    """The case, if it is there for this person."""
    people = ("assigned_to", "lead", "opened_by", "decision", "team", "playbook")
    return get_object_or_404(Case.objects.visible_to(request.user).select_related(*people), ref=ref)


def page(request: Request, found: Case, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The case's page, with the form that was sent and its problems, if there was one."""
    opened = request.GET.get("open", "")
    loaded = dossier.load(found, request.user, shows=request.GET.get("show", ""), opened=opened)
    parts = sections.load(loaded)
    asked = {name: request.GET.get(name, "") for name in ("document", "part")}
    acts = forms.open_to(found, request.user, sent=sent, opened=opened.replace("-", "_"), **asked)
    opening.mark([acts, parts], opened)
    context = {
        "case": found,
        "dossier": loaded,
        "steps": dossier.steps(found, loaded),
        "acts": acts,
        "parts": parts,
        "sent": sent,
        "changed": flagged.told(loaded.flags, loaded.current, request.user, sent),
        "may_take": "assign" in acts and found.assigned_to_id != request.user.pk,
        "clock": due.of_case(found, loaded.now),
        "unsignable": signable.unsealed(loaded.waiting),
        "now": loaded.now,
    }
    return render(request, "cases/case.html", context, status=status)


@require_GET
def evidence(request: Request, ref: str) -> StreamingHttpResponse:
    """The evidence as a web archive, on record."""
    found = find(request, ref)
    return streamed(Evidence(found).taken(by=request.user), f"{found.ref}.warc.gz", "application/gzip")


def act(request: Request, ref: str, verb: str, said: str, fragment: str = "") -> HttpResponse:
    """Run a verb of a case with its form."""
    found = find(request, ref)
    form = forms.FORMS[verb](request.POST, subject=found, user=request.user)
    return perform(
        request,
        form,
        getattr(found, verb),
        again=partial(page, request, found, sent=form, status=422),
        done=lambda made: see_other("case", ref, fragment=fragment),
        said=said,
    )


@require_POST
def assign(request: Request, ref: str) -> HttpResponse:
    """Give the case to a reviewer, or take it."""
    return act(request, ref, "assign", "Assigned.")


@require_POST
def reschedule(request: Request, ref: str) -> HttpResponse:
    """Change the due time and the priority."""
    return act(request, ref, "reschedule", "Rescheduled.")


@require_POST
def add_exhibit(request: Request, ref: str) -> HttpResponse:
    """Put a passage before the reviewers."""
    return act(request, ref, "add_exhibit", "Exhibit added.", "evidence")


@require_POST
def add_finding(request: Request, ref: str) -> HttpResponse:
    """Write down what the evidence means."""
    return act(request, ref, "add_finding", "Finding added.", "findings")


@require_POST
def search_again(request: Request, ref: str) -> HttpResponse:
    """Search the archive for the case once more."""
    return act(request, ref, "search_again", "The archive is searched again. What fits is suggested within a minute.")


@require_POST
def hold(request: Request, ref: str) -> HttpResponse:
    """Pause the case."""
    return act(request, ref, "hold", "The case is on hold.")


@require_POST
def resume(request: Request, ref: str) -> HttpResponse:
    """Go on with a paused case."""
    return act(request, ref, "resume", "The case goes on.")


@require_POST
def submit(request: Request, ref: str) -> HttpResponse:
    """Ask a second person to approve the recommendation."""
    return act(request, ref, "submit", "Submitted. A second person must approve it now.", "decision")


@require_POST
def revise(request: Request, ref: str) -> HttpResponse:
    """Change the recommendation that waits."""
    return act(request, ref, "revise", "The recommendation was revised.", "decision")


@require_POST
def send_back(request: Request, ref: str) -> HttpResponse:
    """Return the recommendation with reasons."""
    return act(request, ref, "send_back", "Sent back to the reviewer.", "decision")


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """End the case without a decision."""
    return act(request, ref, "withdraw", "The case was withdrawn.")


@require_POST
def reopen(request: Request, ref: str) -> HttpResponse:
    """Take the question up again."""
    return act(request, ref, "reopen", "The case is open again.")
