"""What people said of one text, applied to what is read in it. Pure.

A mention judged wrong counts nowhere, and one judged right counts however uncertain it looked. Claims and signals
judged wrong are kept, to be shown, and count nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from riskreview.evidence.fingerprints import claim_key, fingerprint, mention_key

from .found import Found, NamesRead
from .said import Claim, Span
from .signals import Signal, Status

RIGHT, WRONG, DISPUTED = "RIGHT", "WRONG", "DISPUTED"
ACCEPTED, REJECTED = "ACCEPTED", "REJECTED"
BY_A_PERSON = "A person said so."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said, and, of a signal, the status it has in truth ("" where nothing was said)."""

    verdict: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All verdicts on one text, by the fingerprint of what they are about."""

    text_sha256: str = ""
    by_fingerprint: Mapping[str, Verdict] = field(default_factory=dict)

    def of_mention(self, found: Found) -> Verdict | None:
        """What was said of a mention."""
        return self._of("MENTION", [(found.start, found.end)], mention_key(found.name.vendor))

    def of_claim(self, claim: Claim) -> Verdict | None:
        """What was said of a claim."""
        return self._of("CLAIM", claim.content, key_of(claim))

    def of_signal(self, signal: Signal, spans: Sequence[Span]) -> Verdict | None:
        """What was said of a signal."""
        return self._of("SIGNAL", [spans[signal.sentence]], signal.category)

    def _of(self, kind: str, spans: Sequence[Span], key: str) -> Verdict | None:
        if not self.by_fingerprint:
            return None  # the common case: nothing to be hashed
        return self.by_fingerprint.get(fingerprint(self.text_sha256, kind, spans, key))

    def split(self, names: NamesRead) -> tuple[NamesRead, list[Found]]:
        """The names that count as people judged them, and the mentions they rejected."""
        if not self.by_fingerprint:
            return names, []
        kept, rejected = [], []
        for found in names.mentions:
            said = self.of_mention(found)
            if said and said.verdict == WRONG:
                rejected.append(found)
            else:
                kept.append(_confirmed(found) if said else found)
        places = {(each.start, each.end) for each in rejected}
        unknown = [each for each in names.unknown if (each.start, each.end) not in places]
        return replace(names, mentions=kept, unknown=unknown), rejected

    def state_of_claim(self, claim: Claim) -> str:
        """Whether a claim counts: ACCEPTED, DISPUTED or REJECTED."""
        said = self.of_claim(claim)
        return {WRONG: REJECTED, DISPUTED: DISPUTED}.get(said.verdict, ACCEPTED) if said else ACCEPTED

    def judged(self, signal: Signal, spans: Sequence[Span]) -> tuple[Signal, str]:
        """A signal with the status a person gave it, if one did, and whether it counts: ACCEPTED or REJECTED."""
        said = self.of_signal(signal, spans)
        if said is None:
            return signal, ACCEPTED
        if said.verdict == WRONG:
            return signal, REJECTED
        status: Status = said.value or signal.status  # type: ignore[assignment]
        return replace(signal, status=status, reasons=(*signal.reasons, BY_A_PERSON)), ACCEPTED


def _confirmed(found: Found) -> Found:
    return replace(found, state="ACCEPTED", reasons=(*found.reasons, BY_A_PERSON))


def key_of(claim: Claim) -> str:
    """Who says it, as a claim's fingerprint tells."""
    source = claim.source
    return claim_key(source.kind, vendor=source.vendor, agency=source.agency, name=source.name[:200])
