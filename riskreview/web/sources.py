"""The source register: who is collected from, how reliable, and whether the visits work."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotNow
from riskreview.evidence import kinds
from riskreview.evidence.models import Reliability, Source, Visit
from riskreview.evidence.standing import Standing, standing

from . import wording
from .acts import perform
from .answers import page_of, see_other
from .audit import as_uuid
from .charts import day_bars
from .condition import grades, health, left_alone, paused, progress, told
from .forms.sources import FORMS, RegisterSource, offered
from .registering import registering
from .requests import Request

FILTERS = ("q", "kind", "class", "reliability", "state", "owner", "language", "sort")
SORTS = {"": "Name", "newest": "Newest item", "silent": "Longest silent"}
ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (F("last_item_at").desc(nulls_last=True), "name"),
    "silent": (F("last_item_at").asc(nulls_first=True), "name"),
}
VISITS_SHOWN, DOCUMENTS_SHOWN, CHART_DAYS, WEEK = 10, 15, 30, datetime.timedelta(days=7)


@require_http_methods(["GET", "POST"])
def sources(request: Request) -> HttpResponse:
    """Whom we collect from; a POST registers one more."""
    if request.method == "GET":
        return listing(request)
    form = RegisterSource(request.POST, user=request.user)
    again = partial(registering, request, form, status=422)
    try:
        return perform(request, form, Source.objects.register, again=again, done=see_other, said="Source registered.")
    except NotNow as refusal:  # on its own form: what was typed and what the dry run showed are still of use
        return registering(request, form, status=409, refusal=str(refusal))


def listing(request: Request) -> HttpResponse:
    """The register, narrowed and sorted as the address says."""
    now = timezone.now()
    visible = Source.objects.visible_to(request.user)
    filters = {name: request.GET.get(name, "").strip() for name in FILTERS}
    rows = with_week(filtered(visible, filters, now), now).select_related("owner")
    page = page_of(request, rows.order_by(*ORDERS.get(filters["sort"], ("name",))))
    for source in page.object_list:
        source.health = health(source, now)
    context = {
        "page": page,
        "filters": filters,
        "is_narrowed": any(value for name, value in filters.items() if name != "sort"),
        "choices": choices(),
        "failing": standing(visible, Standing.FAILING, now).count(),
        "quiet": visible.quiet(now).count(),
    }
    return render(request, "sources/sources.html", context)


def filtered(rows: Any, filters: dict[str, str], now: datetime.datetime) -> Any:
    """The sources that fit; what makes no sense filters nothing."""
    if text := filters["q"]:
        rows = rows.filter(Q(name__icontains=text) | Q(url__icontains=text))
    if filters["state"] in Standing.values:
        rows = standing(rows, filters["state"], now)
    if owner := as_uuid(filters["owner"]):
        rows = rows.filter(owner=owner)
    if language := filters["language"]:
        rows = rows.filter(Q(language__iexact=language) | Q(language__istartswith=f"{language}-"))
    for name, column in (("kind", "kind"), ("class", "source_class"), ("reliability", "reliability")):
        rows = rows.filter(**{column: filters[name]}) if filters[name] else rows
    return rows


def with_week(rows: Any, now: datetime.datetime) -> Any:
    """The sources with `week`, the new items of the last seven days."""
    visits = Visit.objects.filter(source=OuterRef("pk"), at__gte=now - WEEK).order_by().values("source")
    return rows.annotate(week=Coalesce(Subquery(visits.annotate(n=Sum("new_items")).values("n")), 0))


def choices() -> dict[str, Any]:
    """What the filters offer."""
    return {
        "kinds": kinds.choices(),
        "classes": Source.Class.choices,
        "reliabilities": Reliability.choices,
        "states": Standing.choices,
        "owners": User.objects.filter(sources__isnull=False).distinct().order_by("name"),
        "sorts": SORTS.items(),
    }


def source(request: Request, pk: int) -> HttpResponse:
    """A source, on one page."""
    return page(request, find(request, pk))


def find(request: Request, pk: int) -> Source:
    """The source, if it is there for this person."""
    return get_object_or_404(Source.objects.visible_to(request.user).select_related("owner"), pk=pk)


def page(request: Request, found: Source, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The source's page, with the form that was sent and its problems, if there was one."""
    now = timezone.now()
    may = [verb for verb in FORMS if getattr(Source, verb).guard(found, request.user)]
    acts = {verb: FORMS[verb](subject=found, user=request.user) for verb in offered(found, may)}
    context = {
        "source": found,
        "health": health(found, now),
        "settings": settings_of(found),
        "grades": grades(found),
        "chart": chart(found, now),
        **latest(found),
        "paused": paused(found),
        "trail": wording.lines(Entry.objects.about(found).select_related("actor", "body").newest_first()[:30]),
        "acts": acts | ({sent.verb: sent} if sent else {}),
        "sent": sent,
        **watched(request, found, now),
    }
    return render(request, "sources/source.html", context, status=status)


