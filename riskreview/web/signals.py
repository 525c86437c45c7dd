"""Triage: documents that were suggested for a case, each with its reasons, accepted or dismissed by a person."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from riskreview.cases.models import Case, Suggestion
from riskreview.cases.models.suggestion import asking, fitting, once, snoozed
from riskreview.cases.workflow import WORKABLE
from riskreview.enrichment.reasons import steps_told, sum_told
from riskreview.lib.text import without_bidi

from .acts import perform
from .answers import page_of, see_other
from .forms.others import Accept, Dismiss, Restore
from .forms.signals import Refer, Snooze, Wake
from .requests import Request
from .triage import lines

PAGE = 25
OFFERED = 20  # other cases that the field for one offers
TITLES = {
    "": "Waiting",
    "decided": "For decided cases",
    "weak": "Weak",
    "snoozed": "Put off",
    "accepted": "Accepted",
    "dismissed": "Dismissed",
}
FORMS: dict[str, Any] = {form.verb: form for form in (Accept, Dismiss, Restore, Refer, Snooze, Wake)}


def scopes() -> dict[str, Q]:
    """What each view shows, today."""
    suggested = asking() & Q(band=Suggestion.Band.SUGGESTED) & once()
    return {
        "": suggested & fitting(),
        "decided": suggested & ~fitting(),
        "weak": asking() & Q(band=Suggestion.Band.WEAK) & once(),
        "snoozed": snoozed(),
        "accepted": Q(state=Suggestion.State.ACCEPTED),
        "dismissed": Q(state=Suggestion.State.DISMISSED, renewed_at=None),
    }


def signals(request: Request) -> HttpResponse:
    """The list on the left, the chosen suggestion on the right."""
    return triage(request, request.GET)


def triage(request: Request, query: QueryDict, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The page for what the address asks for, with the form that was sent and its problems, if there was one."""
    view = view_of(query, request.user)
    visible = Suggestion.objects.visible_to(request.user)
    within = visible.filter(case__ref=query["case"]) if query.get("case") else visible
    rows = within.filter(scopes()[view]).select_related("case", "document__source")
    page = page_of(request, rows.best_first(), PAGE)
    chosen = sent.subject if sent else selected(visible, query, page.object_list)
    context = {
        "page": page,
        "lines": lines(page.object_list, request.user),
        "views": tabs(within, view),
        "view": view,
        "case": query.get("case", ""),
        "chosen": chosen,
        "undo": undoable(visible, query, request.user),
        "sent": sent,
        "next": query.urlencode(),
        **(about(chosen, request.user) if chosen else {}),
        **{verb: form_for(form, chosen, sent, request.user) for verb, form in FORMS.items()},
    }
    return render(request, "signals/signals.html", context, status=status)


def view_of(query: QueryDict, user: Any) -> str:
    """The view that an address names. One case that takes no exhibits has nothing in the first one."""
    named = query.get("band", "")
    if "band" in query or not query.get("case"):
        return named if named in TITLES else ""
    case = Case.objects.visible_to(user).filter(ref=query["case"]).first()
    return "decided" if case and not case.takes_exhibits else ""


def about(chosen: Suggestion, user: Any) -> dict[str, Any]:
    """The sum of the chosen suggestion, step by step, and the way to make its case take exhibits again, if there is."""
    again = next((verb for verb in ("reopen", "send_back") if chosen.case.may(verb, user)), "")
    return {
        "line": lines([chosen], user)[0],
        "sum": sum_told(chosen.parts),
        "steps": steps_told(chosen.parts),
        "again": again.replace("_", "-"),
    }


def others(chosen: Suggestion, user: Any) -> list[Case]:
    """Open cases that the passage may belong to instead: those it was suggested for, then the most urgent ones."""
    rows = Case.objects.visible_to(user).filter(status__in=WORKABLE).exclude(pk=chosen.case_id)
    likely = rows.filter(suggestions__document=chosen.document_id).order_by("pk").distinct()[:OFFERED]
    offered = {case.pk: case for case in [*likely, *rows.most_urgent_first()[:OFFERED]]}
    return list(offered.values())[:OFFERED]


