"""A case goes through its playbook: stages, seats, papers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.entries import now
from riskreview.audit.refusals import NotAllowed, NotNow, said
from riskreview.evidence.models import Document

from .. import guards, playbook, requirements
from ..playbook import Playbook as Rules
from ..playbook import vocabulary, words
from ..winding import wind
from ..workflow import WORKABLE, Status, transition
from .closure import Closure
from .known import COLUMNS, facts_of
from .playbook import Playbook
from .procedure import Output, Seat, Stage
from .staged import Staged

VERBS: tuple[str, ...] = (
    *("enter_stage", "countersign_stage", "seat", "unseat", "attach_output", "state_particular"),
    *("adopt_playbook", "new_round"),
)
UNGUIDED = "adopt_playbook"  # the one of them that a case without a playbook knows
# What an account must be trusted with to sit somewhere. Outsiders are consulted and answer: they need an account only.
QUALIFIED: Mapping[str, tuple[Role, ...]] = (
    dict.fromkeys(vocabulary.WORKING, (Role.REVIEWER, Role.LEAD))
    | dict.fromkeys(vocabulary.SIGNING, (Role.APPROVER,))
    | {"auditor": (Role.AUDITOR,)}
)
MOVING = (Status.NEW, Status.IN_REVIEW, Status.DECIDED)
STANDING = (*WORKABLE, Status.AWAITING_APPROVAL, Status.DECIDED)


class Guided(Staged):
    """A case follows the playbook it was opened with."""

    if TYPE_CHECKING:
        playbook: Any
        playbook_id: int | None
        round: int

        @property
        def stages(self) -> models.QuerySet[Stage]: ...

        @property
        def seats(self) -> models.QuerySet[Seat]: ...

        @property
        def outputs(self) -> models.QuerySet[Output]: ...

        @property
        def clocks(self) -> Any: ...

    particulars = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def may(self, verb: str, user: User) -> bool:
        """Whether a verb is open to this person now; a decision is proposed at the stage that decides."""
        if verb in VERBS and verb != UNGUIDED and self.playbook_id is None:
            return False
        if verb == "countersign_stage" and not self._waits_for_a_pair():
            return False
        if verb == "submit" and self.playbook_id is not None and self.status == Status.IN_REVIEW:
            stage = self.stage_now()
            return stage is not None and stage.key == self.rules.decision.key and super().may(verb, user)
        return super().may(verb, user)

    @property
    def rules(self) -> Rules:
        """The playbook of the case. Raises `NotNow` without one."""
        if self.playbook is None:
            raise NotNow("This case follows no playbook. Adopt one first.")
        rules: Rules = self.playbook.rules
        return rules

    def stage_now(self) -> Stage | None:
        """The visit that has not ended."""
        return next((each for each in self.stages.all() if each.left_at is None), None)

    def closed_days(self) -> list[datetime.date]:
        """The days that an order closed the offices of its calendar, beyond those that the calendar knows of."""
        rows = Closure.objects.filter(calendar=self.rules.calendar, revoked_at=None)
        return list(rows.values_list("day", flat=True))

    def facts(self) -> requirements.Facts:
        """What is there of what the playbook asks for."""
        return facts_of(self, now().at)  # type: ignore[arg-type]

    @transition(who=guards.stage_keeper, sources=MOVING)
    def enter_stage(self, *, by: User, stage: str, reason: str = "") -> Stage:
        """Go on to a stage that the present one leads to, or back to one that was visited, with the reason."""
        here, target = self._here(), self._row_of(stage)
        if self._is_back(here.key, target.key):
            reason = said(reason, f"Say why the case goes back to “{target.title}”.")
        else:
            self._check_forward(here, target)
        if (target.phase == "after") != (self.status == Status.DECIDED):
            raise NotNow(f"The case is {self.get_status_display().lower()}: “{target.title}” is not open to it now.")
        return self._visit(by, target.key, reason)

    @transition(who=guards.second_at_stage, sources=MOVING)
    def countersign_stage(self, *, by: User) -> Stage:
        """Sign, as a second person, what was done at this stage."""
        here = self._here()
        if not self._waits_for_a_pair():
            raise NotNow("This stage needs no second person, or one has signed.")
        here.countersigned_by, here.countersigned_at = by, Now()
        here.save()
        here.refresh_from_db()
        return here

    @transition(who=guards.assignee_or_lead, sources=STANDING)
    def seat(self, *, by: User, role: str, user: User) -> Seat:
        """Give somebody a seat of the playbook in this case. Those who sign are seated by a lead."""
        self._check_seat(by, role)
        wanted = QUALIFIED.get(role, ())
        if not user.is_active or (wanted and not user.holds(*wanted)):
            needed = " or ".join(each.label.lower() for each in wanted) or "active account"
            raise NotNow(f"{user} cannot sit as {words.role(role)}: that takes the role {needed}.")
        if self.seats.filter(role=role, user=user).exists():
            raise NotNow(f"{user} sits there already.")
        return self.seats.create(role=role, user=user, seated_by=by)

    @transition(who=guards.assignee_or_lead, sources=STANDING)
    def unseat(self, *, by: User, role: str, user: User) -> None:
        """Take a seat of the playbook back."""
        self._check_seat(by, role)
        if not self.seats.filter(role=role, user=user).delete()[0]:
            raise NotNow(f"{user} does not sit there.")

    @transition(who=guards.reviewer, sources=(*WORKABLE, Status.DECIDED))
    def attach_output(self, *, by: User, output: str, document: Document) -> Output:
        """Attach a document as a paper that the playbook asks for. Whoever had signed the stage signs it anew."""
        papers = self.papers()
        if output not in papers:
            raise NotNow(f"This playbook asks for no paper “{output}”. It asks for: {', '.join(papers) or 'none'}.")
        if self.outputs.filter(key=output, document=document).exists():
            raise NotNow("This document is attached as that paper already.")
        if f"output:{output}" in self._row_of(self._here().key).requires:
            self.stages.filter(left_at=None).update(countersigned_by=None, countersigned_at=None)
        return self.outputs.create(key=output, document=document, attached_by=by)

    @transition(who=guards.assignee_or_lead, sources=(*WORKABLE, Status.DECIDED), changing=True)
    def state_particular(self, *, by: User, field: str, text: str) -> None:
        """Fill in a field that the playbook asks for."""
        asked = self.particulars_asked()
        if field not in asked:
            raise NotNow(f"This playbook asks for no field “{field}”. It asks for: {', '.join(asked) or 'none'}.")
        self.particulars = {**self.particulars, field: text.strip()}

    @transition(who=guards.assignee_or_lead, sources=WORKABLE)
    def adopt_playbook(self, *, by: User, playbook: str, reason: str) -> None:
        """Take up another version of the playbook, or another playbook that knows the present stage."""
        said(reason, "Say why the case takes up this playbook.")
        taken, here = frozen(playbook), self.stage_now()
        if taken.pk == self.playbook_id:
            raise NotNow("The case follows the newest version of this playbook already.")
        if here is not None and taken.rules.row("stage", here.key) is None:
            raise NotNow(f"“{taken.rules.title}” has no stage “{here.key}”, where the case is now.")
        self.playbook = taken
        if here is None:
            self._visit(by, taken.rules.stage[0].key, "")
        else:
            wind(self, now().at)  # type: ignore[arg-type]

    @transition(who=guards.assignee_or_lead, sources=WORKABLE)
    def new_round(self, *, by: User, reason: str) -> None:
        """Begin anew, as when a filing is made again: dates and answers so far belong to the round before."""
        reason = said(reason, "Say why a new round begins.")
        self._here()
        self.clocks.void(by=by, why=f"A new round began: {reason}")
        self.round += 1
        wind(self, now().at)  # type: ignore[arg-type]

    def papers(self) -> list[str]:
        """The papers that any stage asks for, each once."""
        return self._asked("output")

    def particulars_asked(self) -> list[str]:
        """The fields that any stage asks for and the case has no column for."""
        return [key for key in self._asked("field") if key not in COLUMNS]

    def _asked(self, word: str) -> list[str]:
        """The keys after a word of the requirements, each once, in the order of the stages."""
        told = (each.partition(":") for stage in self.rules.stage for each in stage.requires)
        return list(dict.fromkeys(key for name, _, key in told if name == word))

    def may_go(self) -> list[playbook.Stage]:
        """The stages that the present one leads to on the way forward."""
        here = self.stage_now()
        row = self.rules.row("stage", here.key) if here else None
        keys = row.next if isinstance(row, playbook.Stage) else ()
        return [each for each in self.rules.stage if each.key in keys and not self._is_back(row.key, each.key)]  # type: ignore[union-attr]

    def may_go_back(self) -> list[playbook.Stage]:
        """The stages before the present one that were visited."""
        here = self.stage_now()
        visited = {each.key for each in self.stages.all()} if here else set()
        before = self.rules.stage[: self._place(here.key)] if here else ()
        return [each for each in before if each.key in visited]

    def begin(self, by: User, taken: Playbook) -> None:
        """Follow a playbook from its first stage; the case was opened a moment ago."""
        self.playbook = taken
        self._visit(by, taken.rules.stage[0].key, "")

    def _here(self) -> Stage:
        """The present visit. Raises `NotNow` for a case without a playbook."""
        stage = self.stage_now() if self.rules.stage else None
        if stage is None:
            raise NotNow("This case is at no stage.")
        return stage

    def _row_of(self, key: str) -> playbook.Stage:
        """A stage of the playbook. Raises `NotNow` with those there are."""
        for each in self.rules.stage:
            if each.key == key:
                return each
        raise NotNow(f"There is no stage “{key}”. There are: {', '.join(each.key for each in self.rules.stage)}.")

    def _place(self, key: str) -> int:
        return next(number for number, each in enumerate(self.rules.stage) if each.key == key)

    def _is_back(self, here: str, target: str) -> bool:
        """Whether it lies before the present stage and was visited: the way back asks for a reason and nothing else."""
        visited = {each.key for each in self.stages.all()}
        return self._place(target) < self._place(here) and target in visited

    def _check_forward(self, here: Stage, target: playbook.Stage) -> None:
        """Raise `NotNow` when the present stage does not lead there, and `Unready` with all that is missing."""
        row, facts = self._row_of(here.key), self.facts()
        if target.key not in row.next:
            ways = ", ".join(f"“{words.titled(self.rules, 'stage', key)}”" for key in row.next)
            raise NotNow(f"“{row.title}” does not lead to “{target.title}”. It leads to: {ways or 'nothing more'}.")
        missing = requirements.unmet(self.rules, requirements.asked_at(self.rules, row, facts), facts)
        if row.pair and here.countersigned_by_id is None:
            missing.append(requirements.Unmet("pair", "A second person has not signed this stage yet: ask one."))
        missing += requirements.held_back(self.rules, target.key, facts)
        if missing:
            raise requirements.Unready(f"“{row.title}” cannot be left yet.", missing)

    def _visit(self, by: User, key: str, reason: str) -> Stage:
        """End the present visit and begin another."""
        self.stages.filter(left_at=None).update(left_at=Now())
        number = self.next_number("stages")
        visit: Stage = self.stages.create(number=number, key=key, reason=reason, entered_by=by)
        wind(self, now().at)  # type: ignore[arg-type]
        return visit

    def _waits_for_a_pair(self) -> bool:
        """Whether the present stage wants a second signature that is not there."""
        here = self.stage_now() if self.playbook_id is not None else None
        return here is not None and self._row_of(here.key).pair and here.countersigned_by_id is None

    def _check_seat(self, by: User, role: str) -> None:
        """Raise `NotNow` for a seat that no playbook knows, and `NotAllowed` for one that only a lead fills."""
        if role not in vocabulary.ROLES:
            raise NotNow(f"There is no seat “{role}”. There are: {', '.join(vocabulary.ROLES)}.")
        if role in vocabulary.SIGNING and not guards.lead(self, by):
            raise NotAllowed("Those who sign are seated by a lead.")


def frozen(key: str) -> Playbook:
    """The newest version of a playbook as a row. Raises `NotNow` for a key that none has, with those there are."""
    shipped = playbook.newest()
    if key not in shipped:
        raise NotNow(f"There is no playbook “{key[:60]}”. There are: {', '.join(shipped)}.")
    row: Playbook = Playbook.objects.frozen(shipped[key])
    return row
