"""Saying on a document's page what was read rightly in it, and taking that back."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskreview.evidence.models import Document, Judgement

from . import documents, verdicts
from .acts import perform
from .answers import see_other
from .forms.base import UNSEEN
from .forms.judging import JudgeReading, Withdraw
from .requests import Request
from .understood import Item

TAKEN_BACK = "Taken back. The document is read again."


@require_POST
def judge(request: Request, pk: int) -> HttpResponse:
    """Say whether something was read rightly."""
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    form = JudgeReading(request.POST, subject=found, user=request.user)

    def done(made: object) -> HttpResponse:
        given = form.cleaned_data
        item = verdicts.found(found, given["target_kind"], given["fingerprint"])
        return at(request, found, item, verdicts.recorded(item, given["verdict"], given.get("value", "")))

    again = partial(documents.page, request, pk, sent=form, status=422)
    return perform(request, form, partial(Judgement.objects.judge, document=found), again=again, done=done, once=True)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what was said."""
    rows = Judgement.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=pk)
    item = verdicts.found(found.document, found.target_kind, found.fingerprint)

    def done(made: object) -> HttpResponse:
        return at(request, found.document, item, TAKEN_BACK)

    def unseen() -> HttpResponse:
        messages.error(request, UNSEEN)
        return see_other(found.document, fragment=item.anchor if item else "understood")

    form = Withdraw(request.POST, subject=found, user=request.user)
    verb = partial(found.withdraw, now=timezone.now())
    return perform(request, form, verb, again=unseen, done=done, once=True)


def at(request: Request, document: Document, item: Item | None, said: str) -> HttpResponse:
    """Go back to what was judged; the message stands there, as the top of the page may be out of sight."""
    place = item.anchor if item else ""
    messages.success(request, said, extra_tags=place)
    return see_other(document, fragment=place or "understood")
