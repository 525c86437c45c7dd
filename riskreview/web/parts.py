"""Rows that belong to a case and have verbs of their own: the one way their pages run a verb, then back to the case."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from . import cases
from .acts import perform
from .answers import see_other
from .forms.base import Form
from .requests import Request


def add(request: Request, ref: str, form: type[Form], factory: Any, *, said: str, fragment: str) -> HttpResponse:
    """Bring a row of a case into being with a form, by a verb of its queryset that takes `case`."""
    found = cases.find(request, ref)
    sent = form(request.POST, user=request.user, subject=None, case=found)
    return perform(
        request,
        sent,
        partial(factory, case=found),
        again=partial(cases.page, request, found, sent=sent, status=422),
        done=lambda made: see_other("case", ref, fragment=fragment),
        said=said,
    )


def act(request: Request, model: Any, pk: int, form: type[Form], *, said: str, fragment: str) -> HttpResponse:
    """Run a verb of a row of a case with its form."""
    row = get_object_or_404(model.objects.visible_to(request.user).select_related("case"), pk=pk)
    sent = form(request.POST, user=request.user, subject=row, case=row.case)
    return perform(
        request,
        sent,
        getattr(row, form.verb),
        again=partial(cases.page, request, cases.find(request, row.case.ref), sent=sent, status=422),
        done=lambda made: see_other("case", row.case.ref, fragment=fragment),
        said=said,
    )
