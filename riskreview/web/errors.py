"""Pages for what did not work: what happened, what is safe, what to do."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from riskreview.audit.models import Entry, Recorded
from riskreview.audit.refusals import NotAllowed, NotNow, Refusal, Stale
from riskreview.cases.differing import Difference, DossierChanged
from riskreview.cases.models import Case
from riskreview.evidence.archive import ASK_AGAIN_SECONDS, Unreachable

from . import forms_at, voiding, wording
from .people import approvers_for

log = logging.getLogger(__name__)
CLASH = "This clashes with something that is on record already, or one of the values does not fit its field."


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what no form of ours sends."""
    return plain(request, "errors/bad_request.html", 400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the form is longer than its page takes. Nothing of it was read."""
    return plain(request, "errors/too_large.html", 413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this page is not for this person."""
    return render(request, "errors/forbidden.html", {"why": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it is not there, or not for this person; which of the two is not said."""
    return render(request, "errors/not_found.html", status=404)


def only_sent(request: HttpRequest, refusal: HttpResponse) -> HttpResponse:
    """405: the address only takes what a form sends; a look at it, after a reload perhaps, leads back to the form."""
    response = render(request, "errors/only_sent.html", {"back": forms_at.page_of(request.path_info)}, status=405)
    response["Allow"] = refusal["Allow"]
    return response


def unreachable(request: HttpRequest, fault: Unreachable) -> HttpResponse:
    """503: the store that holds the exact bytes does not answer. What it said is for the log."""
    log.warning("the archive cannot be asked: %s", fault.reason)
    response = plain(request, "errors/unreachable.html", 503)
    response["Retry-After"] = str(ASK_AGAIN_SECONDS)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. Needs neither the database nor the session."""
    return plain(request, "errors/broken.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token does not fit the session any more, most often after signing in again elsewhere."""
    return plain(request, "errors/csrf.html", 403)


def plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page without the shell, which therefore cannot fail for the same reason."""
    return HttpResponse(render_to_string(template, {"request_id": getattr(request, "id", "")}), status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """403 or 409 for a verb that said no, with the words of the form kept."""
    if isinstance(refusal, NotAllowed):
        if request.user.is_authenticated:
            Entry.objects.remember(request.user, refusal)
        status, template = 403, "errors/not_allowed.html"
        told: dict[str, Any] = {"can": who_can(refusal)}
    elif changes := changes_of(request, refusal):
        status, template, told = 409, "errors/dossier_changed.html", {"rows": voiding.rows(changes)}
    elif isinstance(refusal, Stale):
        status, template, told = 409, "errors/stale.html", {"since": since(request, refusal)}
    else:
        status, template, told = 409, "errors/not_now.html", {}
    response = render(request, template, {"why": str(refusal), **kept(request, refusal), **told}, status=status)
    if getattr(request, "htmx", False):
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
        response["HX-Reswap"] = "outerHTML"
    return response


def changes_of(request: HttpRequest, refusal: Refusal) -> list[Difference]:
    """What differs since the person read what they would sign, if that is why it was refused."""
    if isinstance(refusal, DossierChanged):
        return refusal.changes
    if refusal.verb != "case.approve" or not isinstance(refusal.subject, Case):
        return []
    return refusal.subject.changes_since_read(request.POST.get("dossier_sha256", ""))


def clashed(request: HttpRequest, error: Exception) -> HttpResponse:
    """409 for what got past a verb and was stopped by a constraint or by the size of a column."""
    log.warning("the database refused a form: %s", error)
    form = getattr(request, "act", None)
    return refused(request, NotNow(CLASH).about(getattr(form, "verb", ""), getattr(form, "subject", None)))


def kept(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    """The form as it was sent, ready to be sent again against the row as it is now, and the row's page."""
    subject, form = refusal.subject, getattr(request, "act", None)
    if form is not None and isinstance(subject, Recorded):
        subject = type(subject)._base_manager.get(pk=subject.pk)
        form = form.renewed(subject.entry_seq)
    back = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else None
    return {"subject": subject, "form": form, "back": back, "action": request.path}


def who_can(refusal: NotAllowed) -> list[str]:
    """The names of those who may do it instead, where that is worth naming."""
    if refusal.verb == "case.approve" and isinstance(refusal.subject, Case):
        return [person.name for person in approvers_for(refusal.subject)]
    return []


def since(request: HttpRequest, refusal: Stale) -> list[wording.Line]:
    """Who changed what after the form was opened, newest first."""
    seen = request.POST.get("seen", "")
    if not isinstance(refusal.subject, Recorded) or not seen.isdecimal():
        return []
    entries = Entry.objects.about(refusal.subject).filter(seq__gt=int(seen)).newest_first()
    return wording.lines(entries.select_related("actor", "body")[:50])
