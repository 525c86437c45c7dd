"""A decided effect that is to begin later: one person asks, a second agrees, and another effect takes its place."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from riskreview.accounts.confirming import Confirmation, refuse_stale
from riskreview.accounts.days import site_day
from riskreview.accounts.models import User
from riskreview.audit.refusals import NotAllowed, NotNow, said

from .. import guards
from ..workflow import Status, transition
from .effect import Effect
from .staged import Staged

EFFECT_WORDS = (
    *("action", "target_kind", "target", "population", "jurisdiction", "vendor", "product", "clause"),
    *("starts_on", "ends_on"),
)


class Postponed(Staged):
    """A case lets what was decided begin later, on the word of two people."""

    if TYPE_CHECKING:
        decision: Any

        @property
        def effects(self) -> models.QuerySet[Effect]: ...

    class Meta:
        abstract = True

    @transition(who=guards.lead, sources=(Status.DECIDED,))
    def postpone_effect(
        self, *, by: User, effect: Effect, starts_on: datetime.date, on: datetime.date, reason: str
    ) -> Effect:
        """Ask that an effect begin later: another one would stand in its place from the day `on` of the order.

        Two people signed what this changes, so a second one agrees before it counts (`agree_postponement`).
        """
        row = self._of_the_decision("effects", effect)
        if not row.stands:
            raise NotNow("Nobody has agreed to this effect: it is a postponement that was asked for.")
        reason = said(reason, "Say why the effect is postponed.")
        if row.superseded_by.filter(is_refused=False).exists():
            raise NotNow("This effect is postponed already, or somebody asked for it. Go on with the one in its place.")
        if starts_on <= max(row.starts_on or on, on):
            raise NotNow("A postponed effect begins later than the one it replaces, and after the day of the order.")
        if row.ends_on and row.ends_on < starts_on:
            raise NotNow(f"The effect ends on {row.ends_on}, before it would begin.")
        later = {"starts_on": starts_on, "supersedes": row, "supersedes_on": on, "written_by": by, "is_asked": True}
        same = {name: getattr(row, name) for name in (*EFFECT_WORDS, "decision") if name != "starts_on"}
        made: Effect = self.effects.create(number=self.next_number("effects"), **(same | later))
        return made

    @transition(who=guards.approver, sources=(Status.DECIDED,), meaning="agreed", omit=("confirmed",))
    def agree_postponement(self, *, by: User, effect: Effect, confirmed: Confirmation) -> None:
        """Agree that an effect begins later, as a second person: the other one stands in its place from the day of the
        order, and not before today: what held on the days before is what held.
        """
        row = self._postponement(effect)
        if self.decision is None or row.decision_id != self.decision.pk:
            raise NotNow("Another decision was made since this was asked for. Refuse it, and ask anew.")
        if row.written_by.human == by.human:
            raise NotAllowed(
                "A second person agrees to a postponement: not who asked for it, whatever they sign in with."
            )
        today = site_day(timezone.now())
        if row.starts_on <= today:
            raise NotNow(f"It was to begin on {row.starts_on}, which has come. Refuse it, and ask for a later day.")
        refuse_stale(confirmed, by)
        row.is_asked, row.agreed_by, row.supersedes_on = False, by, max(row.supersedes_on, today)
        row.save()

    @transition(who=guards.approver_or_lead, sources=(Status.DECIDED,))
    def refuse_postponement(self, *, by: User, effect: Effect, reason: str) -> None:
        """Refuse a postponement that was asked for, or take the request back: what was signed stays as it is.

        The row stays, refused, so that its number never names another effect.
        """
        said(reason, "Say why it is not postponed.")
        row = self._postponement(effect)
        row.is_asked, row.is_refused = False, True
        row.save()

    def _postponement(self, effect: Effect) -> Any:
        found = self.effects.filter(pk=effect.pk, is_asked=True).select_related("written_by").first()
        if found is None:
            raise NotNow("Nobody has asked for this postponement, or it was agreed to or refused already.")
        return found

    def _of_the_decision(self, parts: str, row: Any) -> Any:
        found = getattr(self, parts).filter(pk=row.pk, decision=self.decision).first()
        if found is None or self.decision is None:
            raise NotNow(f"The decision has no such row among its {parts}.")
        return found
