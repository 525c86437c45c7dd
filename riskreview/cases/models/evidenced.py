"""What a case rests on: exhibits, each graded, amended and withdrawn in the open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document, Snapshot

from .. import guards
from ..workflow import EDITABLE, OPEN, WORKABLE, transition
from . import judged
from .exhibit import Credibility, Exhibit, SourceClass, Stance
from .flag import Flag
from .judged import Judged, standing_part

VERBS: tuple[str, ...] = ("amend_exhibit", "withdraw_exhibit", *judged.VERBS)


class Evidenced(Judged):
    """A case collects exhibits, and findings that rest on them."""

    if TYPE_CHECKING:

        @property
        def exhibits(self) -> models.QuerySet[Exhibit]: ...

    class Meta:
        abstract = True

    @property
    def takes_exhibits(self) -> bool:
        """Whether suggestions may become evidence now; triage does not void what waits for its second signature."""
        return self.status in WORKABLE

    @transition(who=guards.reviewer, sources=OPEN)
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
        source_class: SourceClass = SourceClass.PUBLIC,
    ) -> Exhibit:
        """Put a passage of an archived document before the reviewers, with its stance and credibility (1-6).

        Credibility 1 needs exhibits of the same stance from two independent texts. A recommendation that waits for
        approval is void then.
        """
        passage = self._uncited(snapshot, start, end)
        exhibit = Exhibit(
            case=self,  # type: ignore[misc]
            number=self.next_number("exhibits"),
            document=held(snapshot),
            snapshot=snapshot,
            start=start,
            end=end,
            passage=passage,
            stance=Stance(stance),
            credibility=credibility,
            note=note,
            source_class=SourceClass(source_class),
            added_by=by,
        )
        self._refuse_unconfirmed(exhibit)
        exhibit.document.watch()
        exhibit.save()
        Flag.objects.raise_on(exhibit)
        self._unseal(by, f"exhibit {exhibit.ref}")
        return exhibit

    @transition(who=guards.assignee_or_lead, sources=EDITABLE, changing=True)
    def amend_exhibit(
        self, *, by: User, exhibit: Exhibit, stance: Stance, credibility: int, note: str, source_class: SourceClass
    ) -> Exhibit:
        """Judge an exhibit anew: what it does to the question, how credible it is, how its source stands in law."""
        standing_part(self, exhibit)
        before = exhibit.own_state()
        exhibit.stance, exhibit.credibility, exhibit.note = Stance(stance), credibility, note.strip()
        exhibit.source_class = SourceClass(source_class)
        if exhibit.own_state() != before:
            self._refuse_unconfirmed(exhibit)
            exhibit.edited_by, exhibit.edited_at = by, Now()
            exhibit.save()
            self._unseal(by, f"exhibit {exhibit.ref}")
        return exhibit

    @transition(who=guards.assignee_or_lead, sources=EDITABLE)
    def withdraw_exhibit(self, *, by: User, exhibit: Exhibit, reason: str) -> Exhibit:
        """Take an exhibit back, and say why. It stays on record under its number, and no finding may rest on it."""
        standing_part(self, exhibit)
        reason = said(reason, "Say why the exhibit is withdrawn.")
        if resting := list(exhibit.findings.filter(withdrawn_at=None).order_by("number")):
            named = " and ".join(each.ref for each in resting)
            rest = "rests" if len(resting) == 1 else "rest"
            raise NotNow(f"{named} {rest} on {exhibit.ref}. Amend or withdraw what rests on it first.")
        exhibit.withdrawn_by, exhibit.withdrawn_at, exhibit.withdrawal = by, Now(), reason
        exhibit.save()
        self._unseal(by, f"exhibit {exhibit.ref}")
        return exhibit

    def _uncited(self, snapshot: Snapshot, start: int, end: int) -> str:
        """The words of a passage. Raises `NotNow` where it stands as an exhibit of this case already."""
        passage = snapshot.passage(start, end)
        if self.exhibits.filter(snapshot=snapshot, start=start, end=end, withdrawn_at=None).exists():
            raise NotNow("This passage is an exhibit of this case already.")
        return passage

    def _refuse_unconfirmed(self, exhibit: Exhibit) -> None:
        """Raise `NotNow` when it is graded as confirmed and no independent text of the same stance confirms it."""
        if exhibit.credibility != Credibility.CONFIRMED:
            return
        others = self.exhibits.filter(stance=exhibit.stance, withdrawn_at=None).exclude(pk=exhibit.pk)
        if {exhibit.text_key} >= {each.text_key for each in others.select_related("document")}:
            raise NotNow(
                "Credibility 1 means confirmed by other sources: it needs an exhibit of the same stance whose text has"
                " another origin. Copies of one text count once."
            )


def held(snapshot: Snapshot) -> Document:
    """The document of a capture, under its lock until the exhibit is written: whoever finds a change meanwhile sees the
    exhibit, or we see the change."""
    document: Document = Document.objects.select_for_update(no_key=True).get(pk=snapshot.document_id)
    return document
