"""From recommendation to decision: the part two people stand behind."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from riskreview.accounts.models import User
from riskreview.audit.entries import now
from riskreview.audit.models import Log
from riskreview.audit.refusals import NotNow, said

from .. import guards
from ..workflow import Status, transition
from .decision import Authorship, Decision, Disposition
from .finding import Finding
from .staged import Staged


class Decidable(Staged):
    """A case ends in a decision that one person submits and another approves."""

    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="decides", editable=False
    )

    if TYPE_CHECKING:

        @property
        def decisions(self) -> models.QuerySet[Decision]: ...

        @property
        def findings(self) -> models.QuerySet[Finding]: ...

    class Meta:
        abstract = True

    @transition(who=guards.assignee, sources=(Status.IN_REVIEW,), to=Status.AWAITING_APPROVAL, meaning="submitted")
    def submit(
        self, *, by: User, disposition: Disposition, rationale: str, dissent: str = "", referred_to: str = ""
    ) -> Decision:
        """Ask a second person to approve the recommendation."""
        if not self.findings.exists():
            raise NotNow("A case needs at least one finding before it can be submitted.")
        decision = self.decisions.create(
            number=self.next_number("decisions"),
            **Decision.content(disposition=disposition, rationale=rationale, dissent=dissent, referred_to=referred_to),
            submitted_by=by,
        )
        decision.add_authors(self._authors_so_far() | {by})
        decision.seal()
        return decision

    @transition(who=guards.assignee_or_lead, sources=(Status.AWAITING_APPROVAL,))
    def revise(
        self, *, by: User, disposition: Disposition, rationale: str, dissent: str = "", referred_to: str = ""
    ) -> Decision:
        """Change the recommendation that waits for approval. Whoever does so is an author of it and cannot approve."""
        decision = self.open_decision()
        content = Decision.content(
            disposition=disposition, rationale=rationale, dissent=dissent, referred_to=referred_to
        )
        decision.rewrite(by, content)
        return decision

    @transition(
        who=guards.second_pair_of_eyes, sources=(Status.AWAITING_APPROVAL,), to=Status.DECIDED, meaning="approved"
    )
    def approve(self, *, by: User, statement: str = "") -> Decision:
        """Make the recommendation the decision."""
        refuse_unsigned()
        decision = self.open_decision()
        decision.sign(by, statement)
        self.decision = decision
        return decision

    @transition(
        who=guards.approver_or_submitter,
        sources=(Status.AWAITING_APPROVAL,),
        to=Status.IN_REVIEW,
        meaning="returned",
    )
    def send_back(self, *, by: User, reason: str) -> Decision:
        """Return the recommendation to the reviewer with reasons."""
        reason = said(reason, "Say what the reviewer should change.")
        decision = self.open_decision()
        decision.return_to_reviewer(by, reason)
        return decision

    def _authors_so_far(self) -> set[User]:
        """Who wrote a finding, or had a hand in a recommendation that was sent back: the words may be theirs."""
        returned = Authorship.objects.filter(decision__in=self.decisions.filter(approved_at=None)).select_related(
            "user"
        )
        findings = self.findings.select_related("author")
        return {finding.author for finding in findings} | {authorship.user for authorship in returned}

    def open_decision(self) -> Decision:
        """The recommendation that waits for approval. Raises `NotNow` without one."""
        decision: Decision | None = self.decisions.filter(approved_at=None, returned_at=None).first()
        if decision is None:
            raise NotNow("There is no recommendation to approve.")
        return decision


def refuse_unsigned() -> None:
    """Raise `NotNow` when the site decides nothing while its log goes unsigned, and it has for too long."""
    limit = settings.DECIDE_UNSIGNED_MINUTES
    since = Log.objects.unsigned_since() if limit else None
    if since and now().at - since > datetime.timedelta(minutes=limit):
        raise NotNow(
            f"Nothing is decided at the moment: the audit log has not been signed for over {limit} minutes. Tell an"
            " administrator; the health page says why. Your case stays as it is."
        )
