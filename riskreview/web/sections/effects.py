"""What the decision does, the conditions it is bound to, and what became of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.cases import effective
from riskreview.cases.inforce import Force
from riskreview.cases.models import Case, Condition, Effect, Exemption, Kept, LegalStatus, Publication

from ..forms.effects import (
    FORMS,
    AmendCondition,
    AmendEffect,
    DropCondition,
    DropEffect,
    PostponeEffect,
    SettleCondition,
)
from ..forms.inforce import Grant, Publish, Record, Revoke

NOUNS = ("publication", "legalstatus", "exemption")


@dataclass(frozen=True, slots=True)
class Doing:
    """One effect on the page: a draft, or how it stands today on each track; and the forms for it."""

    effect: Effect
    force: Force | None
    forms: list[Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """One condition on the page: since when nobody looked, where its watch is behind; and the forms for it."""

    condition: Condition
    looking: Any
    unseen_since: datetime.datetime | None
    forms: list[Any]


def load(case: Case, user: User) -> dict[str, Any]:
    """What this section shows."""
    now = timezone.now()
    effects = list(effective.with_course(case.effects.all()).order_by("number"))
    asked = case.conditions.select_related("owner", "decision", "looking").order_by("number")
    signed = list(case.decisions.exclude(approved_at=None).prefetch_related(*effective.COURSE).order_by("number"))
    own: dict[str, Any] = {"case": case, "user": user}
    return {
        "effects": [doing(case, each, user, now.date()) for each in effects],
        "conditions": [asking(case, each, user, now) for each in asked],
        "states": [(each, effective.state(each, signed, now.date())) for each in signed],
        "publications": Publication.objects.filter(case=case).select_related("decision", "document", "recorded_by"),
        "events": LegalStatus.objects.filter(case=case)
        .select_related("decision", "effect", "document")
        .order_by("as_of", "pk"),
        "exemptions": exemptions(case, user, now.date()),
        "adding": [form(**own) for form in (Publish, Record) if signed and may(form, user)],
        "granting": [Grant(**own)] if signed and may(Grant, user) else [],
        "verbs": [verb for verb in FORMS if not verb.startswith("draft")],
        "nouns": NOUNS,
    }


def may(form: Any, user: User) -> bool:
    """Whether the guard of a factory lets this person in."""
    model = {"publication": Publication, "legalstatus": LegalStatus, "exemption": Exemption}[form.noun]
    return bool(getattr(model.objects, form.verb).guard(None, user))


def doing(case: Case, effect: Effect, user: User, today: datetime.date) -> Doing:
    """One effect, as it stands today."""
    made = effect.decision is not None and effect.decision.approved_at is not None
    force = effective.force(effect, today) if made else None
    current = made and effect.decision_id == case.decision_id and not effect.superseded_by.all()
    verbs = ([PostponeEffect] if current else []) if made else [AmendEffect, DropEffect]
    return Doing(effect, force, forms_for(case, effect, user, verbs))


def asking(case: Case, condition: Condition, user: User, now: datetime.datetime) -> Asking:
    """One condition, with how its watch does."""
    looking = getattr(condition, "looking", None)
    if looking is not None:
        looking.condition = condition
    made = condition.decision is not None and condition.decision.approved_at is not None
    open_still = condition.state == Kept.OPEN and condition.decision_id == case.decision_id
    verbs = ([SettleCondition] if open_still and settles(case, condition, user) else []) if made else DRAFTING
    unseen = looking.unseen_since(now) if looking else None
    return Asking(condition, looking, unseen, forms_for(case, condition, user, verbs))


DRAFTING = [AmendCondition, DropCondition]


def settles(case: Case, condition: Condition, user: User) -> bool:
    """Whether this person says how the condition went: its owner, or a lead."""
    return condition.owner_id == user.pk or may(Grant, user)


def forms_for(case: Case, row: Any, user: User, verbs: list[Any]) -> list[Any]:
    """The forms of the verbs open to this person now, about one row."""
    return [form(subject=case, user=user, row=row) for form in verbs if case.may(form.verb, user)]


def exemptions(case: Case, user: User, today: datetime.date) -> list[tuple[Exemption, bool, Any]]:
    """Who is exempt, whether today, and the form that takes it back."""
    rows = Exemption.objects.filter(case=case).select_related("effect", "granted_by").order_by("-starts_on", "-pk")
    lead = bool(Exemption.revoke.guard(None, user))  # type: ignore[misc]
    return [
        (each, each.holds(today), Revoke(subject=each, user=user, case=case) if lead and not each.revoked_on else None)
        for each in rows
    ]
