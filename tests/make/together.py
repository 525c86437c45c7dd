"""What colleagues do around a case: tasks, comments, links, teams, bulk acts, claims, delegations."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from riskreview.accounts.models import Delegation, Team, User
from riskreview.accounts.roles import Role
from riskreview.cases.models import (
    Allegation,
    Batch,
    Case,
    Comment,
    Link,
    Task,
)

from .cases import make_case
from .material import WHEN, counter


def task(case: Case, *, by: User, title: str = "Ask the vendor", **details: object) -> Task:
    """Something to do for a case."""
    return Task.objects.add(by=by, case=case, title=title, **details)


def comment(case: Case, *, by: User, text: str = "Look at the second source.") -> Comment:
    """A note to colleagues on a case."""
    return Comment.objects.write(by=by, case=case, text=text)


def link(case: Case, *, by: User, kind: str = "RELATED") -> Link:
    """A link from a case to a fresh one."""
    return Link.objects.draw(by=by, case=case, to=make_case(by=by, title="A related question"), kind=kind)


def team(*, by: User, name: str = "Chips", members: Sequence[User] = ()) -> Team:
    """People who share an inbox."""
    return Team.objects.set_up(by=by, slug=name.lower(), name=name, members=list(members))


def batch(cases: Sequence[Case], *, by: User) -> Batch:
    """One label for many cases, waiting for the worker."""
    versions = [case.entry_seq for case in cases]
    return Batch.objects.begin(by=by, act="LABEL", cases=list(cases), versions=versions, labels=["chips"])


def claim(case: Case, *, by: User, **told: object) -> Allegation:
    """A claim on the board of a case."""
    said = {"text": "Outputs of a model were used in training.", "speaker": "OpenAI", "as_of": WHEN.date()}
    return Allegation.objects.enter(by=by, case=case, **(said | told))


def delegation(*, by: User, to: User | None = None, days: int = 0) -> Delegation:
    """Somebody signs in the place of an approver, from today on."""
    today = datetime.datetime.now(datetime.UTC).date()
    other = to or User.objects.invite(
        by=User.objects.system(), email=f"stand-in-{next(counter)}@example.org", name="Stand-in", roles=[Role.APPROVER]
    )
    until = today + datetime.timedelta(days=days)
    return Delegation.objects.delegate(by=by, to=other, starts_on=today, ends_on=until, reason="On leave.")
