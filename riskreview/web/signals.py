"""Triage: documents that were suggested for a case, each with its reasons, accepted or dismissed by a person."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from riskreview.cases.models import Case, Suggestion
from riskreview.cases.models.suggestion import asking, once, snoozed
from riskreview.enrichment.reasons import steps_told, sum_told

from .acts import perform
from .answers import page_of, see_other
from .forms.others import Accept, Dismiss, Restore
from .forms.signals import Refer, Snooze, Wake
from .requests import Request
from .triage import lines

PAGE = 25
OFFERED = 20  # other cases that the field for one offers
TITLES = {"": "Waiting", "weak": "Weak", "snoozed": "Put off", "accepted": "Accepted", "dismissed": "Dismissed"}
FORMS: dict[str, Any] = {form.verb: form for form in (Accept, Dismiss, Restore, Refer, Snooze, Wake)}


def scopes() -> dict[str, Q]:
    """What each view shows, today."""
    return {
        "": asking() & Q(band=Suggestion.Band.SUGGESTED) & once(),
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
    view = query.get("band", "") if query.get("band", "") in TITLES else ""
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


def about(chosen: Suggestion, user: Any) -> dict[str, Any]:
    """The sum of the chosen suggestion, step by step, and other cases it may belong to."""
    rows = Case.objects.visible_to(user).unfinished().exclude(pk=chosen.case_id)
    likely = rows.filter(suggestions__document=chosen.document_id).distinct()[:OFFERED]
    offered = {case.pk: case for case in [*likely, *rows.most_urgent_first()[:OFFERED]]}
    return {
        "line": lines([chosen], user)[0],
        "sum": sum_told(chosen.parts),
        "steps": steps_told(chosen.parts),
        "others": list(offered.values())[:OFFERED],
    }


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
    if isinstance(sent, form):
        return sent
    return form(subject=chosen, user=user) if chosen else None


def judge(request: Request, pk: int, verb: str, said: str, **extra: str) -> HttpResponse:
    """Run a verb of a suggestion, then show the next one of the same list."""
    rows = Suggestion.objects.visible_to(request.user).select_related("case", "document__source", "judged_by")
    found = get_object_or_404(rows, pk=pk)
    form = FORMS[verb](request.POST, subject=found, user=request.user)
    query = QueryDict(request.POST.get("next", ""), mutable=True)
    for name in ("selected", "undo"):
        query.pop(name, None)
    onward = query.copy()
    onward.update(extra)
    return perform(
        request,
        form,
        getattr(found, verb),
        again=partial(triage, request, query, sent=form, status=422),
        done=lambda made: see_other("signals", query=onward.urlencode()),
        said=said,
    )


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Take the passage into the case."""
    return judge(request, pk, "accept", "Accepted: the passage is an exhibit of the case now.")


@require_POST
def refer(request: Request, pk: int) -> HttpResponse:
    """Take the passage into another case."""
    return judge(request, pk, "refer", "Accepted: the passage is an exhibit of the other case now.")


@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Say that the document does not belong to the case."""
    return judge(request, pk, "dismiss", "", undo=str(pk))


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Undo a dismissal."""
    return judge(request, pk, "restore", "The suggestion waits again.", selected=str(pk))


@require_POST
def snooze(request: Request, pk: int) -> HttpResponse:
    """Look at it on another day."""
    return judge(request, pk, "snooze", "", undo=str(pk))


@require_POST
def wake(request: Request, pk: int) -> HttpResponse:
    """Undo a snooze."""
    return judge(request, pk, "wake", "The suggestion waits again.", selected=str(pk))
