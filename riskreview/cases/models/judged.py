"""What the evidence of a case means: findings, written, amended, read by a second person, and withdrawn in the open."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotAllowed, NotNow, said

from .. import guards
from ..tradecraft import cited
from ..workflow import EDITABLE, transition
from .exhibit import Exhibit
from .finding import Confidence, Finding, Likelihood, RiskArea
from .staged import Staged

VERBS: tuple[str, ...] = ("amend_finding", "withdraw_finding", "review_finding")


class Judged(Staged):
    """A case is judged in findings. Their numbers are never used again; withdrawn ones stay on record."""

    if TYPE_CHECKING:

        @property
        def exhibits(self) -> models.QuerySet[Exhibit]: ...
        @property
        def findings(self) -> models.QuerySet[Finding]: ...
        def _unseal(self, by: User, cause: str) -> None: ...

    class Meta:
        abstract = True

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def add_finding(
        self,
        *,
        by: User,
        risk_area: RiskArea,
        judgment: str,
        likelihood: Likelihood | Literal[""] = "",
        confidence: Confidence,
        exhibits: Collection[Exhibit],
        basis: str = "",
        is_fact: bool = False,
        assumptions: str = "",
        alternatives: str = "",
        treatment: str = "",
        risk_likelihood: int | None = None,
        risk_impact: int | None = None,
        residual_likelihood: int | None = None,
        residual_impact: int | None = None,
    ) -> Finding:
        """Write down what the evidence means: a judgement, how likely, how sure, resting on exhibits of this case.

        Exhibits that the words cite (“… [E1]”) count as ticked. The four numbers are of five, 1 very low, 5 very high.
        """
        words = Finding.content(
            *(risk_area, judgment, likelihood, confidence, basis, is_fact),
            texts={"assumptions": assumptions, "alternatives": alternatives, "treatment": treatment},
            risk=(risk_likelihood, risk_impact),
            residual=(residual_likelihood, residual_impact),
        )
        carried = self._carrying(exhibits, words)
        finding = self.findings.create(number=self.next_number("findings"), author=by, **words)
        finding.exhibits.set(carried)
        self._unseal(by, f"finding {finding.ref}")
        return finding

    @transition(who=guards.assignee_or_lead, sources=EDITABLE, changing=True)
    def amend_finding(
        self,
        *,
        by: User,
        finding: Finding,
        risk_area: RiskArea,
        judgment: str,
        likelihood: Likelihood | Literal[""] = "",
        confidence: Confidence,
        exhibits: Collection[Exhibit],
        basis: str = "",
        is_fact: bool = False,
        assumptions: str = "",
        alternatives: str = "",
        treatment: str = "",
        risk_likelihood: int | None = None,
        risk_impact: int | None = None,
        residual_likelihood: int | None = None,
        residual_impact: int | None = None,
    ) -> Finding:
        """Word a finding anew, whole. Its author stays, its editor is named, and a second reader must read it again."""
        standing_part(self, finding)
        words = Finding.content(
            *(risk_area, judgment, likelihood, confidence, basis, is_fact),
            texts={"assumptions": assumptions, "alternatives": alternatives, "treatment": treatment},
            risk=(risk_likelihood, risk_impact),
            residual=(residual_likelihood, residual_impact),
        )
        before = finding.own_state()
        finding.exhibits.set(self._carrying(exhibits, words))
        finding.reword(words)
        if finding.own_state() != before:
            finding.unreviewed(by)
            finding.save()
            self._unseal(by, f"finding {finding.ref}")
        return finding

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def withdraw_finding(self, *, by: User, finding: Finding, reason: str) -> Finding:
        """Take a finding back, and say why. It stays on record under its number."""
        standing_part(self, finding)
        finding.withdrawal = said(reason, "Say why the finding is withdrawn.")
        finding.withdrawn_by, finding.withdrawn_at = by, Now()
        finding.save()
        self._unseal(by, f"finding {finding.ref}")
        return finding

    @transition(who=guards.reviewer, sources=EDITABLE)
    def review_finding(self, *, by: User, finding: Finding) -> Finding:
        """Say that you read a finding of somebody else against its exhibits, and that it follows from them."""
        standing_part(self, finding)
        if finding.written_by(by.human):
            raise NotAllowed("Somebody else must review this finding: you wrote or edited it.")
        if finding.reviewed_by_id:
            raise NotNow(f"{finding.ref} was reviewed already.")
        finding.reviewed_by, finding.reviewed_at, finding.review_cleared_at = by, Now(), None
        finding.save()
        self._unseal(by, f"the review of finding {finding.ref}")
        return finding

    def _carrying(self, exhibits: Collection[Exhibit], words: dict[str, Any]) -> set[Exhibit]:
        """What is ticked and what the words cite. Raises `NotNow` for nothing, or for what does not stand here."""
        if not exhibits or any(exhibit.case_id != self.pk for exhibit in exhibits):
            raise NotNow("A finding rests on at least one exhibit of this case.")
        ticked = {exhibit.pk for exhibit in exhibits}
        numbers = {each for name in ("judgment", "basis") for told in cited(words[name]) for each in told.cites}
        found = set(self.exhibits.filter(Q(pk__in=ticked) | Q(number__in=numbers), withdrawn_at=None))
        if not ticked <= {each.pk for each in found}:
            raise NotNow("An exhibit that was withdrawn carries no finding.")
        return found


def standing_part(case: models.Model, part: Exhibit | Finding) -> None:
    """Read a part of a locked case again. Raises `NotNow` when it is of another case or was withdrawn."""
    part.refresh_from_db()
    if part.case_id != case.pk:
        raise NotNow(f"There is no such {part._meta.model_name} in this case.")
    if part.withdrawn_at:
        raise NotNow(f"{part.ref} was withdrawn and stays as it was.")
