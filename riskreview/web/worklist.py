"""What needs a person: rows that the workers gave up, by reason; trying them again, or leaving them for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, Min, Value
from django.db.models.functions import MD5
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts.models import User
from riskreview.accounts.roles import reviewer
from riskreview.audit.refusals import NotAllowed, Refusal
from riskreview.cases.models import Case
from riskreview.enrichment.health import counted, given_up, left_as_they_are
from riskreview.evidence.models import Document, Visit

from .access import signed_in
from .acts import perform
from .answers import SeeOther, page_of, see_other
from .forms.base import UNSEEN, VerbForm
from .forms.worklist import Retry, SetAside
from .requests import Request

AT_ONCE = 500
LEFT_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row that can be given up: what it is called, whose verb tries it again, and what its pages show."""

    one: str
    many: str
    verb: Any
    related: tuple[str, ...]


KINDS = {
    "document": Kind("document", "Documents", Document.retry, ("source",)),
    "visit": Kind("answer of a source", "Answers of sources", Visit.retry, ("source",)),
    "search": Kind("search of the archive", "Searches of the archive", Case.search_again, ("case",)),
}


@signed_in
def worklist(request: Request) -> HttpResponse:
    """Everything that was given up, by kind and reason, the longest waiting first; or what was left as it is."""
    let_in(request.user)
    rows = {kind: visible(each, kind, request.user) for kind, each in left_as_they_are().items()}
    count = sum(counted(rows).values())
    if "left" in request.GET:
        return render(request, "worklist/left.html", {"page": page_of(request, left(rows)), "left": count})
    page = page_of(request, groups())
    for group in page.object_list:
        group["told"] = KINDS[group["of"]]
    return render(request, "worklist/worklist.html", {"page": page, "left": count})


def left(rows: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The rows that were left as they are, the last one first, each with its kind."""
    every = [
        (kind, row)
        for kind, each in rows.items()
        for row in light(each.select_related("set_aside_by", "source"), kind).order_by("-set_aside_at")[:LEFT_SHOWN]
    ]
    return sorted(every, key=lambda pair: pair[1].set_aside_at, reverse=True)


def let_in(user: User) -> None:
    """Raise `PermissionDenied` for people who neither review nor look after the running of it."""
    if not (user.oversees or reviewer(None, user)):
        raise PermissionDenied("Only reviewers, leads, auditors and administrators see this page.")


def groups() -> Any:
    """Kind, reason, how many, since when: one query."""
    first, *others = [
        rows.order_by()
        .annotate(of=Value(kind, CharField()), why=MD5("last_error"))
        .values("of", "why", "last_error")
        .annotate(n=Count("pk"), since=Min("dead_at"))
        for kind, rows in given_up().items()
    ]
    return first.union(*others, all=True).order_by("since", "of", "why")


def rows_of(user: User, kind: str, key: str) -> Any:
    """The rows of one kind and reason that this person may see, the longest waiting first. Raises `Http404`."""
    if kind not in KINDS:
        raise Http404
    rows = visible(given_up()[kind], kind, user)
    return rows.alias(why=MD5("last_error")).filter(why=key).order_by("dead_at", "pk")


def visible(rows: Any, kind: str, user: User) -> Any:
    """Those of the rows that this person may see."""
    if kind == "search":
        return rows.filter(case__in=Case.objects.visible_to(user))
    return rows & rows.model.objects.visible_to(user)


@signed_in
def group(request: Request, kind: str, key: str) -> HttpResponse:
    """The rows that were given up for one reason."""
    let_in(request.user)
    rows = light(rows_of(request.user, kind, key).select_related(*KINDS[kind].related), kind)
    page = page_of(request, rows)
    for row in page.object_list:
        row.subject = subject_of(row)
    context = {
        "page": page,
        "kind": kind,
        "key": key,
        "told": KINDS[kind],
        "may": KINDS[kind].verb.guard(None, request.user),
        "may_leave": kind in left_as_they_are(),
        "reason": reason_of(page),
    }
    return render(request, "worklist/group.html", context)


def light(rows: Any, kind: str) -> Any:
    """The rows without the bytes they hold."""
    return rows.defer("packed", "headers") if kind == "visit" else rows


def subject_of(row: Any) -> Any:
    """The row whose verb tries this one again: a search is its case's."""
    return row.case if hasattr(row, "case") else row


def reason_of(page: Any) -> str:
    """Why they were given up."""
    return next((row.last_error for row in page.object_list), "")


@signed_in
@require_http_methods(["GET", "POST"])
def retry_all(request: Request, kind: str, key: str) -> HttpResponse:
    """Say how many there are; then try each again, one act each, as many as fit into one request."""
    let_in(request.user)
    rows = rows_of(request.user, kind, key)
    told = KINDS[kind]
    if not told.verb.guard(None, request.user):
        raise NotAllowed(str(told.verb.guard.refusal))
    if request.method == "GET":
        found = list(light(rows.select_related(*told.related), kind)[:1])
        context = {"kind": kind, "key": key, "told": told, "count": rows.count(), "at_once": AT_ONCE}
        return render(request, "worklist/retry_all.html", context | {"reason": found[0].last_error if found else ""})
    tried, refused = again(light(rows.select_related(*told.related), kind)[:AT_ONCE], told, request.user)
    messages.success(request, f"{tried:,} tried again." + (f" {refused:,} could not be." if refused else ""))
    return see_other("work")


def again(rows: Any, kind: Kind, by: User) -> tuple[int, int]:
    """Call the verb for each row; how many took it, and how many refused."""
    tried = refused = 0
    for row in rows:
        try:
            getattr(subject_of(row), kind.verb.__name__)(by=by)
            tried += 1
        except Refusal:
            refused += 1
    return tried, refused


@require_POST
def retry_visit(request: Request, pk: int) -> HttpResponse:
    """Read an answer again that was given up."""
    found = find(request, Visit, pk)
    return act(request, Retry, found, found.source, "It is tried again.")


@require_POST
def retry_document(request: Request, pk: int) -> HttpResponse:
    """Work on a document again that was given up."""
    found = find(request, Document, pk)
    return act(request, Retry, found, found, "It is tried again.")


@require_POST
def leave_visit(request: Request, pk: int) -> HttpResponse:
    """Leave an answer as it is that was given up."""
    found = find(request, Visit, pk)
    return act(request, SetAside, found, found.source, "It is left as it is.")


@require_POST
def leave_document(request: Request, pk: int) -> HttpResponse:
    """Leave a document as it is that was given up."""
    found = find(request, Document, pk)
    return act(request, SetAside, found, found, "It is left as it is.")


def find(request: Request, model: Any, pk: int) -> Any:
    """The row, if it is there for this person."""
    return get_object_or_404(model.objects.visible_to(request.user).select_related("source"), pk=pk)


def act(request: Request, shape: type[VerbForm], found: Any, back: Any, said: str) -> HttpResponse:
    """Run the verb of a form, and go back to where the button was."""
    form = shape(request.POST, subject=found, user=request.user)
    to = request.POST.get("next", "")
    goes_there = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return perform(
        request,
        form,
        getattr(found, form.verb),
        again=partial(not_taken, request, form, back),
        done=lambda made: SeeOther(to) if goes_there else see_other(back),
        said=said,
    )


def not_taken(request: Request, form: VerbForm, back: Any) -> HttpResponse:
    """Back to the page, for a form without a reason, or one that did not say what was seen."""
    messages.error(request, UNSEEN if "seen" in form.errors else "Say why it can be left as it is.")
    return see_other(back)
