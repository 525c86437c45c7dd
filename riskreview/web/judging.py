"""Saying on a document's page what was read rightly in it, and taking that back."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskreview.evidence.models import Document, Judgement

from . import documents
from .acts import perform
from .answers import see_other
from .forms.base import UNSEEN
from .forms.judging import JudgeReading, Withdraw
from .requests import Request

SAID = "Judged. The document is read again with that in mind."


@require_POST
def judge(request: Request, pk: int) -> HttpResponse:
    """Say whether something was read rightly."""
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    form = JudgeReading(request.POST, subject=found, user=request.user)
    return perform(
        request,
        form,
        partial(Judgement.objects.judge, document=found),
        again=partial(documents.page, request, pk, sent=form, status=422),
        done=lambda made: see_other(found, fragment="understood"),
        said=SAID,
    )


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what was said."""
    rows = Judgement.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=pk)

    def back(made: object = None) -> HttpResponse:
        return see_other(found.document, fragment="understood")

    def unseen() -> HttpResponse:
        messages.error(request, UNSEEN)
        return back()

    form = Withdraw(request.POST, subject=found, user=request.user)
    verb = partial(found.withdraw, now=timezone.now())
    return perform(request, form, verb, again=unseen, done=back, said="Taken back. The document is read again.")
