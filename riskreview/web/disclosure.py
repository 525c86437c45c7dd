"""What leaves the house of a case: the memo in its forms, and versions of it for other eyes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from riskreview.cases.memo import taking
from riskreview.cases.memo.taking import Taken
from riskreview.cases.models import Release
from riskreview.cases.saying import Sayer

from . import cases
from .acts import perform
from .answers import see_other, uninterpreted
from .forms import releases as forms
from .requests import Request


@require_GET
def memo(request: Request, ref: str) -> HttpResponse:
    """The memo of a recommendation or decision, on the screen."""
    found = cases.find(request, ref)
    taken = taking.take(found, by=request.user, form="html", number=numbered(request))
    context = {"case": found, "memo": taken.memo, "number": taken.memo.standing.number}
    return render(request, "cases/memo.html", context)


@require_GET
def memo_file(request: Request, ref: str, form: str) -> HttpResponse:
    """The memo as a file, on record."""
    found = cases.find(request, ref)
    return sent(taking.take(found, by=request.user, form=file_form(form), number=numbered(request)))


def file_form(form: str) -> str:
    """The form of a memo that is a file. Raises `Http404` for another."""
    if form not in ("pdf", "docx"):
        raise Http404
    return form


def numbered(request: Request) -> int | None:
    """The number of the recommendation that `?decision=` asks for."""
    asked = request.GET.get("decision", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else None


def sent(taken: Taken) -> HttpResponse:
    """A memo as a download that no browser interprets."""
    return HttpResponse(taken.data, content_type=taken.content_type, headers=uninterpreted(taken.name))


@require_POST
def prepare(request: Request, ref: str) -> HttpResponse:
    """Begin a version for other eyes."""
    found = cases.find(request, ref)
    form = forms.Prepare(request.POST, user=request.user, case=found)
    return perform(
        request,
        form,
        partial(Release.objects.prepare, case=found),
        again=partial(cases.page, request, found, sent=form, status=422),
        done=lambda made: see_other("release", made.pk),
        said="Prepared. Choose what it leaves out.",
    )


def find(request: Request, pk: int) -> Release:
    """The release, if it is there for this person."""
    rows = Release.objects.visible_to(request.user).select_related(
        "case__playbook",
        "decision__sealed",
        "decision__submitted_by",
        "decision__approved_by",
        "prepared_by",
        "issued_by",
    )
    found: Release = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def release(request: Request, pk: int) -> HttpResponse:
    """A version for other eyes: what it hides, how it reads."""
    return page(request, find(request, pk))


def page(request: Request, found: Release, form: Any = None, status: int = 200) -> HttpResponse:
    """The page of a release, with the form that was sent and its problems, if there was one."""
    may = found.open_verbs(request.user)
    acts = {verb: kind(user=request.user, subject=found) for verb, kind in FORMS.items() if verb in may}
    if form is not None:
        acts[form.verb] = form
    hidden = list(found.hidden.select_related("redacted_by"))
    say = Sayer(found.case.playbook.rules if found.case.playbook else None)
    rows = [(each, say.path(each.path), restoring(request, found, each.path, may)) for each in hidden]
    context = {"release": found, "case": found.case, "acts": acts, "hidden": rows, "sent": form}
    context["hindered"] = [] if found.issued_at else found.given_away()
    return render(request, "cases/release.html", context | {"memo": taking.told_to_others(found)}, status=status)


def restoring(request: Request, found: Release, path: str, may: list[str]) -> Any:
    """The form that shows something again, for those who may."""
    return forms.Restore(user=request.user, subject=found, initial={"path": path}) if "restore" in may else None


FORMS = {"redact": forms.Redact, "issue": forms.Issue}


def act(request: Request, pk: int, kind: type[Any], said: str) -> HttpResponse:
    """Run a verb of a release, then back to its page."""
    found = find(request, pk)
    form = kind(request.POST, user=request.user, subject=found)
    return perform(
        request,
        form,
        getattr(found, form.verb),
        again=partial(page, request, found, form, status=422),
        done=lambda made: see_other("release", pk),
        said=said,
    )


@require_POST
def redact(request: Request, pk: int) -> HttpResponse:
    """Hide something."""
    return act(request, pk, forms.Redact, "Hidden.")


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Show something again."""
    return act(request, pk, forms.Restore, "Shown again.")


@require_POST
def issue(request: Request, pk: int) -> HttpResponse:
    """Let a version out."""
    return act(request, pk, forms.Issue, "Issued. It stays as it is.")


@require_GET
def release_memo(request: Request, pk: int, form: str) -> HttpResponse:
    """A version for other eyes as a file, on record."""
    return sent(taking.take_release(find(request, pk), by=request.user, form=file_form(form)))


@require_GET
def release_file(request: Request, pk: int) -> HttpResponse:
    """The released file that verifies, on record."""
    found = find(request, pk)
    data = taking.take_file(found, by=request.user)
    name = f"{found.case.ref}-{found}.json"
    return HttpResponse(data, content_type="application/json", headers=uninterpreted(name))
