"""Cases that are like another one, and how earlier ones on the same matter ended.

Every likeness is a sum of named parts.

Candidates are bounded: the newest that share a vendor or its family, a product, a risk area, or words of the title.
Scoring is pure; how many points a part is worth stands in `POINTS`.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, F, Func, JSONField, OuterRef, TextField, Value
from django.db.models.functions import Coalesce

from riskreview.accounts.models import User
from riskreview.evidence.models import Signal
from riskreview.vendors.models import Relation, Vendor

from .models import Case, Decision, Exhibit, Finding, RiskArea

POINTS = {"vendor": 40, "family": 20, "product": 25, "area": 10, "category": 5, "playbook": 5, "words": 20}
AT_MOST = {"product": 25, "area": 20, "category": 15}
LEAST = 20  # points: one shared risk area and a playbook make no case similar
NEWEST = 100  # candidates taken for each reason
CLOSER = 40  # candidates whose signals are read
SHOWN = 6
WORDS_TRIED = 5
STANDING_NAME = Coalesce("vendor__merged_into__canonical_name", "vendor__canonical_name")
PRECEDENTS_READ, PRECEDENTS_SHOWN = 150, 20
ENOUGH, MOST = 3, 0.6  # so many precedents, and such a share of one ending, make another ending a departure


class JSONBArray(Func):
    """Some values as one JSON list."""

    function, output_field = "jsonb_build_array", JSONField()


@dataclass(frozen=True, slots=True)
class Profile:
    """What a case is about: ids and names of vendors and products, and the vocabulary it was worked in."""

    vendors: dict[int, str] = field(default_factory=dict)
    products: dict[int, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    playbook: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One reason why two cases are alike, and what it is worth."""

    name: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A case that is like another one. The score is the sum of the parts."""

    case: Case
    parts: list[Part]

    @property
    def score(self) -> int:
        """The points of all parts."""
        return sum(part.points for part in self.parts)


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decided case on the same matter: how it ended, and whether that decision still stands."""

    case: Case
    ending: str
    decided_at: datetime.datetime
    areas: list[str]
    stands: bool


def similar(case: Case, user: User) -> list[Likeness]:
    """The cases most like this one that the person may see, the most alike first: a fixed number of queries."""
    visible = Case.objects.visible_to(user)
    if (mine := profiles(visible, [case.pk], categories=True).get(case.pk)) is None:
        return []
    family = family_of(mine.vendors)
    others = profiles(visible, candidates(case, mine, family))
    best = sorted(others, key=lambda pk: (-points(compared(mine, others[pk], family)), -pk))[:CLOSER]
    signalled = categories_of(best)
    rows = visible.select_related("decision").in_bulk(best)
    found = [
        Likeness(rows[pk], compared(mine, replace(others[pk], categories=signalled.get(pk, frozenset())), family))
        for pk in best
    ]
    alike = [each for each in found if each.score >= LEAST]
    return sorted(alike, key=lambda each: (-each.score, -each.case.pk))[:SHOWN]


def compared(mine: Profile, other: Profile, family: dict[int, str]) -> list[Part]:
    """Why two cases are alike. Pure. `family`: the relatives of the first one's vendors, and how they are related."""
    vendors, products = shared(mine.vendors, other.vendors), shared(mine.products, other.products)
    related = [family[pk] for pk in sorted(other.vendors) if pk in family and pk not in mine.vendors]
    areas = sorted(str(RiskArea(area).label).lower() for area in mine.areas & other.areas)
    categories = sorted(each.replace("_", " ").lower() for each in mine.categories & other.categories)
    words = sorted(mine.words & other.words)
    told = [
        part("vendor", bool(vendors), f"Also about {listed(vendors)}"),
        part("family", bool(related) and not vendors, f"About {listed(related)}"),
        part("product", len(products), f"The same product: {listed(products)}"),
        part("area", len(areas), f"Findings on the same risk: {listed(areas)}"),
        part("category", len(categories), f"Evidence that speaks of the same: {listed(categories)}"),
        part("playbook", bool(mine.playbook) and mine.playbook == other.playbook, "Worked by the same playbook"),
    ]
    if len(words) > 1:
        share = len(words) / max(len(mine.words), 1)
        told.append(Part("words", round(POINTS["words"] * share), f"The titles share: {listed(words)}"))
    return [each for each in told if each.points]


