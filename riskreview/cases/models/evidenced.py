"""What a case rests on: exhibits, and the findings drawn from them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document, Snapshot

from .. import guards
from ..workflow import WORKABLE, Status, transition
from .exhibit import Exhibit, Stance
from .finding import Confidence, Finding, Likelihood, RiskArea
from .flag import Flag
from .staged import Staged


class Evidenced(Staged):
    """A case collects exhibits, and findings that rest on them."""

    if TYPE_CHECKING:

        @property
        def exhibits(self) -> models.QuerySet[Exhibit]: ...

        @property
        def findings(self) -> models.QuerySet[Finding]: ...

    class Meta:
        abstract = True

    @property
    def takes_exhibits(self) -> bool:
        """Whether evidence may be added now; what waits for its second signature or is settled stays as it is."""
        return self.status in WORKABLE

    @transition(who=guards.reviewer, sources=WORKABLE)
    def add_exhibit(
        self,
        *,
        by: User,
        snapshot: Snapshot,
        start: int,
        end: int,
        stance: Stance = Stance.CONTEXT,
        credibility: int = 6,
        note: str = "",
    ) -> Exhibit:
        """Put a passage of an archived document before the reviewers, with its stance and credibility (1-6)."""
        passage = snapshot.passage(start, end)
        if self.exhibits.filter(snapshot=snapshot, start=start, end=end).exists():
            raise NotNow("This passage is an exhibit of this case already.")
        # Held until the exhibit is written: whoever finds a change meanwhile sees the exhibit, or we see the change.
        document = Document.objects.select_for_update(no_key=True).get(pk=snapshot.document_id)
        document.watch()
        exhibit = self.exhibits.create(
            number=self.next_number("exhibits"),
            document=document,
            snapshot=snapshot,
            start=start,
            end=end,
            passage=passage,
            stance=Stance(stance),
            credibility=credibility,
            note=note,
            added_by=by,
        )
        Flag.objects.raise_on(exhibit)
        return exhibit

    @transition(who=guards.assignee_or_lead, sources=(Status.IN_REVIEW,))
    def add_finding(
        self,
        *,
        by: User,
        risk_area: RiskArea,
        judgment: str,
        likelihood: Likelihood,
        confidence: Confidence,
        exhibits: Collection[Exhibit],
        basis: str = "",
    ) -> Finding:
        """Write down what the evidence means: a judgement, how likely, how sure, resting on exhibits of this case."""
        if not exhibits or any(exhibit.case_id != self.pk for exhibit in exhibits):
            raise NotNow("A finding rests on at least one exhibit of this case.")
        judgment = said(judgment, "Write the judgement down.")
        finding = self.findings.create(
            number=self.next_number("findings"),
            risk_area=RiskArea(risk_area),
            judgment=judgment,
            likelihood=Likelihood(likelihood),
            confidence=Confidence(confidence),
            basis=basis.strip(),
            author=by,
        )
        finding.exhibits.set(exhibits)
        return finding
