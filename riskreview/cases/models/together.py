"""Working together: tasks, and links between cases."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.audit.entries import now
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.lib.vocabulary import known

from .. import guards
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case

# What a task or a comment can be about, inside its case: the letter of its reference, and the rows it counts.
PARTS = {"E": "exhibits", "F": "findings", "C": "conditions", "T": "tasks"}


class ToDo(models.TextChoices):
    """Where a task stands."""

    OPEN = "OPEN", "To do"
    DONE = "DONE", "Done"
    DROPPED = "DROPPED", "Dropped"


class TaskQuerySet(OfCaseQuerySet):
    """Tasks of cases."""

    @recorded_factory(who=guards.colleague)
    def add(
        self,
        *,
        by: User,
        case: Case,
        title: str,
        detail: str = "",
        owner: User | None = None,
        due_on: datetime.date | None = None,
        about: str = "",
    ) -> Task:
        """Note something to do for a case, for somebody, by a day."""
        locked(case)
        last = self.model.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
        task: Task = self.model(case=case, number=last + 1, added_by=by)
        task.put(title=title, detail=detail, owner=owner, due_on=due_on, about=about)
        return task

    def open(self) -> Any:
        """What is still to do."""
        return self.filter(state=ToDo.OPEN)

    def by_day(self) -> Any:
        """The next day first, then those without one."""
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class Task(OfCase):
    """Something to do for a case, with an owner and a day."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    about = models.CharField(max_length=20, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=ToDo, default=ToDo.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settlement = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = TaskQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("case", "number", "title", "detail", "about", "owner", "due_on", "state", "settled_at", "settlement"),
            "added_by",
        )
    }

    class Meta:
        constraints = [
            known("task", "state", ToDo),
            models.UniqueConstraint(fields=["case", "number"], name="task_number_once"),
        ]
        indexes = [models.Index(fields=["owner", "due_on"], name="task_open", condition=Q(state="OPEN"))]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.state == ToDo.OPEN

    @recorded(who=guards.colleague, changing=True)
    def amend(
        self,
        *,
        by: User,
        title: str,
        detail: str = "",
        owner: User | None = None,
        due_on: datetime.date | None = None,
        about: str = "",
    ) -> None:
        """Say anew what is to do, by whom and when. What is left out is emptied."""
        self._must_be(open=True)
        self.put(title=title, detail=detail, owner=owner, due_on=due_on, about=about)

    @recorded(who=guards.colleague)
    def finish(self, *, by: User, note: str = "") -> None:
        """Say that it is done, and how if that matters."""
        self._settle(ToDo.DONE, note)

    @recorded(who=guards.colleague)
    def drop(self, *, by: User, reason: str) -> None:
        """Say that it need not be done, and why."""
        self._settle(ToDo.DROPPED, said(reason, "Say why this need not be done."))

    @recorded(who=guards.colleague)
    def take_up(self, *, by: User) -> None:
        """Put it back on the list: it was not done after all."""
        self._must_be(open=False)
        self.state, self.settled_at, self.settlement = ToDo.OPEN, None, ""

    def put(self, *, title: str, detail: str, owner: User | None, due_on: datetime.date | None, about: str) -> None:
        """Take over what somebody says of the task, if it makes sense. Raises `NotNow`; saves nothing."""
        if owner is not None and not guards.colleague(None, owner):
            raise NotNow(f"{owner} does not work on cases.")
        self.title, self.detail = said(title, "Say what is to be done."), detail.strip()
        self.owner, self.due_on, self.about = owner, due_on, part_of(self.case, about)

    def _settle(self, state: ToDo, settlement: str) -> None:
        self._must_be(open=True)
        self.state, self.settled_at, self.settlement = state, now().at, settlement.strip()

    def _must_be(self, *, open: bool) -> None:
        if self.is_open != open:
            raise NotNow(f"This task is {ToDo(self.state).label.lower()}.")


class LinkQuerySet(OfCaseQuerySet):
    """Links between cases."""

    @recorded_factory(who=guards.reviewer)
    def draw(self, *, by: User, case: Case, to: Case, kind: str, why: str = "") -> Link:
        """Say that a case refers to another one, and how."""
        if to.pk == case.pk:
            raise NotNow("A case is linked to another one, not to itself.")
        locked(case)
        if self.model.objects.standing().filter(case=case, to=to, kind=kind).exists():
            raise NotNow(f"This link to {to.ref} is there already.")
        link: Link = self.model(case=case, to=to, kind=Link.Kind(kind), why=why.strip(), linked_by=by)
        return link

    def standing(self) -> Any:
        """Those that nobody cut."""
        return self.filter(cut_at=None)


class Link(OfCase):
    """One case refers to another, and how."""

    class Kind(models.TextChoices):
        """How they belong together."""

        RELATED = "RELATED", "Related to"
        FOLLOWS = "FOLLOWS", "Follows"
        REFERRED_FROM = "REFERRED_FROM", "Referred from"
        DUPLICATES = "DUPLICATES", "Asks the same as"
        PRECEDENT = "PRECEDENT", "Follows the precedent of"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="links")
    to = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.RELATED)
    why = models.TextField(blank=True)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cut_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = LinkQuerySet.as_manager()
    recorded_columns = {1: ("case", "to", "kind", "why", "linked_by", "cut_at")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "to", "kind"], name="link_once", condition=Q(cut_at=None)),
            models.CheckConstraint(name="link_to_another", condition=~Q(to=F("case"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.to_id}"

    @recorded(who=guards.reviewer)
    def cut(self, *, by: User, reason: str) -> None:
        """Take the link back, and say why. That it was there stays on record."""
        said(reason, "Say why the link is wrong.")
        if self.cut_at is not None:
            raise NotNow("This link was cut already.")
        self.cut_at = now().at


def locked(case: Case) -> None:
    """Hold a case's row, so that of two at work at once one counts its rows after the other."""
    type(case)._base_manager.select_for_update(no_key=True).get(pk=case.pk)


def part_of(case: Case, about: str) -> str:
    """The reference of a part of the case, such as F2, as it is stored. Raises `NotNow` where there is no such part."""
    ref = about.strip().upper()
    if not ref:
        return ""
    rows = PARTS.get(ref[0])
    number = ref[1:]
    if rows is None or not (number.isascii() and number.isdecimal() and 0 < int(number) <= 32_767):
        raise NotNow("Name a part of the case as its page does: E3, F2, C1 or T4.")
    if not getattr(case, rows).filter(number=int(number)).exists():
        raise NotNow(f"This case has no {ref}.")
    return ref
