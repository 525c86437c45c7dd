"""Which names in a text are vendors and products, in which role, and how much the text is about each. Pure.

Strong names, products, versioned model names and stock symbols are accepted on sight. A weak name, which is also a
common word or a person's name, is scored from its context; every part of the score is a reason in plain words.
"""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from riskreview.enrichment import rules
from riskreview.lib.text import sentences
from riskreview.vendors.matching import Gazetteer, Hit, Name, NameKind

State = Literal["ACCEPTED", "UNCERTAIN"]
Role = Literal["CHANNEL", "MODIFIER", "SOURCE", "AGENT", "TARGET", "OTHER"]

MENTIONS_MAX = 5_000
_VETO_WINDOW = 60
_ROLE_WINDOW = 60
_AFTER_WINDOW = 40

_DATA = rules.load("linking")
_SCORE: dict[str, int] = _DATA["score"]
_PRIOR: dict[str, int] = _DATA["prior"]
_SALIENCE: dict[str, int] = _DATA["salience"]
_COMMON = frozenset(_DATA["weak"]["common"])
_BARE = frozenset(_DATA["weak"]["bare_versions"])
_PERSONAL = frozenset(_DATA["weak"]["personal"])
_NOT_A_FIRST_NAME = frozenset(_DATA["weak"]["not_a_first_name"])
_CHANNELS = frozenset(_DATA["roles"]["channels"])

_CONTEXT = rules.pattern(rf"\b(?:{_DATA['context']['words'].strip()})\b", "linking.toml [context] words")
_SUBJECT = rules.pattern(rf"\s(?:{_DATA['context']['subject'].strip()})\b", "linking.toml [context] subject")
_OWNER = rules.pattern(_DATA["context"]["owner"], "linking.toml [context] owner")
_TITLE = rules.pattern(_DATA["context"]["personal_title"], "linking.toml [context] personal_title")
_NAME_BEFORE = rules.pattern(_DATA["context"]["name_before"], "linking.toml [context] name_before")
_POSSESSIVE = re.compile(r"['’]s?\b|['’](?=\s)")
_ROLES = {
    key: rules.pattern(_DATA["roles"][key], f"linking.toml [roles] {key}")
    for key in ("channel_before", "modifier_after", "source_before", "source_after", "target_before", "target_after")
}


@dataclass(frozen=True, slots=True)
class _Veto:
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    near: re.Pattern[str] | None

    def rejects(self, text: str, start: int, end: int) -> bool:
        left, right = max(0, start - _VETO_WINDOW), min(len(text), end + _VETO_WINDOW)
        return bool(
            (self.before and self.before.search(text[left:start]))
            or (self.after and self.after.match(text[end:right]))
            or (self.near and self.near.search(text[left:right]))
        )


def _veto(surface: str, entry: dict[str, str]) -> _Veto:
    where = f"linking.toml [veto.{surface}]"
    return _Veto(*(rules.pattern(entry[k], where) if k in entry else None for k in ("before", "after", "near")))


_VETOES = {surface: _veto(surface, entry) for surface, entry in _DATA["veto"].items()}


@dataclass(frozen=True, slots=True)
class Found:
    """A name that means a vendor, or may: the span [start, end) of the text in code points.

    `score` is in thousandths; UNCERTAIN mentions are kept for people to see and count nowhere else. `reasons` explain
    the score in plain words. `product_key` is "" for a vendor's own name.
    """

    start: int
    end: int
    surface: str
    name: Name
    kind: NameKind
    score: int
    state: State
    role: Role
    reasons: tuple[str, ...]
    product_key: str = ""


def mentions(text: str, title: str, gazetteer: Gazetteer) -> list[Found]:
    """The mentions in `text`, in order, none overlapping.

    Names in the title count as named elsewhere but are not listed: to list them, pass the title as the text. The first
    5,000 hits are judged, which bounds the time for hostile text. The rules are those of English; in other languages
    only strong names are believable.
    """
    hits = gazetteer.find(text)[:MENTIONS_MAX]
    around = _Surroundings(text, hits, gazetteer.find(title[:1_000]))
    first = [found for hit in hits if (found := _judged(hit, around)) is not None]
    # Second pass: a weak product name may lean on a weak vendor name that the first pass accepted ("Amazon's Nova").
    around.learn(found for found in first if found.kind == NameKind.WEAK and found.state == "ACCEPTED")
    judged = (_judged(hit, around) if hit.name.kind == NameKind.PRODUCT_WEAK else None for hit in hits)
    better = {found.start: found for found in judged if found is not None}
    merged = {**{found.start: found for found in first}, **better}
    return [replace(found, role=_role(found, text)) for _, found in sorted(merged.items())]


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


class _Surroundings:
    """What the rest of the document says about each vendor, and the sentence around each place."""

    def __init__(self, text: str, hits: Sequence[Hit], in_title: Sequence[Hit]) -> None:
        self.text = text
        self._spans = sentences(text)
        self._starts = [start for start, _ in self._spans]
        self._context: dict[int, tuple[str, ...]] = {}
        self.strong = Counter(hit.name.vendor for hit in [*hits, *in_title] if _is_certain(hit))
        self.believed: Counter[int] = Counter()

    def learn(self, found: Iterable[Found]) -> None:
        self.believed.update(mention.name.vendor for mention in found)

    def context(self, place: int) -> tuple[str, ...]:
        index = max(0, bisect.bisect_right(self._starts, place) - 1)
        if index not in self._context:
            span = self._spans[index] if self._spans else (0, len(self.text))
            found = (match.lower() for match in _CONTEXT.findall(self.text, *span))
            self._context[index] = tuple(dict.fromkeys(found))
        return self._context[index]


