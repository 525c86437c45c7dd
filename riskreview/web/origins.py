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
from riskreview.enrichment import settling, standing
from riskreview.evidence.models import Document, OriginJudgement

from . import apart
from .acts import perform
from .answers import see_other
from .forms.base import UNSEEN, Form
from .forms.origins import Join, Split, Undo
from .requests import Request

SAID = "Recorded."
LATER = "The sources are counted anew within a minute."


def origin(request: Request, pk: int) -> HttpResponse:
    """The copy tree of a document, and the documents it only shares passages with."""
    return page(request, get_object_or_404(Document.objects.visible_to(request.user), pk=pk))


def page(request: Request, found: Document, *, sent: Form | None = None, status: int = 200) -> HttpResponse:
    """The page, with the form that was sent and its problems, if there was one."""
    about = (
        OriginJudgement.objects.visible_to(request.user)
        .about_origin(found)
        .select_related("document", "other", "judged_by")
    )
    judged = list(about.in_force().order_by("-judged_at", "-pk"))
    shared = standing.passages(found, request.user)
    context = {
        "document": found,
        **summary(found, listed=True),
        "passages": shared,
        "judged": [{"row": row, "undo": Undo(subject=row, user=request.user)} for row in judged],
        "acts": acts(found, shared, request.user, sent) if roles.reviewer(None, request.user) else [],
    }
    return render(request, "evidence/origin.html", context, status=status)


def summary(found: Document, *, listed: bool = False) -> dict[str, Any]:
    """The copies of a document, what the whole story rests on (with its documents if `listed`), and to whom go back
    the document's own claims."""
    return {
        "branches": standing.copies(found),
        "standing": standing.of_story(found, listed=listed),
        "own": standing.sources_of(found),
    }


def acts(found: Document, shared: list[standing.Passage], user: User, sent: Form | None) -> list[Form]:
    """The forms a reviewer may send; the one that was sent instead of a fresh one. Only a copy is no copy."""
    first = {"document": found.pk}
    split = sent if isinstance(sent, Split) else Split(user=user, initial=first)
    join = sent if isinstance(sent, Join) else Join(user=user, initial=first)
    split.explained = apart.foretold(found, user)
    join.offer(apart.near(found, [each.document for each in shared], user))
    return [split, join] if sent is split or apart.others_of(found).exists() else [join]


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
        done=partial(settled, request, found),
        said=SAID,
        once=True,
    )


def settled(request: Request, found: Document, made: OriginJudgement) -> HttpResponse:
    """Put the origins in order at once if that is soon done; whoever looks next sees them so. Else a worker does it."""
    if not settling.settle_at_once(made):
        messages.info(request, LATER)
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

    def done(_: object) -> HttpResponse:
        return settled(request, found.document, found)

    return perform(request, form, verb, again=unseen, done=done, said=said, once=True)
