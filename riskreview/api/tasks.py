"""`/api/v1/tasks/`: something to do for a case, for somebody, by a day."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Task, ToDo

from .filters import Filters
from .inputs import LONG_TEXT, PersonField, Reason, RowField, Words
from .outputs import Person, Versioned
from .resource import Resource, act, make


class TaskRow(Versioned):
    """A task. `number` counts inside its case; `about` names a part of the case, such as E3 or F2."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    owner = Person(read_only=True, allow_null=True)
    added_by = Person(read_only=True)

    class Meta:
        model = Task
        fields = (
            "id", "case", "number", "title", "detail", "about", "owner", "due_on", "state", "settled_at", "settlement",
            "added_by", "added_at", "version",
        )  # fmt: skip


class AmendTask(Words):
    """What is to be done, by whom and when. What is left out is emptied."""

    title = serializers.CharField(max_length=200)
    detail = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True, help_text="Id or e-mail address of who does it.")
    due_on = serializers.DateField(required=False, allow_null=True)
    about = serializers.CharField(max_length=20, required=False, allow_blank=True)


class Add(AmendTask):
    """Something to do for a case."""

    case = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())


class Finish(Words):
    """What came of it."""

    note = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)


class TaskFilters(Filters):
    """Which tasks."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)
    owner = django_filters.UUIDFilter(field_name="owner_id", label="Id of who does it.")
    state = django_filters.ChoiceFilter(choices=ToDo.choices)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt", label="Due before this day.")


class Tasks(Resource):
    """Tasks, by id."""

    model, row, detail_row = Task, TaskRow, TaskRow
    filterset_class = TaskFilters
    write_scope = Scope.CASES_WRITE

    add = make(Task.objects.add, takes=Add)
    amend = act(Task.amend, takes=AmendTask)
    finish = act(Task.finish, takes=Finish)
    drop = act(Task.drop, takes=Reason)
    take_up = act(Task.take_up)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The tasks with people and cases."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The task with people and case."""
        return rows.select_related("case", "owner", "added_by")
