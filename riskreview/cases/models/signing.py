"""Signing: the act that makes a recommendation the decision, and the signature of somebody who would not."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from riskreview.accounts.confirming import Confirmation, refuse_stale
from riskreview.accounts.days import site_day
from riskreview.accounts.models import Delegation, User
from riskreview.accounts.roles import Role
from riskreview.audit.entries import now
from riskreview.audit.models import Log
from riskreview.audit.refusals import NotAllowed, NotNow, said

from .. import guards, sealing
from ..differing import DossierChanged, differences
from ..dossier import gather
from ..winding import wind
from ..workflow import Status, transition
from .decision import Decision
from .signature import Dossier, Meaning, Signature
from .staged import Staged

if TYPE_CHECKING:
    from .case import Case
from .watchcheck import WatchCheck

UNSEALED = "This was submitted before dossiers were sealed. Save the recommendation once more, and it can be signed."


class Signing(Staged):
    """What waits for approval is signed by as many people as the procedure asks for, none of whom had a hand in it."""

    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="decides", editable=False
    )

    if TYPE_CHECKING:

        @property
        def decisions(self) -> models.QuerySet[Decision]: ...

        @property
        def signatures(self) -> models.QuerySet[Signature]: ...

    class Meta:
        abstract = True

    @transition(
        who=guards.second_pair_of_eyes,
        sources=(Status.AWAITING_APPROVAL,),
        to=Status.DECIDED,
        when=guards.is_decided,
        meaning="approved",
        omit=("confirmed",),
    )
    def approve(
        self,
        *,
        by: User,
        dossier_sha256: str,
        confirmed: Confirmation,
        statement: str = "",
        on_behalf_of: User | None = None,
    ) -> Decision:
        """Sign exactly this dossier. With the last signature it takes, the recommendation is the decision.

        `dossier_sha256` names what the approver read. Raises `DossierChanged` when that is not what would be signed.
        """
        refuse_unsigned()
        decision = self.open_decision()
        self._refuse_another(decision, dossier_sha256)
        self._sign(decision, by, confirmed, Meaning.APPROVED, statement.strip(), on_behalf_of)
        if decision.approvals >= decision.approvals_needed:
            decision.settle(by, statement)
            self.decision = decision
            WatchCheck.objects.begin(decision)
            wind(self._case, now().at)
        return decision

    @transition(
        who=guards.second_pair_of_eyes, sources=(Status.AWAITING_APPROVAL,), meaning="dissented", omit=("confirmed",)
    )
    def dissent(self, *, by: User, text: str, confirmed: Confirmation) -> Decision:
        """Sign against the recommendation, with reasons. It stays open to the others; whoever dissents approves not."""
        decision = self.open_decision()
        self._sign(decision, by, confirmed, Meaning.DISSENTED, said(text, "Say why you would not approve it."))
        return decision

    def open_decision(self) -> Decision:
        """The recommendation that waits for approval. Raises `NotNow` without one."""
        decision: Decision | None = next((each for each in self.decisions.all() if each.is_open), None)
        if decision is None:
            raise NotNow("There is no recommendation to approve.")
        return decision

    @property
    def _case(self) -> Case:
        """This case, by its type: the trait is of nothing else."""
        return cast("Case", self)

    def _sign(
        self,
        decision: Decision,
        by: User,
        confirmed: Confirmation,
        meaning: Meaning,
        statement: str,
        on_behalf_of: User | None = None,
    ) -> None:
        refuse_stale(confirmed, by)
        signer = on_behalf_of or by
        if on_behalf_of is not None:
            self._refuse_stand_in(decision, by, on_behalf_of)
        if not guards.may_sign_for(self._case, signer):
            raise NotAllowed("The procedure names who signs here. Sign in their place only where they asked you to.")
        self.signatures.create(
            decision=decision,
            user=by,
            person=by.human,
            on_behalf_of=on_behalf_of,
            role=guards.seat_of(self._case, signer) or Role.APPROVER,
            meaning=meaning,
            statement=statement,
            dossier_sha256=decision.dossier_sha256,
            strength=confirmed.strength,
            confirmed_at=confirmed.at,
        )

    def _refuse_stand_in(self, decision: Decision, by: User, of: User) -> None:
        """Raise `NotAllowed` unless this delegation is in force today and the other is as free as the actor."""
        if not Delegation.objects.in_force(site_day(timezone.now())).filter(of=of, to=by).exists():
            raise NotAllowed(f"{of.name} has not asked you to sign in their place today.")
        if not guards.is_free(decision, of):
            raise NotAllowed(f"{of.name} had a hand in this, or has signed already: nobody can sign it in their place.")

    def _refuse_another(self, decision: Decision, dossier_sha256: str) -> None:
        """Raise `DossierChanged` when the person read another version, or the case is not what was submitted."""
        sealed = Dossier.objects.filter(decision=decision).first()
        if sealed is None:
            raise NotNow(UNSEALED)
        if dossier_sha256 != sealed.root:
            read = Dossier.objects.filter(decision__case=self._case, root=dossier_sha256).first()
            changes = differences(read.content, sealed.content) if read else []
            raise DossierChanged("What you read is not what waits for approval now. Read it as it is.", changes)
        content = gather(self._case, decision).content(decision)
        if sealing.root(content, sealed.key) != sealed.root:
            raise DossierChanged(
                "The case is not what was submitted any more. Send it back, or save the recommendation once more.",
                differences(sealed.content, content),
            )


def refuse_unsigned() -> None:
    """Raise `NotNow` when the site decides nothing while its log goes unsigned, and it has for too long."""
    limit = settings.DECIDE_UNSIGNED_MINUTES
    since = Log.objects.unsigned_since() if limit else None
    if since and now().at - since > datetime.timedelta(minutes=limit):
        raise NotNow(
            f"Nothing is decided at the moment: the audit log has not been signed for over {limit} minutes. Tell an"
            " administrator; the health page says why. Your case stays as it is."
        )
