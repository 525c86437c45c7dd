"""Decisions, their effects and their watches as rows, handed to the pure rules of what is in force."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from riskreview.accounts.days import site_day
from riskreview.accounts.models import User
from riskreview.vendors.models import Vendor

from .inforce import Course, Event, Force, Stand, State, Terms, Track, in_force, stand_of
from .models import Case, Condition, Decision, Effect, Exemption, Kept, LegalStatus, Publication

ASKED = "a postponement that nobody has agreed to"
REFUSED = "a postponement that was refused"
# The states in which what a decision without effects asks for is still asked.
LIVE = frozenset({State.APPROVED_HELD, State.PUBLISHED})
# What the rules ask of a decision, each in one query.
COURSE = (
    Prefetch("publications", Publication.objects.order_by("published_on", "pk")),
    Prefetch("legal_statuses", LegalStatus.objects.counting().order_by("as_of", "pk")),
    Prefetch("effects", Effect.objects.standing().order_by("number")),
)


def with_course(effects: QuerySet[Effect]) -> QuerySet[Effect]:
    """Effects with all that the rules ask of them, in a constant number of queries."""
    signed = Decision.objects.exclude(approved_at=None).order_by("number")
    named = ("case", "decision", "vendor", "product__vendor", "supersedes", "written_by", "agreed_by")
    return effects.select_related(*named).prefetch_related(
        Prefetch("superseded_by", Effect.objects.standing().order_by("number")),
        Prefetch("decision__publications", Publication.objects.order_by("published_on", "pk")),
        Prefetch("decision__legal_statuses", LegalStatus.objects.counting().order_by("as_of", "pk")),
        Prefetch("decision__exemptions", Exemption.objects.order_by("starts_on", "pk")),
        Prefetch("decision__conditions", Condition.objects.select_related("owner", "looking").order_by("number")),
        Prefetch("decision__effects", Effect.objects.standing().order_by("number")),
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
    return tuple(
        Event(each.track, each.kind, each.as_of, each.until, words_of(each), each.is_confirmed) for each in rows
    )


def words_of(status: LegalStatus) -> str:
    """Where something happened in law, with its citation."""
    return ", ".join(filter(None, (status.forum, status.citation)))


def stand(decision: Decision, of_case: Iterable[Decision], on: datetime.date) -> Stand:
    """Where a decision stands on a day, and whether that rests on one person's word."""
    whole = [each for each in decision.legal_statuses.all() if each.effect_id is None]
    last_days = tuple(each.ends_on for each in decision.effects.all())
    course = Course(
        approved_on=site_day(decision.approved_at) if decision.approved_at else None,
        published_on=published_on(decision),
        replaced_on=replaced_on(decision, of_case),
        last_days=last_days,
        events=events(whole),
    )
    return stand_of(course, on)