def _is_certain(hit: Hit) -> bool:
    return hit.extended or hit.name.kind in (NameKind.STRONG, NameKind.PRODUCT, NameKind.TICKER)


def _judged(hit: Hit, around: _Surroundings) -> Found | None:
    if _is_certain(hit):
        return _found(hit, _SCORE["certain"], (_WHY_CERTAIN.get(hit.name.kind, "a model name with its version"),))
    veto = _VETOES.get(hit.surface)
    if veto and veto.rejects(around.text, hit.start, hit.end):
        return None
    parts = _parts(hit, around)
    score = sum(points for points, _ in parts)
    reasons = tuple(f"{reason} ({points / 1000:+.1f})" for points, reason in parts)
    return _found(hit, score, reasons) if score >= _SCORE["uncertain"] else None


_WHY_CERTAIN = {
    NameKind.STRONG: "a name that means only this vendor",
    NameKind.PRODUCT: "a product name that means only this vendor",
    NameKind.TICKER: "a stock symbol of this vendor",
}


def _found(hit: Hit, score: int, reasons: tuple[str, ...]) -> Found:
    state: State = "ACCEPTED" if score >= _SCORE["accept"] else "UNCERTAIN"
    return Found(
        hit.start,
        hit.end,
        hit.surface,
        hit.name,
        NameKind(hit.name.kind),
        score,
        state,
        "OTHER",
        reasons,
        hit.product_key,
    )


def _parts(hit: Hit, around: _Surroundings) -> list[tuple[int, str]]:
    parts = [*_of_the_name(hit), *_of_the_document(hit, around), *_of_the_place(hit, around.text)]
    words = around.context(hit.start)
    if words:
        points = min(_SCORE["context_most"], _SCORE["context_word"] * len(words))
        parts.append((points, "words of technology and business in the sentence: " + ", ".join(words[:4])))
    return parts


def _of_the_name(hit: Hit) -> list[tuple[int, str]]:
    parts = []
    prior = hit.name.prior or _PRIOR.get(hit.name.text, 0)
    if prior:
        parts.append((prior, "how often the name means this vendor"))
    if hit.name.text in _COMMON:
        parts.append((_SCORE["common_word"], "also a very common word"))
    if hit.surface.isupper() and hit.surface.isalpha() and len(hit.surface) <= 4:
        parts.append((_SCORE["short_capitals"], "a short word in capitals"))
    return parts


def _of_the_document(hit: Hit, around: _Surroundings) -> list[tuple[int, str]]:
    vendor, parts = hit.name.vendor, []
    times = around.strong[vendor] + (around.believed[vendor] if hit.name.kind == NameKind.PRODUCT_WEAK else 0)
    if times:
        parts.append((_SCORE["same_vendor_elsewhere"], f"same vendor named elsewhere {_times(times)}"))
    elif hit.name.text in _BARE:
        parts.append((_SCORE["bare_version"], "a version without its maker"))
    others = sum(1 for other in around.strong if other != vendor)
    if others:
        points = min(_SCORE["other_vendors_most"], _SCORE["other_vendor"] * others)
        parts.append((points, f"{others} other vendor{'s' if others > 1 else ''} named in the document"))
    return parts


def _of_the_place(hit: Hit, text: str) -> list[tuple[int, str]]:
    before, after = text[max(0, hit.start - 24) : hit.start], text[hit.end : hit.end + _AFTER_WINDOW]
    parts = []
    if _POSSESSIVE.match(after):
        parts.append((_SCORE["possessive"], "in the possessive"))
    if _SUBJECT.match(after):
        parts.append((_SCORE["subject"], "does or says something"))
    if _OWNER.match(after):
        parts.append((_SCORE["owner"], "owns, backs or makes something"))
    if _TITLE.search(before):
        parts.append((_SCORE["personal_title"], "after a person's title"))
    name = _NAME_BEFORE.search(before)
    if name and hit.name.text in _PERSONAL and name.group(1) not in _NOT_A_FIRST_NAME:
        parts.append((_SCORE["name_before"], "after another capitalised name"))
    return parts


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _role(found: Found, text: str) -> Role:
    before = text[max(0, found.start - _ROLE_WINDOW) : found.start]
    after = text[found.end : found.end + _AFTER_WINDOW]
    if found.name.text in _CHANNELS and _ROLES["channel_before"].search(before):
        return "CHANNEL"
    if _ROLES["modifier_after"].match(after):
        return "MODIFIER"
    if _ROLES["source_before"].search(before) or _ROLES["source_after"].match(after):
        return "SOURCE"
    if _ROLES["target_before"].search(before) or _ROLES["target_after"].match(after):
        return "TARGET"
    return "AGENT" if _POSSESSIVE.match(after) or _SUBJECT.match(after) else "OTHER"