def part(name: str, times: int, reason: str) -> Part:
    """A reason that counts once for each thing shared, up to its limit."""
    return Part(name, min(POINTS[name] * times, AT_MOST.get(name, POINTS[name])), reason)


def points(parts: Iterable[Part]) -> int:
    """The sum of parts."""
    return sum(each.points for each in parts)


def shared(mine: dict[int, str], other: dict[int, str]) -> list[str]:
    """The names of what both have."""
    return sorted(mine[pk] for pk in mine.keys() & other.keys())


def listed(words: Sequence[str], most: int = 4) -> str:
    """A few words as a list in a sentence."""
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def family_of(vendors: dict[int, str]) -> dict[int, str]:
    """The parents, affiliates, children and siblings on record of some vendors, each with how it is related."""
    found: dict[int, str] = {}
    names = ("vendor_id", "other_id", "vendor__canonical_name", "other__canonical_name", "kind")
    related = Relation.objects.filter(vendor__in=vendors) | Relation.objects.filter(other__in=vendors)
    for vendor, other, name, of, kind in related.values_list(*names).order_by("pk"):
        word = str(Relation.Kind(kind).label).lower()
        found.setdefault(other, f"{of}, {word} of {name}")
        found.setdefault(vendor, f"{name}, of which {of} is {word}")
    return {pk: told for pk, told in found.items() if pk not in vendors}


def candidates(case: Case, mine: Profile, family: dict[int, str]) -> set[int]:
    """Ids of cases that may be alike: the newest for each reason. One query."""
    of_vendor, of_product = Case.vendors.through.objects, Case.products.through.objects
    named = Vendor.objects.counting_as([*mine.vendors, *family]).values("pk")
    reasons = [of_vendor.filter(vendor__in=named), of_product.filter(product__in=list(mine.products))]
    reasons += [Finding.objects.filter(risk_area=area, withdrawn_at=None) for area in sorted(mine.areas)]
    asked = [rows.exclude(case=case).order_by("-case_id").values_list("case_id")[:NEWEST] for rows in reasons]
    if query := alike_in_words(mine.words):
        text = SearchVector("title", "question", config="english")
        told = Case.objects.annotate(told=text).filter(told=query).exclude(pk=case.pk)
        asked.append(told.order_by("-pk").values_list("pk")[:NEWEST])
    first, *others = asked
    return {pk for (pk,) in first.union(*others)}


def alike_in_words(words: Iterable[str]) -> SearchQuery | None:
    """Asks for titles and questions that have two of the longest words; None where there are no two."""
    longest = sorted(words, key=lambda word: (-len(word), word))[:WORDS_TRIED]
    quoted = ["'" + word.replace("\\", "").replace("'", "''") + "'" for word in longest]
    pairs = [f"({one} & {other})" for one, other in combinations(quoted, 2)]
    return SearchQuery(" | ".join(pairs), search_type="raw", config="simple") if pairs else None


def profiles(cases: Any, ids: Collection[int], *, categories: bool = False) -> dict[int, Profile]:
    """What those of the cases with these ids are about, by id: one query."""
    vector = Func(Value("english"), F("title"), function="to_tsvector")
    told = cases.filter(pk__in=ids).values_list(
        "pk",
        rows_of(Case.vendors.through, Coalesce("vendor__merged_into", "vendor"), STANDING_NAME),
        rows_of(Case.products.through, F("product"), F("product__name"), F("product__kind")),
        ArraySubquery(Finding.objects.filter(case=OuterRef("pk"), withdrawn_at=None).values("risk_area")),
        "playbook__key",
        Func(vector, function="tsvector_to_array", output_field=ArrayField(TextField())),
    )
    signalled = categories_of(ids) if categories else {}
    return {
        pk: Profile(
            vendors=dict(vendors),
            products={product: name for product, name, _ in products},
            kinds=frozenset(kind for _, _, kind in products),
            areas=frozenset(areas),
            categories=signalled.get(pk, frozenset()),
            playbook=playbook or "",
            words=frozenset(words),
        )
        for pk, vendors, products, areas, playbook, words in told
    }


