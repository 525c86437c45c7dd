"""Checklists and questionnaires of a case: their pages, and the files in which they go out and come back."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from riskreview.accounts.roles import reviewer
from riskreview.cases.models import Sheet
from riskreview.cases.models.sheet import FILLED_IN, FORMS

from . import parts
from .acts import perform
from .answers import attachment, see_other
from .forms import sheets as forms
from .forms.base import VerbForm
from .requests import Request


def find(request: Request, pk: int) -> Sheet:
    """The sheet, if it is there for this person."""
    rows = Sheet.objects.visible_to(request.user).select_related("case__playbook")
    found: Sheet = get_object_or_404(rows, pk=pk)
    return found


@require_POST
def begin(request: Request, ref: str) -> HttpResponse:
    """Begin a checklist or a questionnaire."""
    return parts.add(request, ref, forms.Begin, Sheet.objects.begin, said="Begun.", fragment="procedure")


@require_GET
def sheet(request: Request, pk: int) -> HttpResponse:
    """A sheet with all its lines."""
    return page(request, find(request, pk))


def page(request: Request, found: Sheet, *, sent: VerbForm | None = None, status: int = 200) -> HttpResponse:
    """The page of a sheet, with the form that was sent and its problems, if there was one."""
    given: dict[str, Any] = {"user": request.user, "subject": found, "case": found.case}
    lines = sent if isinstance(sent, forms.Lines) else forms.Lines(**given)
    rows = list(lines.rows())
    picked = request.GET.get("line", "")
    one = forms.AnswerLine(initial={"item": picked}, is_open=True, **given) if lines.there or picked else None
    context = {
        "sheet": found,
        "case": found.case,
        "lines": lines,
        "groups": [group(area, list(each)) for area, each in groupby(rows, key=lambda row: row.area)],
        "answered": sum(row.row is not None for row in rows),
        "total": len(rows),
        "picked": next((row for row in rows if row.line.key == picked), None),
        "one": sent if isinstance(sent, forms.AnswerLine) else one,
        "returned": sent if isinstance(sent, forms.Returned) else forms.Returned(**given),
        "sent": sent,
        "may": reviewer(found, request.user) and found.case.status in FILLED_IN,
    }
    return render(request, "cases/sheet.html", context, status=status)


def group(area: str, rows: list[forms.Row]) -> dict[str, Any]:
    """A group of lines, with how many are answered."""
    return {"area": area, "rows": rows, "answered": sum(row.row is not None for row in rows)}


@require_GET
def file(request: Request, pk: int, form: str) -> HttpResponse:
    """The lines with the answers so far as a file, on record as taken."""
    if form not in FORMS:
        raise Http404
    found = find(request, pk)
    return attachment(found.written(form, by=request.user), f"{found.case.ref}-{found.key}.{form}")


@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer one line."""
    found = find(request, pk)
    form = forms.AnswerLine(request.POST, user=request.user, subject=found, case=found.case)
    return act(request, found, form, found.answer, "Saved.")


@require_POST
def receive(request: Request, pk: int) -> HttpResponse:
    """Take many lines: those of the page, or those of a returned file."""
    found = find(request, pk)
    given: dict[str, Any] = {"user": request.user, "subject": found, "case": found.case}
    if request.POST.get("what") != "file":
        return act(request, found, forms.Lines(request.POST, **given), found.receive, "Saved.")
    form = forms.Returned(request.POST, **given)
    form.files = request.FILES
    return act(request, found, form, found.take_in, "The answers of the file are taken in, and the file is kept.")


def act(request: Request, found: Sheet, form: VerbForm, verb: Any, said: str) -> HttpResponse:
    """Run a verb of a sheet with its form, and come back to its page."""
    return perform(
        request,
        form,
        verb,
        again=partial(page, request, found, sent=form, status=422),
        done=lambda made: see_other(found),
        said=said,
    )
