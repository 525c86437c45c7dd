"""What a decision is to do, drafted on the case and bound by submission: effects and conditions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotAllowed, NotNow, said
from riskreview.evidence.models import Document, Source
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Product, Vendor

from .. import guards, watches
from ..workflow import EDITABLE, Status, transition
from .effect import Action, Condition, Effect, Kept, TargetKind
from .postponed import Postponed
from .watchcheck import WatchCheck, vendors_of_case

VERBS: tuple[str, ...] = (
    *("draft_effect", "amend_effect", "drop_effect", "draft_condition", "amend_condition", "drop_condition"),
    *("settle_condition", "postpone_effect", "agree_postponement", "refuse_postponement", "trip"),
)


class Bound(Postponed):
    """A case drafts effects and conditions, and keeps them after the decision."""

    if TYPE_CHECKING:

        @property
        def conditions(self) -> models.QuerySet[Condition]: ...

        def _unseal(self, by: User, cause: str) -> None: ...

        def _take_up_again(self) -> None: ...

    class Meta:
        abstract = True

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def draft_effect(
        self,
        *,
        by: User,
        action: Action,
        target_kind: TargetKind,
        target: str,
        population: str,
        jurisdiction: str,
        vendor: Vendor | None = None,
        product: Product | None = None,
        clause: str = "",
        starts_on: datetime.date | None = None,
        ends_on: datetime.date | None = None,
    ) -> Effect:
        """Write down what the decision is to do: to what, for whom, where, from which day to which last day."""
        words = effect_words(
            action, target_kind, target, population, jurisdiction, vendor, product, clause, starts_on, ends_on
        )
        effect: Effect = self.effects.create(number=self.next_number("effects"), written_by=by, **words)
        self._unseal(by, f"effect {effect.number}")
        return effect

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def amend_effect(
        self,
        *,
        by: User,
        effect: Effect,
        action: Action,
        target_kind: TargetKind,
        target: str,
        population: str,
        jurisdiction: str,
        vendor: Vendor | None = None,
        product: Product | None = None,
        clause: str = "",
        starts_on: datetime.date | None = None,
        ends_on: datetime.date | None = None,
    ) -> None:
        """Change what the decision is to do, before it is one."""
        words = effect_words(
            action, target_kind, target, population, jurisdiction, vendor, product, clause, starts_on, ends_on
        )
        rewrite(self._draft("effects", effect), by, words)
        self._unseal(by, f"effect {effect.number}")

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def drop_effect(self, *, by: User, effect: Effect) -> None:
        """Take out what the decision is not to do after all."""
        self._draft("effects", effect).delete()
        self._unseal(by, f"effect {effect.number}")

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def draft_condition(
        self,
        *,
        by: User,
        text: str,
        due_on: datetime.date | None = None,
        owner: User | None = None,
        watch: str = "",
        parameters: Mapping[str, Any] | None = None,
        every_days: int = 1,
        on_trip: Condition.OnTrip = Condition.OnTrip.REOPEN,
    ) -> Condition:
        """Write down what the decision asks for. With a watch the product looks by itself once it is approved."""
        words = condition_words(self, text, due_on, owner, watch, parameters, every_days, on_trip)
        condition: Condition = self.conditions.create(number=self.next_number("conditions"), written_by=by, **words)
        self._unseal(by, f"condition {condition.number}")
        return condition

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def amend_condition(
        self,
        *,
        by: User,
        condition: Condition,
        text: str,
        due_on: datetime.date | None = None,
        owner: User | None = None,
        watch: str = "",
        parameters: Mapping[str, Any] | None = None,
        every_days: int = 1,
        on_trip: Condition.OnTrip = Condition.OnTrip.REOPEN,
    ) -> None:
        """Change what the decision asks for, before it is one."""
        words = condition_words(self, text, due_on, owner, watch, parameters, every_days, on_trip)
        rewrite(self._draft("conditions", condition), by, words)
        self._unseal(by, f"condition {condition.number}")

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def drop_condition(self, *, by: User, condition: Condition) -> None:
        """Take out what the decision does not ask for after all."""
        self._draft("conditions", condition).delete()
        self._unseal(by, f"condition {condition.number}")

    @transition(who=guards.reviewer, sources=(Status.DECIDED,))
    def settle_condition(self, *, by: User, condition: Condition, state: Kept, note: str) -> None:
        """Say whether a condition of the decision is met, breached or waived. Its owner or a lead says so."""
        row = self._of_the_decision("conditions", condition)
        if row.owner_id != by.pk and not guards.lead(self, by):
            raise NotAllowed("Only the owner of the condition or a lead may settle it.")
        if Kept(state) == Kept.OPEN or row.state != Kept.OPEN:
            raise NotNow("This condition is settled already, or you did not say how.")
        row.state, row.note = Kept(state), said(note, "Say what you found.")
        row.save()
        WatchCheck.objects.end(condition=row)

    @transition(who=guards.watch, sources=(Status.DECIDED,), to=Status.NEW)
    def trip(
        self,
        *,
        by: User,
        condition: Condition,
        reason: str,
        document: Document | None = None,
        incident: Incident | None = None,
    ) -> None:
        """Open the case again, because a watch saw that a condition is not kept any more; say what shows it."""
        row = self._of_the_decision("conditions", condition)
        if row.state != Kept.OPEN:
            raise NotNow("This condition is settled already.")
        row.state, row.note = Kept.BREACHED, said(reason, "Say what was seen.")
        row.save()
        self._take_up_again()

    def drafted(self, parts: str) -> models.QuerySet[Any]:
        """Effects or conditions of no decision yet, or of a recommendation that nobody approved: these may change."""
        rows: models.QuerySet[Any] = getattr(self, parts)
        return rows.filter(Q(decision=None) | Q(decision__approved_at=None))

    def _draft(self, parts: str, row: Any) -> Any:
        found = self.drafted(parts).filter(pk=row.pk).first()
        if found is None:
            raise NotNow(f"There is no such draft among the {parts} of this case: it may be part of a decision by now.")
        return found


def effect_words(
    action: str,
    target_kind: str,
    target: str,
    population: str,
    jurisdiction: str,
    vendor: Vendor | None,
    product: Product | None,
    clause: str,
    starts_on: datetime.date | None,
    ends_on: datetime.date | None,
) -> dict[str, Any]:
    """The columns of an effect, checked. Raises `NotNow` when they do not say enough, or contradict each other."""
    if starts_on and ends_on and ends_on < starts_on:
        raise NotNow("The effect ends before it begins.")
    if vendor and product and product.vendor_id != vendor.pk:
        raise NotNow(f"{product} is not a product of {vendor}.")
    return {
        "action": Action(action),
        "target_kind": TargetKind(target_kind),
        "target": said(target, "Say what the effect is on."),
        "population": said(population, "Say for whom the effect is."),
        "jurisdiction": said(jurisdiction, "Say where the effect holds."),
        "vendor": vendor,
        "product": product,
        "clause": clause.strip(),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def condition_words(
    case: Any,
    text: str,
    due_on: datetime.date | None,
    owner: User | None,
    watch: str,
    parameters: Mapping[str, Any] | None,
    every_days: int,
    on_trip: str,
) -> dict[str, Any]:
    """The columns of a condition, checked. Raises `NotNow` when they do not say enough."""
    told = watches.checked(watch, parameters or {}, due_on)
    if not 1 <= every_days <= 366:
        raise NotNow("A watch looks every day, or every so many days of a year.")
    if "document" in told and not Document.objects.filter(pk=told["document"]).exclude(url="").exists():
        raise NotNow("A watch needs a document of the archive that has an address to look at.")
    if "source" in told and not Source.objects.filter(pk=told["source"]).exists():
        raise NotNow("There is no such source.")
    refuse_strangers(case, told)
    return {
        "text": said(text, "Say what the decision asks for."),
        "due_on": due_on,
        "owner": owner,
        "watch": Condition.Watch(watch) if watch else "",
        "parameters": told,
        "every_days": every_days,
        "on_trip": Condition.OnTrip(on_trip),
    }


def refuse_strangers(case: Any, told: Mapping[str, Any]) -> None:
    """Raise `NotNow` for a watch of a vendor or a product that is none of the case: it would see nothing, for ever."""
    if not told.keys() & {"vendor", "product"}:
        return
    within = set(vendors_of_case(case))
    if "vendor" in told:
        if told["vendor"] not in within:
            raise NotNow("The case does not name this vendor: name it in the case, or in one of its effects.")
        within = set(Vendor.objects.counting_as([told["vendor"]]).values_list("pk", flat=True))
    if "product" in told and not Product.objects.filter(pk=told["product"], vendor__in=within).exists():
        raise NotNow("This is no product of the vendors that are watched.")


def rewrite(row: Any, by: User, words: Mapping[str, Any]) -> None:
    """Replace what a draft says; who wrote it last counts as its writer."""
    for name, value in words.items():
        setattr(row, name, value)
    row.written_by = by
    row.save()
