"""One text, read: sentences, names, who says what, which risks it speaks of. Pure; the same in, the same out.

The same text, names and verdicts give the same analysis, to the byte of its JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any

from riskreview.lib.text import sentences
from riskreview.vendors.matching import Gazetteer

from . import origins, rules, scoring
from .claims import claims
from .found import Found, NamesRead
from .linking import mentions, read_names, salience
from .said import Claim, Span
from .signals import Signal, signals
from .stages import stage
from .stated import stated
from .verdicts import REJECTED, Verdicts
from .windows import read_in_windows

VERSION = "read-1"  # raised whenever the code reads something else than before; lists speak for themselves
NOBODY_SAID = Verdicts()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is read out of one text. `spans` are its sentences; `salience` is in thousandths, by vendor.

    `rejected` are mentions that people judged wrong: nothing else takes them into account. `claim_states` and
    `signal_states` stand beside `claims` and `signals`, which hold those judged wrong as well.
    """

    title: str
    text: str
    spans: Sequence[Span]
    names: NamesRead
    claims: Sequence[Claim]
    signals: Sequence[Signal]
    salience: Mapping[int, int]
    title_found: Sequence[Found] = ()
    rejected: Sequence[Found] = ()
    claim_states: Sequence[str] = field(default_factory=list)
    signal_states: Sequence[str] = field(default_factory=list)

    @property
    def counting(self) -> list[Signal]:
        """The signals that nobody rejected."""
        states = zip(self.signals, self.signal_states, strict=True)
        return [signal for signal, state in states if state != REJECTED]

    def told(self) -> dict[str, Any]:
        """Everything that was read, as plain values."""
        names = self.names
        read: dict[str, Sequence[Any]] = {
            "mentions": names.mentions,
            "rejected": self.rejected,
            "agencies": names.agencies,
            "unknown": names.unknown,
            "claims": self.claims,
            "signals": self.signals,
        }
        return {
            **{kind: [asdict(each) for each in rows] for kind, rows in read.items()},
            "sentences": list(self.spans) if self.signals or self.claims else [],
            "states": [list(self.claim_states), list(self.signal_states)],
            "salience": sorted(self.salience.items()),
            "not_analysed": self.names.not_analysed,
        }

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical JSON of all that was read, hexadecimal."""
        told = json.dumps(self.told(), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=sorted)
        return hashlib.sha256(told.encode()).hexdigest()


def analyse(
    title: str, text: str, gazetteer: Gazetteer, *, language: str = "", said: Verdicts = NOBODY_SAID
) -> Analysis:
    """Read a text that was normalised once (`riskreview.lib.text.normalise`), with what people `said` of it.

    Texts in another language than English, as they show or as `language` tells, are read for names without doubt alone.
    A stage that fails raises `StageFailed` with its name.
    """
    with stage("sentences"):
        spans = sentences(text)
    with stage("names"):
        names, rejected = said.split(read_names(text, title, gazetteer, language=language))
        in_title = mentions(title, "", gazetteer)
    told, found = read_in_windows(text, spans, names, _who_says_what)
    judged = [said.judged(each, spans) for each in found]
    with stage("salience"):
        weights = salience(names.mentions, text, in_title)
    return Analysis(
        *(title, text, spans, names),
        claims=told,
        signals=[signal for signal, _ in judged],
        salience=weights,
        title_found=in_title,
        rejected=rejected,
        claim_states=[said.state_of_claim(each) for each in told],
        signal_states=[state for _, state in judged],
    )


def _who_says_what(text: str, spans: Sequence[Span], names: NamesRead) -> tuple[list[Claim], list[Signal]]:
    """Claims and signals of a text in English; of another, none."""
    if names.not_analysed:
        return [], []
    with stage("claims"):
        told = claims(text, spans, names)
    with stage("signals"):
        found = signals(text, spans, names.mentions, names.agencies, told)
    with stage("statements"):
        own = stated(text, spans, names, ((each.start, each.end) for each in found), told)
    by_sentence = {claim.sentence: (number, claim) for number, claim in enumerate(own, len(told))}
    return [*told, *own], [_held(each, by_sentence) for each in found]


def _held(signal: Signal, own: Mapping[int, tuple[int, Claim]]) -> Signal:
    """A signal that no attributed claim holds, held by what the text says in its own voice, one claim a sentence."""
    if signal.claim is not None or signal.sentence not in own:
        return signal
    number, claim = own[signal.sentence]
    start, end = claim.content[0]
    return replace(signal, claim=number) if start <= signal.start and signal.end <= end else signal


@cache
def pipeline_version() -> str:
    """With which rules a text is read: the versions of the code and a hash of all shipped lists, at most 40 characters.

    What was read with another version is read again by and by.
    """
    codes = [VERSION, scoring.VERSION, getattr(origins, "VERSION", "")]
    told = hashlib.sha256("\n".join(codes).encode())
    for path in rules.files():
        told.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return f"{VERSION}+{told.hexdigest()[:16]}"
