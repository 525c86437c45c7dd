"""What happened and since when we know: documents, incidents, stands, exhibits, decisions and effects in one list."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from riskreview.accounts.models import User
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident

from .models import Case, LegalStatus, Milestone, Publication, Stand

DOCUMENTS, INCIDENTS = 300, 100
Moment = datetime.datetime | datetime.date


@dataclass(frozen=True, slots=True)
class Known:
    """Something that happened `at` a day or moment and that we know `since`; `page` is where more of it is."""

    kind: str
    at: Moment
    since: Moment
    words: str
    page: str = ""

    @property
    def day(self) -> datetime.date:
        """The day it happened, in UTC."""
        return day_of(self.at)

    @property
    def late(self) -> int:
        """How many days later than it happened we came to know it; 0 for what we knew at once or beforehand."""
        return max((day_of(self.since) - self.day).days, 0)


def known(case: Case, user: User) -> list[Known]:
    """Everything of a case with a date that this person may see, the latest first; a fixed number of queries."""
    parts = (documents, incidents, exhibits, stands, milestones, decisions, effects, afterwards)
    found = [each for part in parts for each in part(case, user)]
    return sorted(found, key=lambda each: (each.day, day_of(each.since), each.kind, each.words), reverse=True)


def documents(case: Case, user: User) -> Iterator[Known]:
    """The documents cited or suggested: when published, and when we came across them."""
    cited = Q(exhibits__case=case) | Q(suggestions__case=case)
    rows = Document.objects.visible_to(user).filter(cited).distinct().order_by("-first_seen_at", "-pk")
    for each in rows.only("headline", "publisher", "published_at", "first_seen_at", "url")[:DOCUMENTS]:
        by = f"{each.publisher}: " if each.publisher else ""
        words = f"{by}“{each.headline or each.url}”"
        yield Known(
            "Published", each.published_at or each.first_seen_at, each.first_seen_at, words, each.get_absolute_url()
        )


def incidents(case: Case, user: User) -> Iterator[Known]:
    """The incidents that involve a vendor of the case."""
    vendors = case.vendors.all()
    named = Q(involvements__vendor__in=vendors) | Q(involvements__product__vendor__in=vendors)
    rows = Incident.objects.visible_to(user).filter(named).distinct().order_by("-reported_at", "-pk")
    for each in rows[:INCIDENTS]:
        words = f"{each.title} ({each.get_standing_display().lower()})"
        yield Known("Incident", each.occurred_from, each.reported_at, words, each.get_absolute_url())


def exhibits(case: Case, user: User) -> Iterator[Known]:
    """The passages that were put before the reviewers."""
    for each in case.exhibits.select_related("document").order_by("number"):
        words = f"{each.ref}, from “{each.document.headline or each.document.url}”"
        yield Known("Exhibit", each.added_at, each.added_at, words, f"{case.get_absolute_url()}#{each.ref}")


def stands(case: Case, user: User) -> Iterator[Known]:
    """Who said what of a claim, on which day."""
    for each in Stand.objects.filter(allegation__case=case).select_related("allegation").order_by("pk"):
        words = f"{each.speaker}, {each.get_says_display().lower()}: {each.allegation.text}"
        yield Known("Claim", each.as_of, each.recorded_at, words, each.allegation.get_absolute_url())


def milestones(case: Case, user: User) -> Iterator[Known]:
    """The dated facts that clocks start from."""
    for each in Milestone.objects.filter(case=case).order_by("pk"):
        words = each.key.replace("_", " ").replace("-", " ").capitalize()
        yield Known("Milestone", each.start, each.recorded_at, words, f"{case.get_absolute_url()}#clocks")


def decisions(case: Case, user: User) -> Iterator[Known]:
    """What was submitted, sent back, voided and approved."""
    page = f"{case.get_absolute_url()}#decision"
    for each in case.decisions.order_by("number"):
        name = f"Version {each.number}, {each.get_disposition_display().lower()}"
        told = ((each.submitted_at, "submitted"), (each.returned_at, "sent back"), (each.voided_at, "void"))
        for at, what in (*told, (each.approved_at, "approved")):
            if at:
                yield Known("Decision", at, at, f"{name}: {what}", page)


def effects(case: Case, user: User) -> Iterator[Known]:
    """What decisions do, from and to which day; only of those that were approved."""
    approved = case.effects.standing().filter(decision__approved_at__isnull=False)
    for each in approved.select_related("decision").order_by("number"):
        for at, what in ((each.starts_on, "begins"), (each.ends_on, "ends")):
            if at and each.decision:
                since = each.decision.approved_at or at
                yield Known("Effect", at, since, f"{each} {what}", f"{case.get_absolute_url()}#effects")


def afterwards(case: Case, user: User) -> Iterator[Known]:
    """Where decisions were made public, and what courts and statutes made of them."""
    for made in Publication.objects.filter(case=case, published_on__isnull=False).order_by("pk"):
        yield Known("Publication", made.published_on or made.recorded_at, made.recorded_at, made.channel)
    for status in LegalStatus.objects.counting().filter(case=case).order_by("pk"):
        doubt = "" if status.is_confirmed else " (not confirmed)"
        yield Known("Law", status.as_of, status.recorded_at, f"{status}, {status.track}{doubt}")


def day_of(moment: Moment) -> datetime.date:
    """The day of a moment, in UTC."""
    return moment.astimezone(datetime.UTC).date() if isinstance(moment, datetime.datetime) else moment
