"""Tasks, comments, links, and where a case is filed: each page runs one verb."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from riskreview.cases.models import Case, Comment, Link, Task
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from . import cases, parts
from .acts import perform
from .answers import SeeOther
from .forms import together as forms
from .forms.base import Form
from .requests import Request

SUBJECTS: dict[str, Any] = {"case": Case, "vendor": Vendor, "incident": Incident, "document": Document}


@require_POST
def relabel(request: Request, ref: str) -> HttpResponse:
    """Put a case under labels."""
    return cases.act(request, ref, "relabel", "The labels are saved.", "filed")


@require_POST
def file(request: Request, ref: str) -> HttpResponse:
    """Put a case into the inbox of a team."""
    return cases.act(request, ref, "file", "Filed.", "filed")


@require_POST
def snooze(request: Request, ref: str) -> HttpResponse:
    """Put a case off."""
    return cases.act(request, ref, "snooze", "Put off. Whatever happens to it brings it back.", "filed")


@require_POST
def wake(request: Request, ref: str) -> HttpResponse:
    """Put a case back into the queue."""
    return cases.act(request, ref, "wake", "It is in the queue again.", "filed")


@require_POST
def add_task(request: Request, ref: str) -> HttpResponse:
    """Note something to do."""
    return parts.add(request, ref, forms.AddTask, Task.objects.add, said="Task added.", fragment="tasks")


@require_POST
def amend_task(request: Request, pk: int) -> HttpResponse:
    """Say anew what is to do."""
    return parts.act(request, Task, pk, forms.AmendTask, said="The task is saved.", fragment="tasks")


@require_POST
def finish_task(request: Request, pk: int) -> HttpResponse:
    """Say that a task is done."""
    return parts.act(request, Task, pk, forms.FinishTask, said="Done. You can undo it in the list.", fragment="tasks")


@require_POST
def drop_task(request: Request, pk: int) -> HttpResponse:
    """Say that a task need not be done."""
    return parts.act(request, Task, pk, forms.DropTask, said="Dropped. You can undo it in the list.", fragment="tasks")


@require_POST
def take_up_task(request: Request, pk: int) -> HttpResponse:
    """Put a task back on the list."""
    return parts.act(request, Task, pk, forms.TakeUpTask, said="It is on the list again.", fragment="tasks")


@require_POST
def draw_link(request: Request, ref: str) -> HttpResponse:
    """Link a case to another one."""
    return parts.add(request, ref, forms.DrawLink, Link.objects.draw, said="Linked.", fragment="links")


@require_POST
def cut_link(request: Request, pk: int) -> HttpResponse:
    """Take a link back."""
    return parts.act(request, Link, pk, forms.CutLink, said="The link is cut.", fragment="links")


@require_POST
def write_comment(request: Request, kind: str, pk: int) -> HttpResponse:
    """Write a note to colleagues on a case, a vendor, an incident or a document."""
    if kind not in SUBJECTS:
        raise Http404
    subject = get_object_or_404(SUBJECTS[kind].objects.visible_to(request.user), pk=pk)
    form = forms.WriteComment(request.POST, user=request.user, subject=subject)
    return perform(
        request,
        form,
        partial(Comment.objects.write, **{kind: subject}),
        again=partial(alone, request, form, subject),
        done=lambda made: SeeOther(made.get_absolute_url()),
        said="Comment written.",
    )


@require_POST
def edit_comment(request: Request, pk: int) -> HttpResponse:
    """Word one's comment otherwise."""
    return on_comment(request, pk, forms.EditComment, "The comment is saved.")


@require_POST
def withdraw_comment(request: Request, pk: int) -> HttpResponse:
    """Take a comment off the page."""
    return on_comment(request, pk, forms.WithdrawComment, "The comment is withdrawn.")


def on_comment(request: Request, pk: int, shape: type[Form], said: str) -> HttpResponse:
    """Run a verb of a comment with its form."""
    rows = Comment.objects.visible_to(request.user).select_related("case", "vendor", "incident", "document")
    found = get_object_or_404(rows, pk=pk)
    form = shape(request.POST, user=request.user, subject=found)
    return perform(
        request,
        form,
        getattr(found, shape.verb),
        again=partial(alone, request, form, found.subject),
        done=lambda made: SeeOther(found.get_absolute_url()),
        said=said,
    )


def alone(request: Request, form: Form, subject: Any) -> HttpResponse:
    """A form with its problems on a page of its own, whatever the comment is on."""
    return render(request, "together/comment.html", {"form": form, "subject": subject}, status=422)
