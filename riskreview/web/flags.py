"""Settling a flag, on the page of the case it is about."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from riskreview.cases.models import Flag

from . import cases
from .acts import perform
from .answers import see_other
from .forms.flags import Settle
from .requests import Request


@require_POST
def settle(request: Request, pk: int) -> HttpResponse:
    """Say whether what rests on the exhibit still holds."""
    rows = Flag.objects.visible_to(request.user).select_related("exhibit__case", "change")
    found = get_object_or_404(rows, pk=pk)
    ref = found.exhibit.case.ref
    form = Settle(request.POST, subject=found, user=request.user)
    return perform(
        request,
        form,
        found.settle,
        again=partial(again, request, ref, form),
        done=lambda made: see_other("case", ref, fragment="changed"),
        said="Settled. The change and your words stay on record.",
    )


def again(request: Request, ref: str, form: Settle) -> HttpResponse:
    """The case's page, with the form and its problems."""
    return cases.page(request, cases.find(request, ref), sent=form, status=422)
