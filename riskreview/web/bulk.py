"""Many cases at once: what would change, then a batch that a worker carries out, then what became of each case."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from riskreview.accounts.models import Team, User
from riskreview.accounts.roles import reviewer
from riskreview.audit.refusals import NotAllowed
from riskreview.cases import bulk
from riskreview.cases.models import Batch, BatchItem, Priority
from riskreview.cases.models.batch import BulkAct, words_of
from riskreview.cases.workflow import Status

from .acts import perform
from .answers import page_of, see_other
from .forms.bulk import BeginBatch, UndoBatch
from .requests import Request

SHOWN = 50
NOT_OPEN = re.compile(r"This case is (.+), and in that state “[^”]+” is not open to anyone\.")
FIRST = {
    Status.ON_HOLD.label.lower(): "resume it first",
    Status.AWAITING_APPROVAL.label.lower(): "it stays as it is until it is signed or sent back",
    Status.DECIDED.label.lower(): "reopen it first",
    Status.WITHDRAWN.label.lower(): "reopen it first",
}
WORDS = {"assigned_to": "Reviewer", "priority": "Priority", "labels": "Labels", "team": "Team"}


def batches(request: Request) -> HttpResponse:
    """The bulk acts so far, newest first."""
    counted = {
        name: Count("items", filter=Q(items__outcome=outcome))
        for name, outcome in (("done", BatchItem.Outcome.DONE), ("refused", BatchItem.Outcome.REFUSED))
    }
    rows = Batch.objects.visible_to(request.user).select_related("asked_by").annotate(**counted, size=Count("items"))
    return render(request, "queue/batches.html", {"page": page_of(request, rows.order_by("-pk"), SHOWN)})


@require_POST
def preview(request: Request) -> HttpResponse:
    """What would become of each ticked case. Nothing is changed."""
    if not reviewer(None, request.user):
        raise NotAllowed(str(getattr(reviewer, "refusal", "")))
    request.act = form = BeginBatch(request.POST, user=request.user)
    if not form.is_valid():
        return again(request, form)
    arguments = form.arguments()
    cases = bulk.as_seen(arguments["cases"], arguments["versions"])
    words = words_of(arguments["act"], arguments)
    return told(request, form, bulk.preview(cases, arguments["act"], words, by=request.user))


def again(request: Request, form: BeginBatch) -> HttpResponse:
    """The form with its problems. Whoever asked to decide in bulk is on record."""
    cases = [case for case, _ in form.cleaned_data.get("row") or []]
    bulk.remember_deciding(form.data.get("act", ""), cases, by=request.user)
    return told(request, form, status=422)


def told(request: Request, form: BeginBatch, rows: Any = (), status: int = 200) -> HttpResponse:
    """The page between ticking and doing: each case with what would change, or why it would not."""
    names = names_in(rows)
    every = {row.outcome: [each for each in rows if each.outcome == row.outcome] for row in rows}
    changing = every.get(BatchItem.Outcome.DONE, [])
    context = {
        "form": form,
        "asked": said_of(form) if rows else "",
        "rows": [(row, changes(row, names), in_short(row.why)) for row in rows],
        "changing": changing,
        "refused": every.get(BatchItem.Outcome.REFUSED, []),
        "unchanged": every.get(BatchItem.Outcome.UNCHANGED, []),
        "sent": [(name, value) for name in form.fields if name != "row" for value in request.POST.getlist(name)],
    }
    return render(request, "queue/preview.html", context, status=status)


def said_of(form: BeginBatch) -> str:
    """What is to be done, in words: the act, with what it was told."""
    act = BulkAct(form.cleaned_data["act"])
    told = {**form.cleaned_data, "labels": ", ".join(form.cleaned_data.get("labels") or [])}
    if act == BulkAct.PRIORITISE:
        return f"{act.label} to {Priority(told['priority']).label}: {told['reason'].strip()}"
    if act == BulkAct.ASSIGN:
        return f"{act.label} to {told['to'].name}"
    return f"{act.label}: {told['labels']}" if act == BulkAct.LABEL else f"{act.label}: {told['team'] or 'none'}"


def in_short(why: str) -> str:
    """Why a case was left alone, for a person: where its state forbids it, the state and what comes first."""
    found = NOT_OPEN.fullmatch(why)
    if found is None or found[1] not in FIRST:
        return why
    return f"{found[1].capitalize()}: {FIRST[found[1]]}."


def names_in(rows: Any) -> dict[str, str]:
    """The names of people and teams that rows speak of, by id or short name."""
    said = [each for row in rows for each in (row.before, row.after)]
    people = User.objects.filter(pk__in={each["assigned_to"] for each in said if each["assigned_to"]})
    teams = Team.objects.filter(slug__in={each["team"] for each in said if each["team"]})
    return {str(person.pk): person.name for person in people} | {team.slug: team.name for team in teams}


def changes(row: bulk.Foreseen, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """What would change at a case, in words: of what, from, to."""
    return [
        (WORDS[name], in_words(row.before[name], names, name), in_words(row.after[name], names, name))
        for name in WORDS
        if row.before[name] != row.after[name]
    ]


def in_words(value: Any, names: dict[str, str], name: str) -> str:
    """A value that a batch can change, as people say it."""
    if name == "priority":
        return str(Priority(value).label)
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return names.get(value, "none")


@require_POST
def begin(request: Request) -> HttpResponse:
    """Have a worker do it, case by case."""
    form = BeginBatch(request.POST, user=request.user)
    return perform(
        request,
        form,
        Batch.objects.begin,
        again=partial(again, request, form),
        done=see_other,
        said="A worker goes through the cases now.",
    )


def batch(request: Request, pk: int) -> HttpResponse:
    """What became of each case of a batch."""
    found = find(request, pk)
    items = list(found.items.select_related("case").order_by("pk"))
    undone = Batch.objects.filter(undoes=found).first()
    done = [item for item in items if item.outcome == BatchItem.Outcome.DONE]
    may_undo = found.done_at and done and not found.undoes_id and not undone and reviewer(None, request.user)
    context = {
        "batch": found,
        "items": [(item, in_short(item.why)) for item in items],
        "done": done,
        "refused": [item for item in items if item.outcome == BatchItem.Outcome.REFUSED],
        "undone": undone,
        "form": UndoBatch(user=request.user, subject=found) if may_undo else None,
    }
    return render(request, "queue/batch.html", context)


def find(request: Request, pk: int) -> Batch:
    """The batch, if it is there for this person."""
    return get_object_or_404(Batch.objects.visible_to(request.user).select_related("asked_by", "undoes"), pk=pk)


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take a batch back where that can be done."""
    found = find(request, pk)
    form = UndoBatch(request.POST, user=request.user, subject=found)
    return perform(
        request,
        form,
        partial(Batch.objects.undo, batch=found),
        again=partial(see_other, found),
        done=see_other,
        said="A worker takes it back now, case by case.",
    )
