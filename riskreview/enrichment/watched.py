"""The watched cases as the score sees them, kept in memory between documents and renewed where something changed."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.db.models import Sum

from riskreview.cases.models import Case, Exhibit, MatchWeights, Suggestion
from riskreview.evidence.models import Document, Vocabulary
from riskreview.vendors.models import Vendor

from .categories import spoken_of
from .prepared import CaseProfile, Reading, prepare
from .ranking import Scored
from .scoring import SHIPPED, Bands, Weights
from .vectors import Background, shipped_background
from .watchlist import Watchlist

ACCEPTED = 20  # of a case's exhibits, the newest, whose documents show what belongs to it
LEAST_DOCUMENTS = 2_000  # an archive smaller than this says too little of how common a word is

Terms = tuple[tuple[str, int], ...]


def background() -> Background:
    """How common words are: as counted in the archive, or in the shipped table until there was enough to count."""
    newest = Vocabulary.objects.newest()
    return _counted(newest.pk) if newest else shipped_background()


@lru_cache(maxsize=2)
def _counted(vocabulary: int) -> Background:
    found = Vocabulary.objects.get(pk=vocabulary)
    return Background(dict(found.terms.values_list("term", "df")), found.documents, found.version)


def weights() -> Weights:
    """The weights in force: those that a lead adopted last, or the shipped ones."""
    adopted = MatchWeights.objects.adopted().first()
    if adopted is None:
        return SHIPPED
    return Weights(adopted.version, adopted.text_weight, adopted.vendor_weight, adopted.signal_weight)


def bands() -> Bands:
    """From which score a document is suggested or weak, as the settings say."""
    return Bands(settings.SUGGESTED_FROM, settings.WEAK_FROM)


def profiles(cases: Iterable[Case]) -> list[CaseProfile]:
    """Cases as the score sees them, in a constant number of queries. Raises nothing; the order is kept."""
    cases = list(cases)
    accepted = _accepted([case.pk for case in cases])
    return [_profile(case, accepted.get(case.pk, ())) for case in cases]


def _profile(case: Case, accepted: Iterable[Terms]) -> CaseProfile:
    return CaseProfile(
        id=case.pk,
        title=case.title,
        summary=case.question,
        vendors=frozenset(vendor.counts_as for vendor in case.vendors.all()),
        categories=frozenset(spoken_of(f"{case.title}. {case.question}")),
        terms=tuple(accepted),
    )


def _accepted(cases: Collection[int]) -> dict[int, list[Terms]]:
    """The heaviest terms of the documents that were accepted for each case, the newest first."""
    standing = Exhibit.objects.filter(case__in=cases, withdrawn_at=None)
    rows = standing.exclude(document__heaviest_terms={}).order_by("-pk")
    found: dict[int, dict[int, Terms]] = {}
    for case, document, terms in rows.values_list("case", "document", "document__heaviest_terms"):
        kept = found.setdefault(case, {})
        if len(kept) < ACCEPTED:
            kept.setdefault(document, tuple(sorted(terms.items())))
    return {case: list(documents.values()) for case, documents in found.items()}


@dataclass(slots=True)
class _Kept:
    """What was prepared, and for which versions of its makings."""

    profiles: dict[int, tuple[int, CaseProfile]] = field(default_factory=dict)
    vendors: int = -1
    made_for: tuple[object, ...] = ()
    watchlist: Watchlist | None = None


_kept = _Kept()
_alone = threading.Lock()


def watchlist() -> Watchlist:
    """All watched cases ready to be asked. Only cases that changed since the last call are prepared anew.

    Every change of a case or a vendor is an entry about it, so that its number of entries tells.
    """
    with _alone:
        changed = _renew(_versions(), Vendor.objects.aggregate(entries=Sum("entry_seq"))["entries"] or 0)
        common, weigh, cut = background(), weights(), bands()
        made_for = (common.version, weigh, cut)
        if changed or _kept.watchlist is None or _kept.made_for != made_for:
            cases = [prepare(profile, common) for _, (_, profile) in sorted(_kept.profiles.items())]
            _kept.watchlist = Watchlist(cases, common, weights=weigh, bands=cut)
            _kept.made_for = made_for
        return _kept.watchlist


def _versions() -> dict[int, int]:
    return dict(Case.objects.watching().values_list("pk", "entry_seq"))


def _renew(versions: Mapping[int, int], vendors: int) -> bool:
    """Prepare the cases that are new or changed, and forget those that are watched no more; whether there were any."""
    if vendors != _kept.vendors:
        _kept.profiles, _kept.vendors = {}, vendors
    known = {case: version for case, (version, _) in _kept.profiles.items()}
    stale = [case for case, version in versions.items() if known.get(case) != version]
    gone = known.keys() - versions.keys()
    for case in gone:
        del _kept.profiles[case]
    cases = list(Case.objects.filter(pk__in=stale).prefetch_related("vendors")) if stale else []
    # The version that a row has now: whoever changed it meanwhile is seen the next time.
    _kept.profiles |= {case.pk: (case.entry_seq, made) for case, made in zip(cases, profiles(cases), strict=True)}
    return bool(stale or gone)


def rank(reading: Reading, document: Document) -> list[tuple[Case, Scored]]:
    """The cases a document may matter to, best first; those that rest on it already, other than by a suggestion of it,
    are left out."""
    found = {prepared.profile.id: scored for prepared, scored in watchlist().rank(reading)}
    resting = Exhibit.objects.filter(document=document, case__in=found).values_list("case", flat=True)
    known = Suggestion.objects.filter(document=document, case__in=found).values_list("case", flat=True)
    wanted = found.keys() - (set(resting) - set(known))
    cases = Case.objects.in_bulk(wanted)
    return [(cases[pk], scored) for pk, scored in found.items() if pk in cases]
