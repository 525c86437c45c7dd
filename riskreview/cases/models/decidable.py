"""From recommendation to decision: the part two people stand behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotNow, said

from .. import guards, sealing
from ..differing import Difference, differences
from ..dossier import Gathered, gather
from ..grounds import objections
from ..requirements import check_submission
from ..workflow import Status, transition
from .decision import Authorship, Decision
from .finding import Finding
from .recommending import recommended, signatures_needed
from .signature import Dossier
from .signing import Signing
from .submission import Submission

OBJECTIONS_TOLD = 20


class Decidable(Signing):
    """A case ends in a decision that one person submits and others approve."""

    if TYPE_CHECKING:

        @property
        def findings(self) -> models.QuerySet[Finding]: ...

        @property
        def submissions(self) -> models.QuerySet[Submission]: ...

    class Meta:
        abstract = True

    @transition(who=guards.assignee, sources=(Status.IN_REVIEW,), to=Status.AWAITING_APPROVAL, meaning="submitted")
    def submit(
        self, *, by: User, disposition: str, rationale: str, dissent: str = "", referred_to: str = ""
    ) -> Decision:
        """Ask a second person to approve the recommendation."""
        words = recommended(self._case, disposition, rationale, dissent, referred_to)
        self._refuse_unready(words)
        return self._seal(by, words)

    @transition(who=guards.assignee_or_lead, sources=(Status.AWAITING_APPROVAL,))
    def revise(
        self, *, by: User, disposition: str, rationale: str, dissent: str = "", referred_to: str = ""
    ) -> Decision:
        """Submit another version of what waits for approval: signatures under the one before count no more.

        Whoever does so is an author of it and cannot approve; so are all authors of earlier versions.
        """
        words = recommended(self._case, disposition, rationale, dissent, referred_to)
        self._refuse_unready(words)
        self.open_decision().void(by, "the recommendation")
        return self._seal(by, words)

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

    @transition(who=guards.reviewer_or_system, sources=(Status.AWAITING_APPROVAL,), to=Status.IN_REVIEW)
    def unseal(self, *, by: User, cause: str) -> None:
        """Void what waits for approval: a row of the case with verbs of its own changed what was sealed, and calls
        this. The case is with its reviewer again."""
        self._unseal(by, said(cause, "Say what changed."))

    def unseal_if_waiting(self, by: User, cause: str) -> None:
        """What every verb of such a row ends with, once it holds the lock of the case."""
        if self.status == Status.AWAITING_APPROVAL:
            self.unseal(by=by, cause=cause)

    def changes_since(self, decision: Decision) -> list[Difference]:
        """What differs between what was submitted as this version and the next version, or the case as it is now.

        Empty for what was approved, and for versions of before dossiers were sealed.
        """
        versions = Dossier.objects.filter(decision__case=self._case).select_related("decision")
        sealed = versions.filter(decision=decision).first()
        if sealed is None or decision.approved_at is not None:
            return []
        later = versions.filter(decision__number__gt=decision.number).order_by("decision__number").first()
        return differences(sealed.content, later.content if later else gather(self._case, decision).content(decision))

    def changes_since_read(self, dossier_sha256: str) -> list[Difference]:
        """What differs since somebody read the version of this digest; empty where nothing does, or it was approved."""
        read = self.decisions.filter(dossier_sha256=dossier_sha256).first() if dossier_sha256 else None
        return self.changes_since(read) if read else []

    def _refuse_unready(self, words: dict[str, str]) -> None:
        """Raise `NotNow` while something is missing that a recommendation rests on, or is not what it should be."""
        if not self.findings.filter(withdrawn_at=None).exists():
            raise NotNow("A case needs at least one finding before it can be submitted.")
        unanswered = Submission.objects.unconsidered(self).first()  # type: ignore[arg-type]
        if unanswered is not None:
            raise NotNow(f"Say how {unanswered} was considered before you submit.")
        if blocked := objections(self._case):
            raise NotNow("\n".join(str(each) for each in blocked[:OBJECTIONS_TOLD]))
        check_submission(self._case, words["disposition"], referred_to=words["referred_to"])

    def _seal(self, by: User, words: dict[str, str]) -> Decision:
        """Make a new version of the recommendation, bind its effects and conditions, and seal the dossier."""
        decision = self.decisions.create(
            number=self.next_number("decisions"),
            submitted_by=by,
            approvals_needed=signatures_needed(self._case),
            **words,
        )
        decision.bind()
        gathered = gather(self._case, decision)
        decision.add_authors(self._authors_so_far(gathered) | {by.pk})
        content, key = gathered.content(decision), sealing.new_key()
        decision.dossier_sha256 = sealing.root(content, key)
        decision.save()
        Dossier.objects.create(decision=decision, content=content, key=key, root=decision.dossier_sha256)
        return decision

    def _authors_so_far(self, gathered: Gathered) -> set[object]:
        """Who had a hand in the dossier, or in a version of it that was never approved: the words may be theirs."""
        earlier = Authorship.objects.filter(decision__in=self.decisions.filter(approved_at=None))
        return {*gathered.authors(), *earlier.values_list("user_id", flat=True)}

    def _unseal(self, by: User, cause: str) -> None:
        """What waits for approval was changed: that request is void, and the case is with its reviewer again.

        Every verb that changes something of the dossier ends with this. `cause` names what changed: “finding F2”.
        """
        if self.status == Status.AWAITING_APPROVAL:
            self.open_decision().void(by, cause)
            self.status = Status.IN_REVIEW
