"""Which names in a text are vendors and products, public bodies, or on no register, each in which role. Pure.

One look finds all spellings; where they overlap the longest wins, and guards ("Meta-analysis") take their span and mean
nothing. What is left is judged from its context; every part of the judgement is a reason in plain words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from riskreview.enrichment import agencies, rules, unknown
from riskreview.enrichment.agencies import AgencyHit, AgencySurface
from riskreview.enrichment.believing import is_certain, is_vetoed, judged
from riskreview.enrichment.found import Found, NamesRead, UnknownFound
from riskreview.enrichment.languages import not_english
from riskreview.enrichment.surroundings import Surroundings
from riskreview.lib.spelled import Spellings, ends
from riskreview.lib.text import windows
from riskreview.vendors.matching import Gazetteer, Hit, Listing, NameKind, listed

Span = tuple[int, int]
MENTIONS_MAX = 5_000
_TITLE_MAX = 1_000

_DATA = rules.load("linking")
_SALIENCE: dict[str, int] = _DATA["salience"]


@dataclass(frozen=True, slots=True)
class _Guard:
    """A spelling that means nothing to us."""


@dataclass(frozen=True, slots=True)
class _Model:
    """A versioned name of a family: where the family's name ends, and which it is."""

    end: int
    family: unknown.Family


_What = Hit | Listing | AgencySurface | _Guard | _Model
_GUARDS = {text: _Guard() for text in _DATA["guards"]["surfaces"]}
_OURS: dict[str, AgencySurface | _Guard | unknown.Family] = {**unknown.FAMILIES, **agencies.surfaces(), **_GUARDS}
_OUR_SPELLINGS = Spellings(_OURS)
_IN_CAPITALS: dict[str, AgencySurface | _Guard] = {
    **agencies.in_capitals(agencies.surfaces()),
    **{text.upper(): guard for text, guard in _GUARDS.items()},
}
_OUR_CAPITALS = Spellings(_IN_CAPITALS)
# Of equal spans: what is registered for certain, then a guard or public body, then a weak name, then a mere family.
_OURS_RANK, _LAST = 3, 9


@dataclass(slots=True)
class _Placed:
    start: int
    end: int
    rank: int
    what: _What


def mentions(text: str, title: str, gazetteer: Gazetteer) -> list[Found]:
    """The mentions in `text`, in order, none overlapping; see `read_names`."""
    return read_names(text, title, gazetteer).mentions


def read_names(text: str, title: str, gazetteer: Gazetteer, *, language: str = "") -> NamesRead:
    """All names of a text, in time linear in it.

    Names in the title count as named elsewhere but are not listed: to list them, pass the title as the text. The first
    5,000 places are judged. The rules are those of English; in another language, told by the text itself or else by
    `language` (ISO 639-1), only names without doubt are read, and weak ones for which the other names and the script
    speak; `not_analysed` says so.
    """
    around = Surroundings(text, title)
    kept = _found_places(around, gazetteer)
    why = not_english(text, language)
    hits = [hit for hit in _hits(kept, text) if not is_vetoed(hit, around)]
    found = _mentions(hits, around, gazetteer, english=not why)
    bodies = [AgencyHit(each.start, each.end, each.what) for each in kept if isinstance(each.what, AgencySurface)]
    if why:
        bodies = [body for body in bodies if body.surface.strong]
    return NamesRead(found, agencies.told(bodies, around), _unknown(kept, found, around, gazetteer, bool(why)), why)


def salience(found: Iterable[Found], text: str, title: Iterable[Found] = ()) -> dict[int, int]:
    """How much a text is about each vendor, in thousandths; vendors named only as channels are 0.

    `title` are the mentions of the title; each counts as one in the lead.
    """
    weight: Counter[int] = Counter()
    lead = min(_SALIENCE["lead_characters"], len(text))
    placed = [(f, f.start < lead) for f in found] + [(f, True) for f in title]
    for mention, in_lead in placed:
        if mention.state == "ACCEPTED":
            part = _SALIENCE.get(mention.role.lower(), _SALIENCE["other"])
            weight[mention.name.vendor] += part + (_SALIENCE["lead"] if part and in_lead else 0)
    half = max(weight.values(), default=0) / 2
    return {vendor: min(1000, round(1000 * w / half)) if half else 0 for vendor, w in sorted(weight.items())}


def _found_places(around: Surroundings, gazetteer: Gazetteer) -> list[_Placed]:
    """Everything that is spelled somewhere, none overlapping; long texts are read by windows until there is enough."""
    kept: list[_Placed] = []
    for left, right in windows(around.text):
        capitals, small = _within(around.capitals, left, right), _within(around.small, left, right)
        part = _apart(_placed(around.text[left:right], capitals, small, gazetteer))
        kept += (_moved(each, left) for each in part) if left else part
        if len(kept) >= MENTIONS_MAX:
            break
    return kept[:MENTIONS_MAX]


def _within(spans: Iterable[Span], left: int, right: int) -> list[Span]:
    return [(start - left, end - left) for start, end in spans if left <= start and end <= right]


