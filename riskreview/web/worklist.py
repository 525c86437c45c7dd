"""What needs a person: rows that the workers gave up, by reason, and trying them again."""

from __future__ import annotations

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
from riskreview.enrichment.health import given_up
from riskreview.evidence.models import Document, Visit

from .access import signed_in
from .acts import perform
from .answers import SeeOther, page_of, see_other
from .forms.base import UNSEEN
from .forms.worklist import Retry
from .requests import Request

AT_ONCE = 500


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
    """Everything that was given up, by kind and reason, the longest waiting first."""
    let_in(request.user)
    page = page_of(request, groups())
    for group in page.object_list:
        group["told"] = KINDS[group["of"]]
    return render(request, "worklist/worklist.html", {"page": page})


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
    rows = given_up()[kind]
    if kind == "search":
        rows = rows.filter(case__in=Case.objects.visible_to(user))
    else:
        rows &= rows.model.objects.visible_to(user)
    return rows.alias(why=MD5("last_error")).filter(why=key).order_by("dead_at", "pk")


@signed_in
def group(request: Request, kind: str, key: str) -> HttpResponse:
    """The rows that were given up for one reason."""
    let_in(request.user)
    rows = light(rows_of(request.user, kind, key).select_related(*KINDS[kind].related), kind)
    page = page_of(request, rows)
    for row in page.object_list:
        row.subject = subject_of(row)
    may = KINDS[kind].verb.guard(None, request.user)
    context = {"page": page, "kind": kind, "key": key, "told": KINDS[kind], "may": may, "reason": reason_of(page)}
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
    found = get_object_or_404(Visit.objects.visible_to(request.user).select_related("source"), pk=pk)
    return retry(request, found, found.source)


@require_POST
def retry_document(request: Request, pk: int) -> HttpResponse:
    """Work on a document again that was given up."""
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    return retry(request, found, found)


def retry(request: Request, found: Any, back: Any) -> HttpResponse:
    """Run the verb, and go back to where the button was."""
    form = Retry(request.POST, subject=found, user=request.user)
    to = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return perform(
        request,
        form,
        found.retry,
        again=partial(unseen, request, back),
        done=lambda made: SeeOther(to) if here else see_other(back),
        said="It is tried again.",
    )


def unseen(request: Request, back: Any) -> HttpResponse:
    """Back to the page, for a form that did not say what was seen."""
    messages.error(request, UNSEEN)
    return see_other(back)
