"""Whether it runs, what needs a person, and the pages that explain."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from riskreview.audit.models import Log, Pulse, Verification
from riskreview.cases.workflow import Status
from riskreview.enrichment import indexing, outdated
from riskreview.enrichment.health import counted, given_up, hosts_left_alone, work
from riskreview.evidence.models import Reliability, Source, SpanCheck
from riskreview.notifications.models import Witness

from . import record
from .access import public, signed_in
from .clock import ago, span
from .condition import rest, silence
from .requests import Request

SILENT = 60
DAILY = {
    "audit.prune": 25 * 60 * 60,
    "enrichment.forget": 25 * 60 * 60,
    "enrichment.spans": 25 * 60 * 60,
    "enrichment.index": 10 * 60,
}
LISTED = 50


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """For machines: "ok" when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@signed_in
def health(request: Request) -> HttpResponse:
    """For people who run it: heartbeats, what is due, what needs a person."""
    if not request.user.oversees:
        raise PermissionDenied("Only leads, auditors and administrators see this page.")
    now = timezone.now()
    state = record.look(now)
    context = {
        "record": state,
        "witnesses": witnesses(state.log, now),
        "given_up": check_given_up(state),
        "pulses": pulses(now),
        "work": loads(now),
        "dead": sum(counted(given_up()).values()),
        "rules": outdated.progress(),
        "words": indexing.progress(),
        "spans": SpanCheck.objects.newest_ended(),
        "spans_next_at": SpanCheck.objects.next_at(now=now),
    } | collection(now)
    return render(request, "status/health.html", context)


def collection(now: datetime.datetime) -> dict[str, Any]:
    """Whom we hear nothing from, and why: quiet, failing and ended sources, and hosts that are left alone."""
    quiet = Source.objects.quiet(now).order_by("silent_since", "name")[:LISTED]
    ended = Source.objects.filter(enabled=True).exclude(ended_at=None).order_by("-ended_at", "name")[:LISTED]
    return {
        "quiet": [{"source": each, "sentence": silence(each, now)} for each in quiet],
        "failing": Source.objects.failing().order_by("name")[:LISTED],
        "ended": ended,
        "resting": [rest(host, now) for host in hosts_left_alone(now)[:LISTED]],
    }


def loads(now: datetime.datetime) -> list[dict[str, Any]]:
    """How much there is to do, per table, and how long the oldest of it has waited."""
    return [
        {"load": each, "waited": "" if each.oldest_due_seconds is None else span(each.oldest_due_seconds)}
        for each in work(now)
    ]


def check_given_up(state: record.Record) -> Verification | None:
    """A check that was given up after the last one that ended."""
    newest: Verification | None = Verification.objects.dead().order_by("-pk").first()
    return newest if newest and (state.check is None or newest.pk > state.check.pk) else None


def pulses(now: datetime.datetime) -> list[dict[str, Any]]:
    """The heartbeats, and which of them are silent."""
    return [
        {
            "name": pulse.name,
            "ago": ago(pulse.at, now),
            "silent": (now - pulse.at).total_seconds() > DAILY.get(pulse.name, SILENT),
        }
        for pulse in Pulse.objects.order_by("name")
    ]


def witnesses(log: Log | None, now: datetime.datetime) -> list[dict[str, Any]]:
    """Who cosigns the log that grows, and how far each has come."""
    keys = [each.partition(" ")[0] for each in settings.WITNESSES]
    return [
        {"row": each, "name": str(each), "seen": ago(each.seen_at, now) if each.seen_at else "never"}
        for each in Witness.objects.filter(log=log, vkey__in=keys).order_by("pk")
    ]


@signed_in
def help_page(request: Request) -> HttpResponse:
    """Shortcuts, and what the states and grades mean."""
    return render(request, "status/help.html", {"states": Status.choices, "reliabilities": Reliability.choices})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we hold ourselves to, and where to complain."""
    return render(request, "status/accessibility.html")
