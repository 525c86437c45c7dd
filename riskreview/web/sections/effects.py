"""What the decision does, the conditions it is bound to, and what became of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects

from riskreview.accounts.days import site_day
from riskreview.accounts.models import User
from riskreview.cases import effective
from riskreview.cases.inforce import Force
from riskreview.cases.models import (
    Case,
    Condition,
    Decision,
    Effect,
    Exemption,
    Kept,
    LegalStatus,
    Publication,
    Word,
)

from ..forms.effects import (
    FORMS,
    AgreePostponement,
    AmendCondition,
    AmendEffect,
    DropCondition,
    DropEffect,
    PostponeEffect,
    RefusePostponement,
    SettleCondition,
)
from ..forms.inforce import Confirm, Grant, Publish, Record, Revoke, Strike

if TYPE_CHECKING:
    from ..dossier import Dossier

NOUNS = ("publication", "legalstatus", "exemption")


@dataclass(frozen=True, slots=True)
class Doing:
    """One effect on the page: a draft, or how it stands today on each track, and which conditions are broken, in words;
    and the forms for it."""

    effect: Effect
    force: Force | None
    breach: str
    forms: list[Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """One condition on the page: since when nobody looked, where its watch is behind; and the forms for it."""

    condition: Condition
    looking: Any
    unseen_since: datetime.datetime | None
    forms: list[Any]

    @property
    def shown_by(self) -> int | None:
        """The number of the document that shows a breach, where a watch found one."""
        told = self.looking.seen.get("documents") if self.looking and self.condition.state == Kept.BREACHED else None
        return int(told[-1]) if told else None


def load(dossier: Dossier) -> dict[str, Any]:
    """What this section shows."""
    case, user, now = dossier.case, dossier.reader, dossier.now
    effects, asked = case.effects.all(), case.conditions.all()
    signed = [each for each in reversed(dossier.decisions) if each.approved_at]
    tell_course(dossier, signed)
    own: dict[str, Any] = {"case": case, "user": user}
    today = site_day(now)
    return {
        "effects": [doing(case, each, user, today) for each in effects],
        "conditions": [asking(case, each, user, now) for each in asked],
        "states": [(each, effective.stand(each, signed, today)) for each in signed],
        "publications": case.publications.all() if signed else [],
        "events": events(case, user) if signed else [],
        "exemptions": exemptions(case, user, today) if signed else [],
        "adding": [form(**own) for form in (Publish, Record) if signed and may(form, user)],
        "granting": [Grant(**own)] if signed and may(Grant, user) else [],
        "watched": sum(bool(getattr(each, "looking", None)) and not each.looking.ended_at for each in asked),
        "verbs": [verb for verb in FORMS if not verb.startswith("draft")],
        "nouns": NOUNS,
    }


def tell_course(dossier: Dossier, signed: list[Decision]) -> None:
    """Give the effects and conditions the decisions that are loaded, and those what the rules of their course ask."""
    by_pk = {each.pk: each for each in dossier.decisions}
    for row in [*dossier.case.effects.all(), *dossier.case.conditions.all()]:
        row.decision = by_pk.get(row.decision_id)
    if signed:
        prefetch_related_objects(signed, *effective.COURSE)
        instead = Prefetch("superseded_by", Effect.objects.standing().order_by("number"))
        prefetch_related_objects([*dossier.case.effects.all()], instead)


def may(form: Any, user: User) -> bool:
    """Whether the guard of a factory lets this person in."""
    model = {"publication": Publication, "legalstatus": LegalStatus, "exemption": Exemption}[form.noun]
    return bool(getattr(model.objects, form.verb).guard(None, user))


def doing(case: Case, effect: Effect, user: User, today: datetime.date) -> Doing:
    """One effect, as it stands today."""
    made = effect.decision is not None and effect.decision.approved_at is not None
    force = effective.force(effect, today) if made else None
    current = made and effect.decision_id == case.decision_id and not effect.superseded_by.all()
    waiting = any(each.is_asked and each.supersedes_id == effect.pk for each in case.effects.all())
    verbs = decided_verbs(effect, user, current=current and not waiting) if made else [AmendEffect, DropEffect]
    bound = [each for each in case.conditions.all() if each.decision_id == effect.decision_id]
    broken = effective.breach(bound, case, today) if force and force.anywhere else ""
    return Doing(effect, force, broken, forms_for(case, effect, user, verbs))


def decided_verbs(effect: Effect, user: User, *, current: bool) -> list[Any]:
    """What may be done about an effect that was decided, or about the postponement of one that somebody asked for."""
    if not effect.is_asked:
        return [PostponeEffect] if current and effect.stands else []
    second = current and effect.written_by.human != user.human
    return [AgreePostponement, RefusePostponement] if second else [RefusePostponement]


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


def events(case: Case, user: User) -> list[tuple[LegalStatus, list[Any]]]:
    """What happened in law, and the forms that confirm or strike what one person recorded."""
    named = ("decision", "effect", "document", "recorded_by", "judged_by")
    rows = LegalStatus.objects.filter(case=case).select_related(*named).order_by("as_of", "pk")
    return [(each, judging(case, each, user)) for each in rows]


def judging(case: Case, event: LegalStatus, user: User) -> list[Any]:
    """The forms open to this person about one event."""
    if event.word != Word.RECORDED:
        return []
    forms = [Confirm] if event.snapshot_id else []
    return [
        form(subject=event, user=user, case=case)
        for form in (*forms, Strike)
        if getattr(LegalStatus, form.verb).guard(event, user)
    ]


def exemptions(case: Case, user: User, today: datetime.date) -> list[tuple[Exemption, bool, Any]]:
    """Who is exempt, whether today, and the form that takes it back."""
    rows = Exemption.objects.filter(case=case).select_related("effect", "granted_by").order_by("-starts_on", "-pk")
    lead = bool(Exemption.revoke.guard(None, user))  # type: ignore[misc]
    return [
        (each, each.holds(today), Revoke(subject=each, user=user, case=case) if lead and not each.revoked_on else None)
        for each in rows
    ]
