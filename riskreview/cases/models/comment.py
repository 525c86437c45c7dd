"""Comments: notes to colleagues on a case, a vendor, an incident or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.accounts.roles import READING
from riskreview.audit.entries import now
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from .. import guards
from ..mentions import mentioned
from .ofcase import OfCase, OfCaseQuerySet
from .together import part_of

if TYPE_CHECKING:
    from .case import Case

SUBJECTS = ("case", "vendor", "incident", "document")


class CommentQuerySet(OfCaseQuerySet):
    """What colleagues wrote to each other."""

    @recorded_factory(who=guards.colleague)
    def write(
        self,
        *,
        by: User,
        text: str,
        case: Case | None = None,
        vendor: Vendor | None = None,
        incident: Incident | None = None,
        document: Document | None = None,
        about: str = "",
    ) -> Comment:
        """Write a note on one thing. Who is named in it as `@Name` or `@e-mail` finds it among their mentions."""
        given = [each for each in (case, vendor, incident, document) if each is not None]
        if len(given) != 1:
            raise NotNow("A comment is on one thing: a case, a vendor, an incident or a document.")
        if about.strip() and case is None:
            raise NotNow("Only a case has parts to comment on.")
        comment: Comment = self.model(
            case=case,
            vendor=vendor,
            incident=incident,
            document=document,
            about=part_of(case, about) if case else "",
            text=said(text, "Write something."),
            author=by,
        )
        people = comment.meant()
        comment.save()
        comment.mentions.set(people)
        return comment

    def on(self, subject: Any) -> Any:
        """The comments on one thing, oldest first, with their authors."""
        rows = self.filter(**{subject._meta.model_name: subject}).select_related("author")
        return rows.prefetch_related("mentions").order_by("written_at", "pk")


class Comment(OfCase):
    """A note to colleagues, on a case, a vendor, an incident or a document; `about` names a part of it (F2, E3)."""

    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="comments")  # type: ignore[assignment]
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    about = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentioned_in", blank=True)
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("case", "vendor", "incident", "document", "about", "text", "author", "mentions", "edited_at"),
            "withdrawn_at",
        )
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="comment_on_one_thing",
                condition=Q(case__isnull=False, vendor=None, incident=None, document=None)
                | Q(case=None, vendor__isnull=False, incident=None, document=None)
                | Q(case=None, vendor=None, incident__isnull=False, document=None)
                | Q(case=None, vendor=None, incident=None, document__isnull=False),
            ),
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
        ]
        indexes = [models.Index(fields=["case", "written_at"], name="comment_of_case")]

    def __str__(self) -> str:
        return self.text

    @property
    def subject(self) -> Any:
        """The one thing it is on."""
        return next(row for name in SUBJECTS if (row := getattr(self, name)) is not None)

    @property
    def label(self) -> str:
        """What the audit trail calls it: a comment on what."""
        return f"comment on {getattr(self.subject, 'ref', '') or self.subject}"[:200]

    def get_absolute_url(self) -> str:
        """The place on the page of its subject where it stands."""
        return f"{self.subject.get_absolute_url()}#comment-{self.pk}"

    @recorded(who=guards.author, changing=True)
    def edit(self, *, by: User, text: str) -> None:
        """Word it otherwise. The earlier words stay on record."""
        self._must_stand()
        text = said(text, "Write something, or withdraw the comment.")
        if text == self.text:
            return
        self.text, self.edited_at = text, now().at
        self.mentions.set(self.meant())

    @recorded(who=guards.author_or_lead)
    def withdraw(self, *, by: User) -> None:
        """Take the comment off the page. That it was there stays on record."""
        self._must_stand()
        self.withdrawn_at = now().at

    def meant(self) -> list[User]:
        """The people its text mentions. Raises `NotNow` for a name that fits several, or for who may not see this."""
        if "@" not in self.text:
            return []
        readers = User.objects.people().filter(is_active=True, roles__overlap=[*READING])
        told = mentioned(self.text, list(readers.only("pk", "name", "email", "roles", "is_active").order_by("pk")))
        if told.unclear:
            raise NotNow(f"@{told.unclear[0]} fits several people. Write the e-mail address after the @.")
        blind = [person.name for person in told.people if not self._seen_by(person)]
        if blind:
            raise NotNow(f"{blind[0]} may not see this, and cannot be mentioned here.")
        return told.people

    def _seen_by(self, person: User) -> bool:
        rows = type(self.subject).objects.visible_to(person)
        return bool(rows.filter(pk=self.subject.pk).exists())

    def _must_stand(self) -> None:
        if self.withdrawn_at is not None:
            raise NotNow("This comment was withdrawn.")