def rows_of(through: Any, *columns: Any) -> ArraySubquery:
    """Some columns of the rows that join a case to others, as lists."""
    packed = JSONBArray(*columns)
    return ArraySubquery(through.objects.filter(case=OuterRef("pk")).annotate(packed=packed).values("packed"))


def categories_of(ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The kinds of risk that the exhibits of each case speak of: one query."""
    signals = Signal.objects.counting().filter(snapshot=OuterRef("snapshot")).values("category").distinct()
    found: dict[int, set[str]] = defaultdict(set)
    cited = Exhibit.objects.filter(case__in=ids).annotate(told=ArraySubquery(signals))
    for case, categories in cited.values_list("case_id", "told"):
        found[case].update(categories)
    return {pk: frozenset(told) for pk, told in found.items()}


def precedents(case: Case, user: User) -> list[Precedent]:
    """Decided cases with a finding on the same risk and the same kind of subject, the newest first.

    The kind of subject is the form its products come in; without products, the playbook it is worked by.
    """
    visible = Case.objects.visible_to(user)
    mine = profiles(visible, [case.pk]).get(case.pk)
    if mine is None or not mine.areas:
        return []
    others = profiles(visible, decided_on(mine.areas, but=case))
    like = [pk for pk, other in others.items() if same_kind(mine, other)]
    found = [
        Precedent(
            decision.case,
            decision.get_disposition_display(),
            decision.approved_at,
            sorted(str(RiskArea(area).label) for area in mine.areas & others[decision.case_id].areas),
            decision.case.decision_id == decision.pk,
        )
        for decision in last_decisions(like)
    ]
    return sorted(found, key=lambda each: (each.decided_at, each.case.pk), reverse=True)[:PRECEDENTS_SHOWN]


def decided_on(areas: Iterable[str], *, but: Case) -> set[int]:
    """Ids of the newest cases that were ever decided, for each risk that a finding of theirs is on: one query."""
    approved = Exists(Decision.objects.filter(case=OuterRef("case"), approved_at__isnull=False))
    findings = Finding.objects.filter(approved, withdrawn_at=None).exclude(case=but).order_by("-case_id")
    newest = [findings.filter(risk_area=area).values_list("case_id")[:PRECEDENTS_READ] for area in sorted(areas)]
    return {pk for (pk,) in (newest[0].union(*newest[1:]) if len(newest) > 1 else newest[0])}


def last_decisions(cases: Collection[int]) -> Any:
    """The newest decision of each of these cases."""
    approved = Decision.objects.filter(case__in=cases, approved_at__isnull=False)
    return approved.select_related("case").order_by("case_id", "-number").distinct("case_id")


def same_kind(mine: Profile, other: Profile) -> bool:
    """Whether two cases are about the same kind of subject. Pure."""
    if mine.kinds:
        return bool(mine.kinds & other.kinds)
    return mine.playbook == other.playbook


def endings(found: Iterable[Precedent]) -> list[tuple[str, int]]:
    """How precedents ended, in words, and how many so, most often first. Only decisions that stand count."""
    counted = Counter(each.ending for each in found if each.stands)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def departure(ending: str, found: Iterable[Precedent]) -> str:
    """A sentence where a recommendation ends otherwise than most precedents did; empty where it does not. Pure."""
    counted = endings(found)
    total = sum(number for _, number in counted)
    if total < ENOUGH:
        return ""
    usual, number = counted[0]
    if number < MOST * total or usual == ending:
        return ""
    return f"{number} of {total} decided cases on the same risk ended otherwise: {usual.lower()}."