def force(effect: Effect, on: datetime.date) -> Force:
    """How an effect stands on a day, on each track."""
    decision = effect.decision
    if decision is None or decision.approved_at is None:
        raise ValueError("an effect that nobody approved is a draft")
    if not effect.stands:
        return Force((Track("", False, ASKED if effect.is_asked else REFUSED),))
    replaced = [each.supersedes_on for each in effect.superseded_by.all()]
    replaced.append(replaced_on(decision, effect.case.decisions.all()))
    terms = Terms(effect.starts_on, effect.ends_on, published_on(decision), min(filter(None, replaced), default=None))
    own = [each for each in decision.legal_statuses.all() if each.effect_id in (None, effect.pk)]
    return in_force(terms, events(own), on)


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition of a decision that stands, as it was on a day."""

    condition: Condition
    case: Case
    state: Kept


def kept(condition: Condition, on: datetime.date) -> Kept:
    """How a condition stood on a day. The end of its watch tells when it was settled; for one without a watch no day is
    known, and it stands as it does now."""
    looking = getattr(condition, "looking", None)
    settled = looking.ended_at if looking else None
    return Kept.OPEN if settled and on < site_day(settled) else Kept(condition.state)


def breach(conditions: Iterable[Condition], case: Case, on: datetime.date) -> str:
    """Which conditions of a decision were broken on a day, in words, and whether its case is open again; else empty."""
    numbers = [str(each.number) for each in conditions if kept(each, on) == Kept.BREACHED]
    if not numbers:
        return ""
    which = f"condition {numbers[0]} is" if len(numbers) == 1 else f"conditions {', '.join(numbers)} are"
    return f"its {which} breached" + (", the case is open again" if case.is_open else "")


@dataclass(frozen=True, slots=True)
class Held:
    """One effect on a day: whether its decision is public, on which tracks it is in force, who is exempt from it, and
    which conditions of its decision were broken, in words."""

    effect: Effect
    stand: Stand
    force: Force
    exemptions: tuple[Exemption, ...]
    breach: str

    @property
    def state(self) -> State:
        """Where its decision stands."""
        return self.stand.state

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
    """How a vendor stands on a day: what is in force on at least one track, what is not, and what is asked with it."""

    on: datetime.date
    in_force: tuple[Held, ...]
    not_in_force: tuple[Held, ...]
    conditions: tuple[Asked, ...]


def held(effect: Effect, on: datetime.date) -> Held:
    """One effect on a day."""
    decision: Any = effect.decision
    exempt = [each for each in decision.exemptions.all() if each.effect_id in (None, effect.pk) and each.holds(on)]
    stands = force(effect, on)
    broken = breach(decision.conditions.all(), effect.case, on) if stands.anywhere else ""
    return Held(effect, stand(decision, effect.case.decisions.all(), on), stands, tuple(exempt), broken)


def naming(vendor: Vendor) -> QuerySet[Effect]:
    """Approved effects that name a vendor, one merged into it, or something one of them ships."""
    every = Vendor.objects.counting_as([vendor.counts_as])
    rows = Effect.objects.standing().exclude(decision=None).exclude(decision__approved_at=None)
    return rows.filter(Q(vendor__in=every) | Q(product__vendor__in=every)).order_by("case__ref", "number")


def standing(vendor: Vendor, on: datetime.date, *, user: User) -> Standing:
    """How a vendor stands on a day, of the cases this person may see."""
    effects = naming(vendor).filter(case__in=Case.objects.visible_to(user))
    begun = Q(supersedes_on=None) | Q(supersedes_on__lte=on)  # a postponement is none of a day before it took its place
    every = (held(effect, on) for effect in with_course(effects.filter(begun)))
    rows = [row for row in every if row.state is not State.DRAFT]  # what nobody had decided by then is no standing
    acting = tuple(row for row in rows if row.force.anywhere)
    rest = tuple(row for row in rows if not row.force.anywhere)
    bare = [each for each in without_effects(vendor, user) if stand(each, each.case.decisions.all(), on).state in LIVE]
    return Standing(on, acting, rest, tuple(asked_by({row.decision: row.case for row in acting}, bare, on)))


def without_effects(vendor: Vendor, user: User) -> QuerySet[Decision]:
    """Decisions about a vendor that do nothing to anybody and only ask for something, of the cases this person sees."""
    every = Vendor.objects.counting_as([vendor.counts_as])
    named = Q(vendors__in=every) | Q(products__vendor__in=every)
    cases = Case.objects.visible_to(user).filter(named).values("pk")
    rows = Decision.objects.filter(case__in=cases, effects=None).exclude(approved_at=None).exclude(conditions=None)
    signed = Decision.objects.exclude(approved_at=None).order_by("number")
    return (
        rows.select_related("case")
        .order_by("case__ref", "number")
        .prefetch_related(
            *COURSE,
            Prefetch("conditions", Condition.objects.select_related("owner", "looking").order_by("number")),
            Prefetch("case__decisions", signed.prefetch_related("publications")),
        )
        .distinct()
    )


def asked_by(acting: Mapping[Decision, Case], bare: Iterable[Decision], on: datetime.date) -> Iterator[Asked]:
    """The conditions of decisions with an effect in force, and of those that have none at all."""
    for decision, case in [*acting.items(), *((each, each.case) for each in bare)]:
        for condition in decision.conditions.all():
            yield Asked(condition, case, kept(condition, on))
