"""What the watches of conditions look at, and what they make of it: pure, over what was found in the register and the
archive."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from riskreview.accounts.days import site_day
from riskreview.audit.refusals import NotNow
from riskreview.lib.spelled import Spellings

# The kinds of signal by which a watch knows that an authority acts, or that the ownership changes.
ACTION_SIGNALS = ("security_review", "ban_restriction", "export_control", "litigation_enforcement")
OWNERSHIP_SIGNALS = ("investment_ma",)
NEEDED: Mapping[str, tuple[str, ...]] = {
    "LIST_ENTRY": ("document", "name"),
    "DOCUMENT_CHANGED": ("document",),
    "SOURCE_QUIET": ("source",),
}
TAKEN: Mapping[str, tuple[str, ...]] = {
    "EXPIRY_DATE": (),
    "REPORT_DUE": (),
    "LIST_ENTRY": ("document", "name", "wanted"),
    "DOCUMENT_CHANGED": ("document",),
    "OWNERSHIP_CHANGED": ("any_source",),
    "OFFICIAL_ACTION": ("any_source",),
    "INCIDENT_CONFIRMED": ("vendor", "product"),
    "SOURCE_QUIET": ("source",),
}
DATED = ("EXPIRY_DATE", "REPORT_DUE")
NUMBERS = ("document", "source", "vendor", "product")
ABSENT, PRESENT = "ABSENT", "PRESENT"
LONGEST_UNSEEN = datetime.timedelta(days=35)  # the longest pause between two looks at an address, and some days


def checked(watch: str, parameters: Mapping[str, Any], due_on: datetime.date | None) -> dict[str, Any]:
    """The parameters of a watch without blanks. Raises `NotNow` for what it lacks or does not take."""
    if not watch:
        if parameters:
            raise NotNow("Only a condition that watches itself has parameters.")
        return {}
    given = {name: value for name, value in parameters.items() if value not in ("", None, False)}
    if strange := sorted(given.keys() - set(TAKEN[watch])):
        raise NotNow(f"This watch does not take “{strange[0]}”.")
    if missing := [name for name in NEEDED.get(watch, ()) if name not in given]:
        raise NotNow(f"This watch needs to know its {missing[0]}.")
    if watch in DATED and due_on is None:
        raise NotNow("This watch needs the day by which it is due.")
    return {name: well_formed(name, value) for name, value in sorted(given.items())}


def well_formed(name: str, value: Any) -> Any:
    """One parameter. Raises `NotNow` when it is not of its kind."""
    right = {
        **dict.fromkeys(NUMBERS, isinstance(value, int) and value is not True and value > 0),
        "name": isinstance(value, str) and 2 <= len(value.strip()) <= 200,
        "wanted": value in (ABSENT, PRESENT),
        "any_source": value is True,
    }
    if not right[name]:
        raise NotNow(f"This watch cannot use what is given as its {name.replace('_', ' ')}.")
    return value.strip() if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Thing:
    """A document, a change of one, or an incident that was found, and what it is in words. `change` is the number of
    the change, where it is one."""

    pk: int
    words: str
    change: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """What is known of a watched document: its newest text, when its address was last looked at, and whether it is
    there still."""

    pk: int
    text: str | None
    looked_at: datetime.datetime
    gone: bool


@dataclass(frozen=True, slots=True)
class Place:
    """How a watched source does."""

    name: str
    enabled: bool
    quiet: bool
    ended: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found for one look. `visited` tells whether any source from which news of the kind would come is
    visited; `news`, `changes` and `confirmed` hold only what no earlier look has told of."""

    now: datetime.datetime
    due_on: datetime.date | None = None
    vendors: tuple[int, ...] = ()
    news: tuple[Thing, ...] = ()
    visited: bool = True
    owners_before: list[Any] = field(default_factory=list)
    owners: list[Any] = field(default_factory=list)
    changes: tuple[Thing, ...] = ()
    address: Address | None = None
    confirmed: tuple[Thing, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """The condition is not kept any more, and why. `document` and `incident` are what shows it; `told` says under what
    name, and which number, it is remembered that this was told of."""

    reason: str
    document: int | None = None
    incident: int | None = None
    told: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Everything was looked at, and there is nothing."""

    words: str


@dataclass(frozen=True, slots=True)
class CouldNot:
    """It could not be looked at, and why: no answer, and never taken for a good one."""

    reason: str


Outcome = Trip | Nothing | CouldNot


def looked(watch: str, parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    """What a watch makes of what was found."""
    return LOOKS[watch](parameters, facts)


def _date(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    if facts.due_on is None:
        return CouldNot("The condition has no day.")
    if facts.due_on < site_day(facts.now):
        return Trip(f"The day {facts.due_on} has passed.")
    return Nothing(f"The day {facts.due_on} has not passed.")


def _report(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    found = _date(parameters, facts)
    return Trip(f"The report due on {facts.due_on} is not there.") if isinstance(found, Trip) else found


def _list_entry(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    unseen = _unseen(facts)
    if unseen or facts.address is None:
        return unseen or CouldNot("The document is not in the archive.")
    if not facts.address.text:
        return CouldNot("The list has no text that could be read.")
    name, wanted = parameters["name"], parameters.get("wanted", ABSENT)
    found = PRESENT if is_named(name, facts.address.text) else ABSENT
    words = f"“{name}” is {'on' if found == PRESENT else 'not on'} the list."
    return Nothing(words) if found == wanted else Trip(words, document=facts.address.pk)


def is_named(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word or words, however they are capitalised and spaced."""
    plain = " ".join(text.casefold().split())
    return any(True for _ in Spellings({" ".join(name.casefold().split()): name}).words(plain))


def _document(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    if facts.changes:
        first = facts.changes[0]
        return Trip(first.words, document=first.pk, told=("changes", first.change))
    return _unseen(facts) or Nothing("The document says what it said.")


def _unseen(facts: Facts) -> CouldNot | None:
    """Why a document cannot be said to stand as it stood; None when it was looked at."""
    if facts.address is None:
        return CouldNot("The document is not in the archive.")
    if facts.address.gone:
        return CouldNot("The address of the document gives nothing at the moment.")
    if facts.now - facts.address.looked_at > LONGEST_UNSEEN:
        return CouldNot(f"The address of the document was last looked at on {facts.address.looked_at.date()}.")
    return None


def _news(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    if not facts.vendors:
        return CouldNot("The case names no vendor to watch.")
    if facts.news:
        return Trip(facts.news[0].words, document=facts.news[0].pk, told=("documents", facts.news[0].pk))
    if not facts.visited:
        return CouldNot("No source from which such news would come is visited.")
    return Nothing("Nothing new about these vendors.")


def _ownership(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    if facts.owners != facts.owners_before:
        return Trip("The register names other owners than when the decision was made.")
    return _news(parameters, facts)


def _incident(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    if not facts.vendors:
        return CouldNot("The case names no vendor to watch.")
    if facts.confirmed:
        first = facts.confirmed[0]
        return Trip(first.words, incident=first.pk, told=("incidents", first.pk))
    about = "this product" if parameters.get("product") else "these vendors"
    return Nothing(f"No further incident of {about} is confirmed.")


def _quiet(parameters: Mapping[str, Any], facts: Facts) -> Outcome:
    place = facts.place
    if place is None:
        return CouldNot("The source is not on the register.")
    if place.ended:
        return Trip(f"{place.name} says that it has ended.")
    if not place.enabled:
        return CouldNot(f"{place.name} is paused, so that nobody hears whether it went quiet.")
    if place.quiet:
        return Trip(f"{place.name} has gone quiet.")
    if place.trouble:
        return CouldNot(f"{place.name} could not be visited: {place.trouble}")
    return Nothing(f"{place.name} brings what it usually brings.")


LOOKS: Mapping[str, Callable[[Mapping[str, Any], Facts], Outcome]] = {
    "EXPIRY_DATE": _date,
    "REPORT_DUE": _report,
    "LIST_ENTRY": _list_entry,
    "DOCUMENT_CHANGED": _document,
    "OWNERSHIP_CHANGED": _ownership,
    "OFFICIAL_ACTION": _news,
    "INCIDENT_CONFIRMED": _incident,
    "SOURCE_QUIET": _quiet,
}
