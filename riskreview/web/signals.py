"""Triage: documents that were suggested for a case, each with its reasons, accepted or dismissed by a person."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from riskreview.cases.models import Suggestion

from .acts import perform
from .answers import page_of, see_other
from .forms.others import Accept, Dismiss, Restore
from .requests import Request

PAGE = 25
VIEWS = {
    "": ("Waiting", Q(state=Suggestion.State.OPEN, band=Suggestion.Band.SUGGESTED)),
    "weak": ("Weak", Q(state=Suggestion.State.OPEN, band=Suggestion.Band.WEAK)),
    "accepted": ("Accepted", Q(state=Suggestion.State.ACCEPTED)),
    "dismissed": ("Dismissed", Q(state=Suggestion.State.DISMISSED)),
}


def signals(request: Request) -> HttpResponse:
    """The list on the left, the chosen suggestion on the right."""
    return triage(request, request.GET)


def triage(request: Request, query: QueryDict, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The page for what the address asks for, with the form that was sent and its problems, if there was one."""
    view = query.get("band", "") if query.get("band", "") in VIEWS else ""
    visible = Suggestion.objects.visible_to(request.user)
    within = visible.filter(case__ref=query["case"]) if query.get("case") else visible
    rows = within.filter(VIEWS[view][1]).select_related("case", "document__source").defer("parts")
    page = page_of(request, rows.best_first(), PAGE)
    chosen = sent.subject if sent else selected(visible, query, page.object_list)
    context = {
        "page": page,
        "views": tabs(within, view),
        "view": view,
        "case": query.get("case", ""),
        "chosen": chosen,
        "undo": undoable(visible, query, request.user),
        "accept": form_for(Accept, chosen, sent, request.user),
        "dismiss": form_for(Dismiss, chosen, sent, request.user),
        "restore": form_for(Restore, chosen, sent, request.user),
        "sent": sent,
        "next": query.urlencode(),
    }
    return render(request, "signals/signals.html", context, status=status)


def tabs(within: Any, view: str) -> list[dict[str, Any]]:
    """The bands and states with their counts: one query."""
    counts = within.aggregate(**{f"n_{key}": Count("pk", filter=scope) for key, (_, scope) in VIEWS.items()})
    return [
        {"key": key, "title": title, "count": counts[f"n_{key}"], "here": key == view}
        for key, (title, _) in VIEWS.items()
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


def undoable(visible: Any, query: QueryDict, user: Any) -> Restore | None:
    """The way back from a dismissal just made."""
    wanted = query.get("undo", "")
    dismissed = visible.filter(pk=wanted, state=Suggestion.State.DISMISSED) if wanted.isdecimal() else None
    row = dismissed.select_related("document").first() if dismissed is not None else None
    return Restore(subject=row, user=user) if row else None


def form_for(form: Any, chosen: Any, sent: Any, user: Any) -> Any:
    """The form that was sent, or a fresh one for the chosen suggestion."""
    if isinstance(sent, form):
        return sent
    return form(subject=chosen, user=user) if chosen else None


def judge(request: Request, pk: int, form_class: Any, verb: str, said: str, **extra: str) -> HttpResponse:
    """Run a verb of a suggestion, then show the next one of the same list."""
    rows = Suggestion.objects.visible_to(request.user).select_related("case", "document__source")
    found = get_object_or_404(rows, pk=pk)
    form = form_class(request.POST, subject=found, user=request.user)
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
    return judge(request, pk, Accept, "accept", "Accepted: the passage is an exhibit of the case now.")


@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Say that the document does not belong to the case."""
    return judge(request, pk, Dismiss, "dismiss", "", undo=str(pk))


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Undo a dismissal."""
    return judge(request, pk, Restore, "restore", "The suggestion waits again.", selected=str(pk))
