"""The review queue: what to work on next."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Q, Value, When
from django.db.models.lookups import IsNull, LessThan, LessThanOrEqual
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from riskreview.accounts.models import Team
from riskreview.accounts.roles import reviewer
from riskreview.cases import resurfacing
from riskreview.cases.models import Case, Suggestion
from riskreview.cases.models.batch import AT_ONCE
from riskreview.cases.models.case import DUE_BY
from riskreview.cases.workflow import OPEN, Status
from riskreview.vendors.models import Vendor

from .answers import PAGE, page_of
from .clock import Group, end_of_day, end_of_working_days
from .corroboration import corroborations
from .flagged import open_flags
from .forms.bulk import BeginBatch
from .requests import Request

FILTERS = ("q", "state", "vendor", "mine", "team", "label")
VIEWS = {
    "": "All open",
    "mine": "Assigned to me",
    "unassigned": "Unassigned",
    "awaiting": "Awaiting approval",
    "snoozed": "Put off",
    "decided": "Decided",
}


def home(request: HttpRequest) -> HttpResponse:
    """Start with the queue."""
    return redirect("queue")


def queue(request: Request) -> HttpResponse:
    """Cases grouped by clock, most urgent first."""
    now, view = timezone.now(), request.GET.get("view", "")
    view = view if view in VIEWS else ""
    visible = resurfacing.told(Case.objects.visible_to(request.user), request.user, now.date())
    chosen = filtered(visible.filter(scope(view, request.user)), request)
    all_ticked = request.GET.get("ticked") == "all" and bool(reviewer(None, request.user))
    rows = in_order(chosen, now, view).select_related("assigned_to").prefetch_related("vendors")
    page = page_of(request, rows, AT_ONCE if all_ticked else PAGE)
    context = {
        "page": page,
        "groups": groups(page.object_list, chosen, now, view),
        "views": tabs(visible, request.user, view),
        "view": view,
        "vendors": Vendor.objects.visible_to(request.user).order_by("canonical_name"),
        "states": Status.choices,
        "inboxes": inboxes(visible, request),
        "bulk": BeginBatch(user=request.user),
        "all_ticked": all_ticked,
        "at_once": AT_ONCE,
        "filters": {name: request.GET.get(name, "").strip() for name in FILTERS},
        "chips": chips(request),
    }
    response = render(request, "queue/queue.html", context)
    if request.htmx:
        response["HX-Push-Url"] = canonical(request)
    return response


def scope(view: str, user: Any) -> Q:
    """Which cases a view is about."""
    asleep = Q(snoozed_at__isnull=False, back="")
    unfinished = Q(status__in=OPEN) & ~asleep
    return {
        "snoozed": Q(status__in=OPEN) & asleep,
        "mine": unfinished & Q(assigned_to=user),
        "unassigned": unfinished & Q(assigned_to=None),
        "awaiting": Q(status=Status.AWAITING_APPROVAL) & ~asleep,
        "decided": Q(status__in=[Status.DECIDED, Status.WITHDRAWN]),
    }.get(view, unfinished)


def filtered(cases: Any, request: Request) -> Any:
    """The cases that fit the filters of the address; what makes no sense there filters nothing."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    if text:
        named = Vendor.objects.matching(text).values("pk")
        cases = cases.filter(
            Q(title__icontains=text)
            | Q(ref__icontains=text)
            | Q(pk__in=Case.vendors.through.objects.filter(vendor__in=named).values("case"))
        )
    if state in Status.values:
        cases = cases.filter(status=state)
    if team := request.GET.get("team", ""):
        cases = cases.filter(team__slug=team)
    if label := request.GET.get("label", "").strip().lower():
        cases = cases.filter(labels__contains=[label])
    if vendor := request.GET.get("vendor", ""):
        cases = cases.filter(
            pk__in=Case.vendors.through.objects.filter(vendor__in=Vendor.objects.under(vendor)).values("case")
        )
    return cases.filter(assigned_to=request.user) if request.GET.get("mine") else cases