def tabs(within: Any, view: str) -> list[dict[str, Any]]:
    """The views with their counts: one query."""
    counts = within.aggregate(**{f"n_{key}": Count("pk", filter=scope) for key, scope in scopes().items()})
    return [
        {"key": key, "title": title, "count": counts[f"n_{key}"], "here": key == view} for key, title in TITLES.items()
    ]


def selected(visible: Any, query: QueryDict, shown: Any) -> Suggestion | None:
    """The suggestion the address names, or the first of the list."""
    wanted = query.get("selected", "")
    rows = visible.select_related("case", "document__source", "judged_by", "exhibit")
    named: Suggestion | None = rows.filter(pk=wanted).first() if wanted.isdecimal() else None
    if named:
        return named
    first = next(iter(shown), None)
    return rows.filter(pk=first.pk).first() if first else None


def undoable(visible: Any, query: QueryDict, user: Any) -> Restore | Wake | None:
    """The way back from a dismissal or a snooze just made."""
    wanted = query.get("undo", "")
    row = visible.filter(pk=wanted).select_related("document").first() if wanted.isdecimal() else None
    if row is None or not (row.is_snoozed or row.state == Suggestion.State.DISMISSED):
        return None
    return (Wake if row.is_snoozed else Restore)(subject=row, user=user)


def form_for(form: Any, chosen: Any, sent: Any, user: Any) -> Any:
    """The form that was sent, or a fresh one for the chosen suggestion."""
    if chosen is None:
        return None
    told = sent if isinstance(sent, form) else form(subject=chosen, user=user)
    if isinstance(told, Refer):
        told.offer(others(chosen, user))
    return told


def judge(request: Request, pk: int, verb: str, *, said: Any = "", **extra: str) -> HttpResponse:
    """Run a verb of a suggestion, then show the next one of the same list. `said` may be a function of the row."""
    rows = Suggestion.objects.visible_to(request.user).select_related("case", "document__source", "judged_by")
    found = get_object_or_404(rows, pk=pk)
    form = FORMS[verb](request.POST, subject=found, user=request.user)
    query = QueryDict(request.POST.get("next", ""), mutable=True)
    for name in ("selected", "undo"):
        query.pop(name, None)
    onward = query.copy()
    onward.update(extra)

    def done(made: Any) -> HttpResponse:
        if callable(said):
            messages.success(request, said(rows.get(pk=pk), form.cleaned_data))
        return see_other("signals", query=onward.urlencode())

    return perform(
        request,
        form,
        getattr(found, verb),
        again=partial(triage, request, query, sent=form, status=422),
        done=done,
        said="" if callable(said) else said,
        once=True,
    )


def taken(row: Suggestion, given: dict[str, Any]) -> SafeString:
    """What was accepted, and where it is now."""
    case: Case = given.get("other", row.case)
    exhibit = row.exhibit or case.exhibits.filter(snapshot=row.snapshot, start=row.start, end=row.end).get()
    return format_html(
        'Accepted: “{}” is <a href="{}#{}">exhibit {} of {}</a> now: {}',
        without_bidi(str(row.document)),
        case.get_absolute_url(),
        exhibit.ref,
        exhibit.ref,
        case.ref,
        without_bidi(case.title),
    )


WAITS = "The suggestion waits again."


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Take the passage into the case."""
    return judge(request, pk, "accept", said=taken)


@require_POST
def refer(request: Request, pk: int) -> HttpResponse:
    """Take the passage into another case."""
    return judge(request, pk, "refer", said=taken)


@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Say that the document does not belong to the case."""
    return judge(request, pk, "dismiss", undo=str(pk))


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Undo a dismissal."""
    return judge(request, pk, "restore", said=WAITS, selected=str(pk))


@require_POST
def snooze(request: Request, pk: int) -> HttpResponse:
    """Look at it on another day."""
    return judge(request, pk, "snooze", undo=str(pk))


@require_POST
def wake(request: Request, pk: int) -> HttpResponse:
    """Undo a snooze."""
    return judge(request, pk, "wake", said=WAITS, selected=str(pk))
