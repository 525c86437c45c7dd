"""Where a document came from, what became of it since, and what is cited from which capture of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Exhibit
from riskreview.evidence.models import Change, Document, Snapshot

BY_HAND = {
    "document.bring": "Its address was brought in by hand by",
    "document.upload": "It was brought in by hand by",
    "document.push": "It was sent in from another system for",
}
CHANGES, COMPANIONS = 20, 200


def brought(found: Document) -> dict[str, Any] | None:
    """Who brought it in, and how; None for what a source brought."""
    acts = Entry.objects.about(found).filter(kind=Entry.Kind.ACT, verb__in=BY_HAND)
    entry = acts.select_related("actor").order_by("pk").first()
    return {"entry": entry, "words": BY_HAND[entry.verb]} if entry else None


@dataclass(frozen=True, slots=True)
class Came:
    """A document that came together with this one, and how, in words."""

    document: Document
    words: str


def companions(found: Document) -> list[Came]:
    """The messages that brought the document, and what came with it if it is a message itself."""
    carriers = found.carriers.select_related("message").order_by("-pk")[:COMPANIONS]
    along = found.companions.select_related("document").order_by("pk")[:COMPANIONS]
    return [
        *(Came(each.message, "the message it came with") for each in carriers),
        *(Came(each.document, "linked from it" if each.document.url else "attached to it") for each in along),
    ]


def changes(found: Document) -> dict[str, list[Change]]:
    """What changed since, newest first: what matters, and what does not."""
    rows = found.changes.newest_first().select_related("after", "because").defer("after__text", "after__headers")
    told = list(rows[:CHANGES])
    return {
        "material": [change for change in told if change.material],
        "small": [change for change in told if not change.material],
    }


@dataclass(frozen=True, slots=True)
class Cited:
    """An exhibit that quotes the document. `is_older`: it quotes an earlier capture than the newest; `stands`: the
    newest still says the same words, None while it is unread."""

    exhibit: Exhibit
    is_older: bool
    stands: bool | None


def cited(exhibits: list[Exhibit], newest: Snapshot | None) -> list[Cited]:
    """The exhibits beside the newest capture."""
    text = newest.text if newest else None
    return [
        Cited(one, newest is not None and one.snapshot_id != newest.pk, None if text is None else one.passage in text)
        for one in exhibits
    ]


def excerpt_of(newest: Snapshot | None) -> str | None:
    """The SHA-256 of the whole text, where only its first words may be kept; None for a whole capture."""
    headers = newest.headers if newest else {}
    return headers.get("sha256-of-whole", "") if headers.get("retained") == "excerpt" else None


def case_for(ref: str, user: User) -> Case | None:
    """The open case for which somebody reads the document, if this person may see it."""
    rows = Case.objects.visible_to(user).unfinished()
    found: Case | None = rows.filter(ref=ref[:16]).first() if ref else None
    return found
