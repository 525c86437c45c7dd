"""Whose text a document is: its copies as a tree, what they share, and a person's word on it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.enrichment import grouping, standing
from riskreview.evidence.models import Document, OriginJudgement

from .acts import perform
from .answers import see_other
from .forms.base import UNSEEN, Form
from .forms.origins import Join, Split, Undo
from .requests import Request

SAID = "Recorded. The sources are counted anew."


def origin(request: Request, pk: int) -> HttpResponse:
    """The copy tree of a document, and the documents it only shares passages with."""
    return page(request, get_object_or_404(Document.objects.visible_to(request.user), pk=pk))


def page(request: Request, found: Document, *, sent: Form | None = None, status: int = 200) -> HttpResponse:
    """The page, with the form that was sent and its problems, if there was one."""
    about = (
        OriginJudgement.objects.visible_to(request.user).about(found).select_related("document", "other", "judged_by")
    )
    judged = list(about.in_force().order_by("-judged_at", "-pk"))
    context = {
        "document": found,
        **summary(found),
        "passages": standing.passages(found, request.user),
        "judged": [{"row": row, "undo": Undo(subject=row, user=request.user)} for row in judged],
        "acts": acts(found, request.user, sent) if roles.reviewer(None, request.user) else [],
    }
    return render(request, "evidence/origin.html", context, status=status)


def summary(found: Document) -> dict[str, Any]:
    """The copies of a document, and what the whole story rests on."""
    return {"branches": standing.copies(found), "standing": standing.of_story(found)}


def acts(found: Document, user: User, sent: Form | None) -> list[Form]:
    """The forms a reviewer may send; the one that was sent instead of a fresh one."""
    fresh = [kind(user=user, initial={"document": found.pk}) for kind in (Split, Join)]
    return [sent if sent is not None and sent.verb == form.verb else form for form in fresh]


def judge(request: Request, form: Form, verb: Any) -> HttpResponse:
    """Record what was said with a form, put the origins in order with it, and show them."""
    wanted = request.POST.get("document", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=number)
    return perform(
        request,
        form,
        verb,
        again=partial(page, request, found, sent=form, status=422),
        done=partial(settled, found),
        said=SAID,
    )


def settled(found: Document, made: object = None) -> HttpResponse:
    """Put the origins in order at once; whoever looks next sees them so. A worker would do it within seconds."""
    grouping.settle()
    return see_other(reverse("document-origin", args=[found.pk]))


@require_POST
def split(request: Request) -> HttpResponse:
    """Say that a document is no copy."""
    return judge(request, Split(request.POST, user=request.user), OriginJudgement.objects.split)


@require_POST
def join(request: Request) -> HttpResponse:
    """Say that two documents rest on one text."""
    return judge(request, Join(request.POST, user=request.user), OriginJudgement.objects.join)


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back what was said."""
    rows = OriginJudgement.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=pk)

    def unseen() -> HttpResponse:
        messages.error(request, UNSEEN)
        return see_other(reverse("document-origin", args=[found.document_id]))

    form = Undo(request.POST, subject=found, user=request.user)
    verb = partial(found.undo, now=timezone.now())
    said = "Taken back. The rules decide again."
    return perform(request, form, verb, again=unseen, done=partial(settled, found.document), said=said)
