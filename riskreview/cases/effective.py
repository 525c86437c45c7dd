"""Decisions, their effects and their watches as rows, handed to the pure rules of what is in force."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from riskreview.accounts.models import User
from riskreview.vendors.models import Vendor

from .inforce import Course, Event, Force, State, Terms, in_force, state_of
from .models import Case, Condition, Decision, Effect, Exemption, Kept, LegalStatus, Publication

# What the rules ask of a decision, each in one query.
COURSE = (
    Prefetch("publications", Publication.objects.order_by("published_on", "pk")),
    Prefetch("legal_statuses", LegalStatus.objects.order_by("as_of", "pk")),
    Prefetch("effects", Effect.objects.order_by("number")),
)


def with_course(effects: QuerySet[Effect]) -> QuerySet[Effect]:
    """Effects with all that the rules ask of them, in a constant number of queries."""
    signed = Decision.objects.exclude(approved_at=None).order_by("number")
    return effects.select_related("case", "decision", "vendor", "product__vendor", "supersedes").prefetch_related(
        Prefetch("superseded_by", Effect.objects.order_by("number")),
        Prefetch("decision__publications", Publication.objects.order_by("published_on", "pk")),
        Prefetch("decision__legal_statuses", LegalStatus.objects.order_by("as_of", "pk")),
        Prefetch("decision__exemptions", Exemption.objects.order_by("starts_on", "pk")),
        Prefetch("decision__conditions", Condition.objects.select_related("owner").order_by("number")),
        Prefetch("decision__effects", Effect.objects.order_by("number")),
        Prefetch("case__decisions", signed.prefetch_related("publications")),
    )


def published_on(decision: Decision) -> datetime.date | None:
    """The first day a decision was public."""
    return min((each.published_on for each in decision.publications.all() if each.published_on), default=None)


def replaced_on(decision: Decision, of_case: Iterable[Decision]) -> datetime.date | None:
    """The day a later decision of the same case became public."""
    later = (published_on(each) for each in of_case if each.number > decision.number and each.approved_at)
    return min((day for day in later if day), default=None)


def events(rows: Iterable[LegalStatus]) -> tuple[Event, ...]:
    """What happened in law, as the rules take it."""
    return tuple(Event(each.track, each.kind, each.as_of, each.until, words_of(each)) for each in rows)


def words_of(status: LegalStatus) -> str:
    """Where something happened in law, with its citation."""
    return ", ".join(filter(None, (status.forum, status.citation)))


def state(decision: Decision, of_case: Iterable[Decision], on: datetime.date) -> State:
    """Where a decision stands on a day."""
    whole = [each for each in decision.legal_statuses.all() if each.effect_id is None]
    last_days = tuple(each.ends_on for each in decision.effects.all())
    course = Course(
        approved_on=decision.approved_at.date() if decision.approved_at else None,
        published_on=published_on(decision),
        replaced_on=replaced_on(decision, of_case),
        last_days=last_days,
        events=events(whole),
    )
    return state_of(course, on)


def force(effect: Effect, on: datetime.date) -> Force:
    """How an effect stands on a day, on each track."""
    decision = effect.decision
    if decision is None or decision.approved_at is None:
        raise ValueError("an effect that nobody approved is a draft")
    replaced = [each.supersedes_on for each in effect.superseded_by.all()]
    replaced.append(replaced_on(decision, effect.case.decisions.all()))
    terms = Terms(effect.starts_on, effect.ends_on, published_on(decision), min(filter(None, replaced), default=None))
    own = [each for each in decision.legal_statuses.all() if each.effect_id in (None, effect.pk)]
    return in_force(terms, events(own), on)


@dataclass(frozen=True, slots=True)
class Held:
    """One effect on a day: whether its decision is public, on which tracks it is in force, who is exempt from it."""

    effect: Effect
    state: State
    force: Force
    exemptions: tuple[Exemption, ...]

    @property
    def decision(self) -> Any:
        """The decision it comes from."""
        return self.effect.decision

    @property
    def case(self) -> Case:
        """The case it was decided in."""
        return self.effect.case


@dataclass(frozen=True, slots=True)
class Standing:
    """How a vendor stands on a day: what is in force on at least one track, what is not, and what is still asked."""

    on: datetime.date
    in_force: tuple[Held, ...]
    not_in_force: tuple[Held, ...]
    conditions: tuple[Condition, ...]


def held(effect: Effect, on: datetime.date) -> Held:
    """One effect on a day."""
    decision: Any = effect.decision
    exempt = [each for each in decision.exemptions.all() if each.effect_id in (None, effect.pk) and each.holds(on)]
    return Held(effect, state(decision, effect.case.decisions.all(), on), force(effect, on), tuple(exempt))


def naming(vendor: Vendor) -> QuerySet[Effect]:
    """Approved effects that name a vendor, one merged into it, or something one of them ships."""
    every = Vendor.objects.counting_as([vendor.counts_as])
    rows = Effect.objects.exclude(decision=None).exclude(decision__approved_at=None)
    return rows.filter(Q(vendor__in=every) | Q(product__vendor__in=every)).order_by("case__ref", "number")


def standing(vendor: Vendor, on: datetime.date, *, user: User) -> Standing:
    """How a vendor stands on a day, of the cases this person may see."""
    effects = naming(vendor).filter(case__in=Case.objects.visible_to(user))
    rows = [held(effect, on) for effect in with_course(effects)]
    acting = tuple(row for row in rows if row.force.anywhere)
    asked = {
        condition.pk: condition
        for row in acting
        for condition in row.decision.conditions.all()
        if condition.state == Kept.OPEN
    }
    rest = tuple(row for row in rows if not row.force.anywhere)
    return Standing(on, acting, rest, tuple(asked.values()))
