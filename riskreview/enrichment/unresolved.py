"""Names that documents use and no register has: how often, where, and whose they may be. For people to judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Greatest, Length, Substr

from riskreview.accounts.models import User
from riskreview.evidence.models import UnknownName
from riskreview.vendors.likeness import Known, Likeness, Pair, Register, pairs
from riskreview.vendors.models import Alias, DuplicateJudgement, NameJudgement, Vendor
from riskreview.vendors.tickers import ticker_of

EXAMPLES = 3
LOOKED_AT = 60  # newest places among which the examples are chosen
AROUND = 120  # characters of text on either side of a name
HINTED = {
    "MODEL": "Models of this family are its.",
    "TICKER": "The symbol stands right behind its name.",
    "NAME": "The name stands with its name.",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A name where a document uses it: the words before it, the name, the words after it."""

    document: int
    headline: str
    before: str
    surface: str
    after: str


@dataclass(slots=True)
class Unresolved:
    """A name on no register: what it looks like, its one spelling, how documents write it (most often first), how many
    documents name it, and whose it may be."""

    kind: str
    spelling: str
    documents: int
    hint: int | None = None
    surfaces: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    likely: Vendor | None = None
    reason: str = ""

    @property
    def surface(self) -> str:
        """The name as documents write it most often."""
        return self.surfaces[0] if self.surfaces else self.spelling

    @property
    def kind_label(self) -> str:
        """What it looks like, in words."""
        return str(UnknownName.Kind(self.kind).label)


def met(user: User) -> QuerySet[UnknownName]:
    """Every place where a document uses a name of no register, for those who may see the documents."""
    return UnknownName.objects.all() if user.can_read else UnknownName.objects.none()


def waiting(user: User, *, kind: str = "", text: str = "") -> Any:
    """Names nobody judged, with the number of documents that use each, the most used first. Rows are dictionaries of
    `kind`, `key`, `documents` and `hint`."""
    judged = NameJudgement.objects.in_force().filter(kind=OuterRef("kind"), spelling=OuterRef("key"))
    rows = met(user).filter(~Exists(judged))
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(key__icontains=text) | Q(surface__icontains=text))
    counted = rows.values("kind", "key").annotate(
        documents=Count("snapshot__document", distinct=True), hinted=Max("hint")
    )
    return counted.order_by("-documents", "kind", "key")


def told(rows: Iterable[dict[str, Any]], user: User) -> list[Unresolved]:
    """Some rows of `waiting` with their surfaces and the vendors they may be of: three queries, however many."""
    names = [Unresolved(row["kind"], row["key"], row["documents"], row["hinted"]) for row in rows]
    written = surfaces_of(names, user)
    for name in names:
        name.surfaces = written[name.kind, name.spelling]
    suggest_vendors(names, user)
    return names


def surfaces_of(names: Sequence[Unresolved], user: User) -> dict[tuple[str, str], list[str]]:
    """How documents write the names, the most frequent spelling of each first: one query."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    keys = [name.spelling for name in names]
    rows = met(user).filter(key__in=keys).values("kind", "key", "surface").annotate(n=Count("pk"))
    for row in rows.order_by("-n", "surface"):
        found[row["kind"], row["key"]].append(row["surface"])
    return found


def one(kind: str, spelling: str, user: User) -> Unresolved | None:
    """One name with its surfaces, passages and likely vendor; None when no document names it, or somebody judged it."""
    row = waiting(user, kind=kind).filter(key=spelling).first()
    if row is None:
        return None
    [name] = told([row], user)
    name.passages = passages(name, user)
    return name


def passages(name: Unresolved, user: User) -> list[Passage]:
    """The newest places where documents use a name, one in a document, with the words around it: two queries."""
    places = met(user).filter(kind=name.kind, key=name.spelling).order_by("-snapshot", "start")
    newest: dict[int, int] = {}
    for place, document in places.values_list("pk", "snapshot__document")[:LOOKED_AT]:
        newest.setdefault(document, place)
    left = Greatest(F("start") - AROUND, 0)
    rows = places.filter(pk__in=list(newest.values())[:EXAMPLES]).annotate(
        headline=F("snapshot__document__headline"),
        document=F("snapshot__document"),
        before=Substr("snapshot__text", left + 1, F("start") - left),
        after=Substr("snapshot__text", F("end") + 1, AROUND),
        size=Length("snapshot__text"),
    )
    return [_passage(row) for row in rows]


def _passage(row: Any) -> Passage:
    before = row.before if row.start <= AROUND else "…" + row.before.partition(" ")[2]
    after = row.after if row.end + AROUND >= row.size else row.after.rpartition(" ")[0] + "…"
    return Passage(row.document, row.headline, before, row.surface, after)


def suggest_vendors(names: Sequence[Unresolved], user: User) -> None:
    """Say of each name whose it may be, and why: what the text hints at, else the vendor whose name is most alike."""
    known = register()
    likely: dict[int, Likeness | None] = {id(name): guess(name, known) for name in names}
    wanted = {guessed.vendor for guessed in likely.values() if guessed}
    vendors = Vendor.objects.visible_to(user).select_related("merged_into").in_bulk(wanted)
    for name in names:
        guessed = likely[id(name)]
        vendor = vendors.get(guessed.vendor) if guessed else None
        if guessed and vendor:
            name.likely, name.reason = vendor.merged_into or vendor, guessed.reason


def guess(name: Unresolved, known: Register) -> Likeness | None:
    """The vendor a name may be of, and why."""
    if name.hint is not None:
        return Likeness(name.hint, 100, HINTED[name.kind])
    return None if name.kind == UnknownName.Kind.TICKER else known.like(name.surface)


def register() -> Register:
    """All names of all vendors, built anew when a vendor changed."""
    return _register(_version())


def duplicates() -> list[Pair]:
    """Vendors of the register that may be one, most alike first, but for pairs that somebody judged."""
    judged = set(DuplicateJudgement.objects.in_force().values_list("vendor", "other"))
    return [pair for pair in _duplicates(_version()) if (pair.vendor, pair.other) not in judged]


def _version() -> tuple[int, int]:
    counted = Vendor.objects.aggregate(newest=Max("pk"), entries=Sum("entry_seq"))
    return counted["newest"] or 0, counted["entries"] or 0


def _known() -> list[Known]:
    names = Alias.objects.filter(valid_to=None).select_related("vendor").order_by("vendor", "pk")
    kinds = Alias.Kind
    return [
        Known(name.text, name.vendor.counts_as, name.kind == kinds.TICKER, name.kind == kinds.PRODUCT) for name in names
    ]


@lru_cache(maxsize=2)
def _register(version: tuple[int, int]) -> Register:
    return Register(_known())


@lru_cache(maxsize=2)
def _duplicates(version: tuple[int, int]) -> list[Pair]:
    names = _known()
    return pairs(names, {name.text: ticker_of(name.text).symbol for name in names if name.is_ticker})
