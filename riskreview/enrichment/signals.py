"""Which kinds of risk a text speaks about, concerning whom, and where the matter stands. Pure; lists and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from riskreview.enrichment.categories import BODY, CATEGORIES, PLACE, VENDOR, plain, triggered
from riskreview.enrichment.concerned import Concerned, Scope, Sentences
from riskreview.enrichment.found import AgencyFound, Found
from riskreview.enrichment.said import Claim
from riskreview.enrichment.status import Matter, Status, Statuses

__all__ = ["CATEGORIES", "Scope", "Signal", "Status", "signals"]

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Signal:
    """One category in one sentence (its index), with the trigger's span in the text and the vendors concerned.

    Scope PREVIOUS: the sentence speaks of "it" or "the company", and the vendors are those of the sentence before.
    Scope CHANNEL: the vendor is only the place where it happened. `agencies` are keys of the public bodies named beside
    it. `claim` is the index of the claim that holds the trigger, `reasons` say in plain words which trigger, why these
    vendors and why this status.
    """

    category: str
    sentence: int
    start: int
    end: int
    vendors: frozenset[int]
    scope: Scope
    status: Status = "ASSERTED"
    agencies: frozenset[str] = frozenset()
    claim: int | None = None
    reasons: tuple[str, ...] = ()


def signals(
    text: str,
    spans: Sequence[tuple[int, int]],
    found: Iterable[Found],
    agencies: Iterable[AgencyFound] = (),
    claims: Sequence[Claim] = (),
) -> list[Signal]:
    """The signals of a text by sentence; at most one per category and sentence, none without a vendor.

    Vendors that are only the place of publication, an attribute of another name or the source of the statement are not
    concerned by it unless they alone are named. Needs time linear in the text.
    """
    named = Sentences(text, spans, found, agencies, claims)
    statuses = Statuses(text, claims)
    return [signal for index in named.spoken() for signal in _signals(text, index, named, statuses)]


def _signals(text: str, index: int, named: Sentences, statuses: Statuses) -> Iterator[Signal]:
    concerned, offset = named.concerned(index), named.spans[index][0]
    signs = {"CHANNEL": PLACE}
    names = [(m.start, m.end, signs.get(m.role, VENDOR)) for m in named.mentions(index)]
    names += [(body.start, body.end, BODY) for body in named.agencies(index)]
    sentence = plain(text, *named.spans[index], names)
    for category, (left, right) in triggered(sentence, len(concerned.vendors)).items():
        if not _counts(category, concerned):
            continue
        start, end = offset + left, offset + right
        claim = statuses.holding(start, end)
        status, why = statuses.tell(sentence, offset, Matter(category, left, right, concerned.vendors), claim)
        words = " ".join(text[start:end].split())[:_SHOWN]
        trigger = f'The words "{words}" speak of {CATEGORIES[category].label}.'
        bodies = frozenset(body.key for body in named.agencies(index))
        reasons = (trigger, concerned.reason, why)
        yield Signal(category, index, start, end, concerned.vendors, concerned.scope, status, bodies, claim, reasons)


def _counts(category: str, concerned: Concerned) -> bool:
    rule = CATEGORIES[category]
    return {"SENTENCE": True, "PREVIOUS": rule.previous, "CHANNEL": rule.channel}[concerned.scope]
