"""What becomes of an origin when a document is taken out of it, told before that is said; and what may belong to it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from riskreview.accounts.models import User
from riskreview.cases.models import Case
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document

NEAR = 20  # documents that are offered to be joined


def others_of(found: Document) -> QuerySet[Any]:
    """The documents that share a document's origin."""
    held = Document.objects.filter(origin=found.origin_id) if found.origin_id else Document.objects.none()
    return held.exclude(pk=found.pk)


def foretold(found: Document, user: User) -> SafeString:
    """What happens when a document is said to be no copy, and in which decided cases more sources are counted then."""
    left = others_of(found).count()
    if not left:
        return format_html("{}", "It shares its origin with no other document.")
    if found.origin and found.origin.root_id == found.pk:
        copies = "1 copy will stand as an origin of its own" if left == 1 else f"{left} copies will stand as an origin"
        what = f"This is the first of its text. {copies}{'' if left == 1 else ' of their own'}, without this one."
    else:
        rest = "The other document stays" if left == 1 else f"The other {left} documents stay"
        what = f"It will count as an origin of its own. {rest} one origin, without this one."
    return format_html("{} That holds on every later reading, too. {}", what, cases_told(recounted(found, user)))


def recounted(found: Document, user: User) -> list[Case]:
    """The decided cases that cite a document and another one of its origin: they count one source for both now."""
    decided = Case.objects.visible_to(user).filter(status=Status.DECIDED, exhibits__document=found)
    return list(decided.filter(exhibits__document__in=others_of(found)).distinct().order_by("ref"))


def cases_told(cases: list[Case]) -> SafeString:
    """The cases by their references, as links."""
    if not cases:
        return format_html("{}", "No decided case counts its sources otherwise then.")
    links = format_html_join(", ", '<a href="{}">{}</a>', ((case.get_absolute_url(), case.ref) for case in cases))
    return format_html("Decided, with other sources behind it from then on: {}.", links)


def near(found: Document, shared: list[Any], user: User) -> list[Document]:
    """Documents that may rest on the same text: those that share passages with it, then those of its story."""
    seen = Document.objects.visible_to(user).exclude(pk=found.pk)
    told = seen.filter(story=found.story_id).select_related("source") if found.story_id else seen.none()
    ordered = [*shared, *told.order_by("published_at", "pk")[: 2 * NEAR]]
    other = {each.pk: each for each in ordered if not found.origin_id or each.origin_id != found.origin_id}
    return list(other.values())[:NEAR]
