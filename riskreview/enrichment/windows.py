"""Long texts are read window by window, and what is found in a window is moved to where it stands in the text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from riskreview.lib.text import windows

from .found import AgencyFound, Found, NamesRead, UnknownFound
from .said import Claim, Span
from .signals import Signal

CLAIMS_MOST = 5_000
SIGNALS_MOST = 5_000
Named = TypeVar("Named", Found, AgencyFound, UnknownFound)
Read = Callable[[str, Sequence[Span], NamesRead], tuple[list[Claim], list[Signal]]]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text: where it begins, the index of its first sentence, and its own sentences and names."""

    text: str
    start: int
    first: int
    spans: list[Span]
    names: NamesRead


def read_in_windows(text: str, spans: Sequence[Span], names: NamesRead, read: Read) -> tuple[list[Claim], list[Signal]]:
    """The claims and signals of a text, read whole up to 200,000 characters and else in windows of at most 100,000.

    Of longer texts the first 5,000 claims and the first 5,000 signals are kept, so that a text of any length takes
    time linear in it.
    """
    whole = windows(text)
    if len(whole) <= 1:
        return read(text, spans, names)
    claims: list[Claim] = []
    signals: list[Signal] = []
    for window in _cut(text, spans, names, whole):
        told, found = read(window.text, window.spans, window.names)
        before = len(claims)
        claims += (_claim_moved(each, window) for each in told)
        signals += (_signal_moved(each, window, before) for each in found)
        if len(claims) >= CLAIMS_MOST or len(signals) >= SIGNALS_MOST:
            break
    return claims[:CLAIMS_MOST], [_held(each) for each in signals[:SIGNALS_MOST]]


def _held(signal: Signal) -> Signal:
    """A signal without the claim that holds it where that was left out."""
    return replace(signal, claim=None) if signal.claim is not None and signal.claim >= CLAIMS_MOST else signal


def _cut(text: str, spans: Sequence[Span], names: NamesRead, whole: Sequence[Span]) -> Iterator[Window]:
    """The windows with what lies in each; a sentence across a border, which is rare, belongs to neither."""
    first = 0
    mentions, agencies, unknown = list(names.mentions), list(names.agencies), list(names.unknown)
    for left, right in whole:
        while first < len(spans) and spans[first][0] < left:
            first += 1
        last = first
        while last < len(spans) and spans[last][1] <= right:
            last += 1
        own = [(start - left, end - left) for start, end in spans[first:last]]
        inside = NamesRead(
            mentions=_inside(mentions, left, right),
            agencies=_inside(agencies, left, right),
            unknown=_inside(unknown, left, right),
            not_analysed=names.not_analysed,
        )
        yield Window(text[left:right], left, first, own, inside)
        first = last


def _inside(found: list[Named], left: int, right: int) -> list[Named]:
    """The names in a window, counted from its start. What was taken is dropped from the list: windows adjoin."""
    taken = 0
    while taken < len(found) and found[taken].start < right:
        taken += 1
    mine, found[:taken] = found[:taken], []
    return [
        replace(each, start=each.start - left, end=each.end - left)
        for each in mine
        if left <= each.start and each.end <= right
    ]


def _moved(span: Span | None, by: int) -> Span | None:
    return (span[0] + by, span[1] + by) if span else None


def _claim_moved(claim: Claim, window: Window) -> Claim:
    by = window.start
    return replace(
        claim,
        sentence=claim.sentence + window.first,
        content=tuple((start + by, end + by) for start, end in claim.content),
        source=replace(claim.source, span=_moved(claim.source.span, by)),
        cue=_moved(claim.cue, by),
        hedges=tuple(replace(each, start=each.start + by, end=each.end + by) for each in claim.hedges),
        figures=tuple(replace(each, start=each.start + by, end=each.end + by) for each in claim.figures),
        anonymous=_moved(claim.anonymous, by),
    )


def _signal_moved(signal: Signal, window: Window, claims: int) -> Signal:
    return replace(
        signal,
        sentence=signal.sentence + window.first,
        start=signal.start + window.start,
        end=signal.end + window.start,
        claim=None if signal.claim is None else signal.claim + claims,
    )