def latest(found: Source) -> dict[str, Any]:
    """The last visits and what they brought."""
    return {
        "visits": [told(each) for each in newest(found)[:VISITS_SHOWN]],
        "visit_count": found.visits.count(),
        "documents": found.documents.order_by("-first_seen_at", "-pk")[:DOCUMENTS_SHOWN],
        "document_count": found.documents.count(),
    }


def settings_of(found: Source) -> list[tuple[str, str]]:
    """What the source is asked, with the labels of its kind."""
    labels = {each.name: each.label for about in kinds.every() if about.key == found.kind for each in about.settings}
    return [(labels.get(name, name), str(value)) for name, value in found.config.items()]


def chart(found: Source, now: datetime.datetime) -> Any:
    """New items per day, of the last thirty days."""
    today = now.astimezone(datetime.UTC).date()
    first = today - datetime.timedelta(days=CHART_DAYS - 1)
    return day_bars(found.visits.per_day(first), first, today)


def newest(found: Source) -> Any:
    """The visits without their bytes, newest first."""
    return found.visits.defer("packed", "headers").order_by("-at", "-pk")


def asked_at(request: HttpRequest) -> datetime.datetime | None:
    """When somebody asked for the visit that the page follows, as the address says."""
    given = request.GET.get("asked", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 11 else 0
    return datetime.datetime.fromtimestamp(number, datetime.UTC) if number else None


def watched(request: HttpRequest, found: Source, now: datetime.datetime) -> dict[str, Any]:
    """The visit that somebody asked for: how it goes, and what came of it."""
    since = asked_at(request)
    visits = list(newest(found).filter(at__gte=since)[:VISITS_SHOWN]) if since else []
    waiting = list(found.visits.left().defer("packed", "headers")[:1])
    rest = left_alone(found, now)
    seen = progress(found, [*visits, *waiting], now, since=since, rest=rest)
    came = found.documents.filter(first_seen_at__gte=since).order_by("-first_seen_at", "-pk")[:10] if since else []
    shown = seen if since or seen.step else None
    return {"progress": shown, "rest": rest, "asked": request.GET.get("asked", ""), "came": came}


def follow(request: Request, pk: int) -> HttpResponse:
    """The visit that was asked for, and what came lately. While it runs, the page asks for these parts again."""
    found = find(request, pk)
    context = {"source": found} | watched(request, found, timezone.now())
    if not request.htmx:
        return render(request, "sources/progress.html", context)
    return render(request, "sources/_followed.html", context | latest(found))


def visits(request: Request, pk: int) -> HttpResponse:
    """Every visit that changed something or failed, newest first."""
    found = find(request, pk)
    page = page_of(request, newest(found))
    context = {"source": found, "page": page, "visits": [told(each) for each in page.object_list]}
    return render(request, "sources/visits.html", context)


def act(request: Request, pk: int, verb: str, said: str, query: str = "") -> HttpResponse:
    """Run a verb of a source with its form."""
    found = find(request, pk)
    form = FORMS[verb](request.POST, subject=found, user=request.user)
    again = partial(page, request, found, sent=form, status=422)
    return perform(
        request,
        form,
        getattr(found, verb),
        again=again,
        done=lambda made: see_other(found, query=query),
        said=said,
    )


@require_POST
def grade(request: Request, pk: int) -> HttpResponse:
    """Judge how reliable it is."""
    return act(request, pk, "grade", "Graded.")


@require_POST
def amend(request: Request, pk: int) -> HttpResponse:
    """Change how it is asked, how often, and who looks after it."""
    return act(request, pk, "amend", "Saved.")


@require_POST
def pause(request: Request, pk: int) -> HttpResponse:
    """Stop visiting it."""
    return act(request, pk, "pause", "Paused.")


@require_POST
def unpause(request: Request, pk: int) -> HttpResponse:
    """Visit it again."""
    return act(request, pk, "unpause", "It will be visited again.")


@require_POST
def collect_now(request: Request, pk: int) -> HttpResponse:
    """Visit it at the next sweep, and follow how that goes."""
    asked = int(timezone.now().timestamp())
    return act(request, pk, "collect_now", "It is visited at the next sweep, within a few seconds.", f"asked={asked}")
