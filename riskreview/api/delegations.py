"""`/api/v1/delegations/`: who signs in whose place."""

from __future__ import annotations

from django.utils import timezone
from rest_framework import serializers

from riskreview.accounts.models import Delegation
from riskreview.accounts.tokens import Scope

from .inputs import LONG_TEXT, PersonField, Words
from .outputs import Person, Versioned
from .resource import Resource, act, make


class DelegationRow(Versioned):
    """`to` may sign in the place of `of`, from a day to a day, both included."""

    of = Person(read_only=True)
    to = Person(read_only=True)

    class Meta:
        model = Delegation
        fields = ("id", "of", "to", "starts_on", "ends_on", "reason", "ended_at", "version")


class Delegate(Words):
    """Who signs in the caller's place, and when."""

    to = PersonField(help_text="Id or e-mail address of another approver.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=LONG_TEXT)


class Delegations(Resource):
    """Delegations the caller gave or was given, the newest first."""

    model, row, detail_row = Delegation, DelegationRow, DelegationRow
    order = ("-starts_on", "-pk")
    write_scope = Scope.DECISIONS_WRITE

    delegate = make(Delegation.objects.delegate, takes=Delegate)
    end = act(Delegation.end, now=timezone.now)
