"""Teams: people who share an inbox."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts.models import Team
from riskreview.accounts.roles import lead
from riskreview.audit.models import Entry
from riskreview.cases.workflow import OPEN

from . import wording
from .acts import perform
from .answers import see_other
from .forms.together import SetUpTeam, StaffTeam
from .requests import Request


@require_http_methods(["GET", "POST"])
def teams(request: Request) -> HttpResponse:
    """Every team with its people and open cases; a POST sets up one more."""
    if request.method == "GET":
        return listing(request, SetUpTeam(user=request.user))
    form = SetUpTeam(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(
        request,
        form,
        Team.objects.set_up,
        again=again,
        done=lambda made: see_other("teams"),
        said="The team is set up.",
    )


def listing(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """The list of teams."""
    rows = Team.objects.visible_to(request.user).annotate(
        open_cases=Count("cases", filter=Q(cases__status__in=OPEN), distinct=True)
    )
    context = {
        "teams": rows.prefetch_related("members").order_by("name"),
        "form": form if lead(None, request.user) else None,
    }
    return render(request, "teams/teams.html", context, status=status)


def team(request: Request, slug: str) -> HttpResponse:
    """A team."""
    return page(request, find(request, slug))


def find(request: Request, slug: str) -> Team:
    """The team, if it is there for this person."""
    return get_object_or_404(Team.objects.visible_to(request.user), slug=slug)


def page(request: Request, found: Team, form: Any = None, status: int = 200) -> HttpResponse:
    """A team with its people, and the form that changes them."""
    form = form or (StaffTeam(user=request.user, subject=found) if lead(found, request.user) else None)
    trail = wording.lines(Entry.objects.about(found).select_related("actor", "body").newest_first()[:20])
    context = {"team": found, "members": found.members.order_by("name"), "form": form, "trail": trail}
    return render(request, "teams/team.html", context, status=status)


@require_POST
def staff(request: Request, slug: str) -> HttpResponse:
    """Say who is in the team."""
    found = find(request, slug)
    form = StaffTeam(request.POST, user=request.user, subject=found)
    again = partial(page, request, found, form, status=422)
    return perform(
        request, form, found.staff, again=again, done=lambda made: see_other("team", slug), said="The team is saved."
    )
