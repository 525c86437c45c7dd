"""What we are deaf to: cases without an official word, languages nobody listens to, cases on weak sources alone."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from riskreview.cases.models import Case, Exhibit, Suggestion
from riskreview.cases.workflow import OPEN
from riskreview.evidence.models import Salience, Source
from riskreview.vendors.models import Alias, Vendor

from .answers import page_of
from .requests import Request

LISTENED = datetime.timedelta(days=90)
STRONG = ("A", "B", "C")
GAPS = {"": "No official source", "languages": "Languages", "weak": "Weak sources only"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its tag and its English name."""

    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class Deaf:
    """What is not heard about a vendor: `silent`, collected in but the vendor was not named there; `missing`, its own
    languages in which nothing is collected at all."""

    silent: list[Language]
    missing: list[Language]


def deaf(*, own: Collection[str], collected: Collection[str], heard: Collection[str]) -> Deaf:
    """Decide by three sets of languages: the vendor's own, those collected in, those in which it was named."""
    return Deaf(silent=named(set(collected) - set(heard)), missing=named(set(own) - set(collected)))


def named(tags: Iterable[str]) -> list[Language]:
    """Languages by name."""
    names = Locale("en").languages
    return sorted((Language(tag, names.get(tag, tag)) for tag in tags), key=lambda language: language.name)


def primary(tag: str) -> str:
    """The language of a tag, without script and region (RFC 5646, 2.2.1)."""
    return tag.replace("_", "-").partition("-")[0].lower()


def spoken_in(country: str) -> str:
    """The first official language of a country (CLDR); empty when unknown."""
    try:
        official = get_official_languages(country, de_facto=True)
    except (UnknownLocaleError, KeyError):
        return ""
    return primary(official[0]) if official else ""


def coverage(request: Request) -> HttpResponse:
    """The gaps, one kind at a time."""
    gap = request.GET.get("gap", "") if request.GET.get("gap", "") in GAPS else ""
    visible = Case.objects.visible_to(request.user)
    rows = {"": unofficial(visible), "languages": vendors_of(visible, request.user), "weak": weakly_sourced(visible)}
    tabs = [{"key": key, "title": title, "count": rows[key].count(), "here": key == gap} for key, title in GAPS.items()]
    order = ("canonical_name",) if gap == "languages" else ("due_at", "pk")
    page = page_of(request, rows[gap].order_by(*order))
    if gap == "languages":
        page.object_list = listened_for(list(page.object_list), timezone.now())
    return render(request, "sources/coverage.html", {"page": page, "tabs": tabs, "gap": gap})


def unofficial(cases: Any) -> Any:
    """Open cases with neither an exhibit nor a suggestion from an authority; what was dismissed does not count."""
    official = {"document__source__source_class__in": Source.OFFICIAL, "case": OuterRef("pk")}
    suggested = Suggestion.objects.exclude(state=Suggestion.State.DISMISSED).filter(**official)
    return cases.unfinished().exclude(Exists(Exhibit.objects.filter(**official))).exclude(Exists(suggested))


def weakly_sourced(cases: Any) -> Any:
    """Open cases whose exhibits all come from sources graded D to F, or from none on the register."""
    exhibits = Exhibit.objects.filter(case=OuterRef("pk"), withdrawn_at=None)
    strong = exhibits.filter(document__source__reliability__in=STRONG)
    return cases.unfinished().filter(Exists(exhibits)).exclude(Exists(strong))


def vendors_of(cases: Any, user: Any) -> Any:
    """The vendors that open cases are about, themselves, through a product, or as one that was merged into them."""
    asked = cases.filter(status__in=OPEN)
    about = Q(cases__in=asked) | Q(products__cases__in=asked)
    return Vendor.objects.visible_to(user).filter(
        pk__in=Vendor.objects.filter(about).values_list(Coalesce("merged_into", "pk"))
    )


def listened_for(vendors: list[Any], now: datetime.datetime) -> list[Any]:
    """The vendors with what is not heard about each: four queries, however many."""
    collected = set(map(primary, languages_collected()))
    heard, own = heard_of(vendors, now), own_languages(vendors, now.date())
    for vendor in vendors:
        vendor.deaf = deaf(own=own[vendor.pk], collected=collected, heard=heard[vendor.pk])
    return vendors


def languages_collected() -> list[str]:
    """The languages of the sources that are visited."""
    visited = Source.objects.filter(enabled=True, ended_at=None).exclude(language="")
    return list(visited.values_list("language", flat=True).distinct())


def heard_of(vendors: list[Any], now: datetime.datetime) -> dict[int, set[str]]:
    """In which languages each vendor was named lately: the document's own, and its source's."""
    rows = Salience.objects.filter(vendor__in=vendors, document__first_seen_at__gte=now - LISTENED)
    told = rows.values_list("vendor", "document__language", "document__source__language").distinct()
    found: dict[int, set[str]] = {vendor.pk: set() for vendor in vendors}
    for vendor, *tags in told:
        found[vendor] |= {primary(tag) for tag in tags if tag}
    return found


def own_languages(vendors: list[Any], on: datetime.date) -> dict[int, set[str]]:
    """Which languages each vendor's names and home countries suggest."""
    found = {vendor.pk: set(filter(None, map(spoken_in, home_countries(vendor)))) for vendor in vendors}
    names = Alias.objects.in_force(on).filter(vendor__in=vendors).exclude(language="")
    for vendor, tag in names.values_list("vendor", "language").distinct():
        found[vendor].add(primary(tag))
    return found


def home_countries(vendor: Vendor) -> set[str]:
    """Where it has its headquarters and where it is incorporated."""
    return {country for country in (vendor.hq_country, vendor.jurisdiction_of_incorporation) if country}
