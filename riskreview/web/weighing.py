"""How the score is made: the weights in force, those that were fitted, and how often suggestions were accepted."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.cases.models import MatchWeights, Suggestion
from riskreview.enrichment import watched

from .acts import perform
from .answers import see_other
from .forms.signals import Abandon, Adopt
from .requests import Request

WEEKS = 12
SHOWN = 10
VERDICTS = {"suggestion.accept": True, "suggestion.dismiss": False, "suggestion.refer": False}


def weights(request: Request) -> HttpResponse:
    """The page."""
    return page(request)


def page(request: Request, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """What is in force, what was proposed, and the verdicts of the last weeks."""
    rows = MatchWeights.objects.visible_to(request.user).newest_first().select_related("adopted_by")[:SHOWN]
    context = {
        "in_force": watched.weights(),
        "bands": watched.bands(),
        "background": watched.background().version,
        "fitted": [(row, act_for(row, sent, request.user)) for row in rows],
        "weeks": weeks(request.user, timezone.now()),
        "sent": sent,
    }
    return render(request, "signals/weights.html", context, status=status)


def act_for(row: MatchWeights, sent: Any, user: User) -> Any:
    """What this person may do with weights: the form that was sent, a fresh one, or nothing."""
    form = Abandon if row.adopted_at else Adopt
    if sent and sent.subject.pk == row.pk:
        return sent
    return form(subject=row, user=user) if getattr(MatchWeights, form.verb).guard(row, user) else None


def weeks(user: User, now: datetime.datetime) -> list[dict[str, Any]]:
    """For each of the last weeks and each band: how many suggestions got a verdict, and how many were accepted."""
    first = monday(now) - datetime.timedelta(weeks=WEEKS - 1)
    told = Entry.objects.filter(kind="act", verb__in=VERDICTS, recorded_at__gte=first).order_by("recorded_at")
    last = {int(row[0]): row[1:] for row in told.values_list("subject_id", "verb", "recorded_at")}
    shown = Suggestion.objects.visible_to(user).filter(pk__in=last).exclude(state=Suggestion.State.OPEN)
    judged: Counter[tuple[datetime.date, str]] = Counter()
    accepted: Counter[tuple[datetime.date, str]] = Counter()
    for pk, band in shown.values_list("pk", "band"):
        verb, moment = last[pk]
        judged[monday(moment).date(), band] += 1
        accepted[monday(moment).date(), band] += VERDICTS[verb]
    days = sorted({day for day, _ in judged}, reverse=True)
    return [{"day": day, "bands": [rate(judged[day, b], accepted[day, b]) for b in Suggestion.Band]} for day in days]


def rate(judged: int, accepted: int) -> dict[str, int | None]:
    """A share in percent; None of nothing."""
    return {"judged": judged, "accepted": accepted, "percent": round(100 * accepted / judged) if judged else None}


def monday(moment: datetime.datetime) -> datetime.datetime:
    """Midnight of the Monday before, in UTC."""
    day = moment.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - datetime.timedelta(days=day.weekday())


def act(request: Request, pk: int, form_class: Any, said: str) -> HttpResponse:
    """Run a verb of weights."""
    row = get_object_or_404(MatchWeights.objects.visible_to(request.user), pk=pk)
    form = form_class(request.POST, subject=row, user=request.user)
    return perform(
        request,
        form,
        getattr(row, form_class.verb),
        again=lambda: page(request, sent=form, status=422),
        done=lambda made: see_other("weights"),
        said=said,
    )


@require_POST
def adopt(request: Request, pk: int) -> HttpResponse:
    """Put fitted weights in force."""
    return act(request, pk, Adopt, "Adopted: documents read from now on are scored with these weights.")


@require_POST
def abandon(request: Request, pk: int) -> HttpResponse:
    """Take fitted weights out of force."""
    return act(request, pk, Abandon, "Taken back.")
