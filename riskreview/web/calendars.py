"""Calendar feeds: the addresses a person made, and what a calendar program reads there (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from icalendar import Calendar, Event

from riskreview.accounts import throttling
from riskreview.accounts.models import CalendarFeed
from riskreview.cases import agenda
from riskreview.cases.agenda import Appointment

from .access import public
from .acts import perform
from .answers import see_other
from .forms.clocks import Offer
from .requests import Request, client_of

PRODUCT = "-//Riskreview//Dates of cases//EN"
LOOK_AGAIN = timedelta(hours=1)


@require_http_methods(["GET", "POST"])
def feeds(request: Request) -> HttpResponse:
    """One's own feeds; a POST makes one and shows its address, this once."""
    if request.method == "GET":
        return listing(request, Offer(user=request.user))
    form = Offer(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(request, form, CalendarFeed.objects.offer, again=again, done=partial(offered, request))


def listing(request: Request, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    """The feeds, newest first."""
    rows = CalendarFeed.objects.visible_to(request.user).select_related("team", "owner").order_by("-pk")
    return render(request, "settings/calendars.html", {"form": form, "feeds": rows} | more, status=status)


def offered(request: Request, feed: CalendarFeed) -> HttpResponse:
    """The list with the new address on top: no redirect, because it is shown only once."""
    address = request.build_absolute_uri(feed.path)
    return listing(request, Offer(user=request.user), address=address)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """Shut an address."""
    feed = get_object_or_404(CalendarFeed.objects.visible_to(request.user), pk=pk)
    feed.revoke(by=request.user, now=timezone.now())
    return see_other("calendars")


@public
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program reads. The address is the key: a wrong one is as if it had never been."""
    feed, now = CalendarFeed.objects.holding(secret), timezone.now()
    try:
        throttling.before_calendar(feed, client_of(request), now)
    except throttling.TooOften as often:
        return HttpResponse(str(often), status=429, content_type="text/plain", headers={"Retry-After": str(often.wait)})
    if feed is None:
        raise Http404
    dates = agenda.of(feed.owner, feed.team, now)
    tag = f'"{hashlib.sha256(repr(dates).encode()).hexdigest()[:32]}"'
    response = HttpResponse(written(dates, request, now), content_type="text/calendar; charset=utf-8")
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    answer: HttpResponse = get_conditional_response(request, etag=tag, response=response) or response
    return answer


def written(dates: Sequence[Appointment], request: HttpRequest, now: datetime) -> bytes:
    """The dates in the form that calendar programs read: whole days for dates, an instant for instants."""
    made = Calendar.new(name="Riskreview", prodid=PRODUCT, uid="riskreview", refresh_interval=LOOK_AGAIN)
    for each in dates:
        event = Event.new(
            uid=f"{each.key}@{request.get_host()}",
            stamp=now,
            start=each.on,
            end=each.on + (timedelta() if isinstance(each.on, datetime) else timedelta(days=1)),
            summary=each.title,
            url=request.build_absolute_uri(each.path),
        )
        made.add_component(event)
    told: bytes = made.to_ical()
    return told
