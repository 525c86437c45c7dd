"""Tasks, comments, links, cases that are alike, and who else is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.cases import likeness, resurfacing
from riskreview.cases.guards import author_or_lead, colleague, reviewer
from riskreview.cases.models import Case, Comment, Following, Link, Presence, Task

from ..forms import together as forms

if TYPE_CHECKING:
    from ..dossier import Dossier

PROPOSING = ("submit", "revise")
NEWEST = 5  # comments that stand open; the earlier ones are folded


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the section, with the forms that this person may send about it."""

    row: Any
    forms: list[Any]


def load(dossier: Dossier) -> dict[str, Any]:
    """What this section shows. Opening the page is noted: who else is here, and what is new to whom."""
    case, user = dossier.case, dossier.reader
    Presence.objects.look(user, case)
    told, written = tasks(case, user), comments(case, user)
    asked = dossier.shows == "alike" or dossier.opened in PROPOSING
    found = likeness.precedents(case, user) if asked else []
    return {
        "tasks": told,
        "settled": sum(not each.row.is_open for each in told),
        "links": links(case, user),
        "comments": written,
        "earlier": written[:-NEWEST],
        "newest": written[-NEWEST:],
        "add_task": colleague(case, user) and forms.AddTask(user=user, case=case),
        "draw_link": reviewer(case, user) and forms.DrawLink(user=user, case=case),
        "write_comment": colleague(case, user) and forms.WriteComment(user=user, subject=case),
        "similar": likeness.similar(case, user) if asked else [],
        "compared": asked,
        "precedents": found,
        "endings": likeness.endings(found),
        "others": Presence.objects.others(user, case),
        "follows": Following.objects.does(user, case=case),
        "back": why_back(case, user),
    }


def tasks(case: Case, user: User) -> list[Shown]:
    """The tasks, what is to do first, by day; then what is settled."""
    rows = sorted(case.tasks.all(), key=lambda task: not task.is_open)
    return [Shown(task, task_forms(task, user)) for task in rows]


def task_forms(task: Task, user: User) -> list[Any]:
    """What this person may say of a task."""
    if not colleague(task, user):
        return []
    shapes = [forms.FinishTask, forms.AmendTask, forms.DropTask] if task.is_open else [forms.TakeUpTask]
    return [shape(user=user, subject=task, case=task.case) for shape in shapes]


def links(case: Case, user: User) -> list[Shown]:
    """Links to other cases, and from others to this one."""
    standing = Link.objects.standing().select_related("case", "to", "linked_by")
    rows = sorted(standing.filter(Q(case=case) | Q(to=case)).order_by("pk"), key=lambda link: link.case_id != case.pk)
    may = reviewer(case, user)
    return [Shown(link, [forms.CutLink(user=user, subject=link, case=case)] if may else []) for link in rows]


def comments(subject: Any, user: User) -> list[Shown]:
    """The comments on anything, oldest first, with what this person may do to each."""
    rows = list(Comment.objects.on(subject))
    for comment in rows if isinstance(subject, Case) else ():
        comment.case = subject  # its forms ask for it, each anew
    return [Shown(comment, comment_forms(comment, user)) for comment in rows]


def comment_forms(comment: Comment, user: User) -> list[Any]:
    """Its author edits a comment; its author or a lead withdraws it."""
    if comment.withdrawn_at is not None:
        return []
    shapes = [forms.EditComment] if comment.author_id == user.pk else []
    shapes += [forms.WithdrawComment] if author_or_lead(comment, user) else []  # type: ignore[list-item]
    return [shape(user=user, subject=comment) for shape in shapes]


def why_back(case: Case, user: User) -> str:
    """Why a case that was put off is in the queue again; empty for any other."""
    if case.snoozed_at is None:
        return ""
    told = resurfacing.told(Case.objects.filter(pk=case.pk), user, timezone.now().date()).get()
    return resurfacing.WHY.get(told.back, "")