def _placed(text: str, capitals: Sequence[Span], small: Sequence[Span], gazetteer: Gazetteer) -> list[_Placed]:
    placed = [_Placed(hit.start, hit.end, _rank(hit), hit) for hit in gazetteer.hits(text, capitals, small)]
    placed += (_Placed(each.start, each.end, 2, each) for each in gazetteer.listings(text))
    placed += (ours for start, end, what in _OUR_SPELLINGS.find(text) if (ours := _ours(text, start, end, what)))
    for left, right in capitals:
        line = _OUR_CAPITALS.words(text[left:right])
        placed += (_Placed(left + start, left + end, _OURS_RANK, what) for start, end, what in line)
    return placed


def _moved(each: _Placed, by: int) -> _Placed:
    what = each.what
    if isinstance(what, Hit | Listing):
        what = replace(what, start=what.start + by, end=what.end + by)
    elif isinstance(what, _Model):
        what = _Model(what.end + by, what.family)
    return _Placed(each.start + by, each.end + by, each.rank, what)


def _ours(text: str, start: int, end: int, what: AgencySurface | _Guard | unknown.Family) -> _Placed | None:
    """What a spelling of our own lists stands for: a family's name counts with a version, the others as whole words."""
    if isinstance(what, unknown.Family):
        stop = unknown.family_version(text, end, what)
        return _Placed(start, stop, _LAST, _Model(end, what)) if stop else None
    stop = ends(text, end)
    return _Placed(start, stop, _OURS_RANK, what) if stop is not None else None


def _rank(hit: Hit) -> int:
    return hit.rank if hit.rank < _OURS_RANK else hit.rank + 1


def _apart(placed: list[_Placed]) -> list[_Placed]:
    """None overlapping: the first, the longest of those, the strongest of those."""
    placed.sort(key=lambda each: (each.start, -each.end, each.rank))
    kept, free_from = [], 0
    for each in placed:
        if each.start >= free_from:
            free_from = each.end
            kept.append(each)
    return kept


def _hits(kept: Iterable[_Placed], text: str) -> list[Hit]:
    return [hit for each in kept if (hit := _hit(each.what, text)) is not None]


def _hit(what: _What, text: str) -> Hit | None:
    if isinstance(what, Listing):
        return listed(what, text)
    return what if isinstance(what, Hit) else None


def _mentions(hits: Sequence[Hit], around: Surroundings, gazetteer: Gazetteer, *, english: bool) -> list[Found]:
    around.placed(hits)
    around.certain(hit for hit in hits if is_certain(hit))
    if around.title:
        around.certain((hit for hit in gazetteer.find(around.title[:_TITLE_MAX]) if is_certain(hit)), here=False)
    first = {found.start: found for hit in hits if (found := judged(hit, around, english=english)) is not None}
    # Second look: a weak product name may lean on a weak vendor name that the first believed ("Amazon's Nova"), and a
    # name on itself elsewhere in the document.
    accepted = [each for each in first.values() if each.state == "ACCEPTED"]
    around.learn(each for each in accepted if each.kind == NameKind.WEAK)
    around.mean(each.name.text for each in accepted)
    doubtful = (hit for hit in hits if hit.start not in first or first[hit.start].state != "ACCEPTED")
    better = {found.start: found for hit in doubtful if (found := judged(hit, around, english=english)) is not None}
    return [found for _, found in sorted({**first, **better}.items())]


def _unknown(
    kept: Sequence[_Placed], found: Sequence[Found], around: Surroundings, gazetteer: Gazetteer, strong_only: bool
) -> list[UnknownFound]:
    listings = (each.what for each in kept if isinstance(each.what, Listing))
    seen = [*unknown.versions(found, gazetteer), *unknown.listings(listings, found, around.text)]
    seen += _models(kept, around, gazetteer)
    if not strong_only:
        guessed = [*unknown.owned(found, around), *unknown.organisations(around)]
        taken = [(each.start, each.end) for each in kept if not isinstance(each.what, Hit)]
        taken += ((each.start, each.end) for each in found)
        taken += ((each.start, each.end) for each in seen)
        seen += _free(guessed, taken)
    return sorted(seen, key=lambda each: each.start)


def _models(kept: Iterable[_Placed], around: Surroundings, gazetteer: Gazetteer) -> Iterator[UnknownFound]:
    for each in kept:
        if isinstance(each.what, _Model):
            span = (each.start, each.what.end, each.end)
            model = unknown.model(each.what.family, span, around, gazetteer)
            if model:
                yield model


def _free(guessed: list[UnknownFound], taken: list[tuple[int, int]]) -> list[UnknownFound]:
    """Those of the guesses that overlap nothing taken, nor each other."""
    marks = sorted(
        [*((start, end, None) for start, end in taken), *((g.start, g.end, g) for g in guessed)], key=_by_place
    )
    free: list[UnknownFound] = []
    reach = 0
    for number, (start, end, guess) in enumerate(marks):
        after = marks[number + 1][0] if number + 1 < len(marks) else end
        if guess is None or (start >= reach and after >= end):
            reach = max(reach, end)
            if guess is not None:
                free.append(guess)
    return free


def _by_place(mark: tuple[int, int, UnknownFound | None]) -> tuple[int, int]:
    return mark[0], -mark[1]