def clock_group(now: datetime.datetime) -> Choose:
    """The group of the queue as a database expression."""
    return Choose(
        When(status=Status.ON_HOLD, then=Value(Group.ON_HOLD.value)),
        When(LessThan(DUE_BY, now), then=Value(Group.OVERDUE.value)),
        When(LessThanOrEqual(DUE_BY, end_of_day(now)), then=Value(Group.TODAY.value)),
        When(LessThanOrEqual(DUE_BY, end_of_working_days(now, 3)), then=Value(Group.SOON.value)),
        When(IsNull(DUE_BY, False), then=Value(Group.LATER.value)),
        default=Value(Group.NO_DATE.value),
        output_field=IntegerField(),
    )


def in_order(cases: Any, now: datetime.datetime, view: str) -> Any:
    """The cases with all a row shows, in the order of the queue; finished ones newest first."""
    waiting = Count(
        "suggestions",
        filter=Q(suggestions__state=Suggestion.State.OPEN, suggestions__band=Suggestion.Band.SUGGESTED),
        distinct=True,
    )
    told = cases.with_last_change().annotate(group=clock_group(now), waiting=waiting)
    return (
        told.order_by("-decision__approved_at", "-pk")
        if view == "decided"
        else told.order_by("group", *told.most_urgent_first().query.order_by)
    )


def groups(rows: Any, chosen: Any, now: datetime.datetime, view: str) -> list[dict[str, Any]]:
    """The rows of this page under their headings, with how many the heading has in all."""
    rows = list(rows)
    found, changed = corroborations(rows), open_flags(rows)
    for case in rows:
        case.corroboration, case.open_flags = found.get(case.pk), changed.get(case.pk, 0)
        case.back_because = resurfacing.WHY.get(case.back, "")
    if view == "decided":
        return [{"title": "Finished", "rows": rows, "count": chosen.count()}] if rows else []
    counted = chosen.order_by().annotate(group=clock_group(now)).values_list("group").annotate(n=Count("pk"))
    sizes = dict(counted)
    return [
        {"key": group.name.lower().replace("_", "-"), "title": group.title, "count": sizes[group], "rows": inside}
        for group in Group
        if (inside := [case for case in rows if case.group == group])
    ]


def tabs(visible: Any, user: Any, view: str) -> list[dict[str, Any]]:
    """The views with their counts: one query."""
    counts = visible.aggregate(**{f"n_{key}": Count("pk", filter=scope(key, user)) for key in VIEWS})
    return [
        {"key": key, "title": title, "count": counts[f"n_{key}"], "here": key == view} for key, title in VIEWS.items()
    ]


def inboxes(visible: Any, request: Request) -> list[dict[str, Any]]:
    """The inboxes of this person's teams, with how many open cases lie in each: two queries at most."""
    teams = list(Team.objects.of(request.user).order_by("name"))
    if not teams:
        return []
    lying = visible.filter(scope("", request.user), team__in=teams).order_by()
    counted = dict(lying.values_list("team").annotate(n=Count("pk")))
    here = request.GET.get("team", "")
    return [{"team": team, "count": counted.get(team.pk, 0), "here": team.slug == here} for team in teams]


def chips(request: Request) -> list[dict[str, str]]:
    """The filters that are on, in words, each with the address that takes it off."""
    words = {
        "q": ("Text", request.GET.get("q", "").strip()),
        "state": ("State", dict(Status.choices).get(request.GET.get("state", ""), "")),
        "vendor": ("Vendor", request.GET.get("vendor", "")),
        "mine": ("Reviewer", "me" if request.GET.get("mine") else ""),
        "team": ("Team", request.GET.get("team", "")),
        "label": ("Label", request.GET.get("label", "").strip()),
    }
    return [
        {"name": name, "value": value, "off": canonical(request, without=key)}
        for key, (name, value) in words.items()
        if value
    ]


def canonical(request: Request, without: str = "") -> str:
    """The address of what is shown, without empty parts."""
    query = QueryDict(mutable=True)
    for name in ("view", *FILTERS, "page"):
        value = request.GET.get(name, "").strip()
        if value and name != without and not (without and name == "page"):
            query[name] = value
    return reverse("queue") + (f"?{query.urlencode()}" if query else "")
